"""From a folder shaped like a WebKit checkout to a capsule, with the commands that users type."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.webkit import CHECKOUT, recipe_for_the_checkout
from wrongarch.paths import remove_tree

LABEL = "jsc-checkout-llint"


@pytest.fixture(scope="module")
def project(pinned: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("webkit")
    folder.chmod(0o755)
    recipe_for_the_checkout(folder)
    yield folder
    remove_tree(folder)


def wrongarch(project: Path, *words: str) -> tuple[int, str]:
    """Exit code and output of a command for which WEBKIT_PATH names the checkout."""
    done = subprocess.run(
        [sys.executable, "-m", "wrongarch", *words],
        cwd=project,
        env={**os.environ, "WEBKIT_PATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def log(project: Path) -> Path:
    """The log of the build, which was made just now."""
    code, said = wrongarch(project, "build", "arm")
    assert code == 0, said
    assert f"{LABEL} for arm: built in" in said
    (found,) = (project / ".wrongarch/builds").glob(f"{LABEL}-*/arm/*/build.log")
    return found


@pytest.fixture(scope="module")
def run(project: Path, log: Path) -> Path:
    """The folder of a run of the harness and of one program of ours, on what was built."""
    code, said = wrongarch(
        project,
        *("test", "arm", "--suite", "webkit", "--suite", "stress", "--capsules", "1"),
        *("--filter", r"stress/(adds|fails|vanishes|wavers|numbers/denormals)\b"),
    )
    assert code == 1, said
    return (project / ".wrongarch/runs/latest").resolve()


def test_a_build_goes_on_where_it_was(project: Path, log: Path) -> None:
    assert "Linking CXX executable bin/jsc" in log.read_text()
    assert "--cmakeargs=-DENABLE_STATIC_JSC=ON -DCMAKE_VERBOSE_MAKEFILE=ON -DENABLE_JIT=OFF" in log.read_text()
    code, said = wrongarch(project, "build", "arm")
    assert code == 0, said
    assert "ninja: no work to do." in log.read_text()


def test_a_build_that_fails_is_told_with_the_way_to_it(project: Path, log: Path) -> None:
    code, said = wrongarch(project, "build", "arm", "--set", "cmake=-DFAIL=ON")
    assert code == 1
    assert "CMake Error: FAIL is set" in said
    assert f"--source {CHECKOUT} --variant llint --set cmake=-DFAIL=ON" in said


def test_each_test_of_the_harness_is_a_result(run: Path) -> None:
    document = json.loads((run / "results.json").read_text())
    assert {f"{one['suite']}/{one['test']} {one['mode']}": one["status"] for one in document["results"]} == {
        "stress/numbers/denormals.js default": "passed",
        "stress/numbers/denormals.js gc-scribble": "passed",
        "webkit/stress/adds.js.default default": "passed",
        "webkit/stress/fails.js.default default": "failed",
        "webkit/stress/vanishes.js.default default": "failed",
        "webkit/stress/wavers.js.default default": "flaky",
    }
    summary = document["summary"]
    assert all(proof["held"] for proof in summary["proofs"]), summary["proofs"]
    assert summary["intent"]["recipe"] == LABEL
    assert "product/bin/jsc is an ELF file for arm" in summary["proofs"][0]["words"]


def test_a_failure_has_its_output_and_the_line_that_runs_it_alone(project: Path, run: Path) -> None:
    exact = r"^webkit/stress/fails\.js\.default \[default\]$"
    code, said = wrongarch(project, "test", "arm", "--filter", exact, "--capsules", "0")
    assert code == 1
    assert "planted: the sum is wrong" in said
    assert "1 tests ran" in said
    assert f"--source {CHECKOUT} --variant llint --emulator 10.0 --filter '{exact}'" in said


def test_a_failure_is_a_capsule(project: Path, run: Path) -> None:
    (capsule,) = (run / "capsules").iterdir()
    assert capsule.name.startswith(f"{LABEL}-arm-webkit-stress-fails.js.default")
    code, said = wrongarch(project, "repro", str(capsule))
    assert code == 0, said
    assert "REPRODUCED" in said
    assert "recorded output" not in said  # which is shown where it differs


def test_options_reach_the_harness_and_its_errors_come_back(project: Path, log: Path) -> None:
    words = ("test", "arm", "--suite", "webkit", "--variant", "jit", "--capsules", "0")
    code, said = wrongarch(project, *words, "--set", "test=--release --testmasm", "--filter", "adds")
    assert code == 1
    assert "webkit/testmasm [jit]: failed" in said
    assert "2 passed, 1 FAILED" in said
    code, said = wrongarch(project, *words, "--set", "test=--nonsense")
    assert code == 1
    assert "the harness wrote no results (exit 2: Unrecognized option `--nonsense')" in said
