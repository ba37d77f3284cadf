"""Unit tests start no process, open no connection, and see none of the user's folders."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# https://docs.python.org/3/library/audit_events.html
PROCESS_EVENTS = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "pty.spawn",
    "subprocess.Popen",
}
NETWORK_EVENTS = {
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "socket.sendmsg",
    "socket.sendto",
}


class Guard:
    """An audit hook (they cannot be removed again) that speaks up only while a unit test runs."""

    def __init__(self) -> None:
        self.armed = False
        self.seen: list[str] = []

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.armed or event not in PROCESS_EVENTS | NETWORK_EVENTS:
            return
        kind = "started a process" if event in PROCESS_EVENTS else "used the network"
        text = f"a unit test {kind}: {event}{arguments!r:.200}"
        self.seen.append(text)
        raise pytest.fail.Exception(text)  # no Exception: code under test does not catch it by accident


GUARD = Guard()
sys.addaudithook(GUARD)


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    GUARD.seen.clear()
    GUARD.armed = True
    yield
    GUARD.armed = False
    if GUARD.seen:  # also where it was caught, or raised in another thread
        pytest.fail("; ".join(GUARD.seen), pytrace=False)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("WRONGARCH_CACHE", str(home / "cache"))
    monkeypatch.setenv("WRONGARCH_CONFIG", str(home / "config"))
