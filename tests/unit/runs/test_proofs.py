from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.samples import AMD64, ARM, QEMU
from wrongarch.arches.lookup import find, image_arches
from wrongarch.engines.base import Mount
from wrongarch.recipes.model import ScriptsSuite
from wrongarch.runs.proofs import guest_path, interpreter_proof, minimum_proof, program_proof


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for name in ("usr/bin/real", "etc/passwd"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (tmp_path / "outside").write_text("outside")
    (tmp_path / "build").mkdir()
    (tmp_path / "build/qjs").write_text("qjs")
    links = {
        "bin": "usr/bin",
        "usr/bin/absolute": "/usr/bin/real",
        "usr/bin/relative": "../bin/real",
        "usr/bin/climbs": "../../../../etc/passwd",
        "usr/bin/loop": "loop",
        "usr/bin/out": str(tmp_path / "outside"),
        "usr/bin/mounted": "/wrongarch/build/qjs",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    (tmp_path / "build/back").symlink_to("/usr/bin/real")
    return root


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/usr/bin/real", "root/usr/bin/real"),
        ("/bin/real", "root/usr/bin/real"),
        ("/bin/absolute", "root/usr/bin/real"),
        ("/bin/relative", "root/usr/bin/real"),
        ("/usr/bin/climbs", "root/etc/passwd"),
        ("/usr/bin/../../etc/passwd", "root/etc/passwd"),
        ("/usr/bin/mounted", "build/qjs"),
        ("/wrongarch/build/qjs", "build/qjs"),
        ("/wrongarch/build/back", "root/usr/bin/real"),
        ("/usr/bin/loop", None),
        ("/usr/bin/out", None),
        ("/usr/bin", None),
        ("/nothing", None),
    ],
)
def test_files_are_found_as_the_guest_finds_them(root: Path, path: str, found: str | None) -> None:
    mounts = [Mount(source=root.parent / "build", target="/wrongarch/build")]
    expected = None if found is None else root.parent / found
    assert guest_path(root, mounts, path) == expected


def elf(tmp_path: Path, header: bytes) -> Path:
    file = tmp_path / "program"
    file.write_bytes(header.ljust(64, b"\0"))
    return file


def test_a_program_of_the_arch(tmp_path: Path) -> None:
    dynamic = bytearray(ARM.magic)
    dynamic[16] = 3  # ET_DYN, which the mask lets through
    proof = program_proof(ARM, "/usr/bin/jsc", elf(tmp_path, bytes(dynamic)))
    assert (proof.held, proof.words) == (True, "/usr/bin/jsc is an ELF file for arm")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (AMD64.magic, "/p is an ELF file for amd64, not one for arm"),
        (b"#!/bin/sh\nexec jsc", "/p is no ELF file, not one for arm"),
        (b"\x7fELF", "/p is a damaged ELF file, not one for arm"),
    ],
)
def test_other_programs(tmp_path: Path, header: bytes, words: str) -> None:
    proof = program_proof(ARM, "/p", elf(tmp_path, header))
    assert not proof.held
    assert words in proof.words


@pytest.mark.parametrize("name", [arch.name for arch in image_arches()])
def test_the_patterns_of_the_table(tmp_path: Path, name: str) -> None:
    """They differ in length: MIPS tells its ABIs apart by e_flags."""
    arch = find(name)
    assert program_proof(arch, "/p", elf(tmp_path, arch.magic)).held
    other = find("amd64" if name != "amd64" else "arm")
    assert not program_proof(other, "/p", elf(tmp_path, arch.magic)).held


def test_a_cut_off_program_and_a_missing_one(tmp_path: Path) -> None:
    file = tmp_path / "short"
    file.write_bytes(b"\x7fELF\x01")
    assert "is a damaged ELF file" in program_proof(ARM, "/p", file).words
    assert "is not in the guest" in program_proof(ARM, "/p", None).words


@pytest.mark.parametrize(
    ("seen", "wanted", "held", "words"),
    [
        ({"pinned": 5}, "pinned", True, "5 of 5 commands ran on QEMU 1:10.0.2+ds-2+deb13u1~bpo12+1 (abababababab)"),
        ({"pinned": 4, "native": 1}, "pinned", False, "1 of 5 commands were not seen to run on QEMU"),
        ({"pinned": 4, "unseen": 1}, "pinned", False, "(1 unseen): s/t [m]"),
        ({"other": 2}, "pinned", False, "(2 other)"),
        ({}, "pinned", False, "no command ran"),
    ],
)
def test_interpreters_under_emulation(seen: dict[str, int], wanted: str, held: bool, words: str) -> None:
    proof = interpreter_proof(Counter(seen), wanted, QEMU, ["s/t [m]"])
    assert proof.held is held
    assert words in proof.words


@pytest.mark.parametrize(
    ("seen", "held", "words"),
    [
        ({"native": 5}, True, "5 of 5 commands ran on the host's own CPU"),
        (
            {"native": 1, "unseen": 4},
            True,
            "1 of 5 commands was seen on the host's own CPU; 4 ended too soon to be seen",
        ),
        ({"unseen": 3}, True, "0 of 3 commands were seen on the host's own CPU; 3 ended too soon to be seen"),
        ({"native": 4, "pinned": 1}, False, "(1 pinned)"),
    ],
)
def test_interpreters_without_emulation(seen: dict[str, int], held: bool, words: str) -> None:
    proof = interpreter_proof(Counter(seen), "native", None, [])
    assert proof.held is held
    assert words in proof.words


SUITES = (
    ScriptsSuite(name="a", folder=".", minimum=3, arch_minimum={"mips": 1}),
    ScriptsSuite(name="b", folder=".", minimum=2),
)


@pytest.mark.parametrize(
    ("arch", "executed", "whole", "held", "words"),
    [
        ("arm", {"a": 3, "b": 2}, True, True, "5 tests ran, no suite less than its minimum"),
        ("arm", {"a": 2, "b": 2}, True, False, "a: 2 tests ran, at least 3 needed"),
        ("arm", {"a": 3}, True, False, "b: 0 tests ran, at least 2 needed"),
        ("mips", {"a": 1, "b": 2}, True, True, "3 tests ran"),
        ("arm", {"a": 1}, False, True, "1 tests ran, of a part of the suites"),
        ("arm", {}, False, False, "0 tests ran"),
    ],
)
def test_minimum_counts(arch: str, executed: dict[str, int], whole: bool, held: bool, words: str) -> None:
    proof = minimum_proof(SUITES, arch, Counter(executed), whole=whole)
    assert proof.held is held
    assert words in proof.words
