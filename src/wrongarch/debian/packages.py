"""Indices of the archive: which packages a suite has for an architecture.

The format: https://wiki.debian.org/DebianRepository/Format. What is fetched is laid out like the archive itself, so
that apt can read it as a `file:` source and check its signature; nothing here does that.
"""

from __future__ import annotations

import email.utils
import hashlib
import lzma
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from wrongarch import downloads, paths
from wrongarch.debian.deb822 import paragraphs
from wrongarch.debian.pool import PoolFile, addresses
from wrongarch.errors import NetworkError, UntrustedInput, UsageError, WrongarchError
from wrongarch.settings import MIRROR_VARIABLE

_MAX_INRELEASE = 4 << 20
_MAX_PLAIN = 1 << 30
_SIGNED = re.compile(  # one signed message and nothing around it: what is not signed must not be read
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]+: .*\n)*\n(?P<text>(?:(?!-----).*\n)*)"
    r"-----BEGIN PGP SIGNATURE-----\n(?:(?!-----).*\n)+-----END PGP SIGNATURE-----\n*"
)
_FIELDS = (b"Package", b"Version", b"Filename", b"Size", b"SHA256")
_FIELD = re.compile(rb"^(%s): (.*)" % b"|".join(_FIELDS), re.MULTILINE)


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """An InRelease file. `date` is UNIX time; `files` has size and SHA-256 of each index by its path in the suite."""

    suite: str
    codename: str
    origin: str
    date: int
    by_hash: bool
    files: dict[str, tuple[int, str]]


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """What a suite has for an architecture (`all` included), and the signed file that vouches for it."""

    suite: str
    arch: str
    date: int
    inrelease_sha256: str
    packages: tuple[PoolFile, ...]


class _Wanted(msgspec.Struct, frozen=True, kw_only=True):
    suite: str
    arch: str
    into: Path
    taken: int | None
    progress: downloads.Progress | None


def fetch_index(
    suite: str,
    arch: str,
    into: Path,
    *,
    taken: int | None = None,
    progress: downloads.Progress | None = None,
) -> Index:
    """Fetch the index of `suite` for the Debian architecture `arch` into the folder `into`, laid out as the archive.

    Makes `into/dists/SUITE/InRelease` and `into/dists/SUITE/main/binary-ARCH/Packages.xz`, which has the hash that
    InRelease says. A mirror can be in the middle of an update, where the two do not fit; then the suite is looked for
    under its other name (`stable` for trixie), which may be in the state before. With `taken` (UNIX time) the archive
    of snapshots can serve what the mirror no longer has. Use a folder of its own for each architecture.

    Raises NotFoundError for a suite that the archive lacks, UsageError for an architecture that the suite lacks,
    UntrustedInput for what is malformed, NetworkError.
    """
    wanted = _Wanted(suite=suite, arch=arch, into=into, taken=taken, progress=progress)
    raw, release = _fetch_release(suite, taken)
    try:
        packages = _fetch_packages(wanted, release, suite)
    except (UntrustedInput, downloads.NotFoundError) as error:
        raw, release, packages = _under_another_name(wanted, release, error)
    paths.write_atomically(into / "dists" / suite / "InRelease", raw)
    return Index(
        suite=suite,
        arch=arch,
        date=release.date,
        inrelease_sha256=hashlib.sha256(raw).hexdigest(),
        packages=tuple(read_packages(packages)),
    )


def _fetch_release(suite: str, taken: int | None) -> tuple[bytes, Release]:
    name = f"dists/{suite}/InRelease"
    raw = downloads.fetch_bytes(addresses(name, taken), max_bytes=_MAX_INRELEASE)
    return raw, read_release(raw, name)


def _fetch_packages(wanted: _Wanted, release: Release, served_as: str) -> Path:
    folder = f"main/binary-{wanted.arch}"
    if f"{folder}/Packages.xz" not in release.files:
        known = sorted({match[1] for path in release.files if (match := re.match(r"main/binary-([^/]+)/", path))})
        raise UsageError(f"{wanted.suite} has no architecture {wanted.arch}", fix=f"use one of: {', '.join(known)}")
    size, digest = release.files[f"{folder}/Packages.xz"]
    there = f"dists/{served_as}/{folder}"
    urls = addresses(f"{there}/Packages.xz", wanted.taken)
    if release.by_hash:  # the plain name may already be of the next state of the archive
        urls = (*addresses(f"{there}/by-hash/SHA256/{digest}", wanted.taken), *urls)
    dest = wanted.into / "dists" / wanted.suite / folder / "Packages.xz"
    return downloads.fetch(urls, dest, sha256=digest, size=size, progress=wanted.progress)


def _under_another_name(wanted: _Wanted, release: Release, error: WrongarchError) -> tuple[bytes, Release, Path]:
    for name in {release.suite, release.codename} - {wanted.suite, ""}:
        with suppress(UntrustedInput, downloads.NotFoundError):
            raw, other = _fetch_release(name, wanted.taken)
            if other.codename == release.codename:
                return raw, other, _fetch_packages(wanted, other, name)
    raise NetworkError(
        f"the mirror does not have the index of {wanted.suite} for {wanted.arch} that its own InRelease names",
        fix=f"it may be in the middle of an update: try again later, or another mirror (export {MIRROR_VARIABLE}=…)",
        detail=error.what,
    ) from error


def read_release(raw: bytes, name: str) -> Release:
    """Read the signed text of an InRelease file; the signature is not checked. Raises UntrustedInput."""
    match = _SIGNED.fullmatch(raw.decode(errors="replace").replace("\r\n", "\n"))
    if match is None:
        raise UntrustedInput(f"{name} is no signed index", fix="try another mirror (export WRONGARCH_DEBIAN_MIRROR=…)")
    text = re.sub(r"^- ", "", match["text"], flags=re.MULTILINE)  # dash escapes (RFC 9580, 7.2)
    fields = next(paragraphs(text), {})
    try:
        date = email.utils.parsedate_to_datetime(fields["Date"])
        lines = [line.split() for line in fields["SHA256"].split("\n") if line.strip()]
        files = {path: (int(size), digest) for digest, size, path in lines}
    except (KeyError, ValueError) as error:
        raise UntrustedInput(f"{name} is malformed: {error}", fix="try another mirror") from error
    return Release(
        suite=fields.get("Suite", ""),
        codename=fields.get("Codename", ""),
        origin=fields.get("Origin", ""),
        date=int(date.timestamp()),
        by_hash=fields.get("Acquire-By-Hash") == "yes",
        files=files,
    )


def read_packages(path: Path) -> Iterator[PoolFile]:
    """The packages in a `Packages.xz`, in its order. Raises UntrustedInput if it is malformed."""
    try:
        with lzma.open(path) as file:
            plain = file.read(_MAX_PLAIN)
        yield from parse_packages(plain)
    except (lzma.LZMAError, EOFError, ValueError) as error:
        raise UntrustedInput(f"{path} is malformed: {error}", fix="try another mirror") from error


def parse_packages(plain: bytes) -> Iterator[PoolFile]:
    """The paragraphs of a `Packages` file; raises ValueError for one that lacks a field.

    There are over 60,000, so only the fields needed are looked for.
    """
    for paragraph in plain.split(b"\n\n"):
        fields = dict(_FIELD.findall(paragraph))
        if len(fields) == len(_FIELDS):
            name, version, path, size, sha256 = (fields[field].decode().strip() for field in _FIELDS)
            yield PoolFile(name=name, version=version, path=path, size=int(size), sha256=sha256)
        elif paragraph.strip():
            lacking = ", ".join(field.decode() for field in _FIELDS if field not in fields)
            raise ValueError(f"a paragraph lacks {lacking}")
