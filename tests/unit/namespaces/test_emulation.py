"""What a root needs for its emulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.arches.lookup import find
from wrongarch.emulators.model import Emulator
from wrongarch.errors import UsageError
from wrongarch.namespaces.emulation import DEFAULT_FLAGS, Emulation, emulation

EMULATOR = Emulator(version="10.0", release="1:10.0", target="arm", sha256="0" * 64, path=Path("/store/abc/qemu-arm"))


def test_nothing_where_the_host_runs_it_itself() -> None:
    assert emulation(find("arm"), None) == Emulation()


def test_the_file_and_the_record() -> None:
    parts = emulation(find("arm"), EMULATOR)
    [mount], [record] = parts.mounts, parts.records
    assert (mount.source, mount.target, mount.writable) == ("/store/abc/qemu-arm", "/run/wrongarch/qemu-arm", False)
    assert parts.path == mount.target
    assert record.name == "qemu-arm"
    assert record.line.startswith(":qemu-arm:M:")
    assert record.line.endswith(f":/run/wrongarch/qemu-arm:{DEFAULT_FLAGS}")
    record.line.encode("latin-1")


def test_flags() -> None:
    [record] = emulation(find("arm"), EMULATOR, "F").records
    assert record.line.endswith(":F")
    with pytest.raises(UsageError):
        emulation(find("arm"), EMULATOR, "X")
