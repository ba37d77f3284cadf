"""Experiments on failures whose cause is known, because it was planted (or is QEMU's)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.capsules.conftest import Run, red_run, wrongarch
from wrongarch.arches.lookup import host_arch
from wrongarch.capsules import debug
from wrongarch.capsules.repro import Options, replay
from wrongarch.capsules.triage import Plan, triage
from wrongarch.cli import main
from wrongarch.engines.sandbox import Sandbox


def test_an_error_of_the_emulator(run: Run) -> None:
    """mprotect(2) of nothing: QEMU 7.2 refuses it to 32-bit programs."""
    result = triage(run.capsule("ways-protect"), Options(), Sandbox(), Plan(times=4))
    assert result.verdict.blame == "emulator"
    assert (result.verdict.bad, result.verdict.good) == (("7.2",), ("10.0", "11.1"))
    assert result.verdict.sentence == "bad 7.2, good from 10.0"
    assert {row.kind for row in result.rows} == {"recorded", "emulator", "cpu", "threads", "addresses"}


@pytest.mark.parametrize("name", ["ways-wrong", "ways-abort"])
def test_an_error_of_the_product(name: str, run: Run) -> None:
    result = triage(run.capsule(name), Options(), Sandbox(), Plan(times=3))
    assert result.verdict.blame == "product", result.verdict
    assert all(row.state == "always" for row in result.rows)


def test_chance(chance: Path) -> None:
    """It fails 77 times out of 256; the interval is wide enough that one test run in ten thousand misses."""
    result = triage(chance, Options(), Sandbox(), Plan(times=60))
    assert result.verdict.blame == "flaky", result.verdict
    assert result.verdict.rate == pytest.approx(77 / 256, abs=0.23)
    assert result.verdict.low is not None
    assert result.verdict.high is not None
    assert result.verdict.low < result.verdict.rate < result.verdict.high  # type: ignore[operator]


def test_what_does_not_fail_here(run: Run) -> None:
    """As where the machine of the capture mattered: here, because the conditions are others."""
    result = triage(run.capsule("ways-protect"), Options(emulator="10.0"), Sandbox(), Plan(times=2))
    assert result.verdict.blame == "environment"


def test_the_report_is_for_people_and_programs(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    file = str(run.capsule("ways-protect"))
    assert main(("triage", file, "--engine", "sandbox", "--times", "2", "--format", "markdown")) == 0
    out, _ = capfd.readouterr()
    assert "**Emulator**: bad 7.2, good from 10.0." in out
    assert main(("triage", file, "--engine", "sandbox", "--times", "2", "--json")) == 0
    out, _ = capfd.readouterr()
    assert json.loads(out)["verdict"]["good"] == ["10.0", "11.1"]


@pytest.fixture
def ssh_to_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ssh(1) that runs its command on this machine."""
    program = tmp_path / "ssh"
    program.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift 2\nexec sh -c "$*"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/sbin:/usr/bin:/sbin:/bin")


def test_a_board_that_is_none(run: Run, ssh_to_here: None) -> None:
    """This machine cannot run programs of ARM itself: that says nothing of the failure."""
    result = triage(run.capsule("ways-protect"), Options(), Sandbox(), Plan(times=2, board="pi"))
    assert result.rows[-1].kind == "board"
    assert "could not run it" in result.rows[-1].note
    assert result.verdict.blame == "emulator"


@pytest.mark.skipif(host_arch().name != "amd64", reason="i386 programs run on amd64 by themselves")
def test_hardware_tells_product_from_emulator(project: Path, ssh_to_here: None) -> None:
    made = red_run(project, "--suite", "ways", "--filter", "wrong|protect", arch="i386")
    wrong = triage(made.capsule("ways-wrong"), Options(), Sandbox(), Plan(times=2, board="pc"))
    assert [row.kind for row in wrong.rows if row.state == "always"][-2:] == ["native", "board"]
    assert wrong.verdict.blame == "product"
    assert "without any emulator" in wrong.verdict.sentence
    protect = triage(made.capsule("ways-protect"), Options(), Sandbox(), Plan(times=2, board="pc"))
    assert {row.kind: row.state for row in protect.rows}["board"] == "never"
    assert protect.verdict.blame == "emulator"


def test_the_packaged_jsc_under_an_old_emulator(project: Path) -> None:
    """JavaScriptCore protects an empty range when it makes a resizable buffer, and aborts where that is refused."""
    words = ("test", "arm", "--recipe", "jsc", "--emulator", "7.2", "--engine", "sandbox", "--retries", "0")
    wrongarch(project, *words, "--filter", r"typed/resizable\.js .no-jit.", code=1)
    (file,) = (project / ".wrongarch" / "runs" / "latest" / "capsules").iterdir()
    assert file.stat().st_size <= 25_000_000
    assert replay(file, Options(), Sandbox()).verdict == "reproduced"
    assert replay(file, Options(emulator="10.0"), Sandbox()).verdict == "not reproduced"
    found = debug.backtrace(file, Options(), Sandbox())
    assert any("WTF::OSAllocator::protect" in frame for frame in found.frames)
    assert any("JSC::ArrayBuffer::tryCreate" in frame for frame in found.frames)
    verdict = triage(file, Options(), Sandbox(), Plan(times=2)).verdict
    assert (verdict.blame, verdict.sentence) == ("emulator", "bad 7.2, good from 10.0")
