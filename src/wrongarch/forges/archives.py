"""Unpack what a forge packed: artifacts of GitHub are zip archives, with names that somebody else chose."""

from __future__ import annotations

import errno
import hashlib
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

import msgspec

from wrongarch import documents, paths
from wrongarch.errors import UntrustedInput
from wrongarch.pipelines import places
from wrongarch.pipelines.records import CapsuleFile, Index

MOST_MEMBERS = 10_000
_MOST_INDEX = 4 << 20
_CHUNK = 1 << 20
# what zipfile raises for damage; EINVAL for a member that begins before the file
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


def unpack(archive: Path, folder: Path, *, most: int) -> Index:
    """Unpack the capsules of an artifact into `folder` (new or empty), at most `most` bytes; what they are.

    Only the index and what it names is taken, each file checked by its hash. Raises UntrustedInput otherwise, with
    nothing of it left behind.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with paths.staging(folder.parent, folder.name) as work:
        try:
            with zipfile.ZipFile(archive) as opened:
                members = _members(opened, most)
                index = _index(opened, members, archive)
                for capsule in index.capsules:
                    _extract(opened, members, capsule, work)
        except _DAMAGE as error:
            if isinstance(error, OSError) and error.errno != errno.EINVAL:
                raise
            raise UntrustedInput(f"{archive.name} is damaged: {error}", fix="fetch it again") from error
        (work / places.INDEX).write_bytes(msgspec.json.format(msgspec.json.encode(index), indent=1))
        paths.remove_tree(folder)
        work.chmod(0o755)
        work.rename(folder)
    return index


def _members(opened: zipfile.ZipFile, most: int) -> dict[str, zipfile.ZipInfo]:
    """Plain files by their last name. Folders above are GitHub's: it drops what all paths have in common."""
    infos = opened.infolist()
    if len(infos) > MOST_MEMBERS:
        raise UntrustedInput(f"the archive has {len(infos)} members, more than {MOST_MEMBERS}")
    total = sum(info.file_size for info in infos)
    if total > most:
        raise UntrustedInput(
            f"the archive unpacks to {total >> 20} MiB, more than {most >> 20}", fix="raise --max-size"
        )
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if info.is_dir():
            continue
        path, kind = PurePosixPath(info.filename), stat.S_IFMT(info.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename or kind not in (0, stat.S_IFREG):
            raise UntrustedInput(f"the archive has a member that is no plain file below it: {info.filename!r}")
        if path.name in members:
            raise UntrustedInput(f"the archive has two files called {path.name!r}")
        members[path.name] = info
    return members


def _index(opened: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], archive: Path) -> Index:
    info = members.get(places.INDEX)
    if info is None or info.file_size > _MOST_INDEX:
        raise UntrustedInput(
            f"{archive.name} has no list of capsules ({places.INDEX})", fix="is it an artifact of ours?"
        )
    try:
        return documents.decode(opened.read(info), Index)
    except documents.DamagedError as error:
        raise UntrustedInput(f"the list of capsules in {archive.name} is damaged: {error}") from error


def _extract(opened: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], capsule: CapsuleFile, folder: Path) -> None:
    info = members.get(capsule.name)
    if info is None:
        raise UntrustedInput(f"the archive lacks {capsule.name}, which its list names")
    if info.file_size != capsule.size:
        raise UntrustedInput(f"{capsule.name} has {info.file_size} bytes, not {capsule.size}")
    target = folder / capsule.name
    with paths.translate_disk_errors(target), opened.open(info) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, _CHUNK)
    if not is_whole(target, capsule):
        raise UntrustedInput(f"{capsule.name} has another SHA-256 than its list says", fix="do not use it")


def is_whole(file: Path, capsule: CapsuleFile) -> bool:
    """Whether the file is there, with the right size and hash."""
    try:
        with file.open("rb") as opened:
            if file.stat().st_size != capsule.size:
                return False
            return hashlib.file_digest(opened, "sha256").hexdigest() == capsule.sha256
    except FileNotFoundError:
        return False
