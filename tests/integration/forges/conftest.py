from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.support.forges import TOKEN, GitHubApi, GitLabApi, gitlab_serving, store_serving
from tests.support.prism import description, github_serving
from tests.support.web import serving
from wrongarch import settings
from wrongarch.forges import github as github_module

VARIABLES = ("GH_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN", "GITLAB_HOST", "CI_JOB_TOKEN", "GH_HOST", "GITHUB_API_URL")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No token of the user's, and little patience."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.setattr(github_module, "_BACKOFF", 0.01)
    usual = settings.current()
    brisk = msgspec.structs.replace(
        usual.download, attempts=3, backoff_seconds=0.02, read_seconds=2.0, longest_wait_seconds=0.2
    )
    monkeypatch.setattr(settings, "current", lambda: msgspec.structs.replace(usual, download=brisk))


@pytest.fixture(scope="session")
def checked_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHubApi]:
    with github_serving(tmp_path_factory.mktemp("prism")) as api:
        yield api


@pytest.fixture
def checked(checked_api: GitHubApi, monkeypatch: pytest.MonkeyPatch) -> GitHubApi:
    """GitHub behind its own description, emptied."""
    for held in (checked_api.runs, checked_api.jobs, checked_api.artifacts, checked_api.asked, checked_api.store.seen):
        held.clear()
    checked_api.private = False
    monkeypatch.setenv("GITHUB_SERVER_URL", checked_api.public)
    monkeypatch.setenv("GITHUB_API_URL", checked_api.public)
    return checked_api


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubApi]:
    """GitHub without anything between, for faults on the way."""
    with store_serving() as store, serving(GitHubApi(store, description())) as api:
        assert isinstance(api, GitHubApi)
        monkeypatch.setenv("GITHUB_SERVER_URL", api.base)
        monkeypatch.setenv("GITHUB_API_URL", api.base)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield api


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitLabApi]:
    with gitlab_serving() as api:
        monkeypatch.setenv("GITLAB_HOST", api.base)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        yield api
