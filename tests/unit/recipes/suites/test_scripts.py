from __future__ import annotations

from pathlib import Path

from wrongarch.engines.base import Outcome
from wrongarch.recipes.model import Mode, ScriptsSuite
from wrongarch.recipes.suites.base import Case, Places
from wrongarch.recipes.suites.kinds import kind_of
from wrongarch.recipes.suites.scripts import Scripts


def nothing(_path: str) -> bytes:
    raise FileNotFoundError


SUITE = ScriptsSuite(
    name="stress",
    folder="t",
    command=("{program}", "{options}", "{test}", "--", "{scratch}"),
    modes=(Mode(name="default"), Mode(name="no-jit", options=("--useJIT=0",), env={"A": "2"})),
    env={"A": "1", "B": "1"},
    memory=5,
    timeout=7.0,
    reject="^ERROR",
)


def scripts(tmp_path: Path) -> Scripts:
    for name in ("t/a.js", "t/sub/b.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    kind = kind_of(SUITE, Places(recipe=tmp_path, generated=tmp_path), "/usr/bin/jsc", "arm")
    assert isinstance(kind, Scripts)
    return kind


def test_each_file_runs_in_each_mode(tmp_path: Path) -> None:
    assert [case.id for case in scripts(tmp_path).cases()] == [
        "stress/a.js [default]",
        "stress/a.js [no-jit]",
        "stress/sub/b.js [default]",
        "stress/sub/b.js [no-jit]",
    ]


def test_an_execution_has_the_guests_paths_and_the_modes_options(tmp_path: Path) -> None:
    kind = scripts(tmp_path)
    one = kind.execution(Case("stress", "sub/b.js", "no-jit"), "")
    assert one.argv == ("/usr/bin/jsc", "--useJIT=0", "/wrongarch/suites/stress/sub/b.js", "--", "")
    assert (one.env, one.cwd) == ({"A": "2", "B": "1"}, "/wrongarch/suites/stress")
    assert (one.timeout, one.memory) == (7.0, 5 << 20)
    assert kind.folder == tmp_path / "t"


def test_with_a_scratch_folder_that_is_where_it_runs(tmp_path: Path) -> None:
    one = scripts(tmp_path).execution(Case("stress", "a.js", "default"), "/wrongarch/scratch/3")
    assert one.cwd == one.argv[-1] == "/wrongarch/scratch/3"


def test_the_output_may_be_rejected(tmp_path: Path) -> None:
    one = scripts(tmp_path).execution(Case("stress", "a.js", "default"), "")
    assert one.judge(Outcome(reason="exit", exit_code=0, stdout=b"fine"), nothing).status == "passed"
    assert one.judge(Outcome(reason="exit", exit_code=0, stdout=b"x\nERROR y"), nothing).status == "failed"
