"""Sessions that people use themselves: `wrongarch run` and `wrongarch shell`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from wrongarch.arches import lookup
from wrongarch.cli import ground
from wrongarch.cli.progress import Progress
from wrongarch.engines.base import Mount, Session, SessionSpec
from wrongarch.images import toolbox
from wrongarch.recipes.reading import Recipe
from wrongarch.recipes.sources import fetch_source
from wrongarch.recipes.suites.base import BUILD, GUEST, RECIPE, SOURCE
from wrongarch.reports.progress import watch
from wrongarch.runs.building import Build, Ground, built
from wrongarch.runs.pipeline import default_jobs

HERE = f"{GUEST}/here"
"""Where the folder in which the command was started is seen, read-only."""


class Open(NamedTuple):
    """A session under way, and what it was opened with."""

    session: Session
    spec: SessionSpec

    def explain(self, program: str) -> str:
        """Why a program (as it was typed) cannot start in there, "" if nothing is known."""
        inside = PurePosixPath(HERE) / program
        for mount in sorted(self.spec.mounts, key=lambda mount: -len(mount.target)):
            if inside.is_relative_to(mount.target):
                return ground.explain_loader(mount.source / inside.relative_to(mount.target), self.spec.root)
        return ground.explain_loader(self.spec.root / inside.relative_to("/"), self.spec.root)


@contextmanager
def open_session(words: ground.Words, *, build: bool, network: bool) -> Iterator[Open]:
    """A session as the recipe's tests have it: image, emulator, CPU, source and build (made first, with `build`).

    For an arch without images and without a recipe the root is the toolbox: tools of this machine's own arch, in which
    static programs of the other run.
    """
    project = Path.cwd()
    arch = lookup.find(words.arch)
    if not arch.has_images and not words.recipe:
        with Progress() as progress:
            spec = _bare(words, project, network, progress)
        with ground.engine(words.engine).open(spec) as session:
            yield Open(session, spec)
        return
    choice = ground.choose(words, project)
    with Progress() as progress:
        base = ground.ground(words, choice, progress)
    with _build(choice.recipe, base, project, wanted=build) as made:
        spec = SessionSpec(
            arch=base.arch,
            root=base.root,
            emulator=base.emulator,
            cpu=base.cpu,
            mounts=(_here(project), *_mounts(choice.recipe, made)),
            network=network,
            limits=base.limits,
            keep=base.keep,
        )
        with base.engine.open(spec) as session:
            yield Open(session, spec)


def _bare(words: ground.Words, project: Path, network: bool, progress: Progress) -> SessionSpec:
    arch, host = lookup.find(words.arch), lookup.host_arch()
    emulator = ground.emulator(arch, host, words.emulator, progress)
    root = toolbox.ensure(progress=progress)
    cpu = words.cpu or arch.cpu
    return SessionSpec(
        arch=arch,
        root=root,
        emulator=emulator,
        cpu=cpu,
        mounts=(_here(project),),
        network=network,
        limits=ground.parse_limits(words.limits),
        keep=words.keep,
    )


@contextmanager
def _build(recipe: Recipe, base: Ground, project: Path, *, wanted: bool) -> Iterator[Build]:
    if not wanted:
        yield Build(tree=None, source=fetch_source(recipe))
        return
    with ExitStack() as kept:
        with watch(sys.stderr) as observer:  # only for the build: the terminal belongs to the command then
            made = kept.enter_context(built(recipe, base, project=project, observer=observer, jobs=default_jobs()))
        yield made


def _here(project: Path) -> Mount:
    return Mount(source=project, target=HERE)


def _mounts(recipe: Recipe, made: Build) -> Iterator[Mount]:
    yield Mount(source=recipe.folder, target=RECIPE)
    if made.source is not None:
        yield Mount(source=made.source, target=SOURCE)
    if made.tree is not None:
        yield Mount(source=made.tree, target=BUILD)
