"""An emulator: one static QEMU user-mode binary that is known by its hash."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Emulator(msgspec.Struct, frozen=True, kw_only=True):
    """A QEMU binary on disk, in the store.

    `version` is the pin's name ("10.0"), `release` the exact package version ("1:10.0.2+ds-2+deb13u1~bpo12+1"),
    `target` QEMU's linux-user target ("arm"), `sha256` that of the file at `path`.
    """

    version: str
    release: str
    target: str
    sha256: str
    path: Path
