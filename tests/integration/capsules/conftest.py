"""One run of a program that fails on request, whose capsules all tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

RECIPE = Path(__file__).parent / "recipe"
SECRET = "glpat-hostsecret0123456789abc"


class Run(NamedTuple):
    """A finished run: its project, its folder."""

    project: Path
    folder: Path

    def capsule(self, name: str) -> Path:
        """The capsule of the test of that name."""
        (found,) = (self.folder / "capsules").glob(f"sample-*-{name}-*.tar.*")
        return found


def wrongarch(project: Path, *words: str, code: int | None = 0, env: dict[str, str] | None = None) -> str:
    """What `wrongarch` prints on standard output, run as users do."""
    done = subprocess.run(
        [sys.executable, "-m", "wrongarch", *words],
        cwd=project,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert code is None or done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr if code != 0 else done.stdout


def red_run(project: Path, *words: str, arch: str = "arm") -> Run:
    """A red run of the sample under QEMU 7.2, in the sandbox."""
    options = ("--recipe", str(RECIPE), "--emulator", "7.2", "--engine", "sandbox")
    wrongarch(project, "test", arch, *options, *words, code=None, env={"CI_JOB_TOKEN": SECRET})
    return Run(project, (project / ".wrongarch" / "runs" / "latest").resolve())


@pytest.fixture(scope="session")
def project(pinned: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("capsules")
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run(project: Path) -> Run:
    """All of the suite "ways", with capsules of what failed."""
    return red_run(project, "--suite", "ways", "--capsules", "10")


@pytest.fixture(scope="session")
def chance(project: Path) -> Path:
    """A capsule of a test that fails 30 % of the time."""
    for _ in range(5):
        made = red_run(project, "--suite", "chance", "--capsules", "1")
        found = list((made.folder / "capsules").glob("*.tar.zst")) if (made.folder / "capsules").is_dir() else []
        if found:
            return found[0]
    pytest.fail("forty runs without a failure of 30 %")
