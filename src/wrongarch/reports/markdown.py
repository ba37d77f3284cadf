"""Results as Markdown, for the page that a forge shows of a job or a pipeline.

What tests print is a stranger's text: it stands in code only, never as Markdown or HTML of its own.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from wrongarch.reports.gather import Comparison
from wrongarch.reports.summary import excerpt
from wrongarch.reports.words import duration, plural, printable
from wrongarch.runs.model import RED, Result, RunDocument, exact_filter, rerun_line

_MOST_FAILURES = 50
_MOST_FLAKES = 50
_MOST_CHANGES = 100
_TICKS = re.compile("`+")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One job: its name, how it ended, its results if it has any, the folder with its logs.

    `troubles` were got over by trying again; `allowed` is the reason why it may fail. `url` leads
    to the run or job for `wrongarch repro`; `capsules` has a path for those who have the job's files, by a test's id.
    """

    name: str
    arch: str
    exit_code: int
    document: RunDocument | None = None
    folder: Path | None = None
    error: str = ""
    allowed: str = ""
    troubles: tuple[str, ...] = ()
    url: str = ""
    capsules: Mapping[str, str] = {}


def summary(rows: Sequence[Row], *, missing: Sequence[str] = (), faults: Sequence[str] = ()) -> str:
    """The whole page. `missing` jobs left nothing, `faults` are said."""
    parts = [
        _title(rows, missing, faults),
        _table(rows),
        *_section("Not to be trusted", [f"- {code(fault)}" for fault in faults]),
        *_section("Without results", [f"- {code(name)}: the job ended before it wrote any" for name in missing]),
        *_failures(rows),
        *_section("Flaky", list(_flakes(rows))),
        *_section("Trouble with machines or the network", list(_troubles(rows))),
    ]
    return "\n".join(parts) + "\n"


def _title(rows: Sequence[Row], missing: Sequence[str], faults: Sequence[str]) -> str:
    bad = [row for row in rows if row.exit_code and not row.allowed]
    if not bad and not missing and not faults:
        jobs = len(rows)
        return f"# All {plural(jobs, 'job')} passed" if jobs != 1 else "# Passed"
    told = len(bad) + len(missing)
    return f"# {told} of {plural(len(rows) + len(missing), 'job')} failed"


def _table(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    lines = [
        "",
        "| job | | passed | failed | flaky | expected | skipped | time |",
        "| - | - | -: | -: | -: | -: | -: | -: |",
    ]
    return "\n".join([*lines, *(_line(row) for row in rows), ""])


def _line(row: Row) -> str:
    words = "passed" if row.exit_code == 0 else f"**failed** ({row.exit_code})"
    if row.exit_code and row.allowed:
        words = f"failed, allowed: {_plain(row.allowed)}"
    cells = ["", "", "", "", "", ""]
    if row.document is not None:
        counts = row.document.summary.counts
        failed = sum(counts.get(status, 0) for status in RED)
        others = [counts.get("flaky", 0), counts.get("expected-failure", 0), counts.get("skipped", 0)]
        numbers = [counts.get("passed", 0), failed, *others]
        cells = [*(str(number) if number else "" for number in numbers), duration(row.document.summary.elapsed)]
    return "| " + " | ".join([code(row.name), words, *cells]) + " |"


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"\n## {title}\n", *lines] if lines else []


def _failures(rows: Sequence[Row]) -> list[str]:
    bad = [(row, result) for row in rows if row.document for result in row.document.results if result.status in RED]
    parts = [_failure(row, result) for row, result in bad[:_MOST_FAILURES]]
    parts += [part for row in rows if (part := _broken(row))]
    if len(bad) > _MOST_FAILURES:
        parts.append(f"… and {plural(len(bad) - _MOST_FAILURES, 'more failure')}, all in the results.")
    return _section("Failures", parts)


def _failure(row: Row, result: Result) -> str:
    assert row.document is not None  # noqa: S101 - `_failures` chose it for that
    message = result.message.splitlines()[0] if result.message else result.ended
    lines = [f"### {code(result.id)} on {row.arch}\n", f"{code(message)}\n" if message else ""]
    shown = excerpt(row.folder, result) if row.folder else []
    if shown:
        lines.append(_block(shown))
    commands = []
    if row.url:
        words = ["wrongarch", "repro", row.url, "--arch", row.arch, "--test", exact_filter(result.case_id)]
        commands.append(shlex.join(words))
    if result.case_id in row.capsules:
        commands.append(shlex.join(["wrongarch", "repro", row.capsules[result.case_id]]))
    ways = "from its capsule, or by running it again" if commands else "by running it again"
    commands.append(rerun_line(row.document.summary.intent, result.case_id))
    lines += [f"To reproduce it ({ways}):\n", _block([printable(one) for one in commands])]
    return "\n".join(line for line in lines if line)


def _broken(row: Row) -> str:
    """Why a job is red that no test made red."""
    if row.exit_code == 0:
        return ""
    lines = [printable(row.error)] if row.error else []
    if row.document is not None:
        lines += [f"proof of {one.name} broken: {one.words}" for one in row.document.summary.proofs if not one.held]
        lines += row.document.summary.diagnosis.splitlines()
    return f"### {code(row.name)}\n\n{_block([printable(line) for line in lines])}" if lines else ""


def _flakes(rows: Sequence[Row]) -> Iterator[str]:
    found = [(row, one) for row in rows if row.document for one in row.document.results if one.status == "flaky"]
    for row, result in found[:_MOST_FLAKES]:
        message = result.message.splitlines()[0] if result.message else result.ended
        yield f"- {code(result.id)} on {row.arch}: passed at attempt {result.attempts}, after {code(message)}"
    if len(found) > _MOST_FLAKES:
        yield f"- … and {plural(len(found) - _MOST_FLAKES, 'more flake')}"


def _troubles(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        for trouble in row.troubles:
            yield f"- {code(row.name)}: {code(trouble)}"


def compared(comparison: Comparison) -> str:
    """What changed between runs, as a section to go below `summary`."""
    lines = [
        f"- {title_}: {code(one.id)} on {_plain(one.label)}: {' → '.join(filter(None, (one.before, one.now)))}"
        for title_, changes in (
            ("newly red", comparison.broken),
            ("no longer red", comparison.mended),
            ("other outcome", comparison.other),
            ("new", comparison.new),
            ("gone", comparison.gone),
        )
        for one in changes
    ]
    lines += [
        f"- slower: {code(one.id)} on {_plain(one.label)}: {duration(one.before_seconds)} → {duration(one.now_seconds)}"
        for one in comparison.slower
    ]
    shown = lines[:_MOST_CHANGES]
    if len(lines) > _MOST_CHANGES:
        shown.append(f"- … and {plural(len(lines) - _MOST_CHANGES, 'more change')}")
    return "\n".join([*_section("What changed", shown or ["Nothing."]), ""])


def code(text: str) -> str:
    """Any text as a code span on one line, also in a table."""
    clean = printable(" ".join(text.split())).replace("|", "\u2223")
    if not clean:
        return ""
    fence = "`" * (1 + max((len(run) for run in _TICKS.findall(clean)), default=0))
    pad = " " if clean.startswith("`") or clean.endswith("`") else ""
    return f"{fence}{pad}{clean}{pad}{fence}"


def _block(lines: Sequence[str]) -> str:
    longest = max((len(run) for line in lines for run in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}sh", *lines, fence, ""])


def _plain(text: str) -> str:
    """Text of the matrix in a table: its reasons are ours, but may hold what Markdown takes for its own."""
    return re.sub(r"([\\`*_{}\[\]<>()#|!])", r"\\\1", " ".join(text.split()))
