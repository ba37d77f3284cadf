"""The end of a run on a terminal or in a log: a table, what was slow, what failed and how to run it again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wrongarch.reports.gather import Comparison
from wrongarch.reports.words import duration, one_line, plural, printable, tally, title
from wrongarch.runs.folder import RESULTS
from wrongarch.runs.model import RED, STATUSES, Proof, Result, RunDocument, Status, Summary, rerun_line

_FAILURES = 20  # shown with their output; the rest are in results.json
_OUTPUT_LINES = 6
_SLOWEST = 5
_SLOW = 1.0  # seconds; below, nobody wants to know
_LOG_BYTES = 16384
_PLAIN_WIDTH = 120

_COLUMNS: dict[Status, tuple[str, str]] = {
    "passed": ("passed", "green"),
    "failed": ("failed", "red"),
    "flaky": ("flaky", "yellow"),
    "expected-failure": ("expected", "cyan"),
    "unexpected-pass": ("unexpected", "red"),
    "skipped": ("skipped", "dim"),
    "lost": ("lost", "red"),
}


def console(stream: IO[str], *, plain: bool | None = None) -> Console:
    """A console on `stream`: with colours on a terminal (not under NO_COLOR), plain text of a fixed width elsewhere."""
    if plain is None:
        plain = not stream.isatty() or os.environ.get("TERM") == "dumb"
    if plain:
        return Console(file=stream, no_color=True, force_terminal=False, width=_PLAIN_WIDTH, highlight=False)
    return Console(file=stream, highlight=False)


def print_summary(document: RunDocument, folder: Path, stream: IO[str], *, plain: bool | None = None) -> None:
    """Print the summary of a run whose folder is `folder`."""
    out = console(stream, plain=plain)
    summary = document.summary
    out.print()
    out.print(Text(title(summary), style="bold"), soft_wrap=True)
    out.print(_table(document.results))
    for line in _slowest(document.results):
        out.print(Text(line, style="dim"), soft_wrap=True)
    _print_failures(document, folder, out)
    for proof in summary.proofs:
        out.print(_proof(proof), soft_wrap=True)
    if summary.diagnosis:
        out.print(Text("\n" + printable_lines(summary.diagnosis), style="bold red"), soft_wrap=True)
    out.print(Text(f"results: {folder / RESULTS}"), soft_wrap=True)
    out.print(_verdict(summary), soft_wrap=True)


def printable_lines(text: str) -> str:
    """`printable` for each line."""
    return "\n".join(printable(line) for line in text.splitlines())


def _table(results: Iterable[Result]) -> Table:
    """Counts and time by suite and mode; statuses that never occur have no column."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.suite, result.mode), []).append(result)
    there = {result.status for group in groups.values() for result in group} | {"passed"}
    shown = [status for status in STATUSES if status in there]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_footer=len(groups) > 1)
    every = [result for group in groups.values() for result in group]
    table.add_column("suite", "total", no_wrap=False, overflow="fold")
    table.add_column("mode", "", overflow="fold")
    for status in shown:
        name, style = _COLUMNS[status]
        total = sum(result.status == status for result in every)
        table.add_column(name, str(total), justify="right", style=style, footer_style=style)
    table.add_column("time", duration(sum(result.seconds for result in every)), justify="right")
    for (suite, mode), group in sorted(groups.items()):
        counted = [sum(result.status == status for result in group) for status in shown]
        seconds = sum(result.seconds for result in group)
        table.add_row(suite, mode, *(str(number) for number in counted), duration(seconds))
    return table


def _slowest(results: Iterable[Result]) -> Iterator[str]:
    slow = sorted((result for result in results if result.seconds >= _SLOW), key=lambda one: -one.seconds)[:_SLOWEST]
    if slow:
        yield "slowest: " + "; ".join(f"{printable(one.id)} {duration(one.seconds)}" for one in slow)


def _print_failures(document: RunDocument, folder: Path, out: Console) -> None:
    bad = [result for result in document.results if result.status in RED or result.status == "flaky"]
    bad.sort(key=lambda result: result.status == "flaky")  # what makes the run red comes first
    for result in bad[:_FAILURES]:
        style = "yellow" if result.status == "flaky" else "red"
        out.print(Text("\n" + one_line(result), style=style), soft_wrap=True)
        for line in excerpt(folder, result):
            out.print(Text(f"    {line}", style="dim"), soft_wrap=True)
        again = rerun_line(document.summary.intent, result.case_id)
        out.print(Text(f"    to run it again: {again}"), soft_wrap=True)
    if len(bad) > _FAILURES:
        out.print(f"\n… and {plural(len(bad) - _FAILURES, 'more failure')}, all in {folder / RESULTS}", soft_wrap=True)
    if bad:
        out.print()


def print_comparison(comparison: Comparison, stream: IO[str], *, plain: bool | None = None) -> None:
    """Print what changed between runs, what broke first."""
    out = console(stream, plain=plain)
    told = False
    for title_, changes, style in (
        ("newly red", comparison.broken, "red"),
        ("no longer red", comparison.mended, "green"),
        ("other outcomes", comparison.other, "yellow"),
        ("new tests", comparison.new, "dim"),
        ("gone tests", comparison.gone, "dim"),
    ):
        for change in changes[:_FAILURES]:
            words = " → ".join(one for one in (change.before, change.now) if one)
            line = f"{title_}: {printable(change.id)} on {change.label}: {words}"
            out.print(Text(line, style=style), soft_wrap=True)
        if len(changes) > _FAILURES:
            out.print(f"… and {len(changes) - _FAILURES} more {title_}")
        told = told or bool(changes)
    for change in comparison.slower[:_SLOWEST]:
        times = f"{duration(change.before_seconds)} → {duration(change.now_seconds)}"
        out.print(Text(f"slower: {printable(change.id)} on {change.label}: {times}", style="dim"), soft_wrap=True)
        told = True
    if not told:
        out.print("nothing changed")


def excerpt(folder: Path, result: Result, lines: int = _OUTPUT_LINES) -> list[str]:
    """The first lines that a failed test printed, from its log; no lines if there is none."""
    if not result.log:
        return []
    try:
        with (folder / "log" / f"{result.log}.txt").open("rb") as log:
            text = log.read(_LOG_BYTES).decode(errors="replace")
    except OSError:
        return []
    printed = [printable(line) for line in text.partition("\n\n")[2].splitlines() if line.strip()]
    return printed[:lines] + (["…"] if len(printed) > lines else [])


def _proof(proof: Proof) -> Text:
    mark, style = ("proof", "dim") if proof.held else ("BROKEN PROOF", "bold red")
    return Text(f"{mark} of {proof.name}: {printable_lines(proof.words)}", style=style)


def _verdict(summary: Summary) -> Text:
    counts = tally(summary.counts)
    left = summary.intent.planned - summary.executed
    rest = f" ({plural(left, 'test')} not run)" if left > 0 and summary.state != "finished" else ""
    if summary.red:
        return Text(f"RED: {counts}{rest}", style="bold red")
    return Text(f"GREEN: {counts}{rest}", style="bold green")
