from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.matrices import write_project
from wrongarch.cli import acting
from wrongarch.errors import MachineError, UsageError
from wrongarch.paths import try_lock

MATRIX = 'arches = ["arm"]\n[defaults]\nrecipe = "tiny"\n[install]\nsource = "{source}"\n'


class Started(BaseException):
    """In the place of the new program, which would end the tests."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    def make(source: str) -> Path:
        folder = tmp_path / "project"
        write_project(folder, MATRIX.format(source=source), image='like = "quickjs"')
        return folder

    (tmp_path / "act").touch()
    (tmp_path / "act").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    def execv(program: str, argv: list[str]) -> None:
        raise Started(program, *argv)

    monkeypatch.setattr(os, "execv", execv)
    return make


def test_act_takes_our_place(project: Callable[[str], Path], tmp_path: Path) -> None:
    folder = project("runner")
    left = folder / ".wrongarch/act/artifacts/of-the-last-run"
    left.mkdir(parents=True)
    with pytest.raises(Started) as started:
        acting.start(folder, ["--job", "gate"])
    program, act, *words = started.value.args
    assert program == act == str(tmp_path / "act")
    assert words[:5] == ["push", "--job", "gate", "-P", "ubuntu-24.04=-self-hosted"]
    assert f"ARTIFACTS={folder}/.wrongarch/act/artifacts" in words
    assert words.count("--local-repository") > 3
    assert list(left.parent.iterdir()) == []


def test_another_event(project: Callable[[str], Path]) -> None:
    with pytest.raises(Started) as started:
        acting.start(project("runner"), ["pull_request"])
    assert started.value.args[2:4] == ("pull_request", "-P")


def test_one_at_a_time(project: Callable[[str], Path]) -> None:
    folder = project("runner")
    place = folder / acting.FOLDER
    place.mkdir(parents=True)
    descriptor = os.open(place, os.O_RDONLY)
    assert try_lock(descriptor)
    with pytest.raises(UsageError, match="another wrongarch ci act"):
        acting.start(folder, [])
    os.close(descriptor)


def test_jobs_that_would_change_this_machine_are_refused(project: Callable[[str], Path]) -> None:
    with pytest.raises(UsageError, match="would install wrongarch") as refused:
        acting.start(project("pypi"), [])
    assert 'source = "runner"' in refused.value.fix


def test_without_act(project: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr("sys.executable", str(tmp_path / "nothing" / "python"))
    with pytest.raises(MachineError, match="act is not installed"):
        acting.start(project("runner"), [])
