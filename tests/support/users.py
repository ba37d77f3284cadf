"""Users of this machine, for tests of what they can do. Only root can be somebody else."""

from __future__ import annotations

import functools
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

import wrongarch
from wrongarch.arches.lookup import host_arch
from wrongarch.debian import pool
from wrongarch.images import lock, toolbox
from wrongarch.namespaces import ids as id_maps

STRANGER = 54321  # a user id without a name and without subordinate ids

# In a mount namespace of its own, what the tests run on is shown at places that everybody may read.
_SHOW = """
set -e
cd "$1"; shift
for name in python site src; do mount --bind "$(readlink from-$name)" $name; done
exec "$@"
"""

_ROOM = """
import json, sys
from tests_rooms import room
from wrongarch.images import toolbox
from wrongarch.namespaces import ids
from wrongarch.namespaces.plan import Plan, PlanMount
plan, scripts = json.loads(sys.argv[1])
mounts = tuple(PlanMount(**mount) for mount in plan.pop("mounts", ()))
chosen = ids.choose()
with room(Plan(root=toolbox.ensure(), mounts=mounts, **plan)) as opened:
    ran = [opened.shell(script) for script in scripts]
print(json.dumps({"kind": chosen.kind, "owner": chosen.owner, "users": chosen.users,
                  "codes": [one.ending.exit_code for one in ran], "out": [one.out.decode() for one in ran]}))
"""


class User:
    """Somebody with a home, a cache that holds the packages of the toolbox, and a Python that has wrongarch."""

    def __init__(self, home: Path, uid: int, gid: int, cache: Path) -> None:
        self.home, self.uid, self.gid, self.cache = home, uid, gid, cache
        self.env: dict[str, str] = {}

    def popen(self, *argv: str, env: dict[str, str] | None = None, **options: Any) -> subprocess.Popen[bytes]:
        """Start Python with these arguments, as this user, in a process of which we know the number."""
        given = {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(self.home),
            "WRONGARCH_CACHE": str(self.cache),
            "WRONGARCH_CONFIG": str(self.home / "config"),
            "LANG": "C.UTF-8",
        }
        if os.geteuid() != 0:
            line = [sys.executable, *argv]
            given["PYTHONPATH"] = os.pathsep.join([str(self.home / "tests"), *sys.path])
        else:
            python = self.home / "python/bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
            as_user = ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"] if self.uid else []
            line = ["unshare", "--mount", "sh", "-c", _SHOW, "sh", str(self.home), *as_user, str(python), *argv]
            given["PYTHONPATH"] = os.pathsep.join(str(self.home / name) for name in ("tests", "src", "site"))
            given["LD_LIBRARY_PATH"] = str(self.home / "python/lib")
        return subprocess.Popen(line, env={**given, **self.env, **(env or {})}, **options)

    def lend(self, files: dict[str, Path]) -> None:
        """Put downloaded files, by their hashes, into this user's cache: they need not be downloaded again."""
        for digest, file in files.items():
            place = self.cache / file.relative_to(pool.cached_path(digest).parent.parent.parent)
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, place)
        _give(self.cache / "downloads", self.uid, self.gid)

    def python(self, *argv: str, env: dict[str, str] | None = None, timeout: float = 120) -> str:
        """What Python prints with these arguments; it has to work."""
        with self.popen(*argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            except BaseException:
                process.kill()
                raise
        assert process.returncode == 0, err.decode()
        return out.decode()

    def room(self, *scripts: str, env: dict[str, str] | None = None, **plan: Any) -> dict[str, Any]:
        """Run shell scripts in a private root of this user's; how they ended and what they printed."""
        found: dict[str, Any] = json.loads(self.python("-c", _ROOM, json.dumps([plan, scripts]), env=env))
        return found


@contextmanager
def user(uid: int, gid: int, *, cache: Path | None = None) -> Iterator[User]:
    """The user `uid`, who need not have a name. `cache`: instead of one of their own with the toolbox's packages."""
    home = Path(tempfile.mkdtemp(prefix="wrongarch-user-", dir="/var/tmp"))
    try:
        home.chmod(0o755)
        for name, place in (
            ("python", Path(sys.base_prefix)),
            ("site", Path(msgspec.__file__).parent.parent),
            ("src", Path(wrongarch.__file__).parent.parent),
        ):
            (home / name).mkdir()
            (home / f"from-{name}").symlink_to(place)
        (home / "tests").mkdir()
        shutil.copy(Path(__file__).with_name("rooms.py"), home / "tests/tests_rooms.py")
        (home / "config").mkdir(mode=0o700)
        if cache is None:
            (home / "cache").mkdir(mode=0o700)
        for folder in (home / "cache", home / "config"):
            _give(folder, uid, gid)
        made = User(home, uid, gid, cache or home / "cache")
        if cache is None:
            wanted = lock.read(toolbox.locks_folder() / "toolbox" / f"{host_arch().name}.json")
            made.lend(pool.fetch_pool(wanted.packages, taken=wanted.taken))
        yield made
    finally:
        subprocess.run(["rm", "-rf", home], check=True)  # thousands of files, faster than in Python


def _give(folder: Path, uid: int, gid: int) -> None:
    if os.geteuid() == 0 and folder.exists():
        for path in (folder, *folder.rglob("*")):
            os.lchown(path, uid, gid)


@contextmanager
def named_user() -> Iterator[tuple[int, int]]:
    """A new user of this machine with subordinate ids, removed again; the user and group id. Needs root."""
    name = f"wrongarch-{secrets.token_hex(4)}"
    run: Callable[..., object] = lambda *argv: subprocess.run(argv, check=True, capture_output=True)  # noqa: E731
    run("useradd", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name)
    try:
        for flag, file in (("--add-subuids", "/etc/subuid"), ("--add-subgids", "/etc/subgid")):
            if f"{name}:" not in Path(file).read_text():
                run("usermod", flag, "300000000-300065535", name)
        uid, gid = (int(subprocess.run(["id", f, name], check=True, capture_output=True).stdout) for f in ("-u", "-g"))
        yield uid, gid
    finally:
        run("userdel", name)


KINDS = ("range", "subordinate", "single", "root alone")
"""Who runs wrongarch: root; a user with newuidmap; one without; root where it may not map a range of ids."""


@pytest.fixture(scope="session")
def users(cache: Path, requires_namespaces: None) -> Iterator[Callable[[str], User]]:
    """Gives the user of a kind, the same one for all tests of a session. Skips what only root can try."""
    root = os.geteuid() == 0
    with ExitStack() as stack:

        @functools.cache
        def somebody(who: str) -> User:
            if who == "self":
                return stack.enter_context(user(os.geteuid(), os.getegid(), cache=cache))
            ids = stack.enter_context(named_user())
            return stack.enter_context(user(*ids))

        def find(kind: str) -> User:
            if kind in ("range", "root alone") and not root:
                pytest.skip("only root can be root")
            if kind == "subordinate" and root and not shutil.which("newuidmap"):
                (pytest.fail if os.environ.get("CI") else pytest.skip)("newuidmap is not installed: package uidmap")
            if kind == "subordinate" and not root and id_maps.choose().kind != kind:
                pytest.skip("this user has no subordinate ids")
            found = somebody("self" if kind in ("range", "root alone") or not root else "named")
            found.env = {"WRONGARCH_IDS": "single"} if kind in ("single", "root alone") else {}
            return found

        yield find
