"""Whole runs on an engine that answers from a script: what is run, tried again, recorded, and made of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.support.samples import ARM, QEMU, recipe
from tests.support.scripted_engine import ABORTED, FAILED, PASSED, ScriptedEngine
from wrongarch.engines.base import Command, Outcome
from wrongarch.errors import Interrupted, MachineError, TestsFailed, UsageError
from wrongarch.runs.building import Ground
from wrongarch.runs.folder import read_events, read_run, run_path
from wrongarch.runs.model import Intent, Options, Result, Summary
from wrongarch.runs.observer import Silent
from wrongarch.runs.pipeline import RunResult, default_jobs, run_tests

RECIPE = """
name = "mini"
program = "/usr/bin/engine"
probe = ["-e", "1"]
EXPECTED
[image]
packages = ["x"]
[[suites]]
kind = "scripts"
name = "t"
folder = "t"
pattern = ["*.js"]
minimum = 2
modes = [{name = "a"}, {name = "b", options = ["--b"]}]
EXTRA
"""


class Watcher(Silent):
    """Keeps what a run tells."""

    def __init__(self) -> None:
        self.intent: Intent | None = None
        self.results: list[Result] = []
        self.summary: Summary | None = None
        self.done: list[int] = []

    def started(self, intent: Intent) -> None:
        self.intent = intent

    def finished(self, result: Result) -> None:
        self.results.append(result)

    def progress(self, done: int) -> None:
        self.done.append(done)

    def ended(self, summary: Summary) -> None:
        self.summary = summary


class Bench:
    """A project with a recipe, a root with a program of the arch, and an engine."""

    def __init__(self, tmp_path: Path, tests: int = 3) -> None:
        self.project = tmp_path / "project"
        self.root = tmp_path / "root"
        (self.root / "usr/bin").mkdir(parents=True)
        (self.root / "usr/bin/engine").write_bytes(ARM.magic)
        self.folder = self.project / "mini"
        (self.folder / "t").mkdir(parents=True)
        for number in range(tests):
            (self.folder / f"t/{number}.js").touch()
        self.watcher = Watcher()
        self.engine = ScriptedEngine()

    def run(
        self,
        answer: Callable[[Command], Outcome] | None = None,
        *,
        expected: str = "",
        extra: str = "",
        **options: object,
    ) -> RunResult:
        if answer is not None:
            self.engine = ScriptedEngine(answer)
        read = recipe(self.folder, RECIPE.replace("EXPECTED", expected).replace("EXTRA", extra))
        ground = Ground(engine=self.engine, root=self.root, arch=ARM, host=ARM, emulator=QEMU, cpu="cortex-a15")
        wanted = Options(**{"jobs": 2, **options})  # type: ignore[arg-type]  # its fields
        return run_tests(read, ground, wanted, project=self.project, observer=self.watcher, other_emulators=("11.1",))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def flaky_until(attempt: int) -> Callable[[Command], Outcome]:
    """Fails each command until that attempt at it."""
    seen: dict[tuple[str, ...], int] = {}

    def answer(command: Command) -> Outcome:
        seen[command.argv] = seen.get(command.argv, 0) + 1
        return PASSED if seen[command.argv] >= attempt else FAILED

    return answer


def fails(name: str) -> Callable[[Command], Outcome]:
    return lambda command: FAILED if command.argv[-1].endswith(name) else PASSED


def test_a_green_run(bench: Bench) -> None:
    result = bench.run()
    summary = result.document.summary
    assert not result.red
    result.require_green()
    assert (summary.state, summary.executed, summary.counts["passed"]) == ("finished", 6, 6)
    assert [proof.held for proof in summary.proofs] == [True, True, True]
    assert summary.process_seconds == 3.0
    assert bench.watcher.done == [1, 2, 3, 4, 5, 6]
    assert bench.watcher.summary == summary
    assert [one.id for one in result.document.results][:2] == ["t/0.js [a]", "t/0.js [b]"]
    assert len(bench.engine.commands) == 6


def test_the_session_gets_arch_emulator_cpu_and_read_only_mounts(bench: Bench) -> None:
    bench.run()
    (spec,) = bench.engine.specs
    assert (spec.arch, spec.emulator, spec.cpu, spec.root) == (ARM, QEMU, "cortex-a15", bench.root)
    assert {mount.target: mount.writable for mount in spec.mounts} == {
        "/wrongarch/recipe": False,
        "/wrongarch/generated": False,
        "/wrongarch/suites/t": False,
    }


def test_commands_carry_the_limits_of_the_suite(bench: Bench) -> None:
    bench.run(extra="timeout = 7.0\nmemory = 3\nprocesses = 9", timeout_scale=2.0, filter="0.js .b")
    (command,) = bench.engine.commands
    assert command.argv == ("/usr/bin/engine", "--b", "/wrongarch/suites/t/0.js")
    assert (command.timeout, command.memory, command.processes) == (14.0, 3 << 20, 9)


def test_everything_is_written_down(bench: Bench) -> None:
    result = bench.run(fails("0.js"))
    folder = result.folder
    assert folder == run_path(bench.project)
    intent = msgspec.json.decode((folder / "intent.json").read_bytes(), type=Intent)
    assert (intent.recipe, intent.arch, intent.planned, intent.cpu, intent.jobs) == ("mini", "arm", 6, "cortex-a15", 2)
    assert intent.emulator is not None
    assert intent.emulator.sha256 == QEMU.sha256
    assert read_run(folder) == result.document
    kinds = [event.kind for event in read_events(folder)]
    assert [kind for kind in kinds if kind != "begun"] == ["started", *["result"] * 6, "ended"]
    assert kinds.count("begun") == 6
    results = [at for at, kind in enumerate(kinds) if kind == "result"]
    assert all(kinds[:at].count("begun") > kinds[:at].count("result") for at in results)
    assert sorted(path.name for path in folder.iterdir()) == [
        "events.jsonl",
        "intent.json",
        "junit.xml",
        "log",
        "results.json",
    ]


def test_failures_are_tried_again_and_logged(bench: Bench) -> None:
    result = bench.run(fails("0.js"))
    bad = [one for one in result.document.results if one.status == "failed"]
    assert [(one.id, one.attempts) for one in bad] == [("t/0.js [a]", 2), ("t/0.js [b]", 2)]
    assert bad[0].message == "exit 3: Exception: TypeError: x"
    log = (result.folder / f"log/{bad[0].log}.txt").read_text()
    assert log.startswith("t/0.js [a]\nin the guest: (cd /wrongarch/suites/t && /usr/bin/engine")
    assert log.endswith("\n\nException: TypeError: x\n")
    assert len(list((result.folder / "log").iterdir())) == 4
    with pytest.raises(TestsFailed, match="mini on arm: 2 failed") as caught:
        result.require_green()
    assert str(result.folder) in caught.value.fix


def test_what_passes_when_tried_again_is_flaky_and_green_unless_asked(bench: Bench) -> None:
    result = bench.run(flaky_until(2))
    assert result.document.summary.counts["flaky"] == 6
    assert not result.red
    strict = bench.run(flaky_until(2), strict_flaky=True)
    assert strict.red
    with pytest.raises(TestsFailed, match="6 flaky"):
        strict.require_green()


def test_retries_may_be_set(bench: Bench) -> None:
    assert bench.run(flaky_until(2), retries=0).document.summary.counts["failed"] == 6
    assert bench.run(flaky_until(4), retries=3).document.summary.counts["flaky"] == 6
    assert bench.run(flaky_until(3), extra="retries = 2").document.summary.counts["flaky"] == 6


EXPECT_ALL = 'expected = [{suite = "t", test = "*.js", reason = "known"}]'


def test_expected_failures_are_green_and_not_tried_again(bench: Bench) -> None:
    result = bench.run(lambda _: FAILED, expected=EXPECT_ALL)
    assert (result.red, result.document.summary.counts["expected-failure"]) == (False, 6)
    assert len(bench.engine.commands) == 6


def test_expected_failures_that_pass_are_red(bench: Bench) -> None:
    result = bench.run(expected=EXPECT_ALL)
    assert (result.red, result.document.summary.counts["unexpected-pass"]) == (True, 6)


def test_an_expectation_for_another_emulator_does_not_count(bench: Bench) -> None:
    entry = 'expected = [{suite = "t", test = "*.js", emulator = "7.2", reason = "known"}]'
    assert bench.run(lambda _: FAILED, expected=entry).document.summary.counts["failed"] == 6


def test_shards_and_filters_need_only_one_test(bench: Bench) -> None:
    result = bench.run(shard="2/6")
    assert (result.red, result.document.summary.executed) == (False, 1)
    assert bench.run(filter="nothing else|1.js .a").document.summary.executed == 1


def test_too_few_tests_are_red(bench: Bench) -> None:
    result = bench.run(extra="arch_minimum = {arm = 7}")
    assert result.red
    with pytest.raises(TestsFailed, match="proof of minimum broken"):
        result.require_green()


def test_an_interpreter_that_is_not_the_pinned_one_is_red(bench: Bench) -> None:
    def answer(command: Command) -> Outcome:
        return msgspec.structs.replace(PASSED, interpreter="native" if command.argv[-1].endswith("1.js") else "pinned")

    result = bench.run(answer)
    proof = result.document.summary.proofs[1]
    assert (result.red, proof.held) == (True, False)
    assert "t/1.js [a]; t/1.js [b]" in proof.words


def test_a_program_of_another_arch_is_red(bench: Bench) -> None:
    (bench.root / "usr/bin/engine").write_bytes(b"#!/bin/sh\n" + b" " * 20)
    assert [proof.held for proof in bench.run().document.summary.proofs] == [False, True, True]


def test_a_program_that_dies_at_start_stops_the_run_and_says_so(tmp_path: Path) -> None:
    bench = Bench(tmp_path, tests=100)
    result = bench.run(lambda _: ABORTED)
    summary = result.document.summary
    assert (result.red, summary.state) == (True, "stopped")
    assert summary.executed < 20
    assert "aborts at start under QEMU 10.0" in summary.diagnosis
    assert "even `/usr/bin/engine -e 1` is killed by SIGABRT" in summary.diagnosis
    assert "--emulator 10.0 -- /usr/bin/engine -e 1" in summary.diagnosis
    assert "--emulator 11.1" in summary.diagnosis
    assert sum(summary.counts.values()) == summary.executed
    with pytest.raises(TestsFailed) as caught:
        result.require_green()
    assert caught.value.detail == summary.diagnosis


def test_a_program_that_lives_without_tests_runs_them_all(tmp_path: Path) -> None:
    bench = Bench(tmp_path, tests=20)
    result = bench.run(lambda command: PASSED if command.argv[-1] == "1" else ABORTED)
    assert result.document.summary.executed == 40
    diagnosis = result.document.summary.diagnosis
    assert "at start" not in diagnosis
    assert diagnosis.endswith("but the program does start: `/usr/bin/engine -e 1` is exit 0")


def test_programs_that_cannot_be_started(bench: Bench) -> None:
    result = bench.run(lambda _: Outcome(reason="not-started", error="no such file"))
    assert (result.red, result.document.summary.counts["failed"], result.document.summary.executed) == (True, 6, 0)
    assert "cannot be started" in result.document.summary.diagnosis
    assert result.document.results[0].attempts == 1


@pytest.mark.parametrize(("options", "most"), [({"fail_fast": True}, 1), ({"max_failures": 3}, 3)])
def test_a_run_stops_after_enough_failures(tmp_path: Path, options: dict[str, object], most: int) -> None:
    result = Bench(tmp_path, tests=20).run(lambda _: FAILED, retries=0, **options)
    summary = result.document.summary
    assert summary.state == "stopped"
    assert summary.counts["failed"] == most
    assert len(result.document.results) == summary.executed


def test_ctrl_c_keeps_what_is_known(bench: Bench) -> None:
    calls = []

    def answer(command: Command) -> Outcome:
        calls.append(command)
        if len(calls) == 4:
            os.kill(os.getpid(), signal.SIGTERM)  # ends a run as Ctrl-C does
        return PASSED

    with pytest.raises(Interrupted, match="interrupted after") as caught:
        bench.run(answer)
    folder = run_path(bench.project)
    document = read_run(folder)
    assert document.summary.state == "interrupted"
    assert document.summary.red
    assert 0 < document.summary.executed < 6
    assert document.summary.proofs == ()
    assert str(folder) in caught.value.fix
    assert not (folder / "generated").exists()


def test_a_broken_session_loses_what_was_running_only(bench: Bench) -> None:
    calls = []

    def answer(command: Command) -> Outcome:
        calls.append(command)
        if len(calls) > 3:
            raise MachineError("the sandbox died", fix="again")
        return PASSED

    with pytest.raises(MachineError, match="the sandbox died"):
        bench.run(answer)
    summary = read_run(run_path(bench.project)).summary
    assert (summary.state, summary.counts["passed"]) == ("broken", 3)
    assert 0 < summary.counts["lost"] <= 2
    assert "broken" in [event.kind for event in read_events(run_path(bench.project))]


def test_a_bug_of_ours_still_leaves_the_results(bench: Bench) -> None:
    def answer(command: Command) -> Outcome:
        if command.argv[-1].endswith("2.js"):
            raise ZeroDivisionError
        return PASSED

    with pytest.raises(ZeroDivisionError):
        bench.run(answer)
    assert read_run(run_path(bench.project)).summary.state == "broken"


def test_single_lost_commands_make_the_run_red(bench: Bench) -> None:
    result = bench.run(lambda c: Outcome(reason="lost", error="x") if c.argv[-1].endswith("0.js") else PASSED)
    assert (result.red, result.document.summary.counts["lost"]) == (True, 2)


def test_scratch_folders_are_fresh_for_each_attempt(bench: Bench) -> None:
    result = bench.run(lambda command: PASSED if command.argv[0] == "sh" else FAILED, extra="scratch = true")
    attempts = [command for command in bench.engine.commands if command.argv[0] != "sh"]
    assert len({command.cwd for command in attempts}) == len(attempts) == 12
    (made,) = [command.argv[2] for command in bench.engine.commands if command.argv[0] == "sh"]
    assert all(f" {command.cwd} " in made for command in attempts)
    assert result.document.summary.counts["failed"] == 6
    assert result.document.summary.proofs[1].words.startswith("12 of 12")


def test_used_scratch_folders_are_removed_when_more_are_made(tmp_path: Path) -> None:
    bench = Bench(tmp_path, tests=40)
    bench.run(extra="scratch = true")
    first, second = (command.argv[2] for command in bench.engine.commands if command.argv[0] == "sh")
    assert first.startswith("rm -rf -- ; mkdir -p -- /wrongarch/scratch/1 ")
    assert second.startswith("rm -rf -- /wrongarch/scratch/1 ")
    assert "mkdir -p -- /wrongarch/scratch/65 " in second


def test_a_guest_that_has_no_room_for_scratch_folders(bench: Bench) -> None:
    with pytest.raises(MachineError, match="cannot make scratch folders in the guest: exit 3"):
        bench.run(lambda command: FAILED if command.argv[0] == "sh" else PASSED, extra="scratch = true")


REPORTING = """
name = "mini"
program = "/usr/bin/engine"
[image]
packages = ["x"]
[[suites]]
kind = "command"
name = "t"
scratch = true
[[suites.tests]]
name = "one"
command = ["{program}"]
results = "tap"
report = "out.tap"
"""


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        (Outcome(reason="exit", exit_code=0, stdout=b"1..1\nok 1 fine\n"), "passed", ""),
        (
            Outcome(reason="exit", exit_code=1, stderr=b"cat: out.tap: No such file"),
            "failed",
            "cat: out.tap: No such file",
        ),
        (Outcome(reason="timeout", seconds=60.0), "failed", "timed out after 60.0 s"),
        (Outcome(reason="exit", exit_code=0, dropped=1), "failed", "it is larger than 64 MiB"),
    ],
)
def test_reports_are_read_by_the_guest(bench: Bench, answer: Outcome, status: str, message: str) -> None:
    def by_program(command: Command) -> Outcome:
        if command.argv[0] != "cat":
            return PASSED
        assert command.argv[1:] == ("--", "/wrongarch/scratch/1/out.tap")
        return answer

    bench.engine = ScriptedEngine(by_program)
    ground = Ground(engine=bench.engine, root=bench.root, arch=ARM, host=ARM, emulator=QEMU)
    read = recipe(bench.folder, REPORTING)
    result = run_tests(read, ground, Options(retries=0), project=bench.project, observer=bench.watcher)
    (one,) = result.document.results
    assert one.status == status
    assert message in one.message


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"filter": "nonsense"}, "no test matches"),
        ({"shard": "9/9"}, "is empty"),
        ({"shard": "x"}, "is no shard"),
        ({"suites": ("u",)}, "there is no suite 'u'"),
        ({"jobs": 0}, "no number of workers"),
        ({"timeout_scale": 0.0}, "cannot be scaled"),
    ],
)
def test_wrong_options_start_nothing_and_leave_nothing(bench: Bench, options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        bench.run(**options)
    assert bench.engine.sessions == []
    assert not list((bench.project / ".wrongarch").glob("runs/*"))


def test_the_number_of_workers_is_that_of_our_cpus(bench: Bench) -> None:
    assert default_jobs() == len(os.sched_getaffinity(0))
    bench.run(jobs=None)
    assert bench.watcher.intent is not None
    assert bench.watcher.intent.jobs == default_jobs()


def test_results_are_published_while_the_run_goes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wrongarch.runs.results._PUBLISH_EVERY", 0.0)
    states = []

    def answer(_command: Command) -> Outcome:
        file = run_path(bench.project) / "results.json"
        if file.exists():
            states.append(msgspec.json.decode(file.read_bytes())["summary"]["state"])
        return PASSED

    bench.run(answer)
    assert "running" in states
