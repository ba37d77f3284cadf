"""Locks: every package of a root by name, version, path and hash, in the order in which it is configured.

A lock is written by `wrongarch image lock` from a signed archive and committed. The same lock gives the same root.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import msgspec

from wrongarch import documents, paths
from wrongarch.arches.model import Arch
from wrongarch.debian.pool import PoolFile
from wrongarch.errors import UsageError
from wrongarch.images.spec import PACKAGE_NAME, ImageSpec

FORMAT = 1

Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Moment = Annotated[int, msgspec.Meta(ge=0, lt=1 << 37)]
"""UNIX time, before the year 6325."""
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][\w.+-]*\Z", max_length=200)]
"""Part of a file name: no slash, and no dot at its start."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signed index that the versions came from: a suite, the SHA-256 of its InRelease and its date (UNIX time)."""

    suite: str
    inrelease: Hash
    date: Moment


class Lock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One root, pinned.

    `request` is the digest of what was asked for (`request_digest`), to tell when a spec has changed since. `taken` is
    when the archive was asked (UNIX time), for the archive of snapshots. `packages` are in the order of configuration,
    of which the first `essential` are what Debian calls essential with all they need.
    """

    format: int
    image: Name
    arch: Name
    suite: Name
    request: Hash
    taken: Moment
    source: Source
    essential: int
    exclude: tuple[str, ...]
    packages: tuple[PoolFile, ...]

    @property
    def epoch(self) -> int:
        """UNIX time that no file of the root is newer than (https://reproducible-builds.org/specs/source-date-epoch/)."""
        return self.source.date

    @property
    def digest(self) -> str:
        """SHA-256 in hex of all that decides how the root comes out; not of when the archive was asked."""
        facts = msgspec.structs.replace(self, taken=0, request="0" * 64)
        return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


def request_digest(suite: str, packages: tuple[str, ...], exclude: tuple[str, ...]) -> str:
    """What a lock answers, as a SHA-256 in hex."""
    return hashlib.sha256(msgspec.json.encode([FORMAT, suite, packages, exclude])).hexdigest()


def read(path: Path) -> Lock:
    """Read a lock. Raises UsageError that names the file and the key that is wrong."""
    try:
        lock = documents.decode(path.read_bytes(), Lock)
    except OSError as error:
        raise UsageError(
            f"cannot read the lock {path}: {error.strerror}", fix="see: wrongarch image lock --help"
        ) from error
    except documents.DamagedError as error:
        raise UsageError(f"{path} is no lock: {error}", fix="write it anew: wrongarch image lock ARCH") from error
    _check(lock, path)
    return lock


def _check(lock: Lock, path: Path) -> None:
    fix = "write it anew: wrongarch image lock ARCH"
    if lock.format != FORMAT:
        raise UsageError(f"{path} has format {lock.format}; this wrongarch reads format {FORMAT}", fix=fix)
    names = [package.name for package in lock.packages]
    if len(set(names)) != len(names):
        raise UsageError(f"{path} has a package twice - at `$.packages`", fix=fix)
    if not 0 <= lock.essential <= len(names):
        raise UsageError(f"{path} counts more essential packages than it has - at `$.essential`", fix=fix)
    for at, name in enumerate(names):
        if not PACKAGE_NAME.fullmatch(name):  # it becomes the name of a file, and a word for dpkg
            raise UsageError(f"{path}: {name!r} is no name of a package - at `$.packages[{at}].name`", fix=fix)


def write(lock: Lock, path: Path) -> None:
    """Write a lock for people to read and to compare: one line a field, keys in the order of the model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    paths.write_atomically(path, msgspec.json.format(msgspec.json.encode(lock), indent=1) + b"\n")


def path_of(folder: Path, spec: ImageSpec, arch: Arch) -> Path:
    """Where the lock of an image is kept below the folder of locks."""
    return folder / spec.name / f"{arch.name}.json"


def read_for(folder: Path, spec: ImageSpec, arch: Arch) -> Lock:
    """The lock of `spec` for `arch`. Raises UsageError if there is none, or it answers another request."""
    path = path_of(folder, spec, arch)
    fix = f"wrongarch image lock {arch.name} --recipe {spec.name}"
    suite, packages = spec.for_arch(arch)
    if not path.exists():
        raise UsageError(f"there is no lock for the image {spec.name} on {arch.name}: {path}", fix=fix)
    lock = read(path)
    if (lock.image, lock.arch) != (spec.name, arch.debian):
        raise UsageError(f"{path} is the lock of {lock.image} for {lock.arch}", fix=fix)
    if lock.request != request_digest(suite, packages, spec.exclude):
        raise UsageError(f"{path} is older than the recipe: it was made for other packages", fix=fix)
    return lock
