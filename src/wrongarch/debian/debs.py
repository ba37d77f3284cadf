"""Binary packages (deb(5)): read and extract them without dpkg and without trusting what is in them.

A package is an ar archive of `debian-binary`, `control.tar*` and `data.tar*`; a name that starts with `_` is ignored.
All is streamed, so memory stays the same whatever the size.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import shutil
import stat
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Literal, cast

import msgspec

from wrongarch.debian.deb822 import paragraphs
from wrongarch.errors import UntrustedInput
from wrongarch.paths import translate_disk_errors

MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libo32", "libx32")
"""Folders of / that are links to their namesakes in /usr (file-hierarchy(7), https://wiki.debian.org/UsrMerge)."""

_CHUNK = 1 << 18
_MAX_LINKS = 40  # as in the kernel's path_resolution(7)
_MAX_CONTROL = 1 << 20

Kind = Literal["file", "folder", "symlink", "hardlink"]


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a package. `name` has no leading or trailing slash; `link` is where a link points, as written."""

    name: str
    kind: Kind
    mode: int
    size: int
    link: str = ""


def control_fields(path: Path) -> dict[str, str]:
    """The fields of the package's control file."""
    with _tar(path, "control") as tar:
        for entry in tar:
            if PurePosixPath(entry.name).as_posix() == "control" and entry.isreg():
                content = cast(IO[bytes], tar.extractfile(entry)).read(_MAX_CONTROL)
                return next(paragraphs(content.decode(errors="replace")), {})
    raise _bad(path, "it has no control file")


def data_members(path: Path) -> Iterator[Member]:
    """What the package would install, in its order."""
    with _tar(path, "data") as tar:
        for entry in tar:
            yield _member(path, entry)


def extract(
    path: Path, into: Path, *, select: Callable[[Member], bool] | None = None, merged_usr: bool = False
) -> list[str]:
    """Extract the package's files below the folder `into`; the names written, without folders.

    `select` is asked for each entry; the folders of what it wants are made. With `merged_usr`, /bin, /lib and
    so on go to /usr, and links to there are made in their place. Links on the way are followed as they would be in a
    root at `into`, so that nothing is ever written outside. Files belong to us; set-id bits are dropped; times are
    kept. As in dpkg, files replace files, and an existing folder (or link to one) stays. Several threads may extract
    different packages into one root at once.

    Raises UntrustedInput if the package is malformed or holds devices or names with `..`, MachineError on a full disk.
    """
    root = _Root(into)
    written = []
    with translate_disk_errors(into), _tar(path, "data") as tar:
        for entry in tar:
            member = _member(path, entry)
            if not member.name or (select is not None and not select(member)):
                continue
            name = _merged(member) if merged_usr else member.name
            if name is None:
                continue
            try:
                root.put(msgspec.structs.replace(member, name=name), entry, tar, merged_usr=merged_usr)
            except _ConflictError as error:
                raise _bad(path, f"{member.name}: {error}") from error
            if member.kind != "folder":
                written.append(member.name)
        root.finish()
    if merged_usr:
        link_merged(into)
    return written


def link_merged(root: Path) -> None:
    """Make /bin -> usr/bin and so on for the folders that /usr has."""
    for name in MERGED:
        if (root / "usr" / name).is_dir():
            with suppress(FileExistsError):
                (root / name).symlink_to(f"usr/{name}")


def _merged(member: Member) -> str | None:
    """The name in a root with merged /usr, None for the links that make it one."""
    first, _, rest = member.name.partition("/")
    if first not in MERGED:
        return member.name
    if not rest and member.kind == "symlink":
        return None
    return f"usr/{member.name}"


class _ConflictError(Exception):
    """An entry that cannot be put where it belongs."""


class _Root:
    """Writes entries below a folder as if that were /: no link leads out of it."""

    def __init__(self, into: Path) -> None:
        into.mkdir(parents=True, exist_ok=True)
        self._into = str(into.resolve())
        self._real: dict[str, str] = {"": ""}  # folder as named -> folder without links, both below the root
        self._times: dict[str, float] = {}

    def put(self, member: Member, entry: tarfile.TarInfo, tar: tarfile.TarFile, *, merged_usr: bool) -> None:
        target = self._place(member.name)
        if member.kind == "folder":
            self._make_folder(member.name, target, member.mode)
            self._times.setdefault(self._real[member.name], entry.mtime)
            return
        try:
            there = stat.S_ISDIR(os.lstat(target).st_mode)
        except FileNotFoundError:
            there = None
        if there:
            if member.kind == "symlink":
                return
            raise _ConflictError("there is a folder in its place")
        if there is not None and member.kind != "hardlink":
            Path(target).unlink()
        if member.kind == "symlink":
            Path(target).symlink_to(member.link)
            os.utime(target, (entry.mtime, entry.mtime), follow_symlinks=False)
        elif member.kind == "hardlink":
            self._link(member, target, merged_usr=merged_usr)
        else:
            _write(target, member.mode, entry.mtime, cast(IO[bytes], tar.extractfile(entry)))

    def finish(self) -> None:
        """Set the times of folders, which writing into them has changed."""
        for folder, moment in self._times.items():
            os.utime(f"{self._into}/{folder}", (moment, moment))

    def _link(self, member: Member, target: str, *, merged_usr: bool) -> None:
        name = _clean(member.link)
        if name is None:
            raise _ConflictError(f"it is a hard link to {member.link}")
        if merged_usr and name.partition("/")[0] in MERGED:
            name = f"usr/{name}"
        source = self._place(name)
        if source == target:
            raise _ConflictError("it is a hard link to itself")
        try:
            if not stat.S_ISREG(os.lstat(source).st_mode):
                raise _ConflictError(f"it is a hard link to {member.link}, which is no file")
            Path(target).unlink(missing_ok=True)
            os.link(source, target, follow_symlinks=False)
        except FileNotFoundError:
            raise _ConflictError(f"it is a hard link to {member.link}, which was not extracted") from None

    def _place(self, name: str) -> str:
        """Where `name` really goes on the host; links on the way there are followed, a link at the end is not."""
        folder, _, last = name.rpartition("/")
        real = self._folder(folder)
        return "/".join(part for part in (self._into, real, last) if part)

    def _folder(self, name: str) -> str:
        """The folder `name` without links, made if it is missing."""
        known = self._real.get(name)
        if known is None:
            self._make_folder(name, self._place(name), 0o755)
            known = self._real[name]
        return known

    def _make_folder(self, name: str, target: str, mode: int) -> None:
        try:
            # the owner must be able to write into it
            os.mkdir(target, 0o700)  # noqa: PTH102 - thousands of them
            os.chmod(target, mode | 0o700)  # noqa: PTH101  as above
            self._real[name] = target[len(self._into) + 1 :]
        except FileExistsError:
            self._real[name] = self._resolve(target[len(self._into) + 1 :])

    def _resolve(self, name: str) -> str:
        """Follow the links in `name` as chroot(2) would; raises _ConflictError if that does not end at a folder."""
        todo, done, links = name.split("/")[::-1], list[str](), 0
        while todo:
            part = todo.pop()
            if part in ("", "."):
                continue
            if part == "..":
                del done[-1:]
                continue
            here = "/".join([self._into, *done, part])
            try:
                mode = os.lstat(here).st_mode
            except FileNotFoundError:
                raise _ConflictError(f"the folder /{name} is a link to nowhere") from None
            if stat.S_ISLNK(mode):
                links += 1
                if links > _MAX_LINKS:
                    raise _ConflictError(f"the folder /{name} is a link that never ends")
                link = os.readlink(here)  # noqa: PTH115  as above
                todo += link.split("/")[::-1]
                done = [] if link.startswith("/") else done
            elif stat.S_ISDIR(mode):
                done.append(part)
            else:
                raise _ConflictError(f"/{name} is no folder")
        return "/".join(done)


def _write(target: str, mode: int, mtime: float, content: IO[bytes]) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
        shutil.copyfileobj(content, file, _CHUNK)
        file.flush()
        os.fchmod(descriptor, mode)
        os.utime(descriptor, (mtime, mtime))


def _member(path: Path, entry: tarfile.TarInfo) -> Member:
    name = _clean(entry.name)
    if name is None:
        raise _bad(path, f"the name {entry.name!r} leads out of the package")
    kinds: dict[Kind, bool] = {
        "file": entry.isreg(),
        "folder": entry.isdir(),
        "symlink": entry.issym(),
        "hardlink": entry.islnk(),
    }
    kind = next((kind for kind, holds in kinds.items() if holds), None)
    if kind is None:
        raise _bad(path, f"{name} is a device or pipe")
    if not name and kind != "folder":
        raise _bad(path, "it replaces / itself")
    return Member(name=name, kind=kind, mode=entry.mode & 0o1777, size=entry.size, link=entry.linkname)


def _clean(name: str) -> str | None:
    """A name without `.` and extra slashes, "" for the top; None if it has `..` or a null byte."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return None if ".." in parts or "\0" in name else "/".join(parts)


class _StrictHeader(tarfile.TarInfo):
    """tarfile takes a bad header in the middle for the end of the archive; to us it is damage."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _StrictHeader:
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if buf and not any(buf):  # zeros are the end of the archive
                raise
            raise tarfile.ReadError(f"a header of the tar archive is damaged: {error}") from error


class _Part(io.RawIOBase):
    """A part of an open file, as a file."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        super().__init__()
        self._file, self._left = file, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override]  # typeshed has a protocol here
        data = self._file.read(min(len(buffer), self._left))
        if not data and self._left:
            raise EOFError("the file ends early")
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)


@contextmanager
def _tar(path: Path, which: str) -> Iterator[tarfile.TarFile]:
    """The package's `control` or `data` archive; what is malformed in it becomes UntrustedInput."""
    with path.open("rb") as file:
        try:
            name, size = _find(file, which)
            with _plain(io.BufferedReader(_Part(file, size), _CHUNK), name) as stream:
                with tarfile.open(
                    fileobj=stream, mode="r|", bufsize=_CHUNK, tarinfo=_StrictHeader, encoding="utf-8"
                ) as tar:
                    yield tar
                while stream.read(_CHUNK):  # the checksum is at the end
                    pass
        except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, ValueError, OverflowError) as error:
            raise _bad(path, str(error)) from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise _bad(path, str(error)) from error  # gzip and bz2 report damage this way


def _plain(packed: io.BufferedReader, name: str) -> IO[bytes]:
    suffix = name.rpartition(".tar")[2]
    if suffix == "":
        return packed
    if suffix == ".xz":
        return lzma.open(packed)
    if suffix == ".gz":
        return cast(IO[bytes], gzip.open(packed))
    if suffix == ".zst":
        return _zstd(packed)
    if suffix == ".bz2":
        return cast(IO[bytes], bz2.open(packed))
    raise ValueError(f"{name} has an unknown compression")


def _zstd(packed: io.BufferedReader) -> IO[bytes]:
    import zstandard  # noqa: PLC0415 - Debian's own packages are xz; only others need it

    class Reader(io.RawIOBase):
        def __init__(self) -> None:
            super().__init__()
            self._stream = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override]  # as in _Part
            try:
                data = self._stream.read(len(buffer))
            except zstandard.ZstdError as error:
                raise ValueError(str(error)) from error
            buffer[: len(data)] = data
            return len(data)

    return io.BufferedReader(Reader(), _CHUNK)


def _find(file: IO[bytes], which: str) -> tuple[str, int]:
    """Go to the member `<which>.tar*` of an ar archive; its name and size (ar(5), the common format)."""
    if file.read(8) != b"!<arch>\n":
        raise ValueError("it is no ar archive")
    name, size = _header(file, "debian-binary")
    if name != "debian-binary" or not file.read(min(size, 2)) == b"2.":
        raise ValueError("it does not begin with debian-binary of format 2")
    file.seek(size + size % 2 - 2, os.SEEK_CUR)
    while True:
        name, size = _header(file, f"{which}.tar")
        if name.startswith(f"{which}.tar"):
            return name, size
        file.seek(size + size % 2, os.SEEK_CUR)


def _header(file: IO[bytes], wanted: str) -> tuple[str, int]:
    header = file.read(60)
    if len(header) < 60:
        raise ValueError(f"it has no {wanted}")
    if header[58:] != b"`\n" or not header[48:58].strip().isdigit():
        raise ValueError("a header of the ar archive is damaged")
    return header[:16].decode("ascii").rstrip().rstrip("/"), int(header[48:58])


def _bad(path: Path, why: str) -> UntrustedInput:
    fix = f"remove it, so that it is fetched again: rm {path}"
    return UntrustedInput(f"{path} is no sound Debian package: {why}", fix=fix)
