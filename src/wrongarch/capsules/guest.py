"""The guest's files seen from the host: a root with mounts in it, and what is met on the way to a path."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from wrongarch.engines.base import Mount

MOST_LINKS = 40  # symbolic links followed in one path, as many as the kernel does (path_resolution(7))
KERNEL = ("/proc", "/sys", "/dev")
"""What is made by the kernel or the engine in each root."""


class Entry(NamedTuple):
    """Something in the guest: its real path there (no link on the way), and the host's path of the same."""

    path: str
    kind: Literal["file", "folder", "link"]
    host: Path
    status: os.stat_result
    target: str = ""


class Guest:
    """A root on the host, with mounts. Later mounts cover earlier ones, as mount(2) does."""

    def __init__(self, root: Path, mounts: Iterable[Mount] = ()) -> None:
        self.root = root
        self.mounts = tuple(mounts)
        self._places = {PurePosixPath(mount.target): mount.source for mount in mounts}
        self._above = {parent for target in self._places for parent in target.parents}

    def on_host(self, path: PurePosixPath) -> Path:
        """Where the guest's `path` lies, links in it not followed."""
        for above in (path, *path.parents):
            if above in self._places:
                return self._places[above] / path.relative_to(above)
        return self.root / path.relative_to("/")

    def entry(self, path: PurePosixPath) -> Entry | None:
        """What is at a real path; None if nothing that can be kept is (or may be seen) there."""
        host = self.on_host(path)
        try:
            status = host.lstat()
            if stat.S_ISLNK(status.st_mode):
                return Entry(str(path), "link", host, status, os.readlink(host))  # noqa: PTH115  the text counts
        except (OSError, ValueError):  # ValueError: a zero byte in a name that a file of the guest gives
            if path in self._above:  # the engine makes the folders above a mount
                return Entry(str(path), "folder", self.root, self.root.stat())
            return None
        if stat.S_ISDIR(status.st_mode):
            return Entry(str(path), "folder", host, status)
        return Entry(str(path), "file", host, status) if stat.S_ISREG(status.st_mode) else None

    def way(self, path: str, base: str = "/") -> list[Entry]:
        """All that is met on the way to `path`, itself last: folders, links and what they lead to.

        What is met before something is missing (or the kernel's) is given all the same.
        """
        return self._follow(path, base)[0]

    def resolve(self, path: str, base: str = "/") -> Entry | None:
        """What `path` leads to, links followed; None if nothing is there."""
        met, arrived = self._follow(path, base)
        return met[-1] if arrived and met else None

    def _follow(self, path: str, base: str) -> tuple[list[Entry], bool]:
        """What is met, and whether the way leads to its end."""
        met: dict[str, Entry] = {}
        left = list(reversed((PurePosixPath(base) / path).parts[1:]))
        at, links = PurePosixPath("/"), 0
        while left:
            part = left.pop()
            if part == "..":
                at = at.parent
                continue
            found = None if is_kernels(str(at / part)) else self.entry(at / part)
            if found is None:
                return list(met.values()), False
            met.pop(found.path, None)  # the last one given is where the path leads
            met[found.path] = found
            if found.kind == "link":
                links += 1
                target = PurePosixPath(found.target)
                at = PurePosixPath("/") if target.is_absolute() else at
                left.extend(reversed(target.parts[1:] if target.is_absolute() else target.parts))
            else:
                at /= part
            if links > MOST_LINKS or (found.kind == "file" and left):
                return list(met.values()), False
        return list(met.values()), True

    def children(self, folder: Entry) -> Iterator[Entry]:
        """What lies in a folder, sorted by name, mounts included."""
        here = PurePosixPath(folder.path)
        names = {place.name for place in (*self._places, *self._above) if place.parent == here and place != here}
        with suppress(OSError):  # of another user: what can be seen has to do
            names |= {one.name for one in folder.host.iterdir()} if self.on_host(here) == folder.host else set()
        for name in sorted(names):
            found = self.entry(here / name)
            if found is not None and not is_kernels(found.path):
                yield found


def is_kernels(path: str) -> bool:
    """Whether a path is the kernel's or the engine's own."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in KERNEL)
