"""How a command ended, in words."""

from __future__ import annotations

import typing

import pytest

from wrongarch.engines.base import Outcome, Reason, describe


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(reason="exit", exit_code=3), "exit 3"),
        (Outcome(reason="signal", signal=6), "killed by SIGABRT"),
        (Outcome(reason="signal", signal=64), "killed by SIGRTMAX"),
        (Outcome(reason="signal", signal=33), "killed by signal 33"),
        (Outcome(reason="signal", signal=61), "killed by signal 61"),
        (Outcome(reason="signal"), "killed by signal 0"),
        (Outcome(reason="timeout", seconds=60.04), "timed out after 60.0 s"),
        (Outcome(reason="memory", max_rss=300 << 20), "stopped: over its memory limit (peak 300 MiB)"),
        (Outcome(reason="processes"), "stopped: over its process limit"),
        (Outcome(reason="not-started", error="x in /: No such file"), "did not start: x in /: No such file"),
        (Outcome(reason="lost", error="the agent ended"), "lost with its session: the agent ended"),
    ],
)
def test_words(outcome: Outcome, words: str) -> None:
    assert describe(outcome) == words


@pytest.mark.parametrize("reason", typing.get_args(Reason))
def test_there_are_words_for_every_reason(reason: Reason) -> None:
    assert describe(Outcome(reason=reason))
