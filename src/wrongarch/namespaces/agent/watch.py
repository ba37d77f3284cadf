"""Which processes belong to which command, by looking at /proc (proc_pid_stat(5)).

A process belongs to a command if its parent does, or if its process group or session is the command's, or if it
carries the command's marker in its environment. Once known, it stays known by its pid and start time, so that a daemon
that left its parent is still found.
"""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass, field

MARKER = "WRONGARCH_COMMAND"
_PAGE = resource.getpagesize()


@dataclass(frozen=True)
class Process:
    """What /proc says about one process; `rss` in bytes, `started` in clock ticks since boot."""

    pid: int
    parent: int
    group: int
    session: int
    started: int
    rss: int
    zombie: bool


@dataclass
class Usage:
    """The processes of one command, and their resident memory together in bytes."""

    pids: list[int] = field(default_factory=list)
    rss: int = 0


def read_process(pid: int) -> Process | None:
    """One process, or None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            text = file.read()
    except OSError:
        return None
    # the name is in parentheses and may hold anything, parentheses too
    fields = text[text.rindex(b")") + 2 :].split()
    parent, group, session, started, pages = (int(fields[at]) for at in (1, 2, 3, 19, 21))
    return Process(pid, parent, group, session, started, pages * _PAGE, fields[0] == b"Z")


class Census:
    """Attributes processes to commands, scan after scan."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}  # pid: (start time, command number)

    def scan(self, leaders: dict[int, int]) -> dict[int, Usage]:
        """`leaders` maps the pid of each command's first process to its number; returns usage by number.

        Processes of no running command are under number 0.
        """
        found = {pid: process for pid in _all_pids() if (process := read_process(pid)) is not None}
        known: dict[int, tuple[int, int]] = {}
        usage: dict[int, Usage] = {}
        for pid in sorted(found, key=lambda pid: found[pid].started):
            process = found[pid]
            owner = self._owner(process, known, leaders)
            known[pid] = (process.started, owner)
            if not process.zombie:
                entry = usage.setdefault(owner, Usage())
                entry.pids.append(pid)
                entry.rss += process.rss
        self._known = known
        return usage

    def _owner(self, process: Process, known: dict[int, tuple[int, int]], leaders: dict[int, int]) -> int:
        for leader in (process.pid, process.group, process.session):
            if leader in leaders:
                return leaders[leader]
        before = self._known.get(process.pid)
        if before is not None and before[0] == process.started and before[1]:
            return before[1]
        parent = known.get(process.parent) or self._known.get(process.parent)
        if parent is not None and parent[1]:
            return parent[1]
        return _marker_of(process.pid)


def _all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]


def _marker_of(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            data = file.read(1 << 20)
    except OSError:
        return 0
    for entry in data.split(b"\0"):
        name, _, value = entry.partition(b"=")
        if name == MARKER.encode() and value.isdigit():
            return int(value)
    return 0
