"""Trees are told apart by what is in them, and by nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.images import contents

NOON = 1_600_000_000


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return plant(tmp_path / "tree")


def plant(root: Path) -> Path:
    (root / "b/deep").mkdir(parents=True)
    (root / "a").write_bytes(b"one")
    (root / "b/deep/file").write_bytes(b"two")
    (root / "b/link").symlink_to("../a")
    (root / "b.txt").write_bytes(b"")
    for path in (root / "b", root / "b/deep"):
        path.chmod(0o755)
    for path in (root / "a", root / "b.txt", root / "b/deep/file"):
        path.chmod(0o644)
    for path in (root, *root.rglob("*")):
        os.utime(path, (NOON, NOON), follow_symlinks=False)
    return root


def digest(root: Path) -> str:
    return contents.digest(contents.listing(root))


def test_a_line_for_each_entry(tree: Path) -> None:
    one = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    two = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"
    none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert list(contents.listing(tree)) == [
        f"-rw-r--r-- {NOON} {one} '/a'\n",
        f"drwxr-xr-x {NOON} - '/b'\n",
        f"drwxr-xr-x {NOON} - '/b/deep'\n",
        f"-rw-r--r-- {NOON} {two} '/b/deep/file'\n",
        f"lrwxrwxrwx {NOON} '../a' '/b/link'\n",
        f"-rw-r--r-- {NOON} {none} '/b.txt'\n",
    ]


def test_where_a_tree_is_does_not_matter(tree: Path, tmp_path: Path) -> None:
    assert digest(tree) == digest(plant(tmp_path / "elsewhere/other"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "content": lambda root: (root / "a").write_bytes(b"One"),
    "mode": lambda root: (root / "a").chmod(0o600),
    "set user id": lambda root: (root / "a").chmod(0o4644),
    "time": lambda root: os.utime(root / "a", (NOON, NOON + 1)),
    "time of a folder": lambda root: os.utime(root / "b/deep", (NOON, NOON + 1)),
    "time of a link": lambda root: os.utime(root / "b/link", (NOON, NOON + 1), follow_symlinks=False),
    "a name": lambda root: (root / "a").rename(root / "A"),
    "one more": lambda root: (root / "new").touch(),
    "one less": lambda root: (root / "b.txt").unlink(),
    "an empty folder": lambda root: (root / "b/new").mkdir(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_is_seen(tree: Path, what: str) -> None:
    before = digest(tree)
    folder_times = {path: path.stat().st_mtime for path in (tree, tree / "b")}
    CHANGES[what](tree)
    if not what.startswith("time"):
        if what == "content":
            os.utime(tree / "a", (NOON, NOON))
        for path, when in folder_times.items():
            os.utime(path, (when, when))
    assert digest(tree) != before


def test_a_link_is_known_by_where_it_leads(tree: Path) -> None:
    before = digest(tree)
    (tree / "b/link").unlink()
    (tree / "b/link").symlink_to("../b")
    os.utime(tree / "b/link", (NOON, NOON), follow_symlinks=False)
    os.utime(tree / "b", (NOON, NOON))
    assert digest(tree) != before


def test_links_are_not_followed(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").touch()
    (tree / "out").symlink_to(tmp_path / "outside")
    (tree / "loop").symlink_to("loop")
    listed = "".join(contents.listing(tree))
    assert "secret" not in listed
    assert "'loop' '/loop'" in listed


def test_what_is_neither_file_nor_folder(tree: Path) -> None:
    os.mkfifo(tree / "pipe", 0o600)
    assert any(line.startswith("prw------- ") and line.endswith(" - '/pipe'\n") for line in contents.listing(tree))


@given(
    st.lists(st.binary(min_size=1, max_size=8).filter(lambda name: not {0, 47} & {*name} and name not in (b".", b"..")))
)
def test_any_name(tmp_path_factory: pytest.TempPathFactory, names: list[bytes]) -> None:
    root = tmp_path_factory.mktemp("names")
    for name in names:
        (root / os.fsdecode(name)).touch()
    lines = list(contents.listing(root))
    assert len(lines) == len(set(names))
    assert all(line.isascii() and line.count("\n") == 1 for line in lines)
    assert contents.digest(lines) == digest(root)


class TestTimes:
    def test_nothing_is_newer_than_the_epoch(self, tree: Path) -> None:
        os.utime(tree / "a", (NOON + 500, NOON + 500))
        os.utime(tree / "b", (NOON + 500, NOON + 500))
        os.utime(tree / "b/link", (NOON + 500, NOON + 500), follow_symlinks=False)
        os.utime(tree / "b.txt", (NOON - 500, NOON - 500))
        os.utime(tree / "b/deep/file", ns=(NOON * 10**9, NOON * 10**9 - 1))
        contents.clamp_times(tree, NOON + 100)
        found = {str(path.relative_to(tree)): path.lstat().st_mtime_ns for path in (tree, *tree.rglob("*"))}
        assert found == {
            ".": NOON * 10**9,
            "a": (NOON + 100) * 10**9,
            "b": (NOON + 100) * 10**9,
            "b/deep": NOON * 10**9,
            "b/deep/file": (NOON - 1) * 10**9,
            "b/link": (NOON + 100) * 10**9,
            "b.txt": (NOON - 500) * 10**9,
        }

    def test_what_links_lead_to_is_left_alone(self, tree: Path, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.touch()
        os.utime(outside, (NOON + 500, NOON + 500))
        (tree / "out").symlink_to(outside)
        contents.clamp_times(tree, NOON)
        assert outside.stat().st_mtime == NOON + 500
