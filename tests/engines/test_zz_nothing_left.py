"""Comes last: what all the tests of engines left behind, which is nothing."""

from __future__ import annotations

import json
import subprocess

from tests.engines.test_registrations import entries
from tests.support.daemons import Docker, Podman, mounts_below
from tests.support.rooms import until
from wrongarch import paths
from wrongarch.engines.containers import sweep
from wrongarch.engines.containers.api import Daemon


def test_no_container_and_no_volume(daemon: Daemon) -> None:
    until(lambda: not listed(daemon, "ps", "--all"), 20)
    assert listed(daemon, "volume", "ls") == []


def listed(daemon: Daemon, *words: str) -> list[str]:
    done = subprocess.run([daemon.engine, *words, "--quiet"], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.split()


def test_no_mount(docker: Docker, podman: Podman) -> None:
    for folder in (docker.folder, podman.folder):
        left = [path for path in mounts_below(folder) if path.endswith("/merged") or "/shm" in path]
        assert left == [], json.dumps(left)


def test_no_registration() -> None:
    assert [name for name in entries() if name.startswith(("wrongarch-", "qemu-"))] == []


def test_no_folder_of_a_dead_session() -> None:
    assert paths.sweep_stale(sweep.folder()) == []
