"""What stands in the place of compilers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.samples import ARM
from tests.unit.images.native.test_twins import Image, package, program
from wrongarch.arches.lookup import find as arch
from wrongarch.errors import MachineError
from wrongarch.images import lock as locks
from wrongarch.images.native import compilers
from wrongarch.images.native.compilers import NATIVE

SAID = """ignoring nonexistent directory "/usr/local/include/arm-linux-gnueabihf"
#include "..." search starts here:
#include <...> search starts here:
 /usr/lib/gcc/arm-linux-gnueabihf/12/include
 /usr/include
End of search list.
"""
HOME = "usr/lib/gcc/arm-linux-gnueabihf/12"
CROSS = "usr/lib/gcc-cross/arm-linux-gnueabihf/12"


class Asked:
    """An image that answers as GCC does, and remembers what it was asked."""

    def __init__(self, said: str = SAID) -> None:
        self.said = said
        self.commands: list[tuple[str, ...]] = []

    def __call__(self, argv: tuple[str, ...]) -> str:
        self.commands.append(argv)
        return "*link:\n--its-own\n" if "-dumpspecs" in argv else self.said


def lock(*packages: tuple[str, str]) -> locks.Lock:
    return locks.Lock(
        format=1,
        image="gcc-arm-bookworm",
        arch="amd64",
        suite="bookworm",
        request="0" * 64,
        taken=0,
        source=locks.Source(suite="bookworm", inrelease="0" * 64, date=0),
        essential=0,
        exclude=(),
        packages=tuple(package(*one) for one in packages),
    )


def test_folders_that_are_not_there_yet_are_looked_through_later() -> None:
    asked = Asked()
    found = compilers.search_list(asked, "/usr/bin/gcc-12", "c++")
    assert found == ("/usr/lib/gcc/arm-linux-gnueabihf/12/include", "/usr/include")
    first, second = asked.commands
    assert first == ("/usr/bin/gcc-12", "-E", "-v", "-x", "c++", "/dev/null")
    assert second[-1] == "/usr/local/include/arm-linux-gnueabihf"  # made before it is asked again


def test_a_compiler_that_does_not_say_is_an_error() -> None:
    with pytest.raises(MachineError, match="does not say where it looks"):
        compilers.search_list(Asked("nonsense"), "/usr/bin/gcc-12", "c")


@pytest.fixture
def image(tmp_path: Path) -> Image:
    made = Image(tmp_path / "root")
    own = [f"{HOME}/{name}" for name in ("cc1", "collect2", "lto1")]
    made.install("gcc-12", "12.2.0-14+deb12u1", *own, "usr/bin/arm-linux-gnueabihf-gcc-12")
    made.install("binutils-arm-linux-gnueabihf", "2.40-2", "usr/bin/arm-linux-gnueabihf-as")
    for name in ("cc1", "cc1plus", "collect2", "lto1"):
        program(tmp_path / "box", f"{CROSS}/{name}")
    for name in ("as", "gcc-12"):
        program(tmp_path / "box", f"usr/bin/arm-linux-gnueabihf-{name}")
    return made


def test_the_image_s_names_lead_to_native_compilers(image: Image, tmp_path: Path) -> None:
    cross = lock(("gcc-12-arm-linux-gnueabihf", "12.2.0-14cross1"))
    found = compilers.find(tmp_path / "box", cross, image.root, ARM, Asked())
    assert found is not None
    assert found.files == {
        f"{NATIVE}/gcc/cc1": tmp_path / "box" / CROSS / "cc1",
        f"{NATIVE}/gcc/arm-linux-gnueabihf-gcc-12": tmp_path / "box/usr/bin/arm-linux-gnueabihf-gcc-12",
        f"{HOME}/collect2": tmp_path / "box" / CROSS / "collect2",
        f"{HOME}/lto1": tmp_path / "box" / CROSS / "lto1",
        f"{NATIVE}/gcc/arm-linux-gnueabihf-as": tmp_path / "box/usr/bin/arm-linux-gnueabihf-as",
    }
    scripts = {script.path: script.text for script in found.scripts}
    names = {"usr/bin/arm-linux-gnueabihf-gcc-12", "usr/bin/arm-linux-gnueabihf-as"}
    assert set(scripts) == {f"{HOME}/cc1", f"{HOME}/specs", *names}
    assert scripts[f"{HOME}/specs"] == "*link:\n--its-own\n"
    assert 'all="-isystem /usr/lib/gcc/arm-linux-gnueabihf/12/include -isystem /usr/include"' in scripts[f"{HOME}/cc1"]
    assert found.links == {"usr/lib/gcc-cross": "gcc"}
    kept = ("cc1", "arm-linux-gnueabihf-gcc-12", "arm-linux-gnueabihf-as")
    assert set(found.kept) == {f"{NATIVE}/guest/{name}" for name in kept}


def test_an_assembler_of_32_bits_needs_no_help_of_the_image_s_own(image: Image, tmp_path: Path) -> None:
    narrow = tmp_path / "narrow/usr/bin/arm-linux-gnueabihf-as"
    cross = lock(("gcc-12-arm-linux-gnueabihf", "12.2.0-14cross1"))
    found = compilers.find(tmp_path / "box", cross, image.root, ARM, Asked(), narrow=narrow)
    assert found is not None
    assert found.files["usr/bin/arm-linux-gnueabihf-as"] == narrow
    assert not [name for name in (*found.kept, *(script.path for script in found.scripts)) if name.endswith("-as")]


@pytest.mark.parametrize("version", ["12.2.0-13cross1", "12.3.0-14cross1"])
def test_another_release_is_not_used(image: Image, tmp_path: Path, version: str) -> None:
    cross = lock(("gcc-12-arm-linux-gnueabihf", version))
    assert compilers.find(tmp_path / "box", cross, image.root, ARM, Asked()) is None


def test_an_image_without_compiler_gets_none(tmp_path: Path) -> None:
    image = Image(tmp_path / "root")
    image.install("dash", "1", "usr/bin/dash")
    assert compilers.find(tmp_path / "box", lock(), image.root, ARM, Asked()) is None


def test_headers_of_cxx_are_left_out_on_request() -> None:
    text = compilers.proper("cc1plus", ("/usr/include/c++/12", "/usr/include"))
    assert 'cxx="-isystem /usr/include/c++/12"' in text
    assert 'all="-isystem /usr/include"' in text


def test_a_repaired_compiler_stays_the_image_s_own(tmp_path: Path) -> None:
    image = Image(tmp_path / "root")
    home = "usr/lib/gcc/aarch64-linux-gnu/12"
    image.install("gcc-12", "12.2.0-14+deb12u1", f"{home}/cc1", f"{home}/lto1")
    for name in ("cc1", "lto1"):
        program(tmp_path / "box", f"usr/lib/gcc-cross/aarch64-linux-gnu/12/{name}")
    cross = lock(("gcc-12-aarch64-linux-gnu", "12.2.0-14cross1"))
    found = compilers.find(tmp_path / "box", cross, image.root, arch("arm64"), Asked())
    assert found is not None
    assert not found.files.keys() & {f"{home}/lto1", f"{NATIVE}/gcc/cc1"}
    assert not [script.path for script in found.scripts if script.path.endswith(("cc1", "-as"))]
