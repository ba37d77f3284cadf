"""`wrongarch ci` where nothing is started."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.matrices import MINIMAL, write_project
from wrongarch.cli import jobs, main
from wrongarch.errors import UsageError
from wrongarch.recipes.reading import find_recipe


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def filled(project: Path) -> Path:
    write_project(project, MINIMAL, image='like = "quickjs"')
    return project


def test_generate_and_check(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "generate", "--check"]) == 1
    assert "+++ .gitlab-ci.yml (from the matrix)" in capsys.readouterr().out
    assert main(["ci", "generate"]) == 0
    assert "2 image jobs, 2 test jobs" in capsys.readouterr().out
    assert main(["ci", "generate", "--check"]) == 0
    assert main(["ci", "generate"]) == 0
    assert "unchanged .gitlab-ci.yml" in capsys.readouterr().out
    file = filled / "ci" / "matrix.toml"
    file.write_text(file.read_text().replace('"mips"', '"s390x"'))
    assert main(["ci", "generate", "--check"]) == 1
    captured = capsys.readouterr()
    assert "-  image-mips-tiny" in captured.out
    assert "fix: wrongarch ci generate" in captured.err


def test_where_there_is_no_matrix(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "generate"]) == 2
    assert "fix: wrongarch ci init" in capsys.readouterr().err
    assert list(project.iterdir()) == []


def test_a_lock_that_is_missing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(project, MINIMAL)
    assert main(["ci", "generate"]) == 2
    assert "fix: wrongarch image lock arm --recipe tiny" in capsys.readouterr().err


def test_init(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "init", "--arch", "arm", "--recipe", "quickjs"]) == 0
    assert "wrote ci/matrix.toml" in capsys.readouterr().out
    assert main(["ci", "generate"]) == 0
    assert main(["ci", "init"]) == 2


def test_the_list_of_jobs(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "matrix"]) == 0
    assert "arm-tiny-all (after image-arm-tiny, 60 min on ubuntu-24.04 (GitHub) or" in capsys.readouterr().out
    assert main(["ci", "matrix", "--json"]) == 0
    assert [job["id"] for job in json.loads(capsys.readouterr().out)["tests"]] == ["arm-tiny-all", "mips-tiny-all"]
    assert main(["ci", "matrix", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "wrongarch matrix"


def test_jobs_that_are_not_there(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "run", "arm-tiny-al"]) == 2
    assert "did you mean 'arm-tiny-all'" in capsys.readouterr().err
    assert main(["ci", "run", "--arch", "s390x"]) == 2
    assert main(["ci", "run", "$(reboot)"]) == 2


def test_a_report_of_nothing_is_red(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "report"]) == 3
    out = capsys.readouterr().out
    assert "# 2 of 2 jobs failed" in out
    assert "`arm-tiny-all`: the job ended before it wrote any" in out
    assert (filled / ".wrongarch" / "report" / "summary.md").is_file()


def test_fetch_and_repro_refuse_wrong_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "https://user:hunter2@github.com/o/r/pull/1"]) == 2
    assert "hunter2" not in capsys.readouterr().err
    assert main(["fetch", "no-url"]) == 2
    assert main(["repro", "x.tar.zst", "--arch", "arm"]) == 2
    assert main(["triage", "https://github.com/o/r/pull/1"]) == 2


def test_locks_of_cross_compiled_arches_are_those_of_the_forges_machines(filled: Path) -> None:
    assert len(jobs.lock_digest(find_recipe("hello"), "alpha")) == 64
    with pytest.raises(UsageError, match="cannot be built for alpha"):
        jobs.lock_digest(find_recipe("quickjs"), "alpha")
