"""What the forge that runs us says about itself, and how to speak to it.

GitHub reads commands from what a job prints (lines that start with `::`, after any blanks), so output of tests could
give it some: `quoted` makes it deaf while they run.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

import msgspec

_MOST_ANNOTATIONS = 10
"""GitHub shows no more of one step (https://docs.github.com/en/rest/checks/runs, annotations)."""
_MOST_SUMMARY = 1_000_000
"""Bytes; GitHub takes 1 MiB from a step."""
_REPOSITORY = re.compile(r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+\Z")
_URL = re.compile(r"^https?://[^\s'\"`<>]+$")


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """Who runs us. `url` leads to the run that `wrongarch repro` takes, "" where there is none."""

    forge: Literal["github", "gitlab", ""] = ""
    url: str = ""
    summary: Path | None = None

    def annotate(self, lines: list[tuple[str, str]], stream: IO[str]) -> None:
        """Show (title, message) at the top of the job's page, where the forge has such a thing."""
        if self.forge != "github":
            return
        for title, message in lines[:_MOST_ANNOTATIONS]:
            stream.write(f"::error title={_property(title)}::{_data(message)}\n")
        stream.flush()

    def summarize(self, markdown: str) -> None:
        """Append to the page of the job, as far as it fits."""
        if self.summary is None:
            return
        raw = markdown.encode()
        if len(raw) > _MOST_SUMMARY:
            raw = raw[:_MOST_SUMMARY].decode(errors="ignore").rpartition("\n")[0].encode() + b"\n\n(cut)\n"
        with self.summary.open("ab") as file:
            file.write(raw)


def detect(environ: Mapping[str, str] = os.environ) -> Surroundings:
    """The forge whose job this process is in, if any."""
    if environ.get("GITHUB_ACTIONS") == "true":
        server, repository, run = (environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
        # act makes OWNER/NAME of the address of a remote, and where it is no GitHub's, the whole address is left
        known = bool(server and run and _REPOSITORY.match(repository))
        url = f"{server}/{repository}/actions/runs/{run}" if known else ""
        summary = environ.get("GITHUB_STEP_SUMMARY")
        return Surroundings(forge="github", url=_checked(url), summary=Path(summary) if summary else None)
    if environ.get("GITLAB_CI") == "true":
        return Surroundings(forge="gitlab", url=_checked(environ.get("CI_JOB_URL", "")))
    return Surroundings()


def _checked(url: str) -> str:
    return url if _URL.match(url) else ""


@contextmanager
def quoted(surroundings: Surroundings, stream: IO[str] | None = None) -> Iterator[None]:
    """Keep GitHub from taking what is printed in here for commands."""
    if surroundings.forge != "github":
        yield
        return
    out = stream or sys.stdout
    token = secrets.token_hex(16)
    out.write(f"::stop-commands::{token}\n")
    out.flush()
    try:
        yield
    finally:
        sys.stderr.flush()
        out.write(f"::{token}::\n")
        out.flush()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
