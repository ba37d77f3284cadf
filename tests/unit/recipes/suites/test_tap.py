from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.recipes.suites.tap import read_tap


def read(text: str) -> tuple[list[tuple[str, str]], str]:
    cases, fault = read_tap(text)
    return [(case.name, case.status) for case in cases], fault


def test_points_with_and_without_numbers_and_names() -> None:
    text = "TAP version 14\n1..5\nok 1 - first\nnot ok 2 second\nok\nok - named\nok 5\n# a comment\nplain output\n"
    assert read(text) == (
        [("1 first", "passed"), ("2 second", "failed"), ("3", "passed"), ("4 named", "passed"), ("5", "passed")],
        "",
    )


def test_directives() -> None:
    text = "ok 1 - a # SKIP no Intl\nnot ok 2 - b # TODO later\nok 3 - c # todo\nnot ok 4 # skip\n"
    text += "ok 5 - d \\# skip me\n1..5\n"
    cases, fault = read_tap(text)
    assert fault == ""
    assert [(case.status, case.message) for case in cases] == [
        ("skipped", "no Intl"),
        ("skipped", "to do: later"),
        ("passed", ""),
        ("skipped", "no reason given"),
        ("passed", ""),
    ]
    assert cases[4].name == "5 d # skip me"


def test_indented_subtests_and_yaml_do_not_count() -> None:
    text = "1..1\n# Subtest: x\n    not ok 1 - inner\n    1..1\nok 1 - x\n  ---\n  not ok 7\n  ...\n"
    assert read(text) == ([("1 x", "passed")], "")


def test_points_that_never_came_have_failed() -> None:
    assert read("1..3\nok 1\n") == ([("1", "passed"), ("2", "failed"), ("3", "failed")], "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ok 1\n", "no plan (1..N) in its output"),
        ("hello\n", "no TAP in its output"),
        ("", "no TAP in its output"),
        ("1..2\nok 1\nBail out! disk is gone\nok 2\n", "it bailed out: disk is gone"),
        ("1..1\nok 1\nBail out!\n", "it bailed out"),
        ("1..1\n1..1\nok 1\n", "it printed two plans"),
        ("1..1\nok 1\nok 1\n", "test 1 was reported twice"),
        ("1..1\nok 1\nok 2\n", "it planned 1 tests and reported 2"),
        ("1..999999999\nok 1\n", "its plan has 999999999 tests"),
    ],
)
def test_what_is_wrong_with_the_whole(text: str, fault: str) -> None:
    assert read(text)[1] == fault


def test_a_plan_of_nothing_is_skipped() -> None:
    cases, fault = read_tap("1..0 # SKIP no network\n")
    assert (fault, [(case.status, case.message) for case in cases]) == ("", [("skipped", "no network")])


@given(
    st.lists(
        st.tuples(st.booleans(), st.text(st.characters(categories=["L", "N"]), max_size=8)), min_size=1, max_size=20
    )
)
def test_what_is_written_is_read(points: list[tuple[bool, str]]) -> None:
    lines = [f"{'ok' if good else 'not ok'} {number} - {name}" for number, (good, name) in enumerate(points, 1)]
    cases, fault = read_tap("\n".join([*lines, f"1..{len(points)}"]))
    assert fault == ""
    assert [case.status == "passed" for case in cases] == [good for good, _ in points]
    assert [case.name for case in cases] == [f"{number} {name}".strip() for number, (_, name) in enumerate(points, 1)]


@given(st.text(st.sampled_from("ok not1234.#-\n SKIPtodo!Bail"), max_size=200) | st.text(max_size=200))
def test_any_text_gives_an_answer(text: str) -> None:
    cases, fault = read_tap(text)
    assert cases or fault
