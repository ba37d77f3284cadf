"""The libc that has an assembler of i386 lay out its memory as ARM's does."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.support.programs import BASE, header, segment
from tests.support.samples import ARM
from wrongarch.arches.lookup import find
from wrongarch.images import toolbox
from wrongarch.images.native import assemblers

I386 = find("i386")
CODE = bytes.fromhex("b8 e00f0000 c3")  # mov $4064,%eax; ret
NAMES = b"\0.dynsym\0.dynstr\0"


def libc(code: bytes, name: bytes = b"_obstack_begin") -> bytes:
    """A library of i386 with one function, as its table of dynamic symbols says; the number is behind it once more."""
    start = header(I386, kind=3, flags=0)
    at = len(start) + len(segment(I386, 1, 0, 0))
    symbols = bytes(16) + struct.pack("<3I2BH", 1, BASE + at, len(code), 0x12, 0, 1)
    strings = b"\0" + name + b"\0"
    body = code + bytes.fromhex("e00f0000")
    places = [at + len(body)]
    for part in (symbols, strings):
        places.append(places[-1] + len(part))
    rows = (
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (1, 11, 2, 0, places[0], len(symbols), 2, 1, 4, 16),
        (9, 3, 2, 0, places[1], len(strings), 0, 0, 1, 0),
        (0, 3, 0, 0, places[2], len(NAMES), 0, 0, 1, 0),
    )
    table = b"".join(struct.pack("<10I", *row) for row in rows)
    made = start + segment(I386, 1, 0, places[0]) + body + symbols + strings + NAMES + table
    end = places[2] + len(NAMES)
    return made[:32] + struct.pack("<I", end) + made[36:46] + struct.pack("<3H", 40, len(rows), 3) + made[52:]


def test_only_the_number_in_that_function_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "libc.so.6"
    file.write_bytes(libc(CODE))
    assert assemblers.ask_as_on_arm(file)
    assert file.read_bytes() == libc(CODE.replace(b"\xe0", b"\xe8"))  # 4072


@pytest.mark.parametrize(
    "text", [libc(b"\xc3"), libc(CODE + CODE), libc(CODE, b"_obstack_free"), header(I386, kind=3, flags=0, segments=0)]
)
def test_another_libc_is_left_alone(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "libc.so.6"
    file.write_bytes(text)
    assert not assemblers.ask_as_on_arm(file)
    assert file.read_bytes() == text


def test_boxes_are_for_images_of_arm_on_hosts_that_run_both() -> None:
    for suite in ARM.suites:
        found = assemblers.spec(ARM, suite, find("amd64"))
        assert found is not None
        spec, own = found
        assert (spec.name, own, spec.packages) == (f"as-arm-{suite}", I386, ("binutils-arm-linux-gnueabihf",))
        assert toolbox.lock_of(spec, own).suite == suite
    for arch, host in (("mips", "amd64"), ("i386", "amd64"), ("s390x", "amd64"), ("arm", "arm64")):
        assert assemblers.spec(find(arch), "bookworm", find(host)) is None
