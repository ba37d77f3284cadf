from __future__ import annotations

import io
import time

import pytest

from wrongarch.cli.progress import Progress


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_what_is_quick_is_not_told(clock: Clock) -> None:
    stream = io.StringIO()
    with Progress(stream, terminal=True) as progress:
        for done in range(5):
            clock.now += 0.1
            progress("unpacking", done, 5)
    assert stream.getvalue() == ""


def test_a_log_gets_a_line_for_each_step_and_now_and_then(clock: Clock) -> None:
    stream = io.StringIO()
    with Progress(stream, terminal=False) as progress:
        clock.now += 2
        for done in range(1, 31):
            progress("unpacking", done, 30)
            clock.now += 1
        progress("configuring", 1, 4)
        progress("configuring", 2, 4)
    assert stream.getvalue().splitlines() == [
        "unpacking 1/30",
        "unpacking 11/30 (10 s)",
        "unpacking 21/30 (20 s)",
        "configuring 1/4",
    ]


def test_a_terminal_gets_one_line_that_goes_away(clock: Clock) -> None:
    stream = io.StringIO()
    with Progress(stream, terminal=True) as progress:
        clock.now += 2
        progress("downloading", 1 << 20, 10 << 20)
        progress("downloading", 2 << 20, 10 << 20)  # too soon to be drawn
        clock.now += 1
        progress("downloading", 3 << 20, 10 << 20)
        progress.say("a line that stays")
    drawn = stream.getvalue().split("\r\x1b[K")
    assert drawn == [
        "",
        "downloading 1.0 MiB of 10.0 MiB",
        "downloading 3.0 MiB of 10.0 MiB",
        "a line that stays\n",
        "",
    ]
    assert "\n" not in "".join(drawn[:3])


def test_long_lines_are_cut_to_the_terminal(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    stream = io.StringIO()
    progress = Progress(stream, terminal=True)
    clock.now += 2
    progress("x" * 100, 0, None)
    assert stream.getvalue() == "\r\x1b[K" + "x" * 19


def test_standard_error_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    Progress().say("hello")
    assert capsys.readouterr().err == "hello\n"
