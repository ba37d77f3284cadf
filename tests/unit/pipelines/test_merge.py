from __future__ import annotations

import json
from pathlib import Path

import junitparser
import msgspec
import pytest

from tests.support.matrices import MINIMAL, pipeline
from tests.support.samples import intent, summary
from wrongarch.pipelines import merge, places
from wrongarch.pipelines.jobs import Pipeline
from wrongarch.pipelines.records import Collected, JobRecord
from wrongarch.runs import durations
from wrongarch.runs.model import Result, RunDocument

TEXT = (
    MINIMAL.replace('["arm", "mips"]', '["arm"]')
    + """[suites.tiny]
checks = {shards = 2}
scripts = {}
[[allowed_failures]]
suite = "scripts"
reason = "known"
"""
)


@pytest.fixture
def three(tmp_path: Path) -> Pipeline:
    return pipeline(tmp_path / "project", TEXT)


def collected(three: Pipeline, number: int, *tests: str, **record: object) -> Collected:
    job = three.tests[number]
    facts = intent(recipe="tiny", arch="arm")
    results = tuple(Result(suite="checks", test=name, mode="default", status="passed", seconds=1.0) for name in tests)
    values = {"job": job.id, "cell": job.cell, "shard": job.shard, "exit_code": 0, "seconds": 1.0, **record}
    return Collected(
        record=JobRecord(**{**values, "allowed": job.allowed}),  # type: ignore[arg-type]  # its fields
        document=RunDocument(summary=summary(intent=facts, counts={"passed": len(tests)}), results=results),
        folder=Path("/nowhere"),
    )


def test_whole_and_green(three: Pipeline, tmp_path: Path) -> None:
    report = merge.judge(three, [collected(three, 2), collected(three, 1, "b"), collected(three, 0, "a")])
    assert (report.exit_code, report.missing, report.faults) == (0, (), ())
    assert [one.record.job for one in report.jobs] == [job.id for job in three.tests]
    text = merge.write(report, tmp_path)
    folder = tmp_path / places.REPORT
    assert (folder / "summary.md").read_text() == text
    assert len(json.loads((folder / "results.json").read_text())["jobs"]) == 3
    merged = junitparser.JUnitXml.fromfile(str(folder / "junit.xml"))
    assert (merged.tests, merged.failures) == (2, 0)
    assert sum(1 for suite in merged for _ in suite) == 2
    known = durations.read(tmp_path / places.DURATIONS).of("tiny", "arm")
    assert known == {"checks/a [default]": 1.0, "checks/b [default]": 1.0}


@pytest.mark.parametrize(
    ("codes", "code"),
    [((1, 0, 0), 1), ((4, 1, 0), 1), ((4, 0, 0), 4), ((0, 0, 1), 0), ((3, 4, 1), 3)],
)
def test_exit_codes(three: Pipeline, codes: tuple[int, ...], code: int) -> None:
    jobs = [collected(three, number, str(number), exit_code=one) for number, one in enumerate(codes)]
    assert merge.judge(three, jobs).exit_code == code


def test_what_is_missing_is_red_unless_it_may_fail(three: Pipeline) -> None:
    report = merge.judge(three, [collected(three, 0, "a")])
    assert report.missing == (three.tests[1].id,)
    assert report.exit_code == 3


def test_shards_that_do_not_fit(three: Pipeline) -> None:
    first, last = collected(three, 0, "a", "b"), collected(three, 2)
    report = merge.judge(three, [first, collected(three, 1, "b"), last])
    assert "checks/b [default] ran in" in report.faults[0]
    other = collected(three, 1, "c", durations="ab" * 32)
    report = merge.judge(three, [first, other, last])
    assert "divided by different durations" in report.faults[0]
    assert report.exit_code == 3


def test_a_job_that_nobody_asked_for(three: Pipeline) -> None:
    stranger = collected(three, 0)
    stranger = msgspec.structs.replace(stranger, record=msgspec.structs.replace(stranger.record, job="x"))
    report = merge.judge(three, [stranger])
    assert report.faults == ("x: the matrix has no such job",)
    assert report.jobs == (stranger,)
