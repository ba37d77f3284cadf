from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.matrices import MINIMAL, pipeline


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("", "ubuntu-24.04 (GitHub) or python:3.13-slim-bookworm (GitLab)"),
        ('[gitlab]\nimage = ""', "ubuntu-24.04 (GitHub) or a runner without an image (GitLab)"),
        (
            '[gitlab]\nimage = ""\ntags = ["a", "b"]',
            "ubuntu-24.04 (GitHub) or a runner tagged a, b without an image (GitLab)",
        ),
        (
            '[gitlab]\nimage = "debian:13"\ntags = ["a"]',
            "ubuntu-24.04 (GitHub) or debian:13 on a runner tagged a (GitLab)",
        ),
        ("[gitlab]\nenabled = false", "ubuntu-24.04 (GitHub)"),
        ("[github]\nenabled = false", "python:3.13-slim-bookworm (GitLab)"),
        ("[github]\nenabled = false\n[gitlab]\nenabled = false", "no forge"),
    ],
)
def test_where_a_job_runs(more: str, words: str, tmp_path: Path) -> None:
    made = pipeline(tmp_path / "project", MINIMAL + more)
    assert made.machines(made.tests[0]) == words
