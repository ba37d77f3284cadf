"""What every kind of suite gives: its cases, an execution for each, and a verdict on how it ended."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple, Protocol, runtime_checkable

import msgspec

from wrongarch.engines.base import Command, Outcome, describe
from wrongarch.errors import UsageError
from wrongarch.recipes import model
from wrongarch.recipes.templates import Values

GUEST = "/wrongarch"
SOURCE = f"{GUEST}/source"
BUILD = f"{GUEST}/build"
RECIPE = f"{GUEST}/recipe"
SUITES = f"{GUEST}/suites"
GENERATED = f"{GUEST}/generated"
SCRATCH = f"{GUEST}/scratch"
WORK = f"{GUEST}/work"

VerdictStatus = Literal["passed", "failed", "skipped"]

_TELLING = re.compile(r"error|exception|assert|fail|abort|panic|fatal", re.IGNORECASE)
_SKIPPED = re.compile(r"SKIPPED:[ \t]*(?P<why>.*)")
_LONGEST_LINE = 300
_OUTPUT_LIMIT = 1 << 20  # bytes kept of one test's output


class Case(NamedTuple):
    """One execution to be: a test of a suite in a mode ("default", "no-jit strict"). Small, for there may be many."""

    suite: str
    test: str
    mode: str

    @property
    def id(self) -> str:
        """The name people see and filter by."""
        return f"{self.suite}/{self.test} [{self.mode}]"


class CaseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One test point that a command reported itself (TAP, JUnit); `seconds` 0 where it did not say.

    `flaky`: it passed, but not each time that the command tried it. `output` is what is known to be printed by it.
    """

    name: str
    status: VerdictStatus
    message: str = ""
    seconds: float = 0.0
    flaky: bool = False
    output: str = ""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What an outcome means. `cases` are the test points of a command that reports several.

    With `own`, these are tests of the suite in their own right: they are expected to fail, captured and run again by
    their names.
    """

    status: VerdictStatus
    message: str = ""
    cases: tuple[CaseResult, ...] = ()
    own: bool = False


ReadFile = Callable[[str], bytes]
"""Reads a file of the guest, by its path there. Raises OSError with what is wrong."""

Judge = Callable[[Outcome, ReadFile], Verdict]
"""Judges an outcome, right after the command has ended and before its scratch folder goes."""


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """One command to run, and how to judge it. Paths are the guest's; `timeout` in seconds, `memory` in bytes.

    `cwd` empty: the execution's own scratch folder. With `decided`, nothing is run: that is the verdict. `programs` are
    those that it starts from a shell, and `folders` those that the shell changes to before: QEMU's log of what a
    process does is lost when that executes a program.
    `tools`: the command only starts others, with tools that may be native. `times` are variables of the environment
    with times in seconds, which grow with the time limit.
    """

    case: Case
    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    timeout: float
    memory: int
    processes: int
    judge: Judge
    decided: Verdict | None = None
    programs: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    tools: bool = False
    times: dict[str, float] = {}

    def command(self, timeout_scale: float) -> Command:
        """What an engine is to run; the time limit `timeout_scale` times as long (slow machines)."""
        times = {name: f"{seconds * timeout_scale:g}" for name, seconds in self.times.items()}
        return Command(
            argv=self.argv,
            env={**times, **self.env},
            cwd=self.cwd,
            timeout=self.timeout * timeout_scale,
            memory=self.memory,
            processes=self.processes,
            output_limit=_OUTPUT_LIMIT,
        )


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where things are on the host: what `{source}` and `{build}` stand for, the recipe, what suites generate."""

    recipe: Path
    generated: Path
    source: Path | None = None
    build: Path | None = None


class Kind(Protocol):
    """A suite made ready for one arch."""

    @property
    def suite(self) -> model.Suite:
        """The suite as the recipe has it."""
        ...

    @property
    def folder(self) -> Path | None:
        """The folder on the host that the guest sees as `/wrongarch/suites/NAME`."""
        ...

    def cases(self) -> Iterator[Case]:
        """Every case, in a fixed order."""
        ...

    def execution(self, case: Case, scratch: str) -> Execution:
        """The execution of a case; `scratch` is its scratch folder in the guest ("" without one)."""
        ...


@runtime_checkable
class Harness(Kind, Protocol):
    """A suite whose tests are known to its own harness alone: one case runs them all, `work` is for what that writes.

    `work` is a folder on the host, which the guest sees as `/wrongarch/work/NAME`.
    """

    work: Path

    def pass_on(self, expression: str) -> None:
        """Have the harness run only the tests whose names match."""
        ...


def guest_values(program: str, folder: str, options: Sequence[str], scratch: str) -> Values:
    """The values of the names that every suite's commands may use."""
    return {
        "program": program,
        "options": tuple(options),
        "folder": folder,
        "source": SOURCE,
        "build": BUILD,
        "recipe": RECIPE,
        "scratch": scratch,
    }


def modes_for(suite: model.Suite, arch: str) -> tuple[model.Mode, ...]:
    """The modes in which the suite runs on an arch."""
    return tuple(mode for mode in suite.modes if not mode.arches or arch in mode.arches)


def host_folder(suite_name: str, written: str, places: Places) -> Path:
    """The folder a suite names, on the host. Raises UsageError if it is not there."""
    base, rest = places.recipe, written
    for name, place in (("{source}", places.source), ("{build}", places.build)):
        if written == name or written.startswith(f"{name}/"):
            if place is None:
                what = f"suite {suite_name}: the recipe has no {name[1:-1]}"
                raise UsageError(what, fix="correct the suite's folder")
            base, rest = place, written[len(name) :].lstrip("/")
    folder = base / rest
    if not folder.is_dir():
        raise UsageError(f"suite {suite_name}: there is no folder {folder}", fix="correct the suite's folder")
    return folder


def glob_expression(pattern: str) -> re.Pattern[str]:
    """A regular expression for a glob on slashed paths: `*` and `?` stay within a folder, `**/` spans folders."""
    expression, position = "", 0
    while position < len(pattern):
        rest = pattern[position:]
        if rest.startswith("**/"):
            expression, position = expression + "(?:[^/]+/)*", position + 3
        elif rest.startswith("**"):
            expression, position = expression + ".*", position + 2
        elif rest[0] == "*":
            expression, position = expression + "[^/]*", position + 1
        elif rest[0] == "?":
            expression, position = expression + "[^/]", position + 1
        elif (closed := re.match(r"\[(!?)([^]]+)\]", rest)) is not None:
            negated = "^" if closed[1] else ""
            inner = closed[2].replace("\\", r"\\").replace("^", r"\^").replace("[", r"\[")
            expression, position = f"{expression}[{negated}{inner}]", position + closed.end()
        else:
            expression, position = expression + re.escape(rest[0]), position + 1
    try:
        return re.compile(expression, re.DOTALL)
    except re.error as error:
        raise UsageError(f"{pattern!r} is no glob: {error}", fix="characters in [] need an ascending range") from error


def matching_files(folder: Path, patterns: Sequence[str], exclude: Sequence[str]) -> Iterator[str]:
    """Slashed paths below `folder` that match one of `patterns` and none of `exclude`, sorted within each folder.

    Raises UsageError for a file whose name is not UTF-8: it could not be written down.
    """
    wanted = [glob_expression(pattern) for pattern in patterns]
    unwanted = [glob_expression(pattern) for pattern in exclude]
    for place, folders, files in os.walk(folder):
        folders.sort()
        inner = PurePosixPath(place).relative_to(folder).as_posix()
        prefix = "" if inner == "." else f"{inner}/"
        for name in sorted(files):
            path = prefix + name
            if any(one.fullmatch(path) for one in wanted) and not any(one.fullmatch(path) for one in unwanted):
                if not path.isascii() and any("\ud800" <= char <= "\udfff" for char in path):
                    raise UsageError(f"a name in {folder} is not UTF-8: {path!r}", fix="rename the file, or exclude it")
                yield path


def text_of(outcome: Outcome) -> str:
    """What the command printed, both streams."""
    return (outcome.stdout + outcome.stderr).decode(errors="replace")


def headline(text: str) -> str:
    """The line that most likely says what went wrong: the first that sounds like it, or else the last."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = next((line for line in lines if _TELLING.search(line)), lines[-1] if lines else "")
    return telling if len(telling) <= _LONGEST_LINE else telling[:_LONGEST_LINE] + "…"


def failure(outcome: Outcome, text: str) -> Verdict:
    """A failed verdict in one line: how it ended, and the line of output that tells most."""
    said = headline(text)
    return Verdict(status="failed", message=f"{describe(outcome)}: {said}" if said else describe(outcome))


def judge_by_exit(outcome: Outcome, reject: re.Pattern[str] | None) -> Verdict:
    """Exit code 0 passes, or skips where the last line is "SKIPPED: why"; anything else fails, as does `reject`."""
    text = text_of(outcome)
    if outcome.reason != "exit" or outcome.exit_code != 0:
        return failure(outcome, text)
    found = reject.search(text) if reject else None
    if found:
        return Verdict(status="failed", message=f"exit 0, but it printed {line_around(text, found.start())!r}")
    last = text.rstrip().rpartition("\n")[2]
    skipped = _SKIPPED.match(last)
    if skipped:
        return Verdict(status="skipped", message=skipped["why"].strip() or "no reason given")
    return Verdict(status="passed")


def line_around(text: str, position: int) -> str:
    """The line of `text` that holds `position`, shortened."""
    start = text.rfind("\n", 0, position) + 1
    return text[start:].partition("\n")[0][:_LONGEST_LINE]


def reject_pattern(suite: model.Suite) -> re.Pattern[str] | None:
    """The suite's `reject`, made ready; None where it has none."""
    return re.compile(suite.reject, re.MULTILINE) if suite.reject else None
