from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.recipes.suites.base import CaseResult
from wrongarch.recipes.suites.webkit_results import FILES, Report, read_report

SAID = """Running stress/a.js.default
stress/a.js.default: Exception: Error: no
stress/a.js.default: at a.js:1
FAIL: stress/a.js.default
"""


def read(found: object, output: str = "", **lists: tuple[str, ...]) -> Report:
    return read_report(json.dumps(found).encode(), lists, output)


def statuses(report: Report) -> dict[str, str]:
    return {case.name: "flaky" if case.flaky else case.status for case in report.cases}


def test_failures_of_the_json_with_what_they_printed() -> None:
    report = read({"stressTestFailures": ["stress/a.js.default"], "flaky": {}}, SAID)
    (case,) = report.cases
    assert (case.name, case.status, case.message) == ("stress/a.js.default", "failed", "Exception: Error: no")
    assert case.output == "Exception: Error: no\nat a.js:1"
    assert not report.fault


def test_passes_come_from_the_list_and_a_failure_counts_for_more() -> None:
    report = read({"stressTestFailures": ["b"]}, passed=("c", "b", "a"), failed=("d",))
    assert statuses(report) == {"a": "passed", "b": "failed", "c": "passed", "d": "failed"}


def test_a_test_without_a_result_has_failed() -> None:
    report = read(
        {"stressTestFailures": [], "results": {"x": {"actual": "ERROR"}, "y": {"actual": "FAIL"}}}, noresult=("z",)
    )
    assert statuses(report) == {"x": "failed", "z": "failed"}
    assert report.cases[0].message.startswith("no result")


@pytest.mark.parametrize("good", [1, "1", True])
def test_a_flaky_test_that_counts_as_passed(good: object) -> None:
    report = read({"stressTestFailures": [], "flaky": {"x": {"P": "2", "T": "3", "S": good}}})
    assert report.cases == (CaseResult(name="x", status="passed", message="2 of 3 tries passed", flaky=True),)


@pytest.mark.parametrize("bad", [0, "0", False, None])
def test_a_flaky_test_that_counts_as_failed(bad: object) -> None:
    report = read({"stressTestFailures": ["x"], "flaky": {"x": {"P": "0", "T": "3", "S": bad}, "y": {"S": bad}}})
    assert statuses(report) == {"x": "failed", "y": "failed"}


def test_flaky_tests_of_the_list() -> None:
    report = read({"stressTestFailures": []}, flaky=("x 1 3 1", "y 0 3 0", "damaged"))
    assert statuses(report) == {"x": "flaky", "y": "failed"}


def test_programs_have_verdicts_of_their_own() -> None:
    report = read({"allMasmTestsPassed": False, "allB3TestsPassed": True, "allApiTestsPassedWithSystemMalloc": True})
    assert statuses(report) == {"testapi WithSystemMalloc": "passed", "testb3": "passed", "testmasm": "failed"}


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "its results are no JSON"),
        (b"{", "its results are no JSON"),
        (b"\xff", "its results are no JSON"),
        (b"[" * 100_000, "its results are no JSON"),
        (b"[]", "its results are no JSON object"),
        (b"{}", "its results name no test"),
        (b'{"stressTestFailures": 3, "flaky": [], "results": "x", "allMasmTestsPassed": 1}', ""),
    ],
)
def test_what_is_no_report(raw: bytes, fault: str) -> None:
    report = read_report(raw, {}, "")
    assert report.fault.startswith(fault) if fault else not report.fault
    assert not report.cases


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["stressTestFailures", "flaky", "results", "allXTestsPassed", "a", "P", "actual"]), inner)), st.dictionaries(st.sampled_from(FILES), st.lists(st.text())), st.text())  # fmt: skip  # noqa: E501
def test_anything_can_be_read(found: object, lists: dict[str, list[str]], output: str) -> None:
    report = read_report(json.dumps(found).encode(), lists, output)
    names = [case.name for case in report.cases]
    assert names == sorted(set(names))
