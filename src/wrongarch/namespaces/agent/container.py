"""The agent's start inside a container, as its process 1: from there on all is as in a sandbox.

A session of the same machine is met at a socket in a folder that both see. One on another machine is met on the
container's standard streams; as these carry no descriptors, input then travels in frames.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from typing import NoReturn

from wrongarch.namespaces.agent import main as agent

STREAMS = "-"
_CHUNK = 1 << 16


def main(meeting: str) -> NoReturn:
    """Serve the session at the socket `meeting`, or on the standard streams for "-"; never returns.

    By a child: process 1 stays in the namespaces of the container, so that its engine can start others beside it.
    """
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))  # process 1 has no default for it (kill(2))
    ours, theirs = socket.socketpair()
    child = os.fork()
    if not child:
        ours.close()
        _serve(meeting, theirs)
    theirs.close()
    if meeting == STREAMS:
        relay(0, 1, ours)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)


def _serve(meeting: str, relayed: socket.socket) -> NoReturn:
    if meeting == STREAMS:
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        for stream in (0, 1):
            os.dup2(null, stream)  # they carry frames, which no command may touch
        agent.serve(relayed)
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.connect(meeting)
    agent.serve(control)


def relay(source: int, sink: int, control: socket.socket) -> None:
    """Pass on what comes from `source` to `control` and what comes from there to `sink`, until `control` ends."""
    sources = [source, control.fileno()]
    while True:
        for ready in select.select(sources, [], [])[0]:
            if ready == source:
                data = os.read(source, _CHUNK)
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its end is seen on the other way
                    control.sendall(data)
                    if not data:
                        control.shutdown(socket.SHUT_WR)
                if not data:
                    sources.remove(source)
                continue
            try:
                data = control.recv(_CHUNK)
            except ConnectionResetError:
                data = b""
            if not data:
                return
            while data:
                data = data[os.write(sink, data) :]
