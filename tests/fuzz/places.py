"""Where readers of files find them: in memory, one folder for each process, made anew as little as possible."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from wrongarch.paths import remove_tree


class Place:
    """Files and folders of this process for inputs."""

    @staticmethod
    @functools.cache
    def home() -> Path:
        memory = Path("/dev/shm")
        made = Path(tempfile.mkdtemp(prefix="wrongarch-fuzz-", dir=memory if memory.is_dir() else None))
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
