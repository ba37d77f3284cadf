"""Reads the system-call log of QEMU's user mode (QEMU_STRACE), for the paths that a program asked for.

The log is written for people and by several threads at once: a line may be torn, a result may stand on another line.
So nothing is read but the quoted words of calls that take paths, whatever came of them; what is not there is not kept
anyhow. A relative path counts from every folder that the program could have been in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

_CALL = re.compile(
    rb"\b(?P<name>open|openat|openat2|creat|stat|stat64|lstat|lstat64|fstatat64|newfstatat|statx|access|faccessat2?|"
    rb"readlink|readlinkat|execve|execveat|chdir|uselib|statfs|statfs64|getxattr|lgetxattr|truncate|truncate64|"
    rb"utimensat|inotify_add_watch|name_to_handle_at|acct|swapon|mount|chroot)\((?P<rest>.*)"
)
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb"\\(?:x(?P<hex>[0-9a-fA-F]{2})|(?P<octal>[0-7]{1,3})|(?P<char>.))")
_CHARS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"0": b"\0"}
_LONGEST_LINE = 1 << 16
_MOST_PATHS = 200_000
_MOST_FOLDERS = 64


class Trace:
    """What a log says, fed in pieces. `paths` in the order of their first mention, `executed` those of execve(2).

    `listed` are folders that may have been listed: opened as such, where getdents(2) was called at all.
    """

    def __init__(self) -> None:
        self.paths: dict[str, None] = {}
        self.executed: dict[str, None] = {}
        self.folders: dict[str, None] = {}
        self.lists = False
        self._opened: dict[str, None] = {}
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Read more of a log."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()[-_LONGEST_LINE:]
        for line in lines:
            self._line(line[:_LONGEST_LINE])

    def close(self) -> None:
        """The log of one process ends: another begins on a line of its own."""
        self._line(self._rest)
        self._rest = b""

    @property
    def listed(self) -> tuple[str, ...]:
        """Folders that may have been listed."""
        return tuple(self._opened) if self.lists else ()

    def candidates(self, cwd: str) -> Iterator[str]:
        """Absolute paths that may have been meant, for a program that was started in `cwd`."""
        bases = [cwd, *(folder for folder in self.folders if folder.startswith("/"))][:_MOST_FOLDERS]
        for path in self.paths:
            if path.startswith("/"):
                yield path
            else:
                for base in bases:
                    yield str(PurePosixPath(base) / path)

    def _line(self, line: bytes) -> None:
        if b"getdents" in line:
            self.lists = True
        call = _CALL.search(line)
        if call is None or len(self.paths) >= _MOST_PATHS:
            return
        name, rest = call["name"], call["rest"]
        quoted = _QUOTED.search(rest)
        if quoted is None:
            return
        path = _unescaped(quoted[1]).decode(errors="surrogateescape")
        if not path or "\0" in path:
            return
        self.paths[path] = None
        if name in (b"execve", b"execveat"):
            self.executed[path] = None
        if name == b"chdir" or b"O_DIRECTORY" in rest:
            self.folders[path] = None
        if b"O_DIRECTORY" in rest:
            self._opened[path] = None


def _unescaped(raw: bytes) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        if found["hex"]:
            return bytes((int(found["hex"], 16),))
        if found["octal"]:
            return bytes((int(found["octal"], 8) & 0xFF,))
        return _CHARS.get(found["char"], found["char"])

    return _ESCAPE.sub(one, raw)
