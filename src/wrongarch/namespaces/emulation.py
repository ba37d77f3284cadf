"""How a private root gets its emulator: the file mounted in it, and the record that leads the kernel to it."""

from __future__ import annotations

import msgspec

from wrongarch.arches.model import Arch
from wrongarch.emulators import records
from wrongarch.emulators.model import Emulator
from wrongarch.namespaces.plan import PlanMount, Record

FOLDER = "/run/wrongarch"
DEFAULT_FLAGS = "POCF"
"""argv[0] preserved, program opened by the kernel, its credentials (setuid) kept, interpreter opened once, now."""


class Emulation(msgspec.Struct, frozen=True, kw_only=True):
    """Parts of a plan: see `wrongarch.namespaces.plan.Plan`. All empty where nothing is emulated."""

    mounts: tuple[PlanMount, ...] = ()
    records: tuple[Record, ...] = ()
    path: str = ""


def emulation(arch: Arch, emulator: Emulator | None, flags: str = DEFAULT_FLAGS) -> Emulation:
    """What makes programs of `arch` run under `emulator` in a root; None: the host runs them itself."""
    if emulator is None:
        return Emulation()
    path = f"{FOLDER}/{emulator.path.name}"
    record = records.make_record(arch, path, flags=flags)
    return Emulation(
        mounts=(PlanMount(source=str(emulator.path), target=path, writable=False),),
        records=(Record(name=record.name, line=records.render(record).decode("latin-1")),),
        path=path,
    )
