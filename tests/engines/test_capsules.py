"""A capsule made in any engine replays in each of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engines.conftest import ENGINES
from tests.support.daemons import Docker, Podman
from wrongarch.capsules import read
from wrongarch.capsules.repro import Options, replay
from wrongarch.engines.find import find

RECIPE = Path(__file__).parents[1] / "integration" / "capsules" / "recipe"


@pytest.fixture(scope="module")
def captured(
    docker: Docker, podman: Podman, pinned: None, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Gives a capsule made by a run in an engine."""
    made: dict[str, Path] = {}

    def capture(engine: str) -> Path:
        if engine not in made:
            folder = tmp_path_factory.mktemp(engine)
            words = ["test", "arm", "--recipe", str(RECIPE), "--emulator", "7.2", "--engine", engine]
            line = [sys.executable, "-m", "wrongarch", *words, "--suite", "ways", "--filter", "child"]
            done = subprocess.run(line, capture_output=True, check=False, cwd=folder, timeout=600)
            assert done.returncode == 1, done.stderr.decode()[-3000:]
            (made[engine],) = (folder / ".wrongarch" / "runs" / "latest" / "capsules").iterdir()
        return made[engine]

    return capture


@pytest.mark.parametrize("replayed", ENGINES)
@pytest.mark.parametrize("made", ENGINES)
def test_made_in_one_replayed_in_another(made: str, replayed: str, captured: Callable[[str], Path]) -> None:
    file = captured(made)
    assert read.verify(file).engine == made
    report = replay(file, Options(), find(replayed))
    assert report.verdict == "reproduced", report.comparisons
    assert report.comparisons[0].same_output


@pytest.mark.parametrize("made", ["docker", "podman"])
def test_the_engine_makes_no_difference_to_the_content(made: str, captured: Callable[[str], Path]) -> None:
    sandbox, other = (read.inspect(captured(name)) for name in ("sandbox", made))
    assert [one.path for one in other.members] == [one.path for one in sandbox.members]
