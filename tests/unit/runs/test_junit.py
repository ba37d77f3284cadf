from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml

from tests.support.samples import summary
from wrongarch.recipes.suites.junit import read_junit
from wrongarch.runs.junit import junit_xml
from wrongarch.runs.model import Proof, Result


def results() -> list[Result]:
    return [
        Result(suite="s", test="a", mode="m", status="passed", seconds=1.5),
        Result(suite="s", test="b", mode="m", status="failed", message="exit 3: <x>"),
        Result(suite="s", test="c", mode="n", status="flaky", message="once", attempts=2),
        Result(suite="s", test="d", mode="n", status="expected-failure", message="known: x"),
        Result(suite="s", test="e", mode="n", status="unexpected-pass", message="it passed"),
        Result(suite="s", test="f", mode="n", status="skipped", message="no Intl"),
        Result(suite="s", test="g", mode="n", status="lost", ended="lost with its session"),
        Result(suite="s", test="h", mode="n", status="passed", point="1 x"),
    ]


def written(**fields: object) -> str:
    return "".join(junit_xml(summary(**fields), results()))


def test_other_readers_agree(tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    file.write_text(written())
    document = JUnitXml.fromfile(str(file))
    assert [suite.name for suite in document] == ["s [m]", "s [n]"]
    assert [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in document] == [
        (2, 1, 0, 0),
        (6, 1, 1, 2),
    ]
    root = ElementTree.parse(file).getroot()  # noqa: S314 - our own text
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped", "time")] == [
        "8",
        "2",
        "1",
        "2",
        "12.500",
    ]


def test_what_failed_says_how_to_run_it_again() -> None:
    root = ElementTree.fromstring(written())  # noqa: S314 - our own text
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "exit 3: <x>"
    line = "wrongarch test arm --recipe jsc --emulator 10.0 --filter '^s/b \\[m\\]$'"
    assert failure.text == f"to run it again: {line}"


def test_our_own_reader_agrees() -> None:
    cases, fault = read_junit(written().encode())
    assert fault == ""
    assert [(case.name, case.status) for case in cases] == [
        ("s.a [m]", "passed"),
        ("s.b [m]", "failed"),
        ("s.c [n]", "passed"),
        ("s.d [n]", "skipped"),
        ("s.e [n]", "failed"),
        ("s.f [n]", "skipped"),
        ("s.g [n]", "failed"),
        ("s.h/1 x [n]", "passed"),
    ]


def test_proofs_are_tests_of_their_own() -> None:
    proofs = (Proof(name="program", held=True, words="x"), Proof(name="minimum", held=False, words="too few"))
    root = ElementTree.fromstring(written(proofs=proofs))  # noqa: S314 - our own text
    fidelity = root.findall("testsuite")[-1]
    assert (fidelity.get("name"), fidelity.get("tests"), fidelity.get("failures")) == ("fidelity", "2", "1")
    assert [failure.get("message") for failure in fidelity.iter("failure")] == ["too few"]
    assert (root.get("tests"), root.get("failures")) == ("10", "3")


@given(st.text(), st.text())
def test_any_text_is_well_formed(name: str, message: str) -> None:
    one = Result(suite="s", test=name, mode="m", status="failed", message=message)
    xml = "".join(junit_xml(summary(), [one])).encode("utf-8", "surrogatepass")
    root = ElementTree.fromstring(xml)  # noqa: S314 - our own text
    case = root.find(".//testcase")
    assert case is not None
    if name.isprintable() and name.isascii():
        assert case.get("name") == f"{name} [m]"
