"""Write results as JUnit XML, piece by piece: with a document tree, 50,000 tests would take most of our memory.

The form is what GitLab and the usual readers agree on (https://github.com/testmoapp/junitxml): one `testsuite` for each
suite and mode, `failure` for what makes a run red, `error` for what was lost, `skipped` for expected failures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wrongarch.runs.model import Result, Summary, rerun_line

# what XML 1.0 has no way to write, not even escaped (https://www.w3.org/TR/xml/#charsets)
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_ESCAPED = re.compile('[&<>"\n\r\t]')


def junit_xml(summary: Summary, results: Iterable[Result]) -> Iterator[str]:
    """The document in pieces; `results` in the order wanted within a suite."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.suite, result.mode), []).append(result)
    every = [result for group in groups.values() for result in group]
    proofs = [proof for proof in summary.proofs if not proof.held]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites'
    intent = summary.intent
    counts = _counts(every)
    counts["tests"] += len(summary.proofs)
    counts["failures"] += len(proofs)
    yield _attributes(name=f"{intent.recipe} on {intent.arch}", **counts, time=f"{summary.elapsed:.3f}")
    yield ">\n"
    for (suite, mode), group in sorted(groups.items()):
        yield "<testsuite" + _attributes(name=f"{suite} [{mode}]", **_counts(group), time=f"{_time(group):.3f}")
        yield _attributes(timestamp=intent.started) + ">\n"
        for result in group:
            yield _case(summary, result)
        yield "</testsuite>\n"
    if summary.proofs:
        yield "<testsuite" + _attributes(
            name="fidelity", tests=len(summary.proofs), failures=len(proofs), errors=0, skipped=0, time="0"
        )
        yield ">\n"
        for proof in summary.proofs:
            yield "<testcase" + _attributes(classname="fidelity", name=proof.name, time="0")
            yield "/>\n" if proof.held else f"><failure{_attributes(message=proof.words)}/></testcase>\n"
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _counts(results: list[Result]) -> dict[str, int]:
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
