"""Which user and group ids of the host stand for those inside a root (user_namespaces(7)).

- As root: a range of ids that nobody owns. Root inside is then nobody outside, so it can change neither /proc/sys nor
  files of the host, and limits on processes hold for it.
- As an ordinary user with newuidmap and an entry in /etc/subuid (subuid(5)): root inside is the user, the other ids are
  the user's subordinate ones.
- Else: root inside is the user and there is no other id; chown is then made harmless.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
from pathlib import Path
from typing import Literal

import msgspec

from wrongarch import process
from wrongarch.errors import MachineError, UsageError

Kind = Literal["range", "subordinate", "single"]
VARIABLE = "WRONGARCH_IDS"
"""Set to "single" to do without newuidmap, as on a machine that lacks it."""

COUNT = 65536
ROOT_BASE = 0x6FFF0000
"""The last block of the range that systemd reserves for containers (https://systemd.io/UIDS-GIDS)."""

_NUMBER = re.compile(r"[0-9]{1,10}")


class IdMap(msgspec.Struct, frozen=True, kw_only=True):
    """How ids inside map to the host's: rows of (inside, outside, count) for users and for groups."""

    kind: Kind
    users: tuple[tuple[int, int, int], ...]
    groups: tuple[tuple[int, int, int], ...]

    @property
    def owner(self) -> tuple[int, int]:
        """The host's (user, group) that root inside is."""
        return self.users[0][1], self.groups[0][1]

    @property
    def many(self) -> bool:
        """Whether ids besides root's exist inside."""
        return self.kind != "single"


def choose() -> IdMap:
    """The best map for this user on this machine."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted not in ("", "single"):
        raise UsageError(f"{VARIABLE} is {wanted!r}", fix=f"unset it, or set {VARIABLE}=single")
    user, group = os.geteuid(), os.getegid()
    single = IdMap(kind="single", users=((0, user, 1),), groups=((0, group, 1),))
    if user == 0:
        return single if wanted or not _can_map_range() else _range()
    if wanted or not (shutil.which("newuidmap") and shutil.which("newgidmap")):
        return single
    name = _user_name(user)
    users = _subordinate(Path("/etc/subuid"), name, user)
    groups = _subordinate(Path("/etc/subgid"), name, user)
    if users is None or groups is None:
        return single
    return IdMap(kind="subordinate", users=((0, user, 1), (1, *users)), groups=((0, group, 1), (1, *groups)))


def _user_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _range() -> IdMap:
    rows = ((0, ROOT_BASE, COUNT),)
    return IdMap(kind="range", users=rows, groups=rows)


def _can_map_range() -> bool:
    """Whether our block of ids exists here: inside a container root may hold only a few."""
    return all(_covers(Path(path)) for path in ("/proc/self/uid_map", "/proc/self/gid_map"))


def _covers(path: Path) -> bool:
    rows = (map(int, line.split()) for line in path.read_text().splitlines())
    return any(inside <= ROOT_BASE and inside + count >= ROOT_BASE + COUNT for inside, _, count in rows)


def _subordinate(path: Path, name: str, user: int) -> tuple[int, int] | None:
    """The first (start, count) that `path` grants; lines that are malformed are passed over, as newuidmap does."""
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        fields = line.split(":")
        if len(fields) == 3 and fields[0] in (name, str(user)) and all(map(_NUMBER.fullmatch, fields[1:])):
            start, count = int(fields[1]), int(fields[2])
            if count:
                return start, min(count, COUNT - 1)
    return None


def write(ids: IdMap, pid: int) -> None:
    """Give the namespace of process `pid` its ids. Raises MachineError."""
    if ids.kind == "subordinate":
        for tool, rows in (("newuidmap", ids.users), ("newgidmap", ids.groups)):
            words = [str(number) for row in rows for number in row]
            process.run(
                [tool, str(pid), *words],
                fix=f"see /etc/subuid and /etc/subgid, or do without: export {VARIABLE}=single",
            )
        return
    try:
        if ids.kind == "single":
            Path(f"/proc/{pid}/setgroups").write_text("deny")
        Path(f"/proc/{pid}/uid_map").write_text(_lines(ids.users))
        Path(f"/proc/{pid}/gid_map").write_text(_lines(ids.groups))
    except OSError as error:
        raise MachineError(
            f"the kernel refused to map user ids into a new namespace: {error.strerror}",
            fix="if this is a container, allow user namespaces in it, or run wrongarch outside",
        ) from error


def _lines(rows: tuple[tuple[int, int, int], ...]) -> str:
    return "".join(f"{inside} {outside} {count}\n" for inside, outside, count in rows)


def give(path: Path, owner: tuple[int, int]) -> None:
    """Make the tree at `path` belong to `owner` (user, group); links are changed, not followed. Needs root."""
    if os.geteuid() != 0:
        return
    os.lchown(path, *owner)
    for folder, names, files in os.walk(path):
        for name in (*names, *files):
            os.lchown(os.path.join(folder, name), *owner)  # noqa: PTH118  a million joins: speed
