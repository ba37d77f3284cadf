"""Names of images in registries."""

from __future__ import annotations

import pytest

from wrongarch.downloads.registry import Reference, parse
from wrongarch.errors import UsageError

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("localhost:5000/a/b:c", "localhost:5000", "a/b", "c", ""),
        ("localhost/a", "localhost", "a", "latest", ""),
        ("registry.example/team/x", "registry.example", "team/x", "latest", ""),
        (f"registry.example/x@{DIGEST}", "registry.example", "x", "latest", DIGEST),
        ("debian", "docker.io", "library/debian", "latest", ""),
        ("team/x:1.2-3", "docker.io", "team/x", "1.2-3", ""),
    ],
)
def test_references(text: str, registry: str, repository: str, tag: str, digest: str) -> None:
    found = parse(text)
    assert found == Reference(registry=registry, repository=repository, tag=tag, digest=digest)
    assert found.what == (digest or tag)


@pytest.mark.parametrize("text", ["", "UPPER/case", "a b", "x@sha256:12", "localhost:5000/", "http://x/y:z"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)


def test_as_people_write_it() -> None:
    assert parse("localhost/a:b").text() == "localhost/a:b"
    assert parse("localhost/a:b").text(DIGEST) == f"localhost/a@{DIGEST}"
    assert parse(f"localhost/a@{DIGEST}").text() == f"localhost/a@{DIGEST}"
