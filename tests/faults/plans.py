"""Which fault strikes when: the same for the same seed, spread over all phases."""

from __future__ import annotations

import random
import signal
from collections.abc import Collection
from typing import NamedTuple

from tests.faults.phases import PHASES

# Of a hundred strikes, where a run has all phases. Images take longest to make again; in tests and capsules most of a
# user's time is spent.
WEIGHTS = {"download": 14, "emulator": 12, "toolbox": 6, "image": 10, "build": 18, "tests": 22, "capsules": 18}
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
"""SIGKILL more often: nothing of ours runs after it."""


class Strike(NamedTuple):
    """A signal at a share (0 to 1) of a phase, to the main process or to its group."""

    number: int
    phase: str
    share: float
    signal: signal.Signals
    group: bool

    @property
    def words(self) -> str:
        whom = "the group" if self.group else "the process"
        return f"{self.number}: {self.signal.name} to {whom} at {self.share:.0%} of {self.phase}"


def strikes(count: int, seed: int, among: Collection[str] = WEIGHTS) -> list[Strike]:
    """`count` strikes, sorted by phase so that less has to be made again; only in the phases `among`."""
    chance = random.Random(seed)
    phases = _phases(count, chance, {name: weight for name, weight in WEIGHTS.items() if name in among})
    made = []
    for phase in (phase.name for phase in PHASES):
        number = phases.count(phase)
        # one in each part of the phase, somewhere in it
        for part in range(number):
            share = (part + chance.random()) / number
            made.append((phase, share, chance.choice(SIGNALS), chance.random() < 0.5))
    return [Strike(number, *one) for number, one in enumerate(made, 1)]


def _phases(count: int, chance: random.Random, weights: dict[str, int]) -> list[str]:
    """Each phase by its weight; what is left over by chance."""
    whole = sum(weights.values())
    found = [name for name, weight in weights.items() for _ in range(count * weight // whole)]
    return found + chance.choices(list(weights), list(weights.values()), k=count - len(found))
