"""`wrongarch repro` and what can be done with a capsule besides."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.capsules.conftest import Run
from tests.support import capsules as made
from tests.support.users import User
from wrongarch import paths
from wrongarch.arches import lookup
from wrongarch.capsules import debug, read
from wrongarch.capsules.minimize import minimize
from wrongarch.capsules.repro import Bounds, Options, replay
from wrongarch.cli import main
from wrongarch.engines.sandbox import Sandbox
from wrongarch.errors import MachineError, UntrustedInput, UsageError


def call(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capfd.readouterr()
    return code, out, err


@pytest.mark.parametrize("name", ["ways-abort", "ways-wrong", "ways-child", "ways-protect"])
def test_it_is_reproduced(name: str, run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capfd, "repro", str(run.capsule(name)), "--engine", "sandbox")
    assert code == 0
    assert out.rstrip().endswith("REPRODUCED")


def test_the_capsule_of_a_run_has_its_tests_in_order_and_all_are_replayed(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    (file,) = (run.folder / "capsules").glob("sample-arm-run-*")
    ids = [test.id for test in read.inspect(file).tests]
    assert ids == sorted(ids)
    code, out, err = call(capfd, "repro", str(file), "--engine", "sandbox")
    assert code == 0, out + err
    assert out.count("REPRODUCED") == len(ids) > 1
    assert f"(test 2 of {len(ids)})" in out


def test_another_emulator_does_not_show_it(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    words = ("repro", str(run.capsule("ways-protect")), "--engine", "sandbox", "--emulator", "10.0")
    code, out, _ = call(capfd, *words)
    assert code == 1
    assert out.rstrip().endswith("not reproduced")
    assert "- ended: killed by SIGABRT" in out
    code, out, _ = call(capfd, *words, "--json", "--times", "3")
    report = json.loads(out)
    assert (code, report["verdict"], report["counts"]) == (1, "not reproduced", {"not reproduced": 3})


def test_a_stranger_sees_nothing(run: Run) -> None:
    """No network, no file of the host, no process of the host: what the sample prints is what was recorded."""
    report = replay(run.capsule("ways-spy"), Options(), Sandbox())
    assert report.verdict == "reproduced"
    with debug.unpacked(run.capsule("ways-spy")) as capsule:
        printed = capsule.recorded(capsule.manifest.tests[0])
    assert printed == b"network: no\nfile: no\nprocesses: few\n"


def test_a_stranger_gets_no_more_than_the_bounds(run: Run) -> None:
    bounds = Bounds(seconds=0.05)
    report = replay(run.capsule("ways-child"), Options(bounds=bounds), Sandbox())
    assert report.comparisons[0].ended.startswith("timed out")


@pytest.mark.parametrize("kind", ["subordinate", "single"])
def test_an_ordinary_user_can_do_it(kind: str, run: Run, users: Callable[[str], User]) -> None:
    user = users(kind)
    copy = user.home / "capsule.tar.zst"
    copy.write_bytes(run.capsule("ways-abort").read_bytes())
    copy.chmod(0o644)
    # the emulator inside: this user has no other, and may be without a network
    done = user.python("-m", "wrongarch", "repro", str(copy), "--engine", "sandbox", "--trust-emulator")
    assert "REPRODUCED" in done


def test_the_emulator_inside_is_used_only_on_trust(run: Run, tmp_path: Path) -> None:
    report = replay(run.capsule("ways-abort"), Options(trust_emulator=True), Sandbox())
    assert "emulator in the capsule" in report.note
    assert report.verdict == "reproduced"


def test_hostile_capsules_leave_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def own() -> list[Path]:
        """What lies there, but for what another process unpacks meanwhile."""
        there = place.iterdir() if place.exists() else ()
        return sorted(one for one in there if ".tmp-" not in one.name or f".tmp-{os.getpid()}-" in one.name)

    place = paths.cache_dir() / "capsules"
    before = own()
    evil = made.sound(
        members=(*made.sound().members, made.Member(path="root/x", kind="link", mode=0o777, target="../.."))
    )
    for number, stream in enumerate((made.archive(evil), made.archive(made.sound())[:-3000], b"junk" * 1000)):
        file = made.pack(tmp_path / f"{number}.tar.zst", stream)
        for command in (("repro",), ("triage",), ("capsule", "inspect")):
            code, _, err = call(capfd, *command, str(file))
            assert code == 5, err
            assert "error: " in err
    assert own() == before


def test_words_that_do_not_go_together(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    file = str(run.capsule("ways-abort"))
    for words in (("--gdb", "--strace"), ("--test", "7"), ("--emulator", "1.0")):
        code, _, err = call(capfd, "repro", file, *words)
        assert code == 2, err
    assert call(capfd, "repro", "https://host/x")[0] == 2
    assert call(capfd, "repro", "/no/such/file")[0] == 2


def test_a_backtrace_names_the_functions(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    words = ("repro", str(run.capsule("ways-abort")), "--engine", "sandbox", "--backtrace")
    code, out, err = call(capfd, *words, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert any("give_up" in frame for frame in found["frames"])
    assert any("main" in frame for frame in found["frames"])
    assert "SIGABRT" in found["ended"]
    code, out, _ = call(capfd, *words)
    assert code == 0
    assert "give_up (" in out


def typed(run: Run, name: str, option: str, text: str) -> str:
    """What `wrongarch repro` shows to somebody who types `text`."""
    line = [sys.executable, "-m", "wrongarch", "repro", str(run.capsule(name)), option, "--engine", "sandbox"]
    done = subprocess.run(line, input=text, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_shell_lands_in_the_failing_folder(run: Run) -> None:
    """A slim capsule without a shell, and one with the shell that its test used."""
    for name in ("ways-wrong", "ways-child"):
        printed = typed(run, name, "--shell", "pwd; /wrongarch/build/sample sum /wrongarch/suites/ways/numbers.txt\n")
        assert "the command:" in printed
        assert "/wrongarch/scratch/capsule\nsum 41\n" in printed


def test_gdb_waits_at_the_first_instruction(run: Run) -> None:
    printed = typed(run, "ways-abort", "--gdb", "break give_up\ncontinue\nbacktrace\nkill\nquit\n")
    assert "Breakpoint 1, give_up" in printed
    assert "in main" in printed


def test_what_runs_natively_has_no_stub(run: Run) -> None:
    if lookup.runs_natively(lookup.find("arm"), lookup.host_arch()):
        pytest.skip("this machine runs the sample itself")
    with pytest.raises(MachineError, match="does not run arm itself"):
        debug.backtrace(run.capsule("ways-abort"), Options(emulator="native"), Sandbox())


def test_system_calls_are_printed(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    code, text, _ = call(capfd, "repro", str(run.capsule("ways-wrong")), "--engine", "sandbox", "--strace")
    assert code == 0
    assert 'openat(AT_FDCWD,"/wrongarch/suites/ways/numbers.txt"' in text
    assert text.endswith("exit 0\n")


def test_a_capsule_is_minimized(run: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = run.capsule("ways-wrong")
    words = ("repro", str(file), "--engine", "sandbox", "--minimize", "--output", str(tmp_path))
    code, out, err = call(capfd, *words, "--json")
    assert code == 0, err
    smaller = json.loads(out)
    assert smaller["files_after"] < smaller["files_before"]
    assert smaller["env_after"] == 0
    manifest = read.verify(Path(smaller["path"]))
    assert {member.path for member in manifest.members if member.path.endswith("numbers.txt")}
    assert replay(Path(smaller["path"]), Options(), Sandbox()).verdict == "reproduced"
    with pytest.raises(UsageError, match="does not fail here"):
        minimize(run.capsule("ways-protect"), Options(emulator="10.0"), Sandbox(), tmp_path)
    with pytest.raises(MachineError, match="no folder"):
        minimize(file, Options(), Sandbox(), tmp_path / "missing")


def test_a_capsule_is_shown_before_it_is_run(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capfd, "capsule", "inspect", str(run.capsule("ways-abort")), "--files")
    assert code == 0
    assert "ways/abort [default]: killed by SIGABRT" in out
    assert "root/wrongarch/build/sample" in out
    code, out, _ = call(capfd, "capsule", "inspect", str(run.capsule("ways-abort")), "--quick", "--json")
    assert json.loads(out)["name"].startswith("sample-arm-ways-abort")


def test_an_error_within_is_an_error_of_the_file(run: Run, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.tar.zst"
    raw = bytearray(run.capsule("ways-abort").read_bytes())
    raw[len(raw) // 2] ^= 1
    damaged.write_bytes(raw)
    with pytest.raises(UntrustedInput):
        replay(damaged, Options(), Sandbox())
