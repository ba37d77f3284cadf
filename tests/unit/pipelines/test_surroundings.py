from __future__ import annotations

import io
from pathlib import Path

import pytest

from wrongarch.pipelines.surroundings import Surroundings, detect, quoted

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "o/r",
    "GITHUB_RUN_ID": "12",
}


def test_who_runs_us(tmp_path: Path) -> None:
    page = tmp_path / "summary"
    assert detect({}) == Surroundings()
    found = detect({**GITHUB, "GITHUB_STEP_SUMMARY": str(page)})
    assert found == Surroundings(forge="github", url="https://github.com/o/r/actions/runs/12", summary=page)
    found = detect({"GITLAB_CI": "true", "CI_JOB_URL": "https://gitlab.com/g/p/-/jobs/3"})
    assert found == Surroundings(forge="gitlab", url="https://gitlab.com/g/p/-/jobs/3")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPOSITORY", "o/r' `id`"),
        ("REPOSITORY", "https://forge.example/you/pocket-tools.git"),
        ("REPOSITORY", "o/r/s"),
        ("REPOSITORY", ""),
        ("SERVER_URL", "github.com"),
        ("RUN_ID", ""),
    ],
)
def test_what_makes_no_address_is_none(name: str, value: str) -> None:
    assert detect({**GITHUB, f"GITHUB_{name}": value}).url == ""


def test_output_of_tests_gives_no_commands() -> None:
    out = io.StringIO()
    with quoted(Surroundings(forge="github"), out):
        out.write("::add-path::/tmp/evil\n")
    first, middle, last = out.getvalue().splitlines()
    token = first.removeprefix("::stop-commands::")
    assert len(token) == 32
    assert (middle, last) == ("::add-path::/tmp/evil", f"::{token}::")
    silent = io.StringIO()
    with quoted(Surroundings(forge="gitlab"), silent):
        pass
    assert silent.getvalue() == ""


def test_annotations_are_escaped_and_few() -> None:
    out = io.StringIO()
    Surroundings(forge="github").annotate([("a:b,c", "50%\n::error::x")] * 40, out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[0] == "::error title=a%3Ab%2Cc::50%25%0A::error::x"
    Surroundings(forge="gitlab").annotate([("a", "b")], out)
    assert len(out.getvalue().splitlines()) == 10


def test_a_summary_fits(tmp_path: Path) -> None:
    page = tmp_path / "page"
    here = Surroundings(forge="github", summary=page)
    here.summarize("one\n")
    here.summarize("ä\n" * 600_000)
    text = page.read_text()
    assert text.startswith("one\nä\n")
    assert text.endswith("\n(cut)\n")
    assert len(text.encode()) < 1 << 20
    Surroundings().summarize("nowhere")
