"""Which files of a guest go into a capsule, and as what."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

from wrongarch.capsules import members
from wrongarch.capsules.guest import Entry, Guest, is_kernels
from wrongarch.capsules.manifest import ROOT, Member
from wrongarch.capsules.write import Piece
from wrongarch.recipes.suites.base import GUEST

_LARGEST_LISTED = 32 << 20  # bytes of files that are only taken because their folder was listed
_TMP = "/tmp"  # noqa: S108  the guest's
_ALWAYS = ("/bin", "/sbin", "/lib", "/lib64", "/lib32", "/usr", "/etc", _TMP, "/etc/passwd", "/etc/group")
_EMPTY = (_TMP, "/proc", "/sys", "/dev", "/run")


class Gathered(NamedTuple):
    """Members below `root`, and paths that had to be left out, with the reason."""

    pieces: list[Piece]
    left_out: list[str]


class Gatherer:
    """Collects entries of a guest, each with the folders it lies in and the links that led there."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._entries: dict[str, Entry] = {}
        for path in _ALWAYS:
            self.path(path)

    def path(self, path: str, base: str = "/") -> None:
        """Take what is met on the way to `path`; if that is missing, what leads up to it."""
        for entry in self._guest.way(path, base):
            self._entries[entry.path] = entry

    def entries(self, entries: Iterable[Entry]) -> None:
        """Take these."""
        for entry in entries:
            self._entries[entry.path] = entry

    @property
    def entries_now(self) -> dict[str, Entry]:
        """What was taken so far, by path."""
        return dict(self._entries)

    def tree(self, path: str) -> None:
        """Take a folder with all in it, links not followed."""
        self.path(path)
        top = self._guest.entry(PurePosixPath("/")) if path == "/" else self._guest.resolve(path)
        folders = [top] if top is not None and top.kind == "folder" else []
        while folders:
            for child in self._guest.children(folders.pop()):
                self._entries[child.path] = child
                if child.kind == "folder":
                    folders.append(child)

    def listing(self, paths: Iterable[str], base: str) -> None:
        """Take what lies directly in these folders, as long as it is small: a program may have listed them."""
        left = _LARGEST_LISTED
        for path in paths:
            folder = self._guest.resolve(path, base)
            if folder is None or folder.kind != "folder" or is_kernels(folder.path):
                continue
            for child in self._guest.children(folder):
                left -= child.status.st_size if child.kind == "file" else 0
                if left < 0:
                    return
                self._entries.setdefault(child.path, child)

    def finish(self, folders: Iterable[str] = ()) -> Gathered:
        """The members of `root`, with the empty folders that are made in any case: `folders` and those of a system."""
        left_out: list[str] = []
        pieces: dict[str, Piece] = {"/": Piece(ROOT, "folder", 0o755)}
        for entry in sorted(self._entries.values(), key=lambda entry: entry.path):
            fault = _fault(entry)
            if fault:
                left_out.append(f"{entry.path!r}: {fault}")
                continue
            self._above(entry.path, pieces)
            pieces[entry.path] = _piece(entry)
        for path in (*_EMPTY, *folders):
            self._empty(path, pieces)
        _drop_stray(pieces, left_out)
        return Gathered(list(pieces.values()), left_out)

    def _above(self, path: str, pieces: dict[str, Piece]) -> None:
        for parent in reversed(PurePosixPath(path).parents):
            if str(parent) not in pieces:
                found = self._guest.entry(parent)
                mode = _mode(found.status.st_mode) if found is not None and found.kind == "folder" else 0o755
                pieces[str(parent)] = Piece(f"{ROOT}{parent}", "folder", mode | 0o700)

    def _empty(self, path: str, pieces: dict[str, Piece]) -> None:
        """A folder at `path`, which no link may lead away from: if one does, it is what the link leads to."""
        real = PurePosixPath("/")
        for part in PurePosixPath(path).parts[1:]:
            found = self._guest.resolve(str(real / part))
            real = PurePosixPath(found.path) if found is not None and found.kind == "folder" else real / part
        self._above(str(real), pieces)
        if str(real) not in pieces:
            sticky = 0o1777 if path == _TMP else 0o755
            pieces[str(real)] = Piece(f"{ROOT}{real}", "folder", sticky)


def _mode(mode: int) -> int:
    """Permissions without set-id bits, and the owner's right to read (and to enter)."""
    if stat.S_ISDIR(mode):
        return (stat.S_IMODE(mode) & 0o1777) | 0o700
    return (stat.S_IMODE(mode) & 0o777) | 0o400


def _piece(entry: Entry) -> Piece:
    path = f"{ROOT}{entry.path}" if entry.path != "/" else ROOT
    if entry.kind == "link":
        return Piece(path, "link", 0o777, target=_inward(entry))
    mode = _mode(entry.status.st_mode)
    lasting = not entry.path.startswith(f"{GUEST}/")  # of the image; what lies there is the recipe's
    return Piece(path, entry.kind, mode, entry.host if entry.kind == "file" else b"", lasting=lasting)


def _inward(entry: Entry) -> str:
    """The target of a link, so that it leads to the same place in a root that is not /: relative, never above."""
    folder = PurePosixPath(entry.path).parent
    absolute = os.path.normpath(folder / entry.target)
    straight = os.path.normpath(entry.target)
    plain = not entry.target.startswith("/") and straight.count("../") + (straight == "..") < len(folder.parts)
    return entry.target if plain else os.path.relpath(absolute, folder)


def _fault(entry: Entry) -> str:
    """Why an entry cannot be part of a capsule, "" if it can."""
    if is_kernels(entry.path):
        return "it is the kernel's"
    try:
        entry.path.encode()
        entry.target.encode()
    except UnicodeEncodeError:
        return "its name is no UTF-8"
    probe = Member(path=f"{ROOT}{entry.path}" if entry.path != "/" else ROOT, kind="folder", mode=0o755)
    fault = members.name_fault(probe.path)
    if fault:
        return fault
    if entry.kind == "file" and not os.access(entry.host, os.R_OK):
        return "it may not be read"
    return ""


def _drop_stray(pieces: dict[str, Piece], left_out: list[str]) -> None:
    """Leave out links that would lead out of the root in spite of all."""
    tree = {piece.path: _as_member(piece) for piece in pieces.values()}
    for path, piece in list(pieces.items()):
        if piece.kind == "link" and members.leads_out(_as_member(piece), tree):
            left_out.append(f"{path!r}: it is a link that leads out of the root")
            del pieces[path]


def _as_member(piece: Piece) -> Member:
    return Member(path=piece.path, kind=piece.kind, mode=piece.mode, target=piece.target)
