"""What a job leaves for the report: how it ended, its results, and its capsules with their hashes."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from wrongarch import documents, paths
from wrongarch.errors import UntrustedInput
from wrongarch.pipelines import places
from wrongarch.pipelines.jobs import Cell
from wrongarch.runs.folder import JUNIT, RESULTS, read_run
from wrongarch.runs.model import RunDocument

FORMAT = 1
JOB = "job.json"
_MOST_LOGS = 32 << 20  # bytes of logs that go with the results of one job
_LONGEST = 256 << 20  # bytes of a file that is read back

_Model = TypeVar("_Model")

FileName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]*\Z", max_length=200)]

Place = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._+/-]+\Z", max_length=1000)]
"""A path below the repository."""


class JobRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How one test job ended. `troubles` are failures of the infrastructure that it got over, or ended with.

    `durations` is the SHA-256 of the times its shard was made by: shards with different ones do not fit together.
    `capsules` has where the capsule of a test is, by the test's id, for those who get the job's files as they lie.
    """

    format: int = FORMAT
    job: str
    cell: Cell
    shard: str
    exit_code: int
    seconds: float
    troubles: tuple[str, ...] = ()
    error: str = ""
    durations: str = ""
    allowed: str = ""
    url: str = ""
    capsules: dict[str, Place] = {}


class CapsuleFile(msgspec.Struct, frozen=True, kw_only=True):
    """A capsule in CAPSULES: its name, size in bytes, SHA-256, and the tests in it where they are known."""

    name: FileName
    size: Annotated[int, msgspec.Meta(ge=0)]
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    tests: tuple[str, ...] = ()


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """`index.json` beside the capsules of a job. Other versions may add fields."""

    format: int = FORMAT
    job: str
    arch: str
    capsules: tuple[CapsuleFile, ...]


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a job, its results if it got that far, and the folder they are in."""

    record: JobRecord
    document: RunDocument | None
    folder: Path


def clear(project: Path, job: str) -> None:
    """Remove what an earlier try of a job left."""
    paths.remove_tree(project / places.RESULTS / job)


def keep(project: Path, record: JobRecord, run: Path | None) -> Path:
    """Copy what matters of a run to where the forge takes it from, and write the record last; the folder."""
    folder = project / places.RESULTS / record.job
    with paths.translate_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if run is not None:
            paths.write_atomically(folder / RESULTS, msgspec.json.encode(read_run(run)))
            if (run / JUNIT).is_file():
                shutil.copyfile(run / JUNIT, folder / JUNIT)
            _copy_logs(run / "log", folder / "log")
    paths.write_atomically(folder / JOB, msgspec.json.format(msgspec.json.encode(record), indent=1))
    return folder


def _copy_logs(source: Path, target: Path) -> None:
    left = _MOST_LOGS
    logs = source.glob("*.txt") if source.is_dir() else ()
    for log in sorted(logs, key=lambda log: (len(log.name), log.name)):
        left -= log.stat().st_size
        if left < 0:
            return
        target.mkdir(exist_ok=True)
        shutil.copyfile(log, target / log.name)


def capsules_in(folder: str, run: Path, tests_of: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Where the capsules of a run will be in `folder`, by the id of the one test in each; `tests_of` as below."""
    alone = {tests[0]: name for name, tests in tests_of.items() if len(tests) == 1}
    return {test: f"{folder}/{name}" for test, name in alone.items() if (run / "capsules" / name).is_file()}


def keep_capsules(folder: Path, record: JobRecord, run: Path, tests_of: dict[str, tuple[str, ...]]) -> Index:
    """Copy the capsules of a run into `folder`, with an index; nothing is written without any.

    `tests_of` has the tests of a capsule by its file name.
    """
    there = sorted(run.glob("capsules/*.tar.*"))
    found = tuple(_moved(file, folder, tests_of.get(file.name, ())) for file in there)
    index = Index(job=record.job, arch=record.cell.arch, capsules=found)
    if found:
        paths.write_atomically(folder / places.INDEX, msgspec.json.format(msgspec.json.encode(index), indent=1))
    return index


def _moved(file: Path, folder: Path, tests: tuple[str, ...]) -> CapsuleFile:
    with paths.translate_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / file.name)
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return CapsuleFile(name=file.name, size=file.stat().st_size, sha256=digest, tests=tests)


def collect(folder: Path) -> Iterator[Collected]:
    """What all jobs left in `folder`, in the order of their names. Raises UntrustedInput for what is damaged."""
    for file in sorted(folder.glob(f"*/{JOB}")):
        record = _read(file, JobRecord)
        results = file.with_name(RESULTS)
        document = _read(results, RunDocument) if results.is_file() else None
        if record.job != file.parent.name:
            raise UntrustedInput(f"{file} is the record of another job, {record.job}", fix=f"rm -r {file.parent}")
        yield Collected(record=record, document=document, folder=file.parent)


def _read(file: Path, kind: type[_Model]) -> _Model:
    if file.stat().st_size > _LONGEST:
        raise UntrustedInput(f"{file} is larger than it can be", fix=f"rm {file}")
    try:
        return documents.decode(file.read_bytes(), kind)
    except documents.DamagedError as error:
        raise UntrustedInput(f"{file} is damaged: {error}", fix=f"rm -r {file.parent}; run that job again") from error
