"""`./replay` and README.txt of a capsule: facts of its manifest as shell variables, before a script that is fixed."""

from __future__ import annotations

import importlib.resources
import shlex
from collections.abc import Iterable

from wrongarch.arches import lookup
from wrongarch.arches.model import Arch
from wrongarch.capsules.compare import ending_words, sed_script
from wrongarch.capsules.manifest import Manifest, Seen, Test
from wrongarch.emulators import records

_PLACE = "/INTERPRETER"


def replay_script(manifest: Manifest, programs: dict[str, str], loader: str) -> str:
    """The text of `./replay`: POSIX shell, for dash and BusyBox's ash.

    `programs` gives the guest's path of each test's program by the test's id, `loader` that of its ELF interpreter
    ("" for a static one).
    """
    arch = manifest.machine
    emulator = manifest.emulator
    start, end = _record(arch, manifest.flags) if emulator is not None else ("", "")
    host = lookup.find(emulator.host) if emulator is not None else None
    facts = {
        "arch": arch.name,
        "target": emulator.target if emulator is not None else "",
        "emulator_words": f"QEMU {emulator.release}" if emulator is not None else "none",
        "machines": " ".join(_machines(arch)),
        "host_arch": host.name if host is not None else "",
        "host_machines": " ".join(_machines(host)) if host is not None else "",
        "multiarch": "i386-linux-gnu" if arch.name == "i386" else arch.triplet,
        "loader": loader,
        "record_start": start,
        "record_end": end,
        "normalise": sed_script(),
        "tests": " ".join(str(number) for number, _ in enumerate(manifest.tests, 1)),
    }
    lines = [
        "#!/bin/sh",
        f"# Runs {manifest.name} again. Made by wrongarch {manifest.wrongarch}; see README.txt.",
        "set -u",
        *(f"{name}={shlex.quote(value)}" for name, value in facts.items()),
        _function("read_only", [f'"$1" {shlex.quote(path)}' for path in manifest.read_only] or [":"]),
    ]
    for number, test in enumerate(manifest.tests, 1):
        lines += _test(number, test, programs[test.id])
    fixed = importlib.resources.files("wrongarch.capsules").joinpath("replay.sh").read_text(encoding="utf-8")
    return "\n".join(lines) + "\n" + fixed


def _record(arch: Arch, flags: str) -> tuple[str, str]:
    """The line for binfmt_misc, before and after the emulator's path."""
    line = records.render(records.make_record(arch, _PLACE, flags=flags)).decode("latin-1")
    start, _, end = line.partition(_PLACE)
    return start, end


def _machines(arch: Arch) -> Iterable[str]:
    """What `uname -m` says on machines that run this arch themselves."""
    more = {"arm": ("armv7l", "armv8l"), "i386": ("i686", "i586", "i486", "i386", "x86_64"), "amd64": ("x86_64",)}
    return dict.fromkeys((*more.get(arch.name, ()), arch.uname))


def _test(number: int, test: Test, file: str) -> list[str]:
    program, *arguments = test.argv
    facts = {
        "id": test.id,
        "program": program,
        "file": file,
        "cwd": test.cwd,
        "seconds": str(max(1, round(test.limits.seconds))),
        "status": _status(test.seen),
        "strict": "yes" if test.seen.reason == "exit" and test.seen.exit_code == 0 else "",
        "recorded": ending_words(test.seen),
        "output": test.seen.output,
    }
    env = " ".join(shlex.quote(f"{name}={value}") for name, value in sorted(test.env.items()))
    words = " ".join(shlex.quote(word) for word in arguments)
    return [
        _function(f"load_{number}", [f"{name}={shlex.quote(value)}" for name, value in facts.items()]),
        _function(f"args_{number}", [f'"$@" {words}'.rstrip()]),
        _function(f"env_{number}", [f'joined "$env" -i {env} ${{extra:+"$extra"}} "$@"']),
    ]


def _status(seen: Seen) -> str:
    if seen.reason == "exit":
        return str(seen.exit_code or 0)
    if seen.reason == "signal":
        return str(128 + (seen.signal or 0))
    return "timeout" if seen.reason == "timeout" else "any"


def _function(name: str, lines: list[str]) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"{name}() {{\n{body}\n}}"


def readme(manifest: Manifest) -> str:
    """The text of README.txt."""
    emulator = manifest.emulator
    where = f"under QEMU {emulator.release}" if emulator is not None else "without an emulator"
    cpu = f", CPU model {manifest.cpu}" if manifest.cpu else ""
    lines = [
        f"A failure of {manifest.recipe.name} on {manifest.arch}, {where}{cpu}.",
        "",
        *(f"  {test.id}: {ending_words(test.seen)}" for test in manifest.tests),
        "",
        "To see it:           ./replay          (./replay --help says more)",
        "With wrongarch:      wrongarch repro FILE",
        "What is to blame:    wrongarch triage FILE",
        "",
        "root/       what the program sees as /: itself, its libraries, the test and its inputs",
        "emulator/   the QEMU it ran under; its source is Debian's package qemu of the version above (GPL-2)",
        "recorded/   what the tests printed, with addresses, process numbers and times replaced by words",
        "capsule.json  all that is known of the failure; sha256 of each file",
        "",
        "./replay runs the program as you, in namespaces without network where there are any. If you do not know who",
        "made this capsule, use `wrongarch repro`, which keeps your files and your processes out of its sight.",
    ]
    return "\n".join(lines) + "\n"
