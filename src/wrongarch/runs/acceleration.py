"""Native tools for a build: the layer of its image, what it says of the machine, and a cache for compilers."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

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


class Place(Protocol):
    """What is asked of the ground that a build stands on (`wrongarch.runs.building.Ground`)."""

    @property
    def root(self) -> Path: ...
    @property
    def arch(self) -> Arch: ...
    @property
    def host(self) -> Arch: ...
    @property
    def emulator(self) -> Emulator | None: ...
    @property
    def cpu(self) -> str | None: ...
    @property
    def cross(self) -> bool: ...
    @property
    def accel(self) -> layer.Mode: ...


def tools_for(place: Place, observer: Observer) -> Tools:
    """The native tools that `place` asks for, made if they are not there.

    What keeps them from a build is noted, and the build is emulated. Raises what downloads and packages raise.
    """
    root, arch, emulator = place.root, place.arch, place.emulator
    if place.accel == "none" or emulator is None or place.cross:
        return Tools()
    why = layer.why_not(root, arch, place.host)
    if why:
        observer.note(f"all tools are emulated: {why}")
        return Tools()
    made = layer.ensure(root, arch, emulator, place.accel, lambda what, _, __: observer.stage(what))
    cpuinfo = layer.cpuinfo(made, root, arch, emulator, place.cpu)
    mounts = [Mount(source=cpuinfo, target="/proc/cpuinfo")]
    env: dict[str, str] = {}
    chosen = settings.current().build
    if chosen.cache != "off":
        mounts.append(Mount(source=_cache(), target=CACHE, writable=True))
        env = {
            "WRONGARCH_CCACHE": f"/{NATIVE}/bin/ccache",
            "CCACHE_DIR": CACHE,
            "CCACHE_COMPILERCHECK": f"string:{made.compilers}",
            "CCACHE_MAXSIZE": f"{chosen.cache_gib}G",
        }
    return Tools(layer=made, mounts=tuple(mounts), env=env)


def _cache() -> Path:
    """The folder of the compilers' cache. It belongs to root inside for good, as builds use it at the same time."""
    owner = id_maps.choose().owner
    folder = paths.cache_dir() / f"ccache-{owner[0]}"
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        id_maps.give(folder, owner)
    return folder
