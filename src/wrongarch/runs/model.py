"""What a run is asked to do, and what it records."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Literal

import msgspec

from wrongarch.recipes.forms import Form

Status = Literal["passed", "failed", "flaky", "expected-failure", "unexpected-pass", "skipped", "lost"]
State = Literal["running", "finished", "stopped", "interrupted", "broken"]
"""`stopped`: on purpose, before the last test. `broken`: the engine or the machine failed, not the tests."""

STATUSES: tuple[Status, ...] = ("passed", "failed", "flaky", "expected-failure", "unexpected-pass", "skipped", "lost")
RED: frozenset[Status] = frozenset({"failed", "unexpected-pass", "lost"})

_SPECIAL = re.compile(r"[.^$*+?{}\[\]\\|()]")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user asks for.

    `suites` empty: all. `filter` is a regular expression searched for in test ids. `shard` is "K/N", `durations` the
    path of the times that shards are balanced by ("": none). `jobs` None: one per CPU we may use. `retries` replaces
    the suites' own. `timeout_scale` multiplies every timeout of a test. `max_failures` stops the run after that many;
    `fail_fast` is the same with 1. A flaky test does not make a run red
    unless `strict_flaky`.
    """

    suites: tuple[str, ...] = ()
    filter: str = ""
    shard: str = ""
    durations: str = ""
    jobs: int | None = None
    retries: int | None = None
    timeout_scale: float = 1.0
    cpu: str | None = None
    fail_fast: bool = False
    max_failures: int | None = None
    strict_flaky: bool = False


class Result(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """How one test came out. Small: a run may hold a hundred thousand of them.

    `point` names one of the tests that the command reported itself. `seconds` is the wall time of the last attempt,
    `max_rss` its peak memory in bytes. `ended` says how it ended where it failed ("killed by SIGABRT"), `signal` is
    that signal's number. `log` numbers the file in `log/`, 0 for none.
    """

    suite: str
    test: str
    mode: str
    status: Status
    seconds: float = 0.0
    attempts: int = 1
    message: str = ""
    ended: str = ""
    signal: int = 0
    log: int = 0
    max_rss: int = 0
    point: str = ""

    @property
    def id(self) -> str:
        """The name people see."""
        return f"{self.suite}/{self.test}/{self.point} [{self.mode}]" if self.point else self.case_id

    @property
    def case_id(self) -> str:
        """The name to filter by: a point comes with its whole command."""
        return f"{self.suite}/{self.test} [{self.mode}]"

    def key(self) -> tuple[str, str, str, str]:
        """What results are sorted by."""
        return (self.suite, self.test, self.mode, self.point)


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that has to be true of a run for its results to mean anything, and whether it was."""

    name: str
    held: bool
    words: str


class EmulatorFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The emulator that was used, by name and hash."""

    version: str
    release: str
    target: str
    sha256: str


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a run before anything of it starts. Times as ISO 8601 in UTC; paths are the host's.

    `recipe` is its name with its form in it, `form` what that is. `cpu` is the CPU model that is emulated (None: the
    emulator's own default), asked for or not. `expected` is the wall time in seconds that earlier runs make expect, 0
    where there are none.
    """

    run: str
    wrongarch: str
    started: str
    recipe: str
    recipe_file: str
    recipe_digest: str
    arch: str
    root: str
    engine: str
    jobs: int
    planned: int
    options: Options
    emulator: EmulatorFacts | None = None
    cpu: str | None = None
    command: tuple[str, ...] = ()
    host: str = ""
    python: str = ""
    expected: float = 0.0
    form: Form = Form()


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a run but its single results.

    `planned` and `executed` count executions (each a test in a mode); `counts` has results by status. `elapsed` is the
    wall time in seconds, `process_seconds` the sum of the commands' own.
    """

    intent: Intent
    state: State
    counts: dict[Status, int]
    executed: int = 0
    elapsed: float = 0.0
    process_seconds: float = 0.0
    proofs: tuple[Proof, ...] = ()
    diagnosis: str = ""

    @property
    def red(self) -> bool:
        """Whether the run failed."""
        bad = any(self.counts.get(status, 0) for status in RED)
        flaky = self.intent.options.strict_flaky and self.counts.get("flaky", 0) > 0
        return bad or flaky or self.state in ("broken", "interrupted") or not all(proof.held for proof in self.proofs)


class RunDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`results.json`: the summary and every result, sorted by id once the run is finished."""

    summary: Summary
    results: tuple[Result, ...]


def exact_filter(test_id: str) -> str:
    """The regular expression that matches this id and no other."""
    return f"^{_SPECIAL.sub(lambda found: chr(92) + found[0], test_id)}$"


def recipe_words(file: Path, form: Form) -> tuple[str, ...]:
    """The options that find a recipe again: by its name where recipes are, by its path elsewhere; and its form."""
    return "--recipe", file.parent.name if file.parent.parent.name == "recipes" else str(file), *form.words


def conditions(intent: Intent) -> list[str]:
    """The arch and the options that stand for what a run was made under."""
    words = [intent.arch, *recipe_words(Path(intent.recipe_file), intent.form)]
    if intent.emulator is not None:
        words += ["--emulator", intent.emulator.version]
    if intent.options.cpu:
        words += ["--cpu", intent.options.cpu]
    return words


def rerun_line(intent: Intent, test_id: str | None = None) -> str:
    """The command line that runs one test of a run again (None: all of it) under the same conditions."""
    words = ["wrongarch", "test", *conditions(intent)]
    if test_id is not None:
        words += ["--filter", exact_filter(test_id)]
    return shlex.join(words)
