"""The Debian archive on loopback, out of the user's cache, slow enough to be met in the middle, and cut at will."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from tests.support.web import Handler, Server
from wrongarch.debian import pool
from wrongarch.debian.pool import PoolFile

_PIECE = 1 << 16
_PAUSE = 0.004  # seconds between pieces: some 15 MB/s for each connection


class Archive(Server):
    """Serves what it was given below /debian. While it is cut, connections break, or hear nothing more."""

    def __init__(self, files: Iterable[PoolFile]) -> None:
        super().__init__(handler=_Slow)
        self.files = {f"/debian/{file.path}": pool.cached_path(file.sha256) for file in files}
        self.cut = threading.Event()
        self.silent = False

    @property
    def downloads(self) -> int:
        """How many requests were answered with a file, whole or in part."""
        return sum(1 for path, _ in self.seen if path in self.files)

    def is_cut(self) -> bool:
        """Whether the network is gone; where it is silent, wait until it is back or everything ends."""
        if self.cut.is_set() and self.silent:
            while self.cut.is_set() and not self.closing.wait(0.1):
                pass
            return True
        return self.cut.is_set()


class _Slow(Handler):
    server: Archive

    def do_GET(self) -> None:  # noqa: N802  as http.server calls it
        wanted = self.headers.get("Range")
        self.server.seen.append((self.path, wanted))
        file = self.server.files.get(self.path)
        if self.server.is_cut():
            self.close_connection = True
        elif file is None:
            self.head(404, Content_Length=0)
        else:
            self._send(file, int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0)

    def _send(self, file: Path, start: int) -> None:
        size = file.stat().st_size
        if start >= size > 0:
            self.head(416, Content_Range=f"bytes */{size}", Content_Length=0)
            return
        if start:
            self.head(206, Content_Length=size - start, Content_Range=f"bytes {start}-{size - 1}/{size}")
        else:
            self.head(200, Content_Length=size)
        with file.open("rb") as opened:
            opened.seek(start)
            while piece := opened.read(_PIECE):
                if self.server.is_cut():
                    self.close_connection = True
                    return
                self.wfile.write(piece)
                time.sleep(_PAUSE)
