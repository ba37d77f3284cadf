"""Which QEMU packages are used: pinned in `pins.json`, and kept on the same minor version when the archive moves on.

A pin is named by QEMU's major and minor version. For each architecture of host it has candidates, tried in order: exact
packages, with the suite they came from and the time at which they were there. A pins.json in the user's configuration
folder comes before ours, so that a pin that has left the archive can be refreshed without a new wrongarch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from wrongarch import documents, paths
from wrongarch.debian.packages import Index
from wrongarch.debian.pool import PoolFile
from wrongarch.errors import MachineError, UsageError

FORMAT = 1

Version = Annotated[str, msgspec.Meta(pattern=r"^\d+\.\d+$")]
Pattern = Annotated[str, msgspec.Meta(pattern=r"^[\w/-]*\{target\}[\w-]*$")]


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a pin is looked for: a suite, a package, and the path of the emulators in it."""

    suite: str
    package: str
    binaries: Pattern


class Candidate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One exact package. `taken` is the date (UNIX time) of the index it was found in, for the archive of snapshots."""

    suite: str
    binaries: Pattern
    taken: int
    file: PoolFile


class Pins(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All pins. `sources` and `candidates` by version; within it, `candidates` by the host's Debian architecture."""

    format: int
    default: Version
    sources: dict[Version, tuple[Source, ...]]
    candidates: dict[Version, dict[str, tuple[Candidate, ...]]]


def load() -> Pins:
    """The shipped pins, with the user's before them. Raises UsageError for a malformed file of the user's."""
    shipped = msgspec.json.decode(Path(__file__).with_name("pins.json").read_bytes(), type=Pins)
    own = _read_own(user_file())
    return shipped if own is None else _merge(own, shipped)


def user_file() -> Path:
    """Where the user's own pins are."""
    return paths.config_dir() / "pins.json"


def write(pins: Pins, path: Path) -> None:
    """Write pins so that people and `load` can read them."""
    paths.write_atomically(path, msgspec.json.format(msgspec.json.encode(pins), indent=1) + b"\n")


def resolve(pins: Pins, wanted: str, host: str) -> tuple[str, tuple[Candidate, ...]]:
    """The pin that `wanted` means, and its packages for the Debian architecture `host`, in order.

    `wanted` is a pin's name ("10.0"), a major version ("10": the newest pin of it), a full one ("10.0.2") or a package
    version. Raises UsageError for what is not pinned, MachineError for a pin that has no package for this host.
    """
    for version, by_host in sorted(pins.candidates.items(), key=lambda item: _numbers(item[0]), reverse=True):
        candidates = by_host.get(host, ())
        if wanted in (version, version.partition(".")[0]):
            if candidates:
                return version, candidates
            if wanted == version:
                have = ", ".join(_names(pins, host)) or "none"
                raise MachineError(f"QEMU {version} is not packaged for {host} hosts", fix=f"use one of: {have}")
        exact = tuple(item for item in candidates if wanted in (item.file.version, _upstream(item.file.version)))
        if exact:
            return version, exact
    known = ", ".join(_names(pins, host))
    raise UsageError(f"no emulator is pinned as {wanted!r}", fix=f"use one of: {known} (default: {pins.default})")


def suites(pins: Pins) -> tuple[str, ...]:
    """The suites whose indices `refresh_pins` needs; not every one carries every architecture."""
    return tuple(dict.fromkeys(source.suite for sources in pins.sources.values() for source in sources))


def refresh_pins(pins: Pins, indices: Iterable[Index]) -> Pins:
    """The pins as these indices have them now, each with the same major and minor version as before.

    The indices must have been verified. A candidate stays as it was if the index of its suite is not given; if that
    has another version by now, the candidate goes last, for the archive of snapshots may still have it.
    """
    by_place = {(index.suite, index.arch): index for index in indices}
    hosts = {arch for _, arch in by_place} | {host for by_host in pins.candidates.values() for host in by_host}
    fresh: dict[str, dict[str, tuple[Candidate, ...]]] = {}
    for version, sources in pins.sources.items():
        fresh[version] = {}
        for host in sorted(hosts):
            old = pins.candidates.get(version, {}).get(host, ())
            found = _refresh(version, sources, old, {suite: i for (suite, arch), i in by_place.items() if arch == host})
            if found:
                fresh[version][host] = found
    return msgspec.structs.replace(pins, candidates=fresh)


def _refresh(
    version: str, sources: tuple[Source, ...], old: tuple[Candidate, ...], indices: dict[str, Index]
) -> tuple[Candidate, ...]:
    current, gone = [], []
    for source in sources:
        before = [candidate for candidate in old if candidate.suite == source.suite]
        index = indices.get(source.suite)
        if index is None:
            current += before
            continue
        file = _newest(version, source.package, index)
        if file is None:
            gone += before
        else:
            found = Candidate(suite=source.suite, binaries=source.binaries, taken=index.date, file=file)
            # a date is as good as another, and without a change of package there is nothing to write
            current.append(next((one for one in before if _same(one, found)), found))
    return tuple(current + gone)


def _same(one: Candidate, other: Candidate) -> bool:
    return msgspec.structs.replace(one, taken=other.taken) == other


def _newest(version: str, package: str, index: Index) -> PoolFile | None:
    from debian.debian_support import NativeVersion  # noqa: PLC0415 - only a refresh compares versions

    files = [
        file
        for file in index.packages
        if file.name == package and _upstream(file.version).split(".")[:2] == version.split(".")
    ]
    return max(files, key=lambda file: NativeVersion(file.version), default=None)


def _upstream(version: str) -> str:
    """QEMU's own version in that of a package: 1:10.0.2+ds-2+deb13u1~bpo12+1 is 10.0.2."""
    match = re.match(r"(?:\d+:)?(\d+(?:\.\d+)*)", version)
    return match[1] if match else version


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _names(pins: Pins, host: str) -> list[str]:
    return sorted((name for name, hosts in pins.candidates.items() if host in hosts), key=_numbers)


def _read_own(path: Path) -> Pins | None:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", fix="make it a file that you can read") from error
    try:
        own = documents.decode(raw, Pins)
    except documents.DamagedError as error:
        raise UsageError(f"{path}: {error}", fix=f"correct it, or go back to the shipped pins: rm {path}") from error
    if own.format != FORMAT:
        raise UsageError(f"{path} has format {own.format}, not {FORMAT}", fix=f"remove it: rm {path}")
    return own


def _merge(own: Pins, shipped: Pins) -> Pins:
    """The user's candidates first; ours after them, for they may still be there."""
    merged: dict[str, dict[str, tuple[Candidate, ...]]] = {}
    for version in own.candidates | shipped.candidates:
        ours, theirs = shipped.candidates.get(version, {}), own.candidates.get(version, {})
        merged[version] = {
            host: tuple({item.file.sha256: item for item in (*theirs.get(host, ()), *ours.get(host, ()))}.values())
            for host in theirs | ours
        }
    return Pins(format=FORMAT, default=own.default, sources={**shipped.sources, **own.sources}, candidates=merged)
