"""The file of the history: opened, written at the end of a run, set aside where it is damaged.

Many processes may write at once: SQLite's write-ahead log lets readers read on, and writers wait for each other.
Nothing that happens here makes a run fail: what is wrong is given back as a sentence.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from wrongarch.errors import MachineError, UsageError, WrongarchError
from wrongarch.paths import locked
from wrongarch.runs.folder import HOME
from wrongarch.runs.history import schema
from wrongarch.runs.model import Intent, Result, RunDocument, Status

FILE = "history.sqlite"
NATIVE = "native"
"""Stands for the emulator of a run that had none."""
_PATIENCE = 30.0  # seconds to wait for other writers
_KEPT = 200  # runs for each recipe and arch; a run with 10,000 tests takes about half a megabyte
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_WORST: tuple[Status, ...] = (
    "lost", "failed", "unexpected-pass", "flaky", "expected-failure", "passed", "skipped",
)  # fmt: skip

_T = TypeVar("_T")


def file_of(project: Path) -> Path:
    """Where the history of a project is."""
    return project / HOME / FILE


def emulator_of(intent: Intent) -> str:
    """The version of the emulator of a run, NATIVE for none."""
    return intent.emulator.version if intent.emulator is not None else NATIVE


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """The file, made or migrated where needed. Raises sqlite3.Error, and UsageError for one of a newer version."""
    connection = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        schema.migrate(connection)
        yield connection
    finally:
        connection.close()


def guarded(file: Path, action: Callable[[sqlite3.Connection], _T]) -> tuple[_T | None, str]:
    """What `action` gives, and a sentence where something was wrong; a damaged file is set aside, and it runs again."""
    words = ""
    for _ in range(2):
        try:
            with opened(file) as connection:
                return action(connection), words
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
                return None, f"the history {file} is left out: {error}"
            try:
                words = _set_aside(file, error) or words
            except (OSError, WrongarchError) as trouble:
                return None, f"the history {file} is damaged, and cannot be set aside: {trouble}"
        except (UsageError, OSError) as error:
            return None, f"the history {file} is left out: {error}"
    return None, words


def _set_aside(file: Path, why: Exception) -> str:
    """Rename a damaged file, unless another process was faster; what to tell about it."""
    with locked(file.with_name(f"{file.name}.lock")):
        if _is_sound(file):
            return ""
        aside = file.with_name(f"{file.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}")
        file.rename(aside)
        for suffix in ("-wal", "-shm"):  # they belong to it, and would spoil the new one
            with suppress(FileNotFoundError):
                file.with_name(file.name + suffix).rename(aside.with_name(aside.name + suffix))
    return f"the history was damaged ({why}); it is now {aside.name}, and a new one was begun"


def _is_sound(file: Path) -> bool:
    try:
        with opened(file) as connection:
            return bool(connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False


def record(project: Path, document: RunDocument) -> str:
    """Keep a run that has ended; the same run again replaces it. A sentence where that did not work, "" else."""
    file = file_of(project)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return guarded(file, lambda connection: _write(connection, document))[1]
    except (OSError, MachineError) as error:
        return f"the history {file} is left out: {error}"


def _write(connection: sqlite3.Connection, document: RunDocument) -> None:
    intent = document.summary.intent
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("DELETE FROM runs WHERE run = ?", (intent.run,))
        run = _insert_run(connection, document)
        rows = list(_cases(document.results))
        connection.executemany(
            "INSERT INTO tests (recipe, test) VALUES (?, ?) ON CONFLICT DO NOTHING",
            ((intent.recipe, name) for name, *_ in rows),
        )
        connection.executemany(
            "INSERT INTO results (run, test, status, seconds, attempts)"
            " SELECT ?, id, ?, ?, ? FROM tests WHERE recipe = ? AND test = ?",
            ((run, status, seconds, attempts, intent.recipe, name) for name, status, seconds, attempts in rows),
        )
        _forget_old(connection, intent)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _insert_run(connection: sqlite3.Connection, document: RunDocument) -> int:
    summary, intent = document.summary, document.summary.intent
    values = (
        intent.run, intent.started, intent.recipe, intent.arch, emulator_of(intent), intent.cpu or "", intent.engine,
        summary.state, intent.jobs, intent.planned, summary.executed, summary.elapsed, int(summary.red),
    )  # fmt: skip
    cursor = connection.execute(
        "INSERT INTO runs (run, started, recipe, arch, emulator, cpu, engine, state, jobs, planned, executed, elapsed,"
        " red) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    return int(cursor.lastrowid or 0)


def _cases(results: Iterable[Result]) -> Iterator[tuple[str, Status, float, int]]:
    """(id, status, seconds, attempts) of each command: of its points the worst counts, and their times together."""
    found: dict[str, tuple[Status, float, int]] = {}
    for result in results:
        status, seconds, attempts = found.get(result.case_id, ("skipped", 0.0, 1))
        worst = min(status, result.status, key=_WORST.index)
        found[result.case_id] = (worst, seconds + result.seconds, max(attempts, result.attempts))
    for name, (status, seconds, attempts) in found.items():
        yield name, status, round(seconds, 4), attempts


def _forget_old(connection: sqlite3.Connection, intent: Intent) -> None:
    connection.execute(
        "DELETE FROM runs WHERE recipe = ?1 AND arch = ?2 AND id NOT IN"
        " (SELECT id FROM runs WHERE recipe = ?1 AND arch = ?2 ORDER BY started DESC, id DESC LIMIT ?3)",
        (intent.recipe, intent.arch, _KEPT),
    )
