"""Removes what runs of ours left that were killed, before anything new is made.

Each container has a label with the name of a lock file of this user and machine, held while its session lives.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import platform
import time
from pathlib import Path

from wrongarch import paths
from wrongarch.engines.containers.api import Container, Daemon
from wrongarch.errors import MachineError

LABEL = "wrongarch.session"
OWNER = "wrongarch.owner"
ROLE = "wrongarch.role"
KEPT = "wrongarch.keep"
_STARTING_SECONDS = 120


def owner() -> str:
    """Whose sessions these are: only the same user with the same cache on the same machine sees the locks."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = str(os.geteuid())
    cache = hashlib.sha256(os.fsencode(paths.cache_dir().resolve())).hexdigest()[:12]
    return f"{name}@{platform.node()}/{cache}"


def folder() -> Path:
    """Where the folders of sessions lie."""
    return paths.cache_dir() / "sessions"


def sweep(daemon: Daemon) -> list[str]:
    """Remove the containers of dead sessions; their names. Kept ones stay. What cannot be removed stays, too."""
    paths.sweep_stale(folder())
    removed = []
    for container in daemon.containers(f"{ROLE}=registrar"):
        left = not container.running and time.time() - container.created > _STARTING_SECONDS
        if container.labels.get(OWNER) == owner() and left:
            with contextlib.suppress(MachineError):
                daemon.remove(container.id)
                removed.append(container.name)
    for container in daemon.containers(LABEL):
        if container.labels.get(OWNER) == owner() and not container.labels.get(KEPT) and is_dead(container):
            with contextlib.suppress(MachineError):
                daemon.remove(container.id)
                removed.append(container.name)
    return removed


def is_dead(container: Container) -> bool:
    """Whether nobody holds the lock of a container's session any more."""
    lock = folder() / f"{container.labels[LABEL]}.lock"
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return True
    try:
        return paths.try_lock(descriptor)
    finally:
        os.close(descriptor)
