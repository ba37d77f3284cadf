"""Put the results of all jobs of a pipeline together, and say whether they are whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from wrongarch import paths
from wrongarch.errors import MachineError, TestsFailed
from wrongarch.pipelines import places
from wrongarch.pipelines.jobs import Pipeline, TestJob
from wrongarch.pipelines.records import Collected
from wrongarch.reports.markdown import Row, summary
from wrongarch.runs import durations
from wrongarch.runs.junit import merged_junit


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that a pipeline left. `missing`: jobs without a record. `faults`: shards that do not fit together."""

    jobs: tuple[Collected, ...]
    missing: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 if every job that has to pass did; tests that failed count before trouble with machines."""
        codes = [one.record.exit_code for one in self.jobs if one.record.exit_code and not one.record.allowed]
        if TestsFailed.exit_code in codes:
            return TestsFailed.exit_code
        if codes:
            return codes[0]
        return MachineError.exit_code if self.missing or self.faults else 0

    def rows(self) -> list[Row]:
        """As the Markdown report has them."""
        return [row_of(one) for one in self.jobs]


def row_of(one: Collected) -> Row:
    """A job as a row of the Markdown report."""
    record = one.record
    return Row(
        name=record.job,
        arch=record.cell.arch,
        exit_code=record.exit_code,
        document=one.document,
        folder=one.folder,
        error=record.error,
        allowed=record.allowed,
        troubles=record.troubles,
        url=record.url,
        capsules=record.capsules,
    )


def judge(pipeline: Pipeline, collected: Sequence[Collected]) -> Report:
    """Compare what there is with what the matrix wants."""
    there = {one.record.job: one for one in collected}
    wanted = {job.id: job for job in pipeline.tests}
    faults = [f"{name}: the matrix has no such job" for name in there if name not in wanted]
    cells: dict[tuple[str, ...], list[Collected]] = {}
    for name, one in there.items():
        if name in wanted:
            cells.setdefault(wanted[name].cell.key(), []).append(one)
    for shards in cells.values():
        faults += _misfits(shards)
    order = {name: number for number, name in enumerate(wanted)}
    jobs = sorted(collected, key=lambda one: order.get(one.record.job, len(order)))
    missing = tuple(job.id for job in pipeline.tests if job.id not in there and not _may_miss(job))
    return Report(jobs=tuple(jobs), missing=missing, faults=tuple(faults))


def _may_miss(job: TestJob) -> bool:
    return bool(job.allowed)


def _misfits(shards: Sequence[Collected]) -> list[str]:
    """What is wrong with the shards of one cell: every test has to be in exactly one of them."""
    used = {one.record.durations for one in shards}
    names = ", ".join(one.record.job for one in shards)
    if len(used) > 1:
        return [f"{names}: divided by different durations, so tests may be missing or run twice"]
    seen: dict[tuple[str, str, str, str], str] = {}
    for one in shards:
        for result in one.document.results if one.document else ():
            other = seen.setdefault(result.key(), one.record.job)
            if other != one.record.job:
                return [f"{result.id} ran in {other} and in {one.record.job}"]
    return []


def write(report: Report, project: Path) -> str:
    """Write results.json, junit.xml, summary.md, and what was learned about durations; the Markdown."""
    folder = project / places.REPORT
    with paths.translate_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    documents = {one.record.job: one.document for one in report.jobs if one.document is not None}
    paths.write_atomically(folder / "results.json", msgspec.json.encode(report, enc_hook=str))
    paths.write_atomically(folder / "junit.xml", "".join(merged_junit(documents)))
    text = summary(report.rows(), missing=report.missing, faults=report.faults)
    paths.write_atomically(folder / "summary.md", text)
    if documents:
        file = project / places.DURATIONS
        durations.write(durations.learned(durations.read(file), documents.values()), file)
    return text
