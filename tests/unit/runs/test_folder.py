from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.samples import intent, summary
from wrongarch.errors import MachineError, UntrustedInput, UsageError
from wrongarch.runs.folder import RunFolder, count, read_events, read_run, run_path
from wrongarch.runs.junit import junit_xml
from wrongarch.runs.model import Result, RunDocument


def result(test: str, status: str = "passed", **fields: object) -> Result:
    return Result(suite="s", test=test, mode="m", status=status, **fields)  # type: ignore[arg-type]  # its fields


def started(project: Path, label: str = "jsc-arm") -> RunFolder:
    folder = RunFolder.create(project, label)
    folder.begin(intent(run=folder.id))
    return folder


def test_everything_is_there_before_anything_starts(tmp_path: Path) -> None:
    folder = started(tmp_path)
    assert folder.path.parent == tmp_path / ".wrongarch/runs"
    assert json.loads((folder.path / "intent.json").read_text())["arch"] == "arm"
    assert (tmp_path / ".wrongarch/runs/latest").resolve() == folder.path
    assert [event.kind for event in read_events(folder.path)] == ["started"]


def test_latest_names_the_last_run(tmp_path: Path) -> None:
    started(tmp_path)
    second = started(tmp_path)
    assert run_path(tmp_path) == second.path


def test_a_folder_called_latest_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".wrongarch/runs/latest/mine").mkdir(parents=True)
    started(tmp_path)
    assert (tmp_path / ".wrongarch/runs/latest/mine").is_dir()
    assert not list((tmp_path / ".wrongarch/runs").glob("latest.tmp*"))


def test_runs_are_found_by_id_beginning_and_path(tmp_path: Path) -> None:
    folder = started(tmp_path)
    assert run_path(tmp_path, folder.id) == folder.path
    assert run_path(tmp_path, folder.id[:-3]) == folder.path
    assert run_path(Path("/nowhere"), str(folder.path)) == folder.path
    other = started(tmp_path)
    with pytest.raises(UsageError, match="fits 2 runs") as caught:
        run_path(tmp_path, "20")
    assert other.id in caught.value.fix
    with pytest.raises(UsageError, match="no run 'x'"):
        run_path(tmp_path, "x")
    with pytest.raises(UsageError, match="no run 'latest'") as caught:
        run_path(Path("/nowhere"))
    assert "wrongarch test arm" in caught.value.fix


def test_a_killed_run_is_read_from_its_events(tmp_path: Path) -> None:
    folder = started(tmp_path)
    folder.event("result", result=result("b", seconds=2.0))
    folder.event("result", result=result("a", "failed", message="m"))
    with (folder.path / "events.jsonl").open("ab") as events:
        events.write(b'{"at":3.0,"kind":"result","result":{"suite":"s","te')  # the kill
    document = read_run(folder.path)
    assert [one.test for one in document.results] == ["a", "b"]
    assert document.summary.state == "running"
    assert (document.summary.counts["passed"], document.summary.counts["failed"]) == (1, 1)
    assert (document.summary.executed, document.summary.process_seconds) == (2, 2.0)


def test_events_are_newer_than_results_of_a_running_run(tmp_path: Path) -> None:
    folder = started(tmp_path)
    running = summary(state="running", counts=count([]))
    folder.publish(RunDocument(summary=running, results=()), junit_xml(running, ()))
    folder.event("result", result=result("a"))
    assert len(read_run(folder.path).results) == 1


def test_a_run_killed_between_its_last_event_and_its_results(tmp_path: Path) -> None:
    folder = started(tmp_path)
    folder.event("result", result=result("a"))
    folder.event("ended", summary=summary(diagnosis="all fine"))
    assert read_run(folder.path).summary.diagnosis == "all fine"


def test_a_finished_run_is_read_from_its_results(tmp_path: Path) -> None:
    folder = started(tmp_path)
    document = RunDocument(summary=summary(), results=(result("a"),))
    folder.publish(document, junit_xml(document.summary, document.results))
    folder.close()
    folder.event("late")  # nothing happens to what is closed
    assert read_run(folder.path) == document


def test_what_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not the folder of a run"):
        read_run(tmp_path)


@pytest.mark.parametrize("name", ["results.json", "intent.json", "events.jsonl"])
def test_damaged_files_are_named(tmp_path: Path, name: str) -> None:
    folder = started(tmp_path)
    (folder.path / name).write_bytes(b"{}\n{}\n")
    with pytest.raises(UntrustedInput, match=name):
        read_run(folder.path)


@given(st.binary(max_size=100))
def test_any_events_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = started(tmp_path_factory.mktemp("run"))
    (folder.path / "events.jsonl").write_bytes(raw)
    try:
        read_run(folder.path)
    except UntrustedInput as error:
        assert "line" in error.what


def test_logs_are_numbered(tmp_path: Path) -> None:
    folder = started(tmp_path)
    assert [folder.log(b"one"), folder.log(b"two")] == [1, 2]
    assert folder.log_path(2).read_bytes() == b"two"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / ".wrongarch").write_text("a file")
    with pytest.raises(MachineError, match="cannot make the run folder"):
        RunFolder.create(tmp_path, "x")


def test_a_full_disk_is_an_error_of_the_machine(tmp_path: Path) -> None:
    folder = started(tmp_path)

    class Full:
        def write(self, _raw: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    folder._events = Full()  # type: ignore[assignment]  # a disk cannot be filled in a unit test
    with pytest.raises(MachineError, match="is full"):
        folder.event("result", result=result("a"))
