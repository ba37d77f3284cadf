"""What killed runs left: written down as far as they came, and tidied up, by the next run that starts.

A run holds the lock of its folder until it has ended, and its folder `generated` is the last that it removes: where
that is and nobody holds the lock, the run was killed, or its disk was full at its end.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from wrongarch.errors import MachineError, UntrustedInput
from wrongarch.paths import remove_tree, sweep_stale, translate_disk_errors
from wrongarch.runs.folder import EVENTS, GENERATED, HOME, INTENT, RunFolder, is_published, locked_folder, read_run
from wrongarch.runs.history.store import record
from wrongarch.runs.junit import junit_xml
from wrongarch.runs.model import RunDocument, rerun_line

Say = Callable[[str], None]


def settle(project: Path, say: Say) -> None:
    """Settle the runs in `project` that were killed; `say` hears of each what is missing. Never raises for one."""
    home = project / HOME / "runs"
    if not home.is_dir():
        return
    for entry in sorted(home.iterdir()):
        if entry.is_symlink():
            _forget_link(entry)
        elif _is_unsettled(entry):
            lock = locked_folder(entry)
            if lock is not None:
                try:
                    _settle(entry, project, say)
                except (MachineError, UntrustedInput, OSError) as error:
                    say(f"the run {entry.name} was killed, and is left as it is: {error}")
                finally:
                    os.close(lock)


def _is_unsettled(folder: Path) -> bool:
    """Whether there may be something to do. A capsule can be cut short where all else has come to its end: when a run
    is interrupted, nobody waits for it."""
    under_way = next((folder / "capsules").glob(".*.tmp-*"), None)
    return under_way is not None or (folder / GENERATED).is_dir() or not (folder / INTENT).exists()


def _forget_link(link: Path) -> None:
    """A link that was to become `latest`. Its maker renames it at once; where its run is gone, nobody will."""
    if link.name.startswith("latest.tmp-") and _is_free(link.resolve()):
        with suppress(FileNotFoundError):
            link.unlink()


def _is_free(path: Path) -> bool:
    """Whether no run is under way in a folder."""
    lock = locked_folder(path)
    if lock is not None:
        os.close(lock)
    return lock is not None or not path.exists()


def _settle(folder: Path, project: Path, say: Say) -> None:
    if not (folder / INTENT).exists():  # it was killed before it had begun anything
        if (folder / GENERATED).is_dir() or not any(folder.iterdir()):
            remove_tree(folder)
        return
    for place in (folder, folder / "capsules"):
        sweep_stale(place)
    document, words = read_run(folder), ""
    if document.summary.state == "running":
        document = _interrupted(folder, document)
        words = _words(folder, document)
    elif not is_published(folder):
        words = f"the run {folder.name} ended before it could write its last files: they are there now, in {folder}"
    if words:
        RunFolder(folder).publish(document, junit_xml(document.summary, document.results))
        record(project, document)
        say(words)
    remove_tree(folder / GENERATED)


def _interrupted(folder: Path, document: RunDocument) -> RunDocument:
    """The run as one that was interrupted, which is the last of its events."""
    summary = msgspec.structs.replace(document.summary, state="interrupted")
    _drop_torn_line(folder / EVENTS)
    run = RunFolder(folder)
    run.resume(summary.elapsed)
    try:
        run.event("ended", summary=summary)
    finally:
        run.close()
    return RunDocument(summary=summary, results=document.results)


def _drop_torn_line(events: Path) -> None:
    """A line that a kill cut short must not become the beginning of the next one."""
    with translate_disk_errors(events), events.open("a+b") as file:
        file.seek(0)
        whole = sum(len(line) for line in file if line.endswith(b"\n"))
        file.truncate(whole)


def _words(folder: Path, document: RunDocument) -> str:
    intent = document.summary.intent
    return (
        f"the run {folder.name} was killed after {len({one.case_id for one in document.results})} of "
        f"{intent.planned} tests; its results: {folder}; all of it again: {rerun_line(intent)}"
    )
