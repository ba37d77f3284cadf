from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from wrongarch.cli import main

CHECKOUT = Path(__file__).parents[3]


class Done(NamedTuple):
    """A finished call of `wrongarch`."""

    code: int
    out: str
    err: str


Call = Callable[..., Done]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start commands in."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def call(
    project: Path, pinned: None, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Call:
    """Runs the program in this process, with `stdin` on its standard input."""

    def call(*words: str, stdin: str = "") -> Done:
        (tmp_path / "stdin").write_text(stdin)
        with (tmp_path / "stdin").open() as file:
            monkeypatch.setattr(sys, "stdin", file)
            code = main(words)
        out, err = capfd.readouterr()
        return Done(code, out, err)

    return call


@pytest.fixture
def locked_anew(project: Path, call: Call) -> Callable[[str, str], None]:
    """Gives the project recipes of its own, with an image locked from the archive as it is now."""

    def lock(arch: str, recipe: str) -> None:
        shutil.copytree(CHECKOUT / "ci" / "recipes", project / "ci" / "recipes", dirs_exist_ok=True)
        done = call("image", "lock", arch, "--recipe", recipe)
        assert done.code == 0, done.err

    return lock
