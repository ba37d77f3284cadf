"""The proofs of fidelity: without them green means nothing.

The program's ELF header is the arch's; every command ran under the pinned emulator; enough tests ran.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from wrongarch.arches import elf
from wrongarch.arches.model import Arch
from wrongarch.arches.pattern import HEADER_SIZE, matches
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Mount
from wrongarch.recipes import model
from wrongarch.runs.model import Proof

_LINKS = 40  # symbolic links followed, as many as the kernel does (path_resolution(7))


def guest_path(root: Path, mounts: Iterable[Mount], path: str) -> Path | None:
    """Where on the host a file of the guest lies, with links followed as in the guest; None if it is not there.

    A link never leads out of the root or the mount that it is met in.
    """
    places = {PurePosixPath(mount.target): mount.source for mount in mounts}
    todo = list(reversed(PurePosixPath(path).parts[1:]))
    at, links = PurePosixPath("/"), 0
    while todo:
        part = todo.pop()
        if part == "..":
            at = at.parent
            continue
        here = _on_host(root, places, at / part)
        if here.is_symlink():
            links += 1
            if links > _LINKS:
                return None
            target = PurePosixPath(os.readlink(here))  # noqa: PTH115 - the text is what counts, not a host path
            at = PurePosixPath("/") if target.is_absolute() else at
            todo.extend(reversed([step for step in target.parts if step != "/"]))
        else:
            at /= part
    found = _on_host(root, places, at)
    return found if found.is_file() else None


def _on_host(root: Path, places: dict[PurePosixPath, Path], path: PurePosixPath) -> Path:
    for above in (path, *path.parents):
        if above in places:
            return places[above] / path.relative_to(above)
    return root / path.relative_to("/")


def program_proof(arch: Arch, program: str, file: Path | None) -> Proof:
    """Whether the program under test is an ELF file of the arch, by the same bytes that the kernel compares."""
    name = "program"
    if file is None:
        return Proof(name=name, held=False, words=f"the program under test, {program}, is not in the guest")
    with file.open("rb") as opened:
        start = opened.read(HEADER_SIZE)
    if not matches(arch, start):
        words = f"{program} is {elf.describe(start)}, not one for {arch.name}"
        return Proof(name=name, held=False, words=words)
    return Proof(name=name, held=True, words=f"{program} is an ELF file for {arch.name}")


def interpreter_proof(
    interpreters: Counter[str], wanted: str, emulator: Emulator | None, examples: Iterable[str]
) -> Proof:
    """Whether the kernel ran every command on the pinned emulator, or natively where that is wanted.

    A native command may end before it was looked at ("unseen"): nothing else could have run it. An emulator takes
    longer than that to start, so there each command has to be seen.
    """
    name = "interpreter"
    label = f"QEMU {emulator.release} ({emulator.sha256[:12]})" if emulator else "the host's own CPU"
    total = interpreters.total()
    accepted = {wanted, "unseen"} if wanted == "native" else {wanted}
    wrong = {kind: number for kind, number in sorted(interpreters.items()) if kind not in accepted}
    if not total:
        return Proof(name=name, held=False, words=f"no command ran, on {label} or anything else")
    if wrong:
        kinds = ", ".join(f"{number} {kind}" for kind, number in wrong.items())
        bad, shown = sum(wrong.values()), "; ".join(examples)
        words = f"{bad} of {total} commands were not seen to run on {label} ({kinds}): {shown}"
        return Proof(name=name, held=False, words=words)
    unseen = interpreters["unseen"]
    if unseen:
        seen = total - unseen
        words = f"{seen} of {total} commands {'was' if seen == 1 else 'were'} seen on {label}; {unseen} ended too soon"
        return Proof(name=name, held=True, words=f"{words} to be seen")
    return Proof(name=name, held=True, words=f"{total} of {total} commands ran on {label}")


def minimum_proof(suites: Iterable[model.Suite], arch: str, executed: Counter[str], *, whole: bool) -> Proof:
    """Whether enough tests ran: as many as each suite says, or, of a part of them, any."""
    name = "minimum"
    total = executed.total()
    if not whole:
        return Proof(name=name, held=total > 0, words=f"{total} tests ran, of a part of the suites (at least 1 needed)")
    short = []
    for suite in suites:
        least = suite.arch_minimum.get(arch, suite.minimum)
        if executed[suite.name] < least:
            short.append(f"{suite.name}: {executed[suite.name]} tests ran, at least {least} needed")
    if short:
        return Proof(name=name, held=False, words="; ".join(short))
    return Proof(name=name, held=True, words=f"{total} tests ran, no suite less than its minimum")
