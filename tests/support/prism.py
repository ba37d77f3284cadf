"""A proxy that lets nothing through that GitHub's published API description does not have: @stoplight/prism-cli."""

from __future__ import annotations

import functools
import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.support.forges import GitHubApi, store_serving
from tests.support.node import node, program
from tests.support.web import Handler, Server, serving

PATHS = (
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/actions/runs",
    "/repos/{owner}/{repo}/actions/runs/{run_id}",
    "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
    "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
    "/repos/{owner}/{repo}/actions/jobs/{job_id}",
    "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}",
    "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/commits/{ref}",
)


@functools.cache
def description() -> dict[str, Any]:
    """The part of GitHub's description that is about what we ask for; the whole takes prism half a minute to read."""
    whole = json.loads(program("@octokit/openapi/generated/api.github.com.json").read_bytes())
    part: dict[str, Any] = {
        "openapi": whole["openapi"],
        "info": whole["info"],
        "paths": {path: {"get": whole["paths"][path]["get"]} for path in PATHS},
        "components": {},
    }
    _follow(part["paths"], whole, part, set())
    return part


def _follow(node_: Any, whole: dict[str, Any], part: dict[str, Any], seen: set[str]) -> None:
    if isinstance(node_, list):
        for one in node_:
            _follow(one, whole, part, seen)
    if not isinstance(node_, dict):
        return
    reference = node_.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        seen.add(reference)
        _, _, kind, name = reference.split("/")
        found = whole["components"][kind][name]
        part["components"].setdefault(kind, {})[name] = found
        _follow(found, whole, part, seen)
    for one in node_.values():
        _follow(one, whole, part, seen)


class Front(Server):
    """What clients talk to: hands everything to prism, and makes a redirect of what it let through as one.

    prism would follow a redirect itself, and then the client would never see the trap behind it.
    """

    def __init__(self) -> None:
        super().__init__(handler=FrontHandler)
        self.behind = ""


class FrontHandler(Handler):
    server: Front

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server looks for
        behind = http.client.HTTPConnection(self.server.behind.removeprefix("http://"), timeout=30)
        behind.request("GET", self.path, headers=dict(self.headers.items()))
        answer = behind.getresponse()
        body = answer.read()
        behind.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection", "date", "server"):
                self.send_header("Location" if name.lower() == "x-leads-to" else name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def github_serving(folder: Path) -> Iterator[GitHubApi]:
    """GitHub's API with every request and every answer checked by its description; `public` is its address."""
    described = description()
    (folder / "github.json").write_text(json.dumps(described))
    with ExitStack() as stack:
        api = GitHubApi(stack.enter_context(store_serving()), described)
        api.leads = "X-Leads-To"
        stack.enter_context(serving(api))
        front = Front()
        front.behind = stack.enter_context(prism(folder / "github.json", api.base, folder / "prism.log"))
        stack.enter_context(serving(front))
        api.public = front.base
        yield api


@contextmanager
def prism(file: Path, upstream: str, log: Path) -> Iterator[str]:
    """The address of a proxy to `upstream` that answers what breaks the description with an error."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["proxy", "--errors", "--port", str(port), str(file), upstream]
    with log.open("wb") as out:
        child = subprocess.Popen(
            [str(node()), str(program("@stoplight/prism-cli/dist/index.js")), *words], stdout=out, stderr=out
        )
    try:
        _wait(port, child, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(10)


def _wait(port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"prism does not answer: {log.read_text()[-2000:]}")
