"""The store of emulators: static QEMU binaries out of pinned packages, which are never installed.

Each package has a folder, named by its hash: the binaries, and a manifest with their hashes. A folder is made beside
its place and renamed; what is added later is renamed into it before the manifest names it. So a kill at any time leaves
a store that is right, and what was damaged by others is found and made again.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from wrongarch import documents, downloads, paths
from wrongarch.arches import elf
from wrongarch.arches.lookup import host_arch, image_arches
from wrongarch.debian import debs, pool
from wrongarch.emulators import pins as pinning
from wrongarch.emulators.model import Emulator
from wrongarch.emulators.pins import Candidate
from wrongarch.errors import NetworkError, UntrustedInput, UsageError

_MODE = 0o755
_OTHER_PIN = "use another pin: --emulator VERSION"


class _Binary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file as it was when its hash was taken; a difference in size or time means that it must be hashed again."""

    sha256: str
    size: int
    mtime_ns: int


class _Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`targets` are all that the package has, `binaries` those extracted so far, by target."""

    package: str
    targets: tuple[str, ...]
    binaries: dict[str, _Binary]


def get(
    version: str,
    target: str,
    *,
    progress: downloads.Progress | None = None,
    verify: bool = False,
    host: str | None = None,
) -> Emulator:
    """The emulator of QEMU's linux-user `target`, from the store or else from the archive.

    `version` is anything `pins.resolve` understands, `host` a Debian architecture (default: this machine's). With
    `verify` the file is hashed even where size and time are as recorded; a damaged file is replaced either way.
    Raises UsageError for an unknown version or target, MachineError for a host without a package, and what downloads
    and packages may raise.
    """
    ours = host_arch()
    name, candidates = pinning.resolve(pinning.load(), version, host or ours.debian or ours.name)
    folder = paths.cache_dir() / "emulators"
    for candidate in candidates:  # what is there comes before what would have to be downloaded
        found = _ready(folder, name, candidate, target, verify=verify)
        if found is not None:
            return found
    known: set[str] = set()
    troubles: list[NetworkError] = []
    for candidate in candidates:
        try:
            manifest = _ensure(folder, candidate, target, progress)
        except NetworkError as error:
            troubles.append(error)
            continue
        if target in manifest.binaries:
            return _emulator(folder, name, candidate, target, manifest.binaries[target])
        known |= set(manifest.targets)
    if troubles:
        raise _unreachable(name, troubles)
    raise UsageError(f"QEMU {name} has no emulator for {target!r}", fix=f"use one of: {', '.join(sorted(known))}")


def find(version: str, target: str, *, host: str | None = None) -> Emulator | None:
    """The emulator if it is in the store already, without downloading anything. Raises UsageError, MachineError."""
    ours = host_arch()
    name, candidates = pinning.resolve(pinning.load(), version, host or ours.debian or ours.name)
    folder = paths.cache_dir() / "emulators"
    there = (_ready(folder, name, candidate, target, verify=False) for candidate in candidates)
    return next((emulator for emulator in there if emulator is not None), None)


def damaged(folder: Path) -> Iterator[Path]:
    """Binaries in a store at `folder` whose bytes are not those that were extracted; `get` would make them again."""
    for entry in sorted(folder.glob("*/manifest.json")):
        manifest = _read(entry.parent)
        if manifest is None:
            yield entry.parent
            continue
        for target, binary in sorted(manifest.binaries.items()):
            if not _is_sound(_path(entry.parent, target), binary, verify=True):
                yield _path(entry.parent, target)


def _unreachable(version: str, troubles: list[NetworkError]) -> NetworkError:
    kind = downloads.NotFoundError if all(isinstance(error, downloads.NotFoundError) for error in troubles) else None
    return (kind or NetworkError)(
        f"no pinned package of QEMU {version} could be had: " + "; ".join(error.what for error in troubles),
        fix="refresh the pins (the archive may have moved on), or " + troubles[-1].fix,
    )


def _emulator(folder: Path, version: str, candidate: Candidate, target: str, binary: _Binary) -> Emulator:
    return Emulator(
        version=version,
        release=candidate.file.version,
        target=target,
        sha256=binary.sha256,
        path=_path(folder / candidate.file.sha256, target),
    )


def _path(entry: Path, target: str) -> Path:
    return entry / f"qemu-{target}"


def _ready(folder: Path, version: str, candidate: Candidate, target: str, *, verify: bool) -> Emulator | None:
    """The emulator if it is in the store and sound."""
    entry = folder / candidate.file.sha256
    manifest = _read(entry)
    binary = manifest.binaries.get(target) if manifest else None
    if binary is None or not _is_sound(_path(entry, target), binary, verify=verify):
        return None
    return _emulator(folder, version, candidate, target, binary)


def _is_sound(path: Path, binary: _Binary, *, verify: bool) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(status.st_mode) or stat.S_IMODE(status.st_mode) != _MODE or status.st_size != binary.size:
        return False
    return (status.st_mtime_ns == binary.mtime_ns and not verify) or _describe(path).sha256 == binary.sha256


def _describe(path: Path) -> _Binary:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _Binary(sha256=digest, size=status.st_size, mtime_ns=status.st_mtime_ns)


def _read(entry: Path) -> _Manifest | None:
    """The manifest of an entry, None if there is none that can be used."""
    try:
        manifest = documents.decode((entry / "manifest.json").read_bytes(), _Manifest)
    except (OSError, documents.DamagedError):
        return None
    return manifest if manifest.package == entry.name else None


def _ensure(folder: Path, candidate: Candidate, target: str, progress: downloads.Progress | None) -> _Manifest:
    """Have `target` in the candidate's entry, if the package has it; the manifest then."""
    entry = folder / candidate.file.sha256
    with paths.locked(folder / f"{entry.name}.lock"):
        paths.sweep_stale(folder)
        paths.sweep_stale(entry)
        manifest = _read(entry)
        if manifest is None:
            paths.remove_tree(entry)
            return _extract(entry, candidate, {target, *(arch.qemu for arch in image_arches())}, progress)
        binary = manifest.binaries.get(target)
        if target not in manifest.targets or (binary and _is_sound(_path(entry, target), binary, verify=True)):
            return manifest
        return _extract(entry, candidate, {target}, progress, manifest)


def _extract(
    entry: Path,
    candidate: Candidate,
    targets: Collection[str],
    progress: downloads.Progress | None,
    before: _Manifest | None = None,
) -> _Manifest:
    """Extract `targets` from the candidate's package into its entry, which has `before` already or is new."""
    file = candidate.file
    package = pool.fetch_pool([file], taken=candidate.taken, progress=progress)[file.sha256]
    head, tail = candidate.binaries.split("{target}")
    seen: set[str] = set()

    def select(member: debs.Member) -> bool:
        middle = member.name.removeprefix(head).removesuffix(tail)
        if member.kind != "file" or f"{head}{middle}{tail}" != member.name or "/" in middle:
            return False  # links are other names, such as qemu-armhf
        seen.add(middle)
        return middle in targets

    with paths.staging(entry.parent, entry.name) as work, paths.translate_disk_errors(entry):
        found = debs.extract(package, work / "package", select=select)
        new = work / "entry"
        new.mkdir()
        binaries = dict(before.binaries) if before else {}
        for name in found:
            target = name.removeprefix(head).removesuffix(tail)
            place = _path(new, target)
            (work / "package" / name).rename(place)
            _check_static(place, package)
            place.chmod(_MODE)
            binaries[target] = _describe(place)
        manifest = _Manifest(package=file.sha256, targets=tuple(sorted(seen)), binaries=binaries)
        if before is None:
            _write(new, manifest)
            new.rename(entry)
        else:
            for place in new.iterdir():
                place.replace(entry / place.name)
            _write(entry, manifest)
    return manifest


def _write(entry: Path, manifest: _Manifest) -> None:
    paths.write_atomically(entry / "manifest.json", msgspec.json.encode(manifest))


def _check_static(path: Path, package: Path) -> None:
    """Refuse a binary that would need a loader and libraries in the root it is used for."""
    try:
        loader = elf.interpreter_of(path)
    except UntrustedInput as error:
        raise UntrustedInput(f"the emulator in {package} cannot be used: {error.what}", fix=_OTHER_PIN) from error
    if loader is not None:
        raise UntrustedInput(f"{path.name} in {package} is not linked statically: it needs {loader}", fix=_OTHER_PIN)
