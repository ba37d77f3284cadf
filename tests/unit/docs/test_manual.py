"""The reference and the man page are as the code has them, and what they say can be typed."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer

from tests.support.node import CHECKOUT
from tools.manual import commands, reference
from tools.manual.__main__ import main
from tools.manual.environment import VARIABLES
from wrongarch import errors
from wrongarch.cli.app import COMMANDS

INTERNAL = {"WRONGARCH_COMMAND", "WRONGARCH_COMPILER_CACHE"}  # mark processes of a command; tell a compiler its cache
TREE = commands.tree()
EXAMPLES = [(command.name, typed) for command in TREE.all() for typed, _ in command.examples]


@pytest.mark.parametrize("name", reference.files())
def test_what_is_committed_is_what_the_code_says(name: str) -> None:
    made = reference.files()[name]
    assert (CHECKOUT / name).read_text(encoding="utf-8") == made, "python -m tools.manual, and commit the result"


def test_check_tells_what_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tools.manual.__main__.CHECKOUT", tmp_path)
    assert main(["--check"]) == 1
    assert "docs/reference/commands.md is not as the code has it" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0
    (tmp_path / reference.MAN).write_text("something else")
    capsys.readouterr()
    assert main(["--check"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_every_command_and_exit_code_is_there() -> None:
    made = reference.files()
    names = [command.name for command in TREE.all()]
    assert {name.split()[1] for name in names[1:]} == set(COMMANDS)
    assert "wrongarch image lock" in names
    for command in TREE.all():
        assert f"\n## {command.name}\n" in made["docs/reference/commands.md"]
        assert all(
            f"`{word.words}`".replace("|", "\\|") in made["docs/reference/commands.md"] for word in command.options
        )
    for kind in errors.WrongarchError.__subclasses__():
        assert f"| {kind.exit_code} | `{kind.__name__}` |" in made["docs/reference/errors.md"]
    assert all(f"\n.SS {name}" in made[reference.MAN].replace("\\-", "-") for name in names[1:])


@pytest.mark.parametrize(("name", "typed"), EXAMPLES, ids=[typed for _, typed in EXAMPLES])
def test_examples_of_help_can_be_parsed(name: str, typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    typed_words = [word for word in shlex.split(typed)[1:] if not word.startswith(">")]
    for word in typed_words:
        if word.startswith("./"):
            (tmp_path / word).touch()
    command, words = commands.find(typed_words)
    if not getattr(command, "commands", None):
        command.make_context(name, words, parent=typer.Context(command, info_name="wrongarch"))


def test_every_variable_is_documented() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "src").rglob("*.py"))
    known = {name for names in VARIABLES for name in names.split(", ")}
    assert set(re.findall(r'"(WRONGARCH_[A-Z_]+)"', source)) - INTERNAL <= known
    assert {name for name in known if name.startswith("WRONGARCH_")} <= set(re.findall(r"WRONGARCH_[A-Z_]+", source))


def test_the_man_page_is_in_wheels() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["shared-data"] == {reference.MAN: "share/man/man1/wrongarch.1"}
