"""Which tests are expected to fail here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from wrongarch.errors import UsageError
from wrongarch.recipes.model import Expected
from wrongarch.recipes.suites.base import Case, glob_expression


class Expectations:
    """The entries of a recipe that apply to one arch, CPU model and emulator version (None: native)."""

    def __init__(self, entries: Iterable[Expected], *, arch: str, cpu: str | None, emulator: str | None) -> None:
        self._by_suite: dict[str, list[tuple[re.Pattern[str], Expected]]] = {}
        for entry in entries:
            if _applies(entry, arch, cpu, emulator):
                expression = re.compile(entry.regex) if entry.regex else glob_expression(entry.test)
                self._by_suite.setdefault(entry.suite, []).append((expression, entry))

    def of(self, case: Case) -> Expected | None:
        """The entry that expects `case` to fail."""
        for expression, entry in self._by_suite.get(case.suite, ()):
            if _names(expression, entry, case):
                return entry
        return None

    def refuse_idle(self, cases: Sequence[Case], suites: Iterable[str]) -> None:
        """Raise UsageError for an entry about one of `suites` that names none of their `cases`: it expects nothing."""
        for suite in suites:
            entries = self._by_suite.get(suite, [])
            there = [case for case in cases if case.suite == suite]
            for expression, entry in entries:
                if not any(_names(expression, entry, case) for case in there):
                    what = entry.test or entry.regex
                    raise UsageError(
                        f"the recipe expects {suite}/{what} to fail here ({entry.reason}), but there is no such test",
                        fix="correct or remove that [[expected]] entry of the recipe",
                    )


def _names(expression: re.Pattern[str], entry: Expected, case: Case) -> bool:
    if entry.modes and case.mode not in entry.modes and case.mode.partition(" ")[0] not in entry.modes:
        return False
    return (expression.search if entry.regex else expression.fullmatch)(case.test) is not None


def _applies(entry: Expected, arch: str, cpu: str | None, emulator: str | None) -> bool:
    return (
        (not entry.arches or arch in entry.arches)
        and (not entry.cpu or entry.cpu == cpu)
        and (not entry.emulator or entry.emulator == emulator)
    )
