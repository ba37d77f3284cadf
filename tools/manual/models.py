"""Reference of the files that users write, from the JSON Schema that msgspec makes of their models."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tools.manual.tables import GENERATED, rows
from wrongarch.pipelines import model as matrix
from wrongarch.recipes import model as recipe
from wrongarch.recipes import templates

_REF = "#/$defs/"


def recipe_page() -> str:
    """`recipe.toml`."""
    names = {"build steps": templates.BUILD_NAMES, "suite `command`s": templates.SCRIPT_NAMES}
    listed = "".join(f"- {place}: {_names(known)}\n" for place, known in names.items())
    shared = inspect.getdoc(recipe.ScriptsSuite.__mro__[1]) or ""
    return f"""{GENERATED}
# Recipe

A recipe is a file `recipe.toml`, in `ci/recipes/NAME/` of a project or anywhere else.
[Recipes of your own](../recipes.md) tells how to write one. Its JSON Schema, for editors, is
[recipe.schema.json](recipe.schema.json).

Words in braces stand for what is known later:

{listed}
In `test262` suites there is also `{{includes}}`. `${{name}}` is left to the shell.

{_sections(recipe.schema())}
## All suites

{_joined(shared)}
"""


def matrix_page() -> str:
    """`ci/matrix.toml`."""
    return f"""{GENERATED}
# Matrix

`ci/matrix.toml` says what is tested on which architecture; the pipelines of both forges are generated from it.
[Adopting it](../adopting.md) tells how. Its JSON Schema is [matrix.schema.json](matrix.schema.json), and what
`wrongarch ci matrix --schema` prints.

{_sections(matrix.schema())}"""


def schema_text(schema: Mapping[str, Any]) -> str:
    """A schema as a file."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _names(known: frozenset[str]) -> str:
    return ", ".join(f"`{{{name}}}`" for name in sorted(known))


def _joined(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _sections(schema: Mapping[str, Any]) -> str:
    """A section for each model, the whole file's first."""
    definitions: Mapping[str, Any] = schema["$defs"]
    top = schema["$ref"].removeprefix(_REF)
    order = [top, *sorted(name for name in definitions if name != top)]
    return "\n".join(_section(name, definitions[name]) for name in order)


def _section(name: str, node: Mapping[str, Any]) -> str:
    required = node.get("required", ())
    lines = []
    for key, value in node["properties"].items():
        default = "required" if key in required else _default(value.get("default"))
        lines.append((f"`{key}`", _kind(value), default))
    return f"## {name}\n\n{_joined(node.get('description', ''))}\n\n{rows(('key', 'value', 'default'), lines)}"


def _default(value: object) -> str:
    nested = isinstance(value, dict) or (
        isinstance(value, list | tuple) and any(isinstance(one, dict) for one in value)
    )
    empty = value is None or (isinstance(value, str | list | tuple) and not value)
    return "" if nested or empty else f"`{msgspec.json.encode(value).decode()}`"


def _kind(node: Mapping[str, Any]) -> str:
    """A type of JSON Schema in words, with links to the sections."""
    return " or ".join(dict.fromkeys(_kinds(node)))


def _kinds(node: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in node:
        name = node["$ref"].removeprefix(_REF)
        yield f"[{name}](#{name.lower()})"
    elif "anyOf" in node:
        for part in node["anyOf"]:
            if part.get("type") != "null":
                yield from _kinds(part)
    elif "enum" in node:
        yield from (f'`"{value}"`' for value in node["enum"])
    elif node.get("type") == "array":
        items = node.get("items") or (node.get("prefixItems") or [{}])[0]
        yield f"list of {_kind(items)}" if items else "list"
    elif node.get("type") == "object":
        yield f"table of {_kind(node['additionalProperties'])}" if node.get("additionalProperties") else "table"
    else:
        yield _plain(node)


def _plain(node: Mapping[str, Any]) -> str:
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    kind = "date" if node.get("format") == "date" else words.get(node.get("type", ""), "anything")
    notes = [node["description"]] if "description" in node else []
    notes += [
        f"{word} {node[key]:g}"
        for key, word in (("minimum", "from"), ("exclusiveMinimum", "more than"), ("maximum", "to"))
        if key in node
    ]
    return f"{kind} ({', '.join(notes)})" if notes else kind
