"""Real runs, killed: the short form of `python -m tests.faults`, which strikes more often, and in other ways too."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.faults import phases
from tests.faults.lab import Lab, lab
from tests.faults.plans import Strike
from tests.faults.strikes import strike

STRIKES = (
    Strike(1, "build", 0.6, signal.SIGKILL, False),
    Strike(2, "tests", 0.35, signal.SIGKILL, True),
    Strike(3, "tests", 0.65, signal.SIGTERM, False),
    Strike(4, "tests", 0.9, signal.SIGINT, True),
)


@pytest.fixture(scope="module")
def place(pinned: None) -> Iterator[Lab]:
    with lab(warm=True, planted=True) as made:
        yield made


@pytest.fixture(scope="module")
def durations(place: Lab) -> dict[str, float]:
    """How long the parts of a run take that nothing happens to."""
    run = place.start()
    found = phases.measure(run, warm=True)
    assert run.wait(0) == 1, run.said
    return found


@pytest.mark.parametrize("one", STRIKES, ids=lambda one: one.words)
def test_a_kill_leaves_nothing_and_loses_nothing(place: Lab, durations: dict[str, float], one: Strike) -> None:
    assert strike(place, one, durations).faults == []
