"""The jobs of a pipeline: what a matrix expands to, before any forge comes into it."""

from __future__ import annotations

import msgspec

from wrongarch.pipelines.model import Matrix

PLAN, REPORT, GATE = "plan", "report", "gate"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One combination of the axes. `suite` "": all of the recipe's; `cpu`, `emulator` and `engine` "": the default."""

    arch: str
    recipe: str
    suite: str = ""
    cpu: str = ""
    emulator: str = ""
    engine: str = ""

    def key(self) -> tuple[str, ...]:
        """What makes it a cell of its own."""
        return (self.arch, self.recipe, self.suite, self.cpu, self.emulator, self.engine)


class ImageJob(msgspec.Struct, frozen=True, kw_only=True):
    """Downloads all that the tests of a recipe on an arch need, and builds their image. `lock`: the lock's digest.

    `builds`: whether the test jobs that follow build the program, so that what compilers made can be kept for the next.
    """

    id: str
    arch: str
    recipe: str
    lock: str
    builds: bool = False


class TestJob(msgspec.Struct, frozen=True, kw_only=True):
    """One shard (`number` of `of`) of a cell, on a machine of its own.

    `timeout` in minutes; `runner` is GitHub's label, `tags` are GitLab's. `allowed` is the reason why it may fail,
    "" where it may not. `image` is the id of the job that goes before.
    """

    __test__ = False  # keeps pytest from collecting it

    id: str
    cell: Cell
    number: int
    of: int
    timeout: int
    runner: str
    tags: tuple[str, ...]
    image: str
    allowed: str = ""

    @property
    def shard(self) -> str:
        """As `--shard` has it, "" for all tests."""
        return f"{self.number}/{self.of}" if self.of > 1 else ""


class Pipeline(msgspec.Struct, frozen=True, kw_only=True):
    """All jobs, in the order of the matrix."""

    matrix: Matrix
    images: tuple[ImageJob, ...]
    tests: tuple[TestJob, ...]

    def find(self, job: str) -> ImageJob | TestJob | None:
        """A job by its id."""
        every: list[ImageJob | TestJob] = [*self.images, *self.tests]
        return next((one for one in every if one.id == job), None)

    def image(self, group: Group) -> ImageJob:
        """The job that goes before those of a group."""
        return next(image for image in self.images if image.id == group.image)

    def machines(self, job: TestJob) -> str:
        """Where a job runs, on each forge that there is a pipeline for."""
        github, gitlab = self.matrix.github, self.matrix.gitlab
        runner = f"a runner tagged {', '.join(job.tags)}" if job.tags else "a runner"
        if not gitlab.image:
            inside = f"{runner} without an image"
        else:
            inside = f"{gitlab.image} on {runner}" if job.tags else gitlab.image
        forges = [(github.enabled, f"{job.runner} (GitHub)"), (gitlab.enabled, f"{inside} (GitLab)")]
        return " or ".join(words for enabled, words in forges if enabled) or "no forge"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Test jobs that differ in nothing that a forge has to know, few enough for one of its matrices."""

    id: str
    image: str
    runner: str
    tags: tuple[str, ...]
    engine: str
    timeout: int
    allowed: str
    jobs: tuple[str, ...]


def grouped(pipeline: Pipeline, most: int) -> tuple[Group, ...]:
    """The test jobs in groups of at most `most`; a group that is too large comes in several, `-2` and so on."""
    together: dict[tuple[object, ...], list[TestJob]] = {}
    for job in pipeline.tests:
        key = (job.image, job.runner, job.tags, job.cell.engine, job.timeout, job.allowed)
        together.setdefault(key, []).append(job)
    bases = {_base(jobs[0]) for jobs in together.values()}
    used: set[str] = set()
    groups: list[Group] = []
    for jobs in together.values():
        for begin in range(0, len(jobs), most):
            name = _unused(_base(jobs[0]), bases, used)
            groups.append(_group(name, jobs[begin : begin + most]))
    return tuple(groups)


def _base(job: TestJob) -> str:
    return "test-" + job.image.removeprefix("image-")


def _unused(base: str, bases: set[str], used: set[str]) -> str:
    """`base`, or with the first number behind it that makes it one that nobody has or will have."""
    name, number = base, 1
    while name in used or (number > 1 and name in bases):
        number += 1
        name = f"{base}-{number}"
    used.add(name)
    return name


def _group(name: str, jobs: list[TestJob]) -> Group:
    first = jobs[0]
    return Group(
        id=name,
        image=first.image,
        runner=first.runner,
        tags=first.tags,
        engine=first.cell.engine,
        timeout=first.timeout,
        allowed=first.allowed,
        jobs=tuple(job.id for job in jobs),
    )
