"""What is left of what a killed build had made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.runs.test_acceleration import Notes
from wrongarch.runs import unfinished

FILES = {
    "old.o": (b"\x7fELF", 100),
    "half.o": (b"half", 2),
    "lib.a": (b"!<arch>\n", 2),
    "program": (b"\x7fELF and so on", 29),
    "half-linked": (bytes(64), 0),
    "Makefile": (b"all:\n", 1),
    "config.h": (b"", 1),
    ".ninja_log": (b"# ninja log v5\n", 0),
}
"""Contents, and seconds before the end."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    place = tmp_path / "tree"
    (place / "inner").mkdir(parents=True)
    for name, (content, age) in FILES.items():
        file = place / "inner" / name
        file.write_bytes(content)
        os.utime(file, (0, 1_000_000 - age))
    (place / "link.o").symlink_to("nowhere")
    return place


def names(tree: Path) -> set[str]:
    return {path.name for path in tree.rglob("*")} - {"inner"}


def test_what_may_be_half_is_made_again(tree: Path, tmp_path: Path) -> None:
    mark, notes = tmp_path / "mark", Notes()
    mark.touch()
    unfinished.take_up(tree, mark, notes, kept=True)
    assert names(tree) == {"old.o", "Makefile", "config.h", ".ninja_log", "link.o"}
    assert notes.notes == ["the last build was killed: what it made at its end is made again"]


def test_without_a_mark_all_is_whole(tree: Path, tmp_path: Path) -> None:
    notes = Notes()
    unfinished.take_up(tree, tmp_path / "mark", notes, kept=True)
    assert names(tree) == {*FILES, "link.o"}
    assert notes.notes == []


def test_where_nothing_tells_what_is_whole_all_goes(tree: Path, tmp_path: Path) -> None:
    mark, notes = tmp_path / "mark", Notes()
    mark.touch()
    unfinished.take_up(tree, mark, notes, kept=False)
    assert not tree.exists()
    assert notes.notes == ["the last build was killed: what it had made is thrown away"]
