"""A whole test run: build, plan, run, prove, record."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import msgspec

from wrongarch.errors import TestsFailed, UsageError
from wrongarch.paths import remove_tree
from wrongarch.recipes.reading import Recipe
from wrongarch.recipes.suites.base import Places
from wrongarch.recipes.suites.kinds import kind_of
from wrongarch.runs import durations
from wrongarch.runs.building import Build, Ground, built
from wrongarch.runs.execution import Execution, Setup
from wrongarch.runs.expectations import Expectations
from wrongarch.runs.folder import RunFolder
from wrongarch.runs.keeper import Keeper, Nobody
from wrongarch.runs.model import RED, STATUSES, Options, RunDocument
from wrongarch.runs.observer import Observer
from wrongarch.runs.plan import make_plan, parse_shard, select_suites
from wrongarch.runs.settle import settle


class RunResult(msgspec.Struct, frozen=True, kw_only=True):
    """A finished run: everything in `document`, and the folder it was written to."""

    document: RunDocument
    folder: Path

    @property
    def red(self) -> bool:
        """Whether the run failed."""
        return self.document.summary.red

    def require_green(self) -> None:
        """Raise TestsFailed, in one sentence, if the run is red."""
        summary = self.document.summary
        if not summary.red:
            return
        bad = [name for name in STATUSES if name in RED or (name == "flaky" and summary.intent.options.strict_flaky)]
        words = [f"{summary.counts[name]} {name}" for name in bad if summary.counts[name]]
        words += [f"proof of {proof.name} broken" for proof in summary.proofs if not proof.held]
        what = f"{summary.intent.recipe} on {summary.intent.arch}: {', '.join(words) or summary.state}"
        raise TestsFailed(what, fix=f"results: {self.folder}", detail=summary.diagnosis)


def default_jobs() -> int:
    """One worker for each CPU that we may use."""
    return len(os.sched_getaffinity(0))


def run_tests(
    recipe: Recipe,
    ground: Ground,
    options: Options,
    *,
    project: Path,
    observer: Observer,
    other_emulators: Sequence[str] = (),
    explain_loader: Callable[[Path, Path], str] | None = None,
    keeper: Keeper | None = None,
) -> RunResult:
    """Build `recipe` where needed and run its tests on `ground`; whether it is green is for the caller to ask.

    `project` is the folder that holds `.wrongarch/`. `other_emulators` are versions to suggest where the program does
    not start on this one; `explain_loader` gets the program and the root, and says what the program lacks to start.
    `keeper` is told of failures while the session is open.
    Raises UsageError for options that select nothing, TestsFailed for a build that fails, MachineError when the engine
    breaks, and Interrupted on Ctrl-C or SIGTERM: the last two after writing down all that is known.
    """
    jobs = _jobs(options)
    parse_shard(options.shard)
    suites = select_suites(recipe.contents.suites, options.suites, ground.arch.name)
    seconds = _seconds(options, recipe, ground)
    with _terminated_as_interrupted(), built(recipe, ground, project=project, observer=observer, jobs=jobs) as build:
        settle(project, observer.note)
        folder = RunFolder.create(project, f"{recipe.name}-{ground.arch.name}")
        try:
            places = _places(recipe, folder, build)
            program, arch = recipe.contents.program, ground.arch.name
            version = ground.emulator.version if ground.emulator else None
            expectations = Expectations(recipe.contents.expected, arch=arch, cpu=ground.cpu, emulator=version)
            kinds = {suite.name: kind_of(suite, places, program, arch) for suite in suites}
            plan = make_plan(kinds, options, expectations, seconds)
        except BaseException:
            remove_tree(folder.path)  # nothing was started: leave no empty run behind
            raise
        setup = Setup(
            recipe=recipe,
            ground=ground,
            options=options,
            plan=plan,
            expectations=expectations,
            build=build,
            jobs=jobs,
            other_emulators=tuple(other_emulators),
            explain_loader=explain_loader,
            keeper=keeper or Nobody(),
        )
        document = Execution(setup, folder, observer).execute()
        return RunResult(document=document, folder=folder.path)


def _seconds(options: Options, recipe: Recipe, ground: Ground) -> Mapping[str, float]:
    """How long tests took before, where that is asked for. A file that is named has to be there."""
    if not options.durations:
        return {}
    file = Path(options.durations)
    if not file.is_file():
        raise UsageError(f"there is no file {file} with durations", fix="leave --durations out, or correct the path")
    return durations.read(file).of(recipe.name, ground.arch.name)


def _jobs(options: Options) -> int:
    if options.jobs is not None and options.jobs < 1:
        raise UsageError(f"{options.jobs} is no number of workers", fix="give --jobs 1 or more, or leave it out")
    if not 0 < options.timeout_scale < float("inf"):
        raise UsageError(f"timeouts cannot be scaled by {options.timeout_scale}", fix="give a number above 0")
    return options.jobs or default_jobs()


def _places(recipe: Recipe, folder: RunFolder, build: Build) -> Places:
    folder.generated.mkdir()
    return Places(recipe=recipe.folder, generated=folder.generated, source=build.source, build=build.tree)


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does, with its results written. Only the main thread can ask for that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handler(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
