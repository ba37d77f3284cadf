"""What must hold after a fault: nothing of the dead run lives on, and the next one leaves everything whole."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import zstandard

from tests.faults import project as projects
from tests.faults.lab import MARK, Lab, Run, registrations
from tests.support.daemons import mounts_below
from wrongarch.capsules import read
from wrongarch.emulators import store
from wrongarch.errors import WrongarchError
from wrongarch.images import contents
from wrongarch.recipes.suites.junit import read_junit
from wrongarch.runs.folder import read_events, read_run

GONE = 15.0
"""Seconds in which everything that a killed run had started has to be gone."""
_UNDER_WAY = re.compile(r"\.tmp-|\.partial$")


def processes(lab: Lab, mounted: tuple[Path, ...] = ()) -> dict[int, str]:
    """What lives of the lab: by its mark, its command line, or what it has mounted besides `mounted`."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):
            if _belongs(entry, lab, mounted):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return found


def _belongs(entry: Path, lab: Lab, mounted: tuple[Path, ...]) -> bool:
    if (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[0] == "Z":
        return False
    if f"{MARK}={lab.mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
        return True
    place = str(lab.folder).encode()
    if place in (entry / "cmdline").read_bytes():
        return True
    if os.readlink("/proc/self/ns/mnt") == os.readlink(entry / "ns/mnt"):  # noqa: PTH115  a link to nothing
        return False
    lines = (entry / "mountinfo").read_bytes().splitlines()
    ours = {os.fsencode(path) for path in mounted}
    return any(place in line and line.split()[4] not in ours for line in lines)


def nothing_lives(lab: Lab, *, mounted: tuple[Path, ...] = ()) -> list[str]:
    """What is wrong once a run is dead: processes, mounts (but those at `mounted`), registrations."""
    end = time.monotonic() + GONE
    while ((left := processes(lab, mounted)) or new_registrations(lab)) and time.monotonic() < end:
        time.sleep(0.05)  # others may have registered something for a moment
    faults = [f"process {pid} lives on: {words[:200]}" for pid, words in left.items()]
    faults += [f"{path} is mounted" for path in mounts_below(lab.folder) if Path(path) not in mounted]
    return faults + [f"{name} is registered" for name in sorted(new_registrations(lab))]


def new_registrations(lab: Lab) -> set[str]:
    """Entries of the kernel's table that were not there before the run."""
    return registrations() - lab.registered


def next_start(lab: Lab, killed: Run | None, *, code: int = 1) -> tuple[Run, list[str]]:
    """The next run, and what is wrong with how it came out. `code` 1: the planted tests fail, as they should."""
    run = lab.start()
    ended = run.wait(600)
    faults = [] if ended == code else [f"the next start ended with {ended}: {run.said[-1500:]}"]
    if ended is None:
        run.process.kill()
    before = killed.folder if killed is not None else None
    if before is not None and before.exists() and (state := _state(before)) == "interrupted":
        told = before.name in run.said or (killed is not None and "interrupted after" in killed.said)
        if not told:
            faults.append(f"nobody said that {before.name} is {state}")
    if ended == code and run.folder is not None:
        faults += is_complete(lab, run.folder)
    return run, faults


def _state(folder: Path) -> str:
    try:
        return read_run(folder).summary.state
    except WrongarchError as error:
        return f"unreadable: {error.what}"


def is_through(run: Run) -> bool:
    """Whether a run had done all it had to do: its results are final, and it said so."""
    return run.folder is not None and _state(run.folder) == "finished" and "\nresults: " in run.said


def is_complete(lab: Lab, folder: Path) -> list[str]:
    """What is wrong with a run that nothing happened to."""
    document = read_run(folder)
    counts = {status: number for status, number in document.summary.counts.items() if number}
    faults = [] if counts == lab.counts else [f"{folder.name} has {counts}, not {lab.counts}"]
    if document.summary.state != "finished":
        faults.append(f"{folder.name} is {document.summary.state}")
    capsules = len(list(folder.glob("capsules/*.tar.zst")))
    return faults if capsules == projects.PLANTED + 1 else [*faults, f"{folder.name} has {capsules} capsules"]


def everything_is_whole(lab: Lab, *, deeply: bool = False) -> list[str]:
    """Every file of the cache and of the runs; `deeply` also hashes trees that are thousands of files."""
    faults = [f"left: {path}" for path in _under_way(lab)]
    for check in (_downloads, _emulators, _frames, _runs, _history, *((_trees,) if deeply else ())):
        try:
            faults += check(lab)
        except (WrongarchError, OSError, ValueError) as error:
            faults.append(f"{check.__name__}: {type(error).__name__}: {error}")
    return faults + [f"left in TMPDIR: {entry}" for entry in (lab.folder / "tmp").iterdir()]


def _under_way(lab: Lab) -> Iterator[Path]:
    """Names that files have while they are written, outside of roots and builds."""
    for top in (lab.cache, lab.project):
        for folder, names, files in os.walk(top):
            names[:] = [name for name in names if name not in ("root", "tree") and not _is_toolbox(folder, name)]
            for name in (*names, *files):
                if _UNDER_WAY.search(name):
                    yield Path(folder) / name


def _is_toolbox(folder: str, name: str) -> bool:
    return Path(folder).name == "toolboxes" and not _UNDER_WAY.search(name)


def _downloads(lab: Lab) -> Iterator[str]:
    for file in filter(lab.is_new, lab.cache.glob("downloads/*/*")):
        with file.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != file.name:
                yield f"{file} is not what its name says"


def _emulators(lab: Lab) -> Iterator[str]:
    for path in store.damaged(lab.cache / "emulators"):
        yield f"{path} is damaged"


def _frames(lab: Lab) -> Iterator[str]:
    for file in filter(lab.is_new, lab.cache.glob("frames/*")):
        digest = hashlib.sha256()
        with file.open("rb") as opened, zstandard.ZstdDecompressor().stream_reader(opened) as plain:
            while piece := plain.read(1 << 20):
                digest.update(piece)
        if digest.hexdigest() != file.name.partition("-")[0]:
            yield f"{file} is not the frame of its content"


def _runs(lab: Lab) -> Iterator[str]:
    for folder in lab.run_folders():
        document = read_run(folder)
        if document.summary.state == "running":
            yield f"{folder.name} is running for ever"
        if (folder / "generated").exists():
            yield f"{folder / 'generated'} is left"
        list(read_events(folder))
        points, fault = read_junit((folder / "junit.xml").read_bytes())
        if len(points) < len(document.results) or (fault and points):
            yield f"{folder.name}/junit.xml has {len(points)} of {len(document.results)} results ({fault})"
        for capsule in filter(lab.is_new, folder.glob("capsules/*")):
            read.verify(capsule)
        for result in document.results:
            if result.log and not (folder / "log" / f"{result.log}.txt").is_file():
                yield f"{folder.name} lacks the log of {result.id}"
    latest = lab.runs / "latest"
    if lab.run_folders() and not (latest / "intent.json").is_file():
        yield f"{latest} leads to no run"


def _history(lab: Lab) -> Iterator[str]:
    file = lab.project / ".wrongarch/history.sqlite"
    if file.exists():
        connection = sqlite3.connect(file)
        try:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            connection.close()
        if found != "ok":
            yield f"{file}: {found}"
    for aside in file.parent.glob("history.sqlite.damaged-*"):
        yield f"the history was damaged: {aside}"


def _trees(lab: Lab) -> Iterator[str]:
    """Images against the digest that was taken when they were made, and against each other."""
    for note in lab.cache.glob("images/*/image.json"):
        said = re.search(r'"digest":"([0-9a-f]{64})"', note.read_text())
        if said is None or contents.digest(contents.listing(note.parent / "root")) != said[1]:
            yield f"{note.parent} is not what it was when it was made"
