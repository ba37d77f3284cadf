"""The smallest ELF programs: for every arch of the table one that does nothing but exit(42)."""

from __future__ import annotations

import struct
from typing import NamedTuple

from wrongarch.arches.model import Arch

EXIT_CODE = 42
BASE = 0x10000
_PAGE = 0x1000


class Code(NamedTuple):
    """Machine code of _exit(42) in hex, and the e_flags that the arch's compilers write."""

    text: str
    flags: int = 0


# Each loads the number of exit(2) and 42 into the registers of the system call, and makes it.
CODES = {
    "arm": Code("0170a0e32a00a0e3000000ef", 0x05000400),
    "armel": Code("0170a0e32a00a0e3000000ef", 0x05000200),
    "arm64": Code("a80b80d2400580d2010000d4"),
    "mips": Code("a10f02242a0004240c000000", 0x70001007),
    "mips64": Code("c21302242a0004240c000000", 0x80000007),
    "ppc64le": Code("010000382a00603802000044", 2),
    "s390x": Code("a729002a0a01"),
    "riscv64": Code("9308d0051305a00273000000", 5),
    "i386": Code("b801000000bb2a000000cd80"),
    "amd64": Code("b83c000000bf2a0000000f05"),
    "aarch64_be": Code("a80b80d2400580d2010000d4"),
    "alpha": Code("01001f202a001f2283000000"),
    "armeb": Code("e3a07001e3a0002aef000000", 0x05000000),
    "hexagon": Code("a6cb007840c5007804c00054", 0x67),
    "hppa": Code("341a0054e400820034140002", 0x210),
    "loongarch64": Code("0b74810204a8800200002b00", 0x43),
    "m68k": Code("7001722a4e40"),
    "microblaze": Code("3180000130a0002ab9cc0008"),
    "microblazeel": Code("010080312a00a0300800ccb9"),
    "mipsbe": Code("24020fa12404002a0000000c", 0x70001007),
    "mips64be": Code("240213c22404002a0000000c", 0x80000007),
    "mipsn32": Code("240217aa2404002a0000000c", 0x80000027),
    "mipsn32el": Code("aa1702242a0004240c000000", 0x80000027),
    "or1k": Code("9d60005d9c60002a2000000115000000"),
    "ppc": Code("380000013860002a44000002"),
    "ppc64": Code("380000013860002a44000002", 2),  # ELFv2: e_entry is code, not a descriptor
    "riscv32": Code("9308d0051305a00273000000", 5),
    "sh4": Code("01e32ae411c30900", 9),
    "sh4eb": Code("e301e42ac3110009", 9),
    "sparc": Code("821020019010202a91d02010"),
    "sparc32plus": Code("821020019010202a91d02010", 0x100),
    "sparc64": Code("821020019010202a91d0206d"),
    "xtensa": Code("22a07662a02a005000", 0x300),
    "xtensaeb": Code("220a76260a2a000500", 0x300),
}


def header(arch: Arch, *, kind: int = 2, osabi: int = 0, flags: int | None = None, segments: int = 1) -> bytes:
    """An ELF header of `arch`: `kind` is e_type; the entry point follows `segments` program headers."""
    order = "<" if arch.endian == "little" else ">"
    ident = b"\x7fELF" + bytes((arch.bits // 32, 1 if order == "<" else 2, 1, osabi)) + bytes(8)
    size, each, word = (52, 32, "I") if arch.bits == 32 else (64, 56, "Q")
    values = (kind, arch.machine, 1, BASE + size + each * segments, size, 0)
    rest = (CODES[arch.name].flags if flags is None else flags, size, each, segments, 0, 0, 0)
    return ident + struct.pack(f"{order}HHI{word}{word}{word}IHHHHHH", *values, *rest)


def segment(arch: Arch, kind: int, offset: int, size: int) -> bytes:
    """A program header of `kind` (1 is PT_LOAD, 2 PT_DYNAMIC, 3 PT_INTERP) for bytes of the file, loaded at BASE."""
    order = "<" if arch.endian == "little" else ">"
    if arch.bits == 32:
        return struct.pack(f"{order}8I", kind, offset, BASE + offset, BASE + offset, size, size, 5, _PAGE)
    return struct.pack(f"{order}2I6Q", kind, 5, offset, BASE + offset, BASE + offset, size, size, _PAGE)


def exit_program(arch: Arch) -> bytes:
    """A statically linked program for `arch` that exits with 42."""
    code = bytes.fromhex(CODES[arch.name].text)
    start = header(arch)
    size = len(start) + len(segment(arch, 1, 0, 0)) + len(code)
    return start + segment(arch, 1, 0, size) + code


def dynamic_program(arch: Arch, loader: bytes, libraries: tuple[bytes, ...] = ()) -> bytes:
    """A file that says it needs `loader` and `libraries`; it has no code."""
    start = header(arch, kind=3, segments=3)
    at = len(start) + 3 * len(segment(arch, 1, 0, 0))
    word = ("<" if arch.endian == "little" else ">") + ("I" if arch.bits == 32 else "Q") * 2
    interp = loader + b"\0"
    names, strings = [], b"\0"
    for library in libraries:
        names.append(len(strings))
        strings += library + b"\0"
    table_size = struct.calcsize(word) * (len(names) + 2)
    strings_at = at + len(interp) + table_size
    tags = [(1, name) for name in names] + [(5, BASE + strings_at), (0, 0)]
    table = b"".join(struct.pack(word, *tag) for tag in tags)
    segments = (
        segment(arch, 1, 0, strings_at + len(strings)),
        segment(arch, 3, at, len(interp)),
        segment(arch, 2, at + len(interp), table_size),
    )
    return start + b"".join(segments) + interp + table + strings
