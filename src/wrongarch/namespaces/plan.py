"""What a private root is made of, as the agent gets it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

NO_LIMIT = -1

DEFAULT_LIMITS = {"CORE": 0, "NPROC": max(512, 32 * (os.cpu_count() or 1)), "NOFILE": 4096}
"""setrlimit(2), for the whole root. NPROC bounds a fork bomb until the watch sees it."""


class PlanMount(msgspec.Struct, frozen=True, kw_only=True):
    """A folder or file of the host at the absolute path `target` inside."""

    source: str
    target: str
    writable: bool


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A binfmt_misc record: its name and the line to write to `register` (bytes as Latin-1)."""

    name: str
    line: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A private root. `root` is the lower layer and is never written to; `scratch_bytes` bounds what is written.

    `layers` are trees that lie above the root, topmost first, as read-only as it. `machine` is what uname(2) says to
    native programs ("": what is so). `emulator` is where the interpreter stands inside; where the host's registration
    is used it is empty, and the interpreter is known by `emulator_sha256`, or by `emulator_version` if that is not
    empty. Without any of them nothing is emulated. `own_ids`: the agent maps the ids, each to itself, and returns what
    was lent for writing to who had it. `files` are written into the root (path: text). `inner` is a second root inside
    (empty: none), which gets /proc, /dev and /sys too, for chroot(2). `limits` are names of setrlimit(2) without
    RLIMIT_; `cpus` how many CPUs may be used (0: all). `own_network`: only a loopback device of its own. `linux32` and
    `fixed_addresses` are for personality(2).
    """

    root: Path
    layers: tuple[Path, ...] = ()
    machine: str = ""
    mounts: tuple[PlanMount, ...] = ()
    records: tuple[Record, ...] = ()
    emulator: str = ""
    emulator_sha256: str = ""
    emulator_version: str = ""
    own_ids: bool = False
    files: dict[str, str] = {}
    inner: str = ""
    hostname: str = "wrongarch"
    scratch_bytes: int = 4 << 30
    own_network: bool = True
    harmless_chown: bool = False
    linux32: bool = False
    fixed_addresses: bool = False
    cpus: int = 0
    limits: dict[str, int] = msgspec.field(default_factory=lambda: dict(DEFAULT_LIMITS))
