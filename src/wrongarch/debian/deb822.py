"""Control data (deb822(5)): paragraphs of `Field: value`, continued on lines that begin with a space."""

from __future__ import annotations

from collections.abc import Iterator


def paragraphs(text: str) -> Iterator[dict[str, str]]:
    """Each paragraph as a dictionary, in the order of the text; lines of a longer value are joined by newlines.

    Field names keep their spelling. Lines that are neither a field nor a continuation are passed over.
    """
    fields: dict[str, str] = {}
    last = ""
    for line in text.split("\n"):  # splitlines() also splits at other characters than newlines
        if not line.strip():
            if fields:
                yield fields
            fields, last = {}, ""
        elif line[0] == "#":
            continue
        elif line[0] in " \t":
            if last:
                fields[last] += "\n" + line[1:].rstrip()
        else:
            last, colon, value = line.partition(":")
            if colon:
                fields[last] = value.strip()
            else:
                last = ""
    if fields:
        yield fields
