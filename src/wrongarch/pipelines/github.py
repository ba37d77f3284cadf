"""The workflow of GitHub Actions, as data.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax. Steps get what they need through
`env:` and nothing else: no expression stands inside a script.
"""

from __future__ import annotations

from typing import Any

from wrongarch.pipelines import places
from wrongarch.pipelines.install import install_line
from wrongarch.pipelines.jobs import GATE, PLAN, REPORT, Group, ImageJob, Pipeline, grouped
from wrongarch.pipelines.pins import uses

MOST_IN_A_MATRIX = 256
"""https://docs.github.com/en/actions/reference/limits (jobs that one matrix may make)"""
PERMISSION_COMMENTS = {
    "id-token: write": "proves to the attestation service which workflow this is",
    "packages: read": "gets images from the registry",
    "packages: write": "leaves images in the registry",
    "attestations: write": "stores where the capsules come from",
}

_Step = dict[str, Any]
_READ = {"contents": "read"}
_NOT_A_PULL_REQUEST = "github.event_name != 'pull_request'"
_RUN = "${{ github.run_id }}"
_DURATIONS_KEY = "wrongarch-durations-"
_BAD = ("failure", "cancelled", "skipped")


def workflow(pipeline: Pipeline) -> dict[str, Any]:
    """The whole of `.github/workflows/wrongarch.yml`."""
    matrix = pipeline.matrix
    groups = grouped(pipeline, MOST_IN_A_MATRIX)
    tests = [group.id for group in groups]
    jobs: dict[str, Any] = {PLAN: _plan(pipeline)}
    jobs |= {image.id: _image(pipeline, image) for image in pipeline.images}
    jobs |= {group.id: _test(pipeline, group) for group in groups}
    jobs[REPORT] = _report(pipeline, [PLAN, *tests])
    attests = matrix.github.attest
    if attests:
        jobs["attest"] = _attest(pipeline, tests)
    jobs[GATE] = _gate(pipeline, [PLAN, *(image.id for image in pipeline.images), *tests, REPORT])
    return {
        "name": "wrongarch",
        "on": _triggers(pipeline),
        "permissions": {},
        "concurrency": {
            "group": "${{ github.workflow }}-${{ github.ref }}",
            "cancel-in-progress": "${{ github.event_name == 'pull_request' }}",
        },
        **({"env": dict(sorted(matrix.env.items()))} if matrix.env else {}),
        "jobs": jobs,
    }


def _triggers(pipeline: Pipeline) -> dict[str, Any]:
    wanted = pipeline.matrix.triggers
    triggers: dict[str, Any] = {}
    if wanted.push:
        triggers["push"] = {"branches": list(wanted.push)}
    if wanted.pull_request:
        triggers["pull_request"] = {}
    if wanted.merge_queue:
        triggers["merge_group"] = {}
    if wanted.schedule:
        triggers["schedule"] = [{"cron": wanted.schedule}]
    if wanted.manual or not triggers:
        triggers["workflow_dispatch"] = {}
    return triggers


def _job(pipeline: Pipeline, name: str, timeout: int, steps: list[_Step], **more: Any) -> dict[str, Any]:
    """A job in the usual order of keys; what is None is left out."""
    job = {
        "name": name,
        "needs": more.pop("needs", None),
        "if": more.pop("condition", None),
        "runs-on": more.pop("runner", pipeline.matrix.github.runner),
        "timeout-minutes": timeout,
        "continue-on-error": more.pop("allowed", None),
        "permissions": more.pop("permissions", _READ),
        "strategy": more.pop("strategy", None),
        "env": more.pop("env", None),
        "steps": steps,
    }
    return {key: value for key, value in job.items() if value is not None}


def _start(pipeline: Pipeline) -> list[_Step]:
    """The source, Python, and wrongarch."""
    steps: list[_Step] = [
        {"name": "Get the source", "uses": uses("actions/checkout"), "with": {"persist-credentials": False}}
    ]
    line = install_line(pipeline.matrix)
    if line:
        version = {"python-version": pipeline.matrix.github.python}
        steps.append({"name": "Set up Python", "uses": uses("actions/setup-python"), "with": version})
        steps.append({"name": "Install wrongarch", "run": line})
    return steps


def _plan(pipeline: Pipeline) -> dict[str, Any]:
    steps = [*_start(pipeline), {"name": "Compare with the matrix", "run": places.CHECK_LINE}]
    if pipeline.matrix.cache:
        steps += [
            _find("Find how long tests took", places.DURATIONS, _DURATIONS_KEY, newest=True),
            _upload("durations", places.DURATIONS, pipeline.matrix.keep.results),
        ]
    return _job(pipeline, "check the matrix", 10, steps)


def _find(name: str, path: str, key: str, *, newest: bool = False) -> _Step:
    """Restore what was kept: that of `key`, or the newest of which the key begins so."""
    given = {"path": path, "key": f"{key}{_RUN}", "restore-keys": key} if newest else {"path": path, "key": key}
    return {"name": name, "uses": uses("actions/cache/restore"), "with": given}


def _keep(name: str, path: str, key: str, condition: str) -> _Step:
    """Keep something for later runs. What has been kept under a key never changes."""
    given = {"path": path, "key": key}
    return {"name": name, "if": f"${{{{ {condition} }}}}", "uses": uses("actions/cache/save"), "with": given}


def _downloaded(image: ImageJob) -> tuple[_Step, _Step]:
    """Find and keep downloads and emulators; by the digest of the lock, as what it names never changes."""
    paths = "".join(f"~/.cache/wrongarch/{folder}\n" for folder in places.CACHED)
    key = f"wrongarch-${{{{ runner.arch }}}}-{image.id}-{image.lock[:32]}"
    find = _find("Find what was downloaded before", paths, key)
    find = {"name": find.pop("name"), "id": "cache", **find}
    return find, _keep("Keep what was downloaded", paths, key, "steps.cache.outputs.cache-hit != 'true'")


def _compiled(image: ImageJob) -> tuple[_Step, _Step]:
    """Find and keep what compilers made; each run keeps that of its first job."""
    path, key = (
        f"~/.cache/wrongarch/{places.COMPILED}",
        f"wrongarch-${{{{ runner.arch }}}}-{places.COMPILED}-{image.id}-",
    )
    first = f"!cancelled() && strategy.job-index == 0 && {_NOT_A_PULL_REQUEST}"
    find = _find("Find what compilers made before", path, key, newest=True)
    return find, _keep("Keep what compilers made", path, key + _RUN, first)


def _image(pipeline: Pipeline, image: ImageJob) -> dict[str, Any]:
    steps = [{"name": "Build the image", **_login(pipeline), "run": places.RUN_LINE}]
    if pipeline.matrix.cache:
        find, keep = _downloaded(image)
        steps = [find, *steps, keep]
    steps = [*_start(pipeline), *steps]
    env = {places.JOB_VARIABLE: image.id}
    permissions = _rights(pipeline, "write")
    return _job(pipeline, image.id, pipeline.matrix.limits.image_timeout, steps, env=env, permissions=permissions)


def _of_github(pipeline: Pipeline) -> bool:
    """Whether the registry is GitHub's, to which a job's own token is the key."""
    return pipeline.matrix.registry.startswith("ghcr.io/")


def _rights(pipeline: Pipeline, packages: str) -> dict[str, str]:
    return {**_READ, "packages": packages} if _of_github(pipeline) else _READ


def _login(pipeline: Pipeline) -> _Step:
    """For the one step that talks to the registry."""
    if not pipeline.matrix.registry:
        return {}
    user, password = f"secrets.{places.REGISTRY_USER}", f"secrets.{places.REGISTRY_PASSWORD}"
    if _of_github(pipeline):
        user, password = "github.actor", "github.token"
    return {"env": {places.REGISTRY_USER: f"${{{{ {user} }}}}", places.REGISTRY_PASSWORD: f"${{{{ {password} }}}}"}}


def _test(pipeline: Pipeline, group: Group) -> dict[str, Any]:
    matrix = pipeline.matrix
    image = pipeline.image(group)
    before, after = [], []
    if matrix.cache:
        before.append(_downloaded(image)[0])
    if matrix.cache and image.builds:
        find, keep = _compiled(image)
        before.append(find)
        after.append(keep)
    if matrix.cache:
        before.append(_download("durations*", places.HOME, "Get how long tests took"))
    steps = [
        *_start(pipeline),
        *before,
        {"name": "Test", **_login(pipeline), "run": places.RUN_LINE},
        *after,
        _upload("results-${{ matrix.job }}", places.RESULTS, matrix.keep.results, "${{ !cancelled() }}"),
        _upload("capsules-${{ matrix.job }}", places.CAPSULES, matrix.keep.capsules, "${{ failure() }}"),
    ]
    strategy: dict[str, Any] = {"fail-fast": False}
    if matrix.limits.parallel:
        strategy["max-parallel"] = matrix.limits.parallel
    strategy["matrix"] = {"job": list(group.jobs)}
    return _job(
        pipeline,
        "${{ matrix.job }}",
        group.timeout,
        steps,
        needs=[PLAN, group.image],
        runner=group.runner,
        allowed=True if group.allowed else None,
        strategy=strategy,
        env={places.JOB_VARIABLE: "${{ matrix.job }}"},
        permissions=_rights(pipeline, "read"),
    )


def _report(pipeline: Pipeline, needs: list[str]) -> dict[str, Any]:
    keep = pipeline.matrix.keep.results
    steps = [*_start(pipeline), _download("results-*", places.RESULTS, "Get the results of all jobs")]
    if pipeline.matrix.cache:
        steps.append(_download("durations*", places.HOME, "Get how long tests took"))
    steps += [
        {"name": "Put them together", "run": places.REPORT_LINE},
        _upload("report", places.REPORT, keep, "${{ !cancelled() }}"),
    ]
    if pipeline.matrix.cache:
        there = f"!cancelled() && {_NOT_A_PULL_REQUEST} && hashFiles('{places.DURATIONS}') != ''"
        steps.append(_keep("Keep how long tests took", places.DURATIONS, _DURATIONS_KEY + _RUN, there))
    return _job(pipeline, "report", 15, steps, needs=needs, condition="${{ !cancelled() }}")


def _attest(pipeline: Pipeline, needs: list[str]) -> dict[str, Any]:
    """Alone with the right to sign, and without any code of the repository."""
    found = f"${{{{ hashFiles('{places.CAPSULES}/**') != '' }}}}"
    steps: list[_Step] = [
        _download("capsules-*", places.CAPSULES, "Get the capsules", merge=False),
        {
            "name": "Attest where they come from",
            "if": found,
            "uses": uses("actions/attest-build-provenance"),
            "with": {"subject-path": f"{places.CAPSULES}/**/*.tar.*"},
        },
    ]
    permissions = {"id-token": "write", "attestations": "write"}
    condition = f"${{{{ !cancelled() && contains(needs.*.result, 'failure') && {_NOT_A_PULL_REQUEST} }}}}"
    return _job(pipeline, "attest capsules", 15, steps, needs=needs, condition=condition, permissions=permissions)


def _gate(pipeline: Pipeline, needs: list[str]) -> dict[str, Any]:
    """The one job for a branch rule to require: it fails unless all others succeeded."""
    bad = " || ".join(f"contains(needs.*.result, '{word}')" for word in _BAD)
    steps: list[_Step] = [
        {"name": "Fail unless all jobs succeeded", "if": f"${{{{ {bad} }}}}", "run": "exit 1"},
    ]
    return _job(pipeline, "wrongarch", 5, steps, needs=needs, condition="${{ always() }}", permissions={})


def _upload(name: str, path: str, days: int, condition: str | None = None) -> _Step:
    step: _Step = {"name": f"Upload {name.partition('-')[0]}"}
    if condition:
        step["if"] = condition
    given = {"name": name, "path": path, "if-no-files-found": "ignore", "include-hidden-files": True}
    return {**step, "uses": uses("actions/upload-artifact"), "with": {**given, "retention-days": days}}


def _download(pattern: str, path: str, name: str, *, merge: bool = True) -> _Step:
    """By pattern: where there is no such artifact, that is no failure."""
    given = {"pattern": pattern, "path": path, "merge-multiple": merge}
    return {"name": name, "uses": uses("actions/download-artifact"), "with": given}
