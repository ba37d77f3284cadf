"""Find an architecture by any of its names, and know the one of this machine."""

from __future__ import annotations

import functools
import itertools
import os
import sys
from pathlib import Path

from wrongarch.arches import elf
from wrongarch.arches.model import Arch
from wrongarch.arches.pattern import HEADER_SIZE
from wrongarch.arches.table import ARCHES
from wrongarch.errors import MachineError, UsageError

_OS = "linux/"
_OWN_PROGRAM = Path("/proc/self/exe")

# Guests (by our name) that every CPU and every usual kernel of a host runs by itself. An arm64 host is not among them:
# many of its CPUs have no 32-bit mode any more.
_ALSO_RUNS = {
    "amd64": ("i386",),
    "arm": ("armel",),
    "mips64": ("mips", "mipsn32el"),
    "mips64be": ("mipsbe", "mipsn32"),
    "ppc64": ("ppc",),
    "sparc32plus": ("sparc",),
    "sparc64": ("sparc32plus", "sparc"),
}


def all_arches() -> tuple[Arch, ...]:
    """Every architecture of the table, those with images first."""
    return ARCHES


def image_arches() -> tuple[Arch, ...]:
    """The architectures that Debian carries, so that images of them can be built."""
    return tuple(arch for arch in ARCHES if arch.has_images)


def find(name: str) -> Arch:
    """The architecture of that name: ours, an alias, Debian's, a GNU triplet, an OCI platform, or a `uname -m` value.

    Case does not matter. Our own names win: `mips` is the little-endian one, while `linux/mips` and `mips-linux-gnu`
    mean what they mean elsewhere. Raises UsageError for an unknown name, with those that are close to it.
    """
    wanted = name.strip().lower()
    found = _platforms().get(wanted.removeprefix(_OS)) if wanted.startswith(_OS) else _names().get(wanted)
    if found is None:
        raise _unknown(name, wanted)
    return found


@functools.cache
def _names() -> dict[str, Arch]:
    """Every name that is not an OCI platform written in full; where rows compete, the first kind and row win."""
    kinds = (
        [(arch.name, arch) for arch in ARCHES],
        [(word, arch) for arch in ARCHES for word in (*arch.aliases, arch.debian, arch.triplet)],
        [(arch.qemu, arch) for arch in ARCHES],
        [(arch.uname, arch) for arch in ARCHES],
        list(_platforms().items()),
    )
    names: dict[str, Arch] = {}
    for word, arch in itertools.chain.from_iterable(kinds):
        if word:
            names.setdefault(word.lower(), arch)
    return names


@functools.cache
def _platforms() -> dict[str, Arch]:
    """OCI platforms without their system: `arm/v7`, and `arm` for the first row that has it."""
    platforms: dict[str, Arch] = {}
    for arch in ARCHES:
        for alias in arch.aliases:
            if "/" in alias:
                platforms.setdefault(alias, arch)
        if arch.platform is not None:
            platforms.setdefault(f"{arch.platform.architecture}/{arch.platform.variant}".rstrip("/"), arch)
            platforms.setdefault(arch.platform.architecture, arch)
    return platforms


def _unknown(name: str, wanted: str) -> UsageError:
    import difflib  # noqa: PLC0415 - only where something is wrong

    known = {**{_OS + word: arch for word, arch in _platforms().items()}, **_names()}
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.6)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    with_images = ", ".join(arch.name for arch in image_arches())
    others = ", ".join(arch.name for arch in ARCHES if not arch.has_images)
    return UsageError(
        f"there is no arch {name!r}{hint}",
        fix=f"with images: {with_images}\nfor static programs: {others}\n`wrongarch arches` lists their other names",
    )


def host_arch() -> Arch:
    """The architecture that this process was compiled for, so that a 32-bit system on a 64-bit kernel is a 32-bit one.

    Raises MachineError where it is none of the table.
    """
    found = elf.identify(_own_header()) or arch_of(os.uname().machine, sys.maxsize.bit_length() + 1, sys.byteorder)
    if found is None:
        raise MachineError(
            f"this machine is a {os.uname().machine}, which wrongarch does not know",
            fix="please report it with the output of: uname -a; head -c 64 /proc/self/exe | od -tx1",
        )
    return found


def _own_header() -> bytes:
    try:
        with _OWN_PROGRAM.open("rb") as file:
            return file.read(HEADER_SIZE)
    except OSError:
        return b""


def arch_of(machine: str, bits: int, endian: str) -> Arch | None:
    """The architecture of a process that has pointers of `bits` and gets `machine` from uname(2); ARM counts as armhf.

    None where that is not in the table.
    """
    narrower = {"x86_64": "i386", "aarch64": "arm", "ppc64": "ppc", "riscv64": "riscv32", "sparc64": "sparc32plus"}
    word = machine.lower()
    if bits == 32:
        word = narrower.get(word, word)
    if word.startswith("mips"):
        word = {(32, "big"): "mipsbe", (64, "big"): "mips64be", (64, "little"): "mips64"}.get((bits, endian), "mips")
    found = _names().get(word)
    return found if found is not None and (found.bits, found.endian) == (bits, endian) else None


def runs_natively(guest: Arch, host: Arch) -> bool:
    """Whether a machine of arch `host` runs programs of `guest` by itself, without an emulator."""
    return guest.name == host.name or guest.name in _ALSO_RUNS.get(host.name, ())
