"""Joins the user's terminal to one inside a session: keys, output and size (tty(4), tty_ioctl(4))."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import termios
import threading
import tty
from collections.abc import Iterator
from types import FrameType

_CHUNK = 1 << 14


class Terminal:
    """The user's side. `connect` is called with the other side once the command has it."""

    def __init__(self, keys: int, screen: int) -> None:
        self._keys, self._screen = keys, screen
        self._inner = -1
        self._stop, self._stopper = os.pipe2(os.O_CLOEXEC)
        self._thread = threading.Thread(target=self._relay, name="wrongarch-terminal", daemon=True)

    def connect(self, inner: int) -> None:
        """Start to relay to the terminal `inner` (its master side), which is closed at the end."""
        self._inner = inner
        self.resize()
        self._thread.start()

    def resize(self) -> None:
        """Give the inner terminal the size of the outer."""
        if self._inner >= 0:
            with contextlib.suppress(OSError):
                size = fcntl.ioctl(self._screen, termios.TIOCGWINSZ, bytes(8))
                fcntl.ioctl(self._inner, termios.TIOCSWINSZ, size)

    def close(self) -> None:
        """Pass on what is still to be read, then stop."""
        os.close(self._stopper)
        if self._thread.ident is not None:
            self._thread.join()
        os.close(self._stop)

    def _relay(self) -> None:
        os.set_blocking(self._inner, False)
        sources = [self._inner, self._stop, self._keys]
        typed = b""  # what the inner terminal has no room for yet: while it has none, what it says must be read
        with contextlib.suppress(OSError):  # EIO: the last process inside let go of the terminal
            while True:
                wanted = sources[:2] if typed else sources
                ready, room, _ = select.select(wanted, [self._inner] if typed else [], [])
                if self._inner in ready:
                    with contextlib.suppress(BlockingIOError):
                        _write(self._screen, os.read(self._inner, _CHUNK))
                elif self._stop in ready:
                    break
                if self._keys in ready:
                    typed = os.read(self._keys, _CHUNK)
                    if not typed:
                        sources.remove(self._keys)
                if typed and (room or self._keys in ready):
                    with contextlib.suppress(BlockingIOError):
                        typed = typed[os.write(self._inner, typed) :]
        inner, self._inner = self._inner, -1
        os.close(inner)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


@contextlib.contextmanager
def relay(keys: int, screen: int) -> Iterator[Terminal]:
    """The user's terminal in raw mode, as it was again on leaving."""
    before = termios.tcgetattr(keys)
    terminal = Terminal(keys, screen)

    def resized(_: int, __: FrameType | None) -> None:
        terminal.resize()

    handler = signal.signal(signal.SIGWINCH, resized)
    tty.setraw(keys, termios.TCSADRAIN)  # what was typed ahead is for the command
    try:
        yield terminal
    finally:
        terminal.close()
        termios.tcsetattr(keys, termios.TCSADRAIN, before)
        signal.signal(signal.SIGWINCH, handler)
