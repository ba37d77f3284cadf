"""What a run leaves behind."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import zstandard

from tests.integration.capsules.conftest import RECIPE, SECRET, Run, red_run, wrongarch
from wrongarch.capsules import read

RECIPES_SECRET = "ghp_0123456789abcdefghijABCDEFGHIJ456789"


def test_each_failure_is_a_capsule_and_all_together_one(run: Run) -> None:
    names = sorted(path.name.rpartition("-")[0] for path in (run.folder / "capsules").iterdir())
    failing = ("abort", "child", "leak", "protect", "spy", "wrong")
    assert names == sorted(["sample-arm-run", *(f"sample-arm-ways-{name}-default" for name in failing)])
    together = read.verify(run.capsule("run"))
    assert sorted(test.test for test in together.tests) == sorted(failing)


def test_a_capsule_has_what_the_test_needs_and_no_more(run: Run) -> None:
    manifest = read.verify(run.capsule("ways-child"))
    paths = {member.path for member in manifest.members}
    assert {
        "root/wrongarch/build/sample",
        "root/wrongarch/suites/ways/numbers.txt",
        "root/usr/bin/dash",
        "root/usr/bin/cat",
        "root/usr/lib/arm-linux-gnueabihf/libc.so.6",
        "root/wrongarch/scratch/capsule",
        "emulator/qemu-arm",
    } <= paths
    assert len(paths) < 80
    (test,) = manifest.tests
    assert test.argv[:2] == ("sh", "-c")
    assert (test.seen.reason, test.seen.exit_code, test.seen.again) == ("exit", 7, True)
    assert (test.env["SAMPLE_MODE"], test.env["LANG"], test.env["TZ"]) == ("plain", "C.UTF-8", "UTC")
    assert manifest.emulator is not None
    assert (manifest.emulator.version, manifest.cpu, manifest.flags) == ("7.2", "cortex-a7", "POCF")
    assert manifest.image.lock
    assert manifest.host.kernel == os.uname().release
    assert "/wrongarch/suites/ways" in manifest.read_only


def test_no_secret_is_in_a_capsule_or_a_log(run: Run) -> None:
    for path in (run.folder / "capsules").iterdir():
        with path.open("rb") as file:
            stream = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()
        assert SECRET.encode() not in stream
        # in the recipe itself, which is what the reader has in git, and in what it prints
        assert RECIPES_SECRET.encode() not in stream
    for path in run.folder.rglob("log/*.txt"):
        assert RECIPES_SECRET not in path.read_text()


def test_one_failure_captured_twice_is_the_same_bytes(run: Run, project: Path) -> None:
    again = red_run(project, "--suite", "ways", "--filter", "wrong|abort", "--jobs", "1")
    for name in ("ways-wrong", "ways-abort"):
        assert again.folder != run.folder
        first, second = (hashlib.sha256(one.capsule(name).read_bytes()).hexdigest() for one in (run, again))
        assert first == second


def test_a_passing_test_on_request_and_the_whole_root(run: Run, project: Path, tmp_path: Path) -> None:
    words = ("capsule", "create", run.folder.name, "--test", "ways/fine [default]", "--output", str(tmp_path), "--json")
    (slim,) = json.loads(wrongarch(project, *words, "--gz"))
    assert slim["path"].endswith(".tar.gz")
    manifest = read.verify(Path(slim["path"]))
    assert manifest.tests[0].seen.passed
    assert "reproduced" in wrongarch(project, "repro", slim["path"], "--engine", "sandbox").lower()
    (full,) = json.loads(wrongarch(project, *words, "--full"))
    whole = read.verify(Path(full["path"]))
    assert whole.kind == "full"
    assert len(whole.members) > 2000
    assert any(member.path == "root/usr/bin/gcc-12" or "gcc" in member.path for member in whole.members)


def start(project: Path, *words: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "wrongarch", "test", "arm", "--recipe", str(RECIPE), "--emulator", "7.2"]
    return subprocess.Popen(
        [*argv, "--engine", "sandbox", *words], cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def test_a_killed_run_can_still_be_captured(run: Run, project: Path, tmp_path: Path) -> None:
    latest = project / ".wrongarch" / "runs" / "latest"
    before = latest.resolve()
    child = start(project, "--suite", "slow")
    end = time.monotonic() + 120
    while latest.resolve() == before or '"begun"' not in (latest / "events.jsonl").read_text():
        assert child.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
    killed = latest.resolve()
    child.send_signal(signal.SIGKILL)
    child.wait()
    words = ("capsule", "create", killed.name, "--output", str(tmp_path), "--json")
    # the recipe lets it hang for ten minutes; nobody waits that long for a capsule of it in a test
    intent = killed / "intent.json"
    text = json.loads(intent.read_text())
    text["options"]["timeout_scale"] = 0.005
    intent.write_text(json.dumps(text))
    (made,) = json.loads(wrongarch(project, *words))
    (test,) = read.verify(Path(made["path"])).tests
    assert (test.test, test.seen.reason) == ("hang", "timeout")
    shown = wrongarch(project, "repro", made["path"], "--engine", "sandbox")
    assert "timed out" in shown
    assert "REPRODUCED" in shown


def test_a_kill_at_any_moment_leaves_whole_capsules_or_none(run: Run, project: Path) -> None:
    chance = random.Random(20)
    for _ in range(4):
        child = start(project, "--suite", "ways")
        time.sleep(chance.uniform(1.0, 5.0))
        child.send_signal(signal.SIGKILL)
        child.wait()
    for path in project.glob(".wrongarch/runs/*/capsules/*.tar.*"):
        if not path.name.startswith("."):
            assert read.verify(path).tests


def test_none_are_kept_where_none_are_wanted(project: Path) -> None:
    made = red_run(project, "--suite", "ways", "--filter", "abort", "--capsules", "0")
    assert not (made.folder / "capsules").exists()
