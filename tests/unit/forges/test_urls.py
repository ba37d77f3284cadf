from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.downloads.origins import origin_of
from wrongarch.errors import UsageError
from wrongarch.forges import urls
from wrongarch.forges.model import Target

HUB = {"forge": "github", "base": "https://github.com", "project": "o/r"}
LAB = {"forge": "gitlab", "base": "https://gitlab.com", "project": "g/s/p"}


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("actions/runs/12", {"kind": "run", "number": 12}),
        ("actions/runs/12/attempts/2?pr=1#summary", {"kind": "run", "number": 12}),
        ("actions/runs/12/job/34", {"kind": "job", "number": 34, "run": 12}),
        ("actions/runs/12/artifacts/56", {"kind": "artifact", "number": 56, "run": 12}),
        ("suites/1/artifacts/56", {"kind": "artifact", "number": 56}),
        ("runs/34", {"kind": "job", "number": 34}),
        ("pull/7", {"kind": "change", "number": 7}),
        ("pull/7/checks?check_run_id=34", {"kind": "job", "number": 34}),
        ("commit/abcdef1/checks", {"kind": "commit", "ref": "abcdef1"}),
        ("tree/feature/x%20y", {"kind": "branch", "ref": "feature/x y"}),
        ("commits/main", {"kind": "branch", "ref": "main"}),
        ("", {"kind": "project"}),
    ],
)
def test_github(path: str, facts: dict[str, object]) -> None:
    assert urls.parse(f"https://github.com/o/r/{path}") == Target(**HUB, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("pipelines/12", {"kind": "run", "number": 12}),
        ("pipelines", {"kind": "project"}),
        ("jobs/34", {"kind": "job", "number": 34}),
        ("jobs/34/artifacts/browse/.wrongarch/", {"kind": "artifact", "number": 34}),
        ("merge_requests/7/diffs", {"kind": "change", "number": 7}),
        ("commit/abcdef1/pipelines", {"kind": "commit", "ref": "abcdef1"}),
        ("tree/feature/x", {"kind": "branch", "ref": "feature/x"}),
        ("", {"kind": "project"}),
    ],
)
def test_gitlab(path: str, facts: dict[str, object]) -> None:
    assert urls.parse(f"https://gitlab.com/g/s/p/-/{path}") == Target(**LAB, **facts)  # type: ignore[arg-type]


def test_servers_of_ones_own() -> None:
    assert urls.parse("https://git.example.org:8443/o/r/actions/runs/1").base == "https://git.example.org:8443"
    assert urls.parse("http://127.0.0.1:3000/o/r/pull/1").base == "http://127.0.0.1:3000"
    assert urls.parse("http://[::1]:3000/o/r/pull/1").base == "http://[::1]:3000"
    assert urls.parse("http://localhost/o/r.git").project == "o/r"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://github.com/o/r", "no http or https"),
        ("https://github.com:port/o/r", "no http or https"),
        ("https:///o/r", "no http or https"),
        ("https://user:secret@github.com/o/r/pull/1", "user name or a token"),
        ("http://git.example.org/o/r/pull/1", "others can read"),
        ("https://github.com/o", "does not lead"),
        ("https://github.com/o/r/issues/1", "does not lead"),
        ("https://github.com/o/r/actions/runs/x", "does not lead"),
        ("https://github.com/../r/pull/1", "does not lead"),
        ("https://gitlab.com/p/-/jobs/1", "does not lead"),
        ("https://gitlab.com/g/p/-/issues/1", "does not lead"),
        ("https://gitlab.com/g/p%2f..%2fq/-/jobs/1", "does not lead"),
        ("https://gitlab.com/g/p/-/jobs/" + "9" * 30, "does not lead"),
    ],
)
def test_what_is_refused(url: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        urls.parse(url)
    assert "secret" not in caught.value.what
    assert caught.value.fix


@given(st.text(max_size=60))
def test_any_text_gives_a_target_or_a_usage_error(text: str) -> None:
    for url in (text, f"https://github.com/{text}", f"https://gitlab.com/g/p/-/{text}"):
        try:
            target = urls.parse(url)
        except UsageError:
            continue
        assert target.base.startswith("http")
        assert ".." not in target.project.split("/")
        assert target.words


def test_words() -> None:
    assert urls.parse("https://github.com/o/r/pull/7").words == "pull request 7 of o/r"
    assert urls.parse("https://gitlab.com/g/p/-/pipelines/7").words == "pipeline 7 of g/p"
    assert urls.parse("https://gitlab.com/g/p/-/tree/x").words == "branch x of g/p"
    assert urls.is_url("https://x") and not urls.is_url("x.tar.zst")


@pytest.mark.parametrize("url", ["http://g:8\x1c", "http://g:99999999", "https://[::1/a", "https://g:a/"])
def test_what_is_no_address_has_no_origin(url: str) -> None:
    """Or a redirect to it would end in a traceback, and no credential is for it."""
    assert origin_of(url) == ""
