"""Read what JavaScriptCore's harness says at its end: JSON of run-javascriptcore-tests, and lists of tests by outcome.

The JSON names what is worth a word: `stressTestFailures`, `flaky` ({name: {P: passes, T: tries, S: whether that counts
as passed}}), and for each test program `allSomethingTestsPassed`. Newer versions add `results` ({name: {actual}}).
Source: Tools/Scripts/run-javascriptcore-tests of WebKit, versions of 2016 to 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from wrongarch import documents
from wrongarch.recipes.suites.base import CaseResult, headline

FILES = ("passed", "failed", "flaky", "noresult")
"""Files in the folder of results, one test a line; newer versions have all of them."""

_NO_RESULT = "no result: it never came to an end"
_PROGRAM = re.compile(r"all(?P<name>.+)TestsPassed(?P<how>.*)")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was read: each test once, sorted by name, and what is wrong with the whole ("" if nothing)."""

    cases: tuple[CaseResult, ...] = ()
    fault: str = ""


def read_report(raw: bytes, lists: Mapping[str, Iterable[str]], output: str) -> Report:
    """The results in the JSON `raw` and in `lists` (by name of file). Never raises for what it reads.

    `output` is what the harness printed, where each line of a test begins with its name.
    """
    try:
        found: Any = documents.decode(raw, object)
    except documents.DamagedError as error:
        return Report(fault=f"its results are no JSON: {error}")
    if not isinstance(found, dict):
        return Report(fault="its results are no JSON object")
    said = _said(output)
    cases = {name: CaseResult(name=name, status="passed") for name in lists.get("passed", ())}
    cases |= {case.name: case for case in _programs(found)}
    cases |= {case.name: case for case in _flaky(found, lists.get("flaky", ()))}
    for name in (*_names(found.get("stressTestFailures")), *lists.get("failed", ())):
        text = said.get(name, "")
        cases[name] = CaseResult(name=name, status="failed", message=headline(text) or "failed", output=text)
    for name in (*_errors(found.get("results")), *lists.get("noresult", ())):
        cases[name] = CaseResult(name=name, status="failed", message=_NO_RESULT, output=said.get(name, ""))
    if "stressTestFailures" not in found and not cases:
        return Report(fault="its results name no test, neither failed nor passed")
    return Report(cases=tuple(cases[name] for name in sorted(cases)))


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str) and name] if isinstance(value, list) else []


def _errors(value: Any) -> list[str]:
    """The tests of newer versions' `results` that are neither PASS nor FAIL."""
    if not isinstance(value, dict):
        return []
    ended = {name: one.get("actual") for name, one in value.items() if isinstance(one, dict)}
    return [name for name, actual in ended.items() if actual == "ERROR"]


def _programs(found: Mapping[str, Any]) -> Iterator[CaseResult]:
    """Test programs such as testmasm, each with its own verdict."""
    for key, value in found.items():
        match = _PROGRAM.fullmatch(key)
        if match and isinstance(value, bool):
            name = f"test{match['name'].lower()}" + (f" {match['how']}" if match["how"] else "")
            yield CaseResult(name=name, status="passed" if value else "failed", message="" if value else "failed")


def _flaky(found: Mapping[str, Any], lines: Iterable[str]) -> Iterator[CaseResult]:
    """Tests that did not come out alike each time, of the JSON and of the list ("name passes tries good")."""
    table = found.get("flaky")
    for name, facts in table.items() if isinstance(table, dict) else ():
        if isinstance(facts, dict):
            yield _unsteady(name, facts.get("P"), facts.get("T"), facts.get("S"))
    for line in lines:
        words = line.rsplit(" ", 3)
        if len(words) == 4 and (not isinstance(table, dict) or words[0] not in table):
            yield _unsteady(*words)


def _unsteady(name: str, passes: Any, tries: Any, good: Any) -> CaseResult:
    passed = str(good) not in ("0", "False", "None", "")
    message = f"{passes} of {tries} tries passed"
    return CaseResult(name=name, status="passed" if passed else "failed", message=message, flaky=passed)


def _said(output: str) -> dict[str, str]:
    """What each test printed: the harness puts its name and a colon before each line."""
    said: dict[str, list[str]] = {}
    for line in output.splitlines():
        name, colon, rest = line.partition(": ")
        if colon and " " not in name:
            said.setdefault(name, []).append(rest)
    return {name: "\n".join(lines) for name, lines in said.items()}
