"""The table of architectures: those of Debian's images first, then the other targets of QEMU's user emulation.

Sources: Debian's Release files for the suites, the Debian multiarch list for triplets and dpkg names; elf.h for the
machine numbers; QEMU's linux-user directory for its targets and for what they answer to `uname -m`. Two rows may share
a target (arm and armel): what binfmt_misc compares does not tell their programs apart.

CPU models are fixed because QEMU's own defaults change from version to version. Unless a row says otherwise each is
real hardware that the port is meant for, and QEMU 7.2, 10.0 and 11.1 all accept it without a warning.
"""

from __future__ import annotations

from typing import Literal

from wrongarch.arches.model import Arch, Platform
from wrongarch.arches.pattern import pattern

_Elf = tuple[int, Literal[32, 64], Literal["little", "big"]]  # e_machine, EI_CLASS, EI_DATA


def _row(
    name: str,
    qemu: str,
    elf: _Elf,
    triplet: str,
    uname: str,
    *,
    aliases: str = "",
    debian: str = "",
    suites: str = "bookworm trixie",
    oci: str = "",
    cpu: str | None = None,
    any_osabi: bool = False,
    n32: bool = False,
) -> Arch:
    machine, bits, endian = elf
    magic, mask = pattern(bits, endian, machine, any_osabi=any_osabi, n32=n32)
    architecture, _, variant = oci.partition("/")
    return Arch(
        name=name,
        aliases=tuple(aliases.split()),
        qemu=qemu,
        debian=debian,
        suites=tuple(suites.split()) if debian else (),
        platform=Platform(architecture=architecture, variant=variant) if oci else None,
        triplet=triplet,
        uname=uname,
        bits=bits,
        endian=endian,
        machine=machine,
        magic=magic,
        mask=mask,
        cpu=cpu,
    )


# A table is read by its rows, so the formatter keeps out.
# fmt: off
_IMAGES = (
    # EI_OSABI of ARM is 97 in programs of the old ABI and 65 in those of FDPIC, which QEMU runs as well
    _row("arm", "arm", (40, 32, "little"), "arm-linux-gnueabihf", "armv7l", debian="armhf", oci="arm/v7",
         cpu="cortex-a7", any_osabi=True, aliases="armv7 armv7a armv7hl armv8l arm32 arm32v7 arm/v8"),
    _row("armel", "arm", (40, 32, "little"), "arm-linux-gnueabi", "armv5tel", debian="armel", oci="arm/v5",
         cpu="arm926", any_osabi=True, aliases="armv5 armv5te armv5tejl armv6 armv6l arm32v5 arm32v6 arm/v6"),
    _row("arm64", "aarch64", (183, 64, "little"), "aarch64-linux-gnu", "aarch64", debian="arm64", oci="arm64/v8",
         cpu="cortex-a72", aliases="armv8 armv8a arm64v8 arm64/v9"),
    # our mips and mips64 are the little-endian ports, the last ones that Debian had
    _row("mips", "mipsel", (8, 32, "little"), "mipsel-linux-gnu", "mips", debian="mipsel", suites="bookworm",
         oci="mipsle", cpu="24Kf", aliases="mips32el mips32r2el"),
    # Debian built on Loongsons. Of what QEMU 10.0 has, only they and release 6 take unaligned addresses, as every CPU
    # seems to under a real kernel: JavaScriptCore ends in SIGBUS on the others
    _row("mips64", "mips64el", (8, 64, "little"), "mips64el-linux-gnuabi64", "mips64", debian="mips64el",
         suites="bookworm", oci="mips64le", cpu="Loongson-3A4000", aliases="mips64r2el"),
    _row("ppc64le", "ppc64le", (21, 64, "little"), "powerpc64le-linux-gnu", "ppc64le", debian="ppc64el",
         oci="ppc64le", cpu="power9", aliases="powerpc64le power64le"),
    # TCG lacks features of every real model; "qemu" is a list of features that QEMU itself keeps stable
    _row("s390x", "s390x", (22, 64, "big"), "s390x-linux-gnu", "s390x", debian="s390x", oci="s390x", cpu="qemu",
         aliases="systemz zarch"),
    # RV64GC and no more, which is the port's baseline; the model "rv64" gains extensions with each QEMU
    _row("riscv64", "riscv64", (243, 64, "little"), "riscv64-linux-gnu", "riscv64", debian="riscv64",
         suites="trixie", oci="riscv64", cpu="sifive-u54", aliases="rv64 rv64gc"),
    # has SSE3, which JavaScript engines want, and no 64-bit mode: QEMU 7.2 warns of models that have one
    _row("i386", "i386", (3, 32, "little"), "i686-linux-gnu", "i686", debian="i386", oci="386", cpu="coreduo",
         aliases="x86 x86_32 ia32 i486 i586 i386-linux-gnu"),
    # x86-64-v2
    _row("amd64", "x86_64", (62, 64, "little"), "x86_64-linux-gnu", "x86_64", debian="amd64", oci="amd64",
         cpu="Nehalem", aliases="x86-64 x64 amd64/v1 amd64/v2 amd64/v3 amd64/v4"),
)

_STATIC = (
    _row("aarch64_be", "aarch64_be", (183, 64, "big"), "aarch64_be-linux-gnu", "aarch64_be", cpu="cortex-a72",
         aliases="arm64be arm64eb aarch64be"),
    _row("alpha", "alpha", (0x9026, 64, "little"), "alpha-linux-gnu", "alpha", cpu="ev67"),
    _row("armeb", "armeb", (40, 32, "big"), "armeb-linux-gnueabi", "armv7b", cpu="cortex-a7", any_osabi=True,
         aliases="armbe"),
    _row("hexagon", "hexagon", (164, 32, "little"), "hexagon-linux-musl", "hexagon", cpu="v67"),
    # QEMU has one model, under a name that changed
    _row("hppa", "hppa", (15, 32, "big"), "hppa-linux-gnu", "parisc", aliases="pa-risc parisc64"),
    _row("loongarch64", "loongarch64", (258, 64, "little"), "loongarch64-linux-gnu", "loongarch64", oci="loong64",
         cpu="la464", aliases="loongarch"),
    _row("m68k", "m68k", (4, 32, "big"), "m68k-linux-gnu", "m68k", cpu="m68040", aliases="68k"),
    # QEMU's own records for it have the number 0xbaab, which compilers stopped to write in 2009
    _row("microblaze", "microblaze", (189, 32, "big"), "microblaze-linux-gnu", "microblaze", cpu="microblaze"),
    # 10.0 starts big-endian when not told; 7.2 does not know the word and needs `--cpu microblaze`
    _row("microblazeel", "microblazeel", (189, 32, "little"), "microblazeel-linux-gnu", "microblaze",
         cpu="microblaze,little-endian=on"),
    _row("mipsbe", "mips", (8, 32, "big"), "mips-linux-gnu", "mips", oci="mips", cpu="24Kf", aliases="mipseb"),
    _row("mips64be", "mips64", (8, 64, "big"), "mips64-linux-gnuabi64", "mips64", oci="mips64",
         cpu="MIPS64R2-generic", aliases="mips64eb"),
    _row("mipsn32", "mipsn32", (8, 32, "big"), "mips64-linux-gnuabin32", "mips64", cpu="MIPS64R2-generic", n32=True),
    _row("mipsn32el", "mipsn32el", (8, 32, "little"), "mips64el-linux-gnuabin32", "mips64", cpu="Loongson-3A4000",
         n32=True),
    _row("or1k", "or1k", (92, 32, "big"), "or1k-linux-gnu", "openrisc", cpu="or1200", aliases="or1200 or32"),
    _row("ppc", "ppc", (20, 32, "big"), "powerpc-linux-gnu", "ppc", cpu="750", aliases="powerpc ppc32"),
    _row("ppc64", "ppc64", (21, 64, "big"), "powerpc64-linux-gnu", "ppc64", oci="ppc64", cpu="power9",
         aliases="powerpc64"),
    _row("riscv32", "riscv32", (243, 32, "little"), "riscv32-linux-gnu", "riscv32", cpu="sifive-u34", aliases="rv32"),
    _row("sh4", "sh4", (42, 32, "little"), "sh4-linux-gnu", "sh4", cpu="sh7785", aliases="sh superh"),
    _row("sh4eb", "sh4eb", (42, 32, "big"), "sh4eb-linux-gnu", "sh4eb", cpu="sh7785", aliases="sheb"),
    _row("sparc", "sparc", (2, 32, "big"), "sparc-linux-gnu", "sparc", cpu="LEON3", aliases="sparc32 sparcv8"),
    _row("sparc32plus", "sparc32plus", (18, 32, "big"), "sparcv9-linux-gnu", "sparc64", cpu="TI-UltraSparc-II",
         aliases="sparcv8plus"),
    _row("sparc64", "sparc64", (43, 64, "big"), "sparc64-linux-gnu", "sparc64", cpu="TI-UltraSparc-II",
         aliases="sparcv9"),
    _row("xtensa", "xtensa", (94, 32, "little"), "xtensa-linux-uclibc", "xtensa", cpu="dc232b", any_osabi=True),
    _row("xtensaeb", "xtensaeb", (94, 32, "big"), "xtensaeb-linux-uclibc", "xtensa", cpu="fsf", any_osabi=True),
)
# fmt: on

ARCHES: tuple[Arch, ...] = _IMAGES + _STATIC
