"""A native tree as root: the toolbox, which every machine that can build images has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.busybox import busybox
from tests.support.rooms import Room, room
from wrongarch.arches.lookup import host_arch
from wrongarch.images import toolbox
from wrongarch.namespaces.plan import Plan, PlanMount


@pytest.fixture(scope="session")
def native(requires_namespaces: None, cache: Path) -> Path:
    """A root of this machine's architecture; never written to."""
    return toolbox.ensure()


@pytest.fixture(scope="module")
def shared(native: Path) -> Iterator[Room]:
    """One private root for tests that leave nothing in it."""
    with room(Plan(root=native)) as opened:
        yield opened


@pytest.fixture(scope="session")
def tools(requires_namespaces: None, cache: Path) -> PlanMount:
    """One static program at /busybox that is many, among them those that the toolbox lacks: mount, setsid, unshare."""
    return PlanMount(source=str(busybox(host_arch().debian)), target="/busybox", writable=False)
