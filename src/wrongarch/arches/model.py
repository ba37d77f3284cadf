"""One row of the table of architectures."""

from __future__ import annotations

from typing import Literal

import msgspec


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """An OCI platform (https://github.com/opencontainers/image-spec/blob/main/image-index.md)."""

    os: str = "linux"
    architecture: str
    variant: str = ""


class Arch(msgspec.Struct, frozen=True, kw_only=True):
    """An architecture by all its names.

    `qemu` is QEMU's linux-user target (the emulator is `qemu-<qemu>`). `debian` is the dpkg name, with `suites` the
    Debian suites that carry it, best first; both empty where only static programs can run. `uname` is what `uname -m`
    says there. `machine` is ELF e_machine; `magic` and `mask`, equally long, are what binfmt_misc compares with the
    first bytes of a file: 20, or 40 where only e_flags tells two ABIs apart. `cpu` is the QEMU CPU model, with features
    if need be, used when nothing else is asked for (None: QEMU's own default).
    """

    name: str
    aliases: tuple[str, ...] = ()
    qemu: str
    debian: str = ""
    suites: tuple[str, ...] = ()
    platform: Platform | None = None
    triplet: str
    uname: str
    bits: Literal[32, 64]
    endian: Literal["little", "big"]
    machine: int
    magic: bytes
    mask: bytes
    cpu: str | None = None

    @property
    def has_images(self) -> bool:
        """Whether Debian carries it, so that a root can be built."""
        return bool(self.debian)
