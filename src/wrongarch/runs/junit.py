"""Write results as JUnit XML, piece by piece: with a document tree, 50,000 tests would take most of our memory.

The form is what GitLab and the usual readers agree on (https://github.com/testmoapp/junitxml): one `testsuite` for each
suite and mode, `failure` for what makes a run red, `error` for what was lost, `skipped` for expected failures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wrongarch.runs.model import Result, RunDocument, Summary, rerun_line

# what XML 1.0 has no way to write, not even escaped (https://www.w3.org/TR/xml/#charsets)
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites'
_ESCAPED = re.compile('[&<>"\n\r\t]')


def junit_xml(summary: Summary, results: Iterable[Result]) -> Iterator[str]:
    """The document in pieces; `results` in the order wanted within a suite."""
    intent = summary.intent
    every = list(results)
    yield _HEAD + _attributes(
        name=f"{intent.recipe} on {intent.arch}", **_totals(summary, every), time=f"{summary.elapsed:.3f}"
    )
    yield ">\n"
    yield from _suites(summary, every, "")
    yield "</testsuites>\n"


def merged_junit(documents: Mapping[str, RunDocument]) -> Iterator[str]:
    """Several runs as one document, in pieces; their names stand before those of their suites."""
    totals: dict[str, int] = {}
    for document in documents.values():
        for key, number in _totals(document.summary, document.results).items():
            totals[key] = totals.get(key, 0) + number
    yield _HEAD + _attributes(name="wrongarch", **totals)
    yield ">\n"
    for name, document in documents.items():
        yield from _suites(document.summary, document.results, f"{name}: ")
    yield "</testsuites>\n"


def _totals(summary: Summary, results: Sequence[Result]) -> dict[str, int]:
    counts = _counts(results)
    counts["tests"] += len(summary.proofs)
    counts["failures"] += sum(not proof.held for proof in summary.proofs)
    return counts


def _suites(summary: Summary, results: Iterable[Result], prefix: str) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.suite, result.mode), []).append(result)
    for (suite, mode), group in sorted(groups.items()):
        name = f"{prefix}{suite} [{mode}]"
        yield "<testsuite" + _attributes(name=name, **_counts(group), time=f"{_time(group):.3f}")
        yield _attributes(timestamp=summary.intent.started) + ">\n"
        for result in group:
            yield _case(summary, result)
        yield "</testsuite>\n"
    if summary.proofs:
        broken = sum(not proof.held for proof in summary.proofs)
        yield "<testsuite" + _attributes(
            name=f"{prefix}fidelity", tests=len(summary.proofs), failures=broken, errors=0, skipped=0, time="0"
        )
        yield ">\n"
        for proof in summary.proofs:
            yield "<testcase" + _attributes(classname="fidelity", name=proof.name, time="0")
            yield "/>\n" if proof.held else f"><failure{_attributes(message=proof.words)}/></testcase>\n"
        yield "</testsuite>\n"


def _counts(results: Sequence[Result]) -> dict[str, int]:
    failures = sum(result.status in ("failed", "unexpected-pass") for result in results)
    return {
        "tests": len(results),
        "failures": failures,
        "errors": sum(result.status == "lost" for result in results),
        "skipped": sum(result.status in ("skipped", "expected-failure") for result in results),
    }


def _time(results: list[Result]) -> float:
    return sum(result.seconds for result in results)


def _attributes(**values: object) -> str:
    return "".join(f' {name}="{_escaped(str(value))}"' for name, value in values.items())


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], _UNWRITABLE.sub("\ufffd", text))


def _case(summary: Summary, result: Result) -> str:
    start = "<testcase" + _attributes(
        classname=result.suite, name=result.id.partition("/")[2], time=f"{result.seconds:.3f}"
    )
    inner = _inner(summary, result)
    return f"{start}>{inner}</testcase>\n" if inner else f"{start}/>\n"


def _inner(summary: Summary, result: Result) -> str:
    if result.status == "passed":
        return ""
    message = result.message or result.ended
    if result.status in ("skipped", "expected-failure"):
        shown = message if result.status == "skipped" else f"expected to fail: {message}"
        return f"<skipped{_attributes(message=shown)}/>"
    if result.status == "flaky":
        text = f"flaky: it passed at attempt {result.attempts}, after: {message}"
        return f"<system-out>{_escaped(text)}</system-out>"
    tag = "error" if result.status == "lost" else "failure"
    text = f"to run it again: {rerun_line(summary.intent, result.case_id)}"
    return f"<{tag}{_attributes(message=message, type=result.status)}>{_escaped(text)}</{tag}>"
