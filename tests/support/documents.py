"""Documents of runs, as many and as large as a test wants."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.samples import intent, summary
from wrongarch.runs.folder import count
from wrongarch.runs.model import Result, RunDocument, State, Status


def result(test: str = "a", status: Status = "passed", seconds: float = 1.0, **more: object) -> Result:
    """A result of the suite `stress` in the mode `default`, if nothing else is said."""
    values: dict[str, object] = {
        "suite": "stress",
        "test": test,
        "mode": "default",
        "status": status,
        "seconds": seconds,
    }
    return Result(**{**values, **more})  # type: ignore[arg-type]  # fields of Result


def document(results: Iterable[Result], *, number: int = 1, state: State = "finished", **more: object) -> RunDocument:
    """A run, the `number`th of the day."""
    results = tuple(sorted(results, key=Result.key))
    made = intent(
        run=f"20261101-{number:06d}-{more.get('recipe', 'jsc')}-{more.get('arch', 'arm')}",
        started=f"2026-11-01T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}+00:00",
        planned=len(results),
        **more,
    )
    elapsed = sum(one.seconds for one in results) / 2
    facts = summary(intent=made, state=state, counts=count(results), executed=len(results), elapsed=elapsed)
    return RunDocument(summary=facts, results=results)
