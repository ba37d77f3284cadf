"""Both generated files, by what a forge makes of them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.matrices import BUILD, EVERYTHING, LOCK, MINIMAL, pipeline, write_project
from wrongarch.errors import MachineError, UsageError
from wrongarch.pipelines import files, github, gitlab, pins, places, reading
from wrongarch.pipelines.expand import expand
from wrongarch.pipelines.jobs import Pipeline

BIG = """arches = ["arm"]
[defaults]
recipe = "tiny"
[suites.tiny]
checks = {shards = 600}
"""


def read(pipeline: Pipeline, name: str) -> dict[str, Any]:
    found: dict[Any, Any] = yaml.safe_load(files.contents(pipeline)[name])
    return {str(key): value for key, value in found.items()}


def big(project: Path) -> Pipeline:
    return pipeline(project, BIG, scripts={f"t{number}": "exit 0" for number in range(600)})


def steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


@pytest.fixture
def every(tmp_path: Path) -> Pipeline:
    return pipeline(tmp_path, EVERYTHING)


def test_the_workflow_reads_back_as_it_was_made(every: Pipeline) -> None:
    assert read(every, places.GITHUB_FILE) == github.workflow(every)
    assert read(every, places.GITLAB_FILE) == gitlab.pipeline_file(every)
    assert files.contents(every) == files.contents(every)


def test_scripts_hold_no_expression_and_one_command(every: Pipeline) -> None:
    lines = [step["run"] for step in steps(github.workflow(every)) if "run" in step]
    lines += [line for job in jobs_of(every).values() for line in job["script"]]
    assert set(lines) == {
        "python -m pip install --disable-pip-version-check wrongarch==0.1.0",
        "wrongarch ci generate --check",
        'wrongarch ci run "$WRONGARCH_JOB"',
        "wrongarch ci report",
        "exit 1",
        "true",
    }


def jobs_of(every: Pipeline) -> dict[str, Any]:
    document = gitlab.pipeline_file(every)
    return {name: job for name, job in document.items() if isinstance(job, dict) and "stage" in job}


def test_actions_are_pinned_and_their_tags_told(every: Pipeline) -> None:
    text = files.contents(every)[places.GITHUB_FILE]
    used = re.findall(r"uses: (\S+)@([0-9a-f]{40})  # (v[0-9.]+)$", text, re.MULTILINE)
    assert len(used) == text.count("uses:")
    assert {(name, commit, tag) for name, commit, tag in used} <= {
        (name, pin.commit, pin.tag) for name, pin in pins.actions().items()
    }


def test_rights_are_the_least(every: Pipeline) -> None:
    workflow = github.workflow(every)
    assert workflow["permissions"] == {}
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert rights.pop("attest") == {"id-token": "write", "attestations": "write"}
    assert rights.pop("gate") == {}
    assert all(one == {"contents": "read"} for one in rights.values())
    # the one that may sign runs no code of the repository
    assert not any("run" in step or "checkout" in step["uses"] for step in workflow["jobs"]["attest"]["steps"])


def test_every_job_ends_and_the_gate_waits_for_all(every: Pipeline) -> None:
    jobs = github.workflow(every)["jobs"]
    assert all(job["timeout-minutes"] for job in jobs.values())
    assert set(jobs["gate"]["needs"]) == set(jobs) - {"gate", "attest"}
    assert jobs["gate"]["if"] == "${{ always() }}"
    for word in ("failure", "cancelled", "skipped"):
        assert word in jobs["gate"]["steps"][0]["if"]


def test_every_job_of_the_matrix_is_in_both(every: Pipeline) -> None:
    wanted = sorted(job.id for job in every.tests)
    there = [name for job in github.workflow(every)["jobs"].values() for name in _matrix(job)]
    assert sorted(there) == wanted
    there = [
        name
        for job in jobs_of(every).values()
        for entry in job.get("parallel", {}).get("matrix", ())
        for name in entry[places.JOB_VARIABLE]
    ]
    assert sorted(there) == wanted


def _matrix(job: dict[str, Any]) -> list[str]:
    listed: list[str] = job.get("strategy", {}).get("matrix", {}).get("job", [])
    return listed


def test_triggers_and_limits(every: Pipeline) -> None:
    workflow = github.workflow(every)
    assert workflow["on"] == {
        "push": {"branches": ["main", "release/*"]},
        "pull_request": {},
        "merge_group": {},
        "schedule": [{"cron": "17 3 * * 1"}],
        "workflow_dispatch": {},
    }
    assert workflow["env"] == {"WRONGARCH_DEBIAN_MIRROR": "http://deb.debian.org/debian"}
    test = workflow["jobs"]["test-arm-tiny"]
    assert test["strategy"]["max-parallel"] == 20
    assert {group["continue-on-error"] for group in workflow["jobs"].values() if "continue-on-error" in group} == {True}
    rules = [rule["if"] for rule in gitlab.pipeline_file(every)["workflow"]["rules"]]
    assert '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == "main"' in rules
    assert r'$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH =~ /^release\/[^\/]*$/' in rules


def test_a_matrix_without_triggers_can_be_started_by_hand(tmp_path: Path) -> None:
    quiet = MINIMAL + "[triggers]\npush = []\npull_request = false\nmanual = false\n"
    assert github.workflow(pipeline(tmp_path, quiet))["on"] == {"workflow_dispatch": {}}


def test_gitlab_retries_runners_and_the_network_alone(every: Pipeline) -> None:
    retry = gitlab.pipeline_file(every)["default"]["retry"]
    assert retry == {"max": 2, "when": ["runner_system_failure", "api_failure", "scheduler_failure"], "exit_codes": [4]}
    assert not any("retry" in job for job in jobs_of(every).values())


def test_what_gitlab_tests_need(every: Pipeline) -> None:
    jobs = jobs_of(every)
    docker = [job for job in jobs.values() if "services" in job]
    assert docker
    assert all(job["variables"]["DOCKER_HOST"] == "tcp://docker:2376" for job in docker)
    native = [job for job in jobs.values() if job.get("tags") == ["arm64"]]
    assert native
    assert all(len(job.get("needs", [])) <= 50 for job in jobs.values())
    assert {job["artifacts"]["expire_in"] for name, job in jobs.items() if name.startswith("test-")} == {"7 days"}
    assert any(job.get("allow_failure") for job in jobs.values())


def test_jobs_that_build_keep_what_compilers_made(tmp_path: Path) -> None:
    for builds in (False, True):
        every = pipeline(tmp_path, MINIMAL, build=BUILD if builds else "")
        kept = [step["with"] for step in steps(github.workflow(every)) if "ccache" in str(step.get("with"))]
        assert len(kept) == (4 if builds else 0)  # found and kept, on two arches
        for given in kept:
            assert given["path"] == "~/.cache/wrongarch/ccache"
            start = given["key"].removesuffix("${{ github.run_id }}")
            assert given["key"] != start
            assert given.get("restore-keys", start) == start
        caches = [job["cache"] for name, job in jobs_of(every).items() if name.startswith("test-")]
        own = [cache for both in caches if isinstance(both, list) for cache in both if "ccache" in cache["key"]]
        assert [cache["paths"] for cache in own] == [[".wrongarch/cache/ccache/"]] * (2 if builds else 0)


def test_without_caches(tmp_path: Path) -> None:
    found = pipeline(tmp_path, "cache = false\n" + MINIMAL + '[github]\nattest = false\n[install]\nsource = "runner"\n')
    text = files.contents(found)[places.GITHUB_FILE] + files.contents(found)[places.GITLAB_FILE]
    assert "actions/cache" not in text
    assert "\n  cache:" not in text
    assert "attest" not in text
    assert "pip" not in text
    assert "setup-python" not in text


@pytest.mark.parametrize(
    ("registry", "user", "packages"),
    [
        ("ghcr.io/team/roots", "${{ github.actor }}", "write"),
        ("registry.example:5000/roots", "${{ secrets.WRONGARCH_REGISTRY_USER }}", None),
    ],
)
def test_a_registry_is_logged_in_to_where_it_is_needed(
    tmp_path: Path, registry: str, user: str, packages: str | None
) -> None:
    made = github.workflow(pipeline(tmp_path, f'registry = "{registry}"\n' + MINIMAL))["jobs"]
    told = {
        (name, step["name"]): step["env"]["WRONGARCH_REGISTRY_USER"]
        for name, job in made.items()
        for step in job["steps"]
        if "env" in step
    }
    assert told
    assert {step for _, step in told} == {"Build the image", "Test"}
    assert set(told.values()) == {user}
    rights = {name: job["permissions"].get("packages") for name, job in made.items()}
    assert {right for name, right in rights.items() if name.startswith("image-")} == {packages}
    assert {right for name, right in rights.items() if name.startswith("test-")} == {packages and "read"}
    assert {right for name, right in rights.items() if not name.startswith(("image-", "test-"))} == {None}


def test_a_forge_can_be_left_out(tmp_path: Path) -> None:
    found = pipeline(tmp_path, MINIMAL + "[github]\nenabled = false\n")
    assert set(files.contents(found)) == {places.GITLAB_FILE, places.SCHEMA_FILE}


def test_above_a_limit_it_is_split_and_said(tmp_path: Path) -> None:
    found = big(tmp_path)
    sizes = [len(_matrix(job)) for job in github.workflow(found)["jobs"].values() if _matrix(job)]
    assert sizes == [256, 256, 88]
    sizes = [len(job["parallel"]["matrix"][0]["WRONGARCH_JOB"]) for job in jobs_of(found).values() if "parallel" in job]
    assert sizes == [200, 200, 200]
    assert files.splits(found) == [
        "GitHub allows 256 jobs in a matrix: 1 became 3",
        "GitLab allows 200 jobs in a matrix: 1 became 3",
    ]
    assert files.splits(pipeline(tmp_path / "small", MINIMAL)) == []


def test_writing_and_drift(every: Pipeline, tmp_path: Path) -> None:
    made = files.contents(every)
    assert len(list(files.drift(made, tmp_path))) == 3
    assert set(files.write(made, tmp_path)) == set(made)
    assert files.write(made, tmp_path) == []
    assert list(files.drift(made, tmp_path)) == []
    there = tmp_path / places.GITLAB_FILE
    there.write_text(there.read_text().replace("interruptible: true", "interruptible: false"))
    (diff,) = files.drift(made, tmp_path)
    assert "-  interruptible: false\n+  interruptible: true\n" in diff
    assert files.write(made, tmp_path) == [places.GITLAB_FILE]


def test_what_somebody_else_wrote_is_left_alone(every: Pipeline, tmp_path: Path) -> None:
    there = tmp_path / places.GITLAB_FILE
    there.write_text("own: {}\n")
    with pytest.raises(UsageError, match="was not generated by wrongarch"):
        files.write(files.contents(every), tmp_path)
    assert there.read_text() == "own: {}\n"


def test_what_cannot_be_read_or_written(every: Pipeline, tmp_path: Path) -> None:
    made = files.contents(every)
    (tmp_path / places.GITLAB_FILE).mkdir()
    with pytest.raises(UsageError, match="cannot read"):
        files.write(made, tmp_path)
    (tmp_path / ".github").write_text("a file")
    with pytest.raises((MachineError, UsageError)):
        files.write({places.GITHUB_FILE: made[places.GITHUB_FILE]}, tmp_path)


def test_a_thousand_jobs_take_half_a_second_at_most(tmp_path: Path) -> None:
    text = BIG.replace("600", "500").replace('"arm"', '"arm", "mips"')
    file = write_project(tmp_path, text, scripts={f"t{number}": "exit 0" for number in range(500)})
    spent = []
    for _ in range(3):  # the best of three: other tests may run beside
        begun = time.perf_counter()
        found = expand(reading.read(file), file, tmp_path, lambda _recipe, _arch: LOCK)
        files.contents(found)
        spent.append(time.perf_counter() - begun)
    assert len(found.tests) == 1000
    assert min(spent) <= 0.5
