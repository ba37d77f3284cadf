"""Where readers of files find them: in memory, one folder for each process, made anew as little as possible."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from wrongarch.paths import remove_tree


def make() -> Path:
    """A new folder in memory, or on disk where that has no place in the file system."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="wrongarch-fuzz-", dir=memory if memory.is_dir() else None))


class Place:
    """Files and folders of this process for inputs."""

    given: Path | None = None
    """Where, if somebody else made the place and removes it: libFuzzer lets a process do nothing at its end."""

    @classmethod
    @functools.cache
    def home(cls) -> Path:
        made = cls.given or make()
        if cls.given is None:
            atexit.register(shutil.rmtree, made, ignore_errors=True)
        (made / "folder").mkdir()
        return made

    @classmethod
    def file(cls, data: bytes, name: str = "input") -> Path:
        """A file with this content."""
        path = cls.home() / name
        path.write_bytes(data)
        return path

    @classmethod
    def folder(cls) -> Path:
        """A folder, the same each time."""
        return cls.home() / "folder"

    @classmethod
    def empty(cls) -> Path:
        """An empty folder."""
        path = cls.home() / "empty"
        remove_tree(path)
        path.mkdir()
        return path
