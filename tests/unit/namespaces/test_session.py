"""The host's side of a session, against an agent that says what no agent of ours would."""

from __future__ import annotations

import socket

import pytest

from wrongarch.namespaces.agent import frames
from wrongarch.namespaces.session import Order, Pending, PrivateRoot


class Gone:
    """An agent that has ended."""

    def ended(self, seconds: float) -> bool:
        return True

    def kill(self) -> None: ...


@pytest.mark.parametrize(
    "frame",
    [
        frames.pack(frames.EXIT, 1, b"no JSON"),
        frames.pack(frames.EXIT, 1, b"[" * 100_000),
        frames.pack_json(frames.EXIT, 1, {"reason": 7}),
        frames.pack_json(frames.EXIT, 1, []),
        frames.pack_json(frames.BEGAN, 1, {}),
        frames.pack_json(frames.FAILED, 1, "no"),
        frames.pack_json(frames.FAILED, 0, {"stage": "x"}),
        frames.HEADER.pack(frames.OUT, 1, frames.LARGEST + 1),
        b"",
    ],
)
def test_nobody_waits_for_ever(frame: bytes) -> None:
    ours, theirs = socket.socketpair()
    root = PrivateRoot(ours, Gone(), "6.18")
    with theirs:
        pending = Pending(lambda *_: None)
        root.start(Order(argv=("true",), env={}), pending)
        theirs.sendall(frame)
    try:
        ending = pending.future.result(10)
        assert (ending.reason, ending.error) == ("lost", root.lost)
        assert root.lost
    finally:
        root.close()
