"""All generated files of the documentation: their names in the checkout, and what has to be in them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from tools.manual import models, roff, tables
from tools.manual.commands import Command, tree
from wrongarch.pipelines import model as matrix
from wrongarch.recipes import model as recipe

MAN = "man/wrongarch.1"


@functools.cache
def files() -> Mapping[str, str]:
    """The text of every file, by its path below the checkout."""
    program = tree()
    return {
        "docs/reference/commands.md": commands_page(program),
        "docs/reference/recipe.md": models.recipe_page(),
        "docs/reference/recipe.schema.json": models.schema_text(recipe.schema()),
        "docs/reference/matrix.md": models.matrix_page(),
        "docs/reference/matrix.schema.json": models.schema_text(matrix.schema()),
        "docs/reference/errors.md": tables.errors_page(),
        "docs/reference/arches.md": tables.arches_page(),
        "docs/reference/environment.md": tables.environment_page(),
        MAN: roff.page(program),
    }


def commands_page(program: Command) -> str:
    """Every command with its words."""
    intro = "What `--help` of each command says. `man wrongarch` has the same."
    return "\n".join([tables.GENERATED, "# Commands\n", f"{intro}\n", *_sections(program)])


def _sections(program: Command) -> Iterator[str]:
    for command in program.all():
        yield f"## {command.name}\n"
        yield f"```text\n{command.usage}\n```\n"
        yield "\n\n".join(command.paragraphs) + "\n"
        words = [(f"`{word.words}`", word.text) for word in (*command.arguments, *command.options)]
        if words:
            yield tables.rows(("word", "meaning"), words)
        if command.examples:
            width = max(len(typed) for typed, _ in command.examples)
            lines = (f"{typed:{width}}   {meaning}".rstrip() for typed, meaning in command.examples)
            yield "```text\n" + "\n".join(lines) + "\n```\n"
