from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path

import pytest

from wrongarch import errors
from wrongarch.cli import errors as told

CODES = {
    "TestsFailed": 1,
    "UsageError": 2,
    "MachineError": 3,
    "NetworkError": 4,
    "UntrustedInput": 5,
    "InternalError": 70,
    "Interrupted": 130,
}


def test_each_class_has_its_own_exit_code() -> None:
    classes = {
        name: found.exit_code
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, errors.WrongarchError) and found is not errors.WrongarchError
    }
    assert classes == CODES
    assert len(set(classes.values())) == len(classes)


@pytest.mark.parametrize("name", sorted(CODES.keys() - {"InternalError"}))
def test_errors_are_told_with_their_code(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    error = getattr(errors, name)("it broke", fix="do this\nthen that", detail="line 1\n\nline 2\n")
    assert told.tell(error, []) == CODES[name]
    assert capsys.readouterr().err == ("error: it broke\n    line 1\n    \n    line 2\nfix: do this\n     then that\n")


def test_a_subclass_keeps_the_code_of_its_class() -> None:
    class Special(errors.NetworkError):
        pass

    assert told.tell(Special("gone"), []) == 4


def test_no_empty_fix(capsys: pytest.CaptureFixture[str]) -> None:
    told.tell(errors.MachineError("no"), [])
    assert capsys.readouterr().err == "error: no\n"


def test_untrusted_input_always_has_advice(capsys: pytest.CaptureFixture[str]) -> None:
    told.tell(errors.UntrustedInput("bad hash"), [])
    assert "fix: do not use this input" in capsys.readouterr().err


@pytest.mark.parametrize("error", [RuntimeError("surprise"), errors.InternalError("surprise", detail="evidence")])
def test_a_bug_writes_a_report(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert told.tell(error, ["test", "arm"]) == 70
    first, fix = capsys.readouterr().err.splitlines()
    assert "surprise" in first
    report = Path(fix.partition("the text of ")[2])
    assert "command: wrongarch test arm" in report.read_text()


def test_a_bug_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "file"))
    assert told.tell(KeyError("x"), ["arches"]) == 70
    text = capsys.readouterr().err
    assert "command: wrongarch arches" in text
    assert "KeyError: 'x'" in text


class Closed:
    """A stream whose reader is gone."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def fileno(self) -> int:
        return self.descriptor

    def write(self, _: str) -> None:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError


def test_a_closed_pipe_is_quiet(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    spare = os.open(os.devnull, os.O_WRONLY)
    monkeypatch.setattr(sys, "stdout", Closed(spare))
    assert told.tell(BrokenPipeError(), []) == 141
    os.close(spare)
    assert capfd.readouterr().err == ""


def test_a_closed_standard_error_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    spare = os.open(os.devnull, os.O_WRONLY)
    monkeypatch.setattr(sys, "stderr", Closed(spare))
    assert told.tell(errors.MachineError("no"), []) == 3
    os.close(spare)
