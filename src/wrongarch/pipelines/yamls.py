"""Write YAML from data: blocks, keys in the order given, no aliases, comments where a line needs one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

_WIDEST = 1 << 20  # columns: a scalar is never broken over lines
_LINES = re.compile(r"(?:[!-~]([ -~]*[!-~])?\n)+")

# ten times as fast as the one in Python; PyYAML's wheels have it
_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):  # type: ignore[misc]  # one of two classes
    def ignore_aliases(self, _data: Any) -> bool:
        """Aliases save bytes and cost readers; some of the forges' own tools do not read them."""
        return True


def _text(dumper: Any, text: str) -> Any:
    style = None
    if "\n" in text:  # on one line where a block would need signs that nobody knows by heart
        style = "|" if _LINES.fullmatch(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dump(data: Mapping[str, Any], header: str, comments: Mapping[str, str]) -> str:
    """The document, after `header` (lines without their `#`), with an empty line before each job and top-level key.

    `data` has no list directly inside a list, and keys are plain words.

    `comments` are put behind lines by what the line says after its indentation and dash: a `key: value`, or the value
    alone. Neither comments nor empty lines change what a parser sees.
    """
    body: str = yaml.dump(dict(data), Dumper=_Dumper, sort_keys=False, width=_WIDEST, allow_unicode=True)
    lines = [f"# {line}" for line in header.splitlines()]
    made = (_commented(line, comments) for line in _indented(body.splitlines()))
    return "\n".join([*lines, "---", *_apart(made)]) + "\n"


def _indented(lines: list[str]) -> Iterator[str]:
    """Indent lists below their key, as yamllint wants it and libyaml has no way to do."""
    lists: list[int] = []  # the columns of the lists that are open
    block: int | None = None  # the column of the key whose text the lines belong to
    for line in lines:
        words = line.lstrip(" ")
        column = len(line) - len(words)
        if block is not None and (not words or column > block):
            yield "  " * len(lists) + line if words else ""
            continue
        block = None
        entry = words.startswith("- ") or words == "-"
        while lists and (lists[-1] > column or (lists[-1] == column and not entry)):
            lists.pop()
        if entry and (not lists or lists[-1] < column):
            lists.append(column)
        if words.rpartition(": ")[2] == "|" or words == "- |":
            block = column + (len(words) - len(words.lstrip("- ")) if entry else 0)
        yield "  " * len(lists) + line


def _apart(lines: Iterator[str]) -> Iterator[str]:
    inside, first = "", True
    for line in lines:
        if line and line[0] not in " #-":
            if not first:
                yield ""
            inside, first = line, False
            begins = True
        elif inside == "jobs:" and line.startswith("  ") and line[2] not in " #-":
            if not begins:
                yield ""
            begins = False
        yield line


def _commented(line: str, comments: Mapping[str, str]) -> str:
    words = line.lstrip(" ").removeprefix("- ")
    comment = comments.get(words) or comments.get(words.partition(": ")[2])
    return f"{line}  # {comment}" if comment else line
