"""Where docker's and podman's daemons listen, without loading the SDK: most machines have none, and are told so soon.

Docker: DOCKER_HOST, then the context (DOCKER_CONTEXT, or docker's own configuration), then the usual sockets. Podman:
CONTAINER_HOST, then the usual sockets (podman-system-service(1)).
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from wrongarch import documents
from wrongarch.errors import MachineError

Name = Literal["docker", "podman"]
PATIENCE = 1.0
"""Seconds in which a daemon has to answer where nobody asked for it."""

_PING = b"GET /_ping HTTP/1.0\r\nHost: localhost\r\n\r\n"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An address: unix:///path, tcp://host:port or ssh://user@host. `context` is docker's, "" for none.

    `chosen`: the user said so in the environment or in docker's configuration.
    """

    engine: Name
    url: str
    context: str = ""
    chosen: bool = False

    @property
    def socket(self) -> Path | None:
        """The socket, where it is one of this machine."""
        return Path(self.url.removeprefix("unix://")) if self.url.startswith("unix:") else None


def endpoints(engine: Name, env: Mapping[str, str] = os.environ) -> Iterator[Endpoint]:
    """Where the daemon may be: only what the user chose, if anything was chosen."""
    chosen = env.get("DOCKER_HOST" if engine == "docker" else "CONTAINER_HOST", "")
    if chosen:
        yield Endpoint(engine=engine, url=chosen, chosen=True)
        return
    context = _context(env) if engine == "docker" else ""
    if context:
        yield Endpoint(engine=engine, url="", context=context, chosen=True)
        return
    runtime = env.get("XDG_RUNTIME_DIR") or f"/run/user/{os.geteuid()}"
    own, system = {
        "docker": (f"{runtime}/docker.sock", "/var/run/docker.sock"),
        "podman": (f"{runtime}/podman/podman.sock", "/run/podman/podman.sock"),
    }[engine]
    # the rootful one last for a user who runs podman, first for docker, as their own clients have it
    order = (own, system) if engine == "podman" and os.geteuid() else (system, own)
    for path in order:
        if os.path.exists(path):  # noqa: PTH110  /run/podman is closed to users: that is no error
            yield Endpoint(engine=engine, url=f"unix://{path}")


class _DockerConfig(msgspec.Struct):
    """What we read of docker's own configuration."""

    context: str = msgspec.field(default="", name="currentContext")


def _context(env: Mapping[str, str]) -> str:
    """The docker context in use, "" for the default one (docker-context-use(1))."""
    name = env.get("DOCKER_CONTEXT", "")
    if not name:
        folder = Path(env.get("DOCKER_CONFIG") or Path(env.get("HOME") or "~").expanduser() / ".docker")
        with suppress(OSError, documents.DamagedError):
            name = documents.decode((folder / "config.json").read_bytes(), _DockerConfig).context
    return "" if name == "default" else name


def answers(endpoint: Endpoint, seconds: float = PATIENCE) -> bool:
    """Whether a daemon is there, in at most `seconds`; True for what only the SDK can ask (ssh, TLS, contexts)."""
    return why_silent(endpoint, seconds) == ""


def why_silent(endpoint: Endpoint, seconds: float = PATIENCE) -> str:
    """Why a daemon cannot be used, "" if it answers."""
    if endpoint.context or not endpoint.url.startswith(("unix:", "tcp:")):
        return ""
    if endpoint.socket is None:
        return _why_unreachable(endpoint.url, seconds)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(seconds)
            connection.connect(str(endpoint.socket))
            connection.sendall(_PING)
            answer = connection.recv(64)
    except TimeoutError:
        return f"it did not answer within {seconds:g} s"
    except OSError as error:
        return error.strerror or str(error)
    words = answer.split(None, 2)
    return "" if len(words) > 1 and words[1] == b"200" else f"it answered {answer[:40]!r}"


def _why_unreachable(url: str, seconds: float) -> str:
    """Whether something listens at tcp://host:port, which may want TLS before it says a word."""
    host, _, port = url.removeprefix("tcp://").rstrip("/").rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), seconds).close()
    except TimeoutError:
        return f"no connection within {seconds:g} s"
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""


def first(engine: Name, env: Mapping[str, str] = os.environ) -> Endpoint:
    """The daemon of an engine that was asked for by name. Raises MachineError that says what is wrong with each."""
    troubles = []
    for endpoint in endpoints(engine, env):
        trouble = why_silent(endpoint, seconds=10 * PATIENCE)
        if not trouble:
            return endpoint
        troubles.append((endpoint, trouble))
    raise _silent(engine, troubles)


def _silent(engine: Name, troubles: list[tuple[Endpoint, str]]) -> MachineError:
    if not troubles:
        start = {
            "docker": "sudo systemctl start docker (or export DOCKER_HOST=...)",
            "podman": "systemctl --user start podman.socket, or: podman system service --time=0 (or CONTAINER_HOST)",
        }[engine]
        return MachineError(f"no {engine} daemon listens on this machine", fix=f"{start}; or use --engine sandbox")
    what = "; ".join(f"{endpoint.url}: {trouble}" for endpoint, trouble in troubles)
    denied = any(trouble == os.strerror(errno.EACCES) for _, trouble in troubles)
    fix = "see whether its daemon runs; or use --engine sandbox"
    if denied:
        fix = {
            "docker": "you need the right to use the socket: sudo usermod -aG docker $USER, and log in again",
            "podman": "start a service of your own: systemctl --user start podman.socket",
        }[engine] + "; or use --engine sandbox"
    return MachineError(f"cannot talk to {engine}: {what}", fix=fix)
