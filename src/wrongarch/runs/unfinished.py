"""What a build that was killed leaves: files that may be half of what they should be, which make takes for whole.

A mark is there while steps run. It is taken away when they end by themselves, be it with an error or because they were
asked to: compilers, make and ninja remove what they have begun (Interrupting or Killing make, in GNU make's manual).
"""

from __future__ import annotations

import os
from pathlib import Path

from wrongarch.paths import remove_tree
from wrongarch.runs.observer import Observer

_LAST = 30.0  # seconds before the last write, in which others may have been under way
_MADE = {".a", ".lo", ".o", ".so"}
_BEGINNINGS = (b"\x7fELF", b"!<ar", bytes(4))  # the last: linkers write the header when all else is there


def take_up(tree: Path, mark: Path, observer: Observer, *, kept: bool) -> None:
    """Make a build's folder good to go on in, if `mark` says that it was killed; `kept`: with what it had made."""
    if not mark.exists():
        return
    if kept:
        observer.note("the last build was killed: what it made at its end is made again")
        forget_the_last(tree)
    else:
        observer.note("the last build was killed: what it had made is thrown away")
        remove_tree(tree)


def forget_the_last(tree: Path) -> None:
    """Remove objects, archives and programs that were written in the last seconds."""
    files = (Path(folder, name) for folder, _, names in os.walk(tree) for name in names)
    times = {file: file.stat().st_mtime for file in files if file.is_file() and not file.is_symlink()}
    end = max(times.values(), default=0.0)
    for file, moment in times.items():
        if end - moment < _LAST and _is_made(file):
            file.unlink()


def _is_made(file: Path) -> bool:
    with file.open("rb") as opened:
        return file.suffix in _MADE or opened.read(4) in _BEGINNINGS
