"""Integration tests use the real thing: namespaces, emulators, and the user's cache, so that an image is built once."""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.agent_coverage import agent_coverage  # noqa: F401  a fixture for the whole session
from tests.support.users import users  # noqa: F401  a fixture, too
from wrongarch import paths, process
from wrongarch.arches import lookup
from wrongarch.emulators import pins, store
from wrongarch.errors import NetworkError, UsageError, WrongarchError
from wrongarch.images.archive import fetch_verified

# What a private registration needs, by other means than ours: util-linux and mount(8) are on every Debian.
PROBE = "mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc && test -w /proc/sys/fs/binfmt_misc/register"


@functools.cache
def missing_namespaces() -> str:
    """Why this machine has no namespaces for us, an empty text if it has them."""
    try:
        process.run(["unshare", "-Urmpf", "--mount-proc", "sh", "-c", PROBE], timeout=20)
    except WrongarchError as error:
        return f"no private binfmt_misc here (Linux {os.uname().release}): {error.what} {error.detail}".strip()
    return ""


@pytest.fixture(scope="session")
def requires_namespaces() -> None:
    """Skips the test where this machine cannot run it. In CI it has to: there the test fails."""
    reason = missing_namespaces()
    if not reason:
        return
    if os.environ.get("CI"):
        pytest.fail(f"CI has to run this test: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def cache() -> Path:
    """The user's own cache folder (or WRONGARCH_CACHE's), shared by all tests and with `./nox -s test-A`."""
    return paths.cache_dir()


@pytest.fixture(scope="session")
def pinned(requires_namespaces: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The pinned emulators can be had. Where the archive has moved on, they are pinned anew for this session."""
    with pytest.MonkeyPatch.context() as patch:
        for version in pins.load().candidates:
            try:
                store.get(version, "arm")
            except NetworkError as gone:
                if "WRONGARCH_CONFIG" not in os.environ:
                    patch.setenv("WRONGARCH_CONFIG", str(tmp_path_factory.mktemp("config")))
                _pin_anew(gone.what)
                store.get(version, "arm")
        yield


def _pin_anew(why: str) -> None:
    known, host, indices = pins.load(), lookup.host_arch().debian, []
    for suite in pins.suites(known):
        try:
            indices.append(fetch_verified(suite, host))
        except UsageError:  # a suite without that architecture
            continue
    pins.write(pins.refresh_pins(known, indices), pins.user_file())
    warnings.warn(f"pins refreshed for this session, run `wrongarch emulator refresh`: {why}", stacklevel=1)
