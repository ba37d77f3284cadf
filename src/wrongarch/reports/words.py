"""Numbers and results as people read them."""

from __future__ import annotations

from wrongarch.runs.model import STATUSES, Result, Status, Summary

_SHOWN_STATUS = {
    "passed": "passed",
    "failed": "FAILED",
    "flaky": "flaky",
    "expected-failure": "expected failure",
    "unexpected-pass": "UNEXPECTED PASS",
    "skipped": "skipped",
    "lost": "LOST",
}


def duration(seconds: float) -> str:
    """Seconds as "0.8 s", "42 s", "3:07", "1:02:09"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    minutes, last = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{last:02d}" if hours else f"{minutes}:{last:02d}"


def plural(number: int, noun: str) -> str:
    """A number with its noun: "1 test", "3 tests"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def step(what: str, done: int, total: int | None, seconds: float) -> str:
    """How far a step of long work is: "unpacking 3/12", "downloading 1.5 MiB of 40.0 MiB (12 s)"."""
    if total is None:
        amount = f" {_size(done)}" if done >= 1 << 20 else ""
    elif total >= 1 << 20:  # bytes: nothing else comes in millions
        amount = f" {_size(done)} of {_size(total)}"
    else:
        amount = f" {done}/{total}"
    return f"{what}{amount}" + (f" ({seconds:.0f} s)" if seconds >= 2 else "")


def _size(count: int) -> str:
    return f"{count / (1 << 20):.1f} MiB"


def tally(counts: dict[Status, int]) -> str:
    """The counts that are not zero: "410 passed, 2 FAILED"."""
    shown = [f"{counts[status]} {_SHOWN_STATUS[status]}" for status in STATUSES if counts.get(status)]
    return ", ".join(shown) or "no results"


def one_line(result: Result) -> str:
    """A result that is worth a line: "FAILED stress/x.js [no-jit]: exit 3: Exception: …"."""
    again = f" (attempt {result.attempts})" if result.status == "flaky" else ""
    message = printable(result.message.splitlines()[0]) if result.message else printable(result.ended)
    return f"{_SHOWN_STATUS[result.status]} {printable(result.id)}{again}" + (f": {message}" if message else "")


def printable(text: str) -> str:
    """Text of a test without what would move the cursor or change colours of the reader's terminal."""
    return "".join(char if char.isprintable() or char == "\t" else "\ufffd" for char in text)


def title(summary: Summary) -> str:
    """What was run where: "jsc on arm, QEMU 10.0 (1:10.0.2+ds-2), CPU cortex-a7, 2 workers"."""
    intent = summary.intent
    emulator = intent.emulator
    parts = [
        f"{intent.recipe} on {intent.arch}",
        f"QEMU {emulator.version} ({emulator.release})" if emulator else "native",
        f"CPU {intent.cpu}" if intent.cpu and emulator else "",
        plural(intent.jobs, "worker"),
        duration(summary.elapsed),
    ]
    return ", ".join(part for part in parts if part)
