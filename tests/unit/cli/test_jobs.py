"""Which failures are tried again, and what a job leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.matrices import MINIMAL, pipeline
from tests.support.samples import intent, summary
from wrongarch.capsules.keeper import CapsuleKeeper
from wrongarch.capsules.keeper import Wish as Keep
from wrongarch.cli import jobs
from wrongarch.cli import test as test_command
from wrongarch.downloads import NotFoundError
from wrongarch.errors import Interrupted, MachineError, NetworkError, TestsFailed
from wrongarch.pipelines import places
from wrongarch.pipelines.jobs import Pipeline
from wrongarch.pipelines.records import JobRecord
from wrongarch.pipelines.surroundings import Surroundings
from wrongarch.runs.folder import RunFolder
from wrongarch.runs.model import Result, RunDocument
from wrongarch.runs.pipeline import RunResult

Act = Callable[[], bool]


class Stage:
    """A project in which a run does what a script says: an error, or red or green results."""

    def __init__(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.project = project
        self.pipeline: Pipeline = pipeline(project, MINIMAL + "[suites.tiny]\nchecks = {shards = 2}\n")
        self.script: list[BaseException | str] = []
        self.asked: list[tuple[Any, Any]] = []
        monkeypatch.chdir(project)
        monkeypatch.setattr(test_command, "run", self.run)
        for name in ("GITHUB_ACTIONS", "GITLAB_CI"):
            monkeypatch.delenv(name, raising=False)

    def run(self, words: Any, wanted: Any, _wish: Any) -> tuple[RunResult, CapsuleKeeper]:
        self.asked.append((words, wanted))
        what = self.script.pop(0)
        state = "finished" if isinstance(what, str) else "broken" if "engine" in str(what) else ""
        if isinstance(what, BaseException) and not state:
            raise what
        status: Any = what if isinstance(what, str) else "lost"
        result = Result(suite="checks", test="t", mode="default", status=status, seconds=1.0, message="::add-path::x")
        facts = summary(intent=intent(recipe="tiny"), state=state, counts={status: 1})
        document = RunDocument(summary=facts, results=(result,))
        folder = RunFolder.create(self.project, "x")
        folder.begin(facts.intent)
        folder.publish(document, ["<testsuites/>"])
        folder.close()
        if isinstance(what, BaseException):
            raise what
        return RunResult(document=document, folder=folder.path), CapsuleKeeper(Keep(), print)

    def go(self, number: int = 0) -> int:
        return jobs.Runner(self.pipeline, self.project, pause=0.0).run(self.pipeline.tests[number])

    def record(self, number: int = 0) -> dict[str, Any]:
        file = self.project / places.RESULTS / self.pipeline.tests[number].id / "job.json"
        found: dict[str, Any] = json.loads(file.read_text())
        return found


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(tmp_path / "project", monkeypatch)


def test_red_tests_are_never_tried_again(stage: Stage) -> None:
    stage.script = ["failed", "passed"]
    assert stage.go() == 1
    assert len(stage.asked) == 1
    assert (stage.record()["exit_code"], stage.record()["troubles"]) == (1, [])
    assert stage.asked[0][1].shard == "1/2"
    assert stage.asked[0][1].suites == ("checks",)
    assert stage.asked[0][0].engine == "sandbox"


@pytest.mark.parametrize(
    ("script", "code", "tries", "troubles"),
    [
        ((NetworkError("away"), "passed"), 0, 2, ["away"]),
        ((NetworkError("away"), "failed"), 1, 2, ["away"]),
        ((NetworkError("away"), NetworkError("still"), NetworkError("gone"), "passed"), 4, 3, ["away", "still"]),
        ((MachineError("the engine broke"), "passed"), 0, 2, ["the engine broke"]),
        ((MachineError("kernel too old"), "passed"), 3, 1, []),
        ((NotFoundError("no such file"), "passed"), 4, 1, []),
        ((TestsFailed("the build failed"), "passed"), 1, 1, []),
    ],
    ids=lambda value: "-".join(str(one) for one in value) if isinstance(value, tuple) else "",
)
def test_only_the_network_and_broken_engines_are_tried_again(
    stage: Stage, script: tuple[BaseException | str, ...], code: int, tries: int, troubles: list[str]
) -> None:
    stage.script = list(script)
    assert stage.go() == code
    assert len(stage.asked) == tries
    assert stage.record()["troubles"] == troubles
    assert stage.record()["exit_code"] == code


def test_an_interrupt_is_written_down_and_goes_on(stage: Stage) -> None:
    stage.script = [Interrupted("interrupted after 0 of 1 tests")]
    with pytest.raises(Interrupted):
        stage.go()
    assert stage.record()["exit_code"] == 130


def test_recorded_durations_are_used_where_they_are(stage: Stage) -> None:
    stage.script = ["passed", "passed"]
    stage.go()
    assert stage.asked[0][1].durations == ""
    file = stage.project / places.DURATIONS
    file.write_text('{"format": 1, "tests": {}}')
    stage.go(1)
    assert stage.asked[1][1].durations == str(file)
    assert stage.record()["durations"] == ""
    assert len(stage.record(1)["durations"]) == 64


def test_on_github_failures_are_shown_and_output_gives_no_commands(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page"
    for name, value in (("ACTIONS", "true"), ("SERVER_URL", "https://github.com"), ("REPOSITORY", "o/r")):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    monkeypatch.setenv("GITHUB_RUN_ID", "5")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    stage.script = ["failed"]
    assert stage.go() == 1
    lines = capsys.readouterr().out.splitlines()
    commands = [number for number, line in enumerate(lines) if line.startswith("::")]
    first, last, error = (lines[number] for number in commands)
    token = first.removeprefix("::stop-commands::")
    assert last == f"::{token}::"
    assert error.startswith("::error title=checks/t [default] on arm::FAILED")
    loose = [number for number, line in enumerate(lines) if "::add-path::" in line and not line.startswith("::error")]
    assert all(commands[0] < number < commands[1] for number in loose)
    assert "wrongarch repro https://github.com/o/r/actions/runs/5 --arch arm" in page.read_text()


def record_of(stage: Stage, **more: Any) -> JobRecord:
    job = stage.pipeline.tests[0]
    return JobRecord(job=job.id, cell=job.cell, shard="", exit_code=1, seconds=1.0, **more)


def test_how_to_replay_what_a_job_kept(stage: Stage) -> None:
    url = "https://gitlab.com/g/p/-/jobs/3"
    kept = {"s/a [m]": ".wrongarch/capsules/a.tar.zst", "s/b [m]": ".wrongarch/capsules/b.tar.zst"}
    both = "wrongarch repro .wrongarch/capsules/a.tar.zst .wrongarch/capsules/b.tar.zst"
    assert list(jobs.replay_lines(record_of(stage, capsules=kept))) == [both]
    assert list(jobs.replay_lines(record_of(stage, url=url, capsules=kept))) == [
        f"wrongarch repro {url} --arch arm",
        both,
    ]


@pytest.mark.parametrize("alone", [True, False])
def test_where_the_capsules_are_is_told_in_log_and_record(
    stage: Stage, alone: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    job = stage.pipeline.tests[0]
    stage.script = ["failed"]
    runner = jobs.Runner(stage.pipeline, stage.project, pause=0.0, alone=alone)
    once = runner._once

    def leave_a_capsule(one: Any) -> int:
        code = once(one)
        folder = stage.project / ".wrongarch" / "runs" / "latest" / "capsules"
        folder.mkdir(exist_ok=True)
        (folder / "x.tar.zst").write_bytes(b"x")
        runner._tests_of = {"x.tar.zst": ("checks/t [default]",)}
        return code

    monkeypatch.setattr(runner, "_once", leave_a_capsule)
    assert runner.run(job) == 1
    place = ".wrongarch/capsules/x.tar.zst" if alone else f".wrongarch/capsules/{job.id}/x.tar.zst"
    assert (stage.project / place).is_file()
    assert stage.record()["capsules"] == {"checks/t [default]": place}
    assert f"to replay it: wrongarch repro {place}\n" in capsys.readouterr().err


def test_a_pipeline_goes_on_after_a_failure_and_leaves_out_what_cannot_be(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    more = MINIMAL + '[[include]]\narch = "mips"\nemulator = "native"\nrunner = "board"\n'
    stage.pipeline = pipeline(stage.project, more)
    runner = jobs.Runner(stage.pipeline, stage.project, pause=0.0, alone=False)
    monkeypatch.setattr(runner, "_image", lambda job: 4 if "arm" in job.id else 0)
    stage.script = ["failed"]
    outcomes = jobs.run_all(runner, stage.pipeline, stage.pipeline.tests, stage.project)
    assert [(one.job, one.exit_code, one.why) for one in outcomes] == [
        ("image-arm-tiny", 4, ""),
        ("image-mips-tiny", 0, ""),
        ("arm-tiny-all", 0, "image-arm-tiny failed"),
        ("mips-tiny-all", 1, ""),
        ("mips-tiny-all-native", 0, "it needs a machine that runs mips itself"),
    ]
    assert "=== image-mips-tiny (2 of 5)" in capsys.readouterr().err


def test_an_image_that_fails_has_its_exit_code(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def choose(words: Any, _project: Path) -> Any:
        tries.append(words.recipe)
        raise NetworkError("the mirror is away")

    monkeypatch.setattr(jobs.ground, "choose", choose)
    runner = jobs.Runner(stage.pipeline, stage.project, pause=0.0)
    assert runner.run(stage.pipeline.images[0]) == 4
    assert tries == ["tiny"] * 3


@pytest.mark.parametrize(
    ("forge", "environment", "content", "started"),
    [
        ("github", "github-hosted", "1", True),
        ("github", "github-hosted", "0", False),
        ("github", "self-hosted", "1", False),
        ("gitlab", "github-hosted", "1", False),
    ],
)
def test_namespaces_are_allowed_on_machines_that_were_lent_to_us_alone(
    forge: Any, environment: str, content: str, started: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = tmp_path / "switch"
    switch.write_text(f"{content}\n")
    ran: list[list[str]] = []

    def run(argv: list[str], **_: Any) -> Any:
        ran.append(argv)
        return msgspec.convert({"argv": argv, "code": 0, "stdout": b"", "stderr": b""}, jobs.process.Completed)

    monkeypatch.setattr(jobs.process, "run", run)
    monkeypatch.setattr(jobs.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("RUNNER_ENVIRONMENT", environment)
    jobs.allow_namespaces(Surroundings(forge=forge), switch)
    assert bool(ran) == started
    jobs.allow_namespaces(Surroundings(forge=forge), tmp_path / "missing")
    assert len(ran) == started
