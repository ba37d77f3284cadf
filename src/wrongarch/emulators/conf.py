"""The file for binfmt.d that registers emulators at every boot, for the user to install.

Formats: binfmt.d(5) of systemd, whose lines go to the kernel as they are; OpenRC's script (sh/binfmt.sh) reads the same
folders, but is a shell loop: it wants no empty line, knows no delimiter but the colon, and its `echo` may take
backslashes for escapes, of which only `\\x` passes every shell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from wrongarch.arches.lookup import all_arches, image_arches, runs_natively
from wrongarch.arches.model import Arch
from wrongarch.emulators import records
from wrongarch.errors import UsageError

Init = Literal["systemd", "openrc"]

TARGET = "{target}"
INTERPRETER = f"/usr/bin/qemu-{TARGET}-static"
"""Where Debian's qemu-user-static and most others put them."""

_APPLY = {
    "systemd": "systemctl restart systemd-binfmt",
    "openrc": "rc-update add binfmt boot && rc-service binfmt restart",
}


def targets(named: Sequence[Arch], host: Arch, *, everything: bool = False) -> tuple[Arch, ...]:
    """The arches to register on `host`: those named, else those with images, or with `everything` all of the table.

    Unless named, what the host runs by itself is left out. One of each QEMU target: arm and armel share theirs. Raises
    UsageError where a named one is the host's own.
    """
    for arch in named:
        if arch.qemu == host.qemu:
            raise UsageError(
                f"programs for {arch.name} are those of the machine itself ({host.name}): registered, every program "
                "would start through QEMU, and QEMU through itself, so that nothing would start at all",
                fix=f"leave out {arch.name}; for another machine name its own arch: --host arm64",
            )
    offered = all_arches() if everything else image_arches()
    chosen = named or [arch for arch in offered if arch.qemu != host.qemu and not runs_natively(arch, host)]
    first: dict[str, Arch] = {}
    for arch in chosen:
        first.setdefault(arch.qemu, arch)
    return tuple(first.values())


def interpreter_for(arch: Arch, pattern: str = INTERPRETER) -> str:
    """The path of the emulator of `arch`: `pattern` with QEMU's target in place of {target}."""
    return pattern.replace(TARGET, arch.qemu)


def conf(
    arches: Sequence[Arch],
    init: Init = "systemd",
    *,
    interpreter: str = INTERPRETER,
    flags: str = records.FLAGS,
) -> str:
    """The text of the file: a comment that says how to install it, and one line for each target of `arches`.

    Raises UsageError for a path without {target} for several targets, and for what `records.make_record` or OpenRC
    does not take.
    """
    if TARGET not in interpreter and len({arch.qemu for arch in arches}) > 1:
        raise UsageError(
            f"one emulator cannot run all of {', '.join(arch.name for arch in arches)}",
            fix=f"put {TARGET} into the path, for example --interpreter {INTERPRETER}",
        )
    if init == "openrc" and not set(":\\").isdisjoint(interpreter):
        raise UsageError(
            f"OpenRC cannot register {interpreter}: its script takes colons and backslashes for its own",
            fix="use a path without them",
        )
    lines = {arch.qemu: _line(arch, interpreter, flags) for arch in arches}
    comment = (
        "# Hands foreign programs to QEMU. Made by wrongarch.",
        f"# To install: save as /etc/binfmt.d/wrongarch.conf, then: {_APPLY[init]}",
        "# The emulators have to be there at that time.",
    )
    return "".join(f"{line}\n" for line in (*comment, *lines.values()))


def _line(arch: Arch, interpreter: str, flags: str) -> str:
    record = records.make_record(arch, interpreter_for(arch, interpreter), flags=flags)
    return records.render(record).decode(errors="surrogateescape")
