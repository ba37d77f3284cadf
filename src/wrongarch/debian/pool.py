"""Files of Debian's pool: each is known by its hash and kept once, whatever asked for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from wrongarch import downloads, settings
from wrongarch.paths import cache_dir

Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class PoolFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file in the archive: package and version, path below the archive's base, size in bytes, SHA-256 in hex."""

    name: str
    version: str
    path: Annotated[str, msgspec.Meta(pattern=r"^pool/(?!.*\.\.)[\w./+~:%-]+$")]
    size: Annotated[int, msgspec.Meta(ge=0)]
    sha256: Sha256


def snapshot_stamp(moment: int) -> str:
    """UNIX time as the archive of snapshots writes it: the last state at or before it is served."""
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def addresses(path: str, taken: int | None = None) -> tuple[str, ...]:
    """Where a file of the archive may be: the mirrors, then the snapshot of the time `taken` (UNIX time) if given."""
    debian = settings.current().debian
    urls = [f"{mirror}/{path}" for mirror in debian.mirrors]
    if taken is not None:
        urls.append(f"{debian.snapshot}/archive/debian/{snapshot_stamp(taken)}/{path}")
    return tuple(urls)


def cached_path(sha256: str) -> Path:
    """Where the file with this hash is, or would be, in the cache."""
    return cache_dir() / "downloads" / sha256[:2] / sha256


def fetch_pool(
    files: Iterable[PoolFile], *, taken: int | None = None, progress: downloads.Progress | None = None
) -> dict[str, Path]:
    """Have these files in the cache; their paths by SHA-256.

    `taken` (UNIX time) is when the archive had them, so that the snapshot of then can serve what has left the mirror.
    Raises what `downloads.fetch` does.
    """
    wanted = {file.sha256: file for file in files}
    items = [
        downloads.Item(urls=addresses(file.path, taken), dest=cached_path(digest), sha256=digest, size=file.size)
        for digest, file in wanted.items()
    ]
    return dict(zip(wanted, downloads.fetch_all(items, progress=progress), strict=True))
