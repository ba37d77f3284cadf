"""Which native files stand for programs of an image."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.samples import AMD64, ARM
from wrongarch.debian.pool import PoolFile
from wrongarch.errors import InternalError
from wrongarch.images.native import twins


def package(name: str, version: str) -> PoolFile:
    return PoolFile(name=name, version=version, path=f"pool/{name}.deb", sha256="0" * 64, size=1)


def program(root: Path, path: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"\x7fELF and so on")
    file.chmod(0o755)
    return file


class Image:
    """A root with packages as dpkg lists them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.info = root / "var/lib/dpkg/info"
        self.info.mkdir(parents=True)
        self.status = ""

    def install(self, name: str, version: str, *paths: str) -> None:
        self.status += f"Package: {name}\nStatus: install ok installed\nVersion: {version}\n\n"
        (self.root / "var/lib/dpkg/status").write_text(self.status)
        (self.info / f"{name}:armhf.list").write_text("/.\n" + "".join(f"/{path}\n" for path in paths))
        for path in paths:
            program(self.root, path if path.startswith("usr/") else f"usr/{path}")


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return Image(tmp_path / "root")


def find(image: Image, box: Path, *packages: PoolFile) -> twins.Twins:
    return twins.find(box, packages, image.root, ARM, AMD64)


def test_a_twin_has_the_path_and_the_source_of_the_image_s_own(image: Image, tmp_path: Path) -> None:
    box = tmp_path / "box"
    image.install("dash", "0.5.12-2", "bin/dash")  # as listed before /usr was merged
    image.install("make", "4.3-4.1+b1", "usr/bin/make")
    image.install("sed", "4.9-1", "usr/bin/sed")
    for name in ("dash", "make", "sed", "ninja"):
        program(box, f"usr/bin/{name}")
    found = find(image, box, package("dash", "0.5.12-2"), package("make", "4.3-4.1"), package("sed", "4.9-2"))
    assert found.files == {f"usr/bin/{name}": box / f"usr/bin/{name}" for name in ("dash", "make")}
    assert found.emulated == ("usr/bin/sed",)


def test_what_tells_of_the_machine_stays_emulated(image: Image, tmp_path: Path) -> None:
    box = tmp_path / "box"
    image.install("coreutils", "9.1-1", "usr/bin/od", "usr/bin/cat")
    image.install("libc-bin", "2.36-9", "usr/sbin/ldconfig")
    for path in ("usr/bin/od", "usr/bin/cat", "usr/sbin/ldconfig"):
        program(box, path)
    found = find(image, box, package("coreutils", "9.1-1"), package("libc-bin", "2.36-9"))
    assert set(found.files) == {"usr/bin/cat"}
    assert found.emulated == ("usr/bin/od", "usr/sbin/ldconfig")


@pytest.mark.parametrize("there", [True, False])
def test_an_interpreter_needs_all_extensions_of_the_image(image: Image, tmp_path: Path, there: bool) -> None:
    box = tmp_path / "box"
    image.install("perl-base", "5.36.0-7", "usr/bin/perl", "usr/bin/perl5.36.0")
    extension = image.root / "usr/lib/arm-linux-gnueabihf/perl5/5.36/auto/A/A.so"
    extension.parent.mkdir(parents=True)
    extension.touch()
    for name in ("perl", "perl5.36.0"):
        program(box, f"usr/bin/{name}")
    if there:
        ours = box / "usr/lib/x86_64-linux-gnu/perl5/5.36/auto/A/A.so"
        ours.parent.mkdir(parents=True)
        ours.touch()
    found = find(image, box, package("perl-base", "5.36.0-7"))
    assert set(found.files) == ({"usr/bin/perl", "usr/bin/perl5.36.0"} if there else set())


def test_links_scripts_and_libraries_are_no_programs(tmp_path: Path) -> None:
    program(tmp_path, "usr/bin/one")
    program(tmp_path, "usr/lib/git-core/git")
    program(tmp_path, "usr/lib/gcc-cross/arm-linux-gnueabihf/12/cc1")
    program(tmp_path, "usr/lib/x86_64-linux-gnu/helper")
    program(tmp_path, "usr/bin/data").chmod(0o644)
    (tmp_path / "usr/bin/link").symlink_to("one")
    (tmp_path / "usr/bin/script").write_text("#!/bin/sh\n")
    (tmp_path / "usr/bin/script").chmod(0o755)
    expected = {"usr/bin/one", "usr/lib/git-core/git", "usr/lib/gcc-cross/arm-linux-gnueabihf/12/cc1"}
    assert set(twins.programs(tmp_path)) == expected


@pytest.mark.parametrize(
    ("version", "source"),
    [("2.40-2", "2.40-2"), ("2.40-2+b1", "2.40-2"), ("2.40-2cross2", "2.40-2"), ("2.44-3cross1+nmu1+b1", "2.44-3")],
)
def test_rebuilds_have_the_same_source(version: str, source: str) -> None:
    assert twins.same_source(version) == source


def test_links_are_followed_inside_of_a_root(tmp_path: Path) -> None:
    (tmp_path / "usr/lib64").mkdir(parents=True)
    (tmp_path / "lib64").symlink_to("usr/lib64")
    (tmp_path / "usr/lib64/ld.so").symlink_to("/lib64/../lib64/real.so")
    assert twins.resolved(tmp_path, "lib64/ld.so") == "usr/lib64/real.so"
    assert twins.resolved(tmp_path, "opt/none") == "opt/none"
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InternalError, match="links without end"):
        twins.resolved(tmp_path, "loop/x")


def test_a_copy_has_the_time_of_the_image_s_own(tmp_path: Path) -> None:
    ours, own = program(tmp_path, "ours"), program(tmp_path, "own")
    os.utime(own, (1, 2))
    own.chmod(0o711)
    made = twins.copy(ours, own, tmp_path / "made")
    assert (made.stat().st_mtime, made.stat().st_mode & 0o777) == (2, 0o711)
    assert made.stat().st_ino != ours.stat().st_ino
    os.utime(ours, (1, 2))
    ours.chmod(0o711)
    assert twins.copy(ours, own, tmp_path / "linked").stat().st_ino == ours.stat().st_ino


@pytest.mark.parametrize(
    ("text", "suite"),
    [("VERSION_CODENAME=bookworm\nID=x\n", "bookworm"), ('VERSION_CODENAME="trixie"\n', "trixie"), ("", "")],
)
def test_the_suite_of_a_root(tmp_path: Path, text: str, suite: str) -> None:
    assert twins.codename(tmp_path) == ""
    (tmp_path / "usr/lib").mkdir(parents=True)
    (tmp_path / "usr/lib/os-release").write_text(text)
    assert twins.codename(tmp_path) == suite
