"""Read a capsule that a stranger made: check all of it, then unpack it. What is not exactly ours is refused.

The manifest comes first and lists every member; each header must be, byte for byte, the one that we would write for
it, and each content must have its hash. So no other reader of tar is involved, and nothing in an archive is
interpreted that the manifest did not announce and `members.check` did not accept. Limits: see `manifest` (64 MiB of
manifest, 250,000 members, 16 GiB unpacked) and `members` (300 times the size of the archive).
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import zstandard

from wrongarch.capsules import manifest as manifests
from wrongarch.capsules import members, tarball
from wrongarch.capsules.manifest import Manifest, Member
from wrongarch.capsules.write import head
from wrongarch.errors import UntrustedInput, UsageError
from wrongarch.paths import translate_disk_errors

_ZSTD, _GZIP = b"\x28\xb5\x2f\xfd", b"\x1f\x8b"
_LARGEST_WINDOW = 1 << 27
_CHUNK = 1 << 20
Progress = Callable[[int, int], None]
"""Called with the bytes of content done, and their total."""


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def inspect(path: Path) -> Manifest:
    """The manifest alone, checked for itself; the members' contents are not looked at.

    Raises UntrustedInput for what is no sound capsule, UsageError for what cannot be read.
    """
    with _opened(path) as (stream, size):
        manifest = _manifest(stream)
        members.check(manifest, size)
        return manifest


def verify(path: Path, progress: Progress = lambda *_: None) -> Manifest:
    """Read all of it and write nothing. Raises as `inspect` does."""
    with _opened(path) as (stream, size):
        return _read(stream, size, None, progress)


def unpack(path: Path, into: Path, progress: Progress = lambda *_: None) -> Manifest:
    """Verify all of it, then write its members into the folder `into`, which must be new and empty.

    Without the capsule's own folder around them. Raises as `inspect` does, before anything is written, and
    MachineError on a full disk.
    """
    with _opened(path) as (stream, size):
        _read(stream, size, None, progress)
    with _opened(path) as (stream, size), translate_disk_errors(into):  # checked anew: the file may be another by now
        return _read(stream, size, into, lambda *_: None)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[_Stream, int]]:
    """The decompressed stream of a file, and the file's size. What goes wrong in reading it is UntrustedInput."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", fix="give the path of a capsule") from error
    with file:
        if not path.is_file():
            raise UsageError(f"{path} is no file", fix="give the path of a capsule")
        start = file.read(4)
        file.seek(0)
        if start != _ZSTD and start[:2] != _GZIP:
            raise UntrustedInput(
                f"{path} is no capsule: neither zstd nor gzip", fix="give a .tar.zst or .tar.gz of ours"
            )
        try:
            yield _decompressed(file, start), os.fstat(file.fileno()).st_size
        except (zstandard.ZstdError, zlib.error, EOFError) as error:
            raise UntrustedInput(f"{path} is damaged: {error}", fix=_ANOTHER) from error
        except UntrustedInput as error:
            raise UntrustedInput(f"{path}: {error.what}", fix=error.fix or _ANOTHER, detail=error.detail) from error


_ANOTHER = "get the capsule again, or do without it: nothing of it was unpacked"


def _decompressed(file: IO[bytes], start: bytes) -> _Stream:
    if start == _ZSTD:
        unpacker = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
        return unpacker.stream_reader(file, read_size=1 << 17, read_across_frames=True)
    return _Gzip(file)


class _Gzip:
    """A gzip file of several members, read in bounded pieces."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._member = zlib.decompressobj(31)
        self._raw = b""
        self._begun = True

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end. EOFError if it ends within a member."""
        while True:
            if self._member.eof:
                self._raw = self._member.unused_data or self._file.read(_CHUNK)
                if not self._raw:
                    return b""
                self._member = zlib.decompressobj(31)
            raw = self._member.unconsumed_tail or self._raw or self._file.read(1 << 17)
            self._raw = b""
            if not raw:
                raise EOFError("it ends too early")
            data = self._member.decompress(raw, size)
            if data:
                return data


def _exactly(stream: _Stream, size: int) -> bytes:
    pieces = []
    while size:
        data = stream.read(min(size, _CHUNK))
        if not data:
            raise UntrustedInput("it ends too early")
        pieces.append(data)
        size -= len(data)
    return b"".join(pieces)


def _manifest(stream: _Stream) -> Manifest:
    """The head of an archive: two headers and the manifest, which must be what we would write for it."""
    start = _exactly(stream, 2 * tarball.BLOCK)
    name, size = tarball.first_name(start), tarball.size_field(start[tarball.BLOCK :])
    if not name or size is None or size == 0:
        raise UntrustedInput(f"it does not begin with a folder and its {manifests.NAME}: no capsule of ours")
    if size > manifests.LARGEST_MANIFEST:
        raise UntrustedInput(
            f"its {manifests.NAME} has {size >> 20} MiB; at most {manifests.LARGEST_MANIFEST >> 20} are read"
        )
    raw = _exactly(stream, size)
    manifest = manifests.decode(raw)
    if start + raw + _exactly(stream, -size % tarball.BLOCK) != head(manifest, raw):
        raise UntrustedInput(f"its head is not the one of a capsule named {manifest.name!r}")
    return manifest


def _read(stream: _Stream, size: int, into: Path | None, progress: Progress) -> Manifest:
    manifest = _manifest(stream)
    members.check(manifest, size)
    total, done = sum(member.size for member in manifest.members), 0
    for member in manifest.members:
        _expect_header(stream, manifest, member)
        if member.kind == "file":
            _file(stream, member, into)
            done += member.size
            progress(done, total)
        elif into is not None:
            _make(member, into)
    if _exactly(stream, len(tarball.END)) != tarball.END or stream.read(1):
        raise UntrustedInput("something follows after its last member")
    for member in reversed(manifest.members) if into is not None else ():
        if into is not None and member.kind == "folder":
            (into / member.path).chmod(member.mode)
    return manifest


def _expect_header(stream: _Stream, manifest: Manifest, member: Member) -> None:
    wanted = tarball.header(f"{manifest.name}/{member.path}", member, manifest.epoch)
    found = _exactly(stream, len(wanted))
    if found != wanted:
        name = found[:100].rstrip(b"\0").decode(errors="replace")
        kind = chr(found[156]) if 32 < found[156] < 127 else "?"
        raise UntrustedInput(
            f"where its member {member.path[:200]!r} has to be, something else is (a header of type {kind!r} "
            f"that names {name!r})"
        )


def _file(stream: _Stream, member: Member, into: Path | None) -> None:
    digest = hashlib.sha256()
    if into is None:
        for data in _pieces(stream, member.size):
            digest.update(data)
    else:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(into / member.path, flags, 0o600)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            for data in _pieces(stream, member.size):
                digest.update(data)
                _write_all(file, data)
            os.fchmod(descriptor, member.mode)
    if digest.hexdigest() != member.sha256:
        raise members.refused(member.path, "its content is not what the manifest says (sha256)")
    if _exactly(stream, -member.size % tarball.BLOCK).strip(b"\0"):
        raise members.refused(member.path, "something follows after its content")


def _pieces(stream: _Stream, size: int) -> Iterator[bytes]:
    while size:
        data = stream.read(min(size, _CHUNK))
        if not data:
            raise UntrustedInput("it ends too early")
        size -= len(data)
        yield data


def _write_all(file: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _make(member: Member, into: Path) -> None:
    place = into / member.path
    if member.kind == "folder":
        place.mkdir(mode=0o700)
    else:
        place.symlink_to(member.target)
