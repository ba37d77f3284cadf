from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.programs import header
from wrongarch.arches import lookup
from wrongarch.arches.lookup import all_arches, arch_of, find, host_arch, image_arches, runs_natively
from wrongarch.errors import MachineError, UsageError


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("arm armhf armv7 armv7l arm/v7 linux/arm/v7 linux/arm/v8 linux/arm arm-linux-gnueabihf ARMHF", "arm"),
        ("armel armv5tel armv5tejl armv6l linux/arm/v5 linux/arm/v6 arm/v6 arm-linux-gnueabi", "armel"),
        ("arm64 aarch64 AArch64 linux/arm64 linux/arm64/v8 arm64/v8 aarch64-linux-gnu", "arm64"),
        ("mips mipsel mipsle linux/mipsle mipsel-linux-gnu", "mips"),
        ("mips64 mips64el mips64le linux/mips64le mips64el-linux-gnuabi64", "mips64"),
        ("ppc64le ppc64el powerpc64le linux/ppc64le powerpc64le-linux-gnu", "ppc64le"),
        ("s390x linux/s390x s390x-linux-gnu", "s390x"),
        ("riscv64 rv64 linux/riscv64", "riscv64"),
        ("i386 i486 i586 i686 x86 386 linux/386 i686-linux-gnu i386-linux-gnu", "i386"),
        ("amd64 x86_64 x86-64 X86_64 linux/amd64 linux/amd64/v3 x86_64-linux-gnu", "amd64"),
        ("mipsbe mipseb linux/mips mips-linux-gnu", "mipsbe"),
        ("mips64be linux/mips64 mips64-linux-gnuabi64", "mips64be"),
        ("loongarch64 loong64 linux/loong64", "loongarch64"),
        ("hppa parisc parisc64", "hppa"),
        ("or1k openrisc", "or1k"),
        ("ppc powerpc powerpc-linux-gnu", "ppc"),
        ("sparc64 sparcv9", "sparc64"),
    ],
)
def test_find_knows_every_name(words: str, name: str) -> None:
    assert {word: find(word).name for word in words.split()} == dict.fromkeys(words.split(), name)
    assert find(f"  {name}\n").name == name


def test_each_row_is_found_by_all_its_own_names() -> None:
    for arch in all_arches():
        platform = arch.platform
        oci = [f"linux/{platform.architecture}/{platform.variant}".rstrip("/")] if platform else []
        for word in (arch.name, *arch.aliases, arch.triplet, *([arch.debian] if arch.debian else []), *oci):
            assert find(word) is arch


def test_an_unknown_name_comes_with_those_close_to_it() -> None:
    with pytest.raises(UsageError) as caught:
        find("amrhf")
    assert caught.value.what == "there is no arch 'amrhf'; did you mean armhf or zarch?"
    assert "with images: arm, armel, arm64, mips" in caught.value.fix
    assert "sparc64" in caught.value.fix
    with pytest.raises(UsageError, match="did you mean linux/arm64"):
        find("linux/rm64")


@pytest.mark.parametrize("word", ["", " ", "linux/", "linux/windows", "vax", "linux/arm/v99", "/"])
def test_what_is_no_name(word: str) -> None:
    with pytest.raises(UsageError, match="there is no arch"):
        find(word)


@given(st.text(max_size=30))
def test_find_finds_or_says_so(word: str) -> None:
    try:
        assert find(word) in all_arches()
    except UsageError as error:
        assert error.fix


def test_image_arches_are_those_with_a_suite() -> None:
    assert [arch.name for arch in image_arches()][:3] == ["arm", "armel", "arm64"]
    assert len(image_arches()) == 10


def test_the_host_is_what_this_python_is_compiled_for() -> None:
    host = host_arch()
    assert host.bits == sys.maxsize.bit_length() + 1
    assert host.endian == sys.byteorder
    assert runs_natively(host, host)


def test_a_32_bit_process_is_32_bit_whatever_the_kernel_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("i386", "arm", "armel", "mips", "mipsn32"):
        monkeypatch.setattr(lookup, "_own_header", lambda name=name: header(find(name)))
        assert host_arch().name == name


def test_without_proc_uname_and_the_size_of_pointers_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_OWN_PROGRAM", Path("/nonexistent"))
    assert host_arch() == arch_of(os.uname().machine, sys.maxsize.bit_length() + 1, sys.byteorder)


def test_a_host_that_is_not_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_own_header", lambda: b"")
    monkeypatch.setattr(lookup, "arch_of", lambda *_: None)
    with pytest.raises(MachineError, match="which wrongarch does not know") as caught:
        host_arch()
    assert "/proc/self/exe" in caught.value.fix


@pytest.mark.parametrize(
    ("machine", "bits", "endian", "name"),
    [
        ("x86_64", 64, "little", "amd64"),
        ("x86_64", 32, "little", "i386"),
        ("i686", 32, "little", "i386"),
        ("aarch64", 64, "little", "arm64"),
        ("aarch64", 32, "little", "arm"),
        ("armv7l", 32, "little", "arm"),
        ("armv5tel", 32, "little", "armel"),
        ("arm64", 64, "little", "arm64"),
        ("mips", 32, "little", "mips"),
        ("mips", 32, "big", "mipsbe"),
        ("mips64", 64, "little", "mips64"),
        ("mips64", 32, "little", "mips"),
        ("mips64", 64, "big", "mips64be"),
        ("ppc64le", 64, "little", "ppc64le"),
        ("ppc64", 64, "big", "ppc64"),
        ("ppc64", 32, "big", "ppc"),
        ("s390x", 64, "big", "s390x"),
        ("riscv64", 64, "little", "riscv64"),
        ("riscv64", 32, "little", "riscv32"),
        ("parisc64", 32, "big", "hppa"),
        ("loongarch64", 64, "little", "loongarch64"),
        ("s390x", 32, "big", None),
        ("ia64", 64, "little", None),
        ("armv7l", 32, "big", None),
    ],
)
def test_arch_of(machine: str, bits: int, endian: str, name: str | None) -> None:
    found = arch_of(machine, bits, endian)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("guest", "host", "natively"),
    [
        ("i386", "amd64", True),
        ("amd64", "i386", False),
        ("armel", "arm", True),
        ("arm", "armel", False),
        ("arm", "arm64", False),
        ("arm64", "arm", False),
        ("mips", "mips64", True),
        ("mips", "mipsbe", False),
        ("mipsbe", "mips64be", True),
        ("ppc", "ppc64", True),
        ("ppc64", "ppc64le", False),
        ("sparc32plus", "sparc64", True),
        ("amd64", "arm64", False),
    ],
)
def test_runs_natively(guest: str, host: str, natively: bool) -> None:
    assert runs_natively(find(guest), find(host)) is natively


def test_natively_is_said_of_rows_that_exist_with_the_same_byte_order() -> None:
    for host, guests in lookup._ALSO_RUNS.items():
        for guest in guests:
            assert find(guest).endian == find(host).endian
            assert find(guest).bits <= find(host).bits
