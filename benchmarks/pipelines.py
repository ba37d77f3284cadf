"""How long it takes to generate a pipeline of many jobs, and how evenly recorded durations divide among shards.

    .nox-bootstrap/*/bin/python benchmarks/pipelines.py [--jobs 1000] [--tests 10000] [--rounds 5]

The matrix is the project's own with its `stress` suite in many shards; durations are drawn as test suites have them
(log-normal: most tests are quick, a few take minutes), from a fixed seed. Prints a table and, with --output, JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from wrongarch.arches.lookup import image_arches
from wrongarch.cli import jobs as cli_jobs
from wrongarch.pipelines import files, reading
from wrongarch.runs.shards import divide

MATRIX = """
arches = [{arches}]
[defaults]
recipe = "jsc"
[suites.jsc]
stress = {{ shards = {shards} }}
"""


def seconds_to_generate(count: int, project: Path) -> tuple[float, int]:
    """Wall time from the text of a matrix to that of both files, and how many jobs there are in them."""
    arches = [arch.name for arch in image_arches()]
    file = project / reading.FILE
    file.parent.mkdir(exist_ok=True)
    listed = ", ".join(f'"{name}"' for name in arches)
    file.write_text(MATRIX.format(arches=listed, shards=count // len(arches)))
    begun = time.perf_counter()
    pipeline = cli_jobs.expanded(reading.read(file), file, project)
    files.contents(pipeline)
    return time.perf_counter() - begun, len(pipeline.tests)


def imbalance(tests: int, shards: int) -> tuple[float, float]:
    """How much longer the slowest shard takes than the mean (a ratio minus 1), and the seconds to divide."""
    draw = random.Random(20261125)  # noqa: S311 - nothing secret
    seconds = {f"stress/t{number}.js [default]": draw.lognormvariate(0.0, 1.2) for number in range(tests)}
    ids = sorted(seconds)
    begun = time.perf_counter()
    parts = divide(ids, seconds, shards)
    spent = time.perf_counter() - begun
    loads = [sum(seconds[ids[index]] for index in part) for part in parts]
    return max(loads) / statistics.mean(loads) - 1, spent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--tests", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = [seconds_to_generate(words.jobs, Path(folder)) for _ in range(words.rounds)]
    times, count = [one[0] for one in measured], measured[0][1]
    listed = " ".join(f"{one:.3f}" for one in times)
    print(f"generate {count} jobs: median {statistics.median(times):.3f} s, first {times[0]:.3f} s  ({listed})")
    shown = {}
    for shards in (4, 16, 64, 100):
        over, spent = imbalance(words.tests, shards)
        shown[shards] = over
        print(
            f"divide {words.tests} tests in {shards:3}: slowest shard {100 * over:.3f} % over the mean ({spent:.3f} s)"
        )
    if words.output:
        facts = {"jobs": count, "generate_seconds": times, "tests": words.tests, "over_mean": shown}
        words.output.write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
