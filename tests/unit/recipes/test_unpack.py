from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.errors import UntrustedInput
from wrongarch.recipes.unpack import unpack_tar

KINDS = {"file": tarfile.REGTYPE, "dir": tarfile.DIRTYPE, "sym": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE}


def archive(tmp_path: Path, *members: tuple[str, str, str], mode: int = 0o644) -> Path:
    """A tar of (kind, name, content or target)."""
    path = tmp_path / "a.tar.xz"
    with tarfile.open(path, "w:xz") as tar:
        for kind, name, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.mode, info.mtime = KINDS.get(kind, kind.encode()), mode, 1_000_000_000
            raw = content.encode()
            if kind == "file":
                info.size = len(raw)
            else:
                info.linkname = content
            tar.addfile(info, io.BytesIO(raw) if kind == "file" else None)
    return path


def unpack(tmp_path: Path, *members: tuple[str, str, str], strip: int = 1) -> Path:
    into = tmp_path / "into"
    into.mkdir()
    unpack_tar(archive(tmp_path, *members), into, strip)
    return into


def test_files_folders_and_links_inside(tmp_path: Path) -> None:
    into = unpack(
        tmp_path,
        ("dir", "top", ""),
        ("file", "top/a/b.txt", "b"),
        ("sym", "top/a/link", "../c.txt"),
        ("file", "top/c.txt", "c"),
        ("hard", "top/d.txt", "top/a/b.txt"),
        ("dir", "top/empty", ""),
    )
    assert (into / "a/b.txt").read_text() == (into / "d.txt").read_text() == "b"
    assert (into / "a/link").read_text() == "c"
    assert (into / "empty").is_dir()
    assert (into / "c.txt").stat().st_mtime == 1_000_000_000


@pytest.mark.parametrize(("mode", "kept"), [(0o4755, 0o755), (0o666, 0o644), (0o000, 0o644), (0o111, 0o755)])
def test_modes_keep_only_the_right_to_execute(tmp_path: Path, mode: int, kept: int) -> None:
    into = tmp_path / "into"
    into.mkdir()
    unpack_tar(archive(tmp_path, ("file", "top/x", ""), mode=mode), into, 1)
    assert (into / "x").stat().st_mode & 0o7777 == kept


@pytest.mark.parametrize(
    "members",
    [
        [("file", "/etc/passwd", "x")],
        [("file", "top/../../x", "x")],
        [("sym", "top/x", "/etc")],
        [("sym", "top/x", "../x")],
        [("sym", "top/a/x", "../../y")],
        [("hard", "top/x", "/etc/passwd")],
        [("hard", "top/x", "../../x")],
        [("hard", "top/x", "top/missing")],
        [("sym", "top/x", "a/../b"), ("file", "top/x/y", "z")],
        [("dir", "top/a", ""), ("sym", "top/x", "a"), ("file", "top/x/y", "z")],
        [("dir", "top/a", ""), ("file", "top/a/f", ""), ("sym", "top/x", "a"), ("hard", "top/y", "top/x/f")],
        [("sym", "top/a/b/p", "../.."), ("sym", "top/z", "a/b/p/..")],
        [("6", "top/pipe", "")],
        [("3", "top/device", "")],
    ],
)
def test_what_reaches_outside_or_is_no_file_is_refused(tmp_path: Path, members: list[tuple[str, str, str]]) -> None:
    before = set(tmp_path.parent.iterdir())
    with pytest.raises(UntrustedInput, match=r"a\.tar\.xz"):
        unpack(tmp_path, *members)
    assert set(tmp_path.parent.iterdir()) == before


def test_a_link_may_climb_inside_and_what_is_stripped_is_left_out(tmp_path: Path) -> None:
    into = unpack(tmp_path, ("file", "readme", "x"), ("sym", "top/a/b/c", "../../d"), ("file", "top/d", "d"))
    assert (into / "a/b/c").read_text() == "d"
    assert sorted(path.name for path in into.iterdir()) == ["a", "d"]


def test_the_last_of_two_files_of_one_name_stays(tmp_path: Path) -> None:
    into = unpack(tmp_path, ("file", "top/x", "1"), ("file", "top/x", "2"))
    assert (into / "x").read_text() == "2"


def test_too_many_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wrongarch.recipes.unpack._MOST_BYTES", 10)
    with pytest.raises(UntrustedInput, match="unpacks to more than"):
        unpack(tmp_path, ("file", "top/x", "123456"), ("file", "top/y", "123456"))


def test_damage_is_reported(tmp_path: Path) -> None:
    whole = archive(tmp_path, ("file", "top/x", "1" * 10000)).read_bytes()
    for raw in (b"", b"nonsense", whole[: len(whole) // 2], whole[:60] + b"damaged!" + whole[68:]):
        (tmp_path / "a.tar.xz").write_bytes(raw)
        into = tmp_path / f"into{len(raw)}"
        into.mkdir(exist_ok=True)
        with pytest.raises(UntrustedInput, match="damaged"):
            unpack_tar(tmp_path / "a.tar.xz", into, 1)


names = st.lists(st.sampled_from(["..", ".", "a", "b", "/"]), min_size=1, max_size=4).map("/".join)


@given(
    st.lists(st.tuples(st.sampled_from(["file", "dir", "sym", "hard"]), names, names), max_size=6), st.integers(0, 2)
)
def test_nothing_ever_gets_outside(
    tmp_path_factory: pytest.TempPathFactory, members: list[tuple[str, str, str]], strip: int
) -> None:
    place = tmp_path_factory.mktemp("tar")
    (place / "around").mkdir()
    try:
        into = place / "around" / "into"
        into.mkdir()
        unpack_tar(archive(place, *members), into, strip)
    except (UntrustedInput, OSError):
        pass
    assert sorted(path.name for path in place.iterdir()) == ["a.tar.xz", "around"]
    assert [path.name for path in (place / "around").iterdir()] == ["into"]
    for path in (place / "around/into").rglob("*"):
        assert leads_to(path).is_relative_to(place / "around/into")


def leads_to(path: Path) -> Path:
    try:
        return Path(os.path.realpath(path, strict=True))
    except FileNotFoundError:
        return Path(os.path.realpath(path))
    except OSError:  # a loop leads nowhere, and realpath without strict is wrong about "a -> a//"
        return path
