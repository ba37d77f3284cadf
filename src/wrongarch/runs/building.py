"""Build a recipe's program in the guest, into a folder of the project that later runs use again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from wrongarch import documents
from wrongarch.arches.model import Arch
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Command, Engine, Limits, Mount, Session, SessionSpec, describe
from wrongarch.errors import TestsFailed, UsageError
from wrongarch.paths import locked, remove_tree, sweep_stale, translate_disk_errors, write_atomically
from wrongarch.process import pasteable
from wrongarch.recipes import crosses, model
from wrongarch.recipes.reading import Recipe
from wrongarch.recipes.sources import fetch_source
from wrongarch.recipes.suites.base import BUILD, RECIPE, SOURCE
from wrongarch.recipes.templates import expand, fill
from wrongarch.runs.folder import HOME
from wrongarch.runs.model import recipe_words
from wrongarch.runs.observer import Observer

_RECORD = "build.json"
_LOG = "build.log"
_UNFINISHED = "unfinished"  # there while steps run: what a kill cuts short, make takes for a whole file
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
    """Where a recipe's commands run: an engine, and the root of the image on the host. `keep` is for its tests alone.

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

    @property
    def cross(self) -> bool:
        """Whether programs for the arch are made by a cross compiler."""
        return not self.arch.has_images


def run_build(
    recipe: Recipe, ground: Ground, *, project: Path, observer: Observer, jobs: int, again: bool = False
) -> Build:
    """Build what is not built yet; `again` runs the steps in any case.

    The folder is `.wrongarch/builds/RECIPE/ARCH/KEY`, where the key changes with the steps, the source and the image.
    Raises TestsFailed if a step fails, UsageError for a target without a compiler.
    """
    source = fetch_source(recipe)
    plan = recipe.contents.build
    if not plan.steps:
        return Build(tree=None, source=source)
    compiler = _compiler(recipe, ground)
    home = project / HOME / "builds" / recipe.name / ground.arch.name
    with translate_disk_errors(home):
        home.mkdir(parents=True, exist_ok=True)
    key = _key(recipe, ground, compiler)
    place, keep = home / key, not again and not isinstance(recipe.contents.source, model.FolderSource)
    done = None
    if keep:
        with locked(home / "lock", shared=True, wait_message=observer.note):
            done = _still_good(place)
    if done is None:
        with locked(home / "lock", wait_message=observer.note):
            done = _still_good(place) if keep else None  # another process may have been faster
            if done is None:
                _forget_others(home, key)
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
            if _still_good(build.tree.parent) is not None:
                yield build
                return


def _compiler(recipe: Recipe, ground: Ground) -> tuple[str, ...]:
    if not ground.cross:
        return ("gcc",)
    if not recipe.contents.build.cross:
        crosses.cross_for(ground.arch)  # where there is no compiler either, that is the better explanation
        raise crosses.not_crossed(recipe.name, ground.arch)
    return crosses.cross_for(ground.arch).command


def _key(recipe: Recipe, ground: Ground, compiler: tuple[str, ...]) -> str:
    """Changes with all that a build depends on, but for a folder of the user, which make looks after."""
    contents = recipe.contents
    parts = (contents.build, contents.source, compiler, str(ground.root.resolve()))
    digest = hashlib.sha256(msgspec.json.encode(parts))
    for file in sorted(recipe.folder.iterdir()):
        if file.is_file() and file != recipe.file:
            digest.update(msgspec.json.encode((file.name, hashlib.sha256(file.read_bytes()).hexdigest())))
    return digest.hexdigest()[:16]


def _still_good(place: Path) -> BuildRecord | None:
    """The record of a build whose products are all still there and unchanged."""
    try:
        record = documents.decode((place / _RECORD).read_bytes(), BuildRecord)
    except (FileNotFoundError, documents.DamagedError):
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
    tree, begun = place / "tree", time.monotonic()
    mark = place / _UNFINISHED
    with translate_disk_errors(place):
        if mark.exists() and not isinstance(shop.recipe.contents.source, model.FolderSource):
            observer.note("the last build was killed: what it had made is thrown away")
            remove_tree(tree)
        tree.mkdir(parents=True, exist_ok=True)
        (place / _RECORD).unlink(missing_ok=True)
        sweep_stale(place)
        mark.touch()
    with (place / _LOG).open("wb") as log, shop.ground.engine.open(_session_spec(shop, tree)) as session:
        _run_steps(shop, session, log, observer, mark)
    mark.unlink()
    products = tuple(_product(shop.recipe, tree, path) for path in shop.recipe.contents.build.products)
    record = BuildRecord(key=key, seconds=round(time.monotonic() - begun, 3), products=products)
    write_atomically(place / _RECORD, msgspec.json.encode(record))
    return record


def _session_spec(shop: _Shop, tree: Path) -> SessionSpec:
    ground = shop.ground
    mounts = [Mount(source=tree, target=BUILD, writable=True), Mount(source=shop.recipe.folder, target=RECIPE)]
    if shop.source is not None:
        mounts.append(Mount(source=shop.source, target=SOURCE))
    return SessionSpec(
        arch=ground.host if ground.cross else ground.arch,
        root=ground.root,
        emulator=None if ground.cross else ground.emulator,
        cpu=None if ground.cross else ground.cpu,
        mounts=tuple(mounts),
        limits=ground.limits,
    )


def _run_steps(shop: _Shop, session: Session, log: IO[bytes], observer: Observer, mark: Path) -> None:
    plan = shop.recipe.contents.build
    values = {"cc": shop.compiler, "jobs": str(shop.jobs), "source": SOURCE, "build": BUILD, "recipe": RECIPE}
    deadline = time.monotonic() + plan.timeout
    for number, step in enumerate(plan.steps, 1):
        argv = ("sh", "-ec", fill(step, values)) if isinstance(step, str) else expand(step, values)
        tail = _Tail(log, observer)
        tail(f"+ {pasteable(argv)}\n".encode())
        left = max(deadline - time.monotonic(), 0.001)
        outcome = session.run(Command(argv=argv, env=dict(plan.env), cwd=BUILD, timeout=left), tail)
        if outcome.reason != "exit" or outcome.exit_code != 0:
            if outcome.reason == "exit":
                mark.unlink()  # it ended by itself: what it made is whole, and make knows what is missing
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
    again = ["wrongarch", "build", ground.arch.name, *recipe_words(recipe.name, recipe.file)]
    if ground.emulator is not None:
        again += ["--emulator", ground.emulator.version]
    return TestsFailed(
        f"building {recipe.name} for {ground.arch.name} {what}",
        fix=f"to run it again: {pasteable(again)}\nin the guest it was: {pasteable(argv, cwd=BUILD)}",
        detail=tail,
    )


def _product(recipe: Recipe, tree: Path, path: str) -> Product:
    file = tree / path
    try:
        status = file.lstat()
        if not file.is_file() or file.is_symlink():
            raise FileNotFoundError
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise UsageError(
            f"the build of {recipe.name} went through without making {path}",
            fix=f"correct build.steps or build.products in {recipe.file}",
        ) from error
    return Product(path=path, sha256=digest, size=status.st_size, mtime=status.st_mtime_ns)
