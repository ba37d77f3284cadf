from __future__ import annotations

import itertools

import pytest

from tests.support.programs import CODES, exit_program, header
from wrongarch.arches.model import Arch
from wrongarch.arches.pattern import matches
from wrongarch.arches.table import ARCHES

BY_NAME = {arch.name: arch for arch in ARCHES}
IMAGES = ["arm", "armel", "arm64", "mips", "mips64", "ppc64le", "s390x", "riscv64", "i386", "amd64"]
# all of QEMU's linux-user targets since 9.2, as `ls qemu-*` of Debian's qemu-user package has them
TARGETS = """
    aarch64 aarch64_be alpha arm armeb hexagon hppa i386 loongarch64 m68k microblaze microblazeel mips mips64 mips64el
    mipsel mipsn32 mipsn32el or1k ppc ppc64 ppc64le riscv32 riscv64 s390x sh4 sh4eb sparc sparc32plus sparc64 x86_64
    xtensa xtensaeb
"""
EVERY = pytest.mark.parametrize("arch", ARCHES, ids=lambda arch: arch.name)


def test_images_come_first_then_the_other_targets() -> None:
    assert [arch.name for arch in ARCHES if arch.has_images] == IMAGES
    assert [arch.name for arch in ARCHES][: len(IMAGES)] == IMAGES
    assert {arch.qemu for arch in ARCHES} == set(TARGETS.split())
    assert len(ARCHES) == len(TARGETS.split()) + 1  # arm and armel share one


def test_no_name_is_given_twice() -> None:
    words = [word.lower() for arch in ARCHES for word in (arch.name, *arch.aliases)]
    assert sorted(words) == sorted(set(words))
    for kind in ("triplet", "platform", "debian"):
        values = [getattr(arch, kind) for arch in ARCHES if getattr(arch, kind)]
        assert all(values.count(value) == 1 for value in values)


def test_what_debian_carries() -> None:
    assert BY_NAME["arm"].debian == "armhf"
    assert (BY_NAME["mips"].debian, BY_NAME["mips64"].debian) == ("mipsel", "mips64el")
    for arch in ARCHES:
        assert bool(arch.suites) == arch.has_images
    assert {name for name in IMAGES if "trixie" not in BY_NAME[name].suites} == {"mips", "mips64"}
    assert {name for name in IMAGES if BY_NAME[name].suites[0] != "bookworm"} == {"riscv64"}


@EVERY
def test_a_row_is_consistent(arch: Arch) -> None:
    assert len(arch.magic) == len(arch.mask) == (40 if (arch.machine, arch.bits) == (8, 32) else 20)
    assert bytes(one & mask for one, mask in zip(arch.magic, arch.mask, strict=True)) == arch.magic
    assert arch.magic[:7] == b"\x7fELF" + bytes((arch.bits // 32, 1 if arch.endian == "little" else 2, 1))
    assert int.from_bytes(arch.magic[18:20], arch.endian) == arch.machine
    assert arch.cpu != "max"
    assert arch.cpu or arch.name == "hppa"
    assert arch.name == arch.name.lower()


@EVERY
def test_programs_match_their_own_row_alone(arch: Arch) -> None:
    found = {other.qemu for other in ARCHES if matches(other, exit_program(arch))}
    assert found == {arch.qemu}


@pytest.mark.parametrize(
    ("one", "other"),
    [pair for pair in itertools.combinations(ARCHES, 2) if pair[0].qemu != pair[1].qemu],
    ids=lambda arch: arch.name,
)
def test_no_file_at_all_matches_two_targets(one: Arch, other: Arch) -> None:
    """The kernel takes the record that was added last, so that order would count if any did."""
    length = min(len(one.magic), len(other.magic))
    assert any(one.mask[n] & other.mask[n] & (one.magic[n] ^ other.magic[n]) for n in range(length))


@EVERY
def test_executables_and_pies_of_linux_match_and_nothing_else(arch: Arch) -> None:
    for kind, osabi in itertools.product((2, 3), (0, 3)):
        assert matches(arch, header(arch, kind=kind, osabi=osabi))
    for kind in (0, 1, 4, 0xFE02):  # object files, core dumps
        assert not matches(arch, header(arch, kind=kind))
    assert matches(arch, header(arch, osabi=9)) == (arch.qemu in {"arm", "armeb", "xtensa", "xtensaeb"})  # FreeBSD
    assert not matches(arch, header(arch)[: len(arch.magic) - 1])
    assert not matches(arch, b"")


@EVERY
def test_what_loaders_ignore_is_ignored(arch: Arch) -> None:
    start = bytearray(header(arch))
    start[8:16] = b"AI\x02\xff\xff\xff\xff\xff"  # EI_ABIVERSION and padding; AppImages write here
    assert matches(arch, bytes(start))


@pytest.mark.parametrize("osabi", [65, 97])
def test_fdpic_and_the_old_arm_abi_are_for_qemu_too(osabi: int) -> None:
    assert matches(BY_NAME["arm"], header(BY_NAME["arm"], osabi=osabi))
    assert not matches(BY_NAME["arm64"], header(BY_NAME["arm64"], osabi=osabi))


def test_mips_abis_are_told_apart_by_e_flags() -> None:
    o32, n32 = BY_NAME["mips"], BY_NAME["mipsn32el"]
    for flags in (0x70001007, 0x00001005, 0x90001000):  # releases 2, 1 and 6
        assert matches(o32, header(o32, flags=flags))
        assert not matches(n32, header(o32, flags=flags))
    assert matches(n32, header(o32, flags=0x80000027))
    assert not matches(o32, header(o32, flags=0x80000027))


def test_x32_and_ilp32_are_not_taken_for_their_64_bit_kin() -> None:
    for name in ("amd64", "arm64"):
        start = bytearray(header(BY_NAME[name]))
        start[4] = 1
        assert not any(matches(arch, bytes(start)) for arch in ARCHES)


def test_there_is_a_program_for_every_row() -> None:
    assert set(CODES) == set(BY_NAME)
