"""A root that holds one program and nothing else."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from wrongarch import paths
from wrongarch.arches import elf, lookup
from wrongarch.arches.model import Arch
from wrongarch.arches.pattern import HEADER_SIZE, matches
from wrongarch.errors import UsageError
from wrongarch.namespaces import ids as id_maps


@contextlib.contextmanager
def scratch_root(arch: Arch, program: Path) -> Iterator[tuple[Path, str, str]]:
    """The root, the program's path in it, and why it will not start there ("" if nothing is known).

    Raises UsageError for a file that is no program of `arch`.
    """
    try:
        with program.open("rb") as file:
            start = file.read(HEADER_SIZE)
    except OSError as error:
        raise UsageError(f"cannot read {program}: {error.strerror}", fix="name a program of this machine") from error
    if not matches(arch, start):
        raise UsageError(
            f"{program} is {elf.describe(start)}, not one for {lookup.find(arch.name).name}", fix="name its own arch"
        )
    with paths.staging(paths.cache_dir() / "scratch", arch.name) as work:
        root = work / "root"
        root.mkdir(mode=0o755)
        inside = root / program.name
        shutil.copyfile(program, inside)
        inside.chmod(0o755)
        missing = elf.explain_missing_loader(inside, root) or ""
        id_maps.give(root, id_maps.choose().owner)
        yield root, f"/{program.name}", missing
