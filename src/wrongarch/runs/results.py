"""Turn the attempts at one execution into results, and keep all results of a run in little memory."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from wrongarch.engines.base import Outcome, describe
from wrongarch.recipes.model import Expected
from wrongarch.recipes.suites.base import Case, Execution, Verdict
from wrongarch.runs.folder import RunFolder
from wrongarch.runs.junit import junit_xml
from wrongarch.runs.model import STATUSES, Result, RunDocument, Status, Summary

_PUBLISH_EVERY = 5.0  # seconds
_PUBLISH_SHARE = 0.02  # of the run's time, at most, goes into replacing results.json and junit.xml


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try at an execution. `outcome` is None where the verdict was known without running anything.

    `log` numbers the file in `log/`; `logs` those of single tests that a harness has told of.
    """

    verdict: Verdict
    outcome: Outcome | None
    log: int = 0
    logs: dict[str, int] = {}


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """What one attempt says about one test."""

    status: Status
    message: str
    seconds: float
    flaky: bool = False


ExpectedOf = Callable[[Case], Expected | None]


def failing(execution: Execution, verdict: Verdict, expected: ExpectedOf) -> bool:
    """Whether something failed that was not expected to, so that another attempt may tell a flake."""
    points = _points(verdict)
    return any(
        point.status == "failed" and expected(_named(execution.case, name, own=verdict.own)) is None
        for name, point in points.items()
    )


def settle(execution: Execution, attempts: list[Attempt], expected: ExpectedOf) -> list[Result]:
    """The results of an execution that will not be tried again: one, or one for each point of a report."""
    case, last = execution.case, attempts[-1]
    if last.outcome is not None and last.outcome.reason == "lost":
        return [_result(case, "", "lost", attempts, message=last.verdict.message)]
    tries = [_points(attempt.verdict) for attempt in attempts]
    results = []
    for name in dict.fromkeys(name for points in reversed(tries) for name in points):
        seen = [points[name] for points in tries if name in points]
        if not name and name not in tries[-1]:  # the command as a whole had failed before, and its report is sound now
            seen.append(Point(status="passed", message="", seconds=0.0))
        named, own = _named(case, name, own=last.verdict.own), last.verdict.own
        status, message = _status(seen, expected(named))
        seconds = seen[-1].seconds if name or last.outcome is None else last.outcome.seconds
        shown, point = (named, "") if own else (case, name)
        results.append(_result(shown, point, status, attempts, message=message, seconds=seconds))
    return results


def _named(case: Case, point: str, *, own: bool) -> Case:
    """The name under which a point is expected to fail."""
    if not point:
        return case
    return case._replace(test=point if own else f"{case.test}/{point}")


def _points(verdict: Verdict) -> dict[str, Point]:
    """What a verdict says, by point; "" is the command itself, which counts if there are no points, or if it failed."""
    points: dict[str, Point] = {}
    for one in verdict.cases:
        name, number = one.name, 2
        while name in points:  # two points of one name are two tests
            name, number = f"{one.name} ({number})", number + 1
        points[name] = Point(status=one.status, message=one.message, seconds=one.seconds, flaky=one.flaky)
    if not points or verdict.status == "failed":
        points[""] = Point(status=verdict.status, message=verdict.message, seconds=0.0)
    return points


def _status(seen: list[Point], expected: Expected | None) -> tuple[Status, str]:
    last = seen[-1]
    failure = next((point for point in seen if point.status == "failed"), None)
    if last.status == "skipped" and failure is None:
        return "skipped", last.message
    if expected is not None:
        if failure is not None:
            return "expected-failure", f"{expected.reason}: {failure.message}"
        if expected.sometimes:
            return "passed", ""
        return "unexpected-pass", f"it passed, but was expected to fail: {expected.reason}"
    if failure is None:
        return ("flaky", last.message) if last.flaky else ("passed", "")
    return ("failed", last.message) if last.status == "failed" else ("flaky", failure.message)


def _result(
    case: Case, point: str, status: Status, attempts: list[Attempt], *, message: str, seconds: float = 0.0
) -> Result:
    quiet = status in ("passed", "skipped")
    telling = next((one for one in reversed(attempts) if one.verdict.status == "failed"), attempts[-1])
    outcome = telling.outcome
    return Result(
        suite=case.suite,
        test=case.test,
        mode=case.mode,
        point=point,
        status=status,
        seconds=round(seconds, 4),
        attempts=len(attempts),
        message=message,
        ended="" if quiet or outcome is None else describe(outcome),
        signal=0 if quiet or outcome is None else outcome.signal or 0,
        log=0 if quiet else attempts[-1].logs.get(case.test, telling.log),
        max_rss=outcome.max_rss if outcome is not None else 0,
    )


class Collector:
    """All results of a run so far, and what has to be known of its executions as a whole."""

    def __init__(self, folder: RunFolder, on_result: Callable[[Result], None]) -> None:
        self.results: list[Result] = []
        self.counts: dict[Status, int] = dict.fromkeys(STATUSES, 0)
        self.executed: Counter[str] = Counter()  # by suite
        self.interpreters: Counter[str] = Counter()
        self.endings: Counter[str] = Counter()
        self.unproven: list[str] = []
        self.process_seconds = 0.0
        self._folder = folder
        self._on_result = on_result
        self._publish_at = time.monotonic() + _PUBLISH_EVERY

    @property
    def failures(self) -> int:
        """How many results make the run red."""
        return self.counts["failed"] + self.counts["unexpected-pass"] + self.counts["lost"]

    def saw(self, case: Case, outcome: Outcome, wanted: str, *, counts: bool = True) -> None:
        """Count one command that came to an end; `wanted` is the interpreter that it has to have, if that `counts`."""
        self.endings[describe(outcome) if outcome.reason in ("exit", "signal") else outcome.reason] += 1
        if outcome.reason in ("not-started", "lost"):
            return
        self.process_seconds += outcome.seconds
        if not counts:
            return
        if outcome.interpreter == "unseen" and outcome.reason == "signal":
            return  # it died before it could be looked at; nothing green comes of that
        self.interpreters[outcome.interpreter] += 1
        if outcome.interpreter not in (wanted, "unseen" if wanted == "native" else wanted) and len(self.unproven) < 3:
            self.unproven.append(case.id)

    def add(self, suite: str, results: Iterable[Result], *, ran: int) -> None:
        """Keep the results of an execution and write them down; `ran` is how many tests it counts for."""
        self.executed[suite] += ran
        for result in results:
            self.results.append(result)
            self.counts[result.status] += 1
            self._folder.event("result", result=result)
            self._on_result(result)

    def publish_when_due(self, summary: Callable[[], Summary]) -> None:
        """Replace `results.json` and `junit.xml` if the last time is long enough ago."""
        begun = time.monotonic()
        if begun >= self._publish_at:
            self.publish(summary())
            spent = time.monotonic() - begun
            self._publish_at = begun + max(_PUBLISH_EVERY, spent / _PUBLISH_SHARE)

    def publish(self, summary: Summary) -> None:
        """Replace `results.json` and `junit.xml` with what is known now, sorted by id."""
        self.results.sort(key=Result.key)
        document = RunDocument(summary=summary, results=tuple(self.results))
        self._folder.publish(document, junit_xml(summary, self.results))
