from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from wrongarch.cli import signals


@pytest.fixture(autouse=True)
def _handlers(hangups: None) -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_body_and_cleans_up(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    steps = []

    def body() -> int:
        try:
            signal.raise_signal(number)
            steps.append("went on")
        finally:
            steps.append("cleaned")
        return 0

    assert signals.interruptible(body) == 130
    assert steps == ["cleaned"]
    assert "interrupted" in capsys.readouterr().err


def test_the_result_of_the_body_is_handed_on_and_handlers_restored() -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert signals.interruptible(lambda: 7) == 7
    assert signal.getsignal(signal.SIGTERM) is before


def test_ignored_signals_stay_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def body() -> int:
        signal.raise_signal(signal.SIGHUP)
        return 5

    assert signals.interruptible(body) == 5


def test_other_threads_leave_handlers_alone() -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen: list[object] = []

    def body() -> int:
        seen.append(signal.getsignal(signal.SIGTERM))
        return 3

    thread = threading.Thread(target=lambda: seen.append(signals.interruptible(body)))
    thread.start()
    thread.join()
    assert seen == [before, 3]
