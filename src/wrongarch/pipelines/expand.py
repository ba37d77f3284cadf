"""From a matrix to its jobs: axes, include, exclude, shards; what cannot be is refused with the key's path."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from wrongarch.arches import lookup
from wrongarch.emulators import pins
from wrongarch.engines.find import NAMES
from wrongarch.errors import UsageError
from wrongarch.pipelines.jobs import Cell, ImageJob, Pipeline, TestJob
from wrongarch.pipelines.model import ArchRow, Include, Matrix, Native, Selector, SuiteJobs
from wrongarch.pipelines.reading import fault
from wrongarch.recipes import model as recipes
from wrongarch.recipes.checks import meant
from wrongarch.recipes.reading import Recipe, find_recipe

ENGINES = ("", *NAMES)
MOST_JOBS = 20_000

Lock = Callable[[Recipe, str], str]
"""Gives the digest of the lock of a recipe's image for an arch; raises UsageError where there is none."""


def expand(matrix: Matrix, file: Path, project: Path, lock_digest: Lock) -> Pipeline:
    """All jobs of a matrix that was read from `file`. Raises UsageError naming the key that is wrong."""
    return _Expansion(matrix, file, project, lock_digest).pipeline()


class _Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A cell before its jobs are made: where it comes from, how it is spread, and where it runs."""

    cell: Cell
    origin: str
    shards: int
    timeout: int | None
    runner: str
    tags: tuple[str, ...]


class _Expansion:
    def __init__(self, matrix: Matrix, file: Path, project: Path, lock_digest: Lock) -> None:
        self._matrix, self._file, self._project, self._lock_digest = matrix, file, project, lock_digest
        self._text = file.read_text(encoding="utf-8")
        self._recipes: dict[str, Recipe] = {}
        self._versions = {"", "native", *pins.load().candidates}

    def pipeline(self) -> Pipeline:
        self._check_names()
        planned = self._without_excluded(self._distinct([*self._from_axes(), *self._from_include()]))
        if not planned:
            raise self._fault("exclude", "nothing is left to test", "exclude less")
        images = {self._image_id(one.cell): one.cell for one in planned}
        image_jobs = tuple(
            ImageJob(
                id=name,
                arch=cell.arch,
                recipe=cell.recipe,
                lock=self._lock(cell),
                builds=bool(self._recipe(cell.recipe, "defaults.recipe").contents.build.steps),
            )
            for name, cell in images.items()
        )
        tests = tuple(self._jobs(planned))
        if len(tests) > MOST_JOBS:
            raise self._fault("arches", f"{len(tests)} jobs are more than {MOST_JOBS}", "use fewer shards or axes")
        self._refuse_same_ids(tests)
        return Pipeline(matrix=self._matrix, images=image_jobs, tests=tests)

    def _fault(self, path: str, what: str, fix: str) -> UsageError:
        return fault(self._file, path, what, fix, self._text)

    # what has to exist

    def _check_names(self) -> None:
        matrix = self._matrix
        for index, name in enumerate(matrix.arches):
            self._check_arch(f"arches[{index}]", name)
            if name in matrix.arches[:index]:
                raise self._fault(f"arches[{index}]", f"{name} is there twice", "remove one of them")
        for path, versions in (("axes.emulators", matrix.axes.emulators), *self._own("emulators")):
            for index, version in enumerate(versions):
                self._check_known(f"{path}[{index}]", version, sorted(self._versions), "emulator")
        for path, engines in (("axes.engines", matrix.axes.engines), *self._own("engines")):
            for index, engine in enumerate(engines):
                self._check_known(f"{path}[{index}]", engine, ENGINES, "engine")
        for name, suites in matrix.suites.items():
            recipe = self._recipe(name, f"suites.{name}")
            for suite, jobs in suites.items():
                self._check_suite(f"suites.{name}.{suite}", recipe, suite, jobs.shards)

    def _own(self, axis: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, row in self._matrix.arch.items():
            values = getattr(row, axis)
            if values is not None:
                yield f"arch.{name}.{axis}", values

    def _check_arch(self, path: str, name: str) -> None:
        try:
            arch = lookup.find(name)
        except UsageError as error:
            raise self._fault(path, error.what, error.fix) from error
        if arch.name != name:
            raise self._fault(path, f"{name} is another name of {arch.name}", f"write {arch.name}")

    def _check_known(self, path: str, word: str, known: tuple[str, ...] | list[str], noun: str) -> None:
        if word not in known:
            listed = ", ".join(one for one in known if one)
            raise self._fault(path, f"there is no {noun} {word!r}{meant(word, known)}", f"{noun}s: {listed}")

    def _recipe(self, name: str, path: str) -> Recipe:
        if name not in self._recipes:
            try:
                self._recipes[name] = find_recipe(self._in_project(name), self._project)
            except UsageError as error:
                raise self._fault(path, error.what, error.fix) from error
        return self._recipes[name]

    def _in_project(self, name: str) -> str:
        return str(self._project / name) if "/" in name else name

    def _check_suite(self, path: str, recipe: Recipe, name: str, shards: int) -> None:
        known = [suite.name for suite in recipe.contents.suites]
        self._check_known(path, name, known, "suite")
        suite = next(suite for suite in recipe.contents.suites if suite.name == name)
        most = _most_shards(suite)
        if most is not None and shards > most:
            what = f"{shards} shards of {most} tests would leave some empty"
            raise self._fault(f"{path}.shards", what, f"use at most {most}")

    # combinations

    def _from_axes(self) -> Iterator[_Planned]:
        for name in self._matrix.arches:
            row = self._matrix.arch.get(name, ArchRow())
            recipe = row.recipe or self._matrix.defaults.recipe
            origin = f"arch.{name}.recipe" if row.recipe else "defaults.recipe"
            for suite, jobs, path in self._suites(name, recipe, origin):
                for cell, place in self._cells(name, recipe, suite, row):
                    native = row.native if cell.emulator == "native" else None
                    yield self._planned(cell, f"{place or path}", jobs, native)

    def _suites(self, arch: str, recipe: str, origin: str) -> Iterator[tuple[str, SuiteJobs, str]]:
        """The suites of a recipe that get jobs on `arch`, how many, and the key that says so."""
        found = self._recipe(recipe, origin)
        there = [suite for suite in found.contents.suites if not suite.arches or arch in suite.arches]
        listed = self._matrix.suites.get(recipe)
        wanted = self._matrix.of(arch).suites
        if listed is None and not wanted:
            yield "", SuiteJobs(), origin
            return
        for suite in there:
            if listed is not None and suite.name in listed and (not wanted or suite.name in wanted):
                yield suite.name, listed[suite.name], f"suites.{recipe}.{suite.name}"
            elif listed is None and suite.name in wanted:
                yield suite.name, SuiteJobs(), "defaults.suites"

    def _cells(self, arch: str, recipe: str, suite: str, row: ArchRow) -> Iterator[tuple[Cell, str]]:
        axes = self._matrix.axes
        engines = axes.engines if row.engines is None else row.engines
        emulators = axes.emulators if row.emulators is None else row.emulators
        cpus = axes.cpus if row.cpus is None else row.cpus
        if row.native is not None:
            emulators = ("native",) if row.native.only else (*(one for one in emulators if one != "native"), "native")
        elif "native" in emulators:
            place = f"arch.{arch}.emulators" if row.emulators is not None else "axes.emulators"
            raise self._fault(place, f"no machine is known that runs {arch} itself", f"add [arch.{arch}.native]")
        for engine in engines:
            for emulator in emulators:
                # a real CPU is what it is
                for cpu in ("",) if emulator == "native" else cpus:
                    cell = Cell(arch=arch, recipe=recipe, suite=suite, cpu=cpu, emulator=emulator, engine=engine)
                    yield cell, self._axis_of(arch, row, cell)

    def _axis_of(self, arch: str, row: ArchRow, cell: Cell) -> str:
        """The key that a cell beyond the defaults comes from, for messages about doubles."""
        for axis, value in (("cpus", cell.cpu), ("emulators", cell.emulator), ("engines", cell.engine)):
            own, every = getattr(row, axis), getattr(self._matrix.axes, axis)
            values = every if own is None else own
            if len(values) != len(set(values)) and value in values:
                return f"axes.{axis}" if own is None else f"arch.{arch}.{axis}"
        return ""

    def _planned(self, cell: Cell, origin: str, jobs: SuiteJobs, native: Native | None) -> _Planned:
        runner = native.runner if native and native.runner else self._matrix.github.runner
        tags = native.tags if native and native.tags else self._matrix.gitlab.tags
        return _Planned(cell=cell, origin=origin, shards=jobs.shards, timeout=jobs.timeout, runner=runner, tags=tags)

    def _from_include(self) -> Iterator[_Planned]:
        for index, entry in enumerate(self._matrix.include):
            yield self._included(f"include[{index}]", entry)

    def _included(self, path: str, entry: Include) -> _Planned:
        self._check_arch(f"{path}.arch", entry.arch)
        self._check_known(f"{path}.emulator", entry.emulator, sorted(self._versions), "emulator")
        self._check_known(f"{path}.engine", entry.engine, ENGINES, "engine")
        row = self._matrix.arch.get(entry.arch, ArchRow())
        name = entry.recipe or row.recipe or self._matrix.defaults.recipe
        recipe = self._recipe(name, f"{path}.recipe")
        if entry.suite is not None:
            self._check_suite(f"{path}.suite", recipe, entry.suite, entry.shards)
        if entry.emulator == "native" and row.native is None and entry.runner is None and not entry.tags:
            raise self._fault(path, f"no machine is known that runs {entry.arch} itself", "give its runner and tags")
        cell = Cell(
            arch=entry.arch,
            recipe=name,
            suite=entry.suite or "",
            cpu=entry.cpu,
            emulator=entry.emulator,
            engine=entry.engine,
        )
        jobs = SuiteJobs(shards=entry.shards, timeout=entry.timeout)
        planned = self._planned(cell, path, jobs, row.native if entry.emulator == "native" else None)
        return msgspec.structs.replace(
            planned,
            runner=entry.runner or planned.runner,
            tags=planned.tags if entry.tags is None else entry.tags,
        )

    def _distinct(self, planned: list[_Planned]) -> list[_Planned]:
        seen: set[tuple[str, ...]] = set()
        for one in planned:
            key = one.cell.key()
            if key in seen:
                words = " ".join(word for word in key if word)
                raise self._fault(one.origin, f"the same combination is there twice: {words}", "remove one of them")
            seen.add(key)
        return planned

    def _without_excluded(self, planned: list[_Planned]) -> list[_Planned]:
        for index, selector in enumerate(self._matrix.exclude):
            kept = [one for one in planned if not _matches(selector, one.cell)]
            if len(kept) == len(planned):
                raise self._fault(f"exclude[{index}]", "nothing is like that", "remove or correct it")
            planned = kept
        return planned

    # jobs

    def _jobs(self, planned: list[_Planned]) -> Iterator[TestJob]:
        used: set[int] = set()
        for one in planned:
            allowed = ""
            for index, selector in enumerate(self._matrix.allowed_failures):
                if _matches(selector, one.cell):
                    used.add(index)
                    allowed = allowed or selector.reason
            base = _cell_id(one.cell)
            for number in range(1, one.shards + 1):
                yield TestJob(
                    id=base if one.shards == 1 else f"{base}-{number}-of-{one.shards}",
                    cell=one.cell,
                    number=number,
                    of=one.shards,
                    timeout=one.timeout or self._matrix.limits.timeout,
                    runner=one.runner,
                    tags=one.tags,
                    image=self._image_id(one.cell),
                    allowed=allowed,
                )
        for index in range(len(self._matrix.allowed_failures)):
            if index not in used:
                raise self._fault(f"allowed_failures[{index}]", "nothing is like that", "remove or correct it")

    def _image_id(self, cell: Cell) -> str:
        return f"image-{cell.arch}-{_recipe_word(cell.recipe)}"

    def _lock(self, cell: Cell) -> str:
        recipe = self._recipe(cell.recipe, "defaults.recipe")
        return self._lock_digest(recipe, cell.arch)

    def _refuse_same_ids(self, tests: tuple[TestJob, ...]) -> None:
        seen: dict[str, TestJob] = {}
        for job in tests:
            other = seen.setdefault(job.id, job)
            if other is not job:
                words = " ".join(word for word in job.cell.key() if word)
                raise self._fault("suites", f"two jobs would be called {job.id} ({words})", "rename a suite or recipe")


def _most_shards(suite: recipes.Suite) -> int | None:
    """How many shards a suite can have at most, None where that shows only when it runs."""
    if isinstance(suite, recipes.CommandSuite):
        return len(suite.tests) * len(suite.modes)
    return suite.minimum if suite.minimum > 1 else None


def _matches(selector: Selector, cell: Cell) -> bool:
    pairs = (
        (selector.arch, cell.arch),
        (selector.recipe, cell.recipe),
        (selector.suite, cell.suite),
        (selector.cpu, cell.cpu),
        (selector.emulator, cell.emulator),
        (selector.engine, cell.engine),
    )
    return all(wanted is None or wanted == value for wanted, value in pairs)


def _cell_id(cell: Cell) -> str:
    """Lower case letters, digits, dots and dashes; two cells never share it."""
    words = [cell.arch, _recipe_word(cell.recipe), cell.suite or "all"]
    if cell.cpu:
        words.append(_slug(cell.cpu))
    if cell.emulator:
        words.append("native" if cell.emulator == "native" else f"qemu{cell.emulator}")
    if cell.engine:
        words.append(cell.engine)
    return "-".join(words)


def _recipe_word(recipe: str) -> str:
    return _slug(recipe) if "/" in recipe else recipe


def _slug(text: str) -> str:
    """`text` as part of an id; where that loses something, with four digits of its hash."""
    plain = re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")
    return plain if plain == text else f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:4]}"
