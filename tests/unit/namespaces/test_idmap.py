"""What the agent maps where nobody does it for it, and how input is fed to commands."""

from __future__ import annotations

import os
import selectors

import pytest

from wrongarch.namespaces.agent.feed import Feeds
from wrongarch.namespaces.agent.idmap import same_ids


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("         0          0 4294967295\n", [(0, 0, 4294967294)]),
        ("0 1000 1\n1 100000 65536\n", [(0, 0, 1), (1, 1, 65536)]),
        ("0 1000 1\n", [(0, 0, 1)]),
    ],
)
def test_every_id_to_itself(text: str, rows: list[tuple[int, int, int]]) -> None:
    assert same_ids(text) == rows


def test_input_that_comes_before_its_command() -> None:
    with selectors.DefaultSelector() as selector:
        feeds = Feeds(selector)
        feeds.take(1, b"ab")
        feeds.take(1, b"c")
        (descriptor,) = feeds.gathered(1)
        assert os.read(descriptor, 10) == b"abc"
        os.close(descriptor)
        assert feeds.gathered(1) == []


def test_input_while_its_command_runs() -> None:
    with selectors.DefaultSelector() as selector:
        feeds = Feeds(selector)
        reading, writing = os.pipe()
        feeds.begin(2, writing)
        data = os.urandom(1 << 20)  # more than a pipe holds
        feeds.take(2, data)
        feeds.take(2, b"")
        seen = b""
        while feeds.waiting:
            seen += os.read(reading, 1 << 16)
            for key, _ in selector.select(0):
                feeds.write(feeds.waiting[key.fd])
        while piece := os.read(reading, 1 << 16):  # the end comes, too
            seen += piece
        os.close(reading)
        assert seen == data


def test_a_command_that_does_not_read_any_more() -> None:
    with selectors.DefaultSelector() as selector:
        feeds = Feeds(selector)
        reading, writing = os.pipe()
        feeds.begin(3, writing)
        os.close(reading)
        feeds.take(3, b"for nobody")
        feeds.end(3)
        assert not feeds.waiting
