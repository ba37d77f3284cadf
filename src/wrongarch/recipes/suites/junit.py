"""Read JUnit XML as test runners write it: `testcase` elements at any depth, with failure, error or skipped inside.

There is no standard; https://github.com/testmoapp/junitxml describes what is common. The parser is expat itself, which
lets us refuse a document type (and with it entities, the way to make a small file large) in any encoding.
"""

from __future__ import annotations

from xml.parsers import expat

from wrongarch.recipes.suites.base import CaseResult, headline

_OUTCOMES = ("failure", "error", "skipped")
_LONGEST = 65536  # characters of a message that are looked at


class _DoctypeError(Exception):
    """The report declares a document type."""


def read_junit(raw: bytes) -> tuple[tuple[CaseResult, ...], str]:
    """The test cases in `raw`, and what is wrong with the whole ("" if nothing). Never raises for what it reads."""
    reader = _Reader()
    # the content comes from the guest: expat bounds what entities expand to, and document types are refused besides
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(raw, True)
    except _DoctypeError:
        return tuple(reader.cases), "its JUnit report declares a document type, which is not read"
    except (expat.ExpatError, ValueError, LookupError) as error:
        return tuple(reader.cases), f"its JUnit report is damaged: {error}"
    return tuple(reader.cases), "" if reader.cases else "no test case in its JUnit report"


class _Reader:
    """Collects cases from the parser's calls."""

    def __init__(self) -> None:
        self.cases: list[CaseResult] = []
        self._case: dict[str, str] | None = None
        self._outcome: tuple[str, dict[str, str]] | None = None  # the first failure, error or skipped of the case
        self._inside = False
        self._text = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition("}")[2]
        if tag == "testcase":
            self._case, self._outcome, self._text = attributes, None, ""
        elif tag in _OUTCOMES and self._case is not None and self._outcome is None:
            self._outcome, self._inside = (tag, attributes), True

    def text(self, data: str) -> None:
        if self._inside and len(self._text) < _LONGEST:
            self._text += data

    def end(self, name: str) -> None:
        tag = name.rpartition("}")[2]
        if tag in _OUTCOMES:
            self._inside = False
        elif tag == "testcase" and self._case is not None:
            self.cases.append(self._result(self._case))
            self._case = None

    def doctype(self, *_: object) -> None:
        raise _DoctypeError

    def _result(self, case: dict[str, str]) -> CaseResult:
        name = ".".join(part for part in (case.get("classname"), case.get("name")) if part) or "unnamed"
        seconds = _seconds(case.get("time", ""))
        if self._outcome is None:
            return CaseResult(name=name, status="passed", seconds=seconds)
        tag, attributes = self._outcome
        message = attributes.get("message") or headline(self._text) or attributes.get("type", "")
        if tag == "skipped":
            return CaseResult(name=name, status="skipped", message=message or "no reason given", seconds=seconds)
        return CaseResult(name=name, status="failed", message=headline(message) or tag, seconds=seconds)


def _seconds(text: str) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        return 0.0
    return value if 0 <= value < float("inf") else 0.0
