"""Questions to the history. Without a file, or with one that cannot be read, there are no answers, and no errors."""

from __future__ import annotations

import sqlite3
import statistics
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from wrongarch.runs.durations import Durations
from wrongarch.runs.history.store import file_of, guarded
from wrongarch.runs.model import State, Status

_T = TypeVar("_T")
Say = Callable[[str], None]
"""Hears what is wrong with the file."""
_NEW = 0.5  # share of the newer time: one slow machine does not turn everything around
_RECENT = 50  # runs looked at


class Flake(msgspec.Struct, frozen=True, kw_only=True):
    """How steady a test was on one arch under one emulator ("native" for none).

    Of `runs` runs in which it was executed, it passed only when tried again in `flaky`, and was red in `failed`.
    """

    recipe: str
    arch: str
    emulator: str
    test: str
    runs: int
    flaky: int
    failed: int

    @property
    def rate(self) -> float:
        """The share of runs in which it flaked, 0 to 1."""
        return self.flaky / self.runs


class PastRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run as the history has it; `started` in ISO 8601, `elapsed` in seconds, `bad` counts red results."""

    run: str
    started: str
    recipe: str
    arch: str
    emulator: str
    state: State
    red: bool
    executed: int
    elapsed: float
    bad: int
    flaky: int


def _silent(_: str) -> None:
    pass


def _ask(project: Path, action: Callable[[sqlite3.Connection], _T], nothing: _T, say: Say = _silent) -> _T:
    file = file_of(project)
    if not file.is_file():
        return nothing
    found, words = guarded(file, action)
    if words:
        say(words)
    return nothing if found is None else found


def durations(project: Path, *, say: Say = _silent) -> Durations:
    """Seconds by recipe and arch and by test id, newer times counting more, in the form that shards are balanced by.

    Runs under other emulators or CPUs count like any. `wrongarch.runs.durations.write` makes a file of them.
    """

    def read(connection: sqlite3.Connection) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        rows = connection.execute(
            "SELECT runs.recipe, arch, test.test, seconds FROM results JOIN runs ON runs.id = results.run"
            " JOIN tests AS test ON test.id = results.test WHERE status NOT IN ('skipped', 'lost')"
            " ORDER BY runs.started, runs.id"
        )
        for recipe, arch, test, seconds in rows:
            known = found.setdefault(f"{recipe} {arch}", {})
            known[test] = seconds if test not in known else round((1 - _NEW) * known[test] + _NEW * seconds, 4)
        return found

    nothing: dict[str, dict[str, float]] = {}
    return Durations(tests=_ask(project, read, nothing, say))


def expected_seconds(
    project: Path, ids: Collection[str], *, recipe: str, arch: str, emulator: str, jobs: int, say: Say = _silent
) -> float:
    """The wall time in seconds that these tests should take, 0 where too little is known of them.

    From the last runs under the same emulator; a test that is new counts as the median of those that are known.
    """

    def read(connection: sqlite3.Connection) -> dict[str, float]:
        rows = connection.execute(
            "SELECT test.test, seconds FROM results JOIN tests AS test ON test.id = results.test"
            " JOIN (SELECT id FROM runs WHERE recipe = ? AND arch = ? AND emulator = ?"
            " ORDER BY started DESC, id DESC LIMIT 5) AS run ON run.id = results.run"
            " WHERE status NOT IN ('skipped', 'lost') ORDER BY results.run",
            (recipe, arch, emulator),
        )
        return dict(rows)

    nothing: dict[str, float] = {}
    found = _ask(project, read, nothing, say)
    known = [found[one] for one in ids if one in found]
    if not ids or len(known) < len(ids) / 2:
        return 0.0
    total = sum(known) + (len(ids) - len(known)) * statistics.median(known)
    longest = max(known)
    return float(round(max(total / max(jobs, 1), longest), 3))


def flakes(project: Path, *, recipes: Collection[str] = (), most: int = 100, say: Say = _silent) -> list[Flake]:
    """Tests that flaked in recent runs, the worst first."""

    def read(connection: sqlite3.Connection) -> list[Flake]:
        rows = connection.execute(
            "SELECT run.recipe, run.arch, run.emulator, test.test, count(*), sum(status = 'flaky'),"
            " sum(status IN ('failed', 'unexpected-pass', 'lost')) AS bad FROM results"
            " JOIN (SELECT id, recipe, arch, emulator, row_number() OVER"
            " (PARTITION BY recipe, arch, emulator ORDER BY started DESC, id DESC) AS age FROM runs) AS run"
            " ON run.id = results.run JOIN tests AS test ON test.id = results.test"
            " WHERE age <= ? AND status != 'skipped'"
            " GROUP BY run.recipe, run.arch, run.emulator, test.test HAVING sum(status = 'flaky') > 0"
            " ORDER BY 1.0 * sum(status = 'flaky') / count(*) DESC, test.test",
            (_RECENT,),
        )
        names = Flake.__struct_fields__
        every = (Flake(**dict(zip(names, row, strict=True))) for row in rows)
        return [one for one in every if not recipes or one.recipe in recipes][:most]

    return _ask(project, read, [], say)


def past_runs(project: Path, *, recipe: str, arch: str, most: int = _RECENT) -> list[PastRun]:
    """The last runs of a recipe on an arch, the oldest first."""

    def read(connection: sqlite3.Connection) -> list[PastRun]:
        rows = connection.execute(
            "SELECT runs.run, started, recipe, arch, emulator, state, red, executed, elapsed,"
            " coalesce(sum(status IN ('failed', 'unexpected-pass', 'lost')), 0), coalesce(sum(status = 'flaky'), 0)"
            " FROM runs LEFT JOIN results ON results.run = runs.id WHERE recipe = ? AND arch = ?"
            " GROUP BY runs.id ORDER BY started DESC, runs.id DESC LIMIT ?",
            (recipe, arch, most),
        )
        found = [dict(zip(PastRun.__struct_fields__, row, strict=True)) for row in rows]
        return [PastRun(**{**one, "red": bool(one["red"])}) for one in reversed(found)]

    return _ask(project, read, [])


def outcomes(project: Path, tests: Iterable[str], *, recipe: str, arch: str, most: int = 20) -> dict[str, list[Status]]:
    """How each of these tests came out in the last runs, the oldest first."""

    def read(connection: sqlite3.Connection) -> dict[str, list[Status]]:
        found: dict[str, list[Status]] = {}
        for test in tests:
            rows = connection.execute(
                "SELECT status FROM results JOIN runs ON runs.id = results.run JOIN tests ON tests.id = results.test"
                " WHERE runs.recipe = ? AND arch = ? AND tests.recipe = runs.recipe AND tests.test = ?"
                " ORDER BY started DESC, runs.id DESC LIMIT ?",
                (recipe, arch, test, most),
            )
            found[test] = [status for (status,) in rows][::-1]
        return found

    return _ask(project, read, {})
