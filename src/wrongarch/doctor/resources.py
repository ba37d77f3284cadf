"""Disk, memory, and what wrongarch keeps in its cache."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from wrongarch.doctor.model import Finding, Machine, Probe, fail, good, warn

_LITTLE_DISK, _SOME_DISK = 1 << 30, 5 << 30  # bytes: an image with a compiler takes 0.4 GiB, with JavaScriptCore 1.2
_LITTLE_MEMORY, _SOME_MEMORY = 512 << 20, 2 << 30
_FEW_INODES = 100_000  # an image has 15,000 files
_PATIENCE = 20.0  # seconds for hashing the cache


def disk(machine: Machine) -> Finding:
    """Room where the cache and the runs are."""
    worst = min((_free(place), place) for place in dict.fromkeys((_existing(machine.cache), machine.project)))
    (room, inodes), place = worst
    fix = f"df -h {place}; or move the cache: export WRONGARCH_CACHE=/path/on/a/larger/disk"
    if room < _LITTLE_DISK or inodes < 1000:
        return fail(f"{_size(room)} and {inodes} inodes are free at {place}: too little for an image", fix)
    if room < _SOME_DISK or inodes < _FEW_INODES:
        return warn(f"{_size(room)} and {inodes} inodes are free at {place}: enough for few images", fix)
    return good(f"{_size(room)} free at {place}")


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _free(place: Path) -> tuple[int, int]:
    usage = os.statvfs(place)
    return usage.f_bavail * usage.f_frsize, usage.f_favail if usage.f_files else 1 << 40


def memory(machine: Machine) -> Finding:
    """Memory that is free, and a limit of the container we may be in."""
    lines = (line.split() for line in machine.read("/proc/meminfo").splitlines())
    known = {words[0].rstrip(":"): int(words[1]) << 10 for words in lines if len(words) > 1 and words[1].isdigit()}
    free = known.get("MemAvailable", 0) + known.get("SwapFree", 0)
    limit = machine.read("/sys/fs/cgroup/memory.max")
    what = "available"
    if limit.isdigit() and int(limit) < free:
        free, what = int(limit), "allowed to this control group"
    if free < _LITTLE_MEMORY:
        return fail(f"{_size(free)} of memory {what}: tests will be killed", "end other programs, or use --jobs 1")
    if free < _SOME_MEMORY:
        return warn(f"{_size(free)} of memory {what}", "use fewer workers: --jobs 1")
    return good(f"{_size(free)} of memory {what}")


def caches(machine: Machine) -> Finding:
    """Sizes, and every file that is known by its hash hashed again."""
    if not machine.cache.is_dir():
        return good(f"nothing is cached yet (it will be in {machine.cache})")
    damaged, unread = [], 0
    end = time.monotonic() + _PATIENCE
    for file in _downloads(machine.cache):
        if time.monotonic() > end:
            unread += 1
        elif _digest(file) != file.name:
            damaged.append(file)
    damaged += [*_damaged_emulators(machine.cache), *_half_images(machine.cache)]
    if damaged:
        listed = " ".join(str(path) for path in damaged[:5])
        return fail(f"{len(damaged)} damaged entries in the cache, first: {damaged[0]}", f"rm -r {listed}")
    sizes = ", ".join(f"{name} {_size(_content(machine.cache / name))}" for name in ("downloads", "emulators"))
    images = len(list((machine.cache / "images").glob("*/image.json")))
    words = f"{machine.cache}: {images} images, {sizes}; every hash is right"
    return good(words if not unread else f"{words} ({unread} files not looked at: it took too long)")


def _downloads(cache: Path) -> Iterator[Path]:
    for file in sorted((cache / "downloads").glob("??/*")):
        if file.is_file() and len(file.name) == 64:
            yield file


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def _damaged_emulators(cache: Path) -> Iterator[Path]:
    from wrongarch.emulators import store  # noqa: PLC0415  it loads readers of packages

    yield from store.damaged(cache / "emulators")


def _half_images(cache: Path) -> Iterator[Path]:
    """Images without their root: a kill leaves none, so somebody deleted in there."""
    for note in sorted((cache / "images").glob("*/image.json")):
        if not (note.parent / "root" / "etc").is_dir():
            yield note.parent


def _content(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _size(number: int) -> str:
    return f"{number / (1 << 30):.1f} GiB" if number >= 1 << 30 else f"{number / (1 << 20):.0f} MiB"


PROBES = (
    Probe(name="disk", about="room for images and runs", look=disk),
    Probe(name="memory", about="memory for tests", look=memory),
    Probe(name="caches", about="sizes and damaged entries of the cache", look=caches),
)
