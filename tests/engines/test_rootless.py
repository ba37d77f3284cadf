"""docker and podman as an ordinary user, who has subordinate ids and no rights besides."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engines.conftest import need
from tests.support.daemons import CONTAINERS_CONF, Service
from tests.support.users import User
from wrongarch.engines.base import SessionSpec

SESSION = """
import os, sys
from pathlib import Path
from wrongarch.arches.lookup import find as find_arch
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Command, Limits, Mount, SessionSpec
from wrongarch.engines.find import find
engine, home, arch, version, sha256 = sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]
arch = find_arch(arch)
emulator = Emulator(version=version, release="", target=arch.qemu, sha256=sha256, path=home / f"qemu-{arch.qemu}")
out = home / "out"
out.mkdir()
mounts = (Mount(source=out, target="/out", writable=True),)
spec = SessionSpec(arch=arch, root=home / "root", emulator=emulator, mounts=mounts, limits=Limits(pids=200))
with find(engine).open(spec) as session:
    outcome = session.run(Command(argv=("sh", "-c", "id -u; touch /out/a; chown 33:44 /out/a; exit 5")))
print(outcome.exit_code, outcome.interpreter, outcome.stdout.decode().strip())
print([(path.name, path.stat().st_uid == os.getuid()) for path in out.iterdir()])
"""


# what dockerd-rootless.sh of Docker does; without a network of its own, which containers of tests do not have anyway
DOCKERD = """\
rm -rf /run/docker /run/containerd /run/xtables.lock
exec dockerd --rootless --host=unix://"$HOME"/s --data-root="$HOME"/data --exec-root="$XDG_RUNTIME_DIR"/exec \
    --pidfile="$HOME"/pid --bridge=none --iptables=false --ip6tables=false --userland-proxy=false
"""
SERVICES = {
    "docker": ("rootlesskit", "--net=host", "--copy-up=/etc", "--copy-up=/run", "sh", "-c", DOCKERD),
    "podman": ("podman", "system", "service", "--time=0", "unix://{folder}/s"),
}
HOSTS = {"docker": "DOCKER_HOST", "podman": "CONTAINER_HOST"}


@contextlib.contextmanager
def service_of(user: User, engine: str) -> Iterator[Path]:
    """The engine's service as that user; its socket."""
    folder = user.home / engine
    for path in (folder, folder / "run"):
        path.mkdir(mode=0o700)
    (folder / "containers.conf").write_text(CONTAINERS_CONF)
    for path in (folder, folder / "run", folder / "containers.conf"):
        os.chown(path, user.uid, user.gid)
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "CONTAINERS_CONF": str(folder / "containers.conf"),
    }
    ids = [f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups"]
    words = [word.replace("{folder}", str(folder)) for word in SERVICES[engine]]
    service = Service(["setpriv", *ids, *words], folder, env)
    try:
        service.await_socket(folder / "s")
        yield folder / "s"
    finally:
        service.stop()
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
            os.kill(int((folder / "run/libpod/tmp/pause.pid").read_text()), signal.SIGKILL)


@pytest.mark.parametrize("engine", ["docker", "podman"])
def test_the_engine_of_an_ordinary_user(engine: str, users: Callable[[str], User], foreign: SessionSpec) -> None:
    need("newuidmap", "runc", *(("dockerd", "rootlesskit") if engine == "docker" else ("podman",)))
    somebody = users("subordinate")
    home = somebody.home / f"{engine}-session"
    home.mkdir()
    assert foreign.emulator is not None
    shutil.copytree(foreign.root, home / "root", symlinks=True)
    shutil.copy(foreign.emulator.path, home / foreign.emulator.path.name)
    for path in (home, *home.rglob("*")):
        os.chown(path, somebody.uid, somebody.gid, follow_symlinks=False)
    with service_of(somebody, engine) as socket:
        words = [engine, str(home), foreign.arch.name, foreign.emulator.version, foreign.emulator.sha256]
        # what this user's Python sees of wrongarch is not where the daemon could see it, so it is copied
        said = somebody.python("-c", SESSION, *words, env={HOSTS[engine]: f"unix://{socket}"}, timeout=300)
    assert said == "5 pinned 0\n[('a', True)]\n"


def test_it_is_podman_that_is_missing(users: Callable[[str], User], tmp_path: Path) -> None:
    code = "from wrongarch.engines.find import find; find('podman')"
    with pytest.raises(AssertionError, match="no podman daemon listens"):
        users("subordinate").python("-c", code, env={"XDG_RUNTIME_DIR": str(tmp_path)})
