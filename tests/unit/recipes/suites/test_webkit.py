from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.engines.base import Outcome
from wrongarch.recipes.model import Mode, WebkitSuite
from wrongarch.recipes.suites.base import Case, Harness, Places, Verdict
from wrongarch.recipes.suites.kinds import kind_of
from wrongarch.recipes.suites.webkit import HARNESS, Webkit

WORK = "/wrongarch/work/w"
FINE, RED = Outcome(reason="exit", exit_code=0), Outcome(reason="exit", exit_code=1, stdout=b"it broke\n")
NO_FAILURE = '{"stressTestFailures": []}'
WHOLE = Case("w", HARNESS, "m")


def webkit(tmp_path: Path, **fields: object) -> Webkit:
    suite = WebkitSuite(
        name="w",
        product="/wrongarch/build/product",
        options=("--release",),
        modes=(Mode(name="m", options=("--quick",), env={"E": "1"}),),
        **fields,  # type: ignore[arg-type]  # its fields
    )
    kind = kind_of(suite, Places(recipe=tmp_path, generated=tmp_path / "generated"), "/p/jsc", "arm")
    assert isinstance(kind, Webkit)
    assert isinstance(kind, Harness)
    return kind


def judge(tmp_path: Path, outcome: Outcome, files: dict[str, str], expression: str = "") -> Verdict:
    def read(path: str) -> bytes:
        if path.removeprefix(f"{WORK}/") not in files:
            raise OSError("No such file or directory")
        return files[path.removeprefix(f"{WORK}/")].encode()

    kind = webkit(tmp_path)
    if expression:
        kind.pass_on(expression)
    return kind.execution(WHOLE, "").judge(outcome, read)


def test_one_case_starts_the_harness_with_the_options_of_suite_and_mode(tmp_path: Path) -> None:
    kind = webkit(tmp_path, wrapper="/run-it", test_timeout=7, hard_timeout=9, env={"JSCTEST_memoryLimit": "5"})
    assert list(kind.cases()) == [WHOLE]
    one = kind.execution(WHOLE, "")
    assert one.argv == (
        "sh",
        f"{WORK}/start.sh",
        "/wrongarch/build/product",
        "/wrongarch/source/Tools/Scripts/run-javascriptcore-tests",
        "--release",
        "--quick",
        "--artifact-exec-wrapper=/run-it",
        "--no-build",
        f"--root={WORK}/product",
        f"--json-output={WORK}/results.json",
    )
    assert one.tools
    env = one.command(2.5).env
    assert (env["JSCTEST_timeout"], env["JSCTEST_hardTimeout"]) == ("17.5", "22.5")
    assert (env["JSCTEST_memoryLimit"], env["E"]) == ("5", "1")
    assert (kind.folder, kind.work, one.cwd) == (None, tmp_path / "generated/w", WORK)


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        ("array-push", "array-push"),
        (r"^stress/a\.js", r"^stress/a\.js"),
        ("w/stress/a", "stress/a"),
        (r"^w/stress/a\.js\.default \[m\]$", r"^stress/a\.js\.default$"),
        (r"^w/harness \[m\]$", ""),
        ("^w/harness", ""),
    ],
)
def test_a_filter_is_passed_on_without_what_is_ours(tmp_path: Path, given: str, passed_on: str) -> None:
    kind = webkit(tmp_path)
    kind.pass_on(given)
    options = [word for word in kind.execution(WHOLE, "").argv if word.startswith("--filter")]
    assert options == ([f"--filter={passed_on}"] if passed_on else [])


def test_a_test_of_its_is_run_again_by_the_script_of_the_harness(tmp_path: Path) -> None:
    kind = webkit(tmp_path, test_timeout=100, hard_timeout=50, test_memory=3)
    copies = kind.work / "product/bin/jsc-stress-results/.vm"
    copies.mkdir(parents=True)
    (copies / "jsc").touch()
    scripts = copies.with_name(".runner")
    scripts.mkdir()
    (scripts / "test_script_7").write_text(
        "START_TIME=$SECONDS\necho Running stress/a.js.default\n(cd ../.tests/stress && j)\n"
    )
    (scripts / "test_script_8").write_text("echo Running 'odd name'\n")
    (scripts / "test_script_9").write_text("echo Running 'broken\n")
    one = kind.execution(Case("w", "stress/a.js.default", "m"), "")
    results = f"{WORK}/product/bin/jsc-stress-results"
    assert one.argv == ("sh", f"{WORK}/again.sh", "stress/a.js.default", f"{results}/.runner/test_script_7")
    assert one.programs[:2] == ("/p/jsc", f"{results}/.vm/jsc")
    assert one.folders == (f"{results}/.runner", f"{results}/.tests/stress")
    assert kind.execution(Case("w", "odd name", "m"), "").argv[-1] == f"{results}/.runner/test_script_8"
    assert kind.execution(Case("w", "x/unknown", "m"), "").argv[-1] == f"{results}/x/unknown"
    assert one.timeout > 150
    assert not one.tools
    assert one.memory == 3 << 20
    assert (kind.work / "again.sh").is_file()
    assert one.judge(FINE, lambda _: b"").status == "passed"
    assert one.judge(RED, lambda _: b"").status == "failed"


def test_each_test_is_a_result(tmp_path: Path) -> None:
    files = {"results.json": '{"stressTestFailures": ["b"]}', "product/bin/jsc-stress-results/passed": "a\n\nc\n"}
    verdict = judge(tmp_path, RED, files)
    assert [(case.name, case.status) for case in verdict.cases] == [("a", "passed"), ("b", "failed"), ("c", "passed")]
    assert (verdict.status, verdict.own) == ("passed", True)


@pytest.mark.parametrize(
    ("outcome", "files", "message"),
    [
        (RED, {}, "the harness wrote no results (exit 1: it broke)"),
        (FINE, {}, "the harness wrote no results (exit 0)"),
        (RED, {"results.json": "{"}, "its results are no JSON"),
        (RED, {"results.json": NO_FAILURE, "product/bin/jsc-stress-results/passed": "a"}, "exit 1: it broke"),
        (FINE, {"results.json": NO_FAILURE}, "it ran no test"),
        (Outcome(reason="timeout", seconds=3), {"product/bin/jsc-stress-results/passed": "a"}, "timed out after 3.0 s"),
        (Outcome(reason="signal", signal=9), {}, "killed by SIGKILL"),
    ],
)  # fmt: skip
def test_a_harness_that_fails_by_itself(tmp_path: Path, outcome: Outcome, files: dict[str, str], message: str) -> None:
    verdict = judge(tmp_path, outcome, files)
    assert verdict.status == "failed"
    assert message in verdict.message


def test_a_filter_that_finds_nothing_is_named(tmp_path: Path) -> None:
    verdict = judge(tmp_path, FINE, {"results.json": NO_FAILURE}, "nothing-like-it")
    assert verdict.message == "no test of its matches 'nothing-like-it'"
