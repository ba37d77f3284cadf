"""Whether the members that a manifest lists may be unpacked at all: names, kinds, modes, links, sizes.

Checked before anything is written, and by the writer too, so that nothing is written that would not be read.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from wrongarch.capsules.manifest import LARGEST_TOTAL, ROOT, Manifest, Member
from wrongarch.errors import UntrustedInput

REPLAY, README, RECORDED, EMULATOR, CHANGES = "replay", "README.txt", "recorded", "emulator", "source.patch"
_TOPS = frozenset({ROOT, REPLAY, README, RECORDED, EMULATOR, CHANGES})
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_LONGEST_PART = 255  # bytes; NAME_MAX of Linux's file systems
_DEEPEST = 128
_MOST_LINKS = 40
_RATIO = 300
_RATIO_FREE = 256 << 20


def check(manifest: Manifest, archive_bytes: int | None = None) -> None:
    """Raise UntrustedInput for the first member that must not be unpacked.

    `archive_bytes` is the size of the file: what unpacks to 300 times as much (beyond 256 MiB) is refused.
    """
    tree: dict[str, Member] = {}
    before, total = b"", 0
    for member in manifest.members:
        raw = _raw(member.path)
        fault = name_fault(member.path)
        if not fault and raw <= before:
            fault = "it is there twice" if raw == before else "it is out of order"
        fault = fault or _parent_fault(member, tree) or _kind_fault(member)
        if fault:
            raise refused(member.path, fault)
        tree[member.path], before = member, raw
        total += member.size
        if total > LARGEST_TOTAL:
            raise UntrustedInput(f"it would unpack to more than {LARGEST_TOTAL >> 30} GiB")
    if archive_bytes is not None and total > _RATIO * archive_bytes + _RATIO_FREE:
        raise UntrustedInput(f"{archive_bytes} bytes would unpack to {total}: that is a bomb, no capsule")
    for member in manifest.members:
        if member.kind == "link" and leads_out(member, tree):
            raise refused(member.path, f"it is a link that leads out: {member.target!r}")
    _check_named(manifest, tree)


def refused(path: str, why: str) -> UntrustedInput:
    """The error for a member."""
    return UntrustedInput(f"its member {path[:200]!r} is refused: {why}")


def _raw(path: str) -> bytes:
    try:
        return path.encode()
    except UnicodeEncodeError as error:
        raise refused(path, "its name is no UTF-8") from error


def name_fault(path: str) -> str:
    """Why no member may have this path, "" if one may."""
    parts = path.split("/")
    if path.startswith("/"):
        return "its path is absolute"
    if ".." in parts:
        return "its path leads upwards"
    if "" in parts or "." in parts:
        return "its path has an empty part"
    if _CONTROL.search(path):
        return "its name has control characters"
    if len(parts) > _DEEPEST or any(len(part.encode()) > _LONGEST_PART for part in parts):
        return "its path is too long"
    return "" if parts[0] in _TOPS else "it has no place in a capsule"


def _parent_fault(member: Member, tree: dict[str, Member]) -> str:
    above = member.path.rpartition("/")[0]
    if above and (above not in tree or tree[above].kind != "folder"):
        return "it lies in what is no folder of the capsule"
    return ""


def _kind_fault(member: Member) -> str:
    if member.kind == "file":
        if not _HASH.match(member.sha256) or member.target:
            return "it has no sha256"
        sound = member.mode & 0o400 and member.mode <= 0o777
    elif member.size or member.sha256:
        return f"a {member.kind} has no content"
    elif member.kind == "link":
        return _link_fault(member)
    else:
        sound = member.mode & 0o700 == 0o700 and not member.target
    return "" if sound else f"its mode is {member.mode:04o}"


def _link_fault(member: Member) -> str:
    if not member.path.startswith(f"{ROOT}/"):
        return f"links are allowed in {ROOT} only"
    try:
        raw = member.target.encode()
    except UnicodeEncodeError:
        return "its target is no UTF-8"
    if not raw or member.target.startswith("/") or _CONTROL.search(member.target):
        return f"it leads to {member.target!r}"
    return "" if member.mode == 0o777 else f"its mode is {member.mode:04o}"


def leads_out(link: Member, tree: dict[str, Member]) -> bool:
    """Whether following a link, and the links it meets, ever steps above `root`, or never ends."""
    at = list(PurePosixPath(link.path).parts[:-1])
    left = list(reversed(PurePosixPath(link.target).parts))
    links = 0
    while left:
        part = left.pop()
        if part == "..":
            if len(at) <= 1:
                return True
            at.pop()
            continue
        found = tree.get("/".join((*at, part)))
        if found is None or found.kind != "link":
            at.append(part)
            continue
        links += 1
        if links > _MOST_LINKS:
            return False  # the kernel gives up as well
        if found.target.startswith("/"):
            return True
        left.extend(reversed(PurePosixPath(found.target).parts))
    return False


def _check_named(manifest: Manifest, tree: dict[str, Member]) -> None:
    """What the manifest names has to be there, where it belongs."""
    named = [(REPLAY, REPLAY), *((test.seen.output, RECORDED) for test in manifest.tests)]
    if manifest.emulator is not None:
        named.append((manifest.emulator.member, EMULATOR))
    if manifest.recipe.changes:
        named.append((manifest.recipe.changes, CHANGES))
    for path, top in named:
        if path.split("/")[0] != top or path not in tree or tree[path].kind != "file":
            raise UntrustedInput(f"its {path[:200]!r} is missing, or not where it belongs")
    if manifest.emulator is not None and tree[manifest.emulator.member].sha256 != manifest.emulator.sha256:
        raise UntrustedInput("the emulator inside is not the one that the manifest names")
    if ROOT not in tree or tree[ROOT].kind != "folder":
        raise UntrustedInput(f"it has no folder {ROOT}")
    ids = [test.id for test in manifest.tests]
    if len(set(ids)) != len(ids):
        raise UntrustedInput("it has two tests of one id")
