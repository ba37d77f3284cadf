"""Input that travels in frames: gathered before a command starts, or written to it while it runs."""

from __future__ import annotations

import contextlib
import os
import selectors

_CHUNK = 1 << 16


class Feeds:
    """What commands are still to read. `selector` wakes `write` up with (command number) as data of a key."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self._selector = selector
        self._gathered: dict[int, int] = {}
        self._open: dict[int, tuple[int, bytearray]] = {}
        self._ending: set[int] = set()
        self.waiting: dict[int, int] = {}

    def take(self, number: int, data: bytes) -> None:
        """More input for a command, which runs or will be started; no data: that was all."""
        if number in self._open:
            if not data:
                self._ending.add(number)
            self._open[number][1].extend(data)
            self.write(number)
            return
        if number not in self._gathered:
            self._gathered[number] = os.memfd_create("stdin", os.MFD_CLOEXEC)
        view = memoryview(data)
        while view:
            view = view[os.write(self._gathered[number], view) :]

    def gathered(self, number: int) -> list[int]:
        """The whole input of a command that is about to start, as an open file; none if there is none."""
        descriptor = self._gathered.pop(number, None)
        if descriptor is None:
            return []
        os.lseek(descriptor, 0, os.SEEK_SET)
        return [descriptor]

    def begin(self, number: int, descriptor: int) -> None:
        """From now on what comes for a command is written to `descriptor`, which is ours to close."""
        os.set_blocking(descriptor, False)
        self._open[number] = (descriptor, bytearray())

    def write(self, number: int) -> None:
        """Write what the command takes now; go on when it takes more."""
        descriptor, buffer = self._open[number]
        try:
            while buffer:
                del buffer[: os.write(descriptor, buffer[:_CHUNK])]
        except BlockingIOError:
            if descriptor not in self.waiting:
                self.waiting[descriptor] = number
                self._selector.register(descriptor, selectors.EVENT_WRITE)
            return
        except OSError:  # it does not read any more
            self._ending.add(number)
        self._rest(descriptor)
        if number in self._ending and not os.isatty(descriptor):
            self.end(number)

    def end(self, number: int) -> None:
        """The command ended, or its input did."""
        self._ending.discard(number)
        found = self._open.pop(number, None)
        if found is not None:
            self._rest(found[0])
            os.close(found[0])

    def _rest(self, descriptor: int) -> None:
        if self.waiting.pop(descriptor, None) is not None:
            with contextlib.suppress(KeyError):
                self._selector.unregister(descriptor)
