"""The tables of the history, and how a file of an older version becomes one of ours.

`PRAGMA user_version` counts the migrations that a file has seen. They are only ever appended to.
"""

from __future__ import annotations

import sqlite3

from wrongarch.errors import UsageError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL UNIQUE,
        started TEXT NOT NULL,
        recipe TEXT NOT NULL,
        arch TEXT NOT NULL,
        emulator TEXT NOT NULL,
        cpu TEXT NOT NULL,
        engine TEXT NOT NULL,
        state TEXT NOT NULL,
        jobs INTEGER NOT NULL,
        planned INTEGER NOT NULL,
        executed INTEGER NOT NULL,
        elapsed REAL NOT NULL
    );
    CREATE TABLE tests (
        id INTEGER PRIMARY KEY,
        recipe TEXT NOT NULL,
        test TEXT NOT NULL,
        UNIQUE (recipe, test)
    );
    CREATE TABLE results (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        test INTEGER NOT NULL REFERENCES tests (id),
        status TEXT NOT NULL,
        seconds REAL NOT NULL,
        PRIMARY KEY (run, test)
    ) WITHOUT ROWID;
    CREATE INDEX runs_by_kind ON runs (recipe, arch, started);
    """,
    """
    ALTER TABLE results ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE runs ADD COLUMN red INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX results_by_test ON results (test);
    """,
)
VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an open file (in autocommit mode) to our version, in one transaction; another process may do the same.

    Raises UsageError for a file of a newer wrongarch.
    """
    if _version(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _version(connection)  # another process may have been faster
        if found > VERSION:
            raise UsageError(
                f"the history is of version {found}, from a newer wrongarch; this one knows {VERSION}",
                fix="use that wrongarch, or remove .wrongarch/history.sqlite",
            )
        for script in MIGRATIONS[found:]:
            for statement in script.split(";"):  # executescript(3) would end the transaction
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
