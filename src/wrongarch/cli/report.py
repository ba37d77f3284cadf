"""`wrongarch report`: runs to look at."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.reports.gather import Comparison, Loaded

app = options.new()
_STDOUT = Path("-")


class Format(StrEnum):
    """What to make."""

    HTML = "html"
    MARKDOWN = "markdown"
    TERMINAL = "terminal"


@app.command(
    epilog=options.examples(
        "wrongarch report                                the last run, as report.html in its folder",
        "wrongarch report latest --against 20261101-10   and what changed since another one",
        "wrongarch report downloads/ --output all.html   all results below a folder: shards, arches, a whole pipeline",
        "wrongarch report --format markdown >>$GITHUB_STEP_SUMMARY",
    )
)
def report(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RUN",
            help="Runs by id, its beginning, or `latest`; run folders; results.json files; or folders with such files. "
            "Without any, the last run.",
        ),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option("--against", metavar="RUN", help="Show what changed since this run; can be repeated."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="What to make.")] = Format.HTML,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write HTML there; - is standard output."),
    ] = None,
) -> None:
    """Show one run or several as one HTML file.

    The file needs nothing else, no network and no server. It has the map of arches and suites, failures with their
    output and the line to run them again, the slowest tests, what the history knows of flakes and times, and a list of
    all results to filter. Results of the same recipe, arch, emulator and CPU are put together: the shards of a pipeline
    become one.
    """
    from wrongarch.errors import UsageError
    from wrongarch.reports import gather

    project = Path.cwd()
    loaded = gather.load(runs or ["latest"], project)
    before = gather.load(against or [], project)
    comparison = gather.compare(before, loaded) if before else None
    if format is not Format.HTML:
        if output is not None:
            raise UsageError("--output is for HTML", fix="leave it out, or redirect: wrongarch report … >FILE")
        if format is Format.TERMINAL:
            _terminal(loaded, comparison)
        else:
            _markdown(loaded, comparison)
        return
    from wrongarch.reports.html import data, page

    names = ", ".join(one.document.summary.intent.run for one in before)
    text = page.render(data.page(loaded, project=project, comparison=comparison, against=names, say=_tell))
    if output == _STDOUT:
        sys.stdout.write(text)
        return
    file = output or (loaded[0].folder if len(loaded) == 1 else _home(project)) / "report.html"
    _write(file, text)
    typer.echo(str(file))


def _tell(text: str) -> None:
    typer.echo(f"note: {text}", err=True)


def _home(project: Path) -> Path:
    from wrongarch.runs.folder import HOME

    return project / HOME if (project / HOME).is_dir() else project


def _write(file: Path, text: str) -> None:
    from wrongarch import paths
    from wrongarch.errors import MachineError

    try:
        paths.write_atomically(file, text)
    except OSError as error:
        raise MachineError(
            f"cannot write {file}: {error.strerror}", fix="name another place: wrongarch report --output FILE"
        ) from error


def _markdown(loaded: list[Loaded], comparison: Comparison | None) -> None:
    from wrongarch.errors import TestsFailed
    from wrongarch.reports import markdown

    rows = [
        markdown.Row(
            name=one.document.summary.intent.run,
            arch=one.document.summary.intent.arch,
            exit_code=TestsFailed.exit_code if one.document.summary.red else 0,
            document=one.document,
            folder=one.folder,
        )
        for one in loaded
    ]
    text = markdown.summary(rows)
    if comparison is not None:
        text += markdown.compared(comparison)
    sys.stdout.write(text)


def _terminal(loaded: list[Loaded], comparison: Comparison | None) -> None:
    from wrongarch.reports.summary import print_comparison, print_summary

    for one in loaded:
        print_summary(one.document, one.folder, sys.stdout)
    if comparison is not None:
        print_comparison(comparison, sys.stdout)
