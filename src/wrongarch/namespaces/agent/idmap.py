"""Writes the id maps of our own user namespace, where nobody outside can do it for us: inside a container.

The kernel wants that done from the namespace above (user_namespaces(7)), so a helper stays there until it is done.
"""

from __future__ import annotations

import os
from typing import NoReturn

Row = tuple[int, int, int]
EVERYTHING = 4294967295


def same_ids(text: str) -> list[Row]:
    """Rows that map every id of the namespace whose uid_map or gid_map reads `text` to itself.

    But for the last one where that is the first namespace, so that ours can be told from it.
    """
    rows = []
    for line in text.splitlines():
        inside, _, count = map(int, line.split())
        rows.append((inside, inside, count - 1 if count == EVERYTHING else count))
    return rows


class Helper:
    """Fork it before unshare(2), have it `write` after."""

    def __init__(self) -> None:
        rows = {}
        for name in ("uid_map", "gid_map"):
            with open(f"/proc/self/{name}", encoding="ascii") as file:
                rows[name] = same_ids(file.read())
        self.many = sum(count for _, _, count in rows["uid_map"]) > 1
        begin, self._begin = os.pipe2(os.O_CLOEXEC)
        self._answer, answer = os.pipe2(os.O_CLOEXEC)
        parent = os.getpid()
        self._pid = os.fork()
        if not self._pid:
            os.close(self._begin)
            os.close(self._answer)
            _help(parent, rows, begin, answer)
        os.close(begin)
        os.close(answer)

    def write(self) -> None:
        """Have the maps written. Raises OSError."""
        os.write(self._begin, b"!")
        os.close(self._begin)
        with open(self._answer, "rb") as file:
            answer = file.read()
        os.waitpid(self._pid, 0)
        if answer != b"done":
            number, _, text = answer.decode(errors="replace").partition(" ")
            raise OSError(int(number or 0), text or "the helper for id maps died")


def _help(parent: int, rows: dict[str, list[Row]], begin: int, answer: int) -> NoReturn:
    try:
        if os.read(begin, 1):
            for name, lines in rows.items():
                text = "".join(f"{inside} {outside} {count}\n" for inside, outside, count in lines)
                with open(f"/proc/{parent}/{name}", "w", encoding="ascii") as file:
                    file.write(text)
            os.write(answer, b"done")
    except OSError as error:
        os.write(answer, f"{error.errno} {error.strerror} ({error.filename})".encode())
    finally:
        os._exit(0)
