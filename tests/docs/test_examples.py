"""Every shell example of README and docs is run, as a reader would type it."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import examples
from tests.support.node import CHECKOUT

PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
WITH_EXAMPLES = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]
DAEMONS = ("docker", "podman")
NOT_RUN = 15
"""How many blocks may be marked as not run. A new one is to be run, or needs a reason good enough to change this."""


def _name(page: Path) -> str:
    return str(page.relative_to(CHECKOUT))


@pytest.mark.usefixtures("images")
@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=_name)
def test_page(
    page: Path, reader: dict[str, str], daemon: Callable[[str], dict[str, str] | None], tmp_path: Path
) -> None:
    env, found = dict(reader), []
    for block in examples.blocks(page.read_text(encoding="utf-8")):
        missing = [
            name
            for name in block.needs
            if not shutil.which(name, path=env["PATH"]) or (name in DAEMONS and daemon(name) is None)
        ]
        if missing and os.environ.get("CI"):
            pytest.fail(f"{_name(page)}:{block.line} needs {', '.join(missing)}: see .ci/setup-debian.sh")
        if missing:
            warnings.warn(f"{_name(page)}:{block.line} was not run: no {', '.join(missing)} here", stacklevel=1)
            continue
        for name in set(DAEMONS).intersection(block.needs):
            env.update(daemon(name) or {})
        found.append(block)
    project, work = tmp_path / "project", tmp_path / "shell"
    project.mkdir()
    work.mkdir()
    with examples.Shell(project, env, work) as shell:
        assert examples.run(page, found, shell, project) > 0 or all(block.not_run for block in found)


def test_what_is_not_run_has_a_reason_and_is_counted() -> None:
    reasons = {}
    for page in PAGES:
        for block in examples.blocks(page.read_text(encoding="utf-8")):
            if block.not_run:
                reasons[f"{_name(page)}:{block.line}"] = block.not_run
    assert all(len(reason) > 15 for reason in reasons.values()), reasons
    assert len(reasons) <= NOT_RUN, reasons


def test_shell_examples_are_all_in_one_form() -> None:
    """In console blocks with a prompt, so that none escapes."""
    for page in PAGES:
        for block in examples.blocks(page.read_text(encoding="utf-8")):
            where = f"{_name(page)}:{block.line}"
            assert block.language not in examples.SHELL_LANGUAGES - {"console"} or block.title, where
            assert block.language == "console" or "\n$ " not in f"\n{block.text}", where
