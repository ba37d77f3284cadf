"""Images in the cache: built once for each lock, found again by its digest."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from wrongarch import documents, paths
from wrongarch.arches.lookup import host_arch, runs_natively
from wrongarch.arches.model import Arch
from wrongarch.emulators import pins
from wrongarch.emulators import store as emulators
from wrongarch.emulators.model import Emulator
from wrongarch.errors import MachineError
from wrongarch.images import build, toolbox
from wrongarch.images import lock as locks
from wrongarch.namespaces import ids as id_maps

if TYPE_CHECKING:  # registries load slowly, and few runs need one
    from wrongarch.images.feed import Feed

BUILD_FORMAT = 1
"""Raised when the same lock would come out otherwise, so that old images are not used."""


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """A root in the cache: its folder, the digest of its contents, and of the lock it was built from.

    `registry` is its name there by digest, "" where it is in none that we know of.
    """

    root: Path
    digest: str
    lock: str
    arch: str
    seconds: float
    registry: str = ""


class _Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    digest: str
    lock: str
    arch: str
    seconds: float
    registry: str = ""


def folder_of(lock: locks.Lock, arch: Arch, ids: id_maps.IdMap) -> Path:
    """Where the image of `lock` is kept. Ids are part of it: what belongs to another root inside is of no use."""
    name = f"{lock.image}-{arch.name}-{lock.digest[:16]}-{ids.owner[0]}-{BUILD_FORMAT}"
    return paths.cache_dir() / "images" / name


def builder_for(arch: Arch) -> Emulator | None:
    """What runs the maintainer scripts of `arch` on this host: nothing if it can do so itself, else the default pin.

    Always the default, so that the emulator asked for a test has no part in its image.
    """
    return None if runs_natively(arch, host_arch()) else emulators.get(pins.load().default, arch.qemu)


def ensure(
    lock: locks.Lock,
    arch: Arch,
    progress: toolbox.Progress = toolbox.silent,
    *,
    say: Callable[[str], None] | None = None,
    feed: Feed | None = None,
    native: bool = True,
) -> Image:
    """The image of `lock`, built if it is not in the cache; another process that builds it is waited for.

    `say` hears that this has to wait; a registry (`feed`) that has the image saves the build; `native` as in
    `wrongarch.images.build.build`. Raises what that raises, and UntrustedInput for what is wrong in the registry.
    """
    ids = id_maps.choose()
    folder = folder_of(lock, arch, ids)
    found = _find(folder)
    if found is not None:
        return found
    with paths.locked(folder.parent / f"{folder.name}.lock", wait_message=say):
        found = _find(folder)
        if found is not None:
            return found
        work = _Work(lock=lock, arch=arch, folder=folder, ids=ids, native=native)
        return _make(work, progress, feed)


def find(lock: locks.Lock, arch: Arch) -> Image | None:
    """The image of `lock` if it is in the cache already."""
    return _find(folder_of(lock, arch, id_maps.choose()))


def remember(image: Image, registry: str) -> None:
    """Note the name that an image of the cache has in a registry: capsules tell it."""
    if image.registry != registry:
        fields = {name: value for name, value in msgspec.structs.asdict(image).items() if name != "root"}
        note = _Note(**{**fields, "registry": registry})
        paths.write_atomically(image.root.parent / "image.json", msgspec.json.encode(note))


def _find(folder: Path) -> Image | None:
    try:
        note = documents.decode((folder / "image.json").read_bytes(), _Note)
    except (OSError, documents.DamagedError):
        return None
    return Image(root=folder / "root", **msgspec.structs.asdict(note))


class _Work(msgspec.Struct, frozen=True, kw_only=True):
    """An image to be made."""

    lock: locks.Lock
    arch: Arch
    folder: Path
    ids: id_maps.IdMap
    native: bool


def _make(work: _Work, progress: toolbox.Progress, feed: Feed | None) -> Image:
    lock, arch, folder, ids = work.lock, work.arch, work.folder, work.ids
    paths.sweep_stale(folder.parent)
    paths.remove_tree(folder)  # without its note it is half of an image
    started = time.monotonic()
    with paths.staging(folder.parent, folder.name) as stage, paths.translate_disk_errors(folder):
        root, filled = stage / "root", None
        if feed is not None:
            filled = feed.fill(feed.reference(lock, arch, BUILD_FORMAT), lock, arch, root, ids=ids, progress=progress)
        try:
            digest = filled.digest if filled else _build(work, root, progress)
        except MachineError as error:
            raise _with_log(error, stage, folder) from error
        note = _Note(
            digest=digest,
            lock=lock.digest,
            arch=arch.name,
            seconds=time.monotonic() - started,
            registry=filled.registry if filled else "",
        )
        paths.write_atomically(stage / "image.json", msgspec.json.encode(note))
        stage.rename(folder)
    found = _find(folder)
    if found is None:
        raise MachineError(f"the image {folder.name} vanished after it was built", fix="run it again")
    return found


def _build(work: _Work, root: Path, progress: toolbox.Progress) -> str:
    emulator = builder_for(work.arch)
    return build.build(work.lock, work.arch, emulator, root, ids=work.ids, progress=progress, native=work.native)


def _with_log(error: MachineError, stage: Path, folder: Path) -> MachineError:
    """Keep the log of a failed build, as the stage goes away."""
    log = stage / "root.log"
    if not log.exists():
        return error
    kept = folder.with_name(folder.name + ".failed.log")
    os.replace(log, kept)  # noqa: PTH105  over an older one
    return MachineError(error.what, fix=error.fix or f"the whole log: {kept}", detail=error.detail)
