"""GitHub and GitLab on loopback: small servers that answer as the real ones do, and the store behind them.

The store is another host, which refuses every request that comes with a token: that is the trap in which clients walk
that keep their headers over a redirect.
"""

from __future__ import annotations

import copy
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.web import Handler, Server, serving
from wrongarch.errors import NetworkError, UntrustedInput, WrongarchError

TOKEN_HEADERS = ("Authorization", "PRIVATE-TOKEN", "JOB-TOKEN")
TOKEN = "sesame-open-0123456789"
PROJECT = "group/sub/engine"

Answer = tuple[int, dict[str, str], bytes]

STORE_FAULTS: list[tuple[tuple[str, ...], type[WrongarchError] | None, str]] = [
    (("reset", "ok"), None, ""),
    (("truncate:100000", "ok"), None, ""),
    (("status:429,0", "ok"), None, ""),
    (("status:502", "ok"), None, ""),
    (("wrong", "ok"), None, ""),
    (("status:502",), NetworkError, "HTTP 502"),
    (("status:410",), NetworkError, "have expired or were deleted"),
    (("status:403",), NetworkError, "does not let us download"),
    (("wrong",), UntrustedInput, "its SHA-256 is"),
    (("endless",), UntrustedInput, "more than"),
]
"""What the store does one time after another; the error that stays (None: it is waited out), and words of it."""


def silent(_text: str) -> None:
    """For functions that say what they do."""


def named(value: object) -> str:
    """The id of a parametrized fault."""
    return "-".join(value) if isinstance(value, tuple) else ""


def assert_told(error: Exception, said: str, secret: str) -> None:
    """The error of ours says it, and shows neither the token nor what a signed address holds."""
    assert isinstance(error, WrongarchError)
    text = f"{error.what} {error.detail}"
    assert said in text
    assert secret not in text
    assert TOKEN not in text


def capsule(seed: str, size: int = 40_000) -> bytes:
    """Content of a capsule, good enough for who only carries it."""
    return b"".join(hashlib.sha256(f"{seed}{number}".encode()).digest() for number in range(size // 32))


def index(job: str, arch: str, files: dict[str, bytes], tests: dict[str, list[str]]) -> bytes:
    """`index.json` of a job's capsules."""
    listed = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "tests": tests.get(name, [])}
        for name, data in files.items()
    ]
    return json.dumps({"format": 1, "job": job, "arch": arch, "capsules": listed}).encode()


def zipped(files: dict[str, bytes], *, small: bool = False) -> bytes:
    """An artifact as GitHub makes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            made.writestr(member, data, zipfile.ZIP_DEFLATED if small else zipfile.ZIP_STORED)
    return out.getvalue()


class Api(Server):
    """A forge's API. `script` as in `Server`, by path without query; "ok" is what `answer` says."""

    def __init__(self, store: Server) -> None:
        super().__init__(handler=ApiHandler)
        self.store = store
        self.public = ""
        self.asked: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []

    def answer(self, path: str, query: dict[str, list[str]], headers: dict[str, str]) -> Answer:
        raise NotImplementedError

    def stored(self, path: str, data: bytes, *words: str) -> str:
        """Put something into the store; its address."""
        self.store.bodies[path] = data
        return self.store.url(path, *words)


class ApiHandler(Handler):
    server: Api

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server looks for
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qs(parts.query)
        self.server.asked.append((unquote(parts.path), query, headers))
        words = self.server.script.get(unquote(parts.path), ["ok"])
        word, _, argument = (words.pop(0) if len(words) > 1 else words[0]).partition(":")
        if word != "ok":
            getattr(self, f"do_{word}")(b'{"message": "no"}', None, argument)
            return
        status, more, body = self.server.answer(unquote(parts.path), query, headers)
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **more, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class GitHubApi(Api):
    """Enough of GitHub's API, with the objects of its own description as a base."""

    def __init__(self, store: Server, description: dict[str, Any]) -> None:
        super().__init__(store)
        examples = description["components"]["examples"]
        full = examples["full-repository-default-response"]["value"]
        self._repo = {name: value for name, value in full.items() if name not in ("source", "parent")}
        self._run = examples["workflow-run"]["value"]
        self._job = examples["job"]["value"]
        self._artifact = examples["artifact"]["value"]
        self._pull = examples["pull-request"]["value"]
        self._commit = examples["commit"]["value"]
        self.runs: list[dict[str, Any]] = []
        self.jobs: dict[int, list[dict[str, Any]]] = {}
        self.artifacts: dict[int, list[dict[str, Any]]] = {}
        self.private = False
        self.leads = "Location"  # of a redirect; under another name it passes a proxy that would follow it

    def api(self, path: str) -> str:
        return f"{self.public or self.base}/repos/o/r{path}"

    def add_run(self, number: int, conclusion: str, **more: Any) -> None:
        here = self.api(f"/actions/runs/{number}")
        made = {"id": number, "status": "completed", "conclusion": conclusion, "url": here, "workflow_id": 7}
        links = {"jobs_url": f"{here}/jobs", "artifacts_url": f"{here}/artifacts"}
        self.runs.insert(0, {**copy.deepcopy(self._run), **made, **links, **more})
        self.jobs[number], self.artifacts[number] = [], []

    def add_job(self, run: int, number: int, name: str, conclusion: str) -> None:
        made = {"id": number, "run_id": run, "name": name, "conclusion": conclusion, "status": "completed"}
        page = {"html_url": f"https://github.com/o/r/actions/runs/{run}/job/{number}"}
        page["created_at"] = "2026-11-01T10:00:00Z"
        self.jobs[run].append({**copy.deepcopy(self._job), **made, **page})

    def add_artifact(self, run: int, number: int, name: str, data: bytes, **more: Any) -> None:
        digest = {"digest": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        made = {"id": number, "name": name, "size_in_bytes": len(data), "expired": False, **digest}
        # a hostile answer: the token must not follow it
        self.store.bodies[f"/{number}.zip"] = data
        lie = {"archive_download_url": f"{self.store.base}/steal/{number}"}
        self.artifacts[run].append({**copy.deepcopy(self._artifact), **made, **lie, **more})

    def answer(self, path: str, query: dict[str, list[str]], headers: dict[str, str]) -> Answer:
        known = headers.get("authorization") in (f"Bearer {TOKEN}", f"token {TOKEN}")
        if "authorization" in headers and not known:
            return _json(401, {"message": "Bad credentials"})
        if self.private and not known:
            return _json(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})
        found = re.fullmatch(r"/repos/o/r(/.*)?", path)
        made = self._page(found[1] or "", query, known) if found else None
        return made or _json(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})

    def _page(self, rest: str, query: dict[str, list[str]], known: bool) -> Answer | None:
        if rest == "":
            return _json(200, {**self._repo, "default_branch": "main", "language": "C++", "url": self.api("")})
        if rest == "/actions/runs":
            return self._listed(query)
        if found := re.fullmatch(r"/actions/runs/(\d+)(/jobs|/artifacts)?", rest):
            return self._of_run(int(found[1]), found[2])
        if found := re.fullmatch(r"/actions/jobs/(\d+)", rest):
            jobs = [job for jobs in self.jobs.values() for job in jobs if job["id"] == int(found[1])]
            return _json(200, jobs[0]) if jobs else None
        if found := re.fullmatch(r"/actions/artifacts/(\d+)(/zip)?", rest):
            return self._of_artifact(int(found[1]), bool(found[2]), known)
        if re.fullmatch(r"/pulls/12", rest):
            head = {**self._pull["head"], "sha": "c" * 40}
            return _json(
                200, {**self._pull, "number": 12, "head": head, "url": self.api("/pulls/12"), "requested_teams": []}
            )
        if re.fullmatch(r"/commits/ccccccc", rest):
            return _json(200, {**self._commit, "sha": "c" * 40})
        return None

    def _listed(self, query: dict[str, list[str]]) -> Answer:
        runs = self.runs
        for name, field in (("head_sha", "head_sha"), ("branch", "head_branch")):
            if name in query:
                runs = [run for run in runs if run[field] == query[name][0]]
        if "status" in query:
            runs = [run for run in runs if query["status"][0] in (run["status"], run["conclusion"])]
        return _json(200, {"total_count": len(runs), "workflow_runs": runs})

    def _of_run(self, number: int, what: str | None) -> Answer | None:
        run = next((run for run in self.runs if run["id"] == number), None)
        if run is None:
            return None
        if what is None:
            return _json(200, run)
        listed = self.jobs[number] if what == "/jobs" else self.artifacts[number]
        return _json(200, {"total_count": len(listed), what[1:]: listed})

    def _of_artifact(self, number: int, archive: bool, known: bool) -> Answer | None:
        every = [one for listed in self.artifacts.values() for one in listed if one["id"] == number]
        if not every:
            return None
        if not archive:
            return _json(200, every[0])
        if not known:  # also for public repositories
            return _json(401, {"message": "Requires authentication"})
        if every[0]["expired"]:
            return _json(410, {"message": "Artifact has expired", "documentation_url": "https://docs.github.com/rest"})
        place = f"{self.store.base}/{number}.zip?sig=signed"
        return 302, {self.leads: place, "Content-Type": "text/html"}, b""


class GitLabApi(Api):
    """Enough of GitLab's API: https://docs.gitlab.com/api/jobs, /pipelines, /merge_requests, /job_artifacts."""

    def __init__(self, store: Server) -> None:
        super().__init__(store)
        self.pipelines: list[dict[str, Any]] = []
        self.jobs: dict[int, dict[str, Any]] = {}
        self.files: dict[tuple[int, str], bytes] = {}
        self.private = False

    def add_pipeline(self, number: int, status: str, **more: Any) -> None:
        self.pipelines.insert(0, {"id": number, "status": status, "ref": "main", "sha": "d" * 40, **more})

    def add_job(self, pipeline: int, number: int, name: str, status: str, **more: Any) -> None:
        page = f"https://gitlab.example/{PROJECT}/-/jobs/{number}"
        made = {"id": number, "name": name, "status": status, "web_url": page, "pipeline": {"id": pipeline}}
        self.jobs[number] = {"artifacts_expire_at": None, **made, **more}

    def answer(self, path: str, query: dict[str, list[str]], headers: dict[str, str]) -> Answer:
        token = headers.get("private-token") or headers.get("job-token")
        if token and token != TOKEN:
            return _json(401, {"message": "401 Unauthorized"})
        if self.private and not token:
            return _json(404, {"message": "404 Project Not Found"})
        found = re.fullmatch(rf"/api/v4/projects/{re.escape(PROJECT)}(/.*)?", path)
        made = self._page(found[1] or "", query) if found else None
        return made or _json(404, {"message": "404 Not Found"})

    def _page(self, rest: str, query: dict[str, list[str]]) -> Answer | None:
        if rest == "":
            return _json(200, {"id": 1, "path_with_namespace": PROJECT, "default_branch": "main"})
        if rest == "/pipelines" or re.fullmatch(r"/merge_requests/12/pipelines", rest):
            return self._listed(query)
        if found := re.fullmatch(r"/pipelines/(\d+)", rest):
            return self._one(self.pipelines, int(found[1]))
        if found := re.fullmatch(r"/pipelines/(\d+)/jobs", rest):
            wanted = query.get("scope[]", [])
            jobs = [job for job in self.jobs.values() if job["pipeline"]["id"] == int(found[1])]
            return _json(200, [job for job in jobs if not wanted or job["status"] in wanted])
        if found := re.fullmatch(r"/jobs/(\d+)", rest):
            return self._one(list(self.jobs.values()), int(found[1]))
        if re.fullmatch(r"/repository/commits/ddddddd", rest):
            return _json(200, {"id": "d" * 40})
        if found := re.fullmatch(r"/jobs/(\d+)/artifacts/(.+)", rest):
            return self._file(int(found[1]), found[2])
        return None

    def _listed(self, query: dict[str, list[str]]) -> Answer:
        found = self.pipelines
        for name in ("ref", "sha", "status"):
            if name in query:
                found = [one for one in found if one[name] == query[name][0]]
        if query.get("scope") == ["finished"]:
            found = [one for one in found if one["status"] in ("success", "failed", "canceled")]
        return _json(200, found)

    @staticmethod
    def _one(listed: list[dict[str, Any]], number: int) -> Answer | None:
        found = [one for one in listed if one["id"] == number]
        return _json(200, found[0]) if found else None

    def _file(self, job: int, path: str) -> Answer | None:
        """As a server does that keeps artifacts in object storage: it leads there."""
        data = self.files.get((job, path))
        if data is None:
            return None
        place = f"/{job}/{Path(path).name}"
        self.store.bodies[place] = data
        return 302, {"Location": f"{self.store.base}{place}?X-Signature=abc"}, b""


def _json(status: int, document: object) -> Answer:
    return status, {}, json.dumps(document).encode()


@contextmanager
def store_serving() -> Iterator[Server]:
    """The store: another host than the API's."""
    store = Server("127.0.0.2")
    store.refuses = TOKEN_HEADERS
    with serving(store):
        yield store


@contextmanager
def gitlab_serving() -> Iterator[GitLabApi]:
    with ExitStack() as stack:
        store = stack.enter_context(store_serving())
        api = GitLabApi(store)
        stack.enter_context(serving(api))
        yield api
