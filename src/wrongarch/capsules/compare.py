"""Whether a failure is the same one: output without what changes from run to run, and a verdict in three words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from wrongarch.capsules.manifest import Expected, Seen, Test
from wrongarch.engines.base import Outcome, describe
from wrongarch.errors import UntrustedInput
from wrongarch.recipes.suites.base import headline, text_of
from wrongarch.recipes.suites.junit import read_junit
from wrongarch.recipes.suites.tap import read_tap

Likeness = Literal["reproduced", "different failure", "not reproduced", "not run"]
"""It came out as recorded; it failed otherwise; it passed; it could not be started."""

# Each is a regular expression in the common part of POSIX's extended ones and Python's: ./replay hands them to sed.
RULES: tuple[tuple[str, str], ...] = (
    (r"0x[0-9a-fA-F]{4,16}", "<address>"),
    (r"/wrongarch/scratch/[0-9]+", "/wrongarch/scratch/capsule"),
    (r"==[0-9]+==", "==<pid>=="),
    (r"([Pp][Ii][Dd][ =:]{1,3})[0-9]+", r"\1<pid>"),
    (r"([Pp]rocess )[0-9]+", r"\1<pid>"),
    (r"([Tt]hread )[0-9]{3,}", r"\1<thread>"),
    (r"[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?", "<time>"),
    (r"[0-9]+([.][0-9]+)?( ?)(ms|us|ns|msec|usec|milliseconds|microseconds)", r"<time>\2\3"),
    (r"[0-9]+[.][0-9]+( ?)(s|sec|secs|seconds)", r"<time>\1\2"),
)
_COMPILED = tuple((re.compile(expression.encode()), text.encode()) for expression, text in RULES)
_DIFF_LINES = 60


def normalise(raw: bytes) -> bytes:
    """`raw` with addresses, process numbers and times replaced by words, line by line as sed does it."""
    for expression, text in _COMPILED:
        raw = expression.sub(text, raw)
    return raw


def sed_script() -> str:
    """The same for sed -E."""
    return "\n".join(f"s#{expression}#{text}#g" for expression, text in RULES)


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One replay against what was recorded. `ended` in words; `message` says what was wrong, `diff` how it differs."""

    likeness: Likeness
    ended: str
    message: str = ""
    diff: str = ""
    same_output: bool = True

    @property
    def same(self) -> bool:
        """Whether it came out as recorded."""
        return self.likeness == "reproduced"


def judge(expected: Expected, outcome: Outcome, report: bytes | None = None) -> str:
    """What is wrong with an outcome in one line, "" where the test passed. `report` is that file, where one was asked.

    The messages are those of the suites (`wrongarch.recipes.suites`), so that recorded and seen ones can be compared.
    """
    text = text_of(outcome)
    said = headline(text)
    failure = f"{describe(outcome)}: {said}" if said else describe(outcome)
    if outcome.reason != "exit":
        return failure
    if expected.throws:
        return _thrown(expected, outcome, text)
    wrong = outcome.exit_code != expected.exit_code if expected.exit_code is not None else outcome.exit_code == 0
    if expected.results != "exit":
        return _points(expected, outcome, report, failure if wrong else "")
    if wrong:
        return failure
    return _text_fault(expected, outcome, text)


def _thrown(expected: Expected, outcome: Outcome, text: str) -> str:
    if outcome.exit_code == 0:
        return f"expected an uncaught {expected.throws}, but it ended with exit 0"
    thrown = [found["type"] for found in re.finditer(expected.thrown, text, re.MULTILINE)] if expected.thrown else []
    if expected.throws in thrown:
        return ""
    seen = f"threw {thrown[-1]}" if thrown else f"ended with {describe(outcome)} and no error that can be read"
    return f"expected an uncaught {expected.throws}, but it {seen}"


def _text_fault(expected: Expected, outcome: Outcome, text: str) -> str:
    if expected.reject and (found := re.search(expected.reject, text, re.MULTILINE)):
        return f"exit {outcome.exit_code}, but it printed {found[0]!r}"
    if expected.stdout is not None and outcome.stdout.decode(errors="replace") != expected.stdout:
        return f"it printed {_short(outcome.stdout.decode(errors='replace'))}, expected {_short(expected.stdout)}"
    if expected.match and not re.search(expected.match, text, re.MULTILINE):
        return f"its output does not match {expected.match!r}: {headline(text)}"
    if expected.lacks and expected.lacks in text:
        return next(line for line in text.splitlines() if expected.lacks in line)[:300]
    if expected.contains and expected.contains not in text:
        return f"it ended without printing {expected.contains!r}"
    return ""


def _points(expected: Expected, outcome: Outcome, report: bytes | None, otherwise: str) -> str:
    raw = outcome.stdout if report is None else report
    cases, fault = read_tap(raw.decode(errors="replace")) if expected.results == "tap" else read_junit(raw)
    failed = [case.name for case in cases if case.status == "failed"]
    if failed:
        return f"{len(failed)} of {len(cases)} points failed: {', '.join(failed[:20])}"
    return fault or otherwise


def _short(text: str) -> str:
    return repr(text if len(text) <= 100 else text[:100] + "…")


def compare(test: Test, recorded: bytes, outcome: Outcome, report: bytes | None = None) -> Comparison:
    """An outcome against the one that `test` has, whose normalised output is `recorded`."""
    seen = test.seen
    output = normalise(outcome.stdout + outcome.stderr)
    same_output = output == recorded
    if outcome.reason in ("not-started", "lost"):
        same = seen.reason == outcome.reason
        likeness: Likeness = "reproduced" if same else "not run"
        return Comparison(likeness=likeness, ended=describe(outcome), message=outcome.error, same_output=same_output)
    message = _judged(test, outcome, report)
    if same_output and same_ending(seen, outcome):
        likeness = "reproduced"
    elif not message:
        likeness = "reproduced" if seen.passed else "not reproduced"
    elif same_ending(seen, outcome) and _essence(seen.message) == _essence(message):
        likeness = "reproduced"  # some programs print what is never the same: the line that says most has to be
    else:
        likeness = "different failure"
    difference = "" if likeness == "reproduced" and same_output else "\n".join(_diff(test, recorded, outcome, output))
    return Comparison(
        likeness=likeness, ended=describe(outcome), message=message, diff=difference, same_output=same_output
    )


def same_ending(seen: Seen, outcome: Outcome) -> bool:
    """Whether both ended alike: by the same exit code, by the same signal, stopped by the same limit."""
    if seen.reason != outcome.reason:
        return False
    if seen.reason == "exit":
        return seen.exit_code == outcome.exit_code
    return seen.reason != "signal" or seen.signal == outcome.signal


def _judged(test: Test, outcome: Outcome, report: bytes | None) -> str:
    try:
        return judge(test.expected, outcome, report)
    except re.error as error:
        raise UntrustedInput(f"the capsule holds a regular expression that is none: {error}") from error


def _essence(message: str) -> bytes:
    return re.sub(rb"timed out after [0-9.]+ s|peak [0-9]+ MiB", b"", normalise(message.encode(errors="replace")))


def _diff(test: Test, recorded: bytes, outcome: Outcome, output: bytes) -> Iterator[str]:
    yield from (f"- ended: {ending_words(test.seen)}", f"+ ended: {describe(outcome)}")
    lines = difflib.unified_diff(
        recorded.decode(errors="replace").splitlines()[:5000],
        output.decode(errors="replace").splitlines()[:5000],
        "recorded output",
        "output now",
        lineterm="",
        n=2,
    )
    for number, line in enumerate(lines):
        if number == _DIFF_LINES:
            yield "…"
            return
        yield line[:500]


def told(ended: str, message: str) -> str:
    """How a test ended and what was wrong, in one line that says neither twice: "exit 0: it printed 'x', …"."""
    if message.startswith(ended):  # most messages begin with it
        return message
    return f"{ended}: {message}" if message and not ended.endswith(message) else ended


def ending_words(seen: Seen) -> str:
    """How a recorded test ended, in words."""
    outcome = Outcome(reason=seen.reason, exit_code=seen.exit_code, signal=seen.signal)
    if seen.reason == "timeout":
        return "timed out"
    if seen.reason == "memory":
        return "stopped: over its memory limit"
    return describe(outcome).removesuffix(": ")
