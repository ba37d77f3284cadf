"""Assemblers that are programs of 32 bits, against those of 64."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.integration.cli.test_acceleration import BRANCHES, views
from wrongarch.arches.lookup import find, host_arch
from wrongarch.images.native import assemblers, boxes, twins
from wrongarch.namespaces import ids as id_maps


@pytest.mark.parametrize("arch", ["arm", "armel"])
@pytest.mark.parametrize("suite", ["bookworm", "trixie"])
def test_line_tables_depend_on_the_size_of_pointers(arch: str, suite: str, tmp_path: Path) -> None:
    """So there are two. That the narrow one makes what the image's own does: `test_native_tools_make_the_same`."""
    guest, host, ids = find(arch), host_arch(), id_maps.choose()
    narrow = assemblers.ensure(guest, suite, host, ids)
    if narrow is None:
        pytest.skip(f"programs of 32 bits do not run on this {host.name}")
    wide = boxes.ensure(boxes.compilers(guest, suite, host), host, ids)
    (tmp_path / "view.s").write_text(views(BRANCHES["arm"]))
    made = []
    for box, own in ((narrow, narrow.own), (wide, host)):
        libraries = box.root / "usr/lib" / twins.multiarch(own)
        program = box.root / f"usr/bin/{guest.triplet}-as"
        loader = [box.loader, "--library-path", libraries]
        subprocess.run([*loader, program, "-march=armv7-a", "-o", "view.o", "view.s"], cwd=tmp_path, check=True)
        made.append((tmp_path / "view.o").read_bytes())
    assert made[0] != made[1]
