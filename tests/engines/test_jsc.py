"""The same tests of JavaScriptCore in every engine, with the same results, test by test."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.engines.conftest import ENGINES
from tests.support.daemons import Docker, Podman

FILTER = r"typed/(biguint64-search|resizable).*\[(default|no-jit)\]"  # expected failures and passing ones
AT_LEAST = 4


@pytest.fixture(scope="module")
def results(
    docker: Docker, podman: Podman, requires_namespaces: None, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """The document of a run in each engine."""
    found = {}
    for engine in ENGINES:
        line = [sys.executable, "-m", "wrongarch", "test", "arm", "--engine", engine, "--filter", FILTER, "--json"]
        folder = tmp_path_factory.mktemp(engine)
        done = subprocess.run(line, capture_output=True, check=False, cwd=folder, timeout=800)
        assert done.returncode in (0, 1), done.stderr.decode()[-3000:]
        found[engine] = json.loads(done.stdout)
    return found


def told(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What counts of each result: not how long it took."""
    key = ("suite", "test", "mode")
    return {"/".join(one[part] for part in key): (one["status"], one.get("message", "")) for one in document["results"]}


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "sandbox"])
def test_test_by_test(results: dict[str, dict[str, Any]], engine: str) -> None:
    assert len(told(results["sandbox"])) >= AT_LEAST
    assert told(results[engine]) == told(results["sandbox"])
    proofs = [(proof["name"], proof["held"]) for proof in results[engine]["summary"]["proofs"]]
    assert proofs == [(proof["name"], proof["held"]) for proof in results["sandbox"]["summary"]["proofs"]]
    assert all(held for _, held in proofs)
    assert results[engine]["summary"]["intent"]["engine"] == engine
