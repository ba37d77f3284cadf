"""Templates of commands: words with `{name}` in them.

A word that is nothing but `{name}` of a list becomes all words of the list (none for an empty one). `${name}` is left
to the shell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

Values = Mapping[str, str | Sequence[str]]

BUILD_NAMES = frozenset({"cc", "jobs", "source", "build", "recipe"})
SUITE_NAMES = frozenset({"program", "options", "folder", "source", "build", "recipe", "scratch"})
SCRIPT_NAMES = SUITE_NAMES | {"test"}
TEST262_NAMES = SCRIPT_NAMES | {"includes"}

_FIELD = re.compile(r"(?<!\$)\{([a-z_]+)\}")


def unknown_names(words: Iterable[str], allowed: Iterable[str]) -> Iterator[str]:
    """The names in `words` that are not `allowed`."""
    known = frozenset(allowed)
    return (name for word in words for name in _FIELD.findall(word) if name not in known)


def expand(words: Sequence[str], values: Values) -> tuple[str, ...]:
    """The words of a command with every name replaced. Raises KeyError for a name without a value."""
    expanded: list[str] = []
    for word in words:
        whole = _FIELD.fullmatch(word)
        value = values[whole[1]] if whole else fill(word, values)
        if isinstance(value, str):
            expanded.append(value)
        else:
            expanded.extend(value)
    return tuple(expanded)


def fill(text: str, values: Values) -> str:
    """One string with every name replaced; lists are joined by spaces."""

    def replacement(found: re.Match[str]) -> str:
        value = values[found[1]]
        return value if isinstance(value, str) else " ".join(value)

    return _FIELD.sub(replacement, text)
