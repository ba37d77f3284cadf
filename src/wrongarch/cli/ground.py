"""From words on the command line to what the rooms work with: an arch, a recipe, an image, an emulator, an engine."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import get_args

import msgspec

import wrongarch
from wrongarch import paths, settings
from wrongarch.arches import elf, lookup
from wrongarch.arches.model import Arch
from wrongarch.cli.progress import Progress
from wrongarch.emulators import pins, store
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Engine, Limits, Preparing
from wrongarch.engines.find import NAMES, find
from wrongarch.errors import UntrustedInput, UsageError
from wrongarch.images import lock as locks
from wrongarch.images import store as images
from wrongarch.images.native.layer import Mode
from wrongarch.images.spec import ImageSpec
from wrongarch.pipelines import reading as matrix
from wrongarch.pipelines.model import Defaults
from wrongarch.process import pasteable
from wrongarch.recipes import crosses
from wrongarch.recipes.forms import PACKAGED, Wish
from wrongarch.recipes.reading import Recipe, find_recipe
from wrongarch.runs.building import Ground

NATIVE = "native"


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What commands have in common, as it was typed; "" where it was not."""

    arch: str
    recipe: str = ""
    form: Wish = Wish()
    emulator: str = ""
    cpu: str = ""
    engine: str = ""
    limits: tuple[str, ...] = ()
    keep: bool = False
    accel: str = "full"
    registry: str = ""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What the words mean, without anything downloaded or built: `image` is built for `image_arch`.

    That is the host's own arch where the program is made by a cross compiler. `typed` is the recipe as it was typed.
    """

    arch: Arch
    host: Arch
    recipe: Recipe
    typed: str
    image: ImageSpec
    image_arch: Arch
    suites: tuple[str, ...]
    cpu: str | None


def choose(words: Words, project: Path) -> Choice:
    """Look everything up. Raises UsageError for a word that means nothing."""
    arch, host = lookup.find(words.arch), lookup.host_arch()
    if words.engine and words.engine not in NAMES:  # a slip of the pen is told before anything is looked for
        engine(words.engine)
    mode_of(words.accel)
    defaults = matrix.load(project).of(arch.name) if not words.recipe else Defaults(recipe=words.recipe)
    recipe = find_recipe(defaults.recipe, project).in_form(words.form, arch.name, os.environ)
    cpu = words.cpu or defaults.cpu or arch.cpu
    if arch.has_images:
        image, image_arch = recipe.image, arch
    elif recipe.contents.build.cross:
        image, image_arch = crosses.cross_image(arch, host), host
    else:
        crosses.cross_for(arch)  # where there is no compiler either, that is the better explanation
        raise crosses.not_crossed(recipe.name, arch)
    return Choice(
        arch=arch,
        host=host,
        recipe=recipe,
        typed=defaults.recipe,
        image=image,
        image_arch=image_arch,
        suites=defaults.suites if recipe.form.name == PACKAGED else (),
        cpu=cpu,
    )


def engine(name: str) -> Engine:
    """An engine by its name, the best that answers for ""."""
    return find(name)


def emulator(arch: Arch, host: Arch, wanted: str, progress: Progress) -> Emulator | None:
    """The emulator asked for; without a wish the default pin, or None for the host's own arch.

    A host that could run `arch` itself (i386 on amd64) does so for the wish "native" only: that a run is the same
    everywhere counts for more than its speed.
    """
    if wanted == NATIVE and not lookup.runs_natively(arch, host):
        raise UsageError(f"this {host.name} machine does not run {arch.name} itself", fix="leave --emulator out")
    if wanted == NATIVE or (not wanted and arch == host):
        return None
    version = wanted or pins.load().default
    return store.get(
        version, arch.qemu, progress=lambda done, total: progress(f"downloading QEMU {version}", done, total)
    )


def other_emulators(chosen: Emulator | None, host: Arch) -> tuple[str, ...]:
    """The versions that could be tried instead, newest first."""
    if chosen is None:
        return ()
    there = (version for version, by_host in pins.load().candidates.items() if host.debian in by_host)
    newest_first = sorted(there, key=lambda version: tuple(map(int, version.split("."))), reverse=True)
    return tuple(version for version in newest_first if version != chosen.version)


def explain_loader(program: Path, root: Path) -> str:
    """Why a program (a path of the host) cannot start in a root, "" if it is not for want of a loader."""
    try:
        return elf.explain_missing_loader(program, root) or ""
    except (OSError, UntrustedInput):
        return ""


def lock_folders(recipe: Recipe) -> tuple[Path, ...]:
    """Where locks are looked for: beside the recipe (`ci/locks` for `ci/recipes/NAME`), then those that are shipped.

    New ones are written to the first.
    """
    package = Path(wrongarch.__file__).parent
    own = recipe.folder.parent.parent / "locks" if recipe.folder.parent.name == "recipes" else recipe.folder / "locks"
    shipped = (package.parents[1] / "ci" / "locks", package / "shipped" / "locks")
    return tuple(dict.fromkeys((own, *(folder for folder in shipped if folder.is_dir()))))


def find_lock(choice: Choice) -> locks.Lock:
    """The lock of the image. Raises UsageError that says how to make one."""
    folders = lock_folders(choice.recipe)
    there = (folder for folder in folders if locks.path_of(folder, choice.image, choice.image_arch).exists())
    try:
        return locks.read_for(next(there, folders[0]), choice.image, choice.image_arch)
    except UsageError as error:
        words = ["wrongarch", "image", "lock", choice.arch.name, "--recipe", choice.typed]
        fix = pasteable([*words, *choice.recipe.form.words])
        raise UsageError(error.what, fix=fix, detail=error.detail) from error


def image(choice: Choice, progress: Progress, registry: str = "", *, accel: str = "full") -> images.Image:
    """The image of a choice, built if neither the cache nor a registry has it (default: that of the settings).

    Native tools help to build it, but for `accel` none.
    """
    paths.sweep_cache()
    repository = registry or settings.current().images.registry
    feed = None
    if repository:
        from wrongarch.cli import feeding

        feed = feeding.feed(repository, progress.say)
    native = mode_of(accel) == "full"
    lock = find_lock(choice)
    return images.ensure(lock, choice.image_arch, progress, say=progress.say, feed=feed, native=native)


def ground(words: Words, choice: Choice, progress: Progress) -> Ground:
    """All that a run stands on, made ready."""
    limits = parse_limits(words.limits)
    chosen = emulator(choice.arch, choice.host, words.emulator, progress)
    used = engine(words.engine)
    root = image(choice, progress, words.registry, accel=words.accel).root
    if isinstance(used, Preparing):
        used.prepare(root, choice.image_arch, progress)
    progress.clear()
    return Ground(
        engine=used,
        root=root,
        arch=choice.arch,
        host=choice.host,
        emulator=chosen,
        cpu=choice.cpu,
        limits=limits,
        keep=words.keep,
        accel=mode_of(words.accel),
    )


def mode_of(word: str) -> Mode:
    """Which tools are native. Raises UsageError."""
    modes: tuple[Mode, ...] = get_args(Mode)
    for mode in modes:
        if mode == word:
            return mode
    raise UsageError(f"{word!r} is no acceleration", fix=f"write --accel {', '.join(modes)}")


_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def parse_limits(words: tuple[str, ...]) -> Limits:
    """Limits from words such as cpus=1.5, memory=2g and pids=200. Raises UsageError."""
    found: dict[str, float | int] = {}
    for word in words:
        match = re.fullmatch(r"(?:(cpus)=(\d+(?:\.\d+)?)|(memory)=(\d+)([kmg]?)i?b?|(pids)=(\d+))", word.lower())
        if match is None or not float(match[2] or match[4] or match[7]):
            raise UsageError(f"{word!r} is no limit", fix="write cpus=1.5, memory=2g or pids=200, above 0")
        if match[1]:
            found["cpus"] = float(match[2])
        elif match[3]:
            found["memory"] = int(match[4]) * _UNITS[match[5]]
        else:
            found["pids"] = int(match[7])
    return msgspec.convert(found, Limits)
