"""Static programs from Debian's pool, for roots that have none of their own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from wrongarch import paths
from wrongarch.debian import debs, pool
from wrongarch.debian.packages import fetch_index
from wrongarch.downloads import NotFoundError


def busybox(debian_arch: str, suite: str = "bookworm") -> Path:
    """Debian's busybox-static for an architecture, a file that runs in any root.

    Which version that is was looked up once; when the pool no longer has it, the index is asked again.
    """
    folder = paths.cache_dir() / "tests"
    with paths.locked(folder / f"busybox-{debian_arch}.lock"):
        known = folder / f"busybox-{debian_arch}.json"
        try:
            return _extracted(msgspec.json.decode(known.read_bytes(), type=pool.PoolFile), folder)
        except (FileNotFoundError, NotFoundError):
            file = _look_up(suite, debian_arch)
            paths.write_atomically(known, msgspec.json.encode(file))
            return _extracted(file, folder)


def _look_up(suite: str, debian_arch: str) -> pool.PoolFile:
    with tempfile.TemporaryDirectory() as folder:
        index = fetch_index(suite, debian_arch, Path(folder))
    return next(package for package in index.packages if package.name == "busybox-static")


def _extracted(file: pool.PoolFile, folder: Path) -> Path:
    place = folder / f"busybox-{file.sha256[:16]}"
    if not place.exists():
        package = pool.fetch_pool([file])[file.sha256]
        with paths.staging(folder, place.name) as work:
            debs.extract(package, work, select=lambda member: member.name.endswith("bin/busybox"))
            found = next(entry for entry in work.rglob("busybox") if entry.is_file())
            found.chmod(0o755)
            found.rename(place)
    return place
