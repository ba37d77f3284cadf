from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import capsules
from wrongarch.capsules import compare
from wrongarch.capsules.manifest import Expected, Seen
from wrongarch.engines.base import Outcome
from wrongarch.errors import UntrustedInput


def outcome(code: int | None = 0, out: bytes = b"", **more: Any) -> Outcome:
    return Outcome(reason="exit", exit_code=code, stdout=out, **more)


ABORTED = Outcome(reason="signal", signal=6, stdout=b"giving up\n")


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"at 0x7ffe1234abcd: no", b"at <address>: no"),
        (b"0xff stays", b"0xff stays"),
        (b"==123== ERROR", b"==<pid>== ERROR"),
        (b"pid 4242 died, PID: 7", b"pid <pid> died, PID: <pid>"),
        (b"took 12.5 s and 30 ms", b"took <time> s and <time> ms"),
        (b"at 12:34:56.789 it", b"at <time> it"),
        (b"/wrongarch/scratch/17/x", b"/wrongarch/scratch/capsule/x"),
        (b"[process 99]", b"[process <pid>]"),
        (b"sum 41", b"sum 41"),
    ],
)
def test_what_changes_is_left_out(raw: bytes, wanted: bytes) -> None:
    assert compare.normalise(raw) == wanted


@given(st.binary(max_size=200))
def test_once_is_enough(raw: bytes) -> None:
    once = compare.normalise(raw)
    assert compare.normalise(once) == once


def test_sed_gets_the_same_rules() -> None:
    for line, (expression, text) in zip(compare.sed_script().splitlines(), compare.RULES, strict=True):
        assert line == f"s#{expression}#{text}#g"
        assert "#" not in expression + text
        assert re.compile(expression)


JUDGED = [
    (Expected(), outcome(), ""),
    (Expected(), outcome(1, b"Error: x\n"), "exit 1: Error: x"),
    (Expected(), ABORTED, "killed by SIGABRT: giving up"),
    (Expected(exit_code=2), outcome(2), ""),
    (Expected(exit_code=2), outcome(0), "exit 0"),
    (Expected(stdout="a\n"), outcome(0, b"a\n"), ""),
    (Expected(stdout="a\n"), outcome(0, b"b\n"), "it printed 'b\\n', expected 'a\\n'"),
    (Expected(match="^ok$"), outcome(0, b"x\nok\n"), ""),
    (Expected(match="^ok$"), outcome(0, b"not\n"), "its output does not match '^ok$': not"),
    (Expected(reject="^bad"), outcome(0, b"bad\n"), "exit 0, but it printed 'bad'"),
    (Expected(contains="done"), outcome(0, b"almost"), "it ended without printing 'done'"),
    (Expected(contains="done", lacks="Failure:"), outcome(0, b"Failure: x"), "Failure: x"),
    (
        Expected(exit_code=None, throws="TypeError", thrown=r"^Exception: (?P<type>\w+)"),
        outcome(3, b"Exception: TypeError"),
        "",
    ),
    (
        Expected(exit_code=None, throws="TypeError", thrown=r"^Exception: (?P<type>\w+)"),
        outcome(3, b"Exception: RangeError"),
        "expected an uncaught TypeError, but it threw RangeError",
    ),
    (
        Expected(exit_code=None, throws="TypeError", thrown=r"^(?P<type>x)"),
        outcome(0),
        "expected an uncaught TypeError, but it ended with exit 0",
    ),
    (Expected(results="tap"), outcome(0, b"1..2\nok 1\nok 2\n"), ""),
    (Expected(results="tap"), outcome(1, b"1..2\nok 1\nnot ok 2 two\n"), "1 of 2 points failed: 2 two"),
]


@pytest.mark.parametrize(("expected", "seen", "wanted"), JUDGED)
def test_a_test_is_judged_as_its_suite_does(expected: Expected, seen: Outcome, wanted: str) -> None:
    assert compare.judge(expected, seen) == wanted


def test_a_report_in_a_file() -> None:
    expected = Expected(results="tap", report="out.tap")
    assert compare.judge(expected, outcome(0), b"1..1\nnot ok 1 x\n") == "1 of 1 points failed: 1 x"
    assert compare.judge(expected, outcome(0), b"1..1\nok 1 x\n") == ""


def likeness(now: Outcome, **changes: Any) -> compare.Comparison:
    return compare.compare(capsules.test_of(**changes), b"giving up\n", now)


def test_the_same_failure() -> None:
    assert likeness(ABORTED).likeness == "reproduced"
    said = Seen(reason="signal", signal=6, message="killed by SIGABRT: assert 0x7fff12345678", output="recorded/1.txt")
    other_address = Outcome(reason="signal", signal=6, stdout=b"noise\nassert 0x7fff00000000\n")
    found = likeness(other_address, seen=said)
    assert found.likeness == "reproduced"
    assert not found.same_output


def test_another_failure_has_a_diff() -> None:
    found = likeness(outcome(1, b"Error: other\n"))
    assert found.likeness == "different failure"
    assert "- ended: killed by SIGABRT" in found.diff
    assert "+Error: other" in found.diff


def test_it_passes() -> None:
    assert likeness(outcome(0, b"fine\n")).likeness == "not reproduced"
    passed = Seen(reason="exit", exit_code=0, passed=True, output="recorded/1.txt")
    assert likeness(outcome(0, b"other output\n"), seen=passed).likeness == "reproduced"
    assert likeness(ABORTED, seen=passed).likeness == "different failure"


def test_a_silent_wrong_answer() -> None:
    seen = Seen(reason="exit", exit_code=0, message="it printed '41', expected '42'", output="recorded/1.txt")
    expected = Expected(stdout="42")
    wrong = compare.compare(capsules.test_of(seen=seen, expected=expected), b"41", outcome(0, b"41"))
    right = compare.compare(capsules.test_of(seen=seen, expected=expected), b"41", outcome(0, b"42"))
    assert (wrong.likeness, right.likeness) == ("reproduced", "not reproduced")


def test_limits_are_endings_too() -> None:
    hung = Seen(reason="timeout", message="timed out after 10.0 s", output="recorded/1.txt")
    late = Outcome(reason="timeout", seconds=11.2)
    assert likeness(late, seen=hung).likeness == "reproduced"
    assert compare.ending_words(hung) == "timed out"
    assert likeness(Outcome(reason="memory"), seen=hung).likeness == "different failure"


@pytest.mark.parametrize(
    ("ended", "message", "line"),
    [
        ("exit 1", "exit 1: Error: Date.UTC", "exit 1: Error: Date.UTC"),
        ("exit 0", "it printed '1', expected '2'", "exit 0: it printed '1', expected '2'"),
        ("exit 0", "exit 0, but it printed 'bad'", "exit 0, but it printed 'bad'"),
        ("timed out", "timed out after 10.0 s", "timed out after 10.0 s"),
        ("did not start: No such file", "No such file", "did not start: No such file"),
        ("exit 0", "", "exit 0"),
    ],
)
def test_nothing_is_told_twice(ended: str, message: str, line: str) -> None:
    assert compare.told(ended, message) == line


def test_what_does_not_start() -> None:
    gone = Outcome(reason="not-started", error="No such file")
    assert likeness(gone).likeness == "not run"
    seen = Seen(reason="not-started", message="did not start", output="recorded/1.txt")
    assert likeness(gone, seen=seen).likeness == "reproduced"


def test_an_expression_that_is_none() -> None:
    with pytest.raises(UntrustedInput, match="regular expression"):
        likeness(outcome(0), expected=Expected(match="("))
