"""From the rows of an experiment to what is to blame. Nothing here runs anything.

A verdict is about this failure and these conditions: that three versions of QEMU agree does not prove that real
hardware does, and the sentence says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from wrongarch.capsules.conditions import Kind, numbers
from wrongarch.capsules.statistics import interval

Blame = Literal["product", "emulator", "flaky", "environment", "unknown"]
State = Literal["always", "sometimes", "never", "not tried"]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One condition and what came of it: `same` runs failed as recorded, `other` otherwise, `passed` did not fail.

    `note` says why it could not be tried, or what else there is to know. `seconds` is the wall time of all runs.
    """

    name: str
    kind: Kind
    version: str = ""
    emulator: str = ""
    cpu: str = ""
    same: int = 0
    other: int = 0
    passed: int = 0
    seconds: float = 0.0
    message: str = ""
    note: str = ""

    @property
    def runs(self) -> int:
        """How often it ran."""
        return self.same + self.other + self.passed

    @property
    def failed(self) -> int:
        """How often it failed in whatever way."""
        return self.same + self.other

    @property
    def state(self) -> State:
        """How often it fails, in a word."""
        if not self.runs:
            return "not tried"
        return "always" if self.failed == self.runs else "sometimes" if self.failed else "never"

    @property
    def rate(self) -> tuple[float, float]:
        """The interval in which the rate of failures lies with 95 % confidence."""
        return interval(self.failed, self.runs)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is to blame, and why: `sentence` is the short of it, `hints` what else the rows tell.

    For *emulator*: `bad` and `good` are versions of QEMU, oldest first. For *flaky*: `rate` is what was seen, `low` and
    `high` bound it (Wilson, 95 %).
    """

    blame: Blame
    sentence: str
    hints: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    rate: float | None = None
    low: float | None = None
    high: float | None = None


def decide(rows: Sequence[Row], captured_on: str = "") -> Verdict:
    """The verdict of an experiment, whose first row has the recorded conditions.

    `captured_on` says on which machine the failure was seen.
    """
    base = rows[0]
    hints = tuple(_hints(rows))
    if base.state == "not tried":
        return Verdict(blame="unknown", sentence=f"it could not be run as recorded: {base.note}", hints=hints)
    if base.state == "sometimes":
        return _flaky(rows, hints)
    if base.state == "never":
        return _not_here(rows, captured_on, hints)
    return _each_time(rows, hints)


def _each_time(rows: Sequence[Row], hints: tuple[str, ...]) -> Verdict:
    """It fails whenever it is run as recorded: hardware decides, then what differs between emulators."""
    hardware = [row for row in rows if row.kind in ("native", "board") and row.state in ("always", "never")]
    if any(row.state == "always" for row in hardware):
        names = ", ".join(row.name for row in hardware if row.state == "always")
        return Verdict(blame="product", sentence=f"it fails without any emulator, too ({names})", hints=hints)
    emulators = [row for row in rows if row.kind in ("recorded", "emulator") and row.version and row.runs]
    bad = tuple(sorted((row.version for row in emulators if row.state == "always"), key=numbers))
    good = tuple(sorted((row.version for row in emulators if row.state == "never"), key=numbers))
    if good:
        return Verdict(blame="emulator", sentence=_between(bad, good), hints=hints, bad=bad, good=good)
    if hardware:
        sentence = f"it fails under QEMU {_listed(bad)}, and passes {hardware[0].name}"
        return Verdict(blame="emulator", sentence=sentence, hints=hints, bad=bad)
    return _alike(rows, emulators, bad, hints)


def _flaky(rows: Sequence[Row], hints: tuple[str, ...]) -> Verdict:
    base = rows[0]
    low, high = base.rate
    rate = base.failed / base.runs
    sentence = (
        f"it fails now and then: {base.failed} of {base.runs} times, a rate of {rate:.0%} "
        f"(between {low:.0%} and {high:.0%}, 95 % confidence)"
    )
    apart = [row for row in rows[1:] if row.runs and row.kind != "cpu" and not _overlap(base, row)]
    more = tuple(f"{row.name}: {row.failed} of {row.runs}, which is another rate" for row in apart)
    return Verdict(blame="flaky", sentence=sentence, hints=(*more, *hints), rate=rate, low=low, high=high)


def _overlap(one: Row, other: Row) -> bool:
    (low, high), (other_low, other_high) = one.rate, other.rate
    return low <= other_high and other_low <= high


def _not_here(rows: Sequence[Row], captured_on: str, hints: tuple[str, ...]) -> Verdict:
    base = rows[0]
    elsewhere = [row for row in rows[1:] if row.failed]
    where = f"; it was captured on {captured_on}" if captured_on else ""
    sentence = f"it does not fail here as recorded, not once in {base.runs} runs{where}"
    if elsewhere:
        sentence += f", and fails with {', '.join(row.name for row in elsewhere)}"
    _, high = base.rate
    more = f"a failure that comes less often than in {high:.0%} of all runs would not have been seen"
    return Verdict(blame="environment", sentence=sentence, hints=(*hints, more))


def _alike(rows: Sequence[Row], emulators: Sequence[Row], bad: tuple[str, ...], hints: tuple[str, ...]) -> Verdict:
    """Every emulator that was tried shows it (or none was): CPU models may still differ."""
    fine = [row.name.removeprefix("CPU ") for row in rows if row.kind == "cpu" and row.state == "never"]
    if fine:
        sentence = f"it depends on the CPU model, under every QEMU alike: it passes on {_listed(fine)}"
        more = "whether the product or QEMU gets that CPU wrong takes hardware to tell: --board ssh:HOST"
        return Verdict(blame="unknown", sentence=sentence, hints=(*hints, more))
    mixed = [row for row in emulators if row.state == "sometimes"]
    if mixed:
        names = _listed([f"QEMU {row.version} ({row.failed} of {row.runs})" for row in mixed])
        sentence = f"it fails always under QEMU {_listed(bad)}, and now and then under {names}"
        return Verdict(blame="unknown", sentence=sentence, hints=hints, bad=bad)
    if not emulators:
        return Verdict(blame="product", sentence="it fails each time, natively", hints=hints)
    if len(emulators) < 2:
        sentence = f"it fails each time under QEMU {_listed(bad)}, and no other version could be tried"
        return Verdict(blame="unknown", sentence=sentence, hints=hints, bad=bad)
    sentence = f"it fails each time under QEMU {_listed(bad)} alike"
    more = "not shown on hardware: an error that all these versions of QEMU share would look the same"
    return Verdict(blame="product", sentence=sentence, hints=(*hints, more), bad=bad)


def _between(bad: Sequence[str], good: Sequence[str]) -> str:
    """The versions between which it changes."""
    if numbers(bad[-1]) < numbers(good[0]):
        return f"bad {_listed(bad)}, good from {good[0]}"
    if numbers(good[-1]) < numbers(bad[0]):
        return f"good up to {good[-1]}, bad from {bad[0]}"
    return f"bad {_listed(bad)}, good {_listed(good)}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"


_MEANING: dict[Kind, str] = {
    "threads": "with one CPU it passes: it takes threads that run at the same time",
    "addresses": "with fixed addresses it passes: it depends on where memory lies",
    "jit": "with the JIT off it passes: it is code that the JIT made",
}


def _hints(rows: Iterable[Row]) -> Iterable[str]:
    rows = list(rows)
    if rows[0].state == "never":
        return
    for row in rows[1:]:
        if row.kind in _MEANING and row.state == "never":
            yield _MEANING[row.kind]
    others = [row for row in rows if row.other]
    for row in others[:3]:
        yield f"{row.name}: {row.other} of {row.runs} runs failed in another way: {row.message}"
