"""The live line of a run on a terminal."""

from __future__ import annotations

from typing import IO

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

from wrongarch.reports.progress import _NARROW, _SHOWN, Pace
from wrongarch.reports.words import duration, one_line, printable, step, tally
from wrongarch.runs.model import RED, Intent, Result, Summary


class LiveProgress:
    """A bar with counts, rate and remaining time; failures are printed above it as they come."""

    def __init__(self, stream: IO[str]) -> None:
        self._console = Console(file=stream, highlight=False)
        self._pace = Pace()
        self._told = 0
        self._progress: Progress | None = None
        self._task = TaskID(0)

    def stage(self, text: str) -> None:
        """A spinner with the stage, and the last line of its output."""
        self.stop()
        columns: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.description}")]
        self._start(columns, text, None)

    def step(self, what: str, done: int, total: int | None) -> None:
        """Beside the spinner, as output is; a spinner of its own where no stage is under way."""
        if self._progress is None:
            self.stage("preparing")
        self._beside(step(what, done, total, seconds=0.0))

    def _start(self, columns: list[ProgressColumn], text: str, total: int | None) -> None:
        self._progress = Progress(*columns, console=self._console, transient=True, refresh_per_second=5)
        self._task = self._progress.add_task(_escape(text), total=total, stage=_escape(text), told="")
        self._progress.start()

    def note(self, text: str) -> None:
        """A line that stays."""
        self._console.print(Text(printable(text)), soft_wrap=True)

    def output(self, data: bytes) -> None:
        """Show the last line of the output beside the spinner."""
        lines = [line for line in data.decode(errors="replace").splitlines() if line.strip()]
        if lines:
            self._beside(printable(lines[-1]))

    def _beside(self, text: str) -> None:
        if self._progress is not None:
            stage = self._progress.tasks[0].fields.get("stage", "")
            room = max(self._console.width - len(stage) - 10, 10)
            self._progress.update(self._task, description=f"{stage}  [dim]{_escape(text[:room])}[/dim]")

    def started(self, intent: Intent) -> None:
        """Start the bar."""
        self.stop()
        self._pace.start(intent.planned, intent.expected)
        columns: list[ProgressColumn] = [TextColumn("{task.description}")]
        if self._console.width >= _NARROW:
            columns.append(BarColumn(bar_width=None))
        columns += [TextColumn("{task.completed}/{task.total}"), TextColumn("{task.fields[told]}")]
        self._start(columns, f"{intent.recipe} on {intent.arch}", intent.planned)

    def finished(self, result: Result) -> None:
        """A line for what failed, above the bar."""
        self._pace.counts[result.status] += 1
        if result.status in RED or result.status == "flaky":
            self._told += 1
            if self._told <= _SHOWN:
                style = "yellow" if result.status == "flaky" else "red"
                self._console.print(Text(one_line(result), style=style), soft_wrap=True)
            elif self._told == _SHOWN + 1:
                self._console.print("… more failures follow; all are in results.json")

    def progress(self, done: int) -> None:
        """Move the bar."""
        self._pace.done = done
        if self._progress is not None:
            told = ", ".join(one for one in (self._pace.words, self._pace.bad) if one)
            self._progress.update(self._task, completed=done, told=_escape(told))

    def ended(self, summary: Summary) -> None:
        """Take the bar away; one line where no summary will follow."""
        self.stop()
        if summary.state in ("interrupted", "broken"):
            self._console.print(
                f"{summary.state} after {duration(summary.elapsed)}: {tally(summary.counts)}", soft_wrap=True
            )

    def stop(self) -> None:
        """Give the terminal back."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def _escape(text: str) -> str:
    """Keep square brackets from being read as styles."""
    return text.replace("[", r"\[")
