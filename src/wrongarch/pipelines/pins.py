"""The actions of GitHub that generated workflows use, each pinned to a commit."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated

import msgspec


class Pin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A release of an action: its tag, for people, and its commit, for the runner."""

    tag: Annotated[str, msgspec.Meta(pattern=r"^v[0-9.]+\Z")]
    commit: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{40}\Z")]


@functools.cache
def actions() -> dict[str, Pin]:
    """All pins by the action's name."""
    return msgspec.json.decode(Path(__file__).with_suffix(".json").read_bytes(), type=dict[str, Pin])


def uses(action: str) -> str:
    """The action at its commit, as `uses:` has it."""
    return f"{action}@{actions()[action].commit}"


def comments() -> dict[str, str]:
    """The tag that a line with such a `uses:` gets as a comment."""
    return {uses(action): pin.tag for action, pin in actions().items()}
