"""A registry that fails for a while: what it refuses for now is asked again, with pauses, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec
import pytest

from tests.support.web import Server, serving
from wrongarch import settings
from wrongarch.downloads import registry
from wrongarch.errors import NetworkError

MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []})
PATH = "/v2/team/roots/manifests/1"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    quick = msgspec.structs.replace(settings.current().download, attempts=3, backoff_seconds=0.01)
    short = msgspec.structs.replace(settings.current(), download=quick)
    monkeypatch.setattr(settings, "current", lambda: short)
    with serving(Server()) as there:
        there.bodies = {"/v2/": b"{}", PATH: MANIFEST.encode()}
        yield there


def find(server: Server) -> registry.Manifest | None:
    where = registry.parse(f"{server.base.removeprefix('http://')}/team/roots:1")
    return registry.Repository(where, lambda _where: None).find_manifest(where.tag)


@pytest.mark.parametrize("words", [("status:502", "ok"), ("status:429", "status:503", "ok"), ("reset", "ok")])
def test_trouble_is_waited_out(server: Server, words: tuple[str, ...]) -> None:
    server.script[PATH] = list(words)
    found = find(server)
    assert found is not None
    assert found.data == MANIFEST.encode()
    assert sum(path == PATH for path, _ in server.seen) == len(words)


@pytest.mark.parametrize(
    ("word", "said", "times"),
    [("status:502", "HTTP 502", 3), ("status:403", "refused to", 1), ("reset", "could not", 3)],
)
def test_trouble_that_stays_is_told(server: Server, word: str, said: str, times: int) -> None:
    server.script[PATH] = [word]
    with pytest.raises(NetworkError, match=said):
        find(server)
    assert sum(path == PATH for path, _ in server.seen) == times


def test_what_is_not_there_is_no_trouble(server: Server) -> None:
    server.script[PATH] = ["status:404"]
    assert find(server) is None
