"""Probes of the host that try for real, on this machine and with real faults planted around them."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.rooms import unshared
from tests.support.users import User
from wrongarch import paths, settings
from wrongarch.cli import main
from wrongarch.doctor import daemons, kernel, network, resources
from wrongarch.doctor.model import Machine
from wrongarch.namespaces import ids as id_maps

_ONE = """
import json, os, sys
from pathlib import Path
from wrongarch.doctor import table
from wrongarch.doctor.model import Machine
folder = Path(sys.argv[2])
found = list(table.examine(Machine(cache=folder, project=folder), [sys.argv[1]]))[0]
print(json.dumps([found.status, found.words, found.fix]))
"""


def examined(*argv: str, script: str = 'exec "$@"', unshare: tuple[str, ...] = ("-m",)) -> list[str]:
    """(status, words, fix) of one probe, in namespaces of its own after a script that plants a fault."""
    return json.loads(unshared(*unshare, script=script)("-c", _ONE, *argv))  # type: ignore[no-any-return]


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount and lower limits of others")


def registered() -> list[str]:
    return sorted(path.name for path in Path("/proc/sys/fs/binfmt_misc").iterdir())


def test_namespaces(requires_namespaces: None, tmp_path: Path) -> None:
    before = registered()
    found = kernel.private_root(Machine())
    assert found.status == "pass", found
    assert registered() == before


def test_no_namespace_may_be_made(requires_namespaces: None, tmp_path: Path) -> None:
    """The limit of the namespace that we are in counts for those that are made in it (namespaces(7))."""
    plant = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"'
    status, words, fix = examined("namespaces", str(tmp_path), script=plant, unshare=("-Urm",))
    assert (status, "user namespace" in words) == ("fail", True)
    assert fix == "allow user namespaces: sudo sysctl -w user.max_user_namespaces=10000"
    status, _, fix = examined("user-namespaces", str(tmp_path), script=plant, unshare=("-Urm",))
    assert (status, fix) == ("fail", "sudo sysctl -w user.max_user_namespaces=10000")


def test_address_space(tmp_path: Path) -> None:
    assert kernel.address_space(Machine()).status == "pass"
    status, words, fix = limited("address-space", tmp_path, "ulimit -v 3000000")
    assert (status, "0xffff0000" in words, fix) == ("fail", True, "ulimit -v unlimited")


def test_low_addresses(tmp_path: Path) -> None:
    setting = tmp_path / "proc/sys/vm/mmap_min_addr"
    setting.parent.mkdir(parents=True)
    for value, status in (("65536", "pass"), ("1048576", "warn")):
        setting.write_text(value)
        assert kernel.address_space(Machine(root=tmp_path)).status == status


def test_a_registration_that_is_seen_outside(requires_namespaces: None, tmp_path: Path) -> None:
    with kernel._empty(id_maps.choose()) as root:
        name = kernel._plan(root).records[0].name
    outside = tmp_path / "proc/sys/fs/binfmt_misc" / name
    outside.parent.mkdir(parents=True)
    outside.touch()
    assert kernel.private_root(Machine(root=tmp_path)).status == "fail"
    assert not list((paths.cache_dir() / "doctor").glob("root.tmp-*"))


def test_stack_limit(tmp_path: Path) -> None:
    assert limited("stack-limit", tmp_path, "ulimit -s 8192")[0] == "pass"
    status, words, fix = limited("stack-limit", tmp_path, "ulimit -Ss 1024")
    assert (status, "1024 KiB" in words, fix) == ("fail", True, "ulimit -s 8192")


def limited(probe: str, folder: Path, limit: str) -> list[str]:
    """One probe in a process with a limit of its own."""
    line = ["sh", "-c", f'{limit} && exec "$@"', "sh", sys.executable, "-c", _ONE, probe, str(folder)]
    done = subprocess.run(line, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_disk(requires_namespaces: None, tmp_path: Path) -> None:
    small = f'mount -t tmpfs -o size=8m none {tmp_path} && cd / && exec "$@"'
    status, words, fix = examined("disk", str(tmp_path), script=small, unshare=("-Urm",))
    assert (status, str(tmp_path) in words, "WRONGARCH_CACHE" in fix) == ("fail", True, True)
    few = f'mount -t tmpfs -o size=9g,nr_inodes=5000 none {tmp_path} && cd / && exec "$@"'
    assert examined("disk", str(tmp_path), script=few, unshare=("-Urm",))[0] == "warn"
    large = f'mount -t tmpfs -o size=9g,nr_inodes=900000 none {tmp_path} && cd / && exec "$@"'
    assert examined("disk", str(tmp_path), script=large, unshare=("-Urm",))[0] == "pass"


@contextmanager
def answering(path: Path, answer: bytes = b"HTTP/1.0 200 OK\r\n\r\nOK") -> Iterator[None]:
    """Something that listens and answers each call once."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    client.recv(1000)
                    client.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(("probe", "variable"), [(daemons.docker, "DOCKER_HOST"), (daemons.podman, "CONTAINER_HOST")])
def test_daemons(probe: Any, variable: str, tmp_path: Path) -> None:
    place = tmp_path / "socket"
    machine = Machine(env={variable: f"unix://{place}", "HOME": str(tmp_path)})
    found = probe(machine)
    assert (found.status, variable in found.words) == ("fail", True)  # nobody is there
    with answering(place):
        assert probe(machine).status == "pass"
    place.unlink()
    with answering(place, b"HTTP/1.0 500 Broken\r\n\r\n"):
        assert "500" in probe(machine).words


def test_a_daemon_that_left_its_socket(tmp_path: Path) -> None:
    place = tmp_path / "podman" / "podman.sock"
    place.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(place))
    found = daemons.podman(Machine(env={"XDG_RUNTIME_DIR": str(tmp_path)}))
    assert found.status == "warn", found
    assert "systemctl --user start podman.socket" in found.fix


_DENIED = """
import json, os, sys
from wrongarch.doctor import daemons
from wrongarch.doctor.model import Machine
os.setgroups([]); os.setresgid(54321, 54321, 54321); os.setresuid(54321, 54321, 54321)
found = daemons.docker(Machine(env={"DOCKER_HOST": "unix://" + sys.argv[1]}))
print(json.dumps([found.status, found.words, found.fix]))
"""


@needs_root
def test_no_right_to_a_socket(tmp_path: Path) -> None:
    place = Path(f"/tmp/wrongarch-{os.getpid()}.sock")
    with answering(place):
        place.chmod(0o600)
        done = subprocess.run([sys.executable, "-c", _DENIED, str(place)], check=True, capture_output=True, timeout=60)
    place.unlink()
    status, words, fix = json.loads(done.stdout)
    assert (status, "no right" in words, "usermod -aG docker" in fix) == ("fail", True, True)


def test_rate_limit(tmp_path: Path) -> None:
    place = tmp_path / "socket"
    env = {"DOCKER_HOST": f"unix://{place}", "HOME": str(tmp_path), "CONTAINER_HOST": f"unix://{tmp_path}/none"}
    machine = Machine(env=env)
    assert daemons.rate_limit(machine).status == daemons.cached_platforms(machine).status == "skip"
    config = tmp_path / ".docker" / "config.json"
    config.parent.mkdir()
    with answering(place):
        assert daemons.rate_limit(machine).status == "warn"
        for text, status in (
            ('{"auths": {"https://index.docker.io/v1/": {"auth": "eA=="}}}', "pass"),
            ('{"credsStore": "pass"}', "pass"),
            ('{"auths": {"ghcr.io": {}}}', "warn"),
            ("[", "warn"),
        ):
            config.write_text(text)
            assert daemons.rate_limit(machine).status == status


@pytest.fixture
def mirror_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def use(address: str) -> None:
        monkeypatch.setenv(settings.MIRROR_VARIABLE, address)
        settings.current.cache_clear()

    yield use
    monkeypatch.undo()
    settings.current.cache_clear()


def test_mirror(mirror_at: Any, tmp_path: Path) -> None:
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer  # noqa: PLC0415

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(tmp_path))

        def log_message(self, *_: Any) -> None:
            pass

    index = tmp_path / "debian/dists/bookworm/InRelease"
    index.parent.mkdir(parents=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        mirror_at(f"http://127.0.0.1:{server.server_port}/debian")
        index.write_text("-----BEGIN PGP SIGNED MESSAGE-----\nOrigin: Debian\n")
        assert network.mirror(Machine()).status == "pass"
        index.write_text("<html>Please log in</html>")
        found = network.mirror(Machine())
        assert (found.status, "log-in page" in found.words) == ("fail", True)
        server.shutdown()
    found = network.mirror(Machine())
    assert (found.status, settings.MIRROR_VARIABLE in found.fix) == ("fail", True)


def test_this_machine_has_room(cache: Path) -> None:
    assert resources.disk(Machine(cache=cache)).status in ("pass", "warn")
    assert resource.getrlimit(resource.RLIMIT_STACK)


def test_the_command(capfd: pytest.CaptureFixture[str], requires_namespaces: None) -> None:
    assert main(["doctor", "--only", "kernel", "--only", "namespaces"]) == 0
    out = capfd.readouterr().out
    assert "pass  kernel" in out
    assert "2 fine" in out
    assert main(["doctor", "--only", "kernel", "--json"]) == 0
    [one] = json.loads(capfd.readouterr().out)
    assert (one["probe"], one["status"], one["arch"]) == ("kernel", "pass", "")
    assert main(["doctor", "--only", "nonsense"]) == 2


def test_the_command_fails(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    assert main(["doctor", "--only", "docker"]) == 3
    out = capfd.readouterr().out
    assert "FAIL  docker" in out
    assert "fix: sudo systemctl start docker   (or: unset DOCKER_HOST)" in out
    assert "1 FAILED" in out


@pytest.mark.parametrize("kind", ["subordinate", "single"])
def test_as_an_ordinary_user(users: Callable[[str], User], kind: str) -> None:
    words = [word for name in ("namespaces", "subordinate-ids", "address-space", "disk") for word in ("--only", name)]
    found = json.loads(users(kind).python("-m", "wrongarch", "doctor", "--json", *words))
    by_name = {one["probe"]: one for one in found}
    assert by_name["namespaces"]["status"] == "pass", found
    assert ("a single id" in by_name["namespaces"]["words"]) == (kind == "single")
    assert by_name["address-space"]["status"] == "pass"
    assert by_name["subordinate-ids"]["status"] == "pass", found  # newuidmap is there, used or not


_FAILS = """
import sys
from wrongarch.cli import main
print("exit code", main(["run", "amd64", "--recipe", "hello", "--no-build", "--engine", "sandbox", "--", "true"]))
"""


def test_an_error_of_the_machine_names_the_probe(requires_namespaces: None, pinned: None) -> None:
    plant = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@" 2>&1'
    said = unshared("-Urm", script=plant)("-c", _FAILS)
    assert "error: cannot make a private root (at: user namespace)" in said
    assert "look into it: wrongarch doctor --only namespaces\nexit code 3" in said
