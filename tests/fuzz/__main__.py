"""`python -m tests.fuzz`: all readers, each in a process of its own with bounds, guided by coverage (atheris)."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.readers import READERS, Reader, by_name

LONGEST_INPUT = 16384  # bytes
MEMORY = 2048  # MiB of resident memory, and of a single allocation half of that
SECONDS = 20  # for one input
_DONE = re.compile(rb"Done (\d+) runs in (\d+) second")
_RUNS = re.compile(rb"stat::number_of_executed_units:\s*(\d+)")


def main() -> int:
    options = _options()
    chosen = [by_name(name) for name in options.reader] or list(READERS)
    whole = sum(reader.share for reader in chosen)
    total, failures, rows = 0, [], []
    began = time.monotonic()
    options.findings.mkdir(parents=True, exist_ok=True)
    for reader in chosen:
        runs = max(int(options.iterations * reader.share / whole) + 1, 20)
        left = options.seconds - (time.monotonic() - began)
        done, seconds, trouble = _run(reader, runs, max(left, 1.0), options)
        total += done
        rows.append(
            {"reader": reader.name, "runs": done, "seconds": round(seconds, 1), "per_second": round(done / seconds)}
        )
        print(
            f"{reader.name:18} {done:9,} runs  {seconds:6.1f} s  {done / seconds:9,.0f}/s  {trouble or 'ok'}",
            flush=True,
        )
        if trouble:
            failures.append(reader.name)
    print(f"{'all':18} {total:9,} runs  {time.monotonic() - began:6.1f} s  {len(failures)} readers with findings")
    if options.json:
        options.json.write_text(json.dumps({"total": total, "failures": failures, "readers": rows}, indent=1))
    if total < options.iterations and not failures:
        print(f"stopped after {options.seconds} s, before all {options.iterations:,} iterations")
        return 2
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--iterations", type=int, default=1_000_000, metavar="N", help="over all readers together")
    parser.add_argument("--seconds", type=float, default=1800.0, metavar="S", help="stop after this time in any case")
    parser.add_argument("--reader", action="append", default=[], metavar="NAME", help="only this one (repeatable)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed tries the same inputs")
    parser.add_argument("--findings", type=Path, default=Path(".fuzz"), metavar="DIR", help="where inputs that fail go")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures as JSON")
    parser.add_argument("--list", action="store_true", help="the readers' names")
    options = parser.parse_args()
    if options.list:
        print("\n".join(reader.name for reader in READERS))
        raise SystemExit(0)
    return options


def _run(reader: Reader, runs: int, seconds: float, options: argparse.Namespace) -> tuple[int, float, str]:
    """Executions, seconds, and what was found ("" for nothing)."""
    with tempfile.TemporaryDirectory(prefix="wrongarch-corpus-") as corpus:
        for number, seed in enumerate(reader.seeds()):
            (Path(corpus) / f"seed-{number}").write_bytes(seed)
        prefix = options.findings / f"{reader.name}-"
        words = [
            f"-runs={runs}",
            f"-seed={options.seed}",
            f"-max_len={LONGEST_INPUT}",
            f"-rss_limit_mb={MEMORY}",
            f"-timeout={SECONDS}",
            f"-max_total_time={int(seconds) + 1}",
            f"-artifact_prefix={prefix}",
            "-print_final_stats=1",
            corpus,
        ]
        began = time.monotonic()
        argv = [sys.executable, "-m", "tests.fuzz.guided", reader.name, *words]
        log = options.findings / f"{reader.name}.log"
        with log.open("wb") as out:
            code = subprocess.run(argv, stdout=out, stderr=out, check=False, timeout=seconds + 120).returncode
        took = time.monotonic() - began
    said = log.read_bytes()
    count = _DONE.search(said) or _RUNS.search(said)
    done = int(count[1]) if count else 0
    if code == 0 and count:
        log.unlink()
        return done, took, ""
    return done, took, f"exit {code}, see {log}"


if __name__ == "__main__":
    raise SystemExit(main())
