"""Who keeps failures: told of each while the run's session is still open, so that it can be looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from wrongarch.engines.base import Outcome, Session, SessionSpec
from wrongarch.recipes.reading import Recipe
from wrongarch.recipes.suites.base import Case, Kind, Verdict


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """Where tests run: the open session and what it was opened with, the suites by name, the engine's name.

    `timeout_scale` multiplies every test's own timeout.
    """

    session: Session
    spec: SessionSpec
    kinds: Mapping[str, Kind]
    recipe: Recipe
    engine: str
    timeout_scale: float = 1.0


class Keeper(Protocol):
    """Keeps failures. All calls come from the thread of the run."""

    def begin(self, scene: Scene, folder: Path) -> None:
        """The session is open; `folder` is the run's."""
        ...

    def failed(self, case: Case, outcome: Outcome | None, verdict: Verdict | None) -> None:
        """A test failed for good, or only now and then. Must not take long: the run waits.

        `outcome` and `verdict` are None for a test of which a harness said no more than that.
        """
        ...

    def finish(self) -> None:
        """All tests are done; the session is open until this returns."""
        ...

    def abandon(self) -> None:
        """The run was stopped: what is not kept by now is not kept. Called where `finish` is not."""
        ...


class Nobody:
    """Keeps nothing."""

    def begin(self, scene: Scene, folder: Path) -> None:
        """Do nothing."""

    def failed(self, case: Case, outcome: Outcome | None, verdict: Verdict | None) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""

    def abandon(self) -> None:
        """Do nothing."""
