"""Assemblers that are programs of 32 bits, against those of 64."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.assembly import BRANCHES, views
from wrongarch.arches.lookup import find, host_arch
from wrongarch.images.native import assemblers, boxes, compilers
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
    for box in (narrow, wide):
        command = box.command(f"usr/bin/{guest.triplet}-as")
        subprocess.run([*command, "-march=armv7-a", "-o", "view.o", "view.s"], cwd=tmp_path, check=True)
        made.append((tmp_path / "view.o").read_bytes())
    assert made[0] != made[1]


PLAIN, VIEW = "nop\n", ".loc 1 1 1 view -0\nnop\n"


@pytest.mark.parametrize(
    ("words", "piped", "asked"),
    [
        (("-o", "plain.s", "view.s"), "", "own"),
        (("plain.s", "-o", "view.s"), "", "ours"),
        (("-o", "x.o", "plain.s", "view.s"), "", "own"),
        (("-o", "plain.s"), VIEW, "own"),
        (("-I", ".", "-o", "view.s"), PLAIN, "ours"),
        (("-oplain.s", "view.s"), PLAIN, "own"),
        (("plain.s",), VIEW, "ours"),
        (("--version",), VIEW, "ours"),
    ],
)
def test_the_image_s_own_is_asked_where_it_has_to_be(
    tmp_path: Path, words: tuple[str, ...], piped: str, asked: str
) -> None:
    """With programs in the places of both that say which of them is called, as what, and what they read."""
    text = compilers.assemble("as")
    for name in ("bash", "grep"):
        text = text.replace(f"/{compilers.NATIVE}/bin/{name}", shutil.which(name) or name)
    for side, name in (("gcc", "ours"), ("guest", "own")):
        text = text.replace(f"/{compilers.NATIVE}/{side}/as", str(tmp_path / name))
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@"\ncat\n')
        (tmp_path / name).chmod(0o755)
    (tmp_path / "as").write_text(text)
    (tmp_path / "plain.s").write_text(PLAIN)
    (tmp_path / "view.s").write_text(VIEW)
    done = subprocess.run(
        ["bash", "as", *words],
        cwd=tmp_path,
        input=piped,
        env={"before": "-o"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{asked} {' '.join(words)}\n{piped}"
