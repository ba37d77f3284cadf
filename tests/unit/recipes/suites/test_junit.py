from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.recipes.suites.junit import read_junit

REPORT = b"""<?xml version="1.0"?>
<testsuites><testsuite name="a"><testsuite name="inner">
<testcase classname="c.D" name="good" time="1,000.5"/>
<testcase name="bad" time="x"><failure message="expected 1">Traceback
AssertionError: expected 1, got 2</failure></testcase>
<testcase name="worse"><error type="OSError"/></testcase>
</testsuite></testsuite>
<testsuite name="b"><testcase><skipped message="no Intl"/></testcase>
<testcase name="talks"><system-out>failure</system-out></testcase>
<testcase name="text"><failure>first
Error: real reason</failure></testcase></testsuite></testsuites>
"""


def test_cases_at_any_depth() -> None:
    cases, fault = read_junit(REPORT)
    assert fault == ""
    assert [(case.name, case.status, case.message) for case in cases] == [
        ("c.D.good", "passed", ""),
        ("bad", "failed", "expected 1"),
        ("worse", "failed", "OSError"),
        ("unnamed", "skipped", "no Intl"),
        ("talks", "passed", ""),
        ("text", "failed", "Error: real reason"),
    ]
    assert [case.seconds for case in cases[:2]] == [1000.5, 0.0]


def test_namespaces_do_not_matter() -> None:
    cases, fault = read_junit(b'<testsuite xmlns="urn:x"><testcase name="a"/></testsuite>')
    assert (fault, [case.name for case in cases]) == ("", ["a"])


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is damaged"),
        (b"<testsuite><testcase name='a'/>", "is damaged"),
        (b"<testsuites/>", "no test case"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><testsuite><testcase name="&a;"/></testsuite>', "declares a document type"),
        ('<!DOCTYPE x><testsuite><testcase name="a"/></testsuite>'.encode("utf-16"), "declares a document type"),
        (b"<?xml version='1.0' encoding='nonsense'?><testsuite/>", "is damaged"),
    ],
)
def test_what_is_wrong_is_said(raw: bytes, words: str) -> None:
    assert words in read_junit(raw)[1]


def test_what_was_read_before_the_damage_is_kept() -> None:
    cases, fault = read_junit(b"<testsuite><testcase name='a'/><testcase name='b'><failure/></testcase><x")
    assert [case.status for case in cases] == ["passed", "failed"]
    assert "is damaged" in fault


@given(st.binary(max_size=200))
def test_any_bytes_give_an_answer(raw: bytes) -> None:
    cases, fault = read_junit(raw)
    assert cases or fault
