"""An error of the machine names the probe that looks into it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from wrongarch import paths
from wrongarch.cli.errors import message
from wrongarch.doctor import explain, table
from wrongarch.emulators import store
from wrongarch.engines.containers import locate
from wrongarch.errors import MachineError, NetworkError, TestsFailed, UsageError, WrongarchError


def raised(action: Callable[[], object]) -> WrongarchError:
    with pytest.raises(WrongarchError) as caught:
        action()
    return caught.value


def full() -> None:
    with paths.translate_disk_errors(Path("/")):
        raise OSError(errno.ENOSPC, "full")


def test_every_place_has_a_probe_and_a_module() -> None:
    for module, probe in explain._PLACES.items():
        assert probe in table.NAMES
        if module != "wrongarch.forges":  # a room that may not be there
            assert find_spec(module) is not None


def test_disk() -> None:
    assert message(raised(full)).splitlines()[-1] == "look into it: wrongarch doctor --only disk"


@pytest.mark.parametrize("engine", ["docker", "podman"])
def test_daemons(engine: locate.Name, tmp_path: Path) -> None:
    env = {"XDG_RUNTIME_DIR": str(tmp_path), "DOCKER_CONFIG": str(tmp_path)}
    if next(locate.endpoints(engine, env), None) is not None:
        pytest.skip(f"{engine} has a socket on this machine")
    assert explain.probe_of(raised(lambda: locate.first(engine, env))) == engine


def test_the_innermost_place_counts() -> None:
    def unreachable(*_: object, **__: object) -> None:
        exec(  # noqa: S102  a frame of that module
            compile("raise error", "http", "exec"),
            {"__name__": "wrongarch.downloads.http", "error": NetworkError("no")},
        )

    error = raised(unreachable)
    assert explain.line(error) == "wrongarch doctor --only mirror"
    assert explain.probe_of(error) in table.NAMES


def test_a_host_without_emulators() -> None:
    error = raised(lambda: store.get("10.0", "arm", host="vax"))
    assert explain.probe_of(error) == "caches"


def test_other_errors_have_none() -> None:
    assert explain.line(UsageError("wrong")) == explain.line(TestsFailed("red")) == explain.line(ValueError()) == ""
    assert explain.line(MachineError("from nowhere")) == ""
    assert "look into it" not in message(UsageError("wrong"))
