"""`wrongarch fetch` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.forges.test_gitlab import FILES, fill
from tests.support.forges import PROJECT, TOKEN, GitLabApi
from wrongarch.cli import main


@pytest.fixture
def page(lab: GitLabApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    fill(lab)
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return f"{lab.base}/{PROJECT}/-/pipelines/101"


def test_what_is_downloaded_can_be_replayed(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", page, "--arch", "armhf"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"pipeline 101 of {PROJECT}: 2 capsules\n")
    assert "report: it left no capsules" in out
    assert "arm-jsc-all: stress/a.js [no-jit]\n  wrongarch repro .wrongarch/fetched/" in out
    names = {file.name for file in Path.cwd().rglob("*.tar.zst")}
    assert names == set(FILES)


def test_for_programs(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", page, "--test", "a.js", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {(one["arch"], *one["tests"]) for one in found} == {
        ("arm", "stress/a.js [no-jit]"),
        ("s390x", "stress/a.js [no-jit]"),
    }
    assert main(["fetch", page, "--list", "--json"]) == 0
    assert [one["job"] for one in json.loads(capsys.readouterr().out)["failures"]][-1] == "report"


def test_a_list_downloads_nothing(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", page, "--list"]) == 0
    out = capsys.readouterr().out
    assert f"pipeline 101 of {PROJECT}: 3 failed" in out
    assert "  b.tar.zst: 292 KiB  stress/b.js [default]" in out
    assert not list(Path.cwd().rglob("*.tar.zst"))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--arch", "mips"], 2, "no capsule for arch mips"),
        (["--arch", "vax"], 2, "there is no arch"),
        (["--test", "("], 2, "is no regular expression"),
        (["--max-size", "0"], 2, "--max-size"),
    ],
)
def test_wrong_words(page: str, words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", page, *words]) == code
    assert said in capsys.readouterr().err


def test_a_token_is_never_shown(
    page: str, lab: GitLabApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.private = True
    monkeypatch.setenv("GITLAB_TOKEN", "wrong-and-secret")
    assert main(["fetch", page]) == 4
    captured = capsys.readouterr()
    assert "the token of GITLAB_TOKEN" in captured.err
    assert "wrong-and-secret" not in captured.out + captured.err
    assert TOKEN not in captured.err


def test_several_tests_are_not_one(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repro", page, "--backtrace"]) == 2
    captured = capsys.readouterr()
    assert "these are 4 tests" in captured.err
    assert "fix: name one: --test REGEX" in captured.err


def test_what_was_fetched_is_checked_before_it_is_replayed(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repro", page, "--arch", "arm", "--test", "a.js"]) == 5
    assert "a.tar.zst" in capsys.readouterr().err
