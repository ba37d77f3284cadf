"""Build a recipe's program in the guest, into a folder of the project that later runs use again."""

from __future__ import annotations

import hashlib
import re
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO

import msgspec

from wrongarch import documents
from wrongarch.arches.model import Arch
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Command, Engine, Limits, Mount, Session, SessionSpec, Stopped, describe, ended_gently
from wrongarch.errors import TestsFailed, UsageError
from wrongarch.images.native.layer import Mode
from wrongarch.paths import locked, remove_tree, sweep_stale, translate_disk_errors, write_atomically
from wrongarch.process import pasteable
from wrongarch.recipes import crosses, model
from wrongarch.recipes.reading import Recipe
from wrongarch.recipes.sources import fetch_source
from wrongarch.recipes.suites.base import BUILD, RECIPE, SOURCE
from wrongarch.recipes.templates import expand, fill
from wrongarch.runs import unfinished
from wrongarch.runs.acceleration import Tools, Wish, tools_for
from wrongarch.runs.folder import HOME
from wrongarch.runs.model import recipe_words
from wrongarch.runs.observer import Observer

_RECORD = "build.json"
_LOG = "build.log"
_UNFINISHED = "unfinished"
_KEPT = "what was built is kept, and the next build goes on from there"
_SCARCE = {
    r"No space left on device|Disk quota exceeded": f"; the disk is full: {_KEPT}",
    r"Killed signal terminated program|virtual memory exhausted|out of memory|memory exhausted|bad_alloc": (
        f"; memory ran out (fewer at once need less: --jobs 1): {_KEPT}"
    ),
}
"""What compilers, linkers and tools say when a machine is too small, and what we add."""
_GRACE = 10.0  # seconds in which make, ninja and compilers remove what they have begun
_TAIL = 4000  # bytes of a failed step's output that the error carries


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a build made: `size` in bytes, `mtime` in nanoseconds."""

    path: str
    sha256: str
    size: int
    mtime: int


class BuildRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`build.json`, written when every step has worked; `seconds` is the wall time of the steps."""

    key: str
    seconds: float
    products: tuple[Product, ...]


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """A finished build: `tree` is what the guest sees as `/wrongarch/build`; `source` as `/wrongarch/source`.

    Both are None for a recipe that has none. `fresh` says that the steps were run just now.
    """

    tree: Path | None
    source: Path | None
    fresh: bool = False
    record: BuildRecord | None = None


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Where a recipe's commands run: an engine, and the root of the image on the host. `keep` is for its tests alone,
    `accel` (which tools are native) for its build and for harnesses.

    For an arch without images, `root` is that of `crosses.cross_image`, and `host` the arch of this machine.
    """

    engine: Engine
    root: Path
    arch: Arch
    host: Arch
    emulator: Emulator | None = None
    cpu: str | None = None
    limits: Limits = Limits()
    keep: bool = False
    accel: Mode = "none"

    @property
    def cross(self) -> bool:
        """Whether programs for the arch are made by a cross compiler."""
        return not self.arch.has_images


def run_build(
    recipe: Recipe, ground: Ground, *, project: Path, observer: Observer, jobs: int, again: bool = False
) -> Build:
    """Build what is not built yet; `again` runs the steps in any case.

    The folder is `.wrongarch/builds/RECIPE/ARCH/KEY`, where the key changes with the source and the image; also with
    the steps, unless the build is incremental. A build that was interrupted goes on in its folder.
    Raises TestsFailed if a step fails, UsageError for a target without a compiler.
    """
    source = fetch_source(recipe)
    plan = recipe.contents.build
    if not plan.steps:
        return Build(tree=None, source=source)
    compiler = _compiler(recipe, ground)
    home = project / HOME / "builds" / (recipe.contents.name + recipe.form.place) / ground.arch.name
    with translate_disk_errors(home):
        home.mkdir(parents=True, exist_ok=True)
    key = _key(recipe, ground, compiler)
    name = _key(recipe, ground, compiler, steps=False) if plan.incremental else key
    place, keep = home / name, not again and not isinstance(recipe.contents.source, model.FolderSource)
    done = None
    if keep:
        with locked(home / "lock", shared=True, wait_message=observer.note):
            done = _still_good(place, key)
    if done is None:
        with locked(home / "lock", wait_message=observer.note):
            done = _still_good(place, key) if keep else None  # another process may have been faster
            if done is None:
                _forget_others(home, name)
                observer.stage(f"building {recipe.name} for {ground.arch.name}")
                shop = _Shop(recipe=recipe, ground=ground, compiler=compiler, source=source, jobs=jobs)
                return Build(tree=place / "tree", source=source, fresh=True, record=_build(shop, place, key, observer))
    return Build(tree=place / "tree", source=source, record=done)


@contextmanager
def built(recipe: Recipe, ground: Ground, *, project: Path, observer: Observer, jobs: int) -> Iterator[Build]:
    """`run_build`, and the result kept from other processes that want to build anew, until the context ends."""
    while True:
        build = run_build(recipe, ground, project=project, observer=observer, jobs=jobs)
        if build.tree is None:
            yield build
            return
        with locked(build.tree.parent.parent / "lock", shared=True):
            if build.record is not None and _still_good(build.tree.parent, build.record.key) is not None:
                yield build
                return


def _compiler(recipe: Recipe, ground: Ground) -> tuple[str, ...]:
    if not ground.cross:
        return ("gcc",)
    if not recipe.contents.build.cross:
        crosses.cross_for(ground.arch)  # where there is no compiler either, that is the better explanation
        raise crosses.not_crossed(recipe.name, ground.arch)
    return crosses.cross_for(ground.arch).command


def _key(recipe: Recipe, ground: Ground, compiler: tuple[str, ...], *, steps: bool = True) -> str:
    """Changes with all that a build depends on, but for a folder of the user, which make looks after.

    Without `steps`, only with what makes everything that was built useless.
    """
    contents = recipe.contents
    accel = ground.accel if steps else None
    parts = (contents.build if steps else None, contents.source, compiler, str(ground.root.resolve()), accel)
    digest = hashlib.sha256(msgspec.json.encode(parts))
    if not steps:
        return digest.hexdigest()[:16]
    for file in sorted(recipe.folder.iterdir()):
        if file.is_file() and file != recipe.file:
            digest.update(msgspec.json.encode((file.name, hashlib.sha256(file.read_bytes()).hexdigest())))
    return digest.hexdigest()[:16]


def _still_good(place: Path, key: str) -> BuildRecord | None:
    """The record of the build with that key, if its products are all still there and unchanged."""
    try:
        record = documents.decode((place / _RECORD).read_bytes(), BuildRecord)
    except (FileNotFoundError, documents.DamagedError):
        return None
    if record.key != key:
        return None
    for product in record.products:
        try:
            status = (place / "tree" / product.path).lstat()
        except OSError:
            return None
        if (status.st_size, status.st_mtime_ns) != (product.size, product.mtime):
            return None
    return record


def _forget_others(home: Path, key: str) -> None:
    for old in home.iterdir():
        if old.is_dir() and old.name != key:
            remove_tree(old)


class _Shop(msgspec.Struct, frozen=True, kw_only=True):
    """What a build is made with."""

    recipe: Recipe
    ground: Ground
    compiler: tuple[str, ...]
    source: Path | None
    jobs: int


def _build(shop: _Shop, place: Path, key: str, observer: Observer) -> BuildRecord:
    tree, mark = place / "tree", place / _UNFINISHED
    with translate_disk_errors(place):
        contents = shop.recipe.contents
        kept = contents.build.incremental or isinstance(contents.source, model.FolderSource)
        unfinished.take_up(tree, mark, observer, kept=kept)
        tree.mkdir(parents=True, exist_ok=True)
        (place / _RECORD).unlink(missing_ok=True)
        sweep_stale(place)
        mark.touch()
    tools = native_tools(shop.ground, observer)
    begun = time.monotonic()
    alone = nullcontext() if tools.lock is None else locked(tools.lock, wait_message=observer.note)
    with (
        (place / _LOG).open("wb") as log,
        alone,
        shop.ground.engine.open(_session_spec(shop, tree, tools)) as session,
    ):
        _run_steps(shop, session, log, observer, mark)
    mark.unlink()
    products = tuple(_products(shop.recipe, tree))
    record = BuildRecord(key=key, seconds=round(time.monotonic() - begun, 3), products=products)
    write_atomically(place / _RECORD, msgspec.json.encode(record))
    return record


def native_tools(ground: Ground, observer: Observer) -> Tools:
    """The native tools that builds on `ground` get; raises as `tools_for`."""
    wish = Wish(
        engine=ground.engine.name,
        mode="none" if ground.cross else ground.accel,
        root=ground.root,
        arch=ground.arch,
        host=ground.host,
        emulator=ground.emulator,
        cpu=ground.cpu,
    )
    return tools_for(wish, observer)


def _session_spec(shop: _Shop, tree: Path, tools: Tools) -> SessionSpec:
    ground = shop.ground
    mounts = [
        *tools.mounts,
        Mount(source=tree, target=BUILD, writable=True),
        Mount(source=shop.recipe.folder, target=RECIPE),
    ]
    if shop.source is not None:
        mounts.append(Mount(source=shop.source, target=SOURCE))
    return SessionSpec(
        arch=ground.host if ground.cross else ground.arch,
        root=ground.root,
        emulator=None if ground.cross else ground.emulator,
        cpu=None if ground.cross else ground.cpu,
        mounts=tuple(mounts),
        env=tools.env,
        limits=ground.limits,
        native=tools.layer,
    )


def _run_steps(shop: _Shop, session: Session, log: IO[bytes], observer: Observer, mark: Path) -> None:
    plan = shop.recipe.contents.build
    own = {name: shlex.split(words) for name, words in plan.settings.items()}
    values = {**own, "cc": shop.compiler, "jobs": str(shop.jobs), "source": SOURCE, "build": BUILD, "recipe": RECIPE}
    deadline = time.monotonic() + plan.timeout
    for number, step in enumerate(plan.steps, 1):
        argv = ("sh", "-ec", fill(step, values)) if isinstance(step, str) else expand(step, values)
        tail = _Tail(log, observer)
        tail(f"+ {pasteable(argv)}\n".encode())
        left = max(deadline - time.monotonic(), 0.001)
        command = Command(argv=argv, env=dict(plan.env), cwd=BUILD, timeout=left, grace=_GRACE)
        try:
            outcome = session.run(command, tail)
        except Stopped as stopped:
            if ended_gently(stopped.outcome):
                mark.unlink()
            raise
        if outcome.reason != "exit" or outcome.exit_code != 0:
            if outcome.reason == "exit" or (outcome.reason == "timeout" and ended_gently(outcome)):
                mark.unlink()  # what it made is whole, and make knows what is missing
            what = f"failed at step {number} of {len(plan.steps)}: {describe(outcome)}"
            raise _step_failed(shop, what, argv, tail.text)


class _Tail:
    """Hands output on to the log and the observer, and remembers the end of it."""

    def __init__(self, log: IO[bytes], observer: Observer) -> None:
        self._log = log
        self._observer = observer
        self._end = b""

    def __call__(self, data: bytes) -> None:
        with suppress(OSError):  # a full disk stops the build where the compiler meets it, with its own words
            self._log.write(data)
            self._log.flush()
        self._observer.output(data)
        self._end = (self._end + data)[-_TAIL:]

    @property
    def text(self) -> str:
        return self._end.decode(errors="replace")


def _step_failed(shop: _Shop, what: str, argv: tuple[str, ...], tail: str) -> TestsFailed:
    recipe, ground = shop.recipe, shop.ground
    again = ["wrongarch", "build", ground.arch.name, *recipe_words(recipe.file, recipe.form)]
    if ground.emulator is not None:
        again += ["--emulator", ground.emulator.version]
    scarce = next((words for sign, words in _SCARCE.items() if re.search(sign, tail)), "")
    return TestsFailed(
        f"building {recipe.name} for {ground.arch.name} {what}{scarce}",
        fix=f"to run it again: {pasteable(again)}\nin the guest it was: {pasteable(argv, cwd=BUILD)}",
        detail=tail,
    )


def _products(recipe: Recipe, tree: Path) -> Iterator[Product]:
    """What was made. With settings of the user's, that may be less than the recipe says (`--set targets=WTF`)."""
    for path in recipe.contents.build.products:
        file = tree / path
        if file.is_file() and not file.is_symlink():
            status = file.lstat()
            with file.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
            yield Product(path=path, sha256=digest, size=status.st_size, mtime=status.st_mtime_ns)
        elif not recipe.form.settings:
            raise UsageError(
                f"the build of {recipe.name} went through without making {path}",
                fix=f"correct build.steps or build.products in {recipe.file}",
            )
