"""How files and the session reach a container: shown to it by a daemon of this machine, copied to any other.

A daemon on this machine mounts our folders in the container, and the agent meets us at a socket in one of them: no
byte of a test's output passes through the daemon. A daemon elsewhere gets an image with the agent in it, and copies of
the rest; the agent speaks over the container's standard streams, and what commands wrote is copied back at the end.
"""

from __future__ import annotations

import contextlib
import os
import socket
import tarfile
import threading
import time
from pathlib import Path
from typing import IO, Any, Protocol

from wrongarch.engines.containers.api import Attached, Daemon, Listener
from wrongarch.engines.containers.images import bind_source
from wrongarch.engines.containers.payload import CODE, PYTHON, Python, package_folder
from wrongarch.errors import MachineError
from wrongarch.images import oci, tree
from wrongarch.namespaces.emulation import FOLDER
from wrongarch.namespaces.plan import PlanMount
from wrongarch.namespaces.session import START_SECONDS

MEETING = f"{FOLDER}/host"
MOUNTS = f"{FOLDER}/mounts"


class Transport(Protocol):
    """A way to a container. `argument` is for the agent; `passes_descriptors` as in a session."""

    argument: str
    passes_descriptors: bool
    writable_root: bool

    def mounts(self) -> list[dict[str, Any]]:
        """What the daemon has to mount in the container."""
        ...

    def fill(self, daemon: Daemon, container: str) -> None:
        """Bring what is needed into a container that has not been started."""
        ...

    def meet(self, daemon: Daemon, container: str) -> tuple[socket.socket, Listener]:
        """Start the container and connect to the agent in it."""
        ...

    def finish(self, daemon: Daemon, container: str) -> None:
        """Bring back what commands wrote, after the agent has ended."""
        ...


def place_of(number: int) -> str:
    """Where in the container the mount of that number is, before the agent puts it where it belongs."""
    return f"{MOUNTS}/{number}"


def bind(source: Path, target: str, *, writable: bool = False) -> dict[str, Any]:
    """A folder of this machine in a container. An error, rather than an empty folder, where it does not exist."""
    return {"Type": "bind", "Source": bind_source(source), "Target": target, "ReadOnly": not writable}


class Shared:
    """For a daemon that sees the same files as we do. `work` is a folder of this session alone."""

    passes_descriptors = True
    writable_root = False

    def __init__(self, work: Path, python: Python, mounts: tuple[PlanMount, ...]) -> None:
        self.argument = f"{MEETING}/agent"
        self._python, self._mounts = python, mounts
        self._folder = work / "host"
        self._folder.mkdir()
        self._folder.chmod(0o755)  # root inside may be another user than we are; no other user of ours gets here
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        handle = os.open(self._folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:  # by the handle: the path itself may be longer than a socket's may be
            self._listening.bind(f"/proc/self/fd/{handle}/agent")
        finally:
            os.close(handle)
        (self._folder / "agent").chmod(0o666)
        self._listening.listen(1)

    def mounts(self) -> list[dict[str, Any]]:
        """Python, the code, the meeting place, and what the session mounts."""
        return [
            bind(self._python.root, PYTHON),
            bind(package_folder(), f"{CODE}/wrongarch"),
            bind(self._folder, MEETING),
            *(
                bind(Path(mount.source), place_of(number), writable=mount.writable)
                for number, mount in enumerate(self._mounts)
            ),
        ]

    def fill(self, daemon: Daemon, container: str) -> None:
        """Nothing: it is all there."""

    def meet(self, daemon: Daemon, container: str) -> tuple[socket.socket, Listener]:
        """The agent connects to our socket."""
        listener = Listener(daemon.attach(container))
        daemon.start(container)
        end, look = time.monotonic() + START_SECONDS, 0.0
        self._listening.settimeout(0.1)
        with self._listening:
            while True:
                with contextlib.suppress(TimeoutError):
                    return self._listening.accept()[0], listener
                look = _check(daemon, container, listener, end, look)

    def finish(self, daemon: Daemon, container: str) -> None:
        """Nothing: it was written where it belongs."""


class Copied:
    """For any daemon."""

    argument = "-"
    passes_descriptors = False
    writable_root = True

    def __init__(self, mounts: tuple[PlanMount, ...]) -> None:
        self._mounts = mounts

    def mounts(self) -> list[dict[str, Any]]:
        """None."""
        return []

    def fill(self, daemon: Daemon, container: str) -> None:
        """Copy all of it in."""
        parts = []
        for number, mount in enumerate(self._mounts):
            parts.append(tree.Part(source=Path(mount.source), name=place_of(number).lstrip("/")))
        daemon.put(container, "/", tree.chunks(parts))

    def meet(self, daemon: Daemon, container: str) -> tuple[socket.socket, Listener]:
        """Its standard streams, as a socket."""
        ours, theirs = socket.socketpair()
        attached = daemon.attach(container, stdin=True)

        def take(data: bytes) -> None:
            with contextlib.suppress(OSError):
                theirs.sendall(data)

        listener = Listener(attached, take, on_end=lambda: _hang_up(theirs))
        threading.Thread(target=_send, args=(theirs, attached), name="wrongarch-input", daemon=True).start()
        daemon.start(container)
        return ours, listener

    def finish(self, daemon: Daemon, container: str) -> None:
        """Copy back what was writable."""
        for number, mount in enumerate(self._mounts):
            if mount.writable:
                with oci.Stream(daemon.get(container, f"{place_of(number)}/.")) as stream:
                    _unpack(stream, Path(mount.source))  # type: ignore[arg-type]  # it reads, which is all that tarfile wants


def _send(theirs: socket.socket, attached: Attached) -> None:
    with contextlib.suppress(OSError):
        while data := theirs.recv(1 << 16):
            attached.send(data)
        attached.end_input()


def _hang_up(theirs: socket.socket) -> None:
    with contextlib.suppress(OSError):
        theirs.shutdown(socket.SHUT_RDWR)


def _unpack(stream: IO[bytes], folder: Path) -> None:
    """What came back replaces what is there; it belongs to us, and cannot leave `folder` (tarfile's "data" filter)."""
    seen: set[Path] = {folder}
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            member.uid, member.gid, member.uname, member.gname = os.geteuid(), os.getegid(), "", ""
            place = folder / member.name
            if place.is_symlink() or (place.exists() and not member.isdir()):
                place.unlink()
            tar.extract(member, folder, filter="tar", set_attrs=True)
            seen.add(Path(os.path.normpath(place)))
    for path in sorted(folder.rglob("*"), reverse=True):
        if path not in seen:  # removed by a command
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def _check(daemon: Daemon, container: str, listener: Listener, end: float, look: float) -> float:
    """Raise MachineError if the agent will not come any more; when to look again."""
    now = time.monotonic()
    if now < look:
        return look
    state = daemon.state(container)
    if state is None or state[0] not in ("created", "running", "initialized"):
        listener.join()
        raise MachineError(
            f"the agent in the container of {daemon.engine} ended before it was ready",
            fix="see the daemon's log; or use --engine sandbox",
            detail=listener.errors.decode(errors="replace")[-2000:],
        )
    if now > end:
        raise MachineError(
            f"the agent in the container of {daemon.engine} did not answer within {START_SECONDS:g} s",
            fix="the machine may be overloaded: try again; or use --engine sandbox",
        )
    return now + 0.5
