"""Native tools for a build: the layer of its image, what it says of the machine, and a cache for compilers."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from wrongarch import paths, settings
from wrongarch.arches.model import Arch
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Mount
from wrongarch.images.native import layer
from wrongarch.images.native.compilers import NATIVE
from wrongarch.namespaces import ids as id_maps
from wrongarch.runs.observer import Observer

CACHE = "/run/wrongarch/ccache"


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What a session of a build gets; all empty where everything is emulated."""

    layer: layer.Layer | None = None
    mounts: tuple[Mount, ...] = ()
    env: dict[str, str] = {}


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
    mounts = [Mount(source=cpuinfo, target="/proc/cpuinfo")]
    env: dict[str, str] = {}
    chosen = settings.current().build
    if chosen.cache != "off":
        mounts.append(Mount(source=_cache(wish.engine), target=CACHE, writable=True))
        env = {
            "WRONGARCH_CCACHE": f"/{NATIVE}/bin/ccache",
            "CCACHE_DIR": CACHE,
            "CCACHE_COMPILERCHECK": f"string:{made.compilers}",
            "CCACHE_MAXSIZE": f"{chosen.cache_gib}G",
            "CCACHE_UMASK": "022",  # who keeps it for the next CI job may be another user
        }
    return Tools(layer=made, mounts=tuple(mounts), env=env)


def _cache(engine: str) -> Path:
    """The folder of the compilers' cache, for those who are root inside an engine; builds use it at the same time."""
    owner = id_maps.choose().owner if engine == "sandbox" else (os.geteuid(), os.getegid())
    folder = paths.cache_dir() / "ccache" / str(owner[0])
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != owner[0]:  # new, or what a CI cache has brought back
        id_maps.give(folder, owner)
    return folder
