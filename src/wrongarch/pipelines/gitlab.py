"""The pipeline of GitLab CI, as data: https://docs.gitlab.com/ci/yaml/."""

from __future__ import annotations

from typing import Any

from wrongarch.errors import NetworkError
from wrongarch.pipelines import places
from wrongarch.pipelines.install import install_line
from wrongarch.pipelines.jobs import GATE, PLAN, REPORT, Group, ImageJob, Pipeline, grouped

MOST_IN_A_MATRIX = 200
"""https://docs.gitlab.com/ci/yaml/#parallelmatrix"""

_STAGES = [PLAN, "image", "test", REPORT, GATE]
_RUNNER_FAILURES = ["runner_system_failure", "api_failure", "scheduler_failure"]


def pipeline_file(pipeline: Pipeline) -> dict[str, Any]:
    """The whole of `.gitlab-ci.yml`."""
    groups = grouped(pipeline, MOST_IN_A_MATRIX)
    jobs: dict[str, Any] = {PLAN: _plan(pipeline)}
    jobs |= {image.id: _image(pipeline, image) for image in pipeline.images}
    jobs |= {group.id: _test(pipeline, group) for group in groups}
    jobs[REPORT] = _report(pipeline)
    jobs[GATE] = _gate(pipeline)
    return {
        "workflow": {"rules": _rules(pipeline)},
        "stages": _STAGES,
        "variables": _variables(pipeline),
        "default": _default(pipeline),
        **jobs,
    }


def _rules(pipeline: Pipeline) -> list[dict[str, str]]:
    wanted = pipeline.matrix.triggers
    rules = []
    if wanted.pull_request:
        rules.append('$CI_PIPELINE_SOURCE == "merge_request_event"')
    rules += [f'$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH {_branch(name)}' for name in wanted.push]
    rules.append('$CI_PIPELINE_SOURCE == "schedule"')
    if wanted.manual:
        rules.append('$CI_PIPELINE_SOURCE == "web" || $CI_PIPELINE_SOURCE == "api"')
    return [{"if": rule} for rule in rules]


def _branch(name: str) -> str:
    """A comparison: RE2 where the name has a glob (`*` within a part, `**` across parts, as on GitHub)."""
    if "*" not in name:
        return f'== "{name}"'
    escaped = name.replace(".", r"\.").replace("/", r"\/")
    expression = escaped.replace("**", "\0").replace("*", r"[^\/]*").replace("\0", ".*")
    return f"=~ /^{expression}$/"


def _variables(pipeline: Pipeline) -> dict[str, str]:
    ours = {
        "WRONGARCH_CACHE": f"$CI_PROJECT_DIR/{places.CACHE}",
        # images there hold files of other users, which git could not remove
        "GIT_CLEAN_FLAGS": f"-ffdx --exclude=/{places.CACHE}/",
    }
    return {**ours, **dict(sorted(pipeline.matrix.env.items()))}


def _default(pipeline: Pipeline) -> dict[str, Any]:
    wanted = pipeline.matrix.gitlab
    default: dict[str, Any] = {"image": wanted.image} if wanted.image else {}
    if wanted.tags:
        default["tags"] = list(wanted.tags)
    line = install_line(pipeline.matrix)
    if line:
        default["before_script"] = [line]
    default["interruptible"] = True
    default["retry"] = {"max": 2, "when": _RUNNER_FAILURES, "exit_codes": [NetworkError.exit_code]}
    return default


def _plan(pipeline: Pipeline) -> dict[str, Any]:
    job: dict[str, Any] = {"stage": PLAN, "timeout": _minutes(10), "script": [places.CHECK_LINE]}
    if pipeline.matrix.cache:
        job["cache"] = _durations_cache("pull")
        job["artifacts"] = {"paths": [places.DURATIONS], "expire_in": _days(pipeline.matrix.keep.results)}
    return job


def _durations_cache(policy: str) -> dict[str, Any]:
    return {"key": "wrongarch-durations", "paths": [places.DURATIONS], "policy": policy, "when": "always"}


def _cache(pipeline: Pipeline, image: ImageJob, policy: str, *, builds: bool = False) -> dict[str, Any]:
    """Downloads and emulators by the digest of the lock, and what compilers made for jobs that build."""
    if not pipeline.matrix.cache:
        return {}
    paths = [f"{places.CACHE}/{folder}/" for folder in places.CACHED]
    downloads = {"key": f"wrongarch-{image.id}-{image.lock[:32]}", "paths": paths, "policy": policy}
    if not builds:
        return {"cache": downloads}
    made = {"key": f"wrongarch-{places.COMPILED}-{image.id}", "paths": [f"{places.CACHE}/{places.COMPILED}/"]}
    return {"cache": [downloads, {**made, "policy": "pull-push", "when": "always"}]}


def _image(pipeline: Pipeline, image: ImageJob) -> dict[str, Any]:
    return {
        "stage": "image",
        "needs": [],
        "timeout": _minutes(pipeline.matrix.limits.image_timeout),
        "variables": {places.JOB_VARIABLE: image.id},
        **_cache(pipeline, image, "pull-push"),
        "script": [places.RUN_LINE],
    }


def _test(pipeline: Pipeline, group: Group) -> dict[str, Any]:
    image = pipeline.image(group)
    job: dict[str, Any] = {
        "stage": "test",
        "needs": [{"job": PLAN, "artifacts": True}, {"job": group.image, "artifacts": False}],
        "timeout": _minutes(group.timeout),
        **_cache(pipeline, image, "pull", builds=image.builds),
        "script": [places.RUN_LINE],
        "artifacts": {
            "when": "always",
            "expire_in": _days(pipeline.matrix.keep.capsules),
            "expose_as": "capsules of failures",
            "paths": [f"{places.CAPSULES}/", f"{places.RESULTS}/"],
            "reports": {"junit": f"{places.RESULTS}/*/junit.xml"},
        },
        "parallel": {"matrix": [{places.JOB_VARIABLE: list(group.jobs)}]},
    }
    if list(group.tags) != list(pipeline.matrix.gitlab.tags):
        job["tags"] = list(group.tags)
    if group.allowed:
        job["allow_failure"] = True
    return {**job, **_engine(pipeline, group.engine)}


def _engine(pipeline: Pipeline, engine: str) -> dict[str, Any]:
    """A daemon beside the job for `docker`; podman needs none, and a rootless runner's machine has it."""
    if engine != "docker":
        return {}
    service = {"name": pipeline.matrix.gitlab.dind, "alias": "docker"}
    variables = {
        "DOCKER_HOST": "tcp://docker:2376",
        "DOCKER_TLS_CERTDIR": "/certs",
        "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": "/certs/client",
    }
    return {"services": [service], "variables": variables}


def _report(pipeline: Pipeline) -> dict[str, Any]:
    """Without `needs`, which may name 50 jobs at most: it gets the artifacts of all stages before."""
    job: dict[str, Any] = {
        "stage": REPORT,
        "timeout": _minutes(15),
        "when": "always",
        "script": [places.REPORT_LINE],
        "artifacts": {
            "when": "always",
            "expire_in": _days(pipeline.matrix.keep.results),
            "paths": [f"{places.REPORT}/"],
        },
    }
    return {**job, "cache": _durations_cache("push")} if pipeline.matrix.cache else job


def _gate(pipeline: Pipeline) -> dict[str, Any]:
    """Runs only where all stages before succeeded; what may fail aside."""
    job: dict[str, Any] = {"stage": GATE, "timeout": _minutes(5), "variables": {"GIT_STRATEGY": "none"}}
    if install_line(pipeline.matrix):
        job["before_script"] = []
    return {**job, "dependencies": [], "script": ["true"]}


def _minutes(count: int) -> str:
    return f"{count} minutes"


def _days(count: int) -> str:
    return f"{count} days"
