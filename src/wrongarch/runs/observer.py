"""Who watches a run: the terminal, a CI log, a test. The run never prints by itself."""

from __future__ import annotations

from typing import Protocol

from wrongarch.runs.model import Intent, Result, Summary


class Observer(Protocol):
    """Told of a run as it goes, always from the thread that runs it, except for `step` and `output`."""

    def stage(self, text: str) -> None:
        """A part of the work begins ("building quickjs for arm")."""
        ...

    def step(self, what: str, done: int, total: int | None) -> None:
        """What such a part needs first gets on ("downloading the toolbox", in bytes or pieces), from any thread."""
        ...

    def note(self, text: str) -> None:
        """Something worth a line."""
        ...

    def output(self, data: bytes) -> None:
        """Output of a build step, as it comes, from another thread."""
        ...

    def started(self, intent: Intent) -> None:
        """The tests begin: `intent.planned` executions."""
        ...

    def finished(self, result: Result) -> None:
        """A result is known."""
        ...

    def progress(self, done: int) -> None:
        """That many executions are done."""
        ...

    def ended(self, summary: Summary) -> None:
        """Nothing more will come."""
        ...


class Silent:
    """An observer that keeps quiet."""

    def stage(self, text: str) -> None:
        """Do nothing."""

    def step(self, what: str, done: int, total: int | None) -> None:
        """Do nothing."""

    def note(self, text: str) -> None:
        """Do nothing."""

    def output(self, data: bytes) -> None:
        """Do nothing."""

    def started(self, intent: Intent) -> None:
        """Do nothing."""

    def finished(self, result: Result) -> None:
        """Do nothing."""

    def progress(self, done: int) -> None:
        """Do nothing."""

    def ended(self, summary: Summary) -> None:
        """Do nothing."""
