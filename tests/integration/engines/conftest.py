"""Sessions of the sandbox in a native tree, the toolbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wrongarch.arches.lookup import host_arch
from wrongarch.engines.base import SessionSpec
from wrongarch.engines.sandbox import Sandbox, SandboxSession
from wrongarch.images import toolbox


@pytest.fixture(scope="session")
def native(requires_namespaces: None, cache: Path) -> Path:
    """A root of this machine's architecture."""
    return toolbox.ensure()


@pytest.fixture(scope="session")
def spec(native: Path) -> SessionSpec:
    return SessionSpec(arch=host_arch(), root=native)


@pytest.fixture(scope="module")
def session(spec: SessionSpec) -> Iterator[SandboxSession]:
    with Sandbox().open(spec) as opened:
        yield opened
