"""Runs with real processes of this machine: limits, flakes, reports, interrupts and kills, with nothing emulated."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.local_engine import LocalEngine
from tests.support.samples import recipe
from wrongarch.arches import lookup
from wrongarch.errors import MachineError, TestsFailed
from wrongarch.runs.building import Ground, run_build
from wrongarch.runs.folder import read_run, run_path
from wrongarch.runs.history.queries import past_runs
from wrongarch.runs.history.store import file_of
from wrongarch.runs.model import Options, Result
from wrongarch.runs.observer import Silent
from wrongarch.runs.pipeline import RunResult, run_tests

RECIPE = """
name = "local"
program = "/bin/sh"
probe = ["-c", "exit 0"]
[image]
packages = ["dash"]
BUILD
[[suites]]
kind = "scripts"
name = "t"
folder = "t"
pattern = ["*.sh"]
command = ["{program}", "{options}", "{test}"]
timeout = 20
EXTRA
"""


class Bench:
    def __init__(self, project: Path) -> None:
        self.project = project
        self.folder = project / "local"
        (self.folder / "t").mkdir(parents=True)
        self.engine = LocalEngine()

    def script(self, name: str, text: str) -> None:
        (self.folder / "t" / f"{name}.sh").write_text(text)

    def ground(self) -> Ground:
        host = lookup.host_arch()
        return Ground(engine=self.engine, root=Path("/"), arch=host, host=host)

    def write(self, extra: str = "", build: str = "") -> None:
        (self.folder / "recipe.toml").write_text(RECIPE.replace("EXTRA", extra).replace("BUILD", build))

    def run(self, extra: str = "", build: str = "", **options: object) -> RunResult:
        read = recipe(self.folder, RECIPE.replace("EXTRA", extra).replace("BUILD", build))
        wanted = Options(**{"jobs": 2, "retries": 0, **options})  # type: ignore[arg-type]  # its fields
        return run_tests(read, self.ground(), wanted, project=self.project, observer=Silent())

    def one(self, text: str, extra: str = "", **options: object) -> Result:
        self.script("one", text)
        (result,) = self.run(extra, **options).document.results
        return result


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("exit 0", "passed", ""),
        ("echo 'SKIPPED: no luck'", "skipped", "no luck"),
        ("echo 'Error: it broke' >&2; exit 3", "failed", "exit 3: Error: it broke"),
        ("kill -ABRT $$", "failed", "killed by SIGABRT"),
        ("kill -SEGV $$", "failed", "killed by SIGSEGV"),
    ],
)
def test_endings(bench: Bench, text: str, status: str, message: str) -> None:
    result = bench.one(text)
    assert (result.status, result.message) == (status, message)


def test_a_test_that_hangs_is_stopped(bench: Bench) -> None:
    begun = time.monotonic()
    result = bench.one("sleep 60 & sleep 60", timeout_scale=0.02)
    assert result.message.startswith("timed out after 0.")
    assert time.monotonic() - begun < 15


def test_a_test_that_fills_memory_is_stopped(bench: Bench) -> None:
    result = bench.one("x=xxxxxxxx; while :; do x=$x$x; done", "memory = 64")
    assert result.message.startswith("stopped: over its memory limit")


def test_a_test_that_forks_without_end_is_stopped(bench: Bench) -> None:
    result = bench.one("while :; do sleep 5 & done", "processes = 20")
    assert result.message == "stopped: over its process limit"


def test_everything_of_a_real_run_is_there(bench: Bench) -> None:
    for number in range(20):
        bench.script(f"{number:02}", f"echo {number}; exit {number % 10 == 3:d}")
    result = bench.run('modes = [{name = "a"}, {name = "b", options = ["-u"]}]')
    assert result.red
    assert result.document.summary.counts["failed"] == 4
    assert [proof.held for proof in result.document.summary.proofs] == [True, True, True]
    assert read_run(result.folder) == result.document
    logs = sorted((result.folder / "log").iterdir())
    assert len(logs) == 4
    assert logs[0].read_text().endswith(("\n3\n", "\n13\n"))


def test_a_flake_is_told_from_a_failure(bench: Bench, tmp_path: Path) -> None:
    bench.script("flake", f"test -e {tmp_path}/seen && exit 0; touch {tmp_path}/seen; exit 1")
    result = bench.run(retries=2)
    (one,) = result.document.results
    assert (one.status, one.attempts, result.red) == ("flaky", 2, False)


def test_scratch_folders_are_apart_and_empty(bench: Bench) -> None:
    for name in ("a", "b"):
        bench.script(name, 'test -z "$(ls -A)" && touch left && exit 1')
    result = bench.run("scratch = true", retries=1)
    assert [(one.status, one.message) for one in result.document.results] == [("failed", "exit 1")] * 2


COMMANDS = """
[[suites]]
kind = "command"
name = "c"
scratch = true
[[suites.tests]]
name = "tap"
command = ["{program}", "-c", "echo 1..2; echo ok 1 - first; echo not ok 2 - second"]
results = "tap"
[[suites.tests]]
name = "junit"
command = ["{program}", "-c", "echo '<testsuite><testcase name=\\"a\\"/></testsuite>' > r.xml"]
results = "junit"
report = "r.xml"
[[suites.tests]]
name = "nothing"
command = ["{program}", "-c", "ln -s /etc/passwd r.xml"]
results = "junit"
report = "other.xml"
"""


def test_reports_of_commands(bench: Bench) -> None:
    bench.script("x", "")
    result = bench.run(COMMANDS)
    assert [(one.id, one.status) for one in result.document.results if one.suite == "c"] == [
        ("c/junit/a [default]", "passed"),
        ("c/nothing [default]", "failed"),
        ("c/tap/1 first [default]", "passed"),
        ("c/tap/2 second [default]", "failed"),
    ]


BUILD = """
[build]
steps = ["echo 'exit 0' > made.sh; echo building", ["sh", "-c", "test -e made.sh"]]
products = ["made.sh"]
"""


def test_a_build_is_kept_and_its_output_logged(bench: Bench) -> None:
    bench.script("x", '. "$BUILT"')
    extra = 'env = {BUILT = "/wrongarch/build/made.sh"}'
    assert not bench.run(extra, BUILD).red
    (log,) = bench.project.glob(".wrongarch/builds/local/*/*/build.log")
    assert "\nbuilding\n" in log.read_text()
    assert not bench.run(extra, BUILD).red


def test_a_build_that_fails(bench: Bench) -> None:
    read = recipe(bench.folder, RECIPE.replace("EXTRA", "").replace("BUILD", BUILD.replace("building", "no; exit 9")))
    with pytest.raises(TestsFailed, match="failed at step 1 of 2: exit 9") as caught:
        run_build(read, bench.ground(), project=bench.project, observer=Silent(), jobs=1)
    assert "no" in caught.value.detail


def test_a_session_that_breaks(bench: Bench) -> None:
    for number in range(10):
        bench.script(str(number), "")
    bench.engine = LocalEngine(break_after=4)
    with pytest.raises(MachineError, match="the session broke"):
        bench.run()
    summary = read_run(run_path(bench.project)).summary
    assert summary.state == "broken"
    assert summary.counts["passed"] in (3, 4)  # one may have been under way, and is lost with the session then
    assert 1 <= summary.counts["lost"] <= 2


RUNNER = """
import sys
from pathlib import Path
from tests.support.local_engine import LocalEngine
from wrongarch.arches import lookup
from wrongarch.errors import WrongarchError
from wrongarch.recipes.reading import read_recipe
from wrongarch.runs.building import Ground
from wrongarch.runs.model import Options
from wrongarch.runs.observer import Silent
from wrongarch.runs.pipeline import run_tests
host = lookup.host_arch()
project = Path(sys.argv[1])
try:
    ground = Ground(engine=LocalEngine(), root=Path("/"), arch=host, host=host)
    read = read_recipe(project / "local/recipe.toml")
    run_tests(read, ground, Options(jobs=2), project=project, observer=Silent())
except WrongarchError as error:
    print(error.what)
    sys.exit(error.exit_code)
"""


def under_way(bench: Bench) -> subprocess.Popen[str]:
    """A run in a process of its own, of which some tests are done and others sleep."""
    for number in range(6):
        bench.script(str(number), "" if number < 3 else "exec sleep 300")
    bench.write()
    root = Path(__file__).parents[3]
    env = {**os.environ, "PYTHONPATH": str(root)}
    child = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(bench.project)], env=env, stdout=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        time.sleep(0.05)
        events = bench.project / ".wrongarch/runs/latest/events.jsonl"
        if events.exists() and events.read_text().count('"passed"') == 3:
            return child
    child.kill()
    raise AssertionError("the run did not get under way")


def asleep(bench: Bench) -> int:
    """How many of the run's tests still run."""
    found = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
                folder = (entry / "cwd").readlink()
            except OSError:
                continue
            found += words.startswith(b"sleep\x00300") and folder.is_relative_to(bench.project)
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_a_run_at_once_with_its_results(bench: Bench, number: signal.Signals) -> None:
    child = under_way(bench)
    begun = time.monotonic()
    child.send_signal(number)
    out, _ = child.communicate(timeout=20)
    assert time.monotonic() - begun < 10
    assert (child.returncode, out) == (130, "interrupted after 3 of 6 tests\n")
    summary = read_run(run_path(bench.project)).summary
    assert (summary.state, summary.counts["passed"]) == ("interrupted", 3)
    assert asleep(bench) == 0
    assert json.loads((run_path(bench.project) / "results.json").read_text())["summary"]["state"] == "interrupted"


def test_a_kill_loses_nothing_of_what_was_done(bench: Bench) -> None:
    child = under_way(bench)
    child.kill()
    child.wait()
    document = read_run(run_path(bench.project))
    assert (document.summary.state, len(document.results)) == ("running", 3)
    assert document.summary.intent.planned == 6
    for entry in Path("/proc").iterdir():  # nobody was left to end what the local engine had started
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink().is_relative_to(bench.project):
                    os.kill(int(entry.name), signal.SIGKILL)
            except OSError:
                continue


def test_a_run_is_kept_in_the_history_and_expected_to_take_as_long_again(bench: Bench) -> None:
    bench.script("slow", "sleep 0.6")
    bench.script("bad", "exit 1")
    first = bench.run(jobs=1)
    assert first.document.summary.intent.expected == 0
    second = bench.run(jobs=1)
    assert 0.5 < second.document.summary.intent.expected < 5
    host = lookup.host_arch().name
    runs = past_runs(bench.project, recipe="local", arch=host)
    assert [(run.run, run.state, run.bad) for run in runs] == [
        (one.document.summary.intent.run, "finished", 1) for one in (first, second)
    ]


def test_a_run_does_not_fail_for_its_history(bench: Bench) -> None:
    bench.script("good", "exit 0")
    assert not bench.run().red
    file = file_of(bench.project)
    file.write_bytes(b"this is no database\n" * 100)
    assert not bench.run().red
    assert len(past_runs(bench.project, recipe="local", arch=lookup.host_arch().name)) == 1
    assert list(file.parent.glob("*.damaged-*"))
    file.unlink()
    file.mkdir()
    assert not bench.run().red
