from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.engines.base import Outcome
from wrongarch.recipes.model import Expected
from wrongarch.recipes.suites.base import Case, CaseResult, Execution, Verdict
from wrongarch.runs.folder import RunFolder
from wrongarch.runs.model import Result
from wrongarch.runs.results import Attempt, Collector, failing, settle

CASE = Case("s", "t", "m")
EXECUTION = Execution(
    case=CASE,
    argv=(),
    env={},
    cwd="/",
    timeout=1.0,
    memory=1,
    processes=1,
    judge=lambda _o, _s: Verdict(status="passed"),
)
GOOD, BAD, SKIP = (
    Verdict(status="passed"),
    Verdict(status="failed", message="exit 1"),
    Verdict(status="skipped", message="w"),
)
KNOWN = Expected(suite="s", test="**", reason="known")


def unexpected(_case: Case) -> None:
    return None


def expected(_case: Case) -> Expected:
    return KNOWN


def attempts(*verdicts: Verdict) -> list[Attempt]:
    return [
        Attempt(verdict=one, outcome=Outcome(reason="exit", exit_code=1, seconds=number, max_rss=7), log=number)
        for number, one in enumerate(verdicts, 1)
    ]


def points(*statuses: str, whole: str = "passed") -> Verdict:
    cases = tuple(CaseResult(name=f"p{n}", status=s, message=s) for n, s in enumerate(statuses, 1))  # type: ignore[arg-type]  # literals below
    return Verdict(status=whole, message="whole", cases=cases)  # type: ignore[arg-type]  # a literal below


@pytest.mark.parametrize(
    ("verdicts", "status", "message"),
    [
        ([GOOD], "passed", ""),
        ([BAD], "failed", "exit 1"),
        ([BAD, BAD], "failed", "exit 1"),
        ([BAD, GOOD], "flaky", "exit 1"),
        ([SKIP], "skipped", "w"),
        ([BAD, SKIP], "flaky", "exit 1"),
    ],
)
def test_statuses(verdicts: list[Verdict], status: str, message: str) -> None:
    (result,) = settle(EXECUTION, attempts(*verdicts), unexpected)
    assert (result.status, result.message, result.attempts) == (status, message, len(verdicts))
    assert result.seconds == len(verdicts)
    assert (result.log > 0) is (status in ("failed", "flaky"))
    assert bool(result.ended) is (status in ("failed", "flaky"))


@pytest.mark.parametrize(
    ("verdict", "status", "message"),
    [
        (BAD, "expected-failure", "known: exit 1"),
        (GOOD, "unexpected-pass", "it passed, but was expected to fail: known"),
        (SKIP, "skipped", "w"),
    ],
)
def test_expected_failures(verdict: Verdict, status: str, message: str) -> None:
    (result,) = settle(EXECUTION, attempts(verdict), expected)
    assert (result.status, result.message) == (status, message)


def test_what_fails_only_sometimes_may_pass() -> None:
    def of(_case: Case) -> Expected:
        return Expected(suite="s", test="**", reason="a race", sometimes=True)

    assert [settle(EXECUTION, attempts(one), of)[0].status for one in (GOOD, BAD)] == ["passed", "expected-failure"]


def test_what_is_lost() -> None:
    outcome = Outcome(reason="lost", error="the session died")
    (result,) = settle(EXECUTION, [Attempt(verdict=BAD, outcome=outcome)], unexpected)
    assert (result.status, result.ended) == ("lost", "lost with its session: the session died")


def test_what_was_decided_without_a_run() -> None:
    (result,) = settle(EXECUTION, [Attempt(verdict=BAD, outcome=None)], unexpected)
    assert (result.status, result.ended, result.seconds) == ("failed", "", 0.0)


def test_signals_are_kept() -> None:
    outcome = Outcome(reason="signal", signal=11)
    (result,) = settle(EXECUTION, [Attempt(verdict=BAD, outcome=outcome, log=3)], unexpected)
    assert (result.signal, result.ended, result.log) == (11, "killed by SIGSEGV", 3)


def test_each_point_of_a_report_is_a_result() -> None:
    results = settle(EXECUTION, attempts(points("passed", "failed", "skipped")), unexpected)
    assert [(one.id, one.status) for one in results] == [
        ("s/t/p1 [m]", "passed"),
        ("s/t/p2 [m]", "failed"),
        ("s/t/p3 [m]", "skipped"),
    ]
    assert {one.case_id for one in results} == {"s/t [m]"}


def test_a_report_that_fails_as_a_whole_is_a_result_besides() -> None:
    results = settle(EXECUTION, attempts(points("passed", whole="failed")), unexpected)
    assert [(one.point, one.status) for one in results] == [("p1", "passed"), ("", "failed")]


def test_a_point_that_passes_when_tried_again_is_flaky() -> None:
    results = settle(EXECUTION, attempts(points("failed", "passed"), points("passed", "passed")), unexpected)
    assert [(one.point, one.status) for one in results] == [("p1", "flaky"), ("p2", "passed")]


def test_a_crash_and_then_a_sound_report_is_flaky() -> None:
    results = settle(EXECUTION, attempts(BAD, points("passed")), unexpected)
    assert [(one.point, one.status) for one in results] == [("p1", "passed"), ("", "flaky")]


def test_two_points_of_one_name_are_two_results() -> None:
    cases = (CaseResult(name="p", status="passed"), CaseResult(name="p", status="failed"))
    results = settle(EXECUTION, attempts(Verdict(status="passed", cases=cases)), unexpected)
    assert [(one.point, one.status) for one in results] == [("p", "passed"), ("p (2)", "failed")]


def test_expectations_may_name_a_point() -> None:
    def of(case: Case) -> Expected | None:
        return KNOWN if case.test == "t/p1" else None

    results = settle(EXECUTION, attempts(points("failed", "passed")), of)
    assert [one.status for one in results] == ["expected-failure", "passed"]
    assert not failing(EXECUTION, points("failed", "passed"), of)
    assert failing(EXECUTION, points("failed", "failed"), of)


def test_tests_of_a_harness_are_tests_in_their_own_right() -> None:
    verdict = Verdict(
        status="passed",
        cases=(
            CaseResult(name="x/a", status="failed", message="no"),
            CaseResult(name="x/b", status="passed", message="2 of 3", flaky=True),
            CaseResult(name="x/c", status="failed", message="known to"),
        ),
        own=True,
    )

    def known(case: Case) -> Expected | None:
        return KNOWN if case == Case("s", "x/c", "m") else None

    one = Attempt(verdict=verdict, outcome=Outcome(reason="exit", exit_code=1), log=1, logs={"x/a": 5})
    results = settle(EXECUTION, [one], known)
    assert [(result.id, result.case_id, result.status, result.log) for result in results] == [
        ("s/x/a [m]", "s/x/a [m]", "failed", 5),
        ("s/x/b [m]", "s/x/b [m]", "flaky", 1),
        ("s/x/c [m]", "s/x/c [m]", "expected-failure", 1),
    ]
    assert failing(EXECUTION, verdict, known)


def test_only_what_is_not_expected_is_tried_again() -> None:
    assert failing(EXECUTION, BAD, unexpected)
    assert not failing(EXECUTION, BAD, expected)
    assert not failing(EXECUTION, SKIP, unexpected)


def test_a_collector_counts_what_ran(tmp_path: Path) -> None:
    seen: list[Result] = []
    collector = Collector(RunFolder(tmp_path), seen.append)
    for outcome, wanted in (
        (Outcome(reason="exit", exit_code=0, seconds=1.0, interpreter="pinned"), "pinned"),
        (Outcome(reason="exit", exit_code=0, seconds=2.0, interpreter="native"), "pinned"),
        (Outcome(reason="exit", exit_code=0, interpreter="unseen"), "native"),
        (Outcome(reason="not-started", error="x"), "pinned"),
        (Outcome(reason="signal", signal=11, interpreter="unseen"), "pinned"),
    ):
        collector.saw(CASE, outcome, wanted)
    by_native_tools = Outcome(reason="exit", exit_code=0, interpreter="native")
    collector.saw(CASE, by_native_tools, "pinned", counts=False)
    collector.add("s", settle(EXECUTION, attempts(BAD), unexpected), ran=1)
    assert collector.process_seconds == 3.0
    assert collector.interpreters == {"pinned": 1, "native": 1, "unseen": 1}
    assert collector.endings == {"exit 0": 4, "not-started": 1, "killed by SIGSEGV": 1}
    assert collector.unproven == ["s/t [m]"]
    assert (collector.failures, collector.executed["s"], len(seen)) == (1, 1, 1)
