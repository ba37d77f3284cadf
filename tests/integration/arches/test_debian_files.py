"""Programs and loaders out of Debian's packages, for every arch with images: what the table and the reader say of them
is what the archive says.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile

from wrongarch.arches import elf
from wrongarch.arches.lookup import image_arches
from wrongarch.arches.model import Arch
from wrongarch.arches.pattern import HEADER_SIZE, matches
from wrongarch.debian import debs, pool
from wrongarch.images import lock as locks
from wrongarch.images import toolbox

EVERY = pytest.mark.parametrize("arch", image_arches(), ids=lambda arch: arch.name)


def package_of(arch: Arch, name: str) -> Path:
    """A package of the arch's toolbox, which is locked: the same bytes every time."""
    lock = locks.read_for(toolbox.locks_folder(), toolbox.SPEC, arch)
    found = next(file for file in lock.packages if file.name == name)
    return pool.fetch_pool([found], taken=lock.taken)[found.sha256]


@EVERY
def test_a_program_and_its_loader(arch: Arch, tmp_path: Path, cache: Path) -> None:
    assert cache.exists()
    debs.extract(package_of(arch, "gzip"), tmp_path, merged_usr=True)
    program = tmp_path / "usr/bin/gzip"
    start = program.read_bytes()[:HEADER_SIZE]
    assert elf.identify(start) == arch
    assert {other.qemu for other in image_arches() if matches(other, start)} == {arch.qemu}

    loader = elf.interpreter_of(program)
    assert loader is not None
    assert set(elf.needed_libraries(program)) - {loader.rpartition("/")[2]} == {"libc.so.6"}
    said = elf.explain_missing_loader(program, tmp_path)
    assert said is not None
    assert f"there is no {loader} in {tmp_path}." in said
    assert f"Debian's package libc6:{arch.debian} has it;" in said

    debs.extract(package_of(arch, "libc6"), tmp_path, merged_usr=True)
    assert elf.explain_missing_loader(program, tmp_path) is None


@EVERY
def test_another_reader_agrees_on_every_library_of_libc6(arch: Arch, tmp_path: Path, cache: Path) -> None:
    assert cache.exists()
    debs.extract(package_of(arch, "libc6"), tmp_path, merged_usr=True)
    libraries = [path for path in tmp_path.rglob("*.so*") if path.is_file() and not path.is_symlink()]
    libraries = [path for path in libraries if path.read_bytes()[:4] == b"\x7fELF"]
    assert len(libraries) > 10
    for path in libraries:
        with path.open("rb") as file:
            segments = [one for one in ELFFile(file).iter_segments() if isinstance(one, DynamicSegment)]
            needed = tuple(str(tag.needed) for one in segments for tag in one.iter_tags("DT_NEEDED"))  # type: ignore[attr-defined]  # set by name
        assert elf.needed_libraries(path) == needed, path
        assert elf.identify(path.read_bytes()[:HEADER_SIZE]) == arch, path
