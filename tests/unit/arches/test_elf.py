from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import pytest
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import InterpSegment
from hypothesis import given
from hypothesis import strategies as st

from tests.support.programs import dynamic_program, exit_program, header, segment
from wrongarch.arches import elf
from wrongarch.arches.elf import describe, explain_missing_loader, identify, interpreter_of, needed_libraries
from wrongarch.arches.lookup import find
from wrongarch.arches.model import Arch
from wrongarch.arches.table import ARCHES
from wrongarch.errors import UntrustedInput

EVERY = pytest.mark.parametrize("arch", ARCHES, ids=lambda arch: arch.name)
ARM, S390X, MIPS = find("arm"), find("s390x"), find("mips")
LOADER = b"/lib/ld-linux-armhf.so.3"


def named(arch: Arch | None) -> str | None:
    return arch.name if arch else None


def mapped_files() -> list[Path]:
    """The program and the libraries of this process: real ELF files on every machine."""
    text = Path("/proc/self/maps").read_text()
    paths = {line.split(maxsplit=5)[5] for line in text.splitlines() if line.count("/") and " r-xp " in line}
    return sorted(Path(path) for path in paths if Path(path).is_file())


@EVERY
def test_identify_every_arch(arch: Arch) -> None:
    assert named(identify(exit_program(arch))) == arch.name
    assert named(identify(dynamic_program(arch, LOADER))) == arch.name
    assert describe(exit_program(arch)) == f"an ELF file for {arch.name}"


@EVERY
def test_identify_goes_by_code_not_by_kind_or_system(arch: Arch) -> None:
    for kind in (1, 2, 3, 4):
        for osabi in (0, 3, 9):
            assert named(identify(header(arch, kind=kind, osabi=osabi))) == arch.name


@pytest.mark.parametrize(
    ("flags", "name"), [(0x05000400, "arm"), (0x05000200, "armel"), (0x05000000, "arm"), (0x600, "arm"), (0, "arm")]
)
def test_float_abis_of_arm(flags: int, name: str) -> None:
    assert named(identify(header(ARM, flags=flags))) == name


@pytest.mark.parametrize(
    ("name", "flags", "found"),
    [
        ("mips", 0x20, "mipsn32el"),
        ("mipsbe", 0x20, "mipsn32"),
        ("mipsn32", 0x80000007, "mipsbe"),
        ("mipsn32el", 0, "mips"),
        ("mips64", 0x20, "mips64"),
    ],
)
def test_mips_abis(name: str, flags: int, found: str) -> None:
    assert named(identify(header(find(name), flags=flags))) == found


def test_abis_without_a_target() -> None:
    x32 = header(find("i386")).replace(b"\x03\0\x03\0", b"\x03\0\x3e\0").replace(b"\x02\0\x03\0", b"\x02\0\x3e\0")
    assert identify(x32) is None
    assert describe(x32) == "an ELF file for an unknown arch (x32: machine 62, 32-bit, little-endian)"
    ilp32 = header(find("arm")).replace(b"\x02\0\x28\0", b"\x02\0\xb7\0")
    assert "ILP32 on ARM64: machine 183" in describe(ilp32)
    vax = header(find("arm")).replace(b"\x02\0\x28\0", b"\x02\0\x4b\0")
    assert describe(vax) == "an ELF file for an unknown arch (machine 75, 32-bit, little-endian)"


def test_what_is_no_elf_file() -> None:
    assert describe(b"#!/bin/sh\n") == "no ELF file"
    assert describe(b"\x7fELF") == "a damaged ELF file"
    for arch in (ARM, S390X):
        whole = header(arch)
        assert len(whole) == (52 if arch.bits == 32 else 64)
        for length in range(len(whole)):
            assert identify(whole[:length]) is None
        for place, value in ((4, 0), (4, 3), (5, 0), (5, 3)):
            wrong = bytearray(whole)
            wrong[place] = value
            assert identify(bytes(wrong)) is None


def test_read_header() -> None:
    assert elf.read_header(header(S390X, kind=3, osabi=3, flags=7)) == elf.Header(
        bits=64, endian="big", osabi=3, type=3, machine=22, flags=7
    )
    assert elf.read_header(b"") is None


@given(st.binary(max_size=100) | st.binary(max_size=96).map(lambda rest: b"\x7fELF" + rest))
def test_any_bytes_can_be_described(data: bytes) -> None:
    assert describe(data)
    arch = identify(data)
    assert arch is None or (len(data) >= 52 and data[:4] == b"\x7fELF")


@EVERY
def test_loader_and_libraries(arch: Arch, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(dynamic_program(arch, b"/lib/ld.so.1", (b"libc.so.6", b"libm.so.6")))
    assert interpreter_of(program) == "/lib/ld.so.1"
    assert needed_libraries(program) == ("libc.so.6", "libm.so.6")
    program.write_bytes(exit_program(arch))
    assert interpreter_of(program) is None
    assert needed_libraries(program) == ()
    assert explain_missing_loader(program, tmp_path) is None


@pytest.mark.parametrize("path", mapped_files(), ids=lambda path: path.name)
def test_another_reader_agrees_on_real_files(path: Path) -> None:
    with path.open("rb") as file:
        theirs = ELFFile(file)
        loaders = [one.get_interp_name() for one in theirs.iter_segments() if isinstance(one, InterpSegment)]
        needed = [
            tag.needed
            for one in theirs.iter_segments()
            if isinstance(one, DynamicSegment)
            for tag in one.iter_tags("DT_NEEDED")
        ]
        machine, bits = theirs.header["e_machine"], theirs.elfclass
    assert interpreter_of(path) == (loaders[0] if loaders else None)
    assert list(needed_libraries(path)) == needed
    ours = elf.read_header(path.read_bytes()[:64])
    assert ours is not None
    assert ours.bits == bits
    assert machine  # pyelftools has a word for it


def damaged(tmp_path: Path, data: bytes) -> tuple[str, str]:
    """What the two readers say of a file with these bytes."""
    path = tmp_path / "damaged"
    path.write_bytes(data)
    said = []
    for reader in (interpreter_of, needed_libraries):
        try:
            said.append(repr(reader(path)))
        except UntrustedInput as error:
            assert str(path) in error.what
            said.append(error.what.removeprefix(f"{path} is "))
    return said[0], said[1]


def program_of(arch: Arch, *segments: bytes) -> bytes:
    return header(arch, segments=len(segments)) + b"".join(segments)


def patched(data: bytes, at: int, *values: int, form: str = "<H") -> bytes:
    raw = bytearray(data)
    for number, value in enumerate(values):
        struct.pack_into(form, raw, at + number * struct.calcsize(form), value)
    return bytes(raw)


def test_damage_is_named(tmp_path: Path) -> None:
    whole = dynamic_program(ARM, LOADER, (b"libc.so.6",))
    assert damaged(tmp_path, b"") == ("no ELF file",) * 2
    assert damaged(tmp_path, b"#!/bin/sh\n") == ("no ELF file",) * 2
    assert damaged(tmp_path, whole[:40]) == ("a damaged ELF file",) * 2
    assert damaged(tmp_path, whole[:60])[0] == "a damaged ELF file: it ends before 0x94"
    assert damaged(tmp_path, patched(whole, 42, 0))[0] == "a damaged ELF file: 3 program headers of 0 bytes"
    assert "65535 program headers" in damaged(tmp_path, patched(whole, 44, 0xFFFF))[0]
    assert damaged(tmp_path, patched(whole, 44, 0)) == ("None", "()")
    assert "it ends before" in damaged(tmp_path, patched(whole, 28, 0xFFFFFFF0, form="<I"))[0]


def test_segments_that_lead_nowhere(tmp_path: Path) -> None:
    load = segment(ARM, 1, 0, 0x1000)
    assert "a segment of kind 3 has 4097 bytes" in damaged(tmp_path, program_of(ARM, segment(ARM, 3, 0, 4097)))[0]
    assert "its loader has no name" in damaged(tmp_path, program_of(ARM, segment(ARM, 3, 0, 0)))[0]
    unended = program_of(ARM, segment(ARM, 3, 84, 4)) + b"/lib"
    assert "its loader has no name" in damaged(tmp_path, unended)[0]
    assert "it ends before" in damaged(tmp_path, program_of(ARM, segment(ARM, 3, 80, 40)))[0]
    huge = program_of(ARM, segment(ARM, 2, 0, (1 << 20) + 1))
    assert "a segment of kind 2 has 1048577 bytes" in damaged(tmp_path, huge)[1]
    needed = struct.pack("<II", 1, 5)
    nameless = program_of(ARM, load, segment(ARM, 2, 116, 8)) + needed
    assert "libraries without names" in damaged(tmp_path, nameless)[1]
    elsewhere = program_of(ARM, load, segment(ARM, 2, 116, 16)) + needed + struct.pack("<II", 5, 0x5000)
    assert "no segment is loaded at 0x5000" in damaged(tmp_path, elsewhere)[1]
    beyond = program_of(ARM, load, segment(ARM, 2, 116, 16)) + needed + struct.pack("<II", 5, 0x10F00)
    assert "no name at 0xf05" in damaged(tmp_path, beyond)[1]
    many = struct.pack("<II", 1, 0) * 4097
    assert "it needs 4097 libraries" in damaged(tmp_path, program_of(ARM, segment(ARM, 2, 84, len(many))) + many)[1]


def test_offsets_no_file_has(tmp_path: Path) -> None:
    program = patched(exit_program(S390X), 32, (1 << 64) - 1, form=">Q")
    assert "nothing can be at 0xffffffffffffffff" in damaged(tmp_path, program)[0]
    needed = struct.pack(">QQ", 1, (1 << 64) - 9) + struct.pack(">QQ", 5, 0x10000)
    segments = (segment(S390X, 1, 0, 0x1000), segment(S390X, 2, 176, 32))
    assert "nothing can be at" in damaged(tmp_path, program_of(S390X, *segments) + needed)[1]


@given(st.data())
def test_readers_survive_any_damage(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    arch = data.draw(st.sampled_from((ARM, S390X, MIPS)))
    raw = bytearray(dynamic_program(arch, LOADER, (b"libc.so.6", b"libm.so.6")))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(4, len(raw) - 1))
        raw[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "fuzzed"
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    for reader in (interpreter_of, needed_libraries):
        try:
            reader(path)
        except UntrustedInput as error:
            assert error.what
    explain_missing_loader(path, path.parent)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (fifo, tmp_path, Path("/dev/zero")):
        with pytest.raises(UntrustedInput, match="is no file that could be an ELF file"):
            interpreter_of(path)
    with pytest.raises(FileNotFoundError):
        needed_libraries(tmp_path / "missing")


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_missing_loader_is_explained(tmp_path: Path) -> None:
    root = tmp_path / "root"
    program = write(root / "hello", dynamic_program(ARM, LOADER))
    assert explain_missing_loader(program, root) == (
        "hello is a dynamically linked program for arm, which the kernel starts through its loader "
        f"/lib/ld-linux-armhf.so.3, but there is no /lib/ld-linux-armhf.so.3 in {root}. "
        "Debian's package libc6:armhf has it; a program linked with -static needs none."
    )
    write(root / LOADER.decode()[1:], exit_program(ARM))
    assert explain_missing_loader(program, root) is None


def test_the_loader_of_another_arch_does_not_do(tmp_path: Path) -> None:
    program = write(tmp_path / "hello", dynamic_program(MIPS, b"/lib/ld.so.1"))
    loader = write(tmp_path / "lib/ld.so.1", exit_program(find("ppc")))
    said = explain_missing_loader(program, tmp_path)
    assert f"but /lib/ld.so.1 in {tmp_path} is an ELF file for ppc. Debian's package libc6:mipsel" in str(said)
    loader.write_text("no loader")
    assert "is no ELF file." in str(explain_missing_loader(program, tmp_path))
    loader.write_bytes(exit_program(MIPS))
    assert explain_missing_loader(program, tmp_path) is None


def test_arm_programs_that_hide_their_float_abi(tmp_path: Path) -> None:
    program = write(tmp_path / "hello", header(ARM, flags=0x05000000, segments=1) + segment(ARM, 3, 84, 5) + b"/ld\0\0")
    write(tmp_path / "ld", exit_program(find("armel")))
    assert explain_missing_loader(program, tmp_path) is None


@pytest.mark.parametrize(
    ("name", "loader", "end"),
    [
        ("armel", "/lib/ld-linux.so.3", "Debian's package libc6:armel has it;"),
        ("arm64", "/lib/ld-linux-aarch64.so.1", "Debian's package libc6:arm64 has it;"),
        ("mips64", "/lib64/ld.so.1", "Debian's package libc6:mips64el has it;"),
        ("ppc64le", "/lib64/ld64.so.2", "Debian's package libc6:ppc64el has it;"),
        ("s390x", "/lib/ld64.so.1", "Debian's package libc6:s390x has it;"),
        ("riscv64", "/lib/ld-linux-riscv64-lp64d.so.1", "Debian's package libc6:riscv64 has it;"),
        ("i386", "/lib/ld-linux.so.2", "Debian's package libc6:i386 has it;"),
        ("amd64", "/lib64/ld-linux-x86-64.so.2", "Debian's package libc6:amd64 has it;"),
        ("arm", "/lib/ld-musl-armhf.so.1", "Debian's package musl:armhf has it;"),
        ("arm", "/system/bin/linker", "inker in {root}. A program linked with -static needs none."),
        ("hppa", "/lib/ld.so.1", "There are no images for hppa: link it with -static, and it needs none."),
    ],
)
def test_which_package_has_a_loader(name: str, loader: str, end: str, tmp_path: Path) -> None:
    program = write(tmp_path / "hello", dynamic_program(find(name), loader.encode()))
    assert end.format(root=tmp_path) in str(explain_missing_loader(program, tmp_path))


def test_a_stranger_without_a_loader(tmp_path: Path) -> None:
    raw = dynamic_program(find("i386"), b"/libx32/ld-linux-x32.so.2").replace(b"\x03\0\x03\0", b"\x03\0\x3e\0", 1)
    said = str(explain_missing_loader(write(tmp_path / "hello", raw), tmp_path))
    assert "program for an unknown arch (x32: machine 62" in said
    assert said.endswith(f"{tmp_path}. A program linked with -static needs none.")


def test_links_are_followed_inside_the_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    program = write(root / "hello", dynamic_program(ARM, LOADER))
    write(root / "usr/lib/arm-linux-gnueabihf/ld-2.36.so", exit_program(ARM))
    (root / "lib").symlink_to("usr/lib")
    loader = root / "usr/lib/ld-linux-armhf.so.3"
    for target in (
        "arm-linux-gnueabihf/ld-2.36.so",
        "/usr/lib/arm-linux-gnueabihf/ld-2.36.so",
        "/../../usr/lib/arm-linux-gnueabihf/../arm-linux-gnueabihf/ld-2.36.so",
    ):
        loader.unlink(missing_ok=True)
        loader.symlink_to(target)
        assert explain_missing_loader(program, root) is None
    loader.unlink()
    write(tmp_path / "outside", exit_program(ARM))
    loader.symlink_to("../../../outside")  # there is no way out of a root
    assert "but there is no" in str(explain_missing_loader(program, root))
    loader.unlink()
    loader.symlink_to("ld-linux-armhf.so.3")
    assert "but there is no" in str(explain_missing_loader(program, root))


def test_scripts_and_damaged_programs(tmp_path: Path) -> None:
    assert explain_missing_loader(write(tmp_path / "script", b"#!/bin/sh\n"), tmp_path) is None
    broken = write(tmp_path / "broken", dynamic_program(ARM, LOADER)[:70])
    assert explain_missing_loader(broken, tmp_path) == f"{broken} is a damaged ELF file: it ends before 0x94"


def test_a_loader_that_cannot_be_read_is_no_loader(tmp_path: Path) -> None:
    program = write(tmp_path / "hello", dynamic_program(ARM, b"/ld"))
    (tmp_path / "ld").mkdir()
    assert "but there is no /ld" in str(explain_missing_loader(program, tmp_path))
    assert elf._start_of(tmp_path / "ld") == elf._start_of(tmp_path / "gone") == b""


def test_this_python_needs_nothing_of_that() -> None:
    assert explain_missing_loader(Path(sys.executable).resolve(), Path("/")) is None


@pytest.mark.parametrize("loader", [b"//lib/ld.so", b"/lib//../ld.so", b"/" + b"x" * 300, b"x/../../ld.so"])
def test_odd_names_of_loaders(tmp_path: Path, loader: bytes) -> None:
    program = write(tmp_path / "hello", dynamic_program(ARM, loader))
    assert f"there is no {loader.decode()} in {tmp_path}" in str(explain_missing_loader(program, tmp_path))


def test_a_link_that_begins_with_two_slashes(tmp_path: Path) -> None:
    program = write(tmp_path / "hello", dynamic_program(ARM, LOADER))
    write(tmp_path / "real", exit_program(ARM))
    loader = tmp_path / LOADER.decode()[1:]
    loader.parent.mkdir()
    loader.symlink_to("//real")
    assert explain_missing_loader(program, tmp_path) is None
