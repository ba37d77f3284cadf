"""Write a capsule: one pass over the content, in constant memory, beside its place and renamed.

The hashes of all members stand in the first file of the archive, and are only known at the end. So the body is
compressed first, into a file of its own; the head follows as a frame (zstd) or member (gzip) of its own in front of
it, which all readers of these formats take for one stream (RFC 8878, 3; RFC 1952, 2.2).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, NamedTuple, Protocol

import msgspec
import zstandard

from wrongarch.capsules import manifest as manifests
from wrongarch.capsules import members, tarball
from wrongarch.capsules.manifest import Manifest, Member
from wrongarch.errors import MachineError
from wrongarch.paths import translate_disk_errors

Format = Literal["zst", "gz"]
SUFFIXES: dict[Format, str] = {"zst": ".tar.zst", "gz": ".tar.gz"}

LEVEL = 9
WINDOW_LOG = 24  # 16 MiB: every zstd unpacks it without being asked to
GZIP_LEVEL = 6
_CHUNK = 1 << 20


class Piece(NamedTuple):
    """What becomes a member: content is a file of the host, or bytes."""

    path: str
    kind: Literal["file", "folder", "link"]
    mode: int = 0o755
    source: Path | bytes = b""
    target: str = ""


class Written(NamedTuple):
    """A finished capsule."""

    path: Path
    sha256: str
    size: int
    manifest: Manifest


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def write(
    target: Path,
    manifest: Manifest,
    pieces: Iterable[Piece],
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> Written:
    """Write `manifest` (whose `members` are replaced) and `pieces`, in any order, as the capsule `target`.

    The format follows from the name. `progress` hears how many bytes of content are done. Raises MachineError if a file
    changes meanwhile, cannot be read, or the disk is full; UntrustedInput for what no reader would take. Nothing but a
    whole capsule is ever at `target`.
    """
    form: Format = "gz" if target.name.endswith(".gz") else "zst"
    with _beside(target, "body") as body_path, _beside(target, "new") as whole_path:
        with body_path.open("w+b") as body, whole_path.open("w+b") as whole:
            listed = _write_body(body, form, manifest, _sorted(pieces), progress)
            full = msgspec.structs.replace(manifest, members=listed)
            members.check(full)
            _write_head(whole, form, full)
            body.seek(0)
            shutil.copyfileobj(body, whole, _CHUNK)
            whole.flush()
            os.fsync(whole.fileno())
            whole.seek(0)
            digest = hashlib.file_digest(whole, "sha256").hexdigest()
            size = whole.tell()
        whole_path.replace(target)
    return Written(target, digest, size, full)


def _sorted(pieces: Iterable[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: piece.path.encode())


@contextmanager
def _beside(target: Path, what: str) -> Iterator[Path]:
    """A name beside `target`, with whose file nothing is left when it was not renamed."""
    path = target.with_name(f".{target.name}.{what}.tmp-{os.getpid()}-{os.urandom(6).hex()}")
    try:
        with translate_disk_errors(target):
            yield path
    finally:
        path.unlink(missing_ok=True)


def _compressor(form: Format) -> _Compressor:
    if form == "gz":
        return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)  # 31: with gzip's header, without name and time
    parameters = zstandard.ZstdCompressionParameters.from_level(LEVEL, window_log=WINDOW_LOG, write_checksum=1)
    return zstandard.ZstdCompressor(compression_params=parameters).compressobj()


def _write_body(
    file: IO[bytes], form: Format, manifest: Manifest, pieces: list[Piece], progress: Callable[[int], None]
) -> tuple[Member, ...]:
    packer = _compressor(form)
    listed, done = [], 0
    for piece in pieces:
        size = _size(piece)
        member = Member(path=piece.path, kind=piece.kind, mode=piece.mode, size=size, target=piece.target)
        file.write(packer.compress(tarball.header(f"{manifest.name}/{piece.path}", member, manifest.epoch)))
        if piece.kind == "file":
            digest = hashlib.sha256()
            for data in _content(piece, size):
                digest.update(data)
                file.write(packer.compress(data))
                done += len(data)
                progress(done)
            file.write(packer.compress(tarball.padding(size)))
            member = msgspec.structs.replace(member, sha256=digest.hexdigest())
        listed.append(member)
    file.write(packer.compress(tarball.END) + packer.flush())
    return tuple(listed)


def _write_head(file: IO[bytes], form: Format, manifest: Manifest) -> None:
    raw = manifests.encode(manifest)
    packer = _compressor(form)
    file.write(packer.compress(head(manifest, raw)) + packer.flush())


def head(manifest: Manifest, raw: bytes) -> bytes:
    """What the archive begins with: the capsule's folder, and the manifest in it."""
    folder = tarball.header(manifest.name, Member(path=manifest.name, kind="folder", mode=0o755), manifest.epoch)
    file = Member(path=manifests.NAME, kind="file", mode=0o644, size=len(raw))
    name = f"{manifest.name}/{manifests.NAME}"
    return folder + tarball.header(name, file, manifest.epoch) + raw + tarball.padding(len(raw))


def _size(piece: Piece) -> int:
    if piece.kind != "file":
        return 0
    if isinstance(piece.source, bytes):
        return len(piece.source)
    with _readable(piece.source):
        return piece.source.stat().st_size


def _content(piece: Piece, size: int) -> Iterator[bytes]:
    if isinstance(piece.source, bytes):
        yield piece.source
        return
    left = size
    with _readable(piece.source), piece.source.open("rb", buffering=0) as file:
        while left:
            data = file.read(min(left, _CHUNK))
            if not data:
                break
            left -= len(data)
            yield data
        if left or file.read(1):
            raise MachineError(f"{piece.source} changed while it was put into a capsule", fix="run it again")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            raise  # of the archive, not of this file
        raise MachineError(f"cannot read {path} for a capsule: {error.strerror}", fix=f"see: ls -l {path}") from error
