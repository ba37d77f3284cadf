"""Unpack a source archive into a folder: nothing gets outside of it, whatever the archive says.

Python's own filters for tar came with 3.11.4 (https://peps.python.org/pep-0706/), later than some of the Pythons we
run on, and they let through links that we refuse.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path, PurePosixPath

from wrongarch.errors import UntrustedInput
from wrongarch.paths import translate_disk_errors

_MOST_BYTES = 16 << 30
_MOST_FILES = 2_000_000


def unpack_tar(archive: Path, folder: Path, strip: int) -> None:
    """Unpack `archive` into the existing empty `folder`, dropping `strip` leading path components.

    Modes keep only whether a file can be executed; times are the archive's. Raises UntrustedInput for an archive that
    is damaged, reaches outside of the folder, or holds anything but files, folders and links.
    """
    try:
        with translate_disk_errors(folder), tarfile.open(archive) as tar:
            for member, path in _members(tar, archive, strip):
                _place(tar, member, folder, path, strip)
    except (tarfile.TarError, EOFError, LZMAError, zlib.error) as error:
        raise UntrustedInput(f"{archive.name} is damaged: {error}", fix=f"remove {archive} and try again") from error


def _members(tar: tarfile.TarFile, archive: Path, strip: int) -> Iterator[tuple[tarfile.TarInfo, PurePosixPath]]:
    total = 0
    for count, member in enumerate(tar):
        path = _safe(member.name)
        total += member.size
        if path is None or not (member.isreg() or member.isdir() or member.issym() or member.islnk()):
            raise _hostile(archive, f"it holds {member.name!r}")
        if total > _MOST_BYTES or count > _MOST_FILES:
            raise _hostile(archive, f"it unpacks to more than {_MOST_BYTES >> 30} GiB or {_MOST_FILES} files")
        if (member.issym() and not _stays_inside(path, member.linkname, strip)) or (
            member.islnk() and _safe(member.linkname) is None
        ):
            raise _hostile(archive, f"{member.name!r} links to {member.linkname!r}")
        if len(path.parts) > strip:
            yield member, PurePosixPath(*path.parts[strip:])


def _hostile(archive: Path, why: str) -> UntrustedInput:
    return UntrustedInput(f"{archive.name} is not unpacked: {why}", fix="use a source archive from Debian's pool")


def _safe(name: str) -> PurePosixPath | None:
    path = PurePosixPath(name)
    return None if path.is_absolute() or ".." in path.parts or "\0" in name else path


def _stays_inside(path: PurePosixPath, link: str, strip: int) -> bool:
    """Whether a symbolic link at `path` stays below the folder.

    It may climb at its beginning only: what it descends through can be a link itself, from which `..` leads elsewhere
    than the text says.
    """
    steps = [part for part in link.split("/") if part not in ("", ".")]
    climbs = next((count for count, step in enumerate(steps) if step != ".."), len(steps))
    if link.startswith("/") or "\0" in link or ".." in steps[climbs:]:
        return False
    return climbs <= len(path.parts) - 1 - strip


def _place(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, path: PurePosixPath, strip: int) -> None:
    target = folder / path
    _make_folders(folder, path.parent)
    if member.isdir():
        _make_folders(folder, path)
        return
    if target.is_symlink() or target.exists():
        target.unlink()
    if member.issym():
        target.symlink_to(member.linkname)
        return
    if member.islnk():
        original = PurePosixPath(*PurePosixPath(member.linkname).parts[strip:])
        _refuse_links(folder, original)
        shutil.copyfile(folder / original, target, follow_symlinks=False)
    else:
        content = tar.extractfile(member)
        if content is not None:
            with content, target.open("xb") as out:
                shutil.copyfileobj(content, out, 1 << 20)
    target.chmod(0o755 if member.mode & 0o111 else 0o644)
    os.utime(target, (member.mtime, member.mtime))


def _make_folders(folder: Path, path: PurePosixPath) -> None:
    """Make each folder on the way, never through a link that the archive put there."""
    at = folder
    for part in path.parts:
        at /= part
        if at.is_symlink():
            raise tarfile.TarError(f"{path} lies behind a link")
        at.mkdir(exist_ok=True)


def _refuse_links(folder: Path, path: PurePosixPath) -> None:
    at = folder
    for part in path.parts:
        at /= part
        if at.is_symlink():
            raise tarfile.TarError(f"{path} lies behind a link")
    if not at.is_file():
        raise tarfile.TarError(f"{path} is linked to and is not there")
