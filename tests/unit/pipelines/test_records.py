from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from tests.support.samples import summary
from wrongarch.errors import UntrustedInput
from wrongarch.pipelines import places, records
from wrongarch.pipelines.jobs import Cell
from wrongarch.pipelines.records import Index, JobRecord
from wrongarch.runs.model import Result, RunDocument


def record(job: str = "arm-jsc-all", **more: object) -> JobRecord:
    values = {"job": job, "cell": Cell(arch="arm", recipe="jsc"), "shard": "", "exit_code": 0, "seconds": 1.0, **more}
    return JobRecord(**values)  # type: ignore[arg-type]  # its fields


def record_with(**more: object) -> str:
    return msgspec.json.encode(record(**more)).decode()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    (folder / "log").mkdir(parents=True)
    (folder / "capsules").mkdir()
    results = (Result(suite="s", test="a", mode="m", status="failed", log=1),)
    document = RunDocument(summary=summary(counts={"failed": 1}), results=results)
    (folder / "results.json").write_bytes(msgspec.json.encode(document))
    (folder / "junit.xml").write_text("<testsuites/>")
    (folder / "log" / "1.txt").write_text("head\n\nbad\n")
    return folder


def test_what_a_job_leaves_is_collected(tmp_path: Path, run: Path) -> None:
    folder = records.keep(tmp_path, record(exit_code=1), run)
    records.keep(tmp_path, record("arm-other", error="no network", exit_code=4), None)
    assert {one.name for one in folder.iterdir()} == {"job.json", "results.json", "junit.xml", "log"}
    first, second = records.collect(tmp_path / places.RESULTS)
    assert first.document is not None
    assert (first.record.exit_code, first.document.results[0].id) == (1, "s/a [m]")
    assert (second.record.error, second.document) == ("no network", None)
    records.clear(tmp_path, "arm-jsc-all")
    assert len(list(records.collect(tmp_path / places.RESULTS))) == 1


def test_logs_are_kept_as_far_as_there_is_room(tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_MOST_LOGS", 20)
    (run / "log" / "2.txt").write_text("x" * 30)
    folder = records.keep(tmp_path, record(), run)
    assert [one.name for one in (folder / "log").iterdir()] == ["1.txt"]


def test_capsules_are_listed_with_their_hashes(tmp_path: Path, run: Path) -> None:
    assert records.keep_capsules(tmp_path / places.CAPSULES, record(), run, {}).capsules == ()
    assert not (tmp_path / places.CAPSULES).exists()
    (run / "capsules" / "a.tar.zst").write_bytes(b"one")
    (run / "capsules" / "notes.txt").write_bytes(b"two")
    index = records.keep_capsules(tmp_path / places.CAPSULES, record(), run, {"a.tar.zst": ("s/a [m]",)})
    (capsule,) = index.capsules
    assert (capsule.name, capsule.size, capsule.tests) == ("a.tar.zst", 3, ("s/a [m]",))
    assert capsule.sha256 == hashlib.sha256(b"one").hexdigest()
    folder = tmp_path / places.CAPSULES
    assert msgspec.json.decode((folder / places.INDEX).read_bytes(), type=Index) == index
    assert {one.name for one in folder.iterdir()} == {"a.tar.zst", "index.json"}


def test_capsules_of_one_test_are_found_by_it(run: Path) -> None:
    tests_of = {"a.tar.zst": ("s/a [m]",), "run.tar.zst": ("s/a [m]", "s/b [m]"), "gone.tar.zst": ("s/c [m]",)}
    for name in ("a.tar.zst", "run.tar.zst"):
        (run / "capsules" / name).touch()
    assert records.capsules_in(places.CAPSULES, run, tests_of) == {"s/a [m]": ".wrongarch/capsules/a.tar.zst"}


@pytest.mark.parametrize("text", ["{", '{"job": 1}', record_with(capsules={"t": "a\n"})])
def test_damage_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x" / "job.json"
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(UntrustedInput, match=r"job\.json is damaged"):
        list(records.collect(tmp_path))


def test_a_record_in_the_wrong_place(tmp_path: Path) -> None:
    records.keep(tmp_path, record(), None)
    folder = tmp_path / places.RESULTS
    (folder / "arm-jsc-all").rename(folder / "other")
    with pytest.raises(UntrustedInput, match="of another job"):
        list(records.collect(folder))
