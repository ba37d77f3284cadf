"""The parts of a run, by what is seen of them on disk; and how to make a run go through one of them again."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Callable
from typing import NamedTuple

from tests.faults.lab import Lab, Run
from wrongarch.paths import remove_tree

_PATIENCE = 400.0  # seconds until a phase has to come


class Phase(NamedTuple):
    """`begun` says whether a run is in it (or past it); `forget` makes the next run go through it."""

    name: str
    begun: Callable[[Run], bool]
    forget: Callable[[Lab], None]


def _there(pattern: str) -> Callable[[Run], bool]:
    return lambda run: next(run.lab.cache.glob(pattern), None) is not None


def _without(*names: str) -> Callable[[Lab], None]:
    def forget(lab: Lab) -> None:
        for name in names:
            remove_tree(lab.cache / name)

    return forget


def _nothing_built(lab: Lab) -> None:
    shutil.rmtree(lab.project / ".wrongarch/builds", ignore_errors=True)


def _in_folder(name: str) -> Callable[[Run], bool]:
    return lambda run: run.folder is not None and (run.folder / name).exists()


PHASES = (
    Phase("download", _there("downloads/*/*.partial"), _without("downloads", "emulators")),
    Phase("emulator", _there("emulators/*.tmp-*/package"), _without("emulators")),
    Phase("toolbox", _there("toolboxes/*.tmp-*"), _without("toolboxes", "images")),
    Phase("image", _there("images/*.tmp-*/root/var"), _without("images")),
    Phase(
        "build",
        lambda run: next(run.lab.project.glob(".wrongarch/builds/*/*/*/build.log"), None) is not None,
        _nothing_built,
    ),
    Phase("tests", _in_folder("intent.json"), lambda _: None),
    Phase("capsules", _in_folder("capsules"), _without("frames")),
)
BY_NAME = {phase.name: phase for phase in PHASES}


def wait_for(phase: Phase, run: Run) -> bool:
    """Wait until a run has come to a phase; False if it ended before."""
    end = time.monotonic() + _PATIENCE
    while not phase.begun(run):
        if run.process.poll() is not None:
            return phase.begun(run)
        assert time.monotonic() < end, f"no {phase.name} in {_PATIENCE:g} s:\n{run.said[-2000:]}"
        time.sleep(0.005)
    return True


def measure(run: Run, *, warm: bool = False) -> dict[str, float]:
    """How long each phase of a run takes, in seconds: until the next one begins, the last two until its end.

    A `warm` run does not go through all of them.
    """
    begun: dict[str, float] = {}
    while run.process.poll() is None:
        for phase in PHASES:
            if phase.name not in begun and phase.begun(run):
                begun[phase.name] = time.monotonic()
        time.sleep(0.02)
    end = time.monotonic()
    missing = [phase.name for phase in PHASES if phase.name not in begun]
    assert not missing or warm, f"{missing} not seen:\n{run.said[-2000:]}"
    names = [phase.name for phase in PHASES if phase.name in begun]
    until = {name: begun[after] for name, after in itertools.pairwise(names)}
    until["tests"] = until["capsules"] = end
    return {name: max(until.get(name, end) - begun[name], 0.05) for name in names}
