from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.errors import UsageError
from wrongarch.recipes.model import Expected, ScriptsSuite, Suite
from wrongarch.recipes.suites.base import Case, Execution
from wrongarch.runs.expectations import Expectations
from wrongarch.runs.model import Options
from wrongarch.runs.plan import make_plan, near_ids, parse_shard, select_suites


class Listed:
    """A suite that has just these tests."""

    folder: Path | None = None

    def __init__(self, name: str, *tests: str) -> None:
        self.suite: Suite = ScriptsSuite(name=name, folder=".")
        self._tests = tests

    def cases(self) -> Iterator[Case]:
        return (Case(self.suite.name, test, "default") for test in self._tests)

    def execution(self, case: Case, scratch: str) -> Execution:
        raise NotImplementedError


class Asked(Listed):
    """A harness, which remembers the filter that it was given."""

    work = Path("/work")

    def __init__(self) -> None:
        super().__init__("theirs", "harness")
        self.asked: list[str] = []

    def pass_on(self, expression: str) -> None:
        self.asked.append(expression)


KINDS = {"b": Listed("b", "z.js", "y.js"), "a": Listed("a", "x.js", "sub/w.js")}
NOTHING = Expectations((), arch="arm", cpu=None, emulator=None)


def ids(options: Options) -> list[str]:
    return [case.id for case in make_plan(KINDS, options, NOTHING).cases]


def test_everything_sorted_by_id() -> None:
    assert ids(Options()) == ["a/sub/w.js [default]", "a/x.js [default]", "b/y.js [default]", "b/z.js [default]"]
    plan = make_plan(KINDS, Options(), NOTHING)
    assert plan.whole
    assert plan.suites == {"a": 2, "b": 2}


def test_a_filter_is_searched_in_the_id() -> None:
    assert ids(Options(filter="sub|z")) == ["a/sub/w.js [default]", "b/z.js [default]"]
    assert not make_plan(KINDS, Options(filter="z"), NOTHING).whole


@pytest.mark.parametrize(
    ("options", "planned", "asked"),
    [
        (Options(), ["a/x.js", "theirs/harness"], []),
        (Options(filter="x"), ["a/x.js"], []),  # ours are known, theirs only to the harness
        (Options(filter="array"), ["theirs/harness"], ["array"]),
        (Options(filter="x", suites=("a", "theirs")), ["a/x.js", "theirs/harness"], ["x"]),
        (Options(filter="^theirs/stress/x"), ["theirs/harness"], ["^theirs/stress/x"]),
        (Options(filter="harness"), ["theirs/harness"], []),
    ],
)
def test_a_filter_goes_to_a_harness_where_it_is_meant_for_it(
    options: Options, planned: list[str], asked: list[str]
) -> None:
    harness = Asked()
    plan = make_plan({"a": Listed("a", "x.js"), "theirs": harness}, options, NOTHING)
    assert [f"{case.suite}/{case.test}" for case in plan.cases] == planned
    assert harness.asked == asked


def test_what_is_expected_of_a_harness_need_not_be_known() -> None:
    known = Expectations(
        [Expected(suite="theirs", test="stress/a.js", reason="r")], arch="arm", cpu=None, emulator=None
    )
    assert make_plan({"theirs": Asked()}, Options(), known).cases


@given(st.integers(1, 60), st.integers(1, 12))
def test_shards_are_balanced_disjoint_and_complete(tests: int, shards: int) -> None:
    kinds = {"a": Listed("a", *(f"{number}.js" for number in range(tests)))}
    if shards > tests:
        with pytest.raises(UsageError, match="is empty"):
            make_plan(kinds, Options(shard=f"{shards}/{shards}"), NOTHING)
        return
    parts = [make_plan(kinds, Options(shard=f"{k}/{shards}"), NOTHING).cases for k in range(1, shards + 1)]
    assert sorted(case for part in parts for case in part) == sorted(make_plan(kinds, Options(), NOTHING).cases)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("text", ["0/4", "5/4", "1/0", "x", "1", "-1/4", "1/4/2", "1/99999999"])
def test_impossible_shards(text: str) -> None:
    with pytest.raises(UsageError, match="is no shard"):
        parse_shard(text)


def test_possible_shards() -> None:
    assert (parse_shard(""), parse_shard("1/1"), parse_shard("3/4")) == (None, (1, 1), (3, 4))


def test_nothing_found_shows_what_is_near() -> None:
    with pytest.raises(UsageError, match=r'no test matches "w\\.jss", of 4') as caught:
        make_plan(KINDS, Options(filter=r"w\.jss"), NOTHING)
    assert "a/sub/w.js [default]" in caught.value.detail


def test_near_ids_share_words() -> None:
    cases = [Case("stress", f"typed/dataview-{name}.js", "default") for name in ("endian", "unaligned")]
    assert near_ids(cases, "typed/.*endien.*dataview")[0] in {case.id for case in cases}
    assert near_ids(cases, "endian")[0] == "stress/typed/dataview-endian.js [default]"
    assert near_ids(cases, "??") == []


def test_a_filter_that_is_no_regular_expression() -> None:
    with pytest.raises(UsageError, match="is no regular expression"):
        make_plan(KINDS, Options(filter="("), NOTHING)


def test_suites_without_tests() -> None:
    with pytest.raises(UsageError, match="no test in a, b"):
        make_plan({"a": Listed("a"), "b": Listed("b")}, Options(), NOTHING)


def test_suites_by_name_and_arch() -> None:
    suites = (ScriptsSuite(name="all", folder="."), ScriptsSuite(name="jit", folder=".", arches=("arm",)))
    assert [suite.name for suite in select_suites(suites, (), "arm")] == ["all", "jit"]
    assert [suite.name for suite in select_suites(suites, (), "mips")] == ["all"]
    assert [suite.name for suite in select_suites(suites, ("jit",), "arm")] == ["jit"]
    with pytest.raises(UsageError, match="no suite 'jitt'; did you mean 'jit'"):
        select_suites(suites, ("jitt",), "arm")
    with pytest.raises(UsageError, match="'jit' is not for mips") as caught:
        select_suites(suites, ("jit",), "mips")
    assert caught.value.fix == "suites for mips: all"


def entry(**fields: object) -> Expected:
    return Expected(**{"suite": "a", "reason": "known", **fields})  # type: ignore[arg-type]  # its fields


def expects(case: Case, one: Expected, **here: str | None) -> bool:
    place: dict[str, str | None] = {"arch": "arm", "cpu": None, "emulator": "10.0", **here}
    return (
        Expectations((one,), arch=str(place["arch"]), cpu=place["cpu"], emulator=place["emulator"]).of(case) is not None
    )


CASE = Case("a", "sub/w.js", "no-jit strict")


@pytest.mark.parametrize(
    ("one", "matches"),
    [
        (entry(test="sub/w.js"), True),
        (entry(test="sub/*"), True),
        (entry(test="*"), False),
        (entry(test="**"), True),
        (entry(regex="w"), True),
        (entry(regex="^w"), False),
        (entry(test="**", suite="b"), False),
        (entry(test="**", modes=("no-jit",)), True),
        (entry(test="**", modes=("no-jit strict",)), True),
        (entry(test="**", modes=("default",)), False),
        (entry(test="**", arches=("arm",)), True),
        (entry(test="**", arches=("mips",)), False),
        (entry(test="**", cpu="cortex-a7"), False),
        (entry(test="**", emulator="10.0"), True),
        (entry(test="**", emulator="7.2"), False),
    ],
)
def test_which_tests_are_expected_to_fail(one: Expected, matches: bool) -> None:
    assert expects(CASE, one) is matches


def test_an_expectation_for_a_cpu() -> None:
    assert expects(CASE, entry(test="**", cpu="cortex-a7"), cpu="cortex-a7")


def test_an_expectation_that_names_no_test_is_refused() -> None:
    stale = Expectations([entry(test="gone.js")], arch="arm", cpu=None, emulator=None)
    with pytest.raises(UsageError, match=r"expects a/gone\.js to fail here"):
        make_plan(KINDS, Options(filter="z"), stale)
    make_plan({"b": KINDS["b"]}, Options(), stale)  # its suite is not even asked for
    elsewhere = Expectations([entry(test="gone.js", arches=("mips",))], arch="arm", cpu=None, emulator=None)
    assert make_plan(KINDS, Options(), elsewhere).whole
