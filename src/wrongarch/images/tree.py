"""A tree of files as a tar stream that is the same on every machine: sorted, root's, without what differs by the day.

Never whole in memory or on disk: it is made again each time it is read. Format: POSIX.1-2001 (pax) where a name or a
size needs it, else ustar.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from wrongarch.errors import MachineError

CHUNK = 1 << 20
_BLOCK = tarfile.BLOCKSIZE

Progress = Callable[[int], None]
"""Called with the number of bytes that were just read."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A file or folder of the host, with all in it, and its name in the tar (no slash at its start; "": the top).

    `mode` replaces that of a single file.
    """

    source: Path
    name: str = ""
    mode: int | None = None


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A stream by the SHA-256 of its content ("sha256:" and hex) and its size in bytes."""

    digest: str
    size: int


def chunks(parts: Iterable[Part]) -> Iterator[bytes]:
    """The tar stream of `parts`, each sorted by name. Raises MachineError for a file that changes meanwhile."""
    made: set[str] = set()
    for part in parts:
        for folder in reversed(Path(part.name).parents[:-1]):
            if folder.as_posix() not in made:
                made.add(folder.as_posix())
                yield _header(folder.as_posix(), None)
        for path, name in _walk(str(part.source), part.name):
            if name and name not in made:
                made.add(name)
                yield from _entry(path, name, part.mode)
    yield bytes(2 * _BLOCK)


def measure(stream: Iterable[bytes], progress: Progress | None = None) -> Measure:
    """Read a stream to its end."""
    total, size = hashlib.sha256(), 0
    for piece in stream:
        total.update(piece)
        size += len(piece)
        if progress is not None:
            progress(len(piece))
    return Measure(digest=f"sha256:{total.hexdigest()}", size=size)


def _walk(path: str, name: str) -> Iterator[tuple[str, str]]:
    yield path, name
    if not os.path.isdir(path) or os.path.islink(path):  # noqa: PTH112, PTH114  20,000 entries: speed
        return
    with os.scandir(path) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        below = f"{name}/{entry.name}" if name else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, below)
        else:
            yield entry.path, below


def _header(name: str, path: str | None, mode: int | None = None) -> bytes:
    info = tarfile.TarInfo(name)
    if path is None:
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
    status = os.lstat(path)
    info.mode = stat.S_IMODE(status.st_mode) if mode is None else mode
    info.mtime = int(status.st_mtime)
    if stat.S_ISDIR(status.st_mode):
        info.type = tarfile.DIRTYPE
    elif stat.S_ISLNK(status.st_mode):
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, os.readlink(path), 0o777  # noqa: PTH115  as above
    else:
        info.size = status.st_size
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _entry(path: str, name: str, mode: int | None) -> Iterator[bytes]:
    kind = os.lstat(path).st_mode
    if not (stat.S_ISDIR(kind) or stat.S_ISLNK(kind) or stat.S_ISREG(kind)):
        return  # a socket or a device: no image of ours has one
    yield _header(name, path, mode)
    if not stat.S_ISREG(kind):
        return
    with open(path, "rb") as file:  # noqa: PTH123  as above
        size = os.fstat(file.fileno()).st_size
        left = size
        while left and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
    if left:
        raise MachineError(f"{path} became shorter while it was read", fix="run it again when nobody writes there")
    yield bytes(-size % _BLOCK)
