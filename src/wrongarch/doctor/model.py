"""A probe, what it looks at, and what it finds."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

Status = Literal["pass", "warn", "fail", "skip"]
"""`warn`: works, with a limit that is worth knowing. `skip`: could not be tried here, and `fix` says how it could."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe found: a sentence, and what to paste where something is wrong."""

    status: Status
    words: str
    fix: str = ""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with the probe it is from; `arch` is "" for the host, `seconds` the time that the probe took."""

    probe: str
    arch: str
    status: Status
    words: str
    fix: str = ""
    seconds: float = 0.0


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """The host. Settings of the kernel and of the system are read below `root`, the environment from `env`.

    `project` is the folder in which the user works, `cache` where wrongarch keeps what can be made again.
    """

    root: Path = Path("/")
    env: Mapping[str, str] = msgspec.field(default_factory=lambda: os.environ)
    project: Path = msgspec.field(default_factory=Path.cwd)
    cache: Path = Path("/nonexistent")

    def path(self, name: str) -> Path:
        """A path of the machine ("/proc/meminfo") below its root."""
        return self.root / name.lstrip("/")

    def read(self, name: str) -> str:
        """The text of a small file of the machine without white space around it, "" where it cannot be read."""
        try:
            return self.path(name).read_text("utf-8", "replace").strip()
        except OSError:
            return ""

    @property
    def home(self) -> Path:
        """The user's home."""
        return Path(self.env.get("HOME") or "/nonexistent")


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """A check of the host: its name, the complaint that it answers, and the function that tries."""

    name: str
    about: str
    look: Callable[[Machine], Finding]


def good(words: str) -> Finding:
    """All is well."""
    return Finding(status="pass", words=words)


def warn(words: str, fix: str = "") -> Finding:
    """It works, but."""
    return Finding(status="warn", words=words, fix=fix)


def fail(words: str, fix: str) -> Finding:
    """It does not work."""
    return Finding(status="fail", words=words, fix=fix)


def skip(words: str, fix: str = "") -> Finding:
    """It could not be tried."""
    return Finding(status="skip", words=words, fix=fix)
