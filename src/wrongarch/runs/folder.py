"""The folder of a run: written as it happens, so that a kill loses nothing, and read again.

`intent.json` is there before anything starts; `events.jsonl` gets a line for each result at once; `results.json` and
`junit.xml` are replaced whole every few seconds; `log/N.txt` holds the output of what failed.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec

from wrongarch import documents
from wrongarch.errors import MachineError, UntrustedInput, UsageError
from wrongarch.paths import is_at, translate_disk_errors, try_lock, write_atomically
from wrongarch.runs import scrub
from wrongarch.runs.model import STATUSES, Intent, Result, RunDocument, Status, Summary

HOME = ".wrongarch"
INTENT, EVENTS, RESULTS, JUNIT = "intent.json", "events.jsonl", "results.json", "junit.xml"
GENERATED = "generated"

_Model = TypeVar("_Model")
_encoder = msgspec.json.Encoder()


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of `events.jsonl`; `at` is in seconds since the run started."""

    at: float
    kind: str
    result: Result | None = None
    summary: Summary | None = None
    text: str = ""


class RunFolder:
    """The folder of a run that is under way. Its lock is held until `close`, so that others can tell."""

    def __init__(self, path: Path, lock: int | None = None) -> None:
        self.path = path
        self.logs = 0
        self._started = time.monotonic()
        self._events: IO[bytes] | None = None
        self._lock = lock

    @classmethod
    def create(cls, project: Path, label: str) -> RunFolder:
        """Make a new folder `.wrongarch/runs/TIME-LABEL-RANDOM` in the project."""
        home = project / HOME / "runs"
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        while True:
            path = home / f"{stamp}-{label}-{secrets.token_hex(2)}"
            try:
                with translate_disk_errors(path):
                    path.mkdir(parents=True)
            except OSError as error:
                raise MachineError(
                    f"cannot make the run folder {path}: {error.strerror}", fix="start from a folder you may write to"
                ) from error
            lock = locked_folder(path)
            if lock is not None:
                return cls(path, lock)

    @property
    def generated(self) -> Path:
        """Where suites put the tests that they write; gone after the run."""
        return self.path / GENERATED

    @property
    def id(self) -> str:
        """The run's name."""
        return self.path.name

    def begin(self, intent: Intent) -> None:
        """Write down what is about to happen, and let `latest` name this run."""
        write_atomically(self.path / INTENT, msgspec.json.format(_encoder.encode(intent), indent=1))
        self._events = (self.path / EVENTS).open("ab")
        self._replace_latest()
        self.event("started")

    def resume(self, elapsed: float) -> None:
        """Go on in the folder of a run that was killed `elapsed` seconds after its start."""
        self._started = time.monotonic() - elapsed
        self._events = (self.path / EVENTS).open("ab")

    def _replace_latest(self) -> None:
        beside = self.path.with_name(f"latest.tmp-{self.id}")
        beside.symlink_to(self.id)
        latest = self.path.with_name("latest")
        try:
            beside.replace(latest)
        except OSError:  # a folder of that name is there: leave it alone
            beside.unlink()

    def event(self, kind: str, *, result: Result | None = None, summary: Summary | None = None, text: str = "") -> None:
        """Append one line, and hand it to the kernel at once."""
        if self._events is None:
            return
        at = round(time.monotonic() - self._started, 3)
        with translate_disk_errors(self.path):
            line = _encoder.encode(Event(at=at, kind=kind, result=result, summary=summary, text=text))
            self._events.write(line + b"\n")
            self._events.flush()

    def log(self, text: bytes) -> int:
        """Keep the output of something that failed, without what looks like a secret; the number of its file."""
        self.logs += 1
        path = self.log_path(self.logs)
        with translate_disk_errors(path):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(scrub.text(text, scrub.secret_values(os.environ)))
        return self.logs

    def log_path(self, number: int) -> Path:
        """The file of a log by its number."""
        return self.path / "log" / f"{number}.txt"

    def publish(self, document: RunDocument, junit: Iterable[str]) -> None:
        """Replace `results.json` and `junit.xml`. Where the first is final (`is_published`), so is the second."""
        write_atomically(self.path / JUNIT, "".join(junit))
        write_atomically(self.path / RESULTS, _encoder.encode(document))

    def close(self) -> None:
        """Close the list of events, and let others have the folder."""
        if self._events is not None:
            with suppress(OSError):
                self._events.close()
            self._events = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def locked_folder(path: Path) -> int | None:
    """The descriptor that holds the lock of a run's folder; None if another has it, or the folder is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    if try_lock(descriptor) and is_at(descriptor, path):
        return descriptor
    os.close(descriptor)
    return None


def run_path(project: Path, wanted: str = "latest") -> Path:
    """The folder of a run by its id, by a unique beginning of it, "latest", or a path. Raises UsageError."""
    home = project / HOME / "runs"
    for candidate in (home / wanted, Path(wanted)):
        if (candidate / INTENT).is_file():
            return candidate.resolve()
    there = sorted(entry.parent.name for entry in home.glob(f"*/{INTENT}") if not entry.parent.is_symlink())
    found = [name for name in there if name.startswith(wanted)]
    if len(found) == 1:
        return home / found[0]
    recent = ", ".join(there[-5:])
    raise UsageError(
        f"there is no run {wanted!r} in {home}" if not found else f"{wanted!r} fits {len(found)} runs",
        fix=f"the last runs: {recent}" if recent else "run some tests first: wrongarch test arm",
    )


def read_run(folder: Path) -> RunDocument:
    """A run's results: the final ones, or, for a run that was killed, all that its events tell.

    Raises UsageError if `folder` is no run, UntrustedInput if a file in it is damaged beyond a torn last line.
    """
    document = _read(folder / RESULTS, RunDocument)
    if document is not None and document.summary.state != "running":
        return document
    intent = document.summary.intent if document is not None else _read(folder / INTENT, Intent)
    if intent is None:
        raise UsageError(f"{folder} is not the folder of a run", fix=f"give a folder of {HOME}/runs/")
    return _from_events(folder, intent)


def is_published(folder: Path) -> bool:
    """Whether the last files of a run are there, not only those from while it ran. Raises as `read_run` does."""
    document = _read(folder / RESULTS, RunDocument)
    return document is not None and document.summary.state != "running"


def _from_events(folder: Path, intent: Intent) -> RunDocument:
    results: list[Result] = []
    last = 0.0
    for event in read_events(folder):
        last = max(last, event.at)
        if event.summary is not None:
            return RunDocument(summary=event.summary, results=_sorted(results))
        if event.result is not None:
            results.append(event.result)
    summary = Summary(
        intent=intent,
        state="running",
        counts=count(results),
        executed=len(results),
        elapsed=last,
        process_seconds=sum(result.seconds for result in results),
    )
    return RunDocument(summary=summary, results=_sorted(results))


def _sorted(results: list[Result]) -> tuple[Result, ...]:
    return tuple(sorted(results, key=Result.key))


def count(results: Iterable[Result]) -> dict[Status, int]:
    """How many results there are of each status, zeros included."""
    counts: dict[Status, int] = dict.fromkeys(STATUSES, 0)
    for result in results:
        counts[result.status] += 1
    return counts


def read_events(folder: Path) -> Iterator[Event]:
    """The events of a run so far; a last line torn by a kill is left out. Raises UntrustedInput for other damage."""
    try:
        lines = (folder / EVENTS).open("rb")
    except FileNotFoundError:
        return
    with lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield documents.decode(line, Event)
            except documents.DamagedError as error:
                raise _damaged(folder / EVENTS, f"line {number}: {error}") from error


def _read(path: Path, kind: type[_Model]) -> _Model | None:
    try:
        return documents.decode(path.read_bytes(), kind)
    except FileNotFoundError:
        return None
    except documents.DamagedError as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, why: Any) -> UntrustedInput:
    return UntrustedInput(f"{path} is damaged: {why}", fix="run the tests again; nothing else can be read from it")
