"""Builds with native tools in containers make what they make in the sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.daemons import Docker, Podman


def build(engine: str, folder: Path) -> str:
    """Build hello for arm in an engine; the program's hash."""
    folder.mkdir()
    line = [sys.executable, "-m", "wrongarch", "build", "arm", "--recipe", "hello", "--engine", engine, "--json"]
    done = subprocess.run(line, capture_output=True, check=False, cwd=folder, timeout=600)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    assert b"all tools are emulated" not in done.stderr
    (product,) = json.loads(done.stdout)["build"]["record"]["products"]
    return str(product["sha256"])


@pytest.fixture(scope="module")
def wanted(requires_namespaces: None, tmp_path_factory: pytest.TempPathFactory) -> str:
    return build("sandbox", tmp_path_factory.mktemp("sandbox") / "project")


def test_docker(docker: Docker, wanted: str, tmp_path: Path) -> None:
    assert build("docker", tmp_path / "docker") == wanted


def test_podman(podman: Podman, wanted: str, tmp_path: Path) -> None:
    assert build("podman", tmp_path / "podman") == wanted
