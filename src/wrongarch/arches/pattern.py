"""What the kernel compares with the start of a file to know whose program it is: magic and mask for binfmt_misc.

Field positions and values: elf(5), and the gABI chapter on the ELF header.
"""

from __future__ import annotations

from typing import Literal

from wrongarch.arches.model import Arch

HEADER_SIZE = 64
"""Bytes of a 64-bit ELF header; the 32-bit one has 52."""

_TYPE, _MACHINE, _FLAGS_32 = 16, 18, 36  # offsets of e_type, e_machine, and of e_flags in a 32-bit file
_ET_EXEC = 2
_EM_MIPS = 8
_EF_MIPS_ABI2 = 0x20
_LINUX_OSABI = 0xFC  # lets through 0 (System V) and 3 (GNU/Linux: IFUNC and unique symbols), but no other system's


def pattern(
    bits: Literal[32, 64],
    endian: Literal["little", "big"],
    machine: int,
    *,
    any_osabi: bool = False,
    n32: bool = False,
) -> tuple[bytes, bytes]:
    """Magic and mask for the programs of a machine: executables and position-independent ones (ET_EXEC, ET_DYN).

    EI_ABIVERSION and the padding after it are left out, as the kernel's own ELF loader does: MIPS uses the first for
    its floating point modes, AppImages write into the second. On 32-bit MIPS the pattern goes on to e_flags, where one
    bit tells `n32` from o32.
    """
    magic = b"\x7fELF" + bytes((bits // 32, 1 if endian == "little" else 2, 1)) + bytes(9)
    mask = b"\xff" * 7 + bytes((0 if any_osabi else _LINUX_OSABI,)) + bytes(8)
    magic += _ET_EXEC.to_bytes(2, endian) + machine.to_bytes(2, endian)
    mask += (0xFFFE).to_bytes(2, endian) + b"\xff\xff"  # ET_DYN is 3
    if bits == 32 and machine == _EM_MIPS:
        gap = bytes(_FLAGS_32 - _MACHINE - 2)
        magic += gap + (_EF_MIPS_ABI2 if n32 else 0).to_bytes(4, endian)
        mask += gap + _EF_MIPS_ABI2.to_bytes(4, endian)
    return magic, mask


def matches(arch: Arch, start: bytes) -> bool:
    """Whether the kernel takes a file that starts with these bytes for a program of `arch`, as binfmt_misc compares."""
    return len(start) >= len(arch.magic) and all(
        one & mask == magic for one, mask, magic in zip(start, arch.mask, arch.magic, strict=False)
    )
