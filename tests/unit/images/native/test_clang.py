"""What stands in the place of clang."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.samples import AMD64
from tests.unit.images.native.test_twins import Image, program
from wrongarch.images.native import clang

CLANG = "usr/lib/llvm-14/bin/clang"
PLUGIN = "usr/lib/llvm-14/lib/LLVMgold.so"


def ask(argv: tuple[str, ...]) -> str:
    assert argv == (f"/{CLANG}", "-print-target-triple")
    return "arm-unknown-linux-gnueabihf\n"


@pytest.fixture
def image(tmp_path: Path) -> Image:
    made = Image(tmp_path / "root")
    made.install("clang-14", "1:14.0.6-12", CLANG)
    (tmp_path / "root/usr/lib/os-release").write_text("VERSION_CODENAME=bookworm\n")
    for path in (CLANG, PLUGIN, "usr/lib/llvm-14/lib/libclang-cpp.so.14"):
        program(tmp_path / "box", path)
    (tmp_path / "box/usr/lib/llvm-14/lib/libLLVM.so.14").symlink_to("../../x86_64-linux-gnu/libLLVM-14.so.1")
    return made


def test_both_are_beside_the_name_they_share(image: Image, tmp_path: Path) -> None:
    box = tmp_path / "box"
    program(image.root, PLUGIN)
    found = clang.find(box, {CLANG: box / CLANG}, image.root, AMD64, ask)
    assert found is not None
    assert found.files == {
        f"{CLANG}.native": box / CLANG,
        "usr/lib/x86_64-linux-gnu/libclang-cpp.so.14": box / "usr/lib/llvm-14/lib/libclang-cpp.so.14",
        PLUGIN: box / PLUGIN,
    }
    assert found.kept == {f"{CLANG}.emulated": image.root / CLANG}
    (script,) = found.scripts
    assert script.path == CLANG
    assert "--target=arm-unknown-linux-gnueabihf\n" in script.text


def test_a_plugin_is_only_where_the_image_has_one(image: Image, tmp_path: Path) -> None:
    found = clang.find(tmp_path / "box", {CLANG: tmp_path / "box" / CLANG}, image.root, AMD64, ask)
    assert found is not None
    assert PLUGIN not in found.files


def test_an_image_with_another_version_gets_none(image: Image, tmp_path: Path) -> None:
    assert clang.find(tmp_path / "box", {"usr/bin/make": tmp_path / "make"}, image.root, AMD64, ask) is None
