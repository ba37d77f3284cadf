"""What our own part costs: time over the engine's processes, memory of our process, start of the command line.

    python benchmarks/harness.py [--engine sandbox|local] [--arch arm] [--tests 1000] [--many 50000] [--output FILE]

time    `--tests` small JavaScript programs on the packaged engine of `--arch` (with `local`: small shell scripts on
        this machine). Both sides in one run: the wall time of the whole run, against the sum of the processes' own wall
        times divided by the workers; rounds alternate with a bare loop that submits the same commands and nothing else.
memory  `--many` tests of next to nothing, natively, one in fifty failing: the peak of our process, which runs nothing
        but the harness and does so in a process of its own.
start   `wrongarch --help`, median of several starts.

Limits (of the project's definition of done): 10 %, 200 MB, 0.3 s. Prints a table; exit code 1 if a limit is passed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import queue
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.local_engine import LocalEngine
from wrongarch.arches import lookup
from wrongarch.arches.model import Arch
from wrongarch.cli import ground as words
from wrongarch.cli.progress import Progress
from wrongarch.engines.base import Command, Mount, SessionSpec
from wrongarch.recipes.reading import read_recipe
from wrongarch.reports.progress import PlainProgress
from wrongarch.runs.building import Ground
from wrongarch.runs.model import Options
from wrongarch.runs.observer import Observer, Silent
from wrongarch.runs.pipeline import default_jobs, run_tests

LIMITS = {"overhead": 0.10, "peak": 200e6, "start": 0.3}
PROGRAM = "let sum = 0; for (let i = 0; i < 2000; ++i) sum += i; if (sum !== 1999000) throw new Error('sum');\n"
SCRIPT = "i=0; while [ $i -lt 4000 ]; do i=$((i + 1)); done\n"
RECIPE = """
name = "small"
program = "{program}"
[image]
packages = ["dash"]
[[suites]]
kind = "scripts"
name = "small"
folder = "tests"
pattern = ["**/*.{suffix}"]
command = ["{{program}}", "{{test}}"]
retries = 0
modes = [{modes}]
"""


def write_tests(folder: Path, program: str, count: int, text: str, modes: int = 1) -> None:
    """A recipe with `count` executions: files in folders of a hundred, each in every mode."""
    suffix = "js" if program.endswith("jsc") else "sh"
    named = ", ".join(f'{{name = "m{number}"}}' for number in range(modes))
    folder.mkdir(parents=True)
    (folder / "recipe.toml").write_text(RECIPE.format(program=program, suffix=suffix, modes=named))
    for number in range(count // modes):
        place = folder / "tests" / f"{number // 100:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number % 100:02}.{suffix}").write_text(text if number % 50 or modes == 1 else "exit 1\n")


def make_ground(engine: str, arch: Arch) -> tuple[Ground, str]:
    """Where the tests run, and the program that runs them."""
    host = lookup.host_arch()
    if engine == "local":
        return Ground(engine=LocalEngine(), root=Path("/"), arch=host, host=host), "/bin/sh"
    choice = words.choose(words.Words(arch=arch.name, recipe="jsc"), Path.cwd())
    with Progress() as progress:
        base = words.ground(words.Words(arch=arch.name, recipe="jsc"), choice, progress)
    return base, "/usr/bin/jsc"


@contextmanager
def own_cpu() -> Iterator[list[float]]:
    """The CPU seconds that this process itself spends meanwhile, appended to the list."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    spent: list[float] = []
    yield spent
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def harness_round(project: Path, ground: Ground, jobs: int, observer: Observer) -> dict[str, float]:
    """One whole run: wall time, the processes' own time, our CPU time; in seconds."""
    recipe = read_recipe(project / "recipe.toml")
    with own_cpu() as spent:
        began = time.monotonic()
        result = run_tests(recipe, ground, Options(jobs=jobs), project=project, observer=observer)
        wall = time.monotonic() - began
    summary = result.document.summary
    if summary.counts["passed"] != summary.intent.planned:
        raise SystemExit(f"the small tests failed: {summary.counts}")
    return {"wall": wall, "own": summary.process_seconds, "cpu": spent[0]}


def bare_round(project: Path, ground: Ground, program: str, jobs: int) -> dict[str, float]:
    """The same commands with nothing around them."""
    files = sorted((project / "tests").rglob("*.*"))
    spec = SessionSpec(
        arch=ground.arch,
        root=ground.root,
        emulator=ground.emulator,
        cpu=ground.cpu,
        mounts=(Mount(source=project / "tests", target="/wrongarch/suites/small"),),
    )
    ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
    own = 0.0
    with own_cpu() as spent:
        began = time.monotonic()
        with ground.engine.open(spec) as session:
            for number, file in enumerate(files):
                if number >= jobs:
                    own += ended.get().result().seconds
                inside = f"/wrongarch/suites/small/{file.relative_to(project / 'tests')}"
                command = Command(argv=(program, inside), timeout=60, memory=1 << 30, processes=256)
                session.submit(command).add_done_callback(ended.put)
            for _ in range(min(jobs, len(files))):
                own += ended.get().result().seconds
        wall = time.monotonic() - began
    return {"wall": wall, "own": own, "cpu": spent[0]}


def measure_time(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Rounds of both, alternating, since the machine may be shared."""
    ground, program = make_ground(options.engine, lookup.find(options.arch))
    project = work / "small"
    write_tests(project, program, options.tests, PROGRAM if program.endswith("jsc") else SCRIPT)
    ours, bare = [], []
    with (work / "progress.txt").open("w") as progress:  # what a CI run prints, so that it is paid for
        for _ in range(options.rounds):
            bare.append(bare_round(project, ground, program, options.jobs))
            ours.append(harness_round(project, ground, options.jobs, PlainProgress(progress)))
    overheads = [one["wall"] / (one["own"] / options.jobs) - 1 for one in ours]
    return {
        "arch": ground.arch.name,
        "program": program,
        "tests": options.tests,
        "jobs": options.jobs,
        "harness": ours,
        "bare": bare,
        "overhead": statistics.median(overheads),
        "bare_overhead": statistics.median(one["wall"] / (one["own"] / options.jobs) - 1 for one in bare),
        "cpu_per_test": statistics.median(one["cpu"] for one in ours) / options.tests,
    }


def measure_memory(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """A big run in a fresh process, which prints its own peak."""
    argv = [sys.executable, __file__, "--engine", options.engine, "--many", str(options.many), "--inside", str(work)]
    done = subprocess.run(argv, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def inside(options: argparse.Namespace, work: Path) -> None:
    """The process whose memory is measured."""
    host = lookup.host_arch()
    ground, _ = make_ground(options.engine, host)
    project = work / "many"
    write_tests(project, "/bin/sh", options.many, "exit 0\n", modes=2)
    recipe = read_recipe(project / "recipe.toml")
    began = time.monotonic()
    result = run_tests(recipe, ground, Options(jobs=options.jobs), project=project, observer=Silent())
    summary = result.document.summary
    facts = {
        "tests": summary.executed,
        "failed": summary.counts["failed"],
        "seconds": time.monotonic() - began,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "results_bytes": (result.folder / "results.json").stat().st_size,
    }
    sys.stdout.write(json.dumps(facts))


def measure_start(rounds: int = 9) -> dict[str, Any]:
    """How long `wrongarch --help` takes, in seconds."""
    program = Path(sys.executable).with_name("wrongarch")
    times = []
    for _ in range(rounds):
        began = time.monotonic()
        subprocess.run([program, "--help"], check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - began)
    return {"median": statistics.median(times), "fastest": min(times), "rounds": rounds}


def show(facts: dict[str, Any]) -> bool:
    """Print the table; whether every limit held."""
    spent, memory, start = facts["time"], facts["memory"], facts["start"]
    rows = [
        (
            f"time over the engine's own, {spent['tests']} tests of {spent['program']} on {spent['arch']}",
            f"{100 * spent['overhead']:.1f} %",
            f"{100 * LIMITS['overhead']:.0f} %",
            spent["overhead"] <= LIMITS["overhead"],
        ),
        ("  the same of a bare loop over the engine", f"{100 * spent['bare_overhead']:.1f} %", "", True),
        ("  CPU time of our process for each test", f"{1000 * spent['cpu_per_test']:.2f} ms", "", True),
        (
            f"peak memory of our process, {memory['tests']} tests in {memory['seconds']:.0f} s",
            f"{memory['peak'] / 1e6:.0f} MB",
            f"{LIMITS['peak'] / 1e6:.0f} MB",
            memory["peak"] <= LIMITS["peak"],
        ),
        ("wrongarch --help", f"{start['median']:.2f} s", f"{LIMITS['start']} s", start["median"] <= LIMITS["start"]),
    ]
    machine = facts["machine"]
    print(f"{facts['engine']} engine, {spent['jobs']} workers; {machine}")
    for name, value, limit, held in rows:
        print(f"  {name:62} {value:>9}" + (f"  of {limit}{'' if held else '  PASSED THE LIMIT'}" if limit else ""))
    return all(held for *_, held in rows)


def main() -> int:
    """Measure all three and print them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engine", choices=("sandbox", "local"), default="sandbox")
    parser.add_argument("--arch", default="arm")
    parser.add_argument("--tests", type=int, default=1000)
    parser.add_argument("--many", type=int, default=50000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=default_jobs())
    parser.add_argument("--output", type=Path)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        inside(options, options.inside)
        return 0
    with tempfile.TemporaryDirectory(prefix="harness-") as folder:
        work = Path(folder)
        facts = {
            "engine": options.engine,
            "machine": f"Linux {os.uname().release} {os.uname().machine}, {os.cpu_count()} CPUs, "
            f"Python {platform.python_version()}",
            "start": measure_start(),
            "time": measure_time(options, work),
            "memory": measure_memory(options, work),
        }
    held = show(facts)
    if options.output:
        options.output.write_text(json.dumps(facts, indent=1) + "\n")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
