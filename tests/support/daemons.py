"""Real daemons for tests, each on a socket of its own in a folder of its own: dockerd, podman's service, a registry.

They are started by us and ended by their process ids, with all that they started.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.rooms import processes_with

CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
"""For machines without systemd, and containers that lack a capability which podman's own settings take for granted."""


class Service:
    """A process of ours that listens."""

    def __init__(self, argv: list[str], folder: Path, env: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.log = folder / "log.txt"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=env,
                cwd=folder,  # conmon leaves a file where it runs
            )

    def await_socket(self, address: Path | int, seconds: float = 60) -> None:
        """Wait until something can connect to the socket file, or to the port on loopback."""
        end = time.monotonic() + seconds
        while True:
            loopback = isinstance(address, int)
            family = socket.AF_INET if loopback else socket.AF_UNIX
            where = ("127.0.0.1", address) if loopback else str(address)
            with socket.socket(family) as probe:
                try:
                    probe.connect(where)
                    return
                except OSError as error:
                    assert self.process.poll() is None, self.log.read_text()[-3000:]
                    assert time.monotonic() < end, (error, self.log.read_text()[-3000:])
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGTERM, seconds: float = 30) -> None:
        """End it, and what it started if it does not do so itself."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def folder_for(name: str) -> Iterator[Path]:
    """A folder with a short path (unix(7): 107 bytes for a socket), removed with all mounts in it."""
    folder = Path(tempfile.mkdtemp(prefix=f"wa-{name}-", dir="/var/tmp"))
    try:
        yield folder
    finally:
        # what ends with a container (podman's cleanup) mounts its storage once more
        end = time.monotonic() + 20
        while processes_with(str(folder)) and time.monotonic() < end:
            time.sleep(0.1)
        for _ in range(3):
            for mount in reversed(mounts_below(folder)):
                subprocess.run(["umount", "-l", mount], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def mounts_below(folder: Path) -> list[str]:
    """Mount points of this machine in a folder (proc_pid_mountinfo(5))."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    found = [line.split()[4].encode().decode("unicode_escape") for line in lines]
    return [path for path in found if path.startswith(f"{folder}/")]


class Docker:
    """A dockerd on a unix socket and on a port of loopback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "docker.sock"
        self.port = free_port()
        self.env = {"DOCKER_HOST": f"unix://{self.socket}", "DOCKER_CONFIG": str(folder / "config")}
        (folder / "config").mkdir()
        (folder / "config/config.json").write_text("{}")
        self.start()

    def start(self) -> None:
        self.service = Service(
            [
                "dockerd",
                f"--data-root={self.folder}/data",
                f"--exec-root={self.folder}/exec",
                f"--pidfile={self.folder}/pid",
                f"--host=unix://{self.socket}",
                f"--host=tcp://127.0.0.1:{self.port}",
                "--tls=false",
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
            ],
            self.folder,
        )
        self.service.await_socket(self.socket)
        self.service.await_socket(self.port)

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.service.stop(number)

    def kill(self) -> None:
        """End the daemon as a crash does. Its containers go on.

        Its containerd goes as well: a new dockerd that still sees it takes it for alive, waits for it and gives up.
        """
        containerd = int((self.folder / "exec/containerd/containerd.pid").read_text())
        self.service.process.kill()
        self.service.process.wait()
        end = time.monotonic() + 10
        while Path(f"/proc/{containerd}").exists():
            assert time.monotonic() < end, "containerd outlives dockerd"
            time.sleep(0.02)


class Podman:
    """podman's service, with storage of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "podman.sock"
        (folder / "containers.conf").write_text(CONTAINERS_CONF)
        (folder / "storage.conf").write_text(
            f'[storage]\ndriver = "overlay"\nrunroot = "{folder}/run"\ngraphroot = "{folder}/data"\n'
        )
        self.env = {
            "CONTAINER_HOST": f"unix://{self.socket}",
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        }
        self.start()

    def start(self) -> None:
        own = {**os.environ, **self.env}
        del own["CONTAINER_HOST"]  # or it would be a client, of itself
        argv = ["podman", "system", "service", "--time=0", f"unix://{self.socket}"]
        self.service = Service(argv, self.folder, own)
        self.service.await_socket(self.socket)

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.service.stop(number)


class Registry:
    """Debian's docker-registry on loopback, with a user and a password."""

    USER, PASSWORD = "somebody", "a long secret"

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.host = f"localhost:{self.port}"
        self.folder = folder
        config = f"""\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}/data}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{self.port}", secret: of-a-test}}
auth: {{htpasswd: {{realm: test, path: {folder}/htpasswd}}}}
"""
        (folder / "config.yml").write_text(config)
        # htpasswd of apache2-utils is not needed: bcrypt of the password above, made once
        (folder / "htpasswd").write_text(f"{self.USER}:{bcrypt(self.PASSWORD)}\n")
        self.service = Service(["docker-registry", "serve", str(folder / "config.yml")], folder)
        self.service.await_socket(self.port)

    def stop(self) -> None:
        self.service.stop()


def bcrypt(password: str) -> str:
    """The hash that docker-registry wants, by crypt(3) of the C library, which knows the method since libxcrypt 4."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    found: bytes = library.crypt(password.encode(), b"$2b$05$" + b"abcdefghijklmnopqrstuu")
    return found.decode()
