from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.support.samples import intent, summary
from wrongarch.reports.document import json_results, results_schema
from wrongarch.reports.live import LiveProgress
from wrongarch.reports.progress import Pace, PlainProgress, is_plain, watch
from wrongarch.reports.summary import console, excerpt, print_summary
from wrongarch.reports.words import duration, one_line, plural, printable, step, tally, title
from wrongarch.runs.model import Options, Proof, Result, RunDocument, Status


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def result(test: str, status: Status = "passed", mode: str = "default", **fields: object) -> Result:
    return Result(suite="stress", test=test, mode=mode, status=status, **fields)  # type: ignore[arg-type]  # its fields


BAD = result("bad.js", "failed", message="exit 3: Exception: TypeError: [x]", ended="exit 3", log=1, seconds=2.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (0.84, "0.8 s"),
        (42.4, "42 s"),
        (99.6, "1:40"),
        (187, "3:07"),
        (3729, "1:02:09"),
        (36000, "10:00:00"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_words() -> None:
    assert (plural(1, "test"), plural(0, "test")) == ("1 test", "0 tests")
    assert tally({"passed": 3, "failed": 1, "skipped": 0}) == "3 passed, 1 FAILED"
    assert tally({}) == "no results"
    assert one_line(BAD) == "FAILED stress/bad.js [default]: exit 3: Exception: TypeError: [x]"
    assert one_line(result("f", "flaky", attempts=2, message="a\nb")) == "flaky stress/f [default] (attempt 2): a"
    assert one_line(result("l", "lost")) == "LOST stress/l [default]"
    assert printable("a\x1b[31mb\x07\tc") == "a\ufffd[31mb\ufffd\tc"
    assert title(summary()) == "jsc on arm, QEMU 10.0 (1:10.0.2+ds-2), 2 workers, 12 s"
    assert "CPU cortex-a7" in title(summary(intent=intent(cpu="cortex-a7")))
    assert "native" in title(summary(intent=intent(emulator=None)))


def printed(document: RunDocument, folder: Path, *, plain: bool = True) -> str:
    stream = io.StringIO() if plain else Terminal()
    print_summary(document, folder, stream)
    return stream.getvalue()


def test_a_green_summary(tmp_path: Path) -> None:
    results = (result("a.js", seconds=0.5), result("b.js", seconds=1.5), result("a.js", mode="no-jit", seconds=0.25))
    proofs = (Proof(name="program", held=True, words="/usr/bin/jsc is an ELF file for arm"),)
    text = printed(RunDocument(summary=summary(proofs=proofs, counts={"passed": 3}), results=results), tmp_path)
    assert text.splitlines()[1:] == [
        "jsc on arm, QEMU 10.0 (1:10.0.2+ds-2), 2 workers, 12 s",
        "suite   mode     passed   time",
        "stress  default       2  2.0 s",
        "stress  no-jit        1  0.2 s",
        "total                 3  2.2 s",
        "slowest: stress/b.js [default] 1.5 s",
        "proof of program: /usr/bin/jsc is an ELF file for arm",
        f"results: {tmp_path}/results.json",
        "GREEN: 3 passed",
    ]


def test_failures_come_with_their_output_and_a_line_to_paste(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    lines = "\n".join(f"line {number}" for number in range(9))
    (tmp_path / "log/1.txt").write_text(f"stress/bad.js\nexit 3\n\n\x1b[1mfirst\n\n{lines}")
    flaky = result("f.js", "flaky", attempts=2, message="once", log=7)
    text = printed(RunDocument(summary=summary(counts={"failed": 1, "flaky": 1}), results=(flaky, BAD)), tmp_path)
    assert text.index("FAILED stress/bad.js") < text.index("flaky stress/f.js")
    assert "    \ufffd[1mfirst\n    line 0\n    line 1\n" in text
    assert "line 4\n    …\n" in text
    again = "wrongarch test arm --recipe jsc --emulator 10.0 --filter '^stress/bad\\.js \\[default\\]$'"
    assert f"    to run it again: {again}\n" in text
    assert text.rstrip().endswith("RED: 1 FAILED, 1 flaky")
    assert excerpt(tmp_path, flaky) == []


def test_many_failures_are_cut_short(tmp_path: Path) -> None:
    results = tuple(result(f"{number}.js", "failed", message="m") for number in range(25))
    text = printed(RunDocument(summary=summary(counts={"failed": 25}), results=results), tmp_path)
    assert text.count("to run it again") == 20
    assert "… and 5 more failures, all in" in text


def test_broken_proofs_diagnoses_and_what_was_not_run(tmp_path: Path) -> None:
    proofs = (Proof(name="minimum", held=False, words="too few"),)
    stopped = summary(
        state="stopped", proofs=proofs, diagnosis="it aborts\nto see it", executed=1, counts={"failed": 1}
    )
    text = printed(RunDocument(summary=stopped, results=()), tmp_path)
    assert "BROKEN PROOF of minimum: too few" in text
    assert "\nit aborts\nto see it\n" in text
    assert text.rstrip().endswith("RED: 1 FAILED (3 tests not run)")


def test_long_lines_are_never_broken_so_that_they_can_be_pasted(tmp_path: Path) -> None:
    long = result("x" * 300 + ".js", "failed", message="m" * 300)
    text = printed(RunDocument(summary=summary(counts={"failed": 1}), results=(long,)), tmp_path)
    assert any("to run it again" in line and line.endswith("$'") for line in text.splitlines())


def test_colours_on_a_terminal_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    document = RunDocument(summary=summary(), results=(result("a.js"),))
    assert "\x1b[" in printed(document, tmp_path, plain=False)
    assert "\x1b[" not in printed(document, tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in printed(document, tmp_path, plain=False)
    monkeypatch.setenv("TERM", "dumb")
    assert console(Terminal()).no_color


def test_a_narrow_terminal_folds_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "30")
    text = printed(
        RunDocument(summary=summary(), results=(result("a.js", mode="a-rather-long-mode"),)), tmp_path, plain=False
    )
    assert "passed" in text


def test_json_is_the_document(tmp_path: Path) -> None:
    document = RunDocument(summary=summary(), results=(BAD,))
    raw = json_results(document)
    assert raw.endswith(b"}\n")
    assert json.loads(raw)["results"][0]["test"] == "bad.js"
    assert "RunDocument" in results_schema()["$defs"]


@pytest.mark.parametrize(
    ("tty", "environ", "plain"),
    [
        (True, {"TERM": "xterm"}, False),
        (True, {"TERM": "dumb"}, True),
        (True, {}, True),
        (True, {"TERM": "xterm", "CI": "true"}, True),
        (False, {"TERM": "xterm"}, True),
    ],
)
def test_where_lines_are_wanted(tty: bool, environ: dict[str, str], plain: bool) -> None:
    assert is_plain(Terminal() if tty else io.StringIO(), environ) is plain


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("wrongarch.reports.progress.time.monotonic", lambda: self.now)


def test_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pace = Pace()
    pace.start(100)
    assert (pace.words, pace.bad) == ("", "")
    clock.now += 10
    pace.done = 25
    pace.counts["failed"] = 2
    assert (pace.words, pace.bad) == ("2.5/s, 30 s left", "2 FAILED")
    pace.done = 100
    assert pace.words == "10.0/s"
    clock.now -= 9.9
    assert pace.words == "1000/s"


def test_plain_lines_come_every_tenth_or_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    stream = io.StringIO()
    watcher = PlainProgress(stream)
    watcher.stage("building")
    watcher.note("waiting")
    watcher.started(intent(planned=1000))
    for done in range(1, 301):
        clock.now += 0.05  # 100 tests take 5 s
        watcher.progress(done)
    watcher.finished(BAD)
    clock.now += 11
    watcher.progress(301)
    watcher.progress(302)
    watcher.ended(summary())
    assert stream.getvalue().splitlines() == [
        "building …",
        "waiting",
        "testing jsc on arm under QEMU 10.0: 1000 tests, 2 workers",
        "100/1000 (10 %), 20.0/s, 45 s left",
        "200/1000 (20 %), 20.0/s, 40 s left",
        "300/1000 (30 %), 20.0/s, 35 s left",
        "FAILED stress/bad.js [default]: exit 3: Exception: TypeError: [x]",
        "301/1000 (30 %), 11.6/s, 60 s left, 1 FAILED",
    ]


def test_a_step_is_told_when_it_begins_and_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    stream = io.StringIO()
    watcher = PlainProgress(stream)
    watcher.stage("building hello for mips")
    for done in range(0, 1200):
        watcher.step("downloading the toolbox", done << 15, 1200 << 15)
        clock.now += 0.0101
    for done in range(40):
        watcher.step("unpacking the toolbox", done, 40)
    watcher.step("laying out native tools", 0, None)
    assert stream.getvalue().splitlines() == [
        "building hello for mips …",
        "downloading the toolbox 0.0 MiB of 37.5 MiB",
        "downloading the toolbox 31.0 MiB of 37.5 MiB (10 s)",
        "unpacking the toolbox 0/40",
        "laying out native tools",
    ]


@pytest.mark.parametrize(
    ("done", "total", "seconds", "text"),
    [
        (0, None, 0, "step"),
        (5 << 20, None, 0, "step 5.0 MiB"),
        (3, 10, 0, "step 3/10"),
        (3, 10, 61, "step 3/10 (61 s)"),
        (1 << 19, 1 << 21, 0, "step 0.5 MiB of 2.0 MiB"),
    ],
)
def test_amounts(done: int, total: int | None, seconds: float, text: str) -> None:
    assert step("step", done, total, seconds) == text


def test_failures_are_told_up_to_a_point() -> None:
    stream = io.StringIO()
    watcher = PlainProgress(stream)
    for _ in range(60):
        watcher.finished(BAD)
    watcher.finished(result("a.js"))
    assert len(stream.getvalue().splitlines()) == 51
    assert stream.getvalue().endswith("all are in results.json\n")


def test_a_build_shows_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    stream = io.StringIO()
    watcher = PlainProgress(stream)
    watcher.output(b"gcc a.c\n")
    clock.now += 16
    watcher.output(b"\n")
    watcher.output(b"gcc b.c\n")
    assert stream.getvalue() == "  … gcc a.c\n"


def test_where_no_summary_follows_the_counts_are_told() -> None:
    stream = io.StringIO()
    PlainProgress(stream).ended(summary(state="interrupted"))
    assert stream.getvalue() == "interrupted after 12 s: 4 passed\n"


def test_the_live_display_gives_the_terminal_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    stream = Terminal()
    with watch(stream, plain=False) as watcher:
        assert isinstance(watcher, LiveProgress)
        watcher.output(b"before anything\n")
        watcher.progress(0)
        watcher.step("unpacking the toolbox", 1, 2)
        watcher.stage("building [x]")
        watcher.step("downloading the toolbox", 1 << 20, 2 << 20)
        watcher.output(b"gcc [bold]a.c\n\n")
        watcher.note("note [y]")
        watcher.started(intent(planned=60))
        for number in range(60):
            watcher.finished(BAD)
            watcher.progress(number)
        watcher.ended(summary(state="broken"))
    text = stream.getvalue()
    assert "note [y]" in text
    assert text.count("FAILED stress/bad.js") == 50
    assert "all are in results.json" in text
    assert "broken after 12 s: 4 passed" in text
    assert text.rstrip().endswith("4 passed") or "\x1b[?25h" in text  # the cursor is shown again
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 3


def test_a_narrow_live_display_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal()
    with watch(stream, plain=False) as watcher:
        watcher.started(intent(planned=2, options=Options()))
        watcher.progress(1)
    assert "━" not in stream.getvalue()
    assert "1/2" in stream.getvalue() or "0/2" in stream.getvalue()


def test_the_time_that_is_left_knows_earlier_runs() -> None:
    pace = Pace()
    pace.start(100)
    pace.done = 50
    assert pace.left(10.0) == 10.0  # by the rate alone
    pace.start(100, expected=100.0)
    pace.done = 1
    assert pace.left(1.0) == pytest.approx(99.0)
    pace.done = 50  # the quick half took 10 s of 100 s
    assert pace.left(10.0) == pytest.approx(50.0)
    pace.done = 99
    assert pace.left(300.0) == pytest.approx(3.0)  # slower than ever: what was expected is over


def test_what_is_expected_is_told() -> None:
    stream = io.StringIO()
    PlainProgress(stream).started(intent(expected=187.0))
    assert "about 3:07 as before" in stream.getvalue()
