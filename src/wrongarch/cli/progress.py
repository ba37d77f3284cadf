"""Tells people what is under way: one line that changes on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO

from wrongarch.reports import words

QUIET = 1.0  # seconds before anything is said: most calls find all that they need
PAUSE = 10.0  # seconds between lines where lines cannot be overwritten
FRAME = 0.1  # seconds between updates of a terminal


class Progress:
    """Shows steps of long work on standard error. Called with (what, done, total), from any thread."""

    def __init__(self, stream: TextIO | None = None, terminal: bool | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._terminal = self._stream.isatty() if terminal is None else terminal
        self._lock = threading.Lock()
        self._started = self._step_started = time.monotonic()
        self._shown_at = 0.0
        self._shown = self._step = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Something went on."""
        now = time.monotonic()
        with self._lock:
            new = what != self._step
            if new:
                self._step, self._step_started = what, now
            if now - self._started < QUIET:
                return
            if self._terminal:
                if new or now - self._shown_at >= FRAME:
                    self._draw(words.step(what, done, total, now - self._step_started), now)
            elif (new and what != self._shown) or now - self._shown_at >= PAUSE:
                self._shown, self._shown_at = what, now
                self._write(words.step(what, done, total, now - self._step_started) + "\n")

    def say(self, text: str) -> None:
        """A line that stays."""
        with self._lock:
            self._write(("\r\x1b[K" if self._terminal else "") + text + "\n")

    def clear(self) -> None:
        """Remove the line that changes."""
        with self._lock:
            if self._terminal and self._shown_at:
                self._write("\r\x1b[K")

    def _draw(self, text: str, now: float) -> None:
        self._shown_at = now
        width = shutil.get_terminal_size().columns - 1
        self._write(f"\r\x1b[K{text[:width]}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
