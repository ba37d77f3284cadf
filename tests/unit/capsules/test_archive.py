"""Writing and reading of capsules: one way to write, and every other refused before anything is written."""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from tests.support import capsules
from wrongarch.capsules import manifest as manifests
from wrongarch.capsules import read, tarball
from wrongarch.capsules.manifest import Member
from wrongarch.capsules.write import Piece, head, write
from wrongarch.errors import MachineError, UntrustedInput, UsageError


def made(folder: Path, name: str = "sample.tar.zst", **changes: Any) -> Path:
    return write(folder / name, capsules.sound(**changes), capsules.pieces()).path


@pytest.mark.parametrize("name", ["sample.tar.zst", "sample.tar.gz"])
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    file = made(tmp_path, name)
    into = tmp_path / "out"
    into.mkdir()
    manifest = read.unpack(file, into)
    assert read.inspect(file) == read.verify(file) == manifest
    assert (into / "root" / "usr" / "bin" / "program").read_bytes() == b"\x7fELF program"
    assert (into / "root" / "bin").readlink() == Path("usr/bin")
    assert (into / "replay").stat().st_mode & 0o777 == 0o755
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([name, "out"])
    for member in manifest.members:
        if member.kind == "file":
            assert hashlib.sha256((into / member.path).read_bytes()).hexdigest() == member.sha256


@pytest.mark.parametrize("name", ["sample.tar.zst", "sample.tar.gz"])
def test_the_same_failure_is_the_same_bytes(tmp_path: Path, name: str) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    backwards = list(reversed(capsules.pieces()))
    one = write(first / name, capsules.sound(), capsules.pieces())
    two = write(second / name, capsules.sound(), backwards)
    assert one.path.read_bytes() == two.path.read_bytes()
    assert one.sha256 == two.sha256 == hashlib.sha256(one.path.read_bytes()).hexdigest()


def test_a_long_name_and_an_odd_one(tmp_path: Path) -> None:
    deep = ["root/" + "/".join(["x" * 90] * number) for number in range(1, 4)]
    more = [
        *(Piece(path, "folder") for path in deep),
        Piece(f"{deep[-1]}/tail", "file", 0o644, b"deep"),
        Piece("root/größe", "file", 0o644, b"odd"),
        Piece("root/link", "link", 0o777, target=f"{deep[-1].removeprefix('root/')}/tail"),
    ]
    file = write(tmp_path / "x.tar.gz", capsules.sound(), [*capsules.pieces(), *more]).path
    into = tmp_path / "out"
    into.mkdir()
    read.unpack(file, into)
    assert (into / "root" / "link").read_bytes() == b"deep"
    with tarfile.open(file) as tar:  # as others read it
        names = tar.getnames()
        assert f"sample/{deep[-1]}/tail" in names
        assert "sample/root/größe" in names
        assert {(entry.uid, entry.gid, entry.uname, entry.mtime) for entry in tar.getmembers()} == {
            (0, 0, "", capsules.EPOCH)
        }


def test_a_large_lasting_file_is_packed_once(tmp_path: Path) -> None:
    large = tmp_path / "library"
    large.write_bytes(os.urandom(1 << 16) * 20)
    pieces = [*capsules.pieces(), Piece("root/usr/library", "file", 0o644, large, lasting=True)]
    first = write(tmp_path / "a.tar.zst", capsules.sound(), pieces)
    cached = list((tmp_path / "home" / "cache" / "frames").iterdir())
    second = write(tmp_path / "b.tar.zst", capsules.sound(), pieces)
    assert len(cached) == 1
    assert first.sha256 == second.sha256
    assert read.verify(first.path).members == first.manifest.members
    assert list((tmp_path / "home" / "cache" / "frames").iterdir()) == cached


def test_nothing_is_left_of_what_could_not_be_written(tmp_path: Path) -> None:
    missing = Piece("root/usr/gone", "file", 0o644, tmp_path / "gone")
    with pytest.raises(MachineError, match="cannot read"):
        write(tmp_path / "x.tar.zst", capsules.sound(), [*capsules.pieces(), missing])
    bad = Piece("root/usr/up", "link", 0o777, target="../../..")
    with pytest.raises(UntrustedInput, match="leads out"):
        write(tmp_path / "x.tar.zst", capsules.sound(), [*capsules.pieces(), bad])
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_capsule(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read.verify(tmp_path / "missing")
    with pytest.raises(UsageError):
        read.verify(tmp_path)
    (tmp_path / "text").write_text("hello, this is no archive")
    with pytest.raises(UntrustedInput, match="neither zstd nor gzip"):
        read.verify(tmp_path / "text")
    other = tmp_path / "other.tar.gz"
    with tarfile.open(other, "w:gz") as tar:
        tar.add(tmp_path / "text", arcname="text")
    with pytest.raises(UntrustedInput, match="no capsule of ours"):
        read.verify(other)


def entry(name: str, kind: bytes, **changes: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type = kind
    data = changes.pop("data", b"")
    info.size = len(data)
    for key, value in changes.items():
        setattr(info, key, value)
    return info, data


def with_members(*more: Member, drop: str = "") -> bytes:
    """A consistent archive, whose manifest has these members besides."""
    listed = [one for one in capsules.sound().members if one.path != drop]
    every = sorted([*listed, *more], key=lambda one: one.path.encode("utf-8", "surrogatepass"))
    return capsules.archive(capsules.sound(members=tuple(every)))


def a_file(path: str, **changes: Any) -> Member:
    values: dict[str, Any] = {"mode": 0o644, "sha256": hashlib.sha256(b"").hexdigest(), **changes}
    return Member(path=path, kind="file", **values)


def a_link(path: str, target: str, mode: int = 0o777) -> Member:
    return Member(path=path, kind="link", mode=mode, target=target)


def a_folder(path: str, mode: int = 0o755) -> Member:
    return Member(path=path, kind="folder", mode=mode)


def repeated(times: int) -> bytes:
    one = capsules.sound()
    return capsules.archive(msgspec.structs.replace(one, members=tuple(list(one.members) * times)))


def bomb() -> bytes:
    """Says truthfully that a file of 2 GiB follows; the archive itself is small."""
    size = 2 << 30
    return with_members(a_file("root/zeros", size=size))


def huge_manifest() -> bytes:
    stream = head(capsules.sound(), b" " * 512)
    block = bytearray(stream[512:1024])
    block[124:136] = b"%011o\0" % (1 << 30)
    return stream[:512] + bytes(block) + stream[1024:]


def changed(old: bytes, new: bytes) -> bytes:
    stream = capsules.archive(capsules.sound())
    assert old in stream
    return stream.replace(old, new, 1)


def raw_manifest(**changes: Any) -> bytes:
    """A head whose JSON says something that the model does not allow."""
    text = msgspec.json.decode(manifests.encode(capsules.sound()))
    text.update(changes)
    return capsules.archive(capsules.sound(), raw=msgspec.json.encode(text))


HOSTILE: dict[str, Callable[[], bytes]] = {
    # names
    "absolute path": lambda: with_members(a_file("/etc/passwd")),
    "upwards": lambda: with_members(a_file("root/../../outside")),
    "upwards at the start": lambda: with_members(a_file("../outside")),
    "dot": lambda: with_members(a_file("root/./x")),
    "empty part": lambda: with_members(a_file("root//x")),
    "control characters": lambda: with_members(a_file("root/\x1b[2Jx")),
    "new line": lambda: with_members(a_file("root/a\nb")),
    "right to left": lambda: with_members(a_file("root/\u202egnp.exe")),
    "a place of its own": lambda: with_members(a_file(".bashrc")),
    "too long a part": lambda: with_members(a_file("root/" + "x" * 256)),
    "too deep": lambda: with_members(*(a_folder("root" + "/d" * number) for number in range(1, 200))),
    "parent missing": lambda: with_members(a_file("root/no/such")),
    "parent is a link": lambda: with_members(a_file("root/bin/evil")),
    "parent is a file": lambda: with_members(a_file("replay/evil")),
    "twice": lambda: with_members(a_file("root/usr/bin/program")),
    "out of order": lambda: capsules.archive(capsules.sound(members=tuple(reversed(capsules.sound().members)))),
    # links
    "absolute link": lambda: with_members(a_link("root/evil", "/etc/passwd")),
    "link upwards": lambda: with_members(a_link("root/evil", "../../x")),
    "link upwards through a link": lambda: with_members(
        a_link("root/usr/bin/a", "../.."), a_link("root/usr/bin/evil", "a/../x")
    ),
    "link outside of root": lambda: with_members(a_link("evil", "root")),
    "link in recorded": lambda: with_members(a_link("recorded/2.txt", "1.txt")),
    "link without a target": lambda: with_members(a_link("root/evil", "")),
    # modes
    "setuid": lambda: with_members(a_file("root/su", mode=0o1755)),
    "unreadable folder": lambda: with_members(a_folder("root/closed", mode=0o000)),
    "sticky link": lambda: with_members(a_link("root/l", "usr", mode=0o1777)),
    # kinds that tar knows and we do not
    "device": lambda: capsules.plain_tar([entry("README.txt", tarfile.CHRTYPE, devmajor=1, devminor=3)]),
    "block device": lambda: capsules.plain_tar([entry("README.txt", tarfile.BLKTYPE, devmajor=8)]),
    "fifo": lambda: capsules.plain_tar([entry("README.txt", tarfile.FIFOTYPE)]),
    "hard link": lambda: capsules.plain_tar([entry("README.txt", tarfile.LNKTYPE, linkname="/etc/shadow")]),
    "sparse": lambda: capsules.plain_tar([entry("README.txt", tarfile.GNUTYPE_SPARSE, data=b"x")]),
    "real setuid": lambda: capsules.plain_tar([entry("README.txt", tarfile.REGTYPE, mode=0o4755, data=b"read me\n")]),
    "owner": lambda: capsules.plain_tar([entry("README.txt", tarfile.REGTYPE, uid=1000, data=b"read me\n")]),
    "global header": lambda: changed(b"ustar\x0000", b"ustar  \0"),
    # sizes and counts
    "bomb": bomb,
    "repeated": lambda: repeated(50),
    "huge manifest": huge_manifest,
    "negative size": lambda: raw_manifest(members=[{"path": "root", "kind": "folder", "mode": 493, "size": -1}]),
    "absurd count": lambda: raw_manifest(tests=[]),
    # contents
    "wrong content": lambda: changed(b"\x7fELF program", b"\x7fELF PROGRAM"),
    "content after content": lambda: changed(b"giving up\n" + bytes(10), b"giving up\n" + b"x" * 10),
    "trailing archive": lambda: capsules.archive(capsules.sound()) + b"x" * 1024,
    "one more member": lambda: capsules.archive(
        capsules.sound(), extra=tarball.header("sample/root/more", a_file("root/more"), capsules.EPOCH)
    ),
    "truncated": lambda: capsules.archive(capsules.sound())[:-2000],
    "only a head": lambda: head(capsules.sound(), manifests.encode(capsules.sound())),
    # manifests
    "unknown field": lambda: raw_manifest(extra=1),
    "newer format": lambda: raw_manifest(format=99),
    "another name": lambda: raw_manifest(name="other"),
    "name with a slash": lambda: raw_manifest(name="../x"),
    "no JSON": lambda: capsules.archive(capsules.sound(), raw=b"{" * 5000),
    "another emulator": lambda: capsules.archive(capsules.manifest(members=capsules.members())),
    "no replay": lambda: with_members(drop="replay"),
    "no output": lambda: with_members(drop="recorded/1.txt"),
    "no root": lambda: capsules.archive(
        capsules.sound(members=tuple(one for one in capsules.sound().members if not one.path.startswith("root")))
    ),
    "an arch that is none": lambda: capsules.archive(capsules.sound(tests=(capsules.test_of(), capsules.test_of()))),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_refused(kind: str, tmp_path: Path) -> None:
    file = capsules.pack(tmp_path / "evil.tar.zst", HOSTILE[kind]())
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(UntrustedInput) as refused:
        read.unpack(file, into)
    assert refused.value.what.startswith(str(file))
    assert list(into.iterdir()) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["evil.tar.zst", "into"]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda raw: raw[: len(raw) // 2],
    "short": lambda raw: raw[:-9],
    "garbage": lambda raw: raw + b"garbage",
    "a bit": lambda raw: raw[:200] + bytes([raw[200] ^ 0x10]) + raw[201:],
    "doubled": lambda raw: raw + raw,
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", ["sample.tar.zst", "sample.tar.gz"])
def test_a_damaged_file_is_refused(name: str, damage: str, tmp_path: Path) -> None:
    file = made(tmp_path, name)
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(UntrustedInput):
        read.unpack(file, into)
    assert list(into.iterdir()) == []


def test_a_window_that_takes_all_memory_is_refused(tmp_path: Path) -> None:
    stream = capsules.archive(capsules.sound()) + bytes(1 << 20)
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=30)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    file = tmp_path / "wide.tar.zst"
    file.write_bytes(packed.compress(stream) + packed.flush())
    with pytest.raises(UntrustedInput):
        read.verify(file)


@pytest.mark.parametrize("suffix", [".zst", ".gz"])
def test_a_compressed_bomb_takes_little_memory(suffix: str, tmp_path: Path) -> None:
    """What expands a thousandfold is read in pieces, and not beyond what the manifest says."""
    stream = capsules.archive(capsules.sound())[:-1024] + bytes(256 << 20)
    raw = zstandard.ZstdCompressor().compress(stream) if suffix == ".zst" else gzip.compress(stream, 1)
    file = tmp_path / f"bomb.tar{suffix}"
    file.write_bytes(raw)
    del stream
    tracemalloc.start()
    try:
        with pytest.raises(UntrustedInput, match="follows after"):
            read.verify(file)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


def test_names_that_tar_would_cut(tmp_path: Path) -> None:
    """A pax record is compared like everything else."""
    long = "root/" + "n" * 150
    stream = with_members(a_file(long))
    assert b"path=sample/" in stream
    file = capsules.pack(tmp_path / "x.tar.zst", stream)
    assert read.verify(file)
    evil = stream.replace(b"path=sample/root/nnn", b"path=sample/../nnnnn"[:20], 1)
    with pytest.raises(UntrustedInput):
        read.verify(capsules.pack(tmp_path / "y.tar.zst", evil))
