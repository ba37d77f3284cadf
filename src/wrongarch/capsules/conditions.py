"""What a triage tries: the recorded conditions, and each with one thing changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Literal

import msgspec

from wrongarch.arches.lookup import host_arch, runs_natively
from wrongarch.capsules.manifest import Manifest, Test
from wrongarch.capsules.repro import Options
from wrongarch.capsules.unpacked import NATIVE
from wrongarch.emulators import pins

Kind = Literal["recorded", "emulator", "cpu", "threads", "addresses", "jit", "native", "board"]

_CPUS: dict[str, tuple[str, ...]] = {
    "arm": ("cortex-a7", "cortex-a15", "max"),
    "armel": ("arm926", "arm1176", "max"),
    "arm64": ("cortex-a53", "cortex-a72", "max"),
    "mips": ("24Kf", "74Kf", "P5600"),
    "mips64": ("Loongson-3A4000", "I6400"),
    "ppc64le": ("power8", "power9", "power10"),
    "s390x": ("qemu", "max"),
    "riscv64": ("sifive-u54", "rv64"),
    "i386": ("coreduo", "n270", "max"),
    "amd64": ("Nehalem", "Haswell", "max"),
}
"""CPU models that differ in features, by our name of the arch; QEMU 7.2 has all but a few of them."""

_NO_JIT: dict[str, dict[str, str]] = {"jsc": {"JSC_useJIT": "0"}}
"""What turns the JIT off, by the name of the program."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One column of an experiment: `name` for people, what `kind` of change it is, and how to replay.

    `version` is the pin's name where the emulator is the change; `runs` is how often at least.
    """

    name: str
    kind: Kind
    options: Options
    version: str = ""
    board: str = ""


def conditions(manifest: Manifest, test: Test, base: Options, *, engine: str, board: str = "") -> Iterator[Condition]:
    """The recorded conditions first."""
    emulated = manifest.emulator is not None and base.emulator != NATIVE
    recorded = manifest.emulator.version if manifest.emulator is not None else ""
    yield Condition(name="as recorded", kind="recorded", options=base, version=base.emulator or recorded)
    arch, host = manifest.machine, host_arch()
    if emulated:
        for version in versions(host.debian):
            if version != (base.emulator or recorded):
                changed = msgspec.structs.replace(base, emulator=version, trust_emulator=False)
                yield Condition(name=f"QEMU {version}", kind="emulator", options=changed, version=version)
        for model in _CPUS.get(arch.name, ()):
            if model != (base.cpu or manifest.cpu):
                yield Condition(name=f"CPU {model}", kind="cpu", options=msgspec.structs.replace(base, cpu=model))
    yield from _surroundings(base, engine)
    program = PurePosixPath(test.argv[0]).name
    if program in _NO_JIT:
        changed = msgspec.structs.replace(base, env={**base.env, **_NO_JIT[program]})
        yield Condition(name="JIT off", kind="jit", options=changed)
    if emulated and runs_natively(arch, host):
        changed = msgspec.structs.replace(base, emulator=NATIVE, cpu="", trust_emulator=False)
        yield Condition(name=f"natively on this {host.name}", kind="native", options=changed)
    if board:
        yield Condition(name=f"natively on {board}", kind="board", options=base, board=board)


def _surroundings(base: Options, engine: str) -> Iterator[Condition]:
    if engine == "sandbox":
        yield Condition(name="one CPU", kind="threads", options=msgspec.structs.replace(base, one_cpu=True))
        changed = msgspec.structs.replace(base, fixed_addresses=True)
        yield Condition(name="fixed addresses", kind="addresses", options=changed)


def versions(debian_host: str) -> list[str]:
    """The pinned versions of QEMU for this host, oldest first."""
    there = (version for version, by_host in pins.load().candidates.items() if debian_host in by_host)
    return sorted(there, key=numbers)


def numbers(version: str) -> tuple[int, ...]:
    """A version to be sorted by; versions that are no numbers come first."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
