"""Compressed pieces of a capsule: fast for what is written once, small for what is in every capsule.

A zstd file may be any number of frames (RFC 8878, 3). So a large file that never changes (a library of the image, the
emulator) gets a frame of its own, compressed as small as is bearable once, and copied from the cache from then on. The
bytes are the same either way.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
import zlib
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal, Protocol

import zstandard

from wrongarch import paths

Format = Literal["zst", "gz"]
Effort = Literal["fast", "small"]
"""`fast` for much content (whole roots), `small` for little."""

FAST_LEVEL = -1
SMALL_LEVEL = 9
GZIP_LEVEL = 6
WINDOW_LOG = 24  # 16 MiB: every zstd unpacks it without being asked to
LARGE = 1 << 20
"""Bytes from which a file may have a frame of its own."""

_DENSE = {
    "window_log": WINDOW_LOG,
    "chain_log": 21,
    "hash_log": 21,
    "search_log": 3,
    "min_match": 3,
    "target_length": 16,
    "strategy": zstandard.STRATEGY_BTOPT,
    "write_checksum": 1,
}
_CHUNK = 1 << 20
_NOT_HERE = {errno.EXDEV, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.EPERM}  # another file system


class Compressor(Protocol):
    """As those of zlib and zstandard."""

    def compress(self, data: bytes, /) -> bytes:
        """Take more; what is ready so far."""
        ...

    def flush(self) -> bytes:
        """End the frame; the rest of it."""
        ...


def compressor(form: Format, effort: Effort) -> Compressor:
    """A new frame (zstd) or member (gzip)."""
    if form == "gz":
        return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)  # 31: with gzip's header, without name and time
    if effort == "fast":
        parameters = zstandard.ZstdCompressionParameters.from_level(FAST_LEVEL, write_checksum=1)
    else:
        parameters = zstandard.ZstdCompressionParameters.from_level(
            SMALL_LEVEL, window_log=WINDOW_LOG, write_checksum=1
        )
    return zstandard.ZstdCompressor(compression_params=parameters).compressobj()


def prepare(files: Iterable[Path]) -> dict[Path, tuple[str, Path]]:
    """The dense frame of each file, as (sha256 of the content, file with the frame), made where it is not cached.

    Several at once: compression lets other threads run. Raises OSError for a file that cannot be read, MachineError on
    a full disk.
    """
    made: dict[Path, Future[tuple[str, Path]]] = {file: Future() for file in files}
    waiting = deque(made)

    def work() -> None:
        with suppress(IndexError):
            while True:
                file = waiting.popleft()
                try:
                    made[file].set_result(_frame(file))
                except BaseException as error:  # noqa: BLE001  handed to the caller's thread
                    made[file].set_exception(error)

    # daemon threads, unlike those of an executor: after Ctrl-C nobody waits for the end of a compression
    for _ in range(min(len(made), len(os.sched_getaffinity(0)))):
        threading.Thread(target=work, name="wrongarch-frames", daemon=True).start()
    try:
        return {file: future.result() for file, future in made.items()}
    finally:
        waiting.clear()


def _frame(file: Path) -> tuple[str, Path]:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        form = hashlib.sha256(repr((sorted(_DENSE.items()), zstandard.ZSTD_VERSION)).encode()).hexdigest()[:8]
        place = paths.cache_dir() / "frames" / f"{digest}-{form}"
        if not place.exists():
            opened.seek(0)
            _make(opened, place)
    return digest, place


def _make(source: IO[bytes], place: Path) -> None:
    packer = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(**_DENSE)).compressobj()
    with paths.staging(place.parent, place.name) as work, paths.translate_disk_errors(place):
        with (work / "frame").open("wb") as file:
            while data := source.read(_CHUNK):
                file.write(packer.compress(data))
            file.write(packer.flush())
            file.flush()
            os.fsync(file.fileno())  # nobody looks at its content again before it is put into a capsule
        (work / "frame").replace(place)


def append(frame: Path, file: IO[bytes]) -> None:
    """Copy a frame to the end of `file`."""
    with frame.open("rb") as source:
        copy(source, file)


def copy(source: IO[bytes], target: IO[bytes]) -> None:
    """All of the open file `source` to the end of `target`, by the kernel where it can (copy_file_range(2))."""
    source.flush()
    target.flush()
    left, at = os.fstat(source.fileno()).st_size, 0
    try:
        while at < left and (done := os.copy_file_range(source.fileno(), target.fileno(), left - at, offset_src=at)):
            at += done
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise
    target.seek(0, os.SEEK_END)
    source.seek(at)
    shutil.copyfileobj(source, target, _CHUNK)
    target.flush()
