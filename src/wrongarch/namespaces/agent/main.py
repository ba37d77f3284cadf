"""The agent's start: from an ordinary process of the host to process 1 of a private root.

1. As the user: new user, mount, uts, ipc (and net) namespaces; open what the root takes from the host.
2. The session, outside, writes the id maps; we become the root's root.
3. New pid namespace: the first child is process 1. It builds the root, registers, gives up rights and serves.
"""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import json
import os
import signal
import socket
import struct
import sys
from typing import Any, NoReturn

from wrongarch.namespaces.agent import frames, idmap, machine, mounts, privileges, registration
from wrongarch.namespaces.agent import syscalls as sc
from wrongarch.namespaces.agent.judge import Judge
from wrongarch.namespaces.agent.serve import Server

_IFF_UP, _SIOCGIFFLAGS, _SIOCSIFFLAGS = 1, 0x8913, 0x8914

for _name in ("ascii", "latin-1", "utf-8"):
    codecs.lookup(_name)  # loaded from a file at first use, and soon there will be no such file


class Stage:
    """Names the step under way, for the message when it fails."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self.name = "start"

    def fail(self, error: BaseException) -> NoReturn:
        """Tell the session and end."""
        number = error.errno if isinstance(error, OSError) else 0
        facts = {"stage": self.name, "errno": number, "error": frames.plain(f"{type(error).__name__}: {error}")}
        with contextlib.suppress(OSError):  # the session may be gone
            self._control.setblocking(True)
            self._control.sendall(frames.pack_json(frames.FAILED, 0, facts))
        os._exit(1)


def main(descriptor: int) -> NoReturn:
    """Serve the session at the other end of the socket `descriptor`; never returns."""
    sc.prctl(sc.PR_SET_PDEATHSIG, signal.SIGKILL)
    serve(socket.socket(fileno=descriptor))


def serve(control: socket.socket) -> NoReturn:
    """Make the root that the session asks for and serve it; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    stage = Stage(control)
    try:
        plan = json.loads(_expect(control, frames.PLAN))
        sources = _leave_host(control, stage, plan)
        stage.name = "pid namespace"
        sc.unshare(sc.CLONE_NEWPID)
        first = os.fork()
    except BaseException as error:  # noqa: BLE001  whatever it was, the session must hear of it
        stage.fail(error)
    if first:
        control.close()
        sources.close()
        _, status = os.waitpid(first, 0)
        for folder, owner in sources.lent:
            give_back(folder, owner)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    _be_first(control, stage, plan, sources)


def _expect(control: socket.socket, wanted: bytes) -> bytes:
    """Read one frame of a kind, and not a byte more."""
    header = _exactly(control, frames.HEADER.size)
    kind, _, length = frames.HEADER.unpack(header)
    payload = _exactly(control, length)
    if kind != wanted:
        raise ValueError(f"expected frame {wanted!r}, got {kind!r}")
    return payload


def _exactly(control: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        piece = control.recv(length - len(data))
        if not piece:
            sys.exit(0)  # the session ended before it began
        data += piece
    return bytes(data)


def _leave_host(control: socket.socket, stage: Stage, plan: dict[str, Any]) -> mounts.Sources:
    flags = sc.CLONE_NEWUSER | sc.CLONE_NEWNS | sc.CLONE_NEWUTS | sc.CLONE_NEWIPC
    helper = idmap.Helper() if plan["own_ids"] else None
    if helper is not None:
        plan["many_ids"] = helper.many
        plan["harmless_chown"] = plan["harmless_chown"] or not helper.many
        _take_names(plan)
    stage.name = "user namespace"
    sc.unshare(flags | (sc.CLONE_NEWNET if plan["own_network"] else 0))
    if helper is None:
        control.sendall(frames.pack_json(frames.UNSHARED, 0, {"pid": os.getpid()}))
    else:
        stage.name = "id maps"
        helper.write()  # now: who owns what is lent can only be seen through the maps
    stage.name = "folders of the host"
    sources = mounts.Sources(plan)
    stage.name = "id maps"
    if helper is None:
        _expect(control, frames.GO)
    if plan["many_ids"]:
        os.setgroups([])
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    sc.prctl(sc.PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of ids clears it
    return sources


def _take_names(plan: dict[str, Any]) -> None:
    """Where a container may reach the network, names are looked up as the engine set it up, maybe elsewhere."""
    if not plan["own_network"]:
        with contextlib.suppress(OSError), open("/etc/resolv.conf", encoding="utf-8", errors="replace") as file:
            plan["files"]["/etc/resolv.conf"] = file.read()


def give_back(folder: int, owner: tuple[int, int]) -> None:
    """Make all in an open folder belong to `owner`, as it did before commands wrote to it; links are not followed."""
    for _, names, files, here in os.fwalk(".", dir_fd=folder):
        for name in (*names, *files):
            with contextlib.suppress(OSError):
                status = os.lstat(name, dir_fd=here)
                if (status.st_uid, status.st_gid) != owner:
                    os.chown(name, *owner, dir_fd=here, follow_symlinks=False)
    os.close(folder)


def _be_first(control: socket.socket, stage: Stage, plan: dict[str, Any], sources: mounts.Sources) -> NoReturn:
    try:
        sc.prctl(sc.PR_SET_PDEATHSIG, signal.SIGKILL)
        os.umask(0o022)  # the user's own may keep other users inside from everything
        stage.name = "root"
        mounts.enter(sources, plan)
        stage.name = "mounts"
        mounts.furnish(sources, plan)
        stage.name = "registration"
        registration.register(plan["records"])
        mounts.leave_old_root(sources)
        sources.let_go()
        sources.forget_lent()
        if plan["real_root"]:
            mounts.protect_settings(plan)
        stage.name = "privileges"
        sc.sethostname(plan["hostname"])
        if plan["own_network"]:
            _raise_loopback()
        kernel = os.uname().release
        answers = machine.Answers(plan["machine"]) if plan["machine"] else None  # from here on uname(2) waits for us
        privileges.apply(plan)
        server = Server(control, Judge(plan), answers)
        server.send(frames.pack_json(frames.READY, 0, {"kernel": kernel}))
    except BaseException as error:  # noqa: BLE001  whatever it was, the session must hear of it
        stage.fail(error)
    try:
        server.loop()
    except BaseException as error:  # noqa: BLE001  as above
        stage.name = "serving"
        stage.fail(error)
    os._exit(0)  # what still runs dies with its process 1


def _raise_loopback() -> None:
    """A new network namespace has lo, but down (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags: int = struct.unpack("16sh14x", fcntl.ioctl(probe, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))
