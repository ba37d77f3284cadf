"""Real daemons for the tests of engines. In CI a missing one fails, elsewhere its tests are skipped with the reason."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.integration.conftest import cache, pinned, requires_namespaces  # noqa: F401  fixtures
from tests.support.busybox import busybox
from tests.support.daemons import Docker, Podman, Registry, folder_for
from tests.support.users import users  # noqa: F401  a fixture
from wrongarch.arches.lookup import find as find_arch
from wrongarch.arches.lookup import host_arch, runs_natively
from wrongarch.arches.model import Arch
from wrongarch.emulators import pins, store
from wrongarch.engines.base import Engine, Session, SessionSpec
from wrongarch.engines.containers.api import Daemon
from wrongarch.engines.containers.locate import Endpoint
from wrongarch.engines.containers.payload import Python, python_for
from wrongarch.engines.find import find
from wrongarch.namespaces import ids as id_maps

ENGINES = ("sandbox", "docker", "podman")
_Daemon = TypeVar("_Daemon", Docker, Podman)
APPLETS = "cat chown dd false head id kill ls mkdir readlink seq sh sleep stat stty tail touch tr true tty uname wc yes"


def need(*programs: str) -> None:
    """Skip the test without these programs, or without being root; in CI it fails."""
    missing = [program for program in programs if not shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")]
    reason = f"not installed: {', '.join(missing)}" if missing else ""
    if os.geteuid() != 0:
        reason = "only root can start daemons of its own"
    if reason:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{reason} (see .ci/setup-debian.sh)")


@pytest.fixture(scope="session")
def environment() -> Iterator[pytest.MonkeyPatch]:
    """The environment of all tests here: whatever daemons this machine has, they are not for tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_HOST", "WRONGARCH_REGISTRATION", "WRONGARCH_ENGINE"):
            patch.delenv(name, raising=False)
        yield patch


def told(daemon: _Daemon, environment: pytest.MonkeyPatch) -> Iterator[_Daemon]:
    """Tell the environment where the daemon is, and stop it in the end."""
    try:
        for name, value in daemon.env.items():
            environment.setenv(name, value)
        yield daemon
    finally:
        daemon.stop()


@pytest.fixture(scope="session")
def docker(environment: pytest.MonkeyPatch) -> Iterator[Docker]:
    need("dockerd", "runc")
    with folder_for("docker") as folder:
        yield from told(Docker(folder), environment)


@pytest.fixture(scope="session")
def podman(environment: pytest.MonkeyPatch) -> Iterator[Podman]:
    need("podman", "runc")
    with folder_for("podman") as folder:
        yield from told(Podman(folder), environment)


@pytest.fixture(scope="session")
def registry(environment: pytest.MonkeyPatch) -> Iterator[Registry]:
    need("docker-registry")
    with folder_for("registry") as folder:
        service = Registry(folder)
        yield service
        service.stop()


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, environment: pytest.MonkeyPatch, requires_namespaces: None) -> Engine:
    """Each engine in turn."""
    if request.param != "sandbox":
        request.getfixturevalue(request.param)
    return find(request.param)


@pytest.fixture(scope="session", params=["docker", "podman"])
def contained(request: pytest.FixtureRequest) -> Engine:
    """Each engine with a daemon."""
    request.getfixturevalue(request.param)
    return find(request.param)


@pytest.fixture(params=["docker", "podman"])
def daemon(request: pytest.FixtureRequest) -> Iterator[Daemon]:
    """A connection to each daemon in turn."""
    service = request.getfixturevalue(request.param)
    opened = Daemon(Endpoint(engine=request.param, url=f"unix://{service.socket}"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def python() -> Python:
    """What containers on this machine run the agent with."""
    return python_for(host_arch())


def make_root(folder: Path, arch: Arch) -> Path:
    """A root of a few links to Debian's busybox for an arch."""
    for name in ("bin", "etc", "root", "run", "tmp"):
        (folder / name).mkdir(parents=True)
    shutil.copy(busybox(arch.debian, arch.suites[0]), folder / "bin/busybox")
    for name in APPLETS.split():
        (folder / "bin" / name).symlink_to("busybox")
    id_maps.give(folder, id_maps.choose().owner)
    return folder


@pytest.fixture(scope="session")
def specs(cache: Path, pinned: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], SessionSpec]:
    """Gives the spec of a session with a busybox of an arch, emulated unless it is this machine's own."""
    made: dict[str, SessionSpec] = {}

    def spec(name: str) -> SessionSpec:
        if name not in made:
            arch = find_arch(name)
            root = make_root(tmp_path_factory.mktemp("roots") / name, arch)
            emulated = not runs_natively(arch, host_arch()) or name != host_arch().name
            emulator = store.get(pins.load().default, arch.qemu) if emulated else None
            made[name] = SessionSpec(arch=arch, root=root, emulator=emulator, cpu=arch.cpu if emulated else None)
        return made[name]

    return spec


@pytest.fixture(scope="session")
def foreign(specs: Callable[[str], SessionSpec]) -> SessionSpec:
    """A small root of another arch than this machine's."""
    return specs("arm" if host_arch().name != "arm" else "s390x")


@pytest.fixture(scope="module")
def session(engine: Engine, foreign: SessionSpec) -> Iterator[Session]:
    """One session of each engine, for the tests that leave it as it was."""
    with engine.open(foreign) as opened:
        yield opened
