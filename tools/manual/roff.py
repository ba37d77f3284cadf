"""The man page, in the man macros of groff and mandoc (man(7), groff_man_style(7))."""

from __future__ import annotations

import re
from collections.abc import Iterator

import wrongarch
from tools.manual.commands import Command
from tools.manual.environment import VARIABLES
from tools.manual.tables import exit_codes


def page(program: Command) -> str:
    """All of `wrongarch.1`."""
    return "\n".join([*_head(program), *_commands(program), *_tail()]) + "\n"


def _head(program: Command) -> Iterator[str]:
    yield '.\\" made from the code by `python -m tools.manual`'
    yield f'.TH WRONGARCH 1 "" "wrongarch {wrongarch.__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"wrongarch \\- {_text(program.paragraphs[0][0].lower() + program.paragraphs[0][1:].rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield f".B {_text(program.name)}"
    yield _text(program.usage.removeprefix(program.name).strip())
    yield ".SH DESCRIPTION"
    for paragraph in program.paragraphs[1:]:
        yield from (".PP", _text(paragraph))
    yield from _words(program)
    yield from _examples(program)


def _commands(program: Command) -> Iterator[str]:
    yield ".SH COMMANDS"
    for command in program.all():
        if command is program:
            continue
        yield f".SS {_text(command.usage)}"
        for paragraph in command.paragraphs:
            yield from (".PP", _text(paragraph))
        yield from _words(command)
        yield from _examples(command)


def _words(command: Command) -> Iterator[str]:
    for word in (*command.arguments, *command.options):
        yield from (".TP", f"\\fB{_plain(word.words)}\\fR", _text(word.text))


def _examples(command: Command) -> Iterator[str]:
    if not command.examples:
        return
    yield from (".PP", "Examples:")
    for typed, meaning in command.examples:
        yield from (".TP", f"\\fB{_plain(typed)}\\fR", _text(meaning) or "\\&")


def _tail() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    yield from (".TP", "\\fB0\\fR", "It worked.")
    for code, meaning in exit_codes():
        yield from (".TP", f"\\fB{code}\\fR", _text(meaning))
    yield ".SH ENVIRONMENT"
    for name, meaning in VARIABLES.items():
        yield from (".TP", f"\\fB{_plain(name)}\\fR", _text(meaning))
    yield ".SH FILES"
    for name, meaning in FILES.items():
        yield from (".TP", f"\\fB{_plain(name)}\\fR", _text(meaning))


FILES = {
    ".wrongarch/runs/": "Runs of this project, each in a folder of its own; latest is the last one.",
    ".wrongarch/builds/": "What recipes have built.",
    ".wrongarch/history.sqlite": "Outcomes and times of earlier runs.",
    "ci/matrix.toml": "What is tested on which architecture.",
    "ci/recipes/NAME/recipe.toml": "What to build, and which suites to run.",
    "ci/locks/NAME/ARCH.json": "The packages of an image by name, version and hash.",
}


def _text(text: str) -> str:
    """Prose: `code` is bold, *stress* is in italics."""
    parts = re.split(r"(`[^`]+`|\*\w[^*]*\*)", text)
    return _guarded("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    if len(part) > 2 and part[0] == part[-1] == "`":
        return f"\\fB{_plain(part[1:-1])}\\fR"
    if len(part) > 2 and part[0] == part[-1] == "*":
        return f"\\fI{_plain(part[1:-1])}\\fR"
    return _plain(part)


def _plain(text: str) -> str:
    """Text that roff shows as it is: backslashes, hyphens and quotes mean something to it."""
    for letter, escape in (("\\", "\\e"), ("-", "\\-"), ("'", "\\(aq"), ("^", "\\(ha"), ("~", "\\(ti"), ('"', "\\(dq")):
        text = text.replace(letter, escape)
    return text.replace("…", "...")


def _guarded(line: str) -> str:
    """A line that starts with a dot would be a request."""
    return f"\\&{line}" if line.startswith(".") else line
