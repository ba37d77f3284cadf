"""A session in a container. Where no descriptor can be passed to it, the user's streams travel in frames."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import struct
import sys
import termios
import threading
import tty
from collections.abc import Iterator

import msgspec

from wrongarch.engines.base import Command, Outcome
from wrongarch.engines.sandbox import SandboxSession
from wrongarch.engines.terminal import relay
from wrongarch.namespaces.session import Pending

_CHUNK = 1 << 14
_LOOK = 0.2


class ContainerSession(SandboxSession):
    """See `wrongarch.engines.base.Session`."""

    def attach(self, command: Command) -> Outcome:
        """Run a command on our own standard streams; through a terminal of its own if ours is one."""
        if self._root.passes_descriptors:
            return super().attach(command)
        keys, screen = sys.stdin.fileno(), sys.stdout.fileno()
        if os.isatty(keys) and os.isatty(screen):
            return self._attach_terminal(command, keys, screen)
        outputs = (screen, sys.stderr.fileno())
        pending = Pending(lambda is_stderr, data: _write(outputs[is_stderr], data))
        order = msgspec.structs.replace(self._order(command, io="stream"), merge_stderr=False)
        number = self._root.start(order, pending)
        with self._feeding(number, keys):
            return self._finish(number, pending)

    def _attach_terminal(self, command: Command, keys: int, screen: int) -> Outcome:
        """A terminal here stands for the one over there: the relay reads and writes it as it does a sandbox's."""
        master, slave = os.openpty()
        tty.setraw(slave)
        try:
            with relay(keys, screen) as terminal:
                pending = Pending(lambda _, data: _write(slave, data))
                order = self._order(command, io="pty", env={"TERM": os.environ.get("TERM", "dumb")})
                number = self._root.start(order, pending)
                terminal.connect(master)
                with self._feeding(number, slave):
                    return self._finish(number, pending)
        finally:
            os.close(slave)

    def _finish(self, number: int, pending: Pending) -> Outcome:
        try:
            return self._attached(pending.future.result())
        except BaseException:
            self._root.kill(number)
            raise

    @contextlib.contextmanager
    def _feeding(self, number: int, source: int) -> Iterator[None]:
        """Pass on what comes from a descriptor to a command, and the size of the terminal that it is, until left."""
        stop, stopper = os.pipe2(os.O_CLOEXEC)

        def feed() -> None:
            size, sources = b"", [source, stop]
            while True:
                ready = select.select(sources, [], [], _LOOK)[0]
                if stop in ready:
                    return
                if os.isatty(source):
                    now = fcntl.ioctl(source, termios.TIOCGWINSZ, bytes(8))
                    if now != size:
                        size = now
                        rows, columns, _, _ = struct.unpack("HHHH", now)
                        self._root.resize(number, rows, columns)
                if source in ready:
                    data = os.read(source, _CHUNK)
                    self._root.feed(number, data)
                    if not data:
                        sources.remove(source)

        thread = threading.Thread(target=feed, name="wrongarch-feed", daemon=True)
        thread.start()
        try:
            yield
        finally:
            os.close(stopper)
            thread.join()
            os.close(stop)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
