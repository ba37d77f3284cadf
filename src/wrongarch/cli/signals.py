"""Ctrl-C and its relatives end a command the same way: by KeyboardInterrupt, so that everything cleans up; code 130."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

INTERRUPTED = 130


def interruptible(body: Callable[[], int]) -> int:
    """What `body` returns; INTERRUPTED when SIGINT, SIGTERM or SIGHUP ended it."""
    try:
        with as_keyboard_interrupt(signal.SIGTERM, signal.SIGHUP):
            return body()
    except KeyboardInterrupt:
        return tell()


def tell() -> int:
    """Say that we were interrupted; the exit code."""
    with suppress(OSError):  # where the terminal is gone
        sys.stderr.write("\ninterrupted\n")
        sys.stderr.flush()
    return INTERRUPTED


@contextmanager
def as_keyboard_interrupt(*numbers: signal.Signals) -> Iterator[None]:
    """Make these signals raise KeyboardInterrupt in the main thread; signals that are ignored (nohup) stay so."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers (signal.signal), and only it gets them
        return
    before = {number: signal.getsignal(number) for number in numbers}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
