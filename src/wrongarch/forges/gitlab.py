"""GitLab, by python-gitlab: pipelines, jobs and their artifacts. https://docs.gitlab.com/api/jobs, job_artifacts."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import gitlab
import msgspec
from gitlab.exceptions import GitlabAuthenticationError, GitlabError

from wrongarch import __version__, documents, settings
from wrongarch.downloads import NotFoundError, RefusedError, fetch_bytes
from wrongarch.downloads.http import StrictSession
from wrongarch.downloads.origins import Credential, quoted
from wrongarch.errors import NetworkError, UntrustedInput, UsageError
from wrongarch.forges import tokens
from wrongarch.forges.model import Failure, Found, Say, Target, innermost, nothing_failed
from wrongarch.pipelines import places
from wrongarch.pipelines.records import Index

LONGEST_WAIT = 900.0
"""Seconds that we wait where GitLab asks for it."""
_TRIES = 4
_MOST_INDEX = 4 << 20  # bytes of an index.json
_MOST_RUNS = 30


class GitLab:
    """One GitLab (gitlab.com, or a server of one's own), seen with one token or none."""

    def __init__(self, base: str, credential: Credential | None, say: Say) -> None:
        self._base, self._credential = base, credential
        self._api = tokens.api_of("gitlab", base)
        self._policy = msgspec.structs.replace(settings.current().download, longest_asked_seconds=LONGEST_WAIT)

        def said(seconds: float) -> None:
            if seconds > LONGEST_WAIT:
                raise NetworkError(f"GitLab asks to wait for {seconds:.0f} s", fix="try again later, or with a token")
            if seconds >= 1:
                say(f"GitLab asks to wait for {seconds:.0f} s")

        session = StrictSession(said)
        if credential is not None:
            session.headers[credential.header] = credential.value
        self._client = gitlab.Gitlab(
            url=self._api.removesuffix("/api/v4"),
            session=session,
            timeout=30,
            per_page=100,
            retry_transient_errors=True,
            user_agent=f"wrongarch/{__version__}",
        )

    def find(self, target: Target, *, latest_failure: bool) -> Found:
        """What failed there. Raises NetworkError and UsageError in plain words."""
        with _told(target, self._base, self._credential):
            project = self._client.projects.get(target.project, lazy=True)
            if target.kind in ("job", "artifact"):
                one = project.jobs.get(target.number, **_PATIENCE)
                return self._found(target, [one], f"job-{target.number}", [])
            runs = list(self._runs(target, project, latest_failure=latest_failure))
            jobs: list[Any] = []
            for run in runs:
                listed = project.pipelines.get(run.id, lazy=True).jobs
                jobs += listed.list(scope=["failed"], iterator=True, **_PATIENCE)
            number = runs[0].id if runs else target.number
            seen = [f"pipeline {run.id}: {run.status}" for run in runs]
            return self._found(target, jobs, f"pipeline-{number}", seen)

    def _found(self, target: Target, jobs: Iterable[Any], folder: str, seen: list[str]) -> Found:
        wanted = [job for job in jobs if job.status == "failed" or target.kind in ("job", "artifact")]
        failures = tuple(self._failure(target, job) for job in wanted)
        if not failures:
            raise UsageError(nothing_failed(target, seen), fix="give the address of a pipeline that failed")
        return Found(title=target.words, folder=folder, failures=failures, credential=self._credential)

    def _runs(self, target: Target, project: Any, *, latest_failure: bool) -> Iterator[Any]:
        match target.kind:
            case "run":
                yield project.pipelines.get(target.number, **_PATIENCE)
                return
            case "change":
                found = project.mergerequests.get(target.number, lazy=True).pipelines.list(iterator=True, **_PATIENCE)
            case "commit":
                found = project.pipelines.list(sha=self._whole(project, target.ref), iterator=True, **_PATIENCE)
            case _:
                # without a name, all branches: the default one has no name until the project is asked
                branch = target.ref or self._client.projects.get(target.project, **_PATIENCE).default_branch
                status = {"status": "failed"} if latest_failure else {"scope": "finished"}
                found = project.pipelines.list(ref=branch, iterator=True, **status, **_PATIENCE)
        newest = list(itertools.islice(found, _MOST_RUNS))
        failed = [run for run in newest if run.status == "failed"] if latest_failure else newest
        yield from (failed or newest)[:1]

    @staticmethod
    def _whole(project: Any, sha: str) -> str:
        """The whole id of a commit: pipelines are not found by the first digits of it."""
        return sha if len(sha) == 40 else str(project.commits.get(sha, **_PATIENCE).id)

    def _failure(self, target: Target, job: Any) -> Failure:
        name = f"{self._api}/projects/{quoted(target.project)}/jobs/{job.id}/artifacts"
        files = f"{name}/{places.CAPSULES}/"
        failure = Failure(job=job.name, url=job.web_url, files=files)
        gone = _when(getattr(job, "artifacts_expire_at", None))
        if gone and gone < datetime.datetime.now(datetime.UTC):
            return msgspec.structs.replace(failure, note=f"its capsules expired on {gone:%Y-%m-%d}")
        try:
            index = self._index(files)
        except NotFoundError:
            return msgspec.structs.replace(failure, note="it left no capsules")
        except RefusedError as error:
            fix = tokens.advice("gitlab", self._base)
            raise NetworkError(f"GitLab does not let us have the artifacts of {job.name}", fix=fix) from error
        return msgspec.structs.replace(failure, capsules=index.capsules, arch=index.arch)

    def _index(self, files: str) -> Index:
        raw = fetch_bytes(
            [files + places.INDEX], max_bytes=_MOST_INDEX, policy=self._policy, credential=self._credential
        )
        try:
            return documents.decode(raw, Index)
        except documents.DamagedError as error:
            raise UntrustedInput(f"the list of capsules at {files} is damaged: {error}") from error


_PATIENCE: dict[str, Any] = {"max_retries": _TRIES}


def _when(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


@contextmanager
def _told(target: Target, base: str, credential: Credential | None) -> Iterator[None]:
    """Say in plain words what python-gitlab raises."""
    who = tokens.holder(credential)
    advice = tokens.advice("gitlab", base)
    try:
        yield
    except GitlabAuthenticationError as error:
        raise NetworkError(f"GitLab answers 401 ({who}): the token is wrong or has expired", fix=advice) from error
    except GitlabError as error:
        raise _plain(error, target, who, advice) from error
    except OSError as error:  # what requests raises
        raise NetworkError(
            f"cannot reach {base}: {innermost(error)}", fix="check the network, and try again"
        ) from error


def _plain(error: GitlabError, target: Target, who: str, advice: str) -> NetworkError:
    code = error.response_code
    if code == 404:
        what = f"GitLab knows no {target.words}, or does not show it to us ({who})"
        return NetworkError(what, fix=f"check the address; for a private project:\n{advice}")
    if code == 403:
        return NetworkError(f"GitLab answers 403 ({who}): the token has no right to that", fix=advice)
    if code == 410:
        return NetworkError(f"GitLab answers 410 ({who}): it has been deleted", fix="give a newer one")
    if code == 429:
        return NetworkError(f"GitLab allows no more requests for now ({who})", fix=advice)
    return NetworkError(f"GitLab answers {code}: {error.error_message} ({who})", fix="try again later")
