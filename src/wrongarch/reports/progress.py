"""Progress while a run goes: a live line on a terminal, plain lines now and then in a log."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from wrongarch.reports.words import duration, one_line, plural, printable, step, tally
from wrongarch.runs.model import RED, STATUSES, Intent, Result, Status, Summary
from wrongarch.runs.observer import Observer

_LINES_EVERY = 10.0  # seconds between plain lines
_LINES_APART = 1.0  # seconds between them at least
_SHARE = 0.1  # of all tests, after which a plain line comes in any case
_OUTPUT_EVERY = 15.0  # seconds between signs of life from a build
_SHOWN = 50  # failures told as they come
_NARROW = 70  # columns, below which the bar is left out


def is_plain(stream: IO[str], environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a stream wants lines rather than a live display: no terminal, a dumb one, or CI."""
    return not stream.isatty() or environ.get("TERM", "dumb") == "dumb" or bool(environ.get("CI"))


@contextmanager
def watch(stream: IO[str], *, plain: bool | None = None) -> Iterator[Observer]:
    """An observer that shows a run on `stream`. Leaving the context gives the terminal back as it was."""
    if is_plain(stream) if plain is None else plain:
        yield PlainProgress(stream)
        return
    from wrongarch.reports.live import LiveProgress  # noqa: PLC0415 - rich's live display is slow to import

    live = LiveProgress(stream)
    try:
        yield live
    finally:
        live.stop()


class Pace:
    """Counts results, and says how fast they come and when the rest will be there."""

    def __init__(self) -> None:
        self.planned = 0
        self.done = 0
        self.counts: dict[Status, int] = dict.fromkeys(STATUSES, 0)
        self._expected = 0.0
        self._began = time.monotonic()

    def start(self, planned: int, expected: float = 0.0) -> None:
        """Begin counting towards `planned` executions, which took `expected` seconds before (0: unknown)."""
        self.planned, self._expected, self._began = planned, expected, time.monotonic()

    @property
    def words(self) -> str:
        """Rate and remaining time: "3.4/s, 0:42 left"."""
        spent = time.monotonic() - self._began
        if not self.done or spent <= 0:
            return ""
        rate = self.done / spent
        shown = f"{rate:.1f}/s" if rate < 100 else f"{rate:.0f}/s"
        return f"{shown}, {duration(self.left(spent))} left" if self.done < self.planned else shown

    def left(self, spent: float) -> float:
        """Seconds until the end, `spent` seconds after the start and with something done.

        The rate so far misleads at first, where the slow tests come last; what earlier runs took knows that. The more
        is done, the more the rate counts, which knows how fast this machine is today.
        """
        by_rate = (self.planned - self.done) * spent / self.done
        if not self._expected:
            return by_rate
        share = self.done / self.planned
        return share * by_rate + (1 - share) * max(self._expected - spent, 0.0)

    @property
    def bad(self) -> str:
        """The counts of what is not simply passed or skipped."""
        noteworthy = {status: number for status, number in self.counts.items() if status not in ("passed", "skipped")}
        return tally(noteworthy) if any(noteworthy.values()) else ""


class PlainProgress:
    """Lines for a log, seldom enough to be read and often enough to see that something happens."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._pace = Pace()
        self._told = 0
        self._not_before = self._next_line = self._next_share = 0.0
        self._life = time.monotonic() + _OUTPUT_EVERY
        self._last_output = ""
        self._step, self._step_began, self._step_again = "", 0.0, 0.0
        self._lock = threading.Lock()

    def _say(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()

    def stage(self, text: str) -> None:
        """One line."""
        self._say(f"{text} …")

    def step(self, what: str, done: int, total: int | None) -> None:
        """One line when it begins, then one every few seconds."""
        now = time.monotonic()
        with self._lock:
            if what != self._step:
                self._step, self._step_began = what, now
            elif now < self._step_again:
                return
            self._step_again = now + _LINES_EVERY
            self._say(step(what, done, total, now - self._step_began))

    def note(self, text: str) -> None:
        """One line."""
        self._say(text)

    def output(self, data: bytes) -> None:
        """The last line of the output, if none was shown for a while."""
        lines = [line for line in data.decode(errors="replace").splitlines() if line.strip()]
        self._last_output = lines[-1] if lines else self._last_output
        if time.monotonic() >= self._life:
            self._life = time.monotonic() + _OUTPUT_EVERY
            self._say(f"  … {printable(self._last_output)[:100]}")

    def started(self, intent: Intent) -> None:
        """One line."""
        self._pace.start(intent.planned, intent.expected)
        self._not_before = time.monotonic() + _LINES_APART
        self._next_line = time.monotonic() + _LINES_EVERY
        self._next_share = _SHARE * intent.planned
        where = f"under QEMU {intent.emulator.version}" if intent.emulator else "natively"
        self._say(
            f"testing {intent.recipe} on {intent.arch} {where}: {plural(intent.planned, 'test')}, "
            f"{plural(intent.jobs, 'worker')}"
            + (f", about {duration(intent.expected)} as before" if intent.expected else "")
        )

    def finished(self, result: Result) -> None:
        """One line for what failed."""
        self._pace.counts[result.status] += 1
        if result.status in RED or result.status == "flaky":
            self._told += 1
            if self._told <= _SHOWN:
                self._say(one_line(result))
            elif self._told == _SHOWN + 1:
                self._say("… more failures follow; all are in results.json")

    def progress(self, done: int) -> None:
        """One line every tenth of the way, or every few seconds."""
        self._pace.done = done
        now = time.monotonic()
        if now < self._not_before or (done < self._next_share and now < self._next_line):
            return
        self._not_before, self._next_line = now + _LINES_APART, now + _LINES_EVERY
        while self._next_share <= done:
            self._next_share += max(_SHARE * self._pace.planned, 1.0)
        share = 100 * done // max(self._pace.planned, 1)
        told = [f"{done}/{self._pace.planned} ({share} %)", self._pace.words, self._pace.bad]
        self._say(", ".join(one for one in told if one))

    def ended(self, summary: Summary) -> None:
        """One line where no summary will follow."""
        if summary.state in ("interrupted", "broken"):
            self._say(f"{summary.state} after {duration(summary.elapsed)}: {tally(summary.counts)}")
