"""What killed runs left, settled by the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.samples import intent, summary
from wrongarch.recipes.suites.junit import read_junit
from wrongarch.runs.folder import RunFolder, count, read_events, read_run
from wrongarch.runs.history.queries import past_runs
from wrongarch.runs.junit import junit_xml
from wrongarch.runs.model import Result, RunDocument
from wrongarch.runs.settle import settle


def result(test: str, status: str = "passed") -> Result:
    return Result(suite="s", test=test, mode="m", status=status)  # type: ignore[arg-type]  # one of its words


def under_way(project: Path) -> RunFolder:
    folder = RunFolder.create(project, "jsc-arm")
    folder.generated.mkdir()
    folder.begin(intent(run=folder.id))
    folder.event("result", result=result("b"))
    folder.event("result", result=result("a", "failed"))
    return folder


def settled(project: Path) -> list[str]:
    said: list[str] = []
    settle(project, said.append)
    return said


def test_a_killed_run_gets_its_last_files_and_is_told_of(tmp_path: Path) -> None:
    run = under_way(tmp_path)
    (run.path / "capsules").mkdir()
    (run.path / "capsules" / ".a.tar.zst.tmp-77-0123456789ab").mkdir()
    (run.path / "results.json.tmp-77-0123456789ab").touch()
    with (run.path / "events.jsonl").open("ab") as events:
        events.write(b'{"at":3.0,"kind":"result","resu')
    run.close()
    (line,) = settled(tmp_path)
    assert f"{run.id} was killed after 2 of 4 tests" in line
    assert "wrongarch test arm --recipe jsc --emulator 10.0" in line
    document = read_run(run.path)
    assert document.summary.state == "interrupted"
    assert [one.test for one in document.results] == ["a", "b"]
    assert [event.kind for event in read_events(run.path)] == ["started", "result", "result", "ended"]
    assert len(read_junit((run.path / "junit.xml").read_bytes())[0]) == 2
    assert sorted(file.name for file in run.path.iterdir()) == [
        "capsules", "events.jsonl", "intent.json", "junit.xml", "results.json"
    ]  # fmt: skip
    assert list((run.path / "capsules").iterdir()) == []
    past = past_runs(tmp_path, recipe="jsc", arch="arm")
    assert [(one.run, one.state, one.bad) for one in past] == [(run.id, "interrupted", 1)]
    assert settled(tmp_path) == []


def test_a_run_that_is_under_way_is_left_alone(tmp_path: Path) -> None:
    run = under_way(tmp_path)
    before = sorted(run.path.rglob("*"))
    assert settled(tmp_path) == []
    assert sorted(run.path.rglob("*")) == before
    run.event("result", result=result("c"))
    assert len(read_run(run.path).results) == 3


def test_a_run_that_was_killed_after_its_end_is_only_tidied_up(tmp_path: Path) -> None:
    run = under_way(tmp_path)
    ended = summary(intent=intent(run=run.id), counts=count([]))
    run.event("ended", summary=ended)
    run.publish(RunDocument(summary=ended, results=()), junit_xml(ended, ()))
    run.close()
    before = (run.path / "results.json").read_bytes()
    assert settled(tmp_path) == []
    assert (run.path / "results.json").read_bytes() == before
    assert not run.generated.exists()
    (run.path / "capsules" / ".a.tar.zst.tmp-77-0123456789ab").mkdir(parents=True)  # an interrupt lets go of it
    assert settled(tmp_path) == []
    assert list((run.path / "capsules").iterdir()) == []


@pytest.mark.parametrize("published", [False, True])
def test_a_run_whose_disk_was_full_at_its_end_gets_its_last_files(published: bool, tmp_path: Path) -> None:
    run = under_way(tmp_path)
    if published:
        before = summary(intent=intent(run=run.id), state="running")
        run.publish(RunDocument(summary=before, results=()), junit_xml(before, ()))
    run.event("ended", summary=summary(intent=intent(run=run.id), state="broken"))
    run.close()
    (line,) = settled(tmp_path)
    assert f"{run.id} ended before it could write its last files" in line
    assert read_run(run.path).summary.state == "broken"
    assert len(read_junit((run.path / "junit.xml").read_bytes())[0]) == 2
    assert [event.kind for event in read_events(run.path)] == ["started", "result", "result", "ended"]
    assert [one.run for one in past_runs(tmp_path, recipe="jsc", arch="arm")] == [run.id]
    assert not run.generated.exists()
    assert settled(tmp_path) == []


def test_a_folder_in_which_nothing_had_begun_goes_away(tmp_path: Path) -> None:
    first, second = RunFolder.create(tmp_path, "a"), RunFolder.create(tmp_path, "b")
    first.generated.mkdir()
    (first.path.parent / "mine").mkdir()
    (first.path.parent / "mine/notes").touch()
    (first.path.parent / "latest.tmp-x").symlink_to(first.id)
    first.close()
    second.close()
    assert settled(tmp_path) == []
    assert [entry.name for entry in first.path.parent.iterdir()] == ["mine"]


def test_damage_is_told_and_stops_nothing(tmp_path: Path) -> None:
    run = under_way(tmp_path)
    (run.path / "events.jsonl").write_bytes(b"nonsense\n")
    run.close()
    (line,) = settled(tmp_path)
    assert run.id in line
    assert "damaged" in line


def test_a_new_folder_takes_another_name_when_a_settler_is_faster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".wrongarch/runs").mkdir(parents=True)
    real, made = Path.mkdir, list[Path]()

    def mkdir(self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        real(self, mode, parents, exist_ok)
        if self.parent.name == "runs":
            made.append(self)
            if len(made) == 1:
                settle(tmp_path, print)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    run = RunFolder.create(tmp_path, "a")
    assert made[1:] == [run.path]
    assert not made[0].exists()
    assert run.path.is_dir()
