"""Which tests of which capsules `wrongarch repro` replays, and what it says of them; nothing is run here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support import capsules
from wrongarch.capsules import repro as replaying
from wrongarch.capsules.compare import Comparison
from wrongarch.capsules.manifest import Seen
from wrongarch.capsules.repro import Options, Report
from wrongarch.capsules.write import write
from wrongarch.cli import main
from wrongarch.cli.repro import lines


def report(**changes: Any) -> Report:
    values: dict[str, Any] = {
        "capsule": "sample",
        "test": "ways/wrong [default]",
        "engine": "sandbox",
        "emulator": "QEMU 1:10.0.2",
        "cpu": "",
        "note": "",
        "recorded": "exit 1",
        "message": "exit 1: x",
        "counts": {"reproduced": 1},
        "comparisons": (Comparison(likeness="reproduced", ended="exit 1", message="exit 1: x"),),
        **changes,
    }
    return Report(**values)


@pytest.mark.parametrize(
    ("ended", "message", "line"),
    [
        ("exit 0", "it printed '1', expected '2'", "exit 0: it printed '1', expected '2'"),
        ("exit 1", "exit 1: x", "exit 1: x"),
    ],
)
def test_what_was_wrong_then_and_now(ended: str, message: str, line: str) -> None:
    now = Comparison(likeness="reproduced", ended=ended, message=message)
    made = report(recorded=ended, message=message, comparisons=(now,))
    assert lines(made)[1:] == [f"recorded: {line}", f"now: {line}", "REPRODUCED"]


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """(file, test) of what is replayed; the test that is called "fine" is not reproduced."""
    seen: list[tuple[str, str]] = []

    def replay(file: Path, options: Options, *_: object, **__: object) -> Report:
        seen.append((file.name, options.test))
        test = capsule_of[file.name][int(options.test) - 1]
        return report(test=test, counts={"not reproduced" if test == "fine" else "reproduced": 1})

    monkeypatch.setattr(replaying, "replay", replay)
    return seen


capsule_of: dict[str, tuple[str, ...]] = {"one.tar.gz": ("b",), "two.tar.gz": ("fine",), "run.tar.gz": ("a", "b")}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Capsules of one test and of two, where "b" is in both."""
    monkeypatch.chdir(tmp_path)
    for name, ids in capsule_of.items():
        tests = tuple(
            capsules.test_of(
                id=one, seen=Seen(reason="exit", exit_code=1, message="exit 1: x", output=f"recorded/{number}.txt")
            )
            for number, one in enumerate(ids, 1)
        )
        pieces = [
            *(piece for piece in capsules.pieces() if piece.path != "recorded/1.txt"),
            *(capsules.Piece(test.seen.output, "file", 0o644, capsules.OUTPUT) for test in tests),
        ]
        write(tmp_path / name, capsules.sound(tests=tests, members=()), pieces)


@pytest.mark.usefixtures("files")
def test_all_tests_of_a_capsule(replayed: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repro", "run.tar.gz"]) == 0
    assert replayed == [("run.tar.gz", "1"), ("run.tar.gz", "2")]
    printed = capsys.readouterr().out
    assert printed.startswith("run.tar.gz (test 1 of 2)\na (")
    assert "REPRODUCED\n\nrun.tar.gz (test 2 of 2)\nb (" in printed


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("file", "words"), [("one.tar.gz", ()), ("run.tar.gz", ("--test", "2"))])
def test_one_needs_no_heading(
    file: str, words: tuple[str, ...], replayed: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["repro", file, *words]) == 0
    assert len(replayed) == 1
    assert capsys.readouterr().out.startswith("b (")


@pytest.mark.usefixtures("files")
def test_several_files_and_each_test_once(replayed: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repro", "run.tar.gz", "two.tar.gz", "one.tar.gz", "one.tar.gz"]) == 1
    assert replayed == [("two.tar.gz", "1"), ("one.tar.gz", "1"), ("run.tar.gz", "1")]
    printed = capsys.readouterr()
    assert printed.out.startswith("two.tar.gz\nfine (")
    assert printed.err == "one.tar.gz: left out, the others have its tests\n"


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("run.tar.gz", "--shell"), "these are 2 tests"),
        (("one.tar.gz", "two.tar.gz", "--backtrace"), "these are 2 tests"),
        (("one.tar.gz", "https://github.com/o/r/actions/runs/1"), "an address cannot go with"),
        (("one.tar.gz", "missing.tar.gz"), "missing.tar.gz"),
        (("run.tar.gz", "--test", "c"), "no test of the capsule fits"),
    ],
)
def test_words_that_cannot_be(
    words: tuple[str, ...], what: str, replayed: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["repro", *words]) == 2
    assert what in capsys.readouterr().err
    assert replayed == []
