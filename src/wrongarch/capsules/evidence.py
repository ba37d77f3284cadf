"""A triage for people: a table for a terminal, and Markdown to paste into a bug tracker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wrongarch.capsules.compare import told
from wrongarch.capsules.triage import Triage
from wrongarch.capsules.verdict import Row

_HEAD = ("condition", "emulator", "CPU", "failed", "rate (95 %)", "came out")
_CODE_FENCE = "```"


def text(result: Triage) -> str:
    """Lines for a terminal."""
    table = [_HEAD, *(_cells(row) for row in result.rows)]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(_HEAD))]
    lines = [f"{result.test} of {result.capsule}", f"recorded: {told(result.recorded, result.message)}", ""]
    lines += ["  ".join(map(str.ljust, cells, widths)).rstrip() for cells in table]
    lines += ["", f"verdict: {result.verdict.blame.upper()}: {result.verdict.sentence}"]
    lines += [f"  {hint}" for hint in result.verdict.hints]
    return "\n".join(_printable(line) for line in lines) + "\n"


def markdown(result: Triage) -> str:
    """A report for a bug tracker."""
    return "\n".join(_markdown(result)) + "\n"


def _markdown(result: Triage) -> Iterator[str]:
    verdict = result.verdict
    yield f"## {_escaped(result.test)} on {result.arch}: {verdict.blame}"
    yield ""
    yield f"**{verdict.blame.capitalize()}**: {_escaped(verdict.sentence)}."
    yield ""
    for hint in verdict.hints:
        yield f"- {_escaped(hint)}"
    if verdict.hints:
        yield ""
    yield f"Recorded: {result.recorded}"
    if result.message:
        yield from ("", _CODE_FENCE, _printable(result.message.replace(_CODE_FENCE, "'''")), _CODE_FENCE)
    yield ""
    yield from _rows(result.rows)
    yield ""
    yield f"Capsule `{result.capsule}`; made with `wrongarch triage` (engine: {result.engine})."


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    yield "| " + " | ".join(_HEAD) + " |"
    yield "| " + " | ".join("---" for _ in _HEAD) + " |"
    for row in rows:
        yield "| " + " | ".join(_escaped(cell) for cell in _cells(row)) + " |"


def _cells(row: Row) -> tuple[str, ...]:
    if not row.runs:
        return (row.name, row.emulator, row.cpu, "-", "-", row.note or "not tried")
    low, high = row.rate
    ways = [
        f"{number} {words}"
        for number, words in ((row.same, "as recorded"), (row.other, "failed otherwise"), (row.passed, "passed"))
        if number
    ]
    came = ", ".join(ways) + (f" ({row.note})" if row.note else "")
    return (row.name, row.emulator, row.cpu, f"{row.failed}/{row.runs}", f"{low:.0%} to {high:.0%}", came)


def _escaped(words: str) -> str:
    """Words in which a stranger's capsule cannot make markup, links or mentions."""
    plain = _printable(words)
    for char in "\\`*_{}[]<>|#!@":
        plain = plain.replace(char, f"\\{char}" if char != "@" else "@\N{ZERO WIDTH SPACE}")
    return plain


def _printable(words: str) -> str:
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in words)
