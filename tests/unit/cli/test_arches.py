from __future__ import annotations

import json
import sys

import pytest

from wrongarch.arches.lookup import all_arches, find
from wrongarch.cli import main
from wrongarch.cli.arches import HEADINGS, aligned
from wrongarch.errors import MachineError

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _on_amd64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wrongarch.arches.lookup.host_arch", lambda: find("amd64"))


def test_a_line_for_each_arch_whose_fields_can_be_counted(capsys: Capture) -> None:
    assert main(["arches"]) == 0
    heading, *rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert heading == list(HEADINGS)
    assert [row[0] for row in rows] == [arch.name for arch in all_arches()]
    assert {len(row) for row in rows} == {len(HEADINGS)}
    by_name = {row[0]: dict(zip(HEADINGS, row, strict=True)) for row in rows}
    assert by_name["arm"]["debian"] == "armhf"
    assert by_name["arm"]["cpu"] == "cortex-a7"
    assert "linux/arm/v7" in by_name["arm"]["names"].split(",")
    assert (by_name["s390x"]["elf"], by_name["mips"]["elf"]) == ("64be", "32le")
    assert (by_name["i386"]["here"], by_name["arm"]["here"]) == ("CPU", "QEMU")
    assert (by_name["alpha"]["debian"], by_name["hppa"]["cpu"]) == ("-", "-")


def test_columns_are_aligned_without_tabs() -> None:
    assert aligned([("a", "bb"), ("ccc", ""), ("", "d e")]) == ["a    bb", "ccc  -", "-    d,e"]


def test_every_name_that_is_shown_can_be_given(capsys: Capture) -> None:
    assert main(["arches"]) == 0
    for line in capsys.readouterr().out.splitlines()[1:]:
        name, *_, names = line.split()
        assert {find(word).name for word in names.split(",")} == {name}


def test_on_a_terminal_each_arch_has_one_line(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    assert main(["arches"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(all_arches()) + 1
    assert lines[1].startswith("arm           QEMU  armhf     bookworm,trixie")
    assert all("…" in line for line in lines[1:11])


def test_for_programs(capsys: Capture) -> None:
    assert main(["arches", "--json"]) == 0
    found = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert set(found) == {arch.name for arch in all_arches()}
    assert found["arm"]["platform"] == "linux/arm/v7"
    assert found["alpha"]["platform"] is None
    assert bytes.fromhex(found["mips"]["magic"]) == find("mips").magic
    assert found["amd64"]["here"] == "CPU"


def test_a_machine_of_no_known_arch_can_still_list_them(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> None:
        raise MachineError("this machine is a vax")

    monkeypatch.setattr("wrongarch.arches.lookup.host_arch", unknown)
    assert main(["arches", "--json"]) == 0
    assert {entry["here"] for entry in json.loads(capsys.readouterr().out)} == {None}
