"""What an engine adds to the time of a test: the same commands in the sandbox, in docker and in podman.

    python benchmarks/engines.py [--arch arm] [--tests 40] [--rounds 3] [--engine docker] [--output FILE]

A session of each engine is open all the time. Each test of the stress suite runs in every session, one right after the
other and in an order that changes each round, with as many at once as a run has workers, so that a busy machine is as
busy for all of them. Compared are the commands' own wall times, as the runs have them in their results: the ratio to
the sandbox for each test and round, of which the median is printed, and that of the sums.

The daemons are the tests' own (as root); `--engine` limits it to one. Limit (of the project's definition of done): 5 %.
Prints a table; exit code 1 if the limit is passed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.daemons import Docker, Podman, folder_for
from wrongarch.cli import ground as words
from wrongarch.cli.progress import Progress
from wrongarch.engines.base import Command, Mount, Session, SessionSpec
from wrongarch.runs.pipeline import default_jobs

LIMIT = 0.05
DAEMONS = {"docker": Docker, "podman": Podman}
SUITE = Path(__file__).parents[1] / "ci/recipes/jsc/stress"
INSIDE = "/wrongarch/suites/stress"


@contextmanager
def opened(engine: str, arch: str) -> Iterator[Session]:
    """A session of the engine in the image of jsc for `arch`, with a daemon of its own where it needs one."""
    with ExitStack() as stack:
        if engine in DAEMONS:
            daemon = DAEMONS[engine](stack.enter_context(folder_for(engine)))
            stack.callback(daemon.stop)
            os.environ.update(daemon.env)
        wanted = words.Words(arch=arch, recipe="jsc", engine=engine)
        with Progress() as progress:
            ground = words.ground(wanted, words.choose(wanted, Path.cwd()), progress)
        spec = SessionSpec(
            arch=ground.arch,
            root=ground.root,
            emulator=ground.emulator,
            cpu=ground.cpu,
            mounts=(Mount(source=SUITE, target=INSIDE),),
        )
        yield stack.enter_context(ground.engine.open(spec))


def together(session: Session, file: str, jobs: int) -> float:
    """The wall time of a test in seconds, the mean of `jobs` executions of it at once."""
    argv = ("/usr/bin/jsc", f"{INSIDE}/{file}")
    command = Command(argv=argv, timeout=300, memory=2 << 30, processes=256)
    outcomes = [future.result() for future in [session.submit(command) for _ in range(jobs)]]
    if any(outcome.reason != "exit" for outcome in outcomes):
        raise SystemExit(f"{file}: {outcomes}")
    return statistics.mean(outcome.seconds for outcome in outcomes)


def measure(engines: tuple[str, ...], options: argparse.Namespace) -> dict[str, list[list[float]]]:
    """Seconds of each test in each round, by engine."""
    there = sorted(str(file.relative_to(SUITE)) for file in SUITE.rglob("*/*.js"))
    files = there[:: max(len(there) // options.tests, 1)][: options.tests]
    with ExitStack() as stack:
        sessions = {engine: stack.enter_context(opened(engine, options.arch)) for engine in engines}
        for session in sessions.values():
            together(session, files[0], options.jobs)  # the page cache is warm for all of them
        found: dict[str, list[list[float]]] = {engine: [] for engine in engines}
        for number in range(options.rounds):
            for row in found.values():
                row.append([])
            for at, file in enumerate(files):
                first = (number + at) % len(engines)
                for engine in (*engines[first:], *engines[:first]):
                    found[engine][-1].append(together(sessions[engine], file, options.jobs))
    return found


def show(found: dict[str, list[list[float]]]) -> bool:
    """Print the table; whether the limit held."""
    base = found["sandbox"]
    held = True
    for engine, rounds in found.items():
        if engine == "sandbox":
            continue
        pairs = [
            (one, other) for row, own in zip(base, rounds, strict=True) for one, other in zip(row, own, strict=True)
        ]
        median = statistics.median(other / one for one, other in pairs) - 1
        total = sum(other for _, other in pairs) / sum(one for one, _ in pairs) - 1
        within = abs(median) <= LIMIT
        held &= within
        print(
            f"{engine:8} {len(pairs)} pairs: median {100 * median:+.1f} %, sum {100 * total:+.1f} %"
            f"  of {100 * LIMIT:.0f} %{'' if within else '  PASSED THE LIMIT'}"
        )
    return held


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--arch", default="arm")
    parser.add_argument("--tests", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=default_jobs())
    parser.add_argument("--engine", action="append", choices=sorted(DAEMONS))
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    found = measure(("sandbox", *(options.engine or sorted(DAEMONS))), options)
    if options.output:
        options.output.write_text(json.dumps(found, indent=1) + "\n")
    return 0 if show(found) else 1


if __name__ == "__main__":
    sys.exit(main())
