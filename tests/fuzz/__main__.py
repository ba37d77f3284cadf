"""`python -m tests.fuzz`: all readers, each in a process of its own with bounds, guided by coverage (atheris).

libFuzzer changes inputs by what of our code they reached. For that our code is instrumented as it is imported, once;
each reader is then fuzzed in a fork, as libFuzzer ends the process that it runs in.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import signal
import sys
import time
from collections import deque
from pathlib import Path
from typing import NamedTuple

import atheris

with atheris.instrument_imports(include=["wrongarch", "tomllib"], enable_loader_override=False):
    from tests.fuzz.places import Place, make
    from tests.fuzz.readers import READERS, Reader, by_name

LONGEST_INPUT = 16384  # bytes
MEMORY = 1024  # MiB of resident memory
SECONDS = 20  # for one input
_DONE = re.compile(rb"Done (\d+) runs in \d+ second|stat::number_of_executed_units:\s*(\d+)")


class Job(NamedTuple):
    """A reader under way: its process, its output, since when, and its files."""

    reader: Reader
    pid: int
    log: Path
    began: float
    place: Path


class Row(NamedTuple):
    """What came of a reader; `trouble` is "" where nothing was found."""

    reader: str
    runs: int
    seconds: float
    trouble: str

    @property
    def words(self) -> str:
        rate = self.runs / max(self.seconds, 0.1)
        return f"{self.reader:18} {self.runs:9,} runs  {self.seconds:6.1f} s  {rate:9,.0f}/s  {self.trouble or 'ok'}"


def main() -> int:
    options = _options()
    chosen = [by_name(name) for name in options.reader] or list(READERS)
    began = time.monotonic()
    options.findings.mkdir(parents=True, exist_ok=True)
    rows = list(_all(chosen, options, began + options.seconds))
    total, bad = sum(row.runs for row in rows), [row.reader for row in rows if row.trouble]
    spent = time.monotonic() - began
    print(f"{'all':18} {total:9,} runs  {spent:6.1f} s  {len(bad)} of {len(rows)} readers with findings")
    if options.json:
        document = {"total": total, "seconds": round(spent, 1), "readers": [row._asdict() for row in rows]}
        options.json.write_text(json.dumps(document, indent=1))
    if total < options.iterations and not bad:
        print(f"stopped after {options.seconds:g} s, before all {options.iterations:,} iterations")
        return 2
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--iterations", type=int, default=1_000_000, metavar="N", help="over all readers together")
    parser.add_argument("--seconds", type=float, default=2400.0, metavar="S", help="stop after this time in any case")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N", help="readers at a time")
    parser.add_argument("--reader", action="append", default=[], metavar="NAME", help="only this one (repeatable)")
    parser.add_argument("--seed", type=int, default=1, help="where chance begins")
    parser.add_argument("--findings", type=Path, default=Path(".fuzz"), metavar="DIR", help="where inputs that fail go")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures as JSON")
    parser.add_argument("--list", action="store_true", help="the readers' names")
    options = parser.parse_args()
    if options.list:
        print("\n".join(reader.name for reader in READERS))
        raise SystemExit(0)
    return options


def _all(readers: list[Reader], options: argparse.Namespace, end: float) -> list[Row]:
    """Fuzz them, some at a time. No reader may use up the time of those that come after it."""
    whole = sum(reader.share for reader in readers)
    todo, running, rows = deque(readers), list[Job](), list[Row]()
    while todo or running:
        while todo and len(running) < options.jobs:
            reader = todo.popleft()
            runs = max(int(options.iterations * reader.share / whole) + 1, 20)
            left = max((end - time.monotonic()) * options.jobs / (len(todo) + len(running) + 1), 1.0)
            running.append(_start(reader, runs, left, options))
        pid, status = os.wait()
        job = next(job for job in running if job.pid == pid)
        running.remove(job)
        rows.append(_row(job, os.waitstatus_to_exitcode(status)))
        print(rows[-1].words, flush=True)
    return rows


def _start(reader: Reader, runs: int, seconds: float, options: argparse.Namespace) -> Job:
    log = options.findings / f"{reader.name}.log"
    began, place = time.monotonic(), make()
    pid = os.fork()
    if pid == 0:
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(descriptor, stream)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 60, int(seconds) + 70))
        signal.alarm(int(seconds) + 120)  # even where it hangs without using a CPU
        _fuzz(reader, runs, seconds, options, place)
    return Job(reader, pid, log, began, place)


def _fuzz(reader: Reader, runs: int, seconds: float, options: argparse.Namespace, place: Path) -> None:
    """Never returns."""
    Place.given = place

    def once(data: bytes) -> None:
        try:
            reader.read(data)
        except reader.allowed:
            return

    corpus = place / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(reader.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = [
        f"-runs={runs}",
        f"-seed={options.seed}",
        f"-max_len={LONGEST_INPUT}",
        f"-rss_limit_mb={MEMORY}",
        f"-timeout={SECONDS}",
        f"-max_total_time={int(seconds) + 1}",
        f"-artifact_prefix={options.findings / reader.name}-",
        "-print_final_stats=1",
        str(corpus),
    ]
    atheris.Setup([sys.argv[0], *words], once)
    atheris.Fuzz()


def _row(job: Job, code: int) -> Row:
    shutil.rmtree(job.place, ignore_errors=True)
    said = job.log.read_bytes()
    counts = [int(first or second) for first, second in _DONE.findall(said)]
    trouble = "" if code == 0 and counts else f"exit {code}, see {job.log}"
    if not trouble:
        job.log.unlink()
    return Row(job.reader.name, max(counts, default=0), round(time.monotonic() - job.began, 1), trouble)


if __name__ == "__main__":
    raise SystemExit(main())
