"""What programs need, in small roots of made-up ELF files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import programs
from tests.support.samples import ARM
from wrongarch.capsules.closure import Closure
from wrongarch.capsules.gather import Gatherer
from wrongarch.capsules.guest import Guest
from wrongarch.engines.base import Mount

ENV = {"PATH": "/usr/bin:/bin"}


def put(root: Path, path: str, data: bytes = b"x", mode: int = 0o644) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    file.chmod(mode)
    return file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    program = programs.dynamic_program(ARM, b"/lib/ld.so", (b"libone.so", b"libtwo.so"))
    put(root, "usr/bin/program", program, 0o755)
    put(root, "usr/lib/ld.so", programs.exit_program(ARM), 0o755)
    put(
        root, "usr/lib/arm-linux-gnueabihf/libone.so.1", programs.dynamic_program(ARM, b"/lib/ld.so", (b"libthree.so",))
    )
    (root / "usr/lib/arm-linux-gnueabihf/libone.so").symlink_to("libone.so.1")
    put(root, "opt/own/libtwo.so", programs.exit_program(ARM))
    put(root, "opt/own/libthree.so", programs.exit_program(ARM))
    put(root, "etc/ld.so.conf", b"include /etc/ld.so.conf.d/*.conf\n# a comment\n")
    put(root, "etc/ld.so.conf.d/own.conf", b"/opt/own\n")
    put(root, "usr/share/unneeded", b"no")
    for name in ("lib", "bin"):
        (root / name).symlink_to(f"usr/{name}")
    return root


def found(root: Path, program: str, env: dict[str, str] = ENV) -> set[str]:
    closure = Closure(Guest(root), ARM, env)
    assert closure.add(program)
    return set(closure.found)


def test_libraries_are_found_as_the_loader_does(root: Path) -> None:
    there = found(root, "/usr/bin/program")
    assert {
        "/usr/bin/program",
        "/lib",
        "/usr/lib/ld.so",
        "/usr/lib/arm-linux-gnueabihf/libone.so",
        "/usr/lib/arm-linux-gnueabihf/libone.so.1",
        "/opt/own/libtwo.so",
        "/opt/own/libthree.so",
    } <= there
    assert "/usr/share/unneeded" not in there


def test_a_program_is_looked_up_in_path(root: Path) -> None:
    closure = Closure(Guest(root), ARM, ENV)
    assert closure.add("program")
    assert list(closure.programs) == ["/usr/bin/program"]
    assert closure.loader == "/lib/ld.so"
    assert not closure.add("missing")
    assert not Closure(Guest(root), ARM, {}).add("program")


def test_the_environment_comes_first(root: Path) -> None:
    put(root, "first/libtwo.so", programs.exit_program(ARM))
    there = found(root, "/usr/bin/program", {**ENV, "LD_LIBRARY_PATH": "/first"})
    assert "/first/libtwo.so" in there
    assert "/opt/own/libtwo.so" not in there


def test_a_script_brings_its_interpreter(root: Path) -> None:
    put(root, "usr/bin/script", b"#!/usr/bin/env program\n", 0o755)
    put(root, "usr/bin/env", programs.exit_program(ARM), 0o755)
    assert {"/usr/bin/env", "/usr/bin/program", "/opt/own/libtwo.so"} <= found(root, "/usr/bin/script")


def test_damage_stays_as_it_is(root: Path) -> None:
    put(root, "opt/own/libtwo.so", b"\x7fELF cut")
    assert "/opt/own/libtwo.so" in found(root, "/usr/bin/program")


def test_links_never_lead_to_the_host(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("host")
    (root / "out").symlink_to("../../../../secret")
    (root / "loop").symlink_to("loop")
    guest = Guest(root)
    assert guest.resolve("/out") is None
    assert guest.resolve("/loop") is None
    assert guest.resolve("/usr/bin/program/below") is None
    assert guest.resolve("/proc/self/exe") is None
    assert [entry.path for entry in guest.way("/lib/missing/x")] == ["/lib", "/usr", "/usr/lib"]


def test_mounts_cover_the_root(root: Path, tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    put(suite, "a.js", b"print(1)")
    guest = Guest(root, (Mount(source=suite, target="/wrongarch/suites/s"),))
    found_file = guest.resolve("/wrongarch/suites/s/a.js")
    assert found_file is not None
    assert found_file.host == suite / "a.js"
    above = guest.resolve("/wrongarch/suites")
    assert above is not None
    assert [child.path for child in guest.children(above)] == ["/wrongarch/suites/s"]


def gathered(root: Path, *paths: str, folders: tuple[str, ...] = ()) -> dict[str, tuple[str, str]]:
    gatherer = Gatherer(Guest(root))
    for path in paths:
        gatherer.path(path)
    return {piece.path: (piece.kind, piece.target) for piece in gatherer.finish(folders).pieces}


def test_what_is_gathered_has_its_folders_and_links(root: Path) -> None:
    pieces = gathered(root, "/lib/ld.so", folders=("/wrongarch/scratch/capsule",))
    assert pieces["root/lib"] == ("link", "usr/lib")
    assert pieces["root/usr/lib/ld.so"] == ("file", "")
    assert pieces["root/usr"] == ("folder", "")
    assert pieces["root/wrongarch/scratch/capsule"] == ("folder", "")
    assert pieces["root/tmp"] == ("folder", "")
    assert "root/opt" not in pieces


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("/usr/bin/program", "../usr/bin/program"),
        ("../usr/bin/program", "../usr/bin/program"),
        ("../../../usr/bin/program", "../usr/bin/program"),
        ("ld.so.conf", "ld.so.conf"),
    ],
)
def test_links_are_turned_inwards(root: Path, target: str, wanted: str) -> None:
    (root / "etc/link").symlink_to(target)
    assert gathered(root, "/etc/link")["root/etc/link"] == ("link", wanted)


def test_what_no_capsule_can_hold_is_left_out(root: Path) -> None:
    put(root, "usr/share/a\nb")
    os.mkfifo(root / "usr/share/fifo")
    gatherer = Gatherer(Guest(root))
    gatherer.tree("/usr/share")
    result = gatherer.finish()
    assert [line for line in result.left_out if "control characters" in line]
    assert not any("fifo" in piece.path or "\n" in piece.path for piece in result.pieces)


def test_set_id_bits_are_dropped(root: Path) -> None:
    put(root, "usr/bin/su", b"x", 0o4711)
    gatherer = Gatherer(Guest(root))
    gatherer.path("/usr/bin/su")
    assert {piece.path: piece.mode for piece in gatherer.finish().pieces}["root/usr/bin/su"] == 0o711


def test_a_listed_folder_brings_its_files(root: Path) -> None:
    put(root, "usr/share/two", b"2")
    gatherer = Gatherer(Guest(root))
    gatherer.listing(["share", "/proc", "/missing"], "/usr")
    assert {"root/usr/share/two", "root/usr/share/unneeded"} <= {piece.path for piece in gatherer.finish().pieces}


def test_odd_names_that_files_of_the_guest_give(root: Path) -> None:
    put(root, "script", b"#!/bin/\0sh\n", 0o755)
    assert found(root, "/script") == {"/script"}
    (root / "twice").symlink_to("//usr/bin/program")
    assert "/usr/bin/program" in found(root, "/twice")
