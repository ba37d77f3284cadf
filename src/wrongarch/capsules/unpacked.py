"""A capsule unpacked into a folder of our own, for as long as it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import msgspec

from wrongarch import paths
from wrongarch.arches.lookup import host_arch, runs_natively
from wrongarch.arches.model import Arch
from wrongarch.capsules import members, read
from wrongarch.capsules.guest import is_kernels
from wrongarch.capsules.manifest import ROOT, EmulatorInside, Manifest, Test
from wrongarch.emulators import pins, store
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Mount
from wrongarch.errors import MachineError, UntrustedInput, UsageError
from wrongarch.namespaces import ids as id_maps

NATIVE = "native"


class Unpacked(msgspec.Struct, frozen=True, kw_only=True):
    """A verified capsule on disk: its file, its manifest, and the folder that holds its members."""

    file: Path
    manifest: Manifest
    folder: Path

    @property
    def root(self) -> Path:
        """What the program sees as /."""
        return self.folder / ROOT

    def recorded(self, test: Test) -> bytes:
        """What a test printed when it was captured, normalised."""
        return (self.folder / test.seen.output).read_bytes()

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """Its own folders that have to be read-only, over themselves."""
        there = []
        for target in self.manifest.read_only:
            source = self.folder / f"{ROOT}{target}"
            if _is_ours(target) or members.name_fault(f"{ROOT}{target}") or not _is_folder(self, target):
                raise UntrustedInput(f"{self.file}: it wants {target[:200]!r} read-only, which is no folder in it")
            there.append(Mount(source=source, target=target))
        return tuple(there)


def _is_ours(target: str) -> bool:
    """Whether a path is relative, or the kernel's or the engine's own: no capsule has a say in these."""
    return not target.startswith("/") or is_kernels(target) or PurePosixPath(target).is_relative_to("/run")


def _is_folder(capsule: Unpacked, target: str) -> bool:
    """Whether a folder of the capsule itself, on whose way there is no link, stands at the guest's path."""
    path = f"{ROOT}{target}"
    return any(member.path == path and member.kind == "folder" for member in capsule.manifest.members)


@contextmanager
def unpacked(file: Path, progress: read.Progress = lambda *_: None) -> Iterator[Unpacked]:
    """Verify a capsule and unpack it; the folder is removed on leaving. Raises what `read.unpack` raises."""
    place = paths.cache_dir() / "capsules"
    paths.sweep_stale(place)
    with paths.staging(place, "capsule") as folder:
        manifest = read.unpack(file, folder, progress)
        id_maps.give(folder / ROOT, id_maps.choose().owner)
        yield Unpacked(file=file, manifest=manifest, folder=folder)


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The emulator to use (None: none), and what the user should know of the choice ("" for nothing)."""

    emulator: Emulator | None
    note: str = ""


def choose_emulator(capsule: Unpacked, wanted: str = "", *, trust: bool = False) -> Chosen:
    """The emulator asked for; else the recorded one as we have it, by its hash; with `trust` the one in the capsule.

    Raises UsageError for a version that is not pinned, MachineError where this machine cannot run it, and what
    downloads may raise.
    """
    manifest = capsule.manifest
    arch, host = manifest.machine, host_arch()
    recorded = manifest.emulator
    if wanted not in ("", NATIVE):
        return Chosen(emulator=store.get(wanted, arch.qemu))
    if wanted or recorded is None:
        _check_native(arch, host, asked=bool(wanted))
        return Chosen(emulator=None)
    if trust:
        inside = _inside(capsule, recorded, host)
        return Chosen(emulator=inside, note=f"the emulator in the capsule is used: {recorded.release}")
    for version in (recorded.release, recorded.version):
        try:
            found = store.get(version, arch.qemu)
        except (UsageError, MachineError):
            continue
        same = found.sha256 == recorded.sha256
        if same or host.name != recorded.host:  # another host's build of one version has another hash
            return Chosen(emulator=found)
        if version == recorded.version:
            note = f"captured under QEMU {recorded.release}, which is not pinned: replayed under {found.release}"
            return Chosen(emulator=found, note=note)
    known = ", ".join(sorted(pins.load().candidates))
    raise UsageError(
        f"the capsule was captured under QEMU {recorded.release[:100]}, which is not pinned here",
        fix=f"use another: --emulator VERSION ({known}); or the one inside, if you trust it: --trust-emulator",
    )


def _check_native(arch: Arch, host: Arch, *, asked: bool) -> None:
    if not runs_natively(arch, host):
        why = "" if asked else ", as the capsule was captured"
        raise MachineError(
            f"this {host.name} machine does not run {arch.name} itself{why}",
            fix="replay it under an emulator: --emulator VERSION",
        )


def _inside(capsule: Unpacked, recorded: EmulatorInside, host: Arch) -> Emulator:
    if recorded.host != host.name:
        raise MachineError(
            f"the emulator in the capsule is for {recorded.host} machines, and this is a {host.name}",
            fix="leave --trust-emulator out: ours is the same version",
        )
    return Emulator(
        version=recorded.version,
        release=recorded.release,
        target=capsule.manifest.machine.qemu,
        sha256=recorded.sha256,
        path=capsule.folder / recorded.member,
    )
