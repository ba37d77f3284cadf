from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wrongarch
from wrongarch.cli import bugs
from wrongarch.errors import InternalError


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_a_report_says_what_is_needed_and_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_VARIABLE", "value-of-a-variable")
    text = bugs.report(raised(ValueError("what it was")), ["test", "arm", "--filter", "a b"])
    assert f"wrongarch {wrongarch.__version__}" in text
    assert "command: wrongarch test arm --filter 'a b'" in text
    assert "msgspec " in text and "missing" not in text
    assert "raise error" in text  # the traceback's line of source
    assert text.rstrip().endswith("ValueError: what it was")
    assert "value-of-a-variable" not in text


def test_the_detail_of_an_internal_error_is_kept() -> None:
    assert bugs.report(raised(InternalError("x", detail="evidence\n")), []).endswith("\nevidence\n")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://user:hunter2@host/path", "https://***@host/path"),
        ("https://hunter2@host/path", "https://***@host/path"),
        ("GITLAB_TOKEN=hunter2 next", "GITLAB_TOKEN=*** next"),
        ("--token hunter2 next", "--token *** next"),
        ("--api-key=hunter2", "--api-key=***"),
        ("Authorization: Bearer hunter2", "Authorization: ***"),
        ("{'password': 'hunter2 x'}", "{'password': ***}"),
        ('MY_SECRET_KEY = "hunter2"', "MY_SECRET_KEY = ***"),
    ],
)
def test_secrets_are_blanked(text: str, kept: str) -> None:
    assert bugs.redact(text) == kept


@given(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=6))
def test_no_password_of_an_address_survives(word: str) -> None:
    password = f"pw-{word}"
    assert password not in bugs.redact(f"failed: https://me:{password}@host.example/simple/")


def test_the_home_folder_is_not_told() -> None:
    home = os.environ["HOME"]
    assert bugs.redact(f"{home}/work/file") == "~/work/file"


def test_one_line_is_one_line() -> None:
    line = bugs.one_line(ValueError("a\nb" + "c" * 1000))
    assert "\n" not in line
    assert line.startswith("ValueError: a b")
    assert len(line) <= 301


def test_reports_do_not_overwrite_each_other() -> None:
    first, second = bugs.save("one"), bugs.save("two")
    assert first is not None and second is not None
    assert (first.read_text(), second.read_text()) == ("one", "two")


def test_no_report_where_there_is_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "bugs").touch()
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "cache"))
    assert bugs.save("text") is None


def test_a_package_that_is_missing_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bugs, "_DEPENDENCIES", ("no-such-package-anywhere",))
    assert "no-such-package-anywhere missing" in bugs.report(ValueError(), [])
