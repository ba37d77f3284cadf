"""What a program needs to start: its loader, its libraries and theirs, found as the guest's ld.so would (ld.so(8)).

A trace shows what one run really opened; this finds what another emulator, CPU model or loader may open besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from wrongarch.arches import elf
from wrongarch.arches.model import Arch
from wrongarch.capsules.guest import Entry, Guest
from wrongarch.errors import UntrustedInput

_MOST_FILES = 4096
_SHEBANG = re.compile(rb"#![ \t]*(?P<program>[^ \t\n]+)(?:[ \t]+(?P<argument>[^\n]*))?")
_CONF, _CACHE, _PRELOAD = "/etc/ld.so.conf", "/etc/ld.so.cache", "/etc/ld.so.preload"


class Closure:
    """Gathers what programs of one guest need; `found` are all entries met, by path.

    `programs` are the real paths of those that were there, in order; `loader` is the first ELF interpreter met.
    """

    def __init__(self, guest: Guest, arch: Arch, env: Mapping[str, str]) -> None:
        self.found: dict[str, Entry] = {}
        self.programs: dict[str, None] = {}
        self.loader = ""
        self._guest = guest
        self._arch = arch
        self._env = env
        self._seen: set[str] = set()
        self._folders = (*_listed(env.get("LD_LIBRARY_PATH", "")), *self._configured(), *self._standard())
        self._keep(_CACHE)
        self._keep(_PRELOAD)

    def add(self, program: str, cwd: str = "/") -> bool:
        """Add a program by its path or, without a slash, from PATH, with all it needs; whether it is there."""
        places = (
            [program] if "/" in program else [f"{folder}/{program}" for folder in _listed(self._env.get("PATH", ""))]
        )
        for place in places:
            entry = self._keep(place, cwd)
            if entry is not None and entry.kind == "file":
                self.programs[entry.path] = None
                self._follow(entry, cwd)
                return True
        return False

    def _keep(self, path: str, base: str = "/") -> Entry | None:
        """Remember what is met on the way to `path`, if the way leads there; what it leads to."""
        entry = self._guest.resolve(path, base)
        if entry is not None:
            for met in self._guest.way(path, base):
                self.found[met.path] = met
        return entry

    def _follow(self, entry: Entry, cwd: str) -> None:
        waiting = [entry]
        while waiting and len(self._seen) < _MOST_FILES:
            one = waiting.pop()
            if one.path in self._seen:
                continue
            self._seen.add(one.path)
            waiting += self._needs(one, cwd)

    def _needs(self, entry: Entry, cwd: str) -> list[Entry]:
        try:
            with entry.host.open("rb") as file:
                start = file.read(256)
            if start.startswith(b"#!"):
                return self._script(start, cwd)
            if not start.startswith(b"\x7fELF"):
                return []
            loader, names = elf.interpreter_of(entry.host), elf.needed_libraries(entry.host)
            folders = [self._expanded(folder, entry) for folder in elf.search_paths(entry.host)]
        except (OSError, UntrustedInput):
            return []  # a damaged library is kept as it is: it may be why the test fails
        self.loader = self.loader or loader or ""
        found = [self._keep(loader)] if loader else []
        found += [self._library(name, [folder for folder in folders if folder]) for name in names]
        return [one for one in found if one is not None]

    def _script(self, start: bytes, cwd: str) -> list[Entry]:
        match = _SHEBANG.match(start)
        if match is None:
            return []
        words = [match["program"].decode(errors="surrogateescape")]
        if words[0].endswith("/env") and match["argument"]:
            words.append(match["argument"].split()[0].decode(errors="surrogateescape"))
        for word in words:
            self.add(word, cwd)
        return []

    def _library(self, name: str, own: list[str]) -> Entry | None:
        if "/" in name:
            return self._keep(name)
        for folder in (*own, *self._folders):
            entry = self._keep(f"{folder}/{name}")
            if entry is not None and entry.kind == "file":
                return entry
        return None

    def _expanded(self, folder: str, entry: Entry) -> str:
        """$ORIGIN, $LIB and $PLATFORM are replaced; "" for what cannot be known."""
        origin = str(PurePosixPath(entry.path).parent)
        for name, value in (("ORIGIN", origin), ("LIB", f"lib/{_multiarch(self._arch)}")):
            folder = folder.replace(f"${{{name}}}", value).replace(f"${name}", value)
        return "" if "$" in folder else folder

    def _standard(self) -> tuple[str, ...]:
        triplet = _multiarch(self._arch)
        wide = ("/lib64", "/usr/lib64") if self._arch.bits == 64 else ()
        return (f"/lib/{triplet}", f"/usr/lib/{triplet}", *wide, "/lib", "/usr/lib")

    def _configured(self) -> tuple[str, ...]:
        """The folders of /etc/ld.so.conf and what it includes, from which the cache was made."""
        return tuple(self._conf(_CONF, 0))

    def _conf(self, path: str, depth: int) -> Iterator[str]:
        entry = self._guest.resolve(path)
        if entry is None or entry.kind != "file" or depth > 8:
            return
        try:
            lines = entry.host.read_text(errors="replace").splitlines()
        except OSError:
            return
        for line in lines:
            words = line.partition("#")[0].split()
            if words[:1] == ["include"]:
                for pattern in words[1:]:
                    yield from self._included(PurePosixPath("/etc") / pattern, depth)
            elif words and words[0].startswith("/"):
                yield words[0].rstrip("/")

    def _included(self, pattern: PurePosixPath, depth: int) -> Iterator[str]:
        folder = self._guest.resolve(str(pattern.parent))
        if folder is None or folder.kind != "folder":
            return
        for child in self._guest.children(folder):
            if PurePosixPath(child.path).match(pattern.name):
                yield from self._conf(child.path, depth + 1)


def _multiarch(arch: Arch) -> str:
    """Debian's name of the library folder (https://wiki.debian.org/Multiarch/Tuples)."""
    return "i386-linux-gnu" if arch.name == "i386" else arch.triplet


def _listed(text: str) -> list[str]:
    return [folder for folder in text.split(":") if folder.startswith("/")]
