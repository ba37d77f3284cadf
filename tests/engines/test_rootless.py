"""podman as an ordinary user, who has subordinate ids and no rights besides."""

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
home, arch, version, sha256 = Path(sys.argv[1]), *sys.argv[2:]
arch = find_arch(arch)
emulator = Emulator(version=version, release="", target=arch.qemu, sha256=sha256, path=home / f"qemu-{arch.qemu}")
out = home / "out"
out.mkdir()
mounts = (Mount(source=out, target="/out", writable=True),)
spec = SessionSpec(arch=arch, root=home / "root", emulator=emulator, mounts=mounts, limits=Limits(pids=200))
with find("podman").open(spec) as session:
    outcome = session.run(Command(argv=("sh", "-c", "id -u; touch /out/a; chown 33:44 /out/a; exit 5")))
print(outcome.exit_code, outcome.interpreter, outcome.stdout.decode().strip())
print([(path.name, path.stat().st_uid == os.getuid()) for path in out.iterdir()])
"""


@contextlib.contextmanager
def service_of(user: User) -> Iterator[Path]:
    """podman's service as that user; its socket."""
    folder = user.home / "podman"
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
    argv = ["setpriv", *ids, "podman", "system", "service", "--time=0", f"unix://{folder}/s"]
    service = Service(argv, folder, env)
    try:
        service.await_socket(folder / "s")
        yield folder / "s"
    finally:
        service.stop()
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
            os.kill(int((folder / "run/libpod/tmp/pause.pid").read_text()), signal.SIGKILL)


def test_podman_of_an_ordinary_user(users: Callable[[str], User], foreign: SessionSpec) -> None:
    need("podman", "newuidmap")
    somebody = users("subordinate")
    home = somebody.home / "session"
    home.mkdir()
    assert foreign.emulator is not None
    shutil.copytree(foreign.root, home / "root", symlinks=True)
    shutil.copy(foreign.emulator.path, home / foreign.emulator.path.name)
    for path in (home, *home.rglob("*")):
        os.chown(path, somebody.uid, somebody.gid, follow_symlinks=False)
    with service_of(somebody) as socket:
        words = [str(home), foreign.arch.name, foreign.emulator.version, foreign.emulator.sha256]
        # what this user's Python sees of wrongarch is not where the daemon could see it, so it is copied
        said = somebody.python("-c", SESSION, *words, env={"CONTAINER_HOST": f"unix://{socket}"}, timeout=300)
    assert said == "5 pinned 0\n[('a', True)]\n"


def test_it_is_podman_that_is_missing(users: Callable[[str], User], tmp_path: Path) -> None:
    code = "from wrongarch.engines.find import find; find('podman')"
    with pytest.raises(AssertionError, match="no podman daemon listens"):
        users("subordinate").python("-c", code, env={"XDG_RUNTIME_DIR": str(tmp_path)})
