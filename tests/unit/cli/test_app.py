from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import wrongarch
from wrongarch.cli import app, main
from wrongarch.errors import NetworkError


def real_command(name: str) -> Any:
    module = importlib.import_module(f"wrongarch.cli.{app.COMMANDS[name][0]}")
    return typer.main.get_command(module.app)


@pytest.mark.parametrize("name", app.COMMANDS)
def test_the_list_says_what_the_command_says(name: str) -> None:
    assert real_command(name).get_short_help_str(200).rstrip(".") == app.COMMANDS[name][1].rstrip(".")


@pytest.mark.parametrize("name", app.COMMANDS)
def test_every_command_has_help_with_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = real_command(name)
    for words in [[name, sub] for sub in getattr(command, "commands", ())] or [[name]]:
        assert main([*words, "--help"]) == 0
        out = capsys.readouterr().out
        assert f"Usage: wrongarch {' '.join(words)}" in out
        assert f"  wrongarch {' '.join(words)}" in out.partition("Examples:")[2]


def test_help_imports_no_room(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("wrongarch.", "msgspec", "rich.", "requests"))]:
        monkeypatch.delitem(sys.modules, name)
    assert importlib.import_module("wrongarch.cli").main(["--help"]) == 0
    loaded = {name.split(".")[1] for name in sys.modules if name.startswith("wrongarch.")}
    assert loaded <= {"cli", "errors"}
    assert not {"msgspec", "requests", "rich.console"} & sys.modules.keys()
    out = capsys.readouterr().out
    assert all(name in out for name in app.COMMANDS)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"wrongarch {wrongarch.__version__}\n"


def test_no_words_give_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    captured = capsys.readouterr()
    assert "Commands:" in captured.out + captured.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tset"], "Did you mean 'test'"),
        (["test"], "Missing argument 'ARCH'"),
        (["test", "arm", "--jobs", "0"], "--jobs"),
        (["test", "arm", "--no-such-option"], "--no-such-option"),
        (["image", "lokc", "arm"], "Did you mean 'lock'"),
    ],
)
def test_wrong_words(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert told in capsys.readouterr().err


class Instead:
    """Puts another command in the place of `arches`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, body: Any) -> None:
        module = importlib.import_module("wrongarch.cli.arches")
        fake = typer.Typer(add_completion=False, rich_markup_mode=None)
        fake.command("arches")(body)
        self._monkeypatch.setattr(module, "app", fake)


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Instead:
    return Instead(monkeypatch)


def raising(error: BaseException) -> Any:
    def body() -> None:
        raise error

    return body


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (NetworkError("no answer", fix="connect"), 4, "error: no answer\nfix: connect\n"),
        (KeyboardInterrupt(), 130, "\ninterrupted\n"),
        (typer.Exit(9), 9, ""),
        (BrokenPipeError(), 141, ""),
    ],
)
def test_errors_become_codes(
    error: BaseException, code: int, told: str, instead: Instead, capfd: pytest.CaptureFixture[str]
) -> None:
    instead(raising(error))
    assert main(["arches"]) == code
    assert capfd.readouterr().err == told


def test_the_report_of_a_bug_has_the_words(instead: Instead, capsys: pytest.CaptureFixture[str]) -> None:
    instead(raising(ZeroDivisionError("by zero")))
    assert main(["arches"]) == 70
    err = capsys.readouterr().err
    assert "ZeroDivisionError" in err
    report = Path(err.partition("the text of ")[2].strip())
    assert "command: wrongarch arches" in report.read_text()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("test mip", ["mips", "mips64"]),
        ("test arm --recipe q", ["quickjs"]),
        ("test arm --emulator 7", ["7.2"]),
        ("em", ["emulator"]),
        ("image b", ["build"]),
    ],
)
def test_completion(
    typed: str, offered: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_WRONGARCH_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"wrongarch {typed}")
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split())))
    assert main([]) == 0
    assert capsys.readouterr().out.split() == offered
