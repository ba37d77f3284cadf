"""The history: what goes in comes out, whatever state its file is in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.documents import document, result
from wrongarch.runs import durations
from wrongarch.runs.history import queries, schema
from wrongarch.runs.history.store import file_of, opened, record
from wrongarch.runs.model import RED, STATUSES, Options
from wrongarch.runs.shards import divide


def test_without_a_file_there_are_no_answers(tmp_path: Path) -> None:
    assert queries.durations(tmp_path).tests == {}
    assert queries.flakes(tmp_path) == []
    assert queries.past_runs(tmp_path, recipe="jsc", arch="arm") == []
    assert queries.outcomes(tmp_path, ["x"], recipe="jsc", arch="arm") == {}
    assert queries.expected_seconds(tmp_path, ["x"], recipe="jsc", arch="arm", emulator="10.0", jobs=1) == 0
    assert not file_of(tmp_path).exists()


def test_durations_are_in_the_form_that_shards_want(tmp_path: Path) -> None:
    first = document([result("a", seconds=2.0), result("b", seconds=1.0), result("c", "skipped"), result("d", "lost")])
    second = document([result("a", seconds=4.0)], number=2)
    other = document([result("a", seconds=9.0)], number=3, arch="mips")
    assert [record(tmp_path, one) for one in (first, second, other)] == ["", "", ""]
    assert queries.durations(tmp_path).tests == {
        "jsc arm": {"stress/a [default]": 3.0, "stress/b [default]": 1.0},
        "jsc mips": {"stress/a [default]": 9.0},
    }
    written = tmp_path / "durations.json"
    durations.write(queries.durations(tmp_path), written)
    assert durations.read(written) == queries.durations(tmp_path)
    seconds = durations.read(written).of("jsc", "arm")
    assert divide(["stress/a [default]", "stress/b [default]", "new"], seconds, 2) == [[0], [1, 2]]


def test_points_of_one_command_are_one_test(tmp_path: Path) -> None:
    points = [
        result("a", "passed", 1.0, point="one"),
        result("a", "flaky", 2.0, point="two", attempts=2),
        result("a", "skipped", 0.0, point="three"),
    ]
    record(tmp_path, document(points))
    assert queries.durations(tmp_path).of("jsc", "arm") == {"stress/a [default]": 3.0}
    assert queries.outcomes(tmp_path, ["stress/a [default]"], recipe="jsc", arch="arm") == {
        "stress/a [default]": ["flaky"]
    }


def test_the_same_run_again_replaces_it(tmp_path: Path) -> None:
    record(tmp_path, document([result("a", "failed"), result("b")], state="interrupted"))
    record(tmp_path, document([result("a"), result("b"), result("c")]))
    [run] = queries.past_runs(tmp_path, recipe="jsc", arch="arm")
    assert (run.state, run.red, run.executed, run.bad) == ("finished", False, 3, 0)
    assert queries.outcomes(tmp_path, ["stress/a [default]"], recipe="jsc", arch="arm") == {
        "stress/a [default]": ["passed"]
    }


def test_flakes(tmp_path: Path) -> None:
    seen = [("flaky", "passed"), ("passed", "flaky"), ("failed", "flaky"), ("skipped", "passed")]
    for number, (a, b) in enumerate(seen):
        results = [result("a", a), result("b", b), result("c")]  # type: ignore[arg-type]  # statuses
        record(tmp_path, document(results, number=number))
    found = queries.flakes(tmp_path)
    assert [(one.test, one.runs, one.flaky, one.failed) for one in found] == [
        ("stress/b [default]", 4, 2, 0),
        ("stress/a [default]", 3, 1, 1),
    ]
    assert [one.rate for one in found] == [0.5, 1 / 3]
    assert (found[0].recipe, found[0].arch, found[0].emulator) == ("jsc", "arm", "10.0")
    assert queries.flakes(tmp_path, recipes=["quickjs"]) == []
    assert len(queries.flakes(tmp_path, most=1)) == 1


def test_flakes_of_another_emulator_are_counted_apart(tmp_path: Path) -> None:
    record(tmp_path, document([result("a", "flaky")], number=1))
    record(tmp_path, document([result("a")], number=2, emulator=None))
    [found] = queries.flakes(tmp_path)
    assert (found.emulator, found.runs) == ("10.0", 1)


def test_past_runs_and_outcomes_have_the_oldest_first(tmp_path: Path) -> None:
    for number in (3, 1, 2):
        status = "failed" if number == 2 else "passed"
        record(tmp_path, document([result("a", status, seconds=number)], number=number))  # type: ignore[arg-type]
    runs = queries.past_runs(tmp_path, recipe="jsc", arch="arm")
    assert [run.elapsed for run in runs] == [0.5, 1.0, 1.5]
    assert [(run.red, run.bad) for run in runs] == [(False, 0), (True, 1), (False, 0)]
    assert [run.elapsed for run in queries.past_runs(tmp_path, recipe="jsc", arch="arm", most=2)] == [1.0, 1.5]
    named = queries.outcomes(tmp_path, ["stress/a [default]", "unknown"], recipe="jsc", arch="arm")
    assert named == {"stress/a [default]": ["passed", "failed", "passed"], "unknown": []}


def test_expected_seconds(tmp_path: Path) -> None:
    record(tmp_path, document([result("a", seconds=10), result("b", seconds=2), result("c", seconds=2)]))
    ids = [f"stress/{name} [default]" for name in "abc"]

    def expected(ids: list[str], jobs: int = 1, emulator: str = "10.0") -> float:
        return queries.expected_seconds(tmp_path, ids, recipe="jsc", arch="arm", emulator=emulator, jobs=jobs)

    assert expected(ids) == 14
    assert expected([*ids, "new"]) == 16  # the median
    assert expected(ids, jobs=4) == 10  # no shorter than the longest
    assert expected(["new", "newer", ids[0]]) == 0  # too little is known
    assert expected(ids, emulator="7.2") == 0
    assert expected([]) == 0


def test_old_runs_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wrongarch.runs.history.store._KEPT", 3)
    for number in range(5):
        record(tmp_path, document([result("a")], number=number))
    record(tmp_path, document([result("a")], number=9, arch="mips"))
    assert len(queries.past_runs(tmp_path, recipe="jsc", arch="arm")) == 3
    assert len(queries.past_runs(tmp_path, recipe="jsc", arch="mips")) == 1
    with closing(sqlite3.connect(file_of(tmp_path))) as connection:
        assert connection.execute("SELECT count(*) FROM results").fetchone() == (4,)


def old_file(project: Path, version: int) -> None:
    """A file as an older wrongarch left it, with a run in it."""
    file = file_of(project)
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as connection:
        for script in schema.MIGRATIONS[:version]:
            connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(
            "INSERT INTO runs (run, started, recipe, arch, emulator, cpu, engine, state, jobs, planned, executed,"
            " elapsed) VALUES ('old', '2026-01-01T00:00:00+00:00', 'jsc', 'arm', '10.0', '', 'sandbox', 'finished',"
            " 1, 1, 1, 5)"
        )
        connection.execute("INSERT INTO tests (recipe, test) VALUES ('jsc', 'stress/a [default]')")
        connection.execute("INSERT INTO results (run, test, status, seconds) VALUES (1, 1, 'passed', 5.0)")
        connection.commit()


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_files_of_older_versions_are_migrated(tmp_path: Path, version: int) -> None:
    old_file(tmp_path, version)
    assert record(tmp_path, document([result("a", seconds=7.0)])) == ""
    assert queries.durations(tmp_path).tests == {"jsc arm": {"stress/a [default]": 6.0}}
    assert queries.past_runs(tmp_path, recipe="jsc", arch="arm")[0].run == "old"
    with opened(file_of(tmp_path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    record(tmp_path, document([result("a")]))
    with closing(sqlite3.connect(file_of(tmp_path))) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = file_of(tmp_path).read_bytes()
    assert "from a newer wrongarch" in record(tmp_path, document([result("a")], number=2))
    assert queries.durations(tmp_path).tests == {}
    assert file_of(tmp_path).read_bytes() == before


@pytest.mark.parametrize("damage", ["garbage", "torn", "flipped"])
def test_a_damaged_file_is_set_aside(tmp_path: Path, damage: str) -> None:
    record(tmp_path, document([result(f"test-{number}") for number in range(3000)]))
    file = file_of(tmp_path)
    whole = file.read_bytes()
    assert len(whole) > 3 * 4096
    spoilt = {
        "garbage": b"this is no database\n" * 100,
        "torn": whole[: len(whole) // 2],
        "flipped": whole[:4096] + b"\xff" * (len(whole) - 4096),
    }[damage]
    file.write_bytes(spoilt)
    words = record(tmp_path, document([result("a")], number=2))
    assert "the history was damaged" in words
    [aside] = file.parent.glob("history.sqlite.damaged-*[0-9]")
    assert aside.name in words
    assert aside.read_bytes()[:4096] == spoilt[:4096]
    assert queries.durations(tmp_path).tests == {"jsc arm": {"stress/a [default]": 1.0}}
    assert record(tmp_path, document([result("a")], number=3)) == ""


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / ".wrongarch").write_text("a file")
    assert "is left out" in record(tmp_path, document([result("a")]))
    other = tmp_path / "other"
    file_of(other).mkdir(parents=True)
    assert "is left out" in record(other, document([result("a")]))


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.floats(0, 1e6)), min_size=1, max_size=20))
def test_any_results_come_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float]]) -> None:
    project = tmp_path_factory.mktemp("any")
    results = [result(f"t{number}", status, seconds) for number, (status, seconds) in enumerate(rows)]  # type: ignore[arg-type]
    assert record(project, document(results, options=Options(strict_flaky=True))) == ""
    names = [one.case_id for one in results]
    found = queries.outcomes(project, names, recipe="jsc", arch="arm")
    assert [found[name] for name in names] == [[status] for status, _ in rows]
    [run] = queries.past_runs(project, recipe="jsc", arch="arm")
    assert run.bad == sum(status in RED for status, _ in rows)
    assert run.red == any(status in RED or status == "flaky" for status, _ in rows)


def test_a_question_says_that_the_file_was_damaged(tmp_path: Path) -> None:
    record(tmp_path, document([result("a")]))
    file_of(tmp_path).write_bytes(b"this is no database\n" * 100)
    said: list[str] = []
    assert queries.flakes(tmp_path, say=said.append) == []
    assert len(said) == 1
    assert "the history was damaged" in said[0]
