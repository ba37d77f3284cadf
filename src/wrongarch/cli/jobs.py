"""Runs the jobs of a pipeline in this process: in a forge's job, or one after the other on a developer's machine."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import tenacity

from wrongarch import paths, process
from wrongarch.arches import lookup
from wrongarch.cli import feeding, ground
from wrongarch.cli.errors import message
from wrongarch.cli.progress import Progress
from wrongarch.cli.travel import traveller
from wrongarch.downloads import NotFoundError
from wrongarch.errors import Interrupted, MachineError, NetworkError, TestsFailed, UsageError, WrongarchError
from wrongarch.images import lock as locks
from wrongarch.images.store import BUILD_FORMAT, Image, remember
from wrongarch.pipelines import places, records
from wrongarch.pipelines.expand import expand
from wrongarch.pipelines.jobs import ImageJob, Pipeline, TestJob
from wrongarch.pipelines.merge import row_of
from wrongarch.pipelines.model import Matrix
from wrongarch.pipelines.reading import FILE, find, read
from wrongarch.pipelines.records import JobRecord
from wrongarch.pipelines.surroundings import Surroundings, detect, quoted
from wrongarch.recipes import crosses
from wrongarch.recipes.reading import Recipe
from wrongarch.recipes.sources import fetch_source
from wrongarch.reports.markdown import summary
from wrongarch.reports.summary import print_summary
from wrongarch.reports.words import one_line
from wrongarch.runs import durations
from wrongarch.runs.folder import read_run, run_path
from wrongarch.runs.model import RED, Options

TRIES = 3
_ENGINE = "sandbox"
_T = TypeVar("_T")
_USERNS = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
# cross compilers are packages of the host; forges' machines are amd64, and the same file has to come out everywhere
_CROSS_HOST = "amd64"


def load(project: Path) -> Pipeline:
    """The pipeline of the project in this folder. Raises UsageError where it has no matrix of its own."""
    file = find(project)
    if file.parent.parent != project:
        raise UsageError(f"there is no {FILE} in {project}", fix="wrongarch ci init")
    return expanded(read(file), file, project)


def expanded(matrix: Matrix, file: Path, project: Path) -> Pipeline:
    """`expand` with the locks that are found as for a run."""
    return expand(matrix, file, project, lock_digest)


def lock_digest(recipe: Recipe, arch_name: str) -> str:
    """The digest of the lock of a recipe's image. Raises UsageError that says how to make one."""
    arch = lookup.find(arch_name)
    image, image_arch = recipe.image, arch
    if not arch.has_images:
        if not recipe.contents.build.cross:
            raise crosses.not_crossed(recipe.name, arch)
        image_arch = lookup.find(_CROSS_HOST)
        image = crosses.cross_image(arch, image_arch)
    folders = ground.lock_folders(recipe)
    there = (folder for folder in folders if locks.path_of(folder, image, image_arch).exists())
    try:
        return locks.read_for(next(there, folders[0]), image, image_arch).digest
    except UsageError as error:
        words = ["wrongarch", "image", "lock", arch.name, "--recipe", recipe.name]
        raise UsageError(error.what, fix=process.pasteable(words), detail=error.detail) from error


class Runner:
    """Runs jobs, each with the tries that trouble with the network or an engine deserves; tests are never retried.

    `pause` is in seconds, before the second try. Without `alone`, capsules of each job go to a folder of its own.
    """

    def __init__(self, pipeline: Pipeline, project: Path, *, pause: float = 20.0, alone: bool = True) -> None:
        self._pipeline, self._project, self._pause, self._alone = pipeline, project, pause, alone
        self._surroundings = detect()
        self._tests_of: dict[str, tuple[str, ...]] = {}

    def run(self, job: ImageJob | TestJob) -> int:
        """Run one job; its exit code."""
        allow_namespaces(self._surroundings)
        with quoted(self._surroundings):
            if isinstance(job, ImageJob):
                return self._image(job)
            records.clear(self._project, job.id)
            record = self._test(job)
        self._tell(record)
        return record.exit_code

    def _image(self, job: ImageJob) -> int:
        cells = [one.cell for one in self._pipeline.tests if one.image == job.id]

        def build() -> None:
            words = ground.Words(arch=job.arch, recipe=job.recipe)
            choice = ground.choose(words, self._project)
            with Progress() as progress:
                image = self._have_image(choice, progress)
                for version in sorted({cell.emulator for cell in cells} - {ground.NATIVE}):
                    ground.emulator(choice.arch, choice.host, version, progress)
                fetch_source(choice.recipe)
            say(f"{choice.image.name} for {choice.image_arch.name}: sha256:{image.digest}")

        troubles: list[str] = []
        try:
            self._persist(build, troubles, self._project)
        except WrongarchError as error:
            if isinstance(error, Interrupted):
                raise
            say(message(error))
            return error.exit_code
        return 0

    def _have_image(self, choice: ground.Choice, progress: Progress) -> Image:
        """The image, from the pipeline's registry if it has one; built here, it goes there."""
        repository = self._pipeline.matrix.registry
        image = ground.image(choice, progress, repository)
        feed = feeding.feed(repository, progress.say)
        if feed is not None and choice.image_arch.platform is not None:
            reference = feed.reference(ground.find_lock(choice), choice.image_arch, BUILD_FORMAT)
            name = feed.offer(traveller(choice, image), reference, progress)
            if name:
                remember(image, name)
        return image

    def _test(self, job: TestJob) -> JobRecord:
        began, troubles = time.monotonic(), list[str]()
        before = _latest(self._project)
        code, said = 0, ""
        try:
            code = self._persist(lambda: self._once(job), troubles, self._project)
        except WrongarchError as error:
            code, said = error.exit_code, error.what
            say(message(error))
            if isinstance(error, Interrupted):
                self._record(job, before, code, said, troubles, began)
                raise
        return self._record(job, before, code, said, troubles, began)

    def _once(self, job: TestJob) -> int:
        from wrongarch.capsules.keeper import Wish
        from wrongarch.cli.test import run

        cell = job.cell
        words = ground.Words(
            arch=cell.arch,
            recipe=cell.recipe,
            emulator=cell.emulator,
            cpu=cell.cpu,
            # what a runner happens to have must not decide where tests run
            engine=cell.engine or _ENGINE,
            registry=self._pipeline.matrix.registry,
        )
        history = self._project / places.DURATIONS
        wanted = Options(
            suites=(cell.suite,) if cell.suite else (),
            shard=job.shard,
            durations=str(history) if job.of > 1 and history.is_file() else "",
            cpu=cell.cpu or None,
        )
        result, keeper = run(words, wanted, Wish())
        self._tests_of = {one.path.name: tuple(test.id for test in one.manifest.tests) for one in keeper.written}
        print_summary(result.document, result.folder, sys.stdout)
        return TestsFailed.exit_code if result.red else 0

    def _persist(self, act: Callable[[], _T], troubles: list[str], project: Path) -> _T:
        """Do it, again after a failure of the network or of the engine; what went wrong goes into `troubles`."""

        def again(error: BaseException) -> bool:
            return _is_infrastructure(error, project)

        def note(state: tenacity.RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome else None
            if isinstance(error, WrongarchError):
                troubles.append(error.what)
                say(f"{error.what}; trying again ({state.attempt_number} of {TRIES} tries failed)")

        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(again),
            stop=tenacity.stop_after_attempt(TRIES),
            wait=tenacity.wait_exponential(multiplier=self._pause, max=self._pause * 8),
            before_sleep=note,
            reraise=True,
        )(act)

    def _record(
        self, job: TestJob, before: Path | None, code: int, error: str, troubles: Sequence[str], began: float
    ) -> JobRecord:
        run = _latest(self._project)
        run = None if run == before else run
        history = self._project / places.DURATIONS
        place = places.CAPSULES if self._alone else f"{places.CAPSULES}/{job.id}"
        told: dict[str, str] = {}
        if run is not None and self._surroundings.forge != "github":  # which packs capsules apart from all else
            told = records.capsules_in(place, run, self._tests_of)
        record = JobRecord(
            job=job.id,
            cell=job.cell,
            shard=job.shard,
            exit_code=code,
            seconds=round(time.monotonic() - began, 1),
            troubles=tuple(troubles),
            error=error,
            durations=durations.digest(history) if job.of > 1 else "",
            allowed=job.allowed,
            url=self._surroundings.url,
            capsules=told,
        )
        records.keep(self._project, record, run)
        if run is not None:
            kept = records.keep_capsules(self._project / place, record, run, self._tests_of).capsules
            for one in kept:
                say(f"capsule: {place}/{one.name} ({one.size >> 10} KiB)")
            for line in replay_lines(record) if kept else ():
                say(f"to replay it: {line}")
        return record

    def _tell(self, record: JobRecord) -> None:
        folder = self._project / places.RESULTS / record.job
        for one in records.collect(folder.parent):
            if one.record.job != record.job:
                continue
            if record.exit_code:
                bad = [result for result in (one.document.results if one.document else ()) if result.status in RED]
                lines = [(f"{result.id} on {record.cell.arch}", one_line(result)) for result in bad]
                lines += [(record.job, record.error)] if record.error else []
                self._surroundings.annotate(lines, sys.stdout)
            self._surroundings.summarize(summary([row_of(one)]))


def replay_lines(record: JobRecord) -> Iterator[str]:
    """What to type for the failures of a job that left capsules: anywhere, and where its files are."""
    if record.url:
        yield process.pasteable(["wrongarch", "repro", record.url, "--arch", record.cell.arch])
    if record.capsules:
        yield process.pasteable(["wrongarch", "repro", *record.capsules.values()])


def say(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _latest(project: Path) -> Path | None:
    try:
        return run_path(project)
    except UsageError:
        return None


def _is_infrastructure(error: BaseException, project: Path) -> bool:
    """Whether it is the network, or an engine that broke under a run; a machine that can't will not be able to soon."""
    if isinstance(error, NetworkError):
        return not isinstance(error, NotFoundError)
    if not isinstance(error, MachineError):
        return False
    run = _latest(project)
    return run is not None and read_run(run).summary.state == "broken"


def allow_namespaces(surroundings: Surroundings, switch: Path = _USERNS) -> None:
    """Let ordinary users have user namespaces on a machine that a forge lent us for one job.

    Ubuntu 24.04 forbids them by AppArmor (https://discourse.ubuntu.com/t/spec-unprivileged-user-namespace-restrictions).
    On any other machine that is its owner's decision.
    """
    hosted = surroundings.forge == "github" and os.environ.get("RUNNER_ENVIRONMENT") == "github-hosted"
    if not hosted or os.geteuid() == 0:
        return
    try:
        if switch.read_text().strip() != "1":
            return
    except OSError:
        return
    line = ["sudo", "--non-interactive", "sysctl", "--write", "kernel.apparmor_restrict_unprivileged_userns=0"]
    done = process.run(line, check=False, timeout=30)
    say("user namespaces allowed on this runner" if done.code == 0 else f"could not run: {process.pasteable(line)}")


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a job of a local pipeline ended; `why` it was left out, "" if it ran."""

    job: str
    exit_code: int
    why: str = ""


def run_all(runner: Runner, pipeline: Pipeline, wanted: Sequence[TestJob], project: Path) -> list[Outcome]:
    """Images, then tests, in the order of the pipeline; a failure stops only what builds on it."""
    outcomes: list[Outcome] = []
    paths.remove_tree(project / places.RESULTS)
    paths.remove_tree(project / places.CAPSULES)
    images = [image for image in pipeline.images if any(job.image == image.id for job in wanted)]
    broken: set[str] = set()
    steps: list[ImageJob | TestJob] = [*images, *wanted]
    for number, job in enumerate(steps, 1):
        say(f"\n=== {job.id} ({number} of {len(steps)})")
        why = _left_out(job, broken)
        if why:
            say(f"left out: {why}")
            outcomes.append(Outcome(job=job.id, exit_code=0, why=why))
            continue
        code = runner.run(job)
        if code and isinstance(job, ImageJob):
            broken.add(job.id)
        outcomes.append(Outcome(job=job.id, exit_code=code))
    return outcomes


def _left_out(job: ImageJob | TestJob, broken: set[str]) -> str:
    if not isinstance(job, TestJob):
        return ""
    if job.image in broken:
        return f"{job.image} failed"
    arch, host = lookup.find(job.cell.arch), lookup.host_arch()
    if job.cell.emulator == ground.NATIVE and not lookup.runs_natively(arch, host):
        return f"it needs a machine that runs {arch.name} itself"
    return ""
