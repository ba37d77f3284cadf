from __future__ import annotations

import gzip
import lzma
import os
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.debs import file, folder, hard, link, member, tar
from wrongarch.debian.debs import Member, control_fields, data_members, extract, link_merged
from wrongarch.errors import UntrustedInput

MakeDeb = Callable[..., Path]


def tree(root: Path) -> dict[str, str]:
    """Every path with what it is: "/" for folders, the target of links, the content of files."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        found[name] = f"-> {path.readlink()}" if path.is_symlink() else "/" if path.is_dir() else path.read_text()
    return found


@pytest.mark.parametrize("suffix", ["", ".xz", ".gz", ".bz2", ".zst"])
def test_each_compression(make_deb: MakeDeb, tmp_path: Path, suffix: str) -> None:
    content = bytes(range(256)) * 4000
    deb = make_deb(folder("./"), folder("./usr/"), file("./usr/big", content), suffix=suffix)
    assert extract(deb, tmp_path / "root") == ["usr/big"]
    assert (tmp_path / "root/usr/big").read_bytes() == content
    assert [member.name for member in data_members(deb)] == ["", "usr", "usr/big"]


def test_control_fields(make_deb: MakeDeb) -> None:
    fields = control_fields(make_deb())
    assert fields == {"Package": "thing", "Version": "1:2.0-1", "Description": "short\nlong\n.\nmore"}


def test_a_control_archive_without_control(make_deb: MakeDeb) -> None:
    path = make_deb()
    other = gzip.compress(tar(file("./md5sums")))
    path.write_bytes(b"!<arch>\n" + member("debian-binary", b"2.0\n") + member("control.tar.gz", other))
    with pytest.raises(UntrustedInput, match="no control file"):
        control_fields(path)


def test_modes_times_links_and_set_id_bits(make_deb: MakeDeb, tmp_path: Path) -> None:
    root = tmp_path / "root"
    deb = make_deb(
        folder("./tmp/", 0o1777),
        folder("./closed/", 0o500),
        file("./closed/in", mode=0o4755),
        file("./usr/lib/no/folder/listed", mode=0o2711),
        link("./abs", "/etc/passwd"),
        link("./rel", "../../outside"),
        hard("./also", "./closed/in"),
        {**folder("./old/"), "mtime": 1_111_111_111},
        file("./old/file"),
    )
    written = extract(deb, root)
    assert written == ["closed/in", "usr/lib/no/folder/listed", "abs", "rel", "also", "old/file"]
    mode = {name: stat.S_IMODE((root / name).lstat().st_mode) for name in ("tmp", "closed", "closed/in", "usr/lib")}
    assert mode == {"tmp": 0o1777, "closed": 0o700, "closed/in": 0o755, "usr/lib": 0o755}
    assert stat.S_IMODE((root / "usr/lib/no/folder/listed").stat().st_mode) == 0o711
    assert (root / "abs").readlink() == Path("/etc/passwd")
    assert (root / "also").stat().st_ino == (root / "closed/in").stat().st_ino
    assert (root / "old").stat().st_mtime == 1_111_111_111
    assert (root / "old/file").stat().st_mtime == 1_000_000_000
    assert (root / "rel").lstat().st_mtime == 1_000_000_000


def test_select_sees_kinds_and_takes_only_what_it_wants(make_deb: MakeDeb, tmp_path: Path) -> None:
    deb = make_deb(folder("./usr/"), file("./usr/a", b"a"), file("./usr/b"), link("./usr/c", "a"))
    seen: list[Member] = []

    def select(member: Member) -> bool:
        seen.append(member)
        return member.name == "usr/a"

    assert extract(deb, tmp_path / "root", select=select) == ["usr/a"]
    assert tree(tmp_path / "root") == {"usr": "/", "usr/a": "a"}
    assert [(member.name, member.kind, member.size, member.link) for member in seen] == [
        ("usr", "folder", 0, ""),
        ("usr/a", "file", 1, ""),
        ("usr/b", "file", 1, ""),
        ("usr/c", "symlink", 0, "a"),
    ]


def test_a_merged_usr(make_deb: MakeDeb, tmp_path: Path) -> None:
    root = tmp_path / "root"
    deb = make_deb(
        folder("./bin/"),
        file("./bin/sh", b"sh"),
        hard("./bin/dash", "./bin/sh"),
        file("./lib/x86_64-linux-gnu/libc.so.6", b"libc"),
        link("./lib64/ld.so", "../lib/x86_64-linux-gnu/ld.so"),
        file("./library", b"no folder of links"),
        file("./usr/bin/env", b"env"),
        link("./sbin", "usr/sbin"),
    )
    extract(deb, root, merged_usr=True)
    extract(deb, root, merged_usr=True)
    assert tree(root) == {
        "bin": "-> usr/bin",
        "lib": "-> usr/lib",
        "lib64": "-> usr/lib64",
        "library": "no folder of links",
        "usr": "/",
        "usr/bin": "/",
        "usr/bin/dash": "sh",
        "usr/bin/env": "env",
        "usr/bin/sh": "sh",
        "usr/lib": "/",
        "usr/lib/x86_64-linux-gnu": "/",
        "usr/lib/x86_64-linux-gnu/libc.so.6": "libc",
        "usr/lib64": "/",
        "usr/lib64/ld.so": "-> ../lib/x86_64-linux-gnu/ld.so",
    }
    (root / "usr/sbin").mkdir()
    link_merged(root)
    assert (root / "sbin").readlink() == Path("usr/sbin")


def test_packages_on_top_of_each_other_behave_as_in_dpkg(make_deb: MakeDeb, tmp_path: Path) -> None:
    root = tmp_path / "root"
    extract(make_deb(folder("./real/"), link("./alias", "real"), file("./f", b"old"), link("./g", "f")), root)
    extract(make_deb(folder("./alias/"), file("./alias/in", b"in"), link("./real", "elsewhere")), root)
    extract(make_deb(file("./g", b"new"), link("./f", "g"), hard("./h", "./g"), hard("./alias/in", "./g")), root)
    assert tree(root) == {
        "alias": "-> real",
        "f": "-> g",
        "g": "new",
        "h": "new",
        "real": "/",
        "real/in": "new",
    }


def test_links_on_the_way_stay_in_the_root(make_deb: MakeDeb, tmp_path: Path) -> None:
    root = tmp_path / "root"
    outside = tmp_path / "outside"
    outside.mkdir()
    entries = [
        folder("./etc/"),
        folder("./deep/er/"),
        link("./absolute", "/etc"),
        link("./escape", "../../../../etc"),
        link("./deep/er/up", "../../etc/."),
        file("./absolute/a"),
        file("./escape/b"),
        file("./deep/er/up/c"),
    ]
    extract(make_deb(*entries), root)
    assert {name for name in tree(root) if name.startswith("etc/")} == {"etc/a", "etc/b", "etc/c"}
    with pytest.raises(UntrustedInput, match="link to nowhere"):
        extract(make_deb(link("./evil", str(outside)), file("./evil/d")), root)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([file("../out")], "leads out"),
        ([file("./usr/../../out")], "leads out"),
        ([link("./", "x")], "replaces / itself"),
        ([{"name": "./null", "type": tarfile.CHRTYPE}], "device"),
        ([{"name": "./pipe", "type": tarfile.FIFOTYPE}], "device"),
        ([hard("./h", "./nothing")], "not extracted"),
        ([hard("./h", "../../etc/passwd")], "hard link to"),
        ([file("./h"), hard("./h", "./h")], "itself"),
        ([link("./l", "/etc/shadow"), hard("./h", "./l")], "no file"),
        ([folder("./d/"), hard("./h", "./d")], "no file"),
        ([folder("./d/"), file("./d")], "folder in its place"),
        ([file("./f"), file("./f/below")], "no folder"),
        ([file("./f"), folder("./f/")], "no folder"),
        ([link("./a", "b"), link("./b", "a"), file("./a/x")], "never ends"),
    ],
)
def test_hostile_packages_are_refused(
    make_deb: MakeDeb, tmp_path: Path, entries: list[dict[str, Any]], why: str
) -> None:
    with pytest.raises(UntrustedInput, match=why) as caught:
        extract(make_deb(*entries), tmp_path / "deep/down/root")
    assert "rm " in caught.value.fix
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "package1.deb"]


def broken(make_deb: MakeDeb) -> dict[str, bytes]:
    sound = make_deb(file("./f", b"x" * 5000)).read_bytes()
    plain = make_deb(file("./f", b"x" * 5000), file("./g"), suffix="").read_bytes()
    at = plain.index(b"./g")
    return {
        "empty": b"",
        "no ar": b"x" * 500,
        "only magic": b"!<arch>\n",
        "other first member": sound.replace(b"debian-binary", b"debian-bonary"),
        "other version": sound.replace(b"2.0\n", b"3.0\n", 1),
        "no data": sound[: sound.index(b"data.tar.xz")],
        "unknown compression": sound.replace(b"data.tar.xz ", b"data.tar.lzo"),
        "bad size": sound.replace(b"4         `\n", b"4x        `\n", 1),
        "bad end of header": sound.replace(b"`\n", b"'\n", 1),
        "no ascii": sound.replace(b"data.tar.xz", b"data.tar.x\xff"),
        "damaged xz": sound[:-40] + b"\0" * 20 + sound[-20:],
        "cut": sound[:-30],
        "damaged tar header": plain[:at] + b"./h" + plain[at + 3 :],
        "cut tar": plain[: plain.index(b"data.tar") + 60 + 512 + 1000],
    }


@pytest.mark.parametrize("name", [
    "empty", "no ar", "only magic", "other first member", "other version", "no data", "unknown compression",
    "bad size", "bad end of header", "no ascii", "damaged xz", "cut", "damaged tar header", "cut tar",
])  # fmt: skip
def test_malformed_packages_are_refused(make_deb: MakeDeb, tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.deb"
    path.write_bytes(broken(make_deb)[name])
    with pytest.raises(UntrustedInput, match="no sound Debian package"):
        extract(path, tmp_path / "root")


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".zst", ".xz"])
@pytest.mark.parametrize("data", [b"not compressed at all", b""])
def test_data_that_is_not_what_its_name_says(make_deb: MakeDeb, tmp_path: Path, suffix: str, data: bytes) -> None:
    with pytest.raises(UntrustedInput):
        extract(make_deb(suffix=suffix, data=data), tmp_path / "root")


def test_a_package_without_control_or_end(make_deb: MakeDeb, tmp_path: Path) -> None:
    path = make_deb()
    path.write_bytes(path.read_bytes().replace(b"control.tar.gz", b"kontrol.tar.gz"))
    with pytest.raises(UntrustedInput, match=r"no control\.tar"):
        control_fields(path)
    endless = lzma.compress(b"\0" * 512)  # one block of zeros is enough of an end
    assert extract(make_deb(data=endless), tmp_path / "root") == []
    with pytest.raises(UntrustedInput, match="damaged"):
        extract(make_deb(data=lzma.compress(b"")), tmp_path / "root")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_gives_one_kind_of_error(make_deb: MakeDeb, tmp_path: Path, data: st.DataObject) -> None:
    suffix = data.draw(st.sampled_from(["", ".xz", ".gz", ".zst"]))
    raw = bytearray(make_deb(file("./usr/f", b"abc" * 500), link("./l", "usr"), suffix=suffix).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.deb"
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    before = set(os.listdir(tmp_path.parent))  # noqa: PTH208 - names alone
    try:
        control_fields(path)
        extract(path, tmp_path / "root")
    except UntrustedInput:
        pass
    assert set(os.listdir(tmp_path.parent)) == before  # noqa: PTH208
