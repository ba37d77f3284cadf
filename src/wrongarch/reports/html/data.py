"""What the page shows, from runs and their history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from jinja2.filters import do_urlencode
from markupsafe import Markup

from wrongarch.process import pasteable
from wrongarch.reports.gather import Comparison, Entry, Group, Loaded, groups, under
from wrongarch.reports.html import charts
from wrongarch.reports.summary import excerpt
from wrongarch.reports.words import duration, plural, printable, tally
from wrongarch.runs.history import queries
from wrongarch.runs.history.queries import Flake, PastRun
from wrongarch.runs.model import RED, STATUSES, Status, rerun_line

_FAILURES = 500  # shown with their output; the list below has all
_LINES = 60
_WIDE = 400  # characters of a line
_SLOWEST = 25
_TRENDS = 12
_REPLAYS = 6
_CAPSULES = ("*.tar.zst", "*.tar.gz")


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table of runs; `capsules` are lines that replay what the run kept."""

    name: str
    what: str
    under: str
    started: str
    state: str
    red: bool
    tally: str
    elapsed: str
    faults: tuple[str, ...]
    capsules: tuple[str, ...]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the heat map: `heat` is 0 (all well) to 4 (all red), `link` shows its tests."""

    total: int
    red: int
    flaky: int
    heat: int
    link: str
    words: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the heat map; None where nothing ran."""

    label: str
    cells: tuple[Cell | None, ...]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A failure, or a flake, with all that helps to understand and repeat it."""

    anchor: str
    id: str
    label: str
    status: str
    message: str
    output: str
    again: str
    history: tuple[Status, ...]


class Slow(msgspec.Struct, frozen=True, kw_only=True):
    """A test that took long."""

    id: str
    label: str
    time: str
    link: str


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """The last runs of a recipe on an arch, as a chart and as rows."""

    label: str
    chart: Markup
    runs: tuple[PastRun, ...]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template needs."""

    title: str
    red: bool
    verdict: str
    runs: tuple[Run, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    failures: tuple[Failure, ...]
    hidden: int
    slowest: tuple[Slow, ...]
    flakes: tuple[Flake, ...]
    trends: tuple[Trend, ...]
    comparison: Comparison | None
    against: str
    total: int
    payload: Markup


def _silent(_: str) -> None:
    pass


def page(
    runs: Sequence[Loaded],
    *,
    project: Path,
    comparison: Comparison | None = None,
    against: str = "",
    say: Callable[[str], None] = _silent,
) -> Page:
    """Gather it all. `against` says what `comparison` compares with; `say` hears what is wrong with the history."""
    together = groups(runs)
    flakes = queries.flakes(project, recipes={group.recipe for group in together}, say=say)  # first: it may say so
    bad = [(group, entry) for group in together for entry in group.entries if entry.result.status in (*RED, "flaky")]
    bad.sort(key=lambda one: one[1].result.status == "flaky")  # what makes a run red comes first
    columns = sorted({_column(entry) for group in together for entry in group.entries})
    counts = dict.fromkeys(STATUSES, 0)
    for group in together:
        for entry in group.entries:
            counts[entry.result.status] += 1
    red = any(run.document.summary.red for run in runs)
    names = sorted({f"{group.recipe} on {group.arch}" for group in together})
    title = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return Page(
        title=title or "no results",
        red=red,
        verdict=f"{'RED' if red else 'GREEN'}: {tally(counts)}",
        runs=tuple(_run(one) for one in runs),
        columns=tuple(columns),
        rows=tuple(_row(group, columns) for group in together),
        failures=_failures(bad[:_FAILURES], runs, project),
        hidden=max(len(bad) - _FAILURES, 0),
        slowest=_slowest(together),
        flakes=tuple(flakes),
        trends=_trends(together, project),
        comparison=comparison,
        against=against,
        total=sum(len(group.entries) for group in together),
        payload=_payload(together),
    )


def _run(one: Loaded) -> Run:
    summary = one.document.summary
    intent = summary.intent
    left = intent.planned - summary.executed
    faults = [f"proof of {proof.name} broken: {proof.words}" for proof in summary.proofs if not proof.held]
    faults += [summary.diagnosis] if summary.diagnosis else []
    faults += [f"{plural(left, 'test')} not run"] if left > 0 else []
    return Run(
        name=intent.run,
        what=f"{intent.recipe} on {intent.arch}" + (f", shard {intent.options.shard}" if intent.options.shard else ""),
        under=under(summary),
        started=intent.started,
        state=summary.state,
        red=summary.red,
        tally=tally(summary.counts),
        elapsed=duration(summary.elapsed),
        faults=tuple(faults),
        capsules=tuple(_replays(one.folder)),
    )


def _replays(folder: Path) -> Iterator[str]:
    """A line for each capsule in the folder of a run; the one of all failures has the shortest name."""
    files = (file for form in _CAPSULES for file in (folder / "capsules").glob(form))
    for file in sorted(files, key=lambda file: (len(file.name), file.name))[:_REPLAYS]:
        yield pasteable(["wrongarch", "repro", str(file)])


def _column(entry: Entry) -> str:
    result = entry.result
    return result.suite if result.mode == "default" else f"{result.suite} [{result.mode}]"


def _row(group: Group, columns: Sequence[str]) -> Row:
    cells: dict[str, list[Entry]] = {}
    for entry in group.entries:
        cells.setdefault(_column(entry), []).append(entry)
    return Row(
        label=group.label,
        cells=tuple(_cell(group, cells[column]) if column in cells else None for column in columns),
    )


def _cell(group: Group, entries: Sequence[Entry]) -> Cell:
    red = sum(entry.result.status in RED for entry in entries)
    flaky = sum(entry.result.status == "flaky" for entry in entries)
    share = red / len(entries)
    heat = 0 if not red else 1 if share < 0.02 else 2 if share < 0.1 else 3 if share < 1 else 4
    first = entries[0].result
    words = plural(len(entries), "test") if not red else f"{red} of {plural(len(entries), 'test')} red"
    return Cell(
        total=len(entries),
        red=red,
        flaky=flaky,
        heat=heat,
        link=_link(group=group.label, suite=first.suite, mode=first.mode),
        words=words + (f", {flaky} flaky" if flaky else ""),
    )


def _link(**words: str) -> str:
    """A deep link: what the script makes of the part behind "#"."""
    return "#" + do_urlencode(words)


def _anchor(group: Group, entry: Entry) -> str:
    """The same for the same test in every report, so that links can be passed on."""
    return "f-" + hashlib.sha256(f"{group.label}\n{entry.result.id}".encode()).hexdigest()[:12]


def _failures(bad: Sequence[tuple[Group, Entry]], runs: Sequence[Loaded], project: Path) -> tuple[Failure, ...]:
    past: dict[tuple[str, str], dict[str, list[Status]]] = {}
    for group in {(group.recipe, group.arch) for group, _ in bad}:
        ids = {entry.result.case_id for other, entry in bad if (other.recipe, other.arch) == group}
        past[group] = queries.outcomes(project, ids, recipe=group[0], arch=group[1])
    return tuple(
        _failure(group, entry, runs[entry.run], past[group.recipe, group.arch].get(entry.result.case_id, []))
        for group, entry in bad
    )


def _failure(group: Group, entry: Entry, run: Loaded, past: list[Status]) -> Failure:
    result = entry.result
    return Failure(
        anchor=_anchor(group, entry),
        id=printable(result.id),
        label=group.label,
        status=result.status,
        message="\n".join(printable(line)[:_WIDE] for line in (result.message or result.ended).splitlines()),
        output="\n".join(line[:_WIDE] for line in excerpt(run.folder, result, _LINES)),
        again=rerun_line(run.document.summary.intent, result.case_id),
        history=tuple(past),
    )


def _slowest(together: Sequence[Group]) -> tuple[Slow, ...]:
    every = [(group, entry.result) for group in together for entry in group.entries]
    every.sort(key=lambda one: -one[1].seconds)
    return tuple(
        Slow(
            id=printable(result.id),
            label=group.label,
            time=duration(result.seconds),
            link=_link(group=group.label, q=result.id),
        )
        for group, result in every[:_SLOWEST]
    )


def _trends(together: Sequence[Group], project: Path) -> tuple[Trend, ...]:
    found = []
    for recipe, arch in sorted({(group.recipe, group.arch) for group in together})[:_TRENDS]:
        past = queries.past_runs(project, recipe=recipe, arch=arch)
        if len(past) > 1:
            found.append(Trend(label=f"{recipe} on {arch}", chart=charts.trend(past), runs=tuple(reversed(past))))
    return tuple(found)


def _payload(together: Sequence[Group]) -> Markup:
    """All results for the script: rows of numbers and names, small enough to be read at once."""
    suites = sorted({entry.result.suite for group in together for entry in group.entries})
    modes = sorted({entry.result.mode for group in together for entry in group.entries})
    numbers = {name: number for number, name in enumerate(suites)}, {name: number for number, name in enumerate(modes)}
    rows: list[list[Any]] = []
    for at, group in enumerate(together):
        for entry in group.entries:
            one = entry.result
            row = [at, numbers[0][one.suite], numbers[1][one.mode], STATUSES.index(one.status), round(one.seconds, 2)]
            anchor = _anchor(group, entry) if one.status in (*RED, "flaky") else ""
            rows.append([*row, printable(f"{one.test}/{one.point}" if one.point else one.test), anchor])
    document = {
        "groups": [group.label for group in together],
        "suites": suites,
        "modes": modes,
        "statuses": STATUSES,
        "rows": rows,
    }
    text = json.dumps(document, separators=(",", ":"))
    # in a script element nothing but "</script" and "<!--" can do harm; ASCII alone needs no more care
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704  as said above
