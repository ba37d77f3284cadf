"""GitHub, by PyGithub: runs, jobs and artifacts. https://docs.github.com/en/rest/actions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import github
from github.GithubException import (
    GithubException,
    RateLimitExceededException,
    UnknownObjectException,
)
from github.GithubRetry import GithubRetry

from wrongarch import __version__
from wrongarch.downloads.origins import Credential
from wrongarch.errors import NetworkError, UsageError
from wrongarch.forges import tokens
from wrongarch.forges.model import Bundle, Failure, Found, Say, Target, innermost, nothing_failed

LONGEST_WAIT = 900.0
"""Seconds that we wait where GitHub asks for it; beyond that, the user decides."""
_TRIES = 5
_BACKOFF = 0.2  # seconds before the second try; doubled each time
_PREFIX = "capsules-"
_BAD = {"failure", "timed_out", "startup_failure"}
_MOST_RUNS = 30  # of a commit or branch that are looked at
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")


def _patient(say: Say) -> GithubRetry:
    """Waits as GitHub asks, and says so."""

    class Patient(GithubRetry):
        def sleep(self, response: Any = None) -> None:
            """Called by urllib3 before it tries again."""
            asked = (self.get_retry_after(response) if response is not None else None) or self.get_backoff_time()
            if asked > LONGEST_WAIT:
                raise NetworkError(f"GitHub asks to wait for {asked:.0f} s", fix="try again later, or with a token")
            if asked >= 1:
                say(f"GitHub asks to wait for {asked:.0f} s")
            super().sleep(response)

    return Patient(
        total=_TRIES,
        backoff_factor=_BACKOFF,
        max_rate_limit_wait=LONGEST_WAIT,
        status_forcelist=[429, *range(500, 600)],
        raise_on_status=False,
    )


class GitHub:
    """One GitHub (github.com, or a server of one's own), seen with one token or none."""

    def __init__(self, base: str, credential: Credential | None, say: Say) -> None:
        self._base, self._credential = base, credential
        self._api = tokens.api_of("github", base)
        # the credential is for the origin of the API, whose header PyGithub makes of the bare token
        token = credential.value.removeprefix("Bearer ") if credential else ""
        self._client = github.Github(
            auth=github.Auth.Token(token) if token else None,
            base_url=self._api,
            user_agent=f"wrongarch/{__version__}",
            timeout=30,
            per_page=100,
            retry=_patient(say),
            seconds_between_requests=None,
            lazy=True,
        )

    def find(self, target: Target, *, latest_failure: bool) -> Found:
        """What failed there. Raises NetworkError and UsageError in plain words."""
        with _told(target, self._base, self._credential):
            repo = self._client.get_repo(target.project)
            if target.kind == "artifact":
                return self._one_artifact(target, repo)
            runs = list(self._runs(target, repo, latest_failure=latest_failure))
            failures: list[Failure] = []
            for run in runs:
                failures += self._failures(target, run)
            if not failures:
                seen = [f"run {run.id}: {run.conclusion or run.status}" for run in runs]
                raise UsageError(nothing_failed(target, seen), fix="give the address of a run that failed")
            number = runs[0].id if runs else target.number
            return self._found(target, failures, f"run-{number}")

    def _found(self, target: Target, failures: list[Failure], folder: str) -> Found:
        return Found(title=target.words, folder=folder, failures=tuple(failures), credential=self._credential)

    def _runs(self, target: Target, repo: Any, *, latest_failure: bool) -> Iterator[Any]:
        """The runs to look at, the newest first."""
        match target.kind:
            case "run":
                yield repo.get_workflow_run(target.number)
            case "job":
                run = target.run or repo.get_workflow_job(target.number).run_id
                yield repo.get_workflow_run(run)
            case "change":
                yield from _newest_of_each(repo.get_workflow_runs(head_sha=repo.get_pull(target.number).head.sha))
            case "commit":
                # `sha` of an object that is loaded when it is needed would be the digits that were asked for
                sha = target.ref if len(target.ref) == 40 else repo.get_commit(target.ref).raw_data["sha"]
                yield from _newest_of_each(repo.get_workflow_runs(head_sha=sha))
            case _:
                yield from self._of_branch(target, repo, latest_failure=latest_failure)

    def _of_branch(self, target: Target, repo: Any, *, latest_failure: bool) -> Iterator[Any]:
        branch = target.ref or repo.default_branch
        if latest_failure:
            yield from _first(repo.get_workflow_runs(branch=branch, status="failure"), 1)
            return
        yield from _newest_of_each(repo.get_workflow_runs(branch=branch, status="completed"))

    def _failures(self, target: Target, run: Any) -> Iterator[Failure]:
        artifacts = sorted(run.get_artifacts(), key=lambda one: one.id)  # of tries of one job, the last one counts
        bundles = {
            artifact.name.removeprefix(_PREFIX): self._bundle(target, artifact)
            for artifact in artifacts
            if artifact.name.startswith(_PREFIX)
        }
        for job in run.jobs():
            if job.conclusion not in _BAD or (target.kind == "job" and job.id != target.number):
                continue
            bundle = bundles.get(job.name.rpartition(" / ")[2])  # after the job that called the workflow
            note = "" if bundle else "it left no capsules"
            if bundle and bundle.expired:
                note = f"its capsules expired on {bundle.expired:%Y-%m-%d}"
            yield Failure(job=job.name, url=job.html_url, bundle=bundle, note=note)

    def _bundle(self, target: Target, artifact: Any) -> Bundle:
        digest = _SHA256.fullmatch(artifact.raw_data.get("digest") or "")
        return Bundle(
            name=artifact.name,
            # not what the answer says: the token goes there
            url=f"{self._api}/repos/{target.project}/actions/artifacts/{artifact.id}/zip",
            size=artifact.size_in_bytes,
            sha256=digest[1] if digest else None,
            expired=artifact.expires_at if artifact.expired else None,
        )

    def _one_artifact(self, target: Target, repo: Any) -> Found:
        artifact = repo.get_artifact(target.number)
        bundle = self._bundle(target, artifact)
        note = f"it expired on {bundle.expired:%Y-%m-%d}" if bundle.expired else ""
        job = artifact.name.removeprefix(_PREFIX)
        where = f"{self._base}/{target.project}"
        failure = Failure(job=job, url=where, bundle=bundle, note=note)
        return self._found(target, [failure], f"artifact-{target.number}")


def _first(runs: Iterable[Any], most: int) -> Iterator[Any]:
    """A page or two of what may be thousands."""
    for number, run in enumerate(runs):
        if number >= most:
            return
        yield run


def _newest_of_each(runs: Iterable[Any]) -> Iterator[Any]:
    """The newest run of each workflow: older ones were tried again."""
    seen = set()
    for run in _first(runs, _MOST_RUNS):
        if run.workflow_id not in seen:
            seen.add(run.workflow_id)
            yield run


@contextmanager
def _told(target: Target, base: str, credential: Credential | None) -> Iterator[None]:
    """Say in plain words what PyGithub raises."""
    who = tokens.holder(credential)
    advice = tokens.advice("github", base)
    try:
        yield
    except RateLimitExceededException as error:
        raise NetworkError(f"GitHub allows no more requests for now ({who})", fix=advice) from error
    except UnknownObjectException as error:
        what = f"GitHub knows no {target.words}, or does not show it to us ({who})"
        raise NetworkError(what, fix=f"check the address; for a private repository:\n{advice}") from error
    except GithubException as error:
        raise _plain(error, who, advice) from error
    except (github.BadAttributeException, AssertionError, RuntimeError, TypeError) as error:
        # PyGithub takes it for granted that a server is GitHub's: an address of another host in an answer, and the like
        raise NetworkError(
            f"{base} does not answer as GitHub does", fix="check the address", detail=str(error)
        ) from error
    except OSError as error:  # what requests raises
        raise NetworkError(
            f"cannot reach {base}: {innermost(error)}", fix="check the network, and try again"
        ) from error


def _plain(error: GithubException, who: str, advice: str) -> NetworkError:
    message = error.data.get("message", "") if isinstance(error.data, dict) else ""
    said = f"GitHub answers {error.status}{f': {message}' if message else ''} ({who})"
    if error.status == 401:
        return NetworkError(f"{said}: the token is wrong or has expired", fix=advice)
    if error.status == 403:
        return NetworkError(f"{said}: the token has no right to that", fix=advice)
    if error.status == 410:
        return NetworkError(f"{said}: it has been deleted", fix="give the address of a newer run")
    return NetworkError(said, fix="try again later; see https://www.githubstatus.com")
