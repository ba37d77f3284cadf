"""Suites of commands, judged by exit code and output, or by the TAP or JUnit they report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from wrongarch.engines.base import Outcome
from wrongarch.recipes import model
from wrongarch.recipes.suites.base import (
    SUITES,
    Case,
    Execution,
    Places,
    ReadFile,
    Verdict,
    failure,
    guest_values,
    headline,
    host_folder,
    judge_by_exit,
    modes_for,
    reject_pattern,
    text_of,
)
from wrongarch.recipes.suites.junit import read_junit
from wrongarch.recipes.suites.tap import read_tap
from wrongarch.recipes.templates import expand


class Commands:
    """A command suite on one arch."""

    def __init__(self, suite: model.CommandSuite, places: Places, program: str, arch: str) -> None:
        self.suite = suite
        self.folder = host_folder(suite.name, suite.folder, places) if suite.folder else None
        self._tests = {test.name: test for test in suite.tests}
        self._program = program
        self._modes = {mode.name: mode for mode in modes_for(suite, arch)}
        self._reject = reject_pattern(suite)
        self._guest = f"{SUITES}/{suite.name}" if self.folder else "/"

    def cases(self) -> Iterator[Case]:
        """Each command in each mode."""
        for test in self._tests:
            for mode in self._modes:
                yield Case(self.suite.name, test, mode)

    def execution(self, case: Case, scratch: str) -> Execution:
        """Run the command as it is written, with its names replaced."""
        mode, test = self._modes[case.mode], self._tests[case.test]
        return Execution(
            case=case,
            argv=expand(test.command, guest_values(self._program, self._guest, mode.options, scratch)),
            env={**self.suite.env, **mode.env},
            cwd=scratch or self._guest,
            timeout=self.suite.timeout,
            memory=self.suite.memory << 20,
            processes=self.suite.processes,
            judge=partial(self._judge, test, scratch),
        )

    def _judge(self, test: model.CommandTest, scratch: str, outcome: Outcome, read: ReadFile) -> Verdict:
        text = text_of(outcome)
        if outcome.reason != "exit" or outcome.exit_code != test.exit_code:
            verdict = failure(outcome, text)
        elif test.exit_code == 0:
            verdict = judge_by_exit(outcome, self._reject)
        else:
            verdict = Verdict(status="passed")
        if verdict.status == "passed":
            verdict = _compared(test, outcome, text)
        if test.results == "exit" or outcome.reason != "exit":
            return verdict
        try:
            raw = read(f"{scratch}/{test.report}") if test.report else outcome.stdout
        except OSError as error:
            message = f"its report {test.report} cannot be read: {error}"
            return Verdict(status="failed", message=f"{message} ({verdict.message})" if verdict.message else message)
        return _reported(test, verdict, raw)


def _compared(test: model.CommandTest, outcome: Outcome, text: str) -> Verdict:
    """Whether the output is what the recipe says it has to be."""
    printed = outcome.stdout.decode(errors="replace")
    if test.stdout is not None and printed != test.stdout:
        return Verdict(status="failed", message=f"it printed {_short(printed)}, expected {_short(test.stdout)}")
    if test.match and not re.search(test.match, text, re.MULTILINE):
        return Verdict(status="failed", message=f"its output does not match {test.match!r}: {headline(text)}")
    return Verdict(status="passed")


def _short(text: str) -> str:
    return repr(text if len(text) <= 100 else text[:100] + "…")


def _reported(test: model.CommandTest, verdict: Verdict, raw: bytes) -> Verdict:
    """The test points of a report. The command fails as well if its report is unsound, or no point explains it."""
    cases, fault = read_tap(raw.decode(errors="replace")) if test.results == "tap" else read_junit(raw)
    if fault:
        return Verdict(status="failed", message=fault, cases=cases)
    if verdict.status == "failed" and any(case.status == "failed" for case in cases):
        return Verdict(status="passed", cases=cases)  # the points say it better, and fail the run just the same
    return Verdict(status=verdict.status, message=verdict.message, cases=cases)
