"""What the entries of a binfmt_misc mean for an architecture: whose they are, what they start, and what is wrong.

The kernel compares a file with one entry after the other, the newest first, and takes the first enabled one that
matches (fs/binfmt_misc.c).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from wrongarch.arches.model import Arch
from wrongarch.emulators.records import Entry, parse_entry
from wrongarch.errors import UntrustedInput

Owner = Literal["wrongarch", "qemu-user-static", "binfmt-support", "tonistiigi/binfmt", "someone"]
OURS = "wrongarch-"


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `arches` are those whose programs it takes; `faults` are sentences, empty where all is well."""

    entry: Entry
    owner: Owner
    arches: tuple[str, ...]
    faults: tuple[str, ...]


def takes(entry: Entry, arch: Arch) -> bool:
    """Whether the entry matches a program of `arch`: its header as `arch.magic` has it."""
    if not entry.magic:
        return False
    header = arch.magic.ljust(entry.offset + len(entry.magic), b"\0")
    mask = entry.mask or b"\xff" * len(entry.magic)
    there = header[entry.offset : entry.offset + len(entry.magic)]
    return all(one & bits == wanted & bits for one, wanted, bits in zip(there, entry.magic, mask, strict=True))


def read(
    texts: dict[str, str], arches: Iterable[Arch], exists: Callable[[str], bool] | None = None
) -> tuple[Registration, ...]:
    """Make sense of entries (their text by name). `exists` says whether a path is there on that machine, if known.

    An entry that cannot be read is one with a fault; only those that concern `arches` are given.
    """
    arches = tuple(arches)
    found = []
    for name, text in sorted(texts.items()):
        try:
            entry = parse_entry(name, text)
        except UntrustedInput as error:
            damaged = Entry(name=name, enabled=False, interpreter="?")
            found.append(Registration(entry=damaged, owner="someone", arches=(), faults=(error.what,)))
            continue
        taken = tuple(arch.name for arch in arches if takes(entry, arch))
        if taken:
            found.append(
                Registration(entry=entry, owner=owner_of(entry), arches=taken, faults=tuple(_faults(entry, exists)))
            )
    rivals = {arch.name: [one for one in found if arch.name in one.arches and one.entry.enabled] for arch in arches}
    return tuple(_with_rivals(one, rivals) for one in found)


def owner_of(entry: Entry) -> Owner:
    """Who registers like that, by name and path: the habits of the packages and images that do."""
    if entry.name.startswith(OURS):
        return "wrongarch"
    if re.fullmatch(r"/usr/bin/qemu-[a-z0-9_]+(-binfmt)?", entry.interpreter) and "F" in entry.flags:
        # Debian's qemu-user-binfmt has the same path; only the container has no file there afterwards
        return "tonistiigi/binfmt" if "-" not in entry.interpreter.removeprefix("/usr/bin/qemu-") else "binfmt-support"
    if entry.interpreter.endswith("-static") or "/qemu-user-static/" in entry.interpreter:
        return "qemu-user-static"
    return "binfmt-support" if entry.interpreter.startswith("/usr/libexec/qemu-binfmt/") else "someone"


def _faults(entry: Entry, exists: Callable[[str], bool] | None) -> Iterable[str]:
    if not entry.enabled:
        yield f"disabled: the kernel passes it over (enable it: echo 1 > /proc/sys/fs/binfmt_misc/{entry.name})"
    gone = exists is not None and not exists(entry.interpreter)
    if "F" not in entry.flags:
        yield "no F flag: in a container or another root, the emulator has to be there under the same path"
        if gone:
            yield f"stale: {entry.interpreter} is gone, and nothing holds it open, so nothing starts"
    if "C" not in entry.flags:
        yield "no C flag: sudo and other setuid programs run without their rights"


def _with_rivals(one: Registration, rivals: dict[str, list[Registration]]) -> Registration:
    if not one.entry.enabled:
        return one
    others = sorted(
        {
            other.entry.name
            for arch in one.arches
            for other in rivals[arch]
            if other is not one and other.entry.interpreter != one.entry.interpreter
        }
    )
    if not others:
        return one
    fault = f"conflict: {', '.join(others)} takes the same programs; the kernel asks the newest first"
    return msgspec.structs.replace(one, faults=(*one.faults, fault))
