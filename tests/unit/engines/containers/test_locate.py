"""Where daemons are looked for, and what is said where none answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wrongarch.arches.model import Platform
from wrongarch.engines import find as finding
from wrongarch.engines.containers import images, locate, payload
from wrongarch.engines.containers.locate import Endpoint
from wrongarch.errors import UsageError


def test_what_the_user_chose_is_all_there_is(tmp_path: Path) -> None:
    found = list(locate.endpoints("docker", {"DOCKER_HOST": "tcp://host:1", "DOCKER_CONTEXT": "x"}))
    assert found == [Endpoint(engine="docker", url="tcp://host:1", chosen=True)]
    assert found[0].socket is None
    (podman,) = locate.endpoints("podman", {"CONTAINER_HOST": "unix:///a/b"})
    assert podman.socket == Path("/a/b")
    (context,) = locate.endpoints("docker", {"DOCKER_CONTEXT": "far"})
    assert (context.context, context.chosen) == ("far", True)
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "near"}))
    (configured,) = locate.endpoints("docker", {"DOCKER_CONFIG": str(tmp_path)})
    assert configured.context == "near"


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"currentContext": "default"}', '{"currentContext": 7}', '{"a":' + "[" * 5000]
)
def test_no_context(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    env = {"DOCKER_CONFIG": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    assert all(not endpoint.context for endpoint in locate.endpoints("docker", env))


def test_usual_sockets(tmp_path: Path) -> None:
    (tmp_path / "podman").mkdir()
    (tmp_path / "podman/podman.sock").touch()
    env = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert f"unix://{tmp_path}/podman/podman.sock" in [one.url for one in locate.endpoints("podman", env)]


def test_unknown_engines() -> None:
    with pytest.raises(UsageError, match="there is no engine 'lxc'"):
        finding.find("lxc")


def test_platforms_that_are_the_same() -> None:
    arm64 = Platform(architecture="arm64")
    assert images.same_platform(arm64, Platform(architecture="arm64", variant="v8"))
    assert not images.same_platform(
        Platform(architecture="arm", variant="v5"), Platform(architecture="arm", variant="v7")
    )


def test_names_of_images_follow_their_content() -> None:
    arm = Platform(architecture="arm", variant="v7")
    one = images.reference("x", ("sha256:1",), arm)
    assert one == images.reference("x", ("sha256:1",), arm)
    assert (
        one
        != images.reference("x", ("sha256:2",), arm)
        != images.reference("x", ("sha256:2",), Platform(architecture="arm"))
    )


@pytest.mark.parametrize(
    ("words", "name"), [("amd64", "amd64"), ("arm64", "arm64"), ("386", "i386"), ("mipsle", "mips")]
)
def test_what_daemons_call_their_machine(words: str, name: str) -> None:
    assert payload.arch_of(words).name == name
