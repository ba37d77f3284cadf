"""What a manifest may have a say in, once its members are on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support import capsules
from wrongarch.arches import lookup
from wrongarch.capsules import unpacked
from wrongarch.capsules.unpacked import Unpacked, choose_emulator
from wrongarch.emulators.model import Emulator
from wrongarch.errors import MachineError, UntrustedInput, UsageError

FOREIGN = "arm" if lookup.host_arch().name not in ("arm", "armel", "arm64") else "s390x"


def capsule(folder: Path, **changes: Any) -> Unpacked:
    return Unpacked(file=folder / "x.tar.zst", manifest=capsules.sound(arch=FOREIGN, **changes), folder=folder)


def test_its_own_folders_can_be_read_only(tmp_path: Path) -> None:
    (mount,) = capsule(tmp_path, read_only=("/usr/bin",)).mounts
    assert (mount.source, mount.target, mount.writable) == (tmp_path / "root/usr/bin", "/usr/bin", False)


@pytest.mark.parametrize(
    "target", ["/", "usr", "/../..", "/bin", "/missing", "/proc", "/proc/sys", "/dev", "/run/wrongarch"]
)
def test_nothing_else_can(target: str, tmp_path: Path) -> None:
    with pytest.raises(UntrustedInput, match="no folder in it"):
        _ = capsule(tmp_path, read_only=(target,)).mounts


def store(*there: tuple[str, str]) -> Any:
    """A store that has these (version asked for, sha256)."""

    def get(version: str, target: str) -> Emulator:
        for name, digest in there:
            if name == version:
                return Emulator(
                    version="10.0", release=f"release {name}", target=target, sha256=digest, path=Path("/x")
                )
        raise UsageError(f"no emulator is pinned as {version!r}")

    return get


def inside(**changes: Any) -> Any:
    emulator = capsules.sound().emulator
    assert emulator is not None
    return msgspec.structs.replace(emulator, host=lookup.host_arch().name, **changes)


def test_ours_is_used_by_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = inside().sha256
    monkeypatch.setattr(unpacked.store, "get", store(("1:10.0.2", digest), ("10.0", "f" * 64)))
    chosen = choose_emulator(capsule(tmp_path, emulator=inside()))
    assert chosen.emulator is not None
    assert (chosen.emulator.sha256, chosen.note) == (digest, "")


def test_another_build_of_the_version_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked.store, "get", store(("10.0", "f" * 64)))
    chosen = choose_emulator(capsule(tmp_path, emulator=inside()))
    assert "which is not pinned" in chosen.note


def test_an_unknown_emulator_needs_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked.store, "get", store())
    with pytest.raises(UsageError, match="not pinned here") as refused:
        choose_emulator(capsule(tmp_path, emulator=inside()))
    assert "--trust-emulator" in refused.value.fix
    trusted = choose_emulator(capsule(tmp_path, emulator=inside()), trust=True).emulator
    assert trusted is not None
    assert trusted.path == tmp_path / "emulator" / "qemu-arm"
    with pytest.raises(MachineError, match="is for hppa machines"):
        choose_emulator(capsule(tmp_path, emulator=msgspec.structs.replace(inside(), host="hppa")), trust=True)


def test_what_ran_natively_needs_its_arch(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="as the capsule was captured"):
        choose_emulator(capsule(tmp_path, emulator=None))
    with pytest.raises(MachineError, match="does not run"):
        choose_emulator(capsule(tmp_path), "native")
