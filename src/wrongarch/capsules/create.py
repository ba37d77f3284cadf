"""Make capsules of a run that is over, or was killed: its tests are run once more under what its intent says."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from wrongarch.capsules.capture import Capturer, Taken
from wrongarch.capsules.frames import Format
from wrongarch.capsules.make import Maker
from wrongarch.capsules.write import Written
from wrongarch.engines.base import SessionSpec
from wrongarch.errors import MachineError, UsageError
from wrongarch.paths import remove_tree
from wrongarch.recipes.reading import Recipe
from wrongarch.recipes.suites.base import Case, Harness, Kind, Places
from wrongarch.recipes.suites.kinds import kind_of
from wrongarch.runs.building import Ground, built
from wrongarch.runs.execution import guest_mounts
from wrongarch.runs.folder import read_events, read_run
from wrongarch.runs.keeper import Scene
from wrongarch.runs.model import Intent
from wrongarch.runs.observer import Observer
from wrongarch.runs.plan import select_suites

MOST = 20


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Tests of a run by their ids; `under_way` are those that were running when it was killed."""

    ids: tuple[str, ...]
    under_way: tuple[str, ...] = ()


def wanted_of(folder: Path, chosen: Sequence[str] = ()) -> Wanted:
    """The tests to capture: those chosen, else what failed and what was under way. Raises UsageError for none."""
    begun: dict[str, None] = {}
    failed: dict[str, None] = {}
    for event in read_events(folder):
        if event.kind == "begun":
            begun[event.text] = None
        elif event.result is not None:
            begun.pop(event.result.case_id, None)
            if event.result.status in ("failed", "flaky", "lost"):
                failed[event.result.case_id] = None
    for result in read_run(folder).results:
        if result.status in ("failed", "flaky", "lost"):
            failed[result.case_id] = None
    if chosen:
        return Wanted(ids=tuple(dict.fromkeys(chosen)), under_way=tuple(begun))
    ids = tuple(dict.fromkeys((*failed, *begun)))
    if not ids:
        raise UsageError(
            f"no test of {folder.name} failed, and none was interrupted",
            fix="name the test to capture: --test 'suite/test [mode]' (see results.json)",
        )
    return Wanted(ids=ids[:MOST], under_way=tuple(begun))


def create(
    recipe: Recipe,
    ground: Ground,
    wanted: Wanted,
    into: Path,
    *,
    project: Path,
    observer: Observer,
    timeout_scale: float = 1.0,
    full: bool = False,
    form: Format = "zst",
    together: bool = False,
) -> list[Written]:
    """Run each wanted test on `ground` and write its capsule into the folder `into`; or with `together`, one of all.

    Raises UsageError for a test that the recipe does not have, and what sessions, builds and writing may raise.
    """
    with (
        built(recipe, ground, project=project, observer=observer, jobs=len(os.sched_getaffinity(0))) as build,
        _generated() as generated,
    ):
        places = Places(recipe=recipe.folder, generated=generated, source=build.source, build=build.tree)
        suites = select_suites(recipe.contents.suites, (), ground.arch.name)
        kinds = {suite.name: kind_of(suite, places, recipe.contents.program, ground.arch.name) for suite in suites}
        known = [case for kind in kinds.values() for case in kind.cases()]
        cases = _cases(wanted.ids, [*known, *_told(wanted.ids, kinds)])
        spec = SessionSpec(
            arch=ground.arch,
            root=ground.root,
            emulator=ground.emulator,
            cpu=ground.cpu,
            mounts=guest_mounts(recipe, generated, build, kinds),
        )
        with ground.engine.open(spec) as session:
            scene = Scene(
                session=session,
                spec=spec,
                kinds=kinds,
                recipe=recipe,
                engine=ground.engine.name,
                timeout_scale=timeout_scale,
            )
            capturer = Capturer(scene)
            maker = Maker(capturer)
            return _write(capturer, maker, cases, into, observer.stage, full=full, form=form, together=together)


def _write(
    capturer: Capturer,
    maker: Maker,
    cases: Iterable[Case],
    into: Path,
    stage: Callable[[str], None],
    *,
    full: bool,
    form: Format,
    together: bool,
) -> list[Written]:
    written: list[Written] = []
    taken: list[Taken] = []
    into.mkdir(parents=True, exist_ok=True)
    for case in cases:
        stage(f"capturing {case.id}")
        kind = capturer.scene.kinds[case.suite]
        if isinstance(kind, Harness) and case not in kind.cases():
            capturer.start(kind, case)
        taken.append(capturer.take(case))
        if not together:
            written.append(maker.write(into, taken[-1:], full=full, form=form))
    if together:
        written.append(maker.write(into, taken, full=full, form=form))
    return written


@contextmanager
def _generated() -> Iterator[Path]:
    """A folder for what suites write, as a run has one."""
    folder = Path(tempfile.mkdtemp(prefix="wrongarch-"))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        remove_tree(folder)


def _told(ids: Iterable[str], kinds: Mapping[str, Kind]) -> Iterator[Case]:
    """The tests of harnesses among the ids, which nothing but a harness could list."""
    for name, kind in kinds.items():
        for found in (re.fullmatch(rf"{re.escape(name)}/(?P<test>.+) \[(?P<mode>.+)\]", one) for one in ids):
            if isinstance(kind, Harness) and found is not None:
                case = Case(name, found["test"], found["mode"])
                if case not in kind.cases():
                    yield case


def _cases(ids: Sequence[str], there: Iterable[Case]) -> list[Case]:
    every = {case.id: case for case in there}
    found = []
    for wanted in ids:
        near = [name for name in every if wanted in name] if wanted not in every else [wanted]
        if len(near) != 1:
            listed = "\n".join(f"  {name}" for name in near[:10])
            what = f"{len(near)} tests fit" if near else "the recipe has no test"
            raise UsageError(f"{what} {wanted!r}", fix="give the whole id, as in results.json", detail=listed)
        found.append(every[near[0]])
    return found


def check_same(intent: Intent, recipe: Recipe, ground: Ground) -> list[str]:
    """What is different now from when the run was made; each a sentence. Raises MachineError for another emulator."""
    notes = []
    if intent.recipe_digest != recipe.digest:
        notes.append(f"the recipe {recipe.name} has changed since the run")
    if intent.root != str(ground.root):
        notes.append("the image is another one than the run's")
    if intent.emulator is not None and ground.emulator is not None and intent.emulator.sha256 != ground.emulator.sha256:
        raise MachineError(
            f"the run was under QEMU {intent.emulator.release}, and now there is {ground.emulator.release}",
            fix="run the tests again, with --capsules",
        )
    return notes
