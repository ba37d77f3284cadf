"""Write a capsule: one pass over the content, in constant memory, beside its place and renamed.

The hashes of all members stand in the first file of the archive, and are only known at the end. So the body is
compressed first, into a file of its own; the head follows as a frame (zstd) or member (gzip) of its own in front of
it, which all readers of these formats take for one stream (RFC 8878, 3; RFC 1952, 2.2).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, NamedTuple

import msgspec

from wrongarch.capsules import frames, members, tarball
from wrongarch.capsules import manifest as manifests
from wrongarch.capsules.frames import Format
from wrongarch.capsules.manifest import Manifest, Member
from wrongarch.errors import MachineError
from wrongarch.paths import staging, sweep_stale, translate_disk_errors

SUFFIXES: dict[Format, str] = {"zst": ".tar.zst", "gz": ".tar.gz"}

_CHUNK = 1 << 20


class Piece(NamedTuple):
    """What becomes a member: content is a file of the host, or bytes. `lasting`: other capsules will have the same."""

    path: str
    kind: Literal["file", "folder", "link"]
    mode: int = 0o755
    source: Path | bytes = b""
    target: str = ""
    lasting: bool = False


class Written(NamedTuple):
    """A finished capsule."""

    path: Path
    size: int
    manifest: Manifest

    @property
    def sha256(self) -> str:
        """Of the file, in hex; read when it is asked for."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


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
    sweep_stale(target.parent)
    with staging(target.parent, f".{target.name}") as work, translate_disk_errors(target):
        with (work / "body").open("w+b") as body, (work / "whole").open("w+b") as whole:
            listed = _write_body(body, form, manifest, _sorted(pieces), progress)
            full = msgspec.structs.replace(manifest, members=listed)
            members.check(manifests.decode(manifests.encode(full)))
            _write_head(whole, form, full)
            frames.copy(body, whole)
            os.fsync(whole.fileno())
            size = os.fstat(whole.fileno()).st_size
        (work / "whole").replace(target)
    return Written(target, size, full)


def _sorted(pieces: Iterable[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: piece.path.encode())


class _Body:
    """The body under way: a stream of headers and contents, cut where a cached frame is put in."""

    def __init__(self, file: IO[bytes], form: Format, effort: frames.Effort) -> None:
        self._file = file
        self._form: Format = form
        self._effort: frames.Effort = effort
        self._packer = frames.compressor(form, effort)

    def add(self, data: bytes) -> None:
        """More of the stream."""
        self._file.write(self._packer.compress(data))

    def end(self) -> None:
        """End the frame."""
        self._file.write(self._packer.flush())

    def insert(self, frame: Path) -> None:
        """A frame that is there already, and a new one after it."""
        self.end()
        frames.append(frame, self._file)
        self._packer = frames.compressor(self._form, self._effort)


def _write_body(
    file: IO[bytes], form: Format, manifest: Manifest, pieces: list[Piece], progress: Callable[[int], None]
) -> tuple[Member, ...]:
    slim = manifest.kind == "slim"
    body = _Body(file, form, "small" if slim else "fast")
    dense = _dense(pieces) if slim and form == "zst" else {}
    listed, done = [], 0
    for piece in pieces:
        size = _size(piece)
        member = Member(path=piece.path, kind=piece.kind, mode=piece.mode, size=size, target=piece.target)
        body.add(tarball.header(f"{manifest.name}/{piece.path}", member, manifest.epoch))
        if piece.kind == "file":
            if isinstance(piece.source, Path) and piece.source in dense:
                digest, frame = dense[piece.source]
                body.insert(frame)
            else:
                digest = _add_content(body, piece, size)
            body.add(tarball.padding(size))
            member = msgspec.structs.replace(member, sha256=digest)
        done += size
        progress(done)
        listed.append(member)
    body.add(tarball.END)
    body.end()
    return tuple(listed)


def _dense(pieces: Iterable[Piece]) -> dict[Path, tuple[str, Path]]:
    """Frames of the large files that other capsules will hold as well."""
    files = [piece.source for piece in pieces if piece.lasting and isinstance(piece.source, Path)]
    large = []
    for file in files:
        with _readable(file):
            if file.stat().st_size >= frames.LARGE:
                large.append(file)
    with _readable(large[0] if large else Path()):
        return frames.prepare(large)


def _add_content(body: _Body, piece: Piece, size: int) -> str:
    digest = hashlib.sha256()
    for data in _content(piece, size):
        digest.update(data)
        body.add(data)
    return digest.hexdigest()


def _write_head(file: IO[bytes], form: Format, manifest: Manifest) -> None:
    raw = manifests.encode(manifest)
    packer = frames.compressor(form, "small")
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
