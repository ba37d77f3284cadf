from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.engines.base import Outcome
from wrongarch.recipes.model import CommandSuite, CommandTest, Mode
from wrongarch.recipes.suites.base import Case, Places, Verdict
from wrongarch.recipes.suites.command import Commands
from wrongarch.recipes.suites.kinds import kind_of

FINE = Outcome(reason="exit", exit_code=0)


def commands(tmp_path: Path, folder: str = "", **test: object) -> Commands:
    one = CommandTest(name="one", command=("{program}", "{options}", "x"), **test)  # type: ignore[arg-type]  # its fields
    suite = CommandSuite(
        name="c", folder=folder, tests=(one,), modes=(Mode(name="m", options=("-a", "-b")),), reject="^BAD"
    )
    kind = kind_of(suite, Places(recipe=tmp_path, generated=tmp_path), "/p", "arm")
    assert isinstance(kind, Commands)
    return kind


def read(path: str) -> bytes:
    if path == "/wrongarch/scratch/3/out/r.xml":
        return b'<testsuite><testcase name="a"/></testsuite>'
    raise OSError("No such file or directory")


def judge(tmp_path: Path, outcome: Outcome, **test: object) -> Verdict:
    return commands(tmp_path, **test).execution(Case("c", "one", "m"), "/wrongarch/scratch/3").judge(outcome, read)


def test_cases_and_their_commands(tmp_path: Path) -> None:
    kind = commands(tmp_path)
    assert [case.id for case in kind.cases()] == ["c/one [m]"]
    one = kind.execution(Case("c", "one", "m"), "")
    assert (one.argv, one.cwd, kind.folder) == (("/p", "-a", "-b", "x"), "/", None)


def test_a_folder_is_where_it_runs(tmp_path: Path) -> None:
    kind = commands(tmp_path, folder=".")
    assert kind.execution(Case("c", "one", "m"), "").cwd == "/wrongarch/suites/c"
    assert kind.folder == tmp_path


@pytest.mark.parametrize(
    ("test", "outcome", "message"),
    [
        ({}, FINE, ""),
        ({}, Outcome(reason="exit", exit_code=1, stdout=b"no"), "exit 1: no"),
        ({"exit_code": 2}, Outcome(reason="exit", exit_code=2), ""),
        ({"exit_code": 2}, FINE, "exit 0"),
        ({}, Outcome(reason="exit", exit_code=0, stdout=b"BAD luck"), "exit 0, but it printed 'BAD luck'"),
        ({"stdout": "a\n"}, Outcome(reason="exit", exit_code=0, stdout=b"a\n"), ""),
        ({"stdout": "a\n"}, Outcome(reason="exit", exit_code=0, stdout=b"b\n"), r"it printed 'b\n', expected 'a\n'"),
        ({"match": "^b"}, Outcome(reason="exit", exit_code=0, stdout=b"a\nbc"), ""),
        ({"match": "^c"}, Outcome(reason="exit", exit_code=0, stdout=b"a\nbc"), "its output does not match '^c': bc"),
        ({"exit_code": 2, "match": "^c"}, Outcome(reason="exit", exit_code=2, stdout=b"a"), "does not match"),
        ({"results": "tap"}, Outcome(reason="signal", signal=11, stdout=b"1..1\nok 1"), "killed by SIGSEGV"),
    ],
)
def test_one_verdict(tmp_path: Path, test: dict[str, object], outcome: Outcome, message: str) -> None:
    verdict = judge(tmp_path, outcome, **test)
    assert (verdict.status == "failed") is bool(message)
    assert message in verdict.message
    assert verdict.cases == ()


def test_a_skip_is_one(tmp_path: Path) -> None:
    assert judge(tmp_path, Outcome(reason="exit", exit_code=0, stdout=b"SKIPPED: why")).status == "skipped"


def test_points_of_tap_on_stdout(tmp_path: Path) -> None:
    verdict = judge(tmp_path, Outcome(reason="exit", exit_code=0, stdout=b"1..2\nok 1 a\nok 2 b"), results="tap")
    assert (verdict.status, [case.name for case in verdict.cases]) == ("passed", ["1 a", "2 b"])


def test_a_failed_point_explains_a_bad_exit(tmp_path: Path) -> None:
    verdict = judge(tmp_path, Outcome(reason="exit", exit_code=1, stdout=b"1..2\nok 1\nnot ok 2"), results="tap")
    assert (verdict.status, [case.status for case in verdict.cases]) == ("passed", ["passed", "failed"])


def test_a_bad_exit_without_a_failed_point_fails_the_command(tmp_path: Path) -> None:
    verdict = judge(tmp_path, Outcome(reason="exit", exit_code=1, stdout=b"1..1\nok 1"), results="tap")
    assert (verdict.status, len(verdict.cases)) == ("failed", 1)


def test_an_unsound_report_fails_the_command_and_keeps_the_points(tmp_path: Path) -> None:
    verdict = judge(tmp_path, Outcome(reason="exit", exit_code=0, stdout=b"ok 1"), results="tap")
    assert (verdict.status, verdict.message, len(verdict.cases)) == ("failed", "no plan (1..N) in its output", 1)


def test_a_junit_file_in_the_scratch_folder(tmp_path: Path) -> None:
    verdict = judge(tmp_path, FINE, results="junit", report="out/r.xml")
    assert [case.name for case in verdict.cases] == ["a"]


def test_a_report_that_is_missing(tmp_path: Path) -> None:
    verdict = judge(tmp_path, FINE, results="junit", report="r.xml")
    assert verdict.message == "its report r.xml cannot be read: No such file or directory"
    verdict = judge(tmp_path, Outcome(reason="exit", exit_code=4), results="junit", report="r.xml")
    assert verdict.message.endswith("(exit 4)")
