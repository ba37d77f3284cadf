from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.engines.base import Outcome
from wrongarch.errors import UsageError
from wrongarch.recipes.model import Mode, ScriptsSuite
from wrongarch.recipes.suites.base import (
    Case,
    Places,
    glob_expression,
    headline,
    host_folder,
    judge_by_exit,
    line_around,
    matching_files,
    modes_for,
)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.js", "a.js", True),
        ("*.js", "b/a.js", False),
        ("**/*.js", "a.js", True),
        ("**/*.js", "b/c/a.js", True),
        ("b/**", "b/c/a.js", True),
        ("b/**/a.js", "b/a.js", True),
        ("b/**/a.js", "bc/a.js", False),
        ("?.js", "a.js", True),
        ("?.js", "ab.js", False),
        ("[a-c].js", "b.js", True),
        ("[!a-c].js", "b.js", False),
        ("[!a-c].js", "d.js", True),
        ("a+(b).js", "a+(b).js", True),
        ("[^]x.js", "^x.js", True),
        ("a[.js", "a[.js", True),
    ],
)
def test_globs(pattern: str, path: str, matches: bool) -> None:
    assert bool(glob_expression(pattern).fullmatch(path)) is matches


def test_a_range_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(UsageError, match="is no glob"):
        glob_expression("[z-a]")


@given(st.text(st.sampled_from("ab/*?[]!-^\\."), max_size=12))
def test_any_glob_is_compiled_or_refused(pattern: str) -> None:
    with contextlib.suppress(UsageError):
        glob_expression(pattern)


@given(st.text(st.characters(exclude_characters="*?[", exclude_categories=["Cs"]), min_size=1))
def test_a_glob_without_wildcards_matches_itself_only(text: str) -> None:
    assert glob_expression(text).fullmatch(text)
    assert not glob_expression(text).fullmatch(text + "x")


def test_files_come_sorted_without_what_is_excluded(tmp_path: Path) -> None:
    for name in ("b.js", "a.js", "sub/c.js", "sub/helper/d.js", "x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list(matching_files(tmp_path, ["**/*.js"], ["**/helper/**"])) == ["a.js", "b.js", "sub/c.js"]
    assert list(matching_files(tmp_path, ["*.txt", "a.*"], [])) == ["a.js", "x.txt"]


def test_names_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "\udcff.js").touch()
    (tmp_path / "é.js").touch()
    with pytest.raises(UsageError, match="is not UTF-8"):
        list(matching_files(tmp_path, ["*.js"], []))
    assert list(matching_files(tmp_path, ["é*"], [])) == ["é.js"]


def test_a_case_has_one_readable_id() -> None:
    assert Case("stress", "a/b.js", "no-jit").id == "stress/a/b.js [no-jit]"


def test_modes_may_be_for_some_arches() -> None:
    suite = ScriptsSuite(name="s", folder=".", modes=(Mode(name="all"), Mode(name="jit", arches=("arm",))))
    assert [mode.name for mode in modes_for(suite, "arm")] == ["all", "jit"]
    assert [mode.name for mode in modes_for(suite, "mips")] == ["all"]


def test_folders_of_recipe_source_and_build(tmp_path: Path) -> None:
    for name in ("recipe/t", "source/t", "build/t"):
        (tmp_path / name).mkdir(parents=True)
    places = Places(
        recipe=tmp_path / "recipe", generated=tmp_path, source=tmp_path / "source", build=tmp_path / "build"
    )
    assert host_folder("s", "t", places) == tmp_path / "recipe/t"
    assert host_folder("s", "{source}/t", places) == tmp_path / "source/t"
    assert host_folder("s", "{build}", places) == tmp_path / "build"


def test_folders_that_are_not_there(tmp_path: Path) -> None:
    places = Places(recipe=tmp_path, generated=tmp_path)
    with pytest.raises(UsageError, match=r"suite s: there is no folder .*nothing"):
        host_folder("s", "nothing", places)
    with pytest.raises(UsageError, match="the recipe has no source"):
        host_folder("s", "{source}/t", places)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("fine\nException: TypeError: x\nat y", "Exception: TypeError: x"),
        ("one\ntwo\n\n", "two"),
        ("", ""),
        ("x" * 400, "x" * 300 + "…"),
    ],
)
def test_headlines(text: str, line: str) -> None:
    assert headline(text) == line


@pytest.mark.parametrize(
    ("outcome", "status", "message"),
    [
        (Outcome(reason="exit", exit_code=0), "passed", ""),
        (Outcome(reason="exit", exit_code=0, stdout=b"x\nSKIPPED: no Intl\n"), "skipped", "no Intl"),
        (Outcome(reason="exit", exit_code=0, stdout=b"SKIPPED:"), "skipped", "no reason given"),
        (Outcome(reason="exit", exit_code=0, stdout=b"SKIPPED: early\nmore\n"), "passed", ""),
        (Outcome(reason="exit", exit_code=3, stdout=b"SKIPPED: x"), "failed", "exit 3: SKIPPED: x"),
        (
            Outcome(reason="signal", signal=6, stderr=b"assertion failed"),
            "failed",
            "killed by SIGABRT: assertion failed",
        ),
        (Outcome(reason="timeout", seconds=60.0), "failed", "timed out after 60.0 s"),
        (
            Outcome(reason="exit", exit_code=0, stdout=b"a\nERROR: bad\nb"),
            "failed",
            "exit 0, but it printed 'ERROR: bad'",
        ),
    ],
)
def test_verdicts_by_exit_code(outcome: Outcome, status: str, message: str) -> None:
    verdict = judge_by_exit(outcome, re.compile("^ERROR", re.MULTILINE))
    assert (verdict.status, verdict.message) == (status, message)


def test_the_line_around_a_position() -> None:
    assert line_around("ab\ncd\nef", 4) == "cd"
    assert line_around("ab", 0) == "ab"
