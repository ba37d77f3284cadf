"""Where a key stands in a TOML file, for messages: Python's parser forgets lines."""

from __future__ import annotations

import re
import tomllib

_HEADER = re.compile(r"^\s*(?P<open>\[\[?)\s*(?P<path>[^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(
    r"^\s*(?P<path>(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*="
)
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")

Path = tuple[str | int, ...]


def steps_of(path: str) -> Path:
    """`include[0].cpu` as ("include", 0, "cpu"); names with dots in them come apart, which only blurs a message."""
    return tuple(int(found[1]) if found[1] else found[2] for found in _STEP.finditer(path))


def line_of(text: str, path: str) -> int:
    """The number of the line where `path` is set, or of the nearest thing around it; 0 if none is known.

    `text` is valid TOML. Multi-line strings are not looked through, so a line in one can be taken for a key: the
    number is for people.
    """
    wanted = steps_of(path)
    best, line = 0, 0
    positions = _positions(text)
    for number, known in positions:
        if known[: len(wanted)] == wanted:  # the thing itself, or the first that is in it
            return number
    for number, known in positions:
        common = _common(known, wanted)
        if common == len(known) and common > best:
            best, line = common, number
    return line


def _positions(text: str) -> list[tuple[int, Path]]:
    """Every line that opens a table or sets a key, with its full path."""
    found: list[tuple[int, Path]] = []
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _inside(_parts(header["path"]), counts)
            if header["open"] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.append((number, table))
        elif assignment := _ASSIGNMENT.match(line):
            found.append((number, (*table, *_parts(assignment["path"]))))
    return found


def _inside(parts: Path, counts: dict[Path, int]) -> Path:
    """A header's path with the numbers of the arrays of tables that it lies in."""
    path: Path = ()
    for index, part in enumerate(parts):
        path = (*path, part)
        if path in counts and index < len(parts) - 1:
            path = (*path, counts[path])
    return path


def _parts(text: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(text))


def _common(known: Path, wanted: Path) -> int:
    count = 0
    for one, other in zip(known, wanted, strict=False):
        if one != other:
            break
        count += 1
    return count


def line_of_error(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line of a syntax error: the last one where something was not closed."""
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else len(text.splitlines())
