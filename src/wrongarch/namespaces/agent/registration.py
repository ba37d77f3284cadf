"""Private registration: binfmt_misc mounted in our own user namespace (Linux 6.7).

Each user namespace has an instance of its own (Documentation/admin-guide/binfmt-misc.rst). A record written to the
host's instance would change the host for everybody, so nothing is written before the instance is known to be ours.
"""

from __future__ import annotations

import os
from typing import Any

from wrongarch.namespaces.agent import mounts
from wrongarch.namespaces.agent import syscalls as sc


class NotPrivateError(Exception):
    """The binfmt_misc instance is not ours alone."""


def register(records: list[dict[str, Any]]) -> None:
    """Mount our instance and write `records` ({"name", "line"}); OSError or NotPrivateError.

    After that nobody can write to it: its files belong to root inside, and the kernel asks for no right besides that.
    """
    if not records:
        return
    host = _device_of(mounts.BINFMT)
    place = mounts.BINFMT if os.path.isdir(mounts.BINFMT) else mounts.HIDDEN_BINFMT
    if place == mounts.HIDDEN_BINFMT:
        os.makedirs(place, exist_ok=True)
    flags = sc.MS_NOSUID | sc.MS_NODEV | sc.MS_NOEXEC
    sc.mount("binfmt_misc", place, "binfmt_misc", flags)
    _check_private(place, host)
    for record in records:
        with open(f"{place}/register", "wb", buffering=0) as file:
            file.write(record["line"].encode("latin-1"))
        with open(f"{place}/{record['name']}", encoding="ascii", errors="replace") as file:
            if file.readline().strip() != "enabled":
                raise NotPrivateError(f"the kernel did not enable {record['name']}")
    sc.mount("none", place, "", sc.MS_REMOUNT | sc.MS_BIND | sc.MS_RDONLY | flags)


def _device_of(path: str) -> int | None:
    try:
        return os.stat(path).st_dev
    except FileNotFoundError:
        return None


def _check_private(place: str, before: int | None) -> None:
    """Ours is new, so it is empty, and it is another device than what was seen there before."""
    with open("/proc/self/uid_map", encoding="ascii") as file:
        if file.read().split() == ["0", "0", "4294967295"]:
            raise NotPrivateError("this is the first user namespace, not one of our own")
    others = sorted(set(os.listdir(place)) - {"register", "status"})
    if others:
        raise NotPrivateError(f"the instance has registrations that are not ours: {', '.join(others)}")
    if before is not None and os.stat(place).st_dev == before:
        raise NotPrivateError("the instance is the one that was there before")
