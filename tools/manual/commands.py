"""The commands of the program with their words, as `--help` shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import typer

from wrongarch.cli import app as program

NAME = "wrongarch"


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """An argument or option: `words` as they are typed, `text` with default and whether it is required."""

    words: str
    text: str


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One command: `name` with all its words ("wrongarch image lock"), `paragraphs` of its description.

    `examples` are pairs of what to type and what that does, which may be empty. A group has `parts`, no options.
    """

    name: str
    usage: str
    paragraphs: tuple[str, ...]
    arguments: tuple[Word, ...]
    options: tuple[Word, ...]
    examples: tuple[tuple[str, str], ...]
    parts: tuple[Command, ...] = ()

    def all(self) -> Iterator[Command]:
        """This command, then those below it, in order."""
        yield self
        for part in self.parts:
            yield from part.all()


def tree() -> Command:
    """The whole program."""
    return _read(typer.main.get_command(program.app), NAME)


def find(words: list[str]) -> tuple[Any, list[str]]:
    """typer's command for the words after `wrongarch`, and the words that are left for it to parse."""
    command: Any = typer.main.get_command(program.app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = _real(command.commands[words[0]]), words[1:]
    return command, words


def _real(command: Any) -> Any:
    return command.load() if isinstance(command, program.Deferred) else command


def _read(command: Any, name: str) -> Command:
    context = typer.Context(command, info_name=name)
    arguments: list[Word] = []
    options: list[Word] = []
    for one in command.get_params(context):
        record = one.get_help_record(context)
        if record is None or one.name == "help":
            continue
        kept = arguments if one.param_type_name == "argument" else options
        kept.append(Word(words=record[0], text=" ".join(record[1].split())))
    below = getattr(command, "commands", {})
    return Command(
        name=name,
        usage=" ".join([name, *command.collect_usage_pieces(context)]),
        paragraphs=tuple(" ".join(text.split()) for text in re.split(r"\n\s*\n", (command.help or "").strip())),
        arguments=tuple(arguments),
        options=tuple(options),
        examples=tuple(_examples(command.epilog or "")),
        parts=tuple(_read(_real(part), f"{name} {word}") for word, part in below.items()),
    )


def _examples(epilog: str) -> Iterator[tuple[str, str]]:
    """Lines of an epilog that start with the program's name; two blanks or more are before what it does."""
    for line in epilog.splitlines():
        if line.strip().startswith(f"{NAME} "):
            typed, _, meaning = re.sub(r"\s{2,}", "\0", line.strip(), count=1).partition("\0")
            yield typed, meaning
