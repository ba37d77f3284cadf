from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.web import BODY, SHA, Server, serving
from wrongarch.settings import Download


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def body() -> bytes:
    return BODY


@pytest.fixture
def sha() -> str:
    return SHA


@pytest.fixture
def policy() -> Download:
    return Download(
        attempts=3, jobs=4, connect_seconds=2, read_seconds=0.5, backoff_seconds=0.02, longest_wait_seconds=0.3
    )


@pytest.fixture
def requests_of(server: Server) -> Callable[[str], list[str | None]]:
    return lambda path: [wanted for seen, wanted in server.seen if seen == path]
