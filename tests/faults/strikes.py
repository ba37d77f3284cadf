"""One kill: go to the point, strike, look at what is left, start again, look at everything."""

from __future__ import annotations

import time

import msgspec

from tests.faults import checks
from tests.faults.lab import Lab, Run
from tests.faults.phases import BY_NAME, wait_for
from tests.faults.plans import Strike

_ENDING = 30.0
"""Seconds that a run may take to end after a signal that it can catch."""
_TRIES = 4
_DEEP = ("download", "toolbox", "image")


class Outcome(msgspec.Struct, kw_only=True):
    """One fault: what was done, what came of the run and of the next one, and what is wrong."""

    what: str
    phase: str
    ended: int | None = None
    seconds: float = 0.0
    faults: list[str] = []


def strike(lab: Lab, one: Strike, durations: dict[str, float]) -> Outcome:
    """Carry out one strike. A run that is faster than expected and is through before it is started again, struck
    sooner; it is also through when nothing but its interpreter has to end."""
    began = time.monotonic()
    outcome = Outcome(what=one.words, phase=one.phase)
    for attempt in range(_TRIES):
        run, alive = _run_until(lab, one, durations[one.phase] * one.share / 2**attempt)
        outcome.ended = run.wait(_ENDING)
        if alive and not (outcome.ended == 1 and checks.is_through(run)):
            break
    else:
        outcome.faults.append("the run ended before it could be struck")
    if outcome.ended is None:
        outcome.faults.append(f"it did not end within {_ENDING:g} s after {one.signal.name}")
        run.process.kill()
    elif outcome.ended not in (130, -int(one.signal)):
        outcome.faults.append(f"it ended with {outcome.ended}: {run.said[-1500:]}")
    outcome.faults += checks.nothing_lives(lab)
    outcome.faults += afterwards(lab, run, deeply=one.phase in _DEEP)
    outcome.seconds = round(time.monotonic() - began, 1)
    return outcome


def afterwards(lab: Lab, killed: Run | None, *, deeply: bool = False) -> list[str]:
    """What is wrong with the next start, and after it."""
    _, faults = checks.next_start(lab, killed)
    return [*faults, *checks.nothing_lives(lab), *checks.everything_is_whole(lab, deeply=deeply)]


def _run_until(lab: Lab, one: Strike, seconds: float) -> tuple[Run, bool]:
    phase = BY_NAME[one.phase]
    phase.forget(lab)
    run = lab.start()
    if not wait_for(phase, run):
        return run, False
    end = time.monotonic() + seconds
    while time.monotonic() < end and run.process.poll() is None:
        time.sleep(min(0.01, max(end - time.monotonic(), 0)))
    alive = run.process.poll() is None
    run.kill(one.signal, group=one.group)
    return run, alive
