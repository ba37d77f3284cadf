"""Words of the capsule commands that are wrong, or mean a whole run: nothing is unpacked or run here."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.support import capsules, samples
from wrongarch.capsules import create
from wrongarch.capsules.write import write
from wrongarch.cli import main
from wrongarch.cli.triage import _places
from wrongarch.errors import UsageError
from wrongarch.runs.folder import RunFolder
from wrongarch.runs.model import Result


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run that was killed: one test passed, one failed, one was under way."""
    monkeypatch.chdir(tmp_path)
    folder = RunFolder.create(tmp_path, "jsc-arm")
    folder.begin(samples.intent(run=folder.id))
    for name, status in (("a.js", "passed"), ("b.js", "failed")):
        folder.event("begun", text=f"stress/{name} [default]")
        folder.event("result", result=Result(suite="stress", test=name, mode="default", status=status))  # type: ignore[arg-type]
    folder.event("begun", text="stress/c.js [default]")
    folder.close()
    return folder.path


def test_what_failed_and_what_was_under_way(run: Path) -> None:
    wanted = create.wanted_of(run)
    assert wanted.ids == ("stress/b.js [default]", "stress/c.js [default]")
    assert wanted.under_way == ("stress/c.js [default]",)
    assert create.wanted_of(run, ["stress/a.js [default]"]).ids == ("stress/a.js [default]",)


def test_a_green_run_has_nothing_to_capture(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "jsc-arm")
    folder.begin(samples.intent())
    folder.close()
    with pytest.raises(UsageError, match="no test of"):
        create.wanted_of(folder.path)


def test_a_run_stands_for_its_capsules(run: Path) -> None:
    with pytest.raises(UsageError, match="has no capsules"):
        _places("latest")
    (run / "capsules").mkdir()
    together = run / "capsules" / "jsc-arm-run-abcdef.tar.zst"
    together.touch()
    assert _places("latest") == [together]
    single = run / "capsules" / "jsc-arm-stress-b.js-default-abcdef.tar.zst"
    single.touch()
    assert _places(run.name) == [single]
    assert _places(str(single)) == [single]
    with pytest.raises(UsageError, match="there is no capsule"):
        _places("missing.tar.zst")


def test_inspect_prints_nothing_that_moves_the_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    test = capsules.test_of(id="evil\x1b[2J", argv=("/bin/\x1b]0;x\x07",))
    made = capsules.sound(tests=(test,))
    file = write(tmp_path / "x.tar.gz", made, capsules.pieces()).path
    assert main(["capsule", "inspect", str(file), "--files"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_inspect_says_once_how_a_test_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "x.tar.gz", capsules.sound(), capsules.pieces()).path
    assert main(["capsule", "inspect", str(file)]) == 0
    assert "test 1: ways/abort [default]: killed by SIGABRT: giving up\n" in capsys.readouterr().out


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capsule", "schema"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out)["title"] == "wrongarch capsule"


@pytest.mark.parametrize("words", [("repro", "x", "--gdb", "--shell"), ("triage", "x.zst", "--board", "pi")])
def test_words_that_are_wrong(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "fix: " in capsys.readouterr().err
