"""A session with the doctor's program in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wrongarch import paths
from wrongarch.doctor.foreign import HERE, OUT, Guest
from wrongarch.engines.base import Mount, SessionSpec
from wrongarch.errors import InternalError
from wrongarch.namespaces import ids
from wrongarch.recipes.suites.base import BUILD
from wrongarch.runs.building import Build, Ground


@contextmanager
def open_guest(
    base: Ground, made: Build, *, home: Path, here: Path, flags: str = "POCF", env: dict[str, str] | None = None
) -> Iterator[Guest]:
    """A session on `base` with the program of `made`; `here` is shown inside, a folder to write to is made in `home`.

    Raises MachineError where no session can be made.
    """
    if made.tree is None:
        raise InternalError("the doctor's recipe has no build")
    paths.sweep_stale(home)
    with paths.staging(home, "out") as out:
        spec = SessionSpec(
            arch=base.arch,
            root=base.root,
            emulator=base.emulator,
            cpu=base.cpu,
            mounts=(
                Mount(source=made.tree, target=BUILD),
                Mount(source=here, target=HERE),
                Mount(source=out, target=OUT, writable=True),
            ),
            env=env or {},
            flags=flags,
        )
        # as root, files belong to root inside while the session lasts, and to us when it has ended
        owner = ids.choose().owner[0] if os.geteuid() == 0 else os.geteuid()
        with base.engine.open(spec) as session:
            emulated = base.emulator is not None
            yield Guest(arch=base.arch, session=session, emulated=emulated, out=out, owner=owner)
