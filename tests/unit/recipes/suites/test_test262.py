from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.engines.base import Outcome
from wrongarch.errors import UsageError
from wrongarch.recipes.model import Mode, Test262Suite
from wrongarch.recipes.suites.base import Case, Execution, Places
from wrongarch.recipes.suites.kinds import kind_of
from wrongarch.recipes.suites.test262 import Test262

G = "/wrongarch/suites/conformance"
TESTS = {
    "plain.js": "/*---\nincludes: [compareArray.js]\n---*/\nvar a;",
    "strict.js": "/*---\nflags: [onlyStrict]\n---*/",
    "sloppy.js": "/*---\nflags: [noStrict]\n---*/",
    "module.js": "/*---\nflags: [module]\n---*/",
    "raw.js": "/*---\nflags: [raw]\nnegative: {phase: parse, type: SyntaxError}\n---*/",
    "sub/async.js": "/*---\nflags: [async, noStrict]\n---*/",
    "sub/helper_FIXTURE.js": "export let x;",
    "bad.js": "/*---\nflags: [nonsense]\n---*/",
    "needs.js": "/*---\nflags: [raw]\nfeatures: [ShadowRealm]\n---*/",
    "lost.js": "/*---\nflags: [raw]\nincludes: [nothing.js]\n---*/",
    "block.js": "/*---\nflags: [CanBlockIsFalse, noStrict]\n---*/",
    "late.js": "/*---\nnegative:\n  phase: runtime\n  type: RangeError\nflags: [noStrict]\n---*/",
}


def suite(tmp_path: Path, **changes: object) -> Test262:
    for name, text in TESTS.items():
        file = tmp_path / "t262/test" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    harness = tmp_path / "t262/harness"
    harness.mkdir(exist_ok=True)
    for name in ("assert.js", "sta.js", "doneprintHandle.js", "compareArray.js"):
        (harness / name).touch()
    fields: dict[str, object] = {
        "name": "conformance",
        "folder": "t262",
        "strict": ("{program}", "{options}", "{includes}", "--strict-file={test}"),
        "module": ("{program}", "{options}", "{includes}", "--module-file={test}"),
        "skip_features": ("ShadowRealm",),
        **changes,
    }
    model = Test262Suite(**fields)  # type: ignore[arg-type]  # its fields
    (tmp_path / "generated").mkdir(exist_ok=True)
    kind = kind_of(model, Places(recipe=tmp_path, generated=tmp_path / "generated"), "/jsc", "arm")
    assert isinstance(kind, Test262)
    return kind


def execution(tmp_path: Path, test: str, mode: str, **changes: object) -> Execution:
    return suite(tmp_path, **changes).execution(Case("conformance", test, mode), "")


def test_variants_follow_the_flags(tmp_path: Path) -> None:
    assert [f"{case.test} {case.mode}" for case in suite(tmp_path).cases()] == [
        "bad.js default malformed",
        "block.js default sloppy",
        "late.js default sloppy",
        "lost.js default raw",
        "module.js default module",
        "needs.js default raw",
        "plain.js default sloppy",
        "plain.js default strict",
        "raw.js default raw",
        "sloppy.js default sloppy",
        "strict.js default strict",
        "sub/async.js default sloppy",
    ]


def test_includes_come_first_and_in_order(tmp_path: Path) -> None:
    harness = [f"{G}/harness/{name}.js" for name in ("assert", "sta", "compareArray")]
    assert execution(tmp_path, "plain.js", "default sloppy").argv == ("/jsc", *harness, f"{G}/test/plain.js")
    assert execution(tmp_path, "plain.js", "default strict").argv[-1] == f"--strict-file={G}/test/plain.js"
    assert execution(tmp_path, "sub/async.js", "default sloppy").argv[3].endswith("/doneprintHandle.js")


def test_raw_tests_get_no_includes_and_modules_their_own_command(tmp_path: Path) -> None:
    assert execution(tmp_path, "raw.js", "default raw").argv == ("/jsc", f"{G}/test/raw.js")
    assert execution(tmp_path, "module.js", "default module").argv[-1] == f"--module-file={G}/test/module.js"


def test_includes_may_need_an_option(tmp_path: Path) -> None:
    argv = execution(tmp_path, "sloppy.js", "default sloppy", include_option=("-I",)).argv
    assert argv == ("/jsc", "-I", f"{G}/harness/assert.js", "-I", f"{G}/harness/sta.js", f"{G}/test/sloppy.js")


def test_modes_multiply_variants(tmp_path: Path) -> None:
    modes = (Mode(name="default"), Mode(name="no-jit", options=("--useJIT=0",)))
    assert execution(tmp_path, "raw.js", "no-jit raw", modes=modes).argv[1] == "--useJIT=0"
    assert len(list(suite(tmp_path, modes=modes).cases())) == 24


def test_strict_variants_are_written_out_without_an_option_for_them(tmp_path: Path) -> None:
    argv = execution(tmp_path, "plain.js", "default strict", strict=()).argv
    assert argv[-1] == "/wrongarch/generated/conformance/plain.js"
    written = tmp_path / "generated/conformance/plain.js"
    assert written.read_text() == '"use strict";\n' + TESTS["plain.js"]
    written.write_text("kept")
    execution(tmp_path, "plain.js", "default strict", strict=())
    assert written.read_text() == "kept"


def test_fixtures_follow_what_is_written_out(tmp_path: Path) -> None:
    (tmp_path / "t262/test/sub").mkdir(parents=True)
    (tmp_path / "t262/test/sub/both.js").write_bytes(b"// \xff is kept\r\nimport('./helper_FIXTURE.js')")
    execution(tmp_path, "sub/both.js", "default strict", strict=())
    folder = tmp_path / "generated/conformance/sub"
    assert (folder / "helper_FIXTURE.js").read_text() == "export let x;"
    assert (folder / "both.js").read_bytes().endswith(b"// \xff is kept\r\nimport('./helper_FIXTURE.js')")


@pytest.mark.parametrize(
    ("test", "status", "message"),
    [
        ("bad.js", "failed", "unknown flag 'nonsense'"),
        ("needs.js", "skipped", "needs ShadowRealm"),
        ("lost.js", "failed", "the include 'nothing.js' is not in harness/"),
        ("block.js", "skipped", "needs a main agent that cannot block"),
    ],
)
def test_what_is_decided_without_a_run(tmp_path: Path, test: str, status: str, message: str) -> None:
    decided = execution(tmp_path, test, "default raw").decided
    assert decided is not None
    assert (decided.status, decided.message) == (status, message)


def test_an_engine_that_can_be_kept_from_blocking(tmp_path: Path) -> None:
    one = execution(tmp_path, "block.js", "default sloppy", no_block_options=("--no-block",))
    assert one.decided is None
    assert one.argv[1] == "--no-block"


@pytest.mark.parametrize(
    ("test", "outcome", "status", "words"),
    [
        ("plain.js", Outcome(reason="exit", exit_code=0), "passed", ""),
        (
            "plain.js",
            Outcome(reason="exit", exit_code=3, stdout=b"Exception: Test262Error: x"),
            "failed",
            "Test262Error: x",
        ),
        ("raw.js", Outcome(reason="exit", exit_code=3, stdout=b"Exception: SyntaxError: x"), "passed", ""),
        ("raw.js", Outcome(reason="exit", exit_code=1, stdout=b"SyntaxError: x\n    at y"), "passed", ""),
        ("raw.js", Outcome(reason="exit", exit_code=0, stdout=b"SyntaxError: x"), "failed", "ended with exit 0"),
        (
            "raw.js",
            Outcome(reason="exit", exit_code=3, stdout=b"Exception: Test262: no"),
            "failed",
            "but it threw Test262",
        ),
        ("raw.js", Outcome(reason="exit", exit_code=3), "failed", "no error that can be read"),
        ("raw.js", Outcome(reason="signal", signal=11), "failed", "killed by SIGSEGV"),
        (
            "late.js",
            Outcome(reason="exit", exit_code=3, stdout=b"TypeError: x"),
            "failed",
            "uncaught RangeError (runtime)",
        ),
        ("sub/async.js", Outcome(reason="exit", exit_code=0, stdout=b"Test262:AsyncTestComplete\n"), "passed", ""),
        ("sub/async.js", Outcome(reason="exit", exit_code=0, stdout=b"x"), "failed", "without calling $DONE"),
        (
            "sub/async.js",
            Outcome(reason="exit", exit_code=0, stdout=b"Test262:AsyncTestFailure: E: x\nTest262:AsyncTestComplete"),
            "failed",
            "Test262:AsyncTestFailure: E: x",
        ),
        ("sub/async.js", Outcome(reason="timeout"), "failed", "timed out"),
    ],
)
def test_verdicts(tmp_path: Path, test: str, outcome: Outcome, status: str, words: str) -> None:
    verdict = execution(tmp_path, test, "default sloppy").judge(outcome, lambda _path: b"")
    assert verdict.status == status
    assert words in verdict.message


def test_a_tree_without_a_harness_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t262/test").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"there is no folder .*harness"):
        kind_of(Test262Suite(name="x", folder="t262"), Places(recipe=tmp_path, generated=tmp_path), "/jsc", "arm")
