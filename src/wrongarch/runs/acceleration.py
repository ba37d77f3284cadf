"""Native tools for a build: the layer of its image, what it says of the machine, and a cache for compilers."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from wrongarch import paths, settings
from wrongarch.arches.model import Arch
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Mount
from wrongarch.images.native import boxes, layer, twins
from wrongarch.images.native.compilers import COMPILER_CACHE, NATIVE
from wrongarch.namespaces import ids as id_maps
from wrongarch.runs.observer import Observer

CACHE = "/run/wrongarch/cache"
SCCACHE = "/run/wrongarch/sccache"


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What a session of a build gets; all empty where everything is emulated.

    `lock` is to be held by one session at a time, if there is one.
    """

    layer: layer.Layer | None = None
    mounts: tuple[Mount, ...] = ()
    env: dict[str, str] = {}
    lock: Path | None = None


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which tools are to be native, for the image at `root`. `emulator` None: nothing is emulated there."""

    engine: str
    mode: layer.Mode
    root: Path
    arch: Arch
    host: Arch
    emulator: Emulator | None
    cpu: str | None


def tools_for(wish: Wish, observer: Observer) -> Tools:
    """The native tools that are wished for, made if they are not there.

    What keeps them from a build is noted, and the build is emulated. Raises what downloads and packages raise.
    """
    root, arch, emulator = wish.root, wish.arch, wish.emulator
    if wish.mode == "none" or emulator is None:
        return Tools()
    why = layer.why_not(root, arch, wish.host)
    if why:
        observer.note(f"all tools are emulated: {why}")
        return Tools()
    made = layer.ensure(root, arch, emulator, wish.mode, observer.step)
    cpuinfo = layer.cpuinfo(made, root, arch, emulator, wish.cpu)
    facts = Tools(layer=made, mounts=(Mount(source=cpuinfo, target="/proc/cpuinfo"),))
    match settings.current().build.cache:
        case "ccache":
            return _with_ccache(facts, wish, made)
        case "sccache":
            return _with_sccache(facts, wish, made, observer)
        case "off":
            return facts


def _with_ccache(tools: Tools, wish: Wish, made: layer.Layer) -> Tools:
    mount = Mount(source=_folder("ccache", wish.engine), target=CACHE, writable=True)
    env = {
        COMPILER_CACHE: f"/{NATIVE}/bin/ccache",
        "CCACHE_DIR": CACHE,
        "CCACHE_COMPILERCHECK": f"string:{made.compilers}",
        "CCACHE_MAXSIZE": f"{settings.current().build.cache_gib}G",
        "CCACHE_UMASK": "022",  # who keeps it for the next CI job may be another user
    }
    return msgspec.structs.replace(tools, mounts=(*tools.mounts, mount), env=env)


def _with_sccache(tools: Tools, wish: Wish, made: layer.Layer, observer: Observer) -> Tools:
    """sccache has a server, which lives as long as the session; there must be one at a time for a folder (Local, in its
    manual), and its name for the compilers' identity is that of a cache to be thrown away (Caching, there).
    """
    spec = boxes.sccache(twins.codename(wish.root), wish.host)
    why = boxes.why_not_locked(spec, wish.arch, wish.host)
    if why:
        observer.note(f"compilers run without a cache: {why}")
        return tools
    box = boxes.ensure(spec, wish.host, id_maps.choose(), observer.step)
    folder = _folder("sccache", wish.engine)
    mounts = (
        Mount(source=folder, target=CACHE, writable=True),
        Mount(source=box.root / "usr/bin/sccache", target=SCCACHE),
    )
    env = {
        COMPILER_CACHE: SCCACHE,
        "SCCACHE_DIR": CACHE,
        "SCCACHE_C_CUSTOM_CACHE_BUSTER": made.compilers,
        "SCCACHE_CACHE_SIZE": f"{settings.current().build.cache_gib}G",
    }
    lock = folder.with_name(f"{folder.name}.lock")
    return msgspec.structs.replace(tools, mounts=(*tools.mounts, *mounts), env=env, lock=lock)


def _folder(name: str, engine: str) -> Path:
    """A folder of the cache for those who are root inside an engine."""
    owner = id_maps.choose().owner if engine == "sandbox" else (os.geteuid(), os.getegid())
    folder = paths.cache_dir() / name / str(owner[0])
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != owner[0]:  # new, or what a CI cache has brought back
        id_maps.give(folder, owner)
    return folder
