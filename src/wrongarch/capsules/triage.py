"""Find out by experiment what a failure is due to: repeat it, change one thing at a time, count."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from wrongarch.capsules import board, compare, read
from wrongarch.capsules.compare import Comparison
from wrongarch.capsules.conditions import Condition, conditions
from wrongarch.capsules.manifest import Test
from wrongarch.capsules.repro import Options, replay_unpacked
from wrongarch.capsules.unpacked import Unpacked, unpacked
from wrongarch.capsules.verdict import Row, Verdict, decide
from wrongarch.engines.base import Engine
from wrongarch.errors import InternalError, Interrupted, UntrustedInput, WrongarchError

_FEW = 3
_UNAVAILABLE = ("unable to find CPU model", "Unable to find CPU definition", "unknown CPU")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much to try: `times` under the recorded conditions, and under the others if it turns out to be flaky.

    `budget` bounds the seconds spent on one condition, `board` is "user@host" of a machine of the arch, "" for none.
    """

    times: int = 10
    budget: float = 300.0
    board: str = ""
    jobs: int = 0


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment with its verdict."""

    capsule: str
    test: str
    arch: str
    engine: str
    recorded: str
    message: str
    verdict: Verdict
    rows: tuple[Row, ...]


def triage(
    file: Path,
    options: Options,
    engine: Engine,
    plan: Plan,
    *,
    progress: read.Progress = lambda *_: None,
    on_step: Callable[[str, int, int], None] = lambda *_: None,
    on_row: Callable[[Row], None] = lambda _: None,
) -> Triage:
    """Make the experiment on one test of a capsule.

    `on_step` hears of each run (condition, done, total), `on_row` of each condition that is done. Raises what
    `repro.replay` raises for the capsule itself; what goes wrong under one condition stands in its row.
    """
    with unpacked(file, progress) as capsule:
        test = capsule.manifest.find(options.test)
        jobs = plan.jobs or len(os.sched_getaffinity(0))
        bench = _Laboratory(capsule, test, engine, msgspec.structs.replace(plan, jobs=jobs), on_step)
        rows: list[Row] = []
        wanted = conditions(capsule.manifest, test, options, engine=engine.name, board=plan.board)
        for condition in wanted:
            rows.append(bench.row(condition, rows))
            on_row(rows[-1])
        host = capsule.manifest.host
        return Triage(
            capsule=capsule.manifest.name,
            test=test.id,
            arch=capsule.manifest.arch,
            engine=engine.name,
            recorded=compare.ending_words(test.seen),
            message=test.seen.message,
            verdict=decide(rows, f"Linux {host.kernel}, {host.cpu}, {host.cpus} CPUs, {host.memory} MiB"),
            rows=tuple(rows),
        )


class _Laboratory:
    """Runs conditions of one experiment."""

    def __init__(
        self, capsule: Unpacked, test: Test, engine: Engine, plan: Plan, on_step: Callable[[str, int, int], None]
    ) -> None:
        self._capsule = capsule
        self._test = test
        self._engine = engine
        self._plan = plan
        self._on_step = on_step

    def row(self, condition: Condition, before: list[Row]) -> Row:
        """Try one condition."""
        empty = Row(name=condition.name, kind=condition.kind, version=condition.version)
        begun = time.monotonic()
        try:
            if condition.board:
                runs = self._times(before)
                return board.row(self._capsule, self._test, condition.board, runs, empty)
            return self._replayed(condition, empty, self._times(before), begun)
        except (Interrupted, InternalError, UntrustedInput):
            raise
        except WrongarchError as error:
            return msgspec.structs.replace(empty, note=error.what)

    def _times(self, before: list[Row]) -> int:
        """As often as the recorded conditions where these do not always come out alike; else a few times will do."""
        if not before:
            return self._plan.times
        base = before[0]
        each = base.seconds / base.runs if base.runs else 0.0
        affordable = max(2, int(self._plan.budget / each)) if each else self._plan.times
        few = self._plan.times if base.state == "sometimes" else _FEW
        return min(few, affordable, self._plan.times)

    def _replayed(self, condition: Condition, empty: Row, times: int, begun: float) -> Row:
        stop = _Stop(self._plan.budget, begun)

        def on_run(done: int, _: Comparison) -> None:
            self._on_step(condition.name, done, times)

        first = msgspec.structs.replace(condition.options, times=1, test=self._test.id)
        report = replay_unpacked(self._capsule, first, self._engine, on_run=on_run)
        comparisons = list(report.comparisons)
        left = min(times - 1, stop.affordable())
        if left > 0 and not _unavailable(comparisons[0]):
            more = msgspec.structs.replace(first, times=left, jobs=self._plan.jobs)
            comparisons += replay_unpacked(self._capsule, more, self._engine, on_run=on_run).comparisons
        row = msgspec.structs.replace(
            empty,
            emulator=report.emulator,
            cpu=report.cpu,
            seconds=round(time.monotonic() - begun, 2),
            note=report.note,
        )
        return counted(row, comparisons)


class _Stop:
    """How many more runs a budget of seconds allows, from how long the first one took."""

    def __init__(self, budget: float, begun: float) -> None:
        self._budget = budget
        self._begun = begun

    def affordable(self) -> int:
        spent = max(time.monotonic() - self._begun, 0.001)
        return max(1, int((self._budget - spent) / spent)) if spent < self._budget else 0


def counted(row: Row, comparisons: list[Comparison]) -> Row:
    """A row with these runs in it."""
    if any(_unavailable(one) for one in comparisons):
        return msgspec.structs.replace(row, note="this QEMU does not have that CPU model")
    failed_to_run = [one for one in comparisons if one.likeness == "not run"]
    if failed_to_run:
        return msgspec.structs.replace(row, note=f"it could not be run: {failed_to_run[0].message}")
    different = next((one for one in comparisons if one.likeness == "different failure"), None)
    return msgspec.structs.replace(
        row,
        same=sum(one.likeness == "reproduced" for one in comparisons),
        other=sum(one.likeness == "different failure" for one in comparisons),
        passed=sum(one.likeness == "not reproduced" for one in comparisons),
        message=different.message if different is not None else "",
    )


def _unavailable(one: Comparison) -> bool:
    return any(words in one.message or words in one.diff for words in _UNAVAILABLE)
