"""Read the Test Anything Protocol (https://testanything.org/tap-version-14-specification.html), versions 12 to 14.

Subtests and YAML blocks are indented and belong to the point after or before them; the point alone counts.
"""

from __future__ import annotations

import re

from wrongarch.recipes.suites.base import CaseResult

_PLAN = re.compile(r"^1\.\.(?P<last>\d{1,9})\s*(?:#\s*(?i:skip\S*\s*)?(?P<why>.*))?$")
_POINT = re.compile(
    r"^(?P<outcome>ok|not ok)\b(?:[ \t]+(?P<number>\d{1,9}))?(?:[ \t]+-)?[ \t]*"
    r"(?P<name>(?:\\#|[^#]|#(?![ \t]*(?i:skip|todo)))*)"
    r"(?:#[ \t]*(?P<directive>(?i:skip|todo))\S*[ \t]*(?P<why>.*))?$"
)
_BAIL = re.compile(r"^Bail out!\s*(?P<why>.*)$")
_MOST = 1_000_000  # points; a plan beyond that is damaged output


def read_tap(text: str) -> tuple[tuple[CaseResult, ...], str]:
    """The test points in `text`, and what is wrong with the whole ("" if nothing): a bail-out, no plan, too few points.

    A failed "todo" point is skipped, as the protocol asks; points that were planned and never came have failed.
    """
    cases: dict[int, CaseResult] = {}
    planned, why_none, fault = None, "", ""
    for line in text.splitlines():
        if bail := _BAIL.match(line):
            fault = f"it bailed out: {bail['why']}".rstrip(": ")
            break
        if plan := _PLAN.match(line):
            fault = fault or ("it printed two plans" if planned is not None else "")
            planned, why_none = int(plan["last"]), plan["why"] or ""
        elif point := _POINT.match(line):
            number = int(point["number"]) if point["number"] else len(cases) + 1
            fault = fault or (f"test {number} was reported twice" if number in cases else "")
            cases[number] = _case(point, number)
    if planned is None:
        return tuple(cases.values()), fault or ("no plan (1..N) in its output" if cases else "no TAP in its output")
    if planned > _MOST:
        return tuple(cases.values()), fault or f"its plan has {planned} tests"
    return _with_missing(cases, planned, why_none, fault)


def _with_missing(
    cases: dict[int, CaseResult], planned: int, why_none: str, fault: str
) -> tuple[tuple[CaseResult, ...], str]:
    if planned == 0 and not cases:
        return (CaseResult(name="all", status="skipped", message=why_none or "nothing planned"),), fault
    beyond = max(cases, default=0) > planned
    for number in range(1, planned + 1):
        if number not in cases:
            cases[number] = CaseResult(name=str(number), status="failed", message="planned, but never reported")
    found = tuple(cases[number] for number in sorted(cases))
    return found, fault or (f"it planned {planned} tests and reported {len(cases)}" if beyond else "")


def _case(point: re.Match[str], number: int) -> CaseResult:
    described = point["name"].strip().replace(r"\#", "#").replace("\\\\", "\\")
    name = f"{number} {described}".strip()
    directive, why = (point["directive"] or "").lower(), (point["why"] or "").strip()
    if directive == "skip":
        return CaseResult(name=name, status="skipped", message=why or "no reason given")
    if point["outcome"] == "ok":
        return CaseResult(name=name, status="passed")
    if directive == "todo":
        return CaseResult(name=name, status="skipped", message=f"to do: {why}".rstrip(": "))
    return CaseResult(name=name, status="failed", message=f"not ok {name}")
