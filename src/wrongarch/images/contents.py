"""What is in a tree, in a form that two trees can be compared by: one line per entry, and the digest of all lines."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

_CHUNK = 1 << 20


def listing(root: Path) -> Iterator[str]:
    """One line per entry below `root`, sorted by path: type and mode, seconds since 1970, hash or target, path.

    Owners are left out: all entries of an image belong to root. So are hard links: they are as many files.
    """
    for path, name in _walk(str(root), ""):
        status = os.lstat(path)
        kind = stat.filemode(status.st_mode)
        yield f"{kind} {int(status.st_mtime)} {_content(path, status)} {name!a}\n"


def digest(lines: Iterator[str] | list[str]) -> str:
    """SHA-256 in hex of a listing."""
    total = hashlib.sha256()
    for line in lines:
        total.update(line.encode("ascii"))
    return total.hexdigest()


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        name = f"{prefix}/{entry.name}"
        yield entry.path, name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, name)


def _content(path: str, status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return ascii(os.readlink(path))  # noqa: PTH115  the path is a string here: a tree has 20,000 entries
    if not stat.S_ISREG(status.st_mode):
        return "-"
    total = hashlib.sha256()
    with open(path, "rb") as file:  # noqa: PTH123  as above
        while piece := file.read(_CHUNK):
            total.update(piece)
    return total.hexdigest()


def clamp_times(root: Path, epoch: int) -> None:
    """Make nothing below `root` newer than `epoch` (UNIX time), in whole seconds, which every file system has."""
    for folder, names, files in os.walk(root, topdown=False):
        for name in (*files, *names):
            _clamp(f"{folder}/{name}", epoch)
    _clamp(str(root), epoch)


def _clamp(path: str, epoch: int) -> None:
    when = min(os.lstat(path).st_mtime_ns // 10**9, epoch)
    os.utime(path, (when, when), follow_symlinks=False)
