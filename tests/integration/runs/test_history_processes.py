"""The history under several processes at once, and under processes that are killed."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.support.documents import document, result
from wrongarch.runs.history import queries
from wrongarch.runs.history.store import file_of, record

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
from pathlib import Path
from tests.support.documents import document, result
from wrongarch.runs.history.store import record
project, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for number in range(first, first + count):
    trouble = record(project, document([result(f"t{i}") for i in range(200)], number=number))
    print(trouble or "kept", flush=True)
"""


def start(project: Path, first: int, count: int) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", WRITER, str(project), str(first), str(count)]
    return subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_several_writers(tmp_path: Path) -> None:
    writers = [start(tmp_path, 100 * number, 10) for number in range(5)]
    said = [writer.communicate(timeout=120)[0].split() for writer in writers]
    assert said == [["kept"] * 10] * 5
    assert len(queries.past_runs(tmp_path, recipe="jsc", arch="arm")) == 50
    assert_sound(tmp_path)


def test_several_writers_meet_a_damaged_file(tmp_path: Path) -> None:
    record(tmp_path, document([result("a")]))
    file_of(tmp_path).write_bytes(b"this is no database\n" * 1000)
    writers = [start(tmp_path, 100 * number, 5) for number in range(4)]
    said = "".join(writer.communicate(timeout=120)[0] for writer in writers)
    assert said.count("was damaged") == 1, said
    assert len(list(file_of(tmp_path).parent.glob("*.damaged-*[0-9]"))) == 1
    assert len(queries.past_runs(tmp_path, recipe="jsc", arch="arm")) == 20
    assert_sound(tmp_path)


def test_killed_writers_leave_whole_runs(tmp_path: Path) -> None:
    chance = random.Random(5)
    for number in range(6):
        writer = start(tmp_path, 1000 * number, 1000)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.2))
        writer.kill()
        writer.communicate()
    assert_sound(tmp_path)
    assert record(tmp_path, document([result("a")], number=9000)) == ""


def assert_sound(project: Path) -> None:
    """Nothing is damaged, and no run is there by half."""
    with closing(sqlite3.connect(file_of(project))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        halves = (
            "SELECT runs.run FROM runs LEFT JOIN results ON results.run = runs.id"
            " GROUP BY runs.id HAVING count(results.test) < executed"
        )
        assert connection.execute(halves).fetchall() == []
