"""For all tests: hypothesis profiles, and the bounds that keep a hanging test from stopping the rest."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Emulation and two cores make timing checks of hypothesis worthless. In CI every run tries the same examples, so that a
# red run can be had again; at a developer's desk new ones are tried every time.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, print_blob=True)
# What a shell starts in the background ignores SIGINT, and so would all that tests start and interrupt (sh(1)).
signal.signal(signal.SIGINT, signal.default_int_handler)
# Whatever daemons this machine has: tests of engines start their own, all others are about the sandbox.
os.environ.setdefault("WRONGARCH_ENGINE", "sandbox")

settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture
def hangups() -> Iterator[None]:
    """SIGHUP does what it does, even where nohup(1) started the tests."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)
