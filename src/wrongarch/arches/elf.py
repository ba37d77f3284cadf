"""Reads ELF files of any architecture: whose program it is, its loader, its libraries. Nothing in a file is trusted.

Written against elf(5) with a bound on everything, because what is read here came out of an archive or a build:
general ELF libraries follow counts and offsets wherever these lead. Where the kernel has a limit, it is ours too.
"""

from __future__ import annotations

import os
import re
import stat
import struct
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

import msgspec

from wrongarch.arches.model import Arch
from wrongarch.arches.pattern import HEADER_SIZE, matches
from wrongarch.arches.table import ARCHES
from wrongarch.errors import UntrustedInput

_ET_EXEC = 2
_EM_ARM = 40
_EF_ARM_SOFT_FLOAT, _EF_ARM_HARD_FLOAT = 0x200, 0x400
_UNKNOWN_ABIS = {(62, 32): "x32", (183, 32): "ILP32 on ARM64"}  # by (e_machine, bits)

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_RPATH, _DT_RUNPATH = 0, 1, 5, 15, 29

_MOST_HEADERS = 65536  # bytes of program headers (fs/binfmt_elf.c, load_elf_phdrs)
_LONGEST_PATH = 4096  # PATH_MAX, the kernel's limit on PT_INTERP too
_MOST_DYNAMIC = 1 << 20  # bytes; real ones have some KiB
_MOST_LIBRARIES = 4096
_MOST_LINKS = 40  # symbolic links in one path, as in path_resolution(7)

# Which Debian package has a loader, by the loader's path; the dpkg architecture is added to it.
_LOADERS = (
    (re.compile(r"/lib/ld-musl-[\w.-]+"), "musl"),
    (re.compile(r"/libx32/ld-linux-x32\.so\.2"), "libc6-x32"),
    (re.compile(r"/lib(?:32|64)?/ld(?:64)?(?:-linux[\w-]*)?\.so\.\d"), "libc6"),
)


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of an ELF header that tell architectures apart; numbers as in elf.h."""

    bits: Literal[32, 64]
    endian: Literal["little", "big"]
    osabi: int
    type: int
    machine: int
    flags: int


class _Segment(msgspec.Struct, frozen=True, kw_only=True):
    kind: int
    offset: int
    address: int
    size: int


def read_header(data: bytes) -> Header | None:
    """The ELF header at the start of `data` (64 bytes suffice); None where there is none, or only a part of one."""
    if len(data) < 52 or data[:4] != b"\x7fELF" or data[4] not in (1, 2) or data[5] not in (1, 2):
        return None
    bits: Literal[32, 64] = 32 if data[4] == 1 else 64
    endian: Literal["little", "big"] = "little" if data[5] == 1 else "big"
    if bits == 64 and len(data) < HEADER_SIZE:
        return None
    kind, machine = struct.unpack_from(_order(endian) + "HH", data, 16)
    (flags,) = struct.unpack_from(_order(endian) + "I", data, 36 if bits == 32 else 48)
    return Header(bits=bits, endian=endian, osabi=data[7], type=kind, machine=machine, flags=flags)


def _order(endian: str) -> str:
    return "<" if endian == "little" else ">"


def identify(data: bytes) -> Arch | None:
    """The arch whose code an ELF file holds, from its first 64 bytes; also of object files, of any system.

    None for anything else, for an ABI that QEMU has no target for (x32, ILP32 on ARM64), and for a header cut short.
    ARM programs that do not say which float ABI they use count as `arm`.
    """
    header = read_header(data)
    if header is None:
        return None
    # as binfmt_misc would see it, were it a Linux program
    start = data[:7] + b"\0" + data[8:16] + _ET_EXEC.to_bytes(2, header.endian) + data[18:HEADER_SIZE]
    found = {arch.name: arch for arch in ARCHES if matches(arch, start)}
    if "armel" in found and header.flags & (_EF_ARM_SOFT_FLOAT | _EF_ARM_HARD_FLOAT) == _EF_ARM_SOFT_FLOAT:
        return found["armel"]
    return next(iter(found.values()), None)


def describe(data: bytes) -> str:
    """What a file with these first 64 bytes is, as a phrase: "an ELF file for s390x", "no ELF file"."""
    header = read_header(data)
    if header is None:
        return "a damaged ELF file" if data[:4] == b"\x7fELF" else "no ELF file"
    arch = identify(data)
    if arch is not None:
        return f"an ELF file for {arch.name}"
    name = _UNKNOWN_ABIS.get((header.machine, header.bits))
    kind = f"{name}: " if name else ""
    return (
        f"an ELF file for an unknown arch ({kind}machine {header.machine}, {header.bits}-bit, {header.endian}-endian)"
    )


def interpreter_of(path: Path) -> str | None:
    """The loader that the program at `path` names in PT_INTERP; None for a statically linked one.

    Raises UntrustedInput where that is no ELF file or a damaged one, OSError where it cannot be read.
    """
    with _open(path) as file:
        return _interpreter(_Elf(file, path))


def needed_libraries(path: Path) -> tuple[str, ...]:
    """The names in DT_NEEDED of the program or library at `path`, in order; none for a statically linked one.

    Raises UntrustedInput where that is no ELF file or a damaged one, OSError where it cannot be read.
    """
    with _open(path) as file:
        return tuple(_names(_Elf(file, path), _DT_NEEDED))


def search_paths(path: Path) -> tuple[str, ...]:
    """Where the program or library at `path` wants its libraries looked for: the folders of DT_RUNPATH, else DT_RPATH.

    As they are written, with $ORIGIN and the like (ld.so(8)). Raises as `needed_libraries` does.
    """
    with _open(path) as file:
        elf = _Elf(file, path)
        written = list(_names(elf, _DT_RUNPATH)) or list(_names(elf, _DT_RPATH))
    return tuple(folder for text in written for folder in text.split(":") if folder)


def explain_missing_loader(path: Path, root: Path) -> str | None:
    """Why the program at `path` does not start inside `root`, for people; None if its loader is there.

    `path` is one of the host. None also for a statically linked program and for what is no ELF file. The kernel's own
    words for all of this are "No such file or directory", said of a program that is there. Raises OSError where the
    program cannot be read.
    """
    with _open(path) as file:
        start = file.read(HEADER_SIZE)
        if not start.startswith(b"\x7fELF"):
            return None
        try:
            loader = _interpreter(_Elf(file, path))
        except UntrustedInput as damage:
            return damage.what
    if loader is None:
        return None
    arch, kind = identify(start), describe(start).removeprefix("an ELF file for ")
    inside = _inside(root, loader)
    if inside is None:
        problem = f"there is no {loader} in {root}"
    else:
        other = _start_of(inside)
        theirs = identify(other)
        if theirs and arch and theirs.qemu == arch.qemu:  # not by name: some ARM programs hide their float ABI
            return None
        problem = f"{loader} in {root} is {describe(other)}"
    return (
        f"{path.name} is a dynamically linked program for {kind}, which the kernel starts through its loader {loader}, "
        f"but {problem}. {_where_from(loader, arch)}"
    )


def _where_from(loader: str, arch: Arch | None) -> str:
    package = next((name for pattern, name in _LOADERS if pattern.fullmatch(loader)), None)
    if arch and not arch.has_images:
        return f"There are no images for {arch.name}: link it with -static, and it needs none."
    source = f"Debian's package {package}:{arch.debian} has it; a" if package and arch else "A"
    return f"{source} program linked with -static needs none."


class _Elf:
    """An open ELF file with its program headers."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self.file = file
        self.path = path
        start = self.read(0, HEADER_SIZE, exactly=False)
        header = read_header(start)
        if header is None:
            raise UntrustedInput(f"{path} is {describe(start)}")
        self.wide = header.bits == 64
        self.order = _order(header.endian)
        self.segments = tuple(self._segments(start))

    def read(self, offset: int, size: int, *, exactly: bool = True) -> bytes:
        """`size` bytes at `offset`."""
        try:
            self.file.seek(offset)
            data = self.file.read(size)
        except (OverflowError, ValueError, OSError) as error:  # offsets go up to 2⁶⁴, a file's to 2⁶³
            raise self.damaged(f"nothing can be at {offset:#x}") from error
        if exactly and len(data) != size:
            raise self.damaged(f"it ends before {offset + size:#x}")
        return data

    def damaged(self, why: str) -> UntrustedInput:
        return UntrustedInput(f"{self.path} is a damaged ELF file: {why}")

    def _segments(self, start: bytes) -> Iterator[_Segment]:
        (offset,) = struct.unpack_from(self.order + ("Q" if self.wide else "I"), start, 32 if self.wide else 28)
        each, count = struct.unpack_from(self.order + "HH", start, 54 if self.wide else 42)
        form = struct.Struct(self.order + ("IIQQQQQQ" if self.wide else "IIIIIIII"))
        if count == 0:
            return
        if each != form.size or each * count > _MOST_HEADERS:
            raise self.damaged(f"{count} program headers of {each} bytes")
        for fields in form.iter_unpack(self.read(offset, each * count)):
            kind, at, address, size = (
                (fields[0], fields[2], fields[3], fields[5]) if self.wide else (*fields[:3], fields[4])
            )
            yield _Segment(kind=kind, offset=at, address=address, size=size)

    def segment(self, kind: int, most: int) -> bytes | None:
        """The contents of the first segment of a kind; None where there is none."""
        found = next((one for one in self.segments if one.kind == kind), None)
        if found is None:
            return None
        if found.size > most:
            raise self.damaged(f"a segment of kind {kind} has {found.size} bytes")
        return self.read(found.offset, found.size)

    def offset_of(self, address: int) -> int:
        """Where in the file the byte is that will be loaded at `address`."""
        for one in self.segments:
            if one.kind == _PT_LOAD and one.address <= address < one.address + one.size:
                return one.offset + address - one.address
        raise self.damaged(f"no segment is loaded at {address:#x}")

    def text(self, offset: int) -> str:
        """The text at `offset`, which a zero byte ends."""
        raw, end, _ = self.read(offset, _LONGEST_PATH, exactly=False).partition(b"\0")
        if not end or not raw:
            raise self.damaged(f"no name at {offset:#x}")
        return os.fsdecode(raw)


def _interpreter(elf: _Elf) -> str | None:
    raw = elf.segment(_PT_INTERP, _LONGEST_PATH)
    if raw is None:
        return None
    name, end, _ = raw.partition(b"\0")
    if not name or not end:
        raise elf.damaged("its loader has no name")
    return os.fsdecode(name)


def _names(elf: _Elf, wanted: int) -> Iterator[str]:
    """The names that entries of one kind in the dynamic section give, in order."""
    raw = elf.segment(_PT_DYNAMIC, _MOST_DYNAMIC) or b""
    form = struct.Struct(elf.order + ("QQ" if elf.wide else "II"))
    found: list[int] = []
    names: int | None = None
    for tag, value in form.iter_unpack(raw[: len(raw) // form.size * form.size]):
        if tag == _DT_NULL:
            break
        if tag == wanted:
            found.append(value)
        elif tag == _DT_STRTAB:
            names = value
    if len(found) > _MOST_LIBRARIES:
        raise elf.damaged(f"it needs {len(found)} libraries")
    if found and names is None:
        raise elf.damaged("it needs libraries without names")
    for value in found:
        yield elf.text(elf.offset_of(names or 0) + value)


def _open(path: Path) -> BinaryIO:
    """Open a regular file; anything else could block or never end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UntrustedInput(f"{path} is no file that could be an ELF file")
    return os.fdopen(descriptor, "rb")


def _start_of(path: Path) -> bytes:
    try:
        with _open(path) as file:
            return file.read(HEADER_SIZE)
    except (OSError, UntrustedInput):
        return b""


def _inside(root: Path, name: str) -> Path | None:
    """The host path of the file that a process sees at `name` when `root` is its /; None where there is none."""
    at = followed(root, name)
    if at is None or not os.path.isfile(root / at):  # noqa: PTH113  pathlib raises for a name that is too long
        return None
    return root / at


def followed(root: Path, name: str) -> PurePosixPath | None:
    """Where `name` leads when `root` is /: a path below it, without links, also where nothing is there.

    None for links without end.
    """
    at, left, links = PurePosixPath("/"), list(reversed(PurePosixPath(name).parts)), 0
    while left:
        part = left.pop()
        if part in ("/", "//", ".."):  # two slashes may mean something else in POSIX, and are one root in Linux
            at = at.parent if part == ".." else PurePosixPath("/")
            continue
        here = root / at.relative_to("/") / part
        try:
            target = here.readlink()
        except OSError:  # no link, or nothing there
            at /= part
            continue
        links += 1
        if links > _MOST_LINKS:
            return None
        left.extend(reversed(target.parts))
    return at.relative_to("/")
