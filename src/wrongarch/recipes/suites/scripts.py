"""Suites of scripts: one file, one test."""

from __future__ import annotations

from collections.abc import Iterator

from wrongarch.engines.base import Outcome
from wrongarch.recipes import model
from wrongarch.recipes.suites.base import (
    SUITES,
    Case,
    Execution,
    Places,
    ReadFile,
    Verdict,
    guest_values,
    host_folder,
    judge_by_exit,
    matching_files,
    modes_for,
    reject_pattern,
)
from wrongarch.recipes.templates import expand


class Scripts:
    """A scripts suite on one arch."""

    def __init__(self, suite: model.ScriptsSuite, places: Places, program: str, arch: str) -> None:
        self.suite = suite
        self.folder = host_folder(suite.name, suite.folder, places)
        self._program = program
        self._modes = {mode.name: mode for mode in modes_for(suite, arch)}
        self._reject = reject_pattern(suite)
        self._guest = f"{SUITES}/{suite.name}"

    def cases(self) -> Iterator[Case]:
        """Each file in each mode."""
        for test in matching_files(self.folder, self.suite.pattern, self.suite.exclude):
            for mode in self._modes:
                yield Case(self.suite.name, test, mode)

    def execution(self, case: Case, scratch: str) -> Execution:
        """Run the command with the file, from the suite's folder or from the scratch folder."""
        mode = self._modes[case.mode]
        values = {
            **guest_values(self._program, self._guest, mode.options, scratch),
            "test": f"{self._guest}/{case.test}",
        }
        return Execution(
            case=case,
            argv=expand(self.suite.command, values),
            env={**self.suite.env, **mode.env},
            cwd=scratch or self._guest,
            timeout=self.suite.timeout,
            memory=self.suite.memory << 20,
            processes=self.suite.processes,
            judge=self._judge,
        )

    def _judge(self, outcome: Outcome, _read: ReadFile) -> Verdict:
        return judge_by_exit(outcome, self._reject)
