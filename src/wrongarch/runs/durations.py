"""How long each test took, kept from run to run: what shards are balanced by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from wrongarch import documents, paths
from wrongarch.errors import UntrustedInput, UsageError
from wrongarch.runs.model import RunDocument

FORMAT = 1
_LONGEST = 256 << 20  # bytes
_KEPT = 0.5  # share of the old time in the new one: one slow machine does not turn everything around

Seconds = Annotated[float, msgspec.Meta(ge=0, lt=1e7)]


class Durations(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole file: wall times in seconds by "RECIPE ARCH" and by test id (without points)."""

    format: int = FORMAT
    tests: dict[str, dict[str, Seconds]] = {}

    def of(self, recipe: str, arch: str) -> Mapping[str, float]:
        """Those of one recipe on one arch."""
        return self.tests.get(_key(recipe, arch), {})


def _key(recipe: str, arch: str) -> str:
    return f"{recipe} {arch}"


def read(file: Path) -> Durations:
    """Read a file; none at all is an empty one. Raises UntrustedInput where it is damaged, UsageError if unreadable."""
    try:
        if file.stat().st_size > _LONGEST:
            raise UntrustedInput(f"{file} is larger than any list of durations", fix=f"rm {file}")
        found = documents.decode(file.read_bytes(), Durations)
    except FileNotFoundError:
        return Durations()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", fix=f"ls -l {file}") from error
    except documents.DamagedError as error:
        raise UntrustedInput(
            f"{file} is damaged: {error}", fix=f"rm {file}: shards are then made without it"
        ) from error
    if found.format != FORMAT:
        raise UsageError(f"{file} has format {found.format}, not {FORMAT}", fix=f"rm {file}")
    return found


def write(durations: Durations, file: Path) -> None:
    """Write a file, sorted, so that the same times give the same bytes."""
    document = {
        "format": durations.format,
        "tests": {key: dict(sorted(tests.items())) for key, tests in sorted(durations.tests.items())},
    }
    with paths.translate_disk_errors(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    paths.write_atomically(file, msgspec.json.encode(document))


def digest(file: Path) -> str:
    """SHA-256 in hex of a file, "" where there is none: shards that used different files do not fit together."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def learned(old: Durations, documents: Iterable[RunDocument]) -> Durations:
    """`old` with the times of these runs worked in. Tests that no longer occur stay; they do no harm."""
    tests = {key: dict(times) for key, times in old.tests.items()}
    fresh: dict[str, dict[str, float]] = {}
    for document in documents:
        intent = document.summary.intent
        times = fresh.setdefault(_key(intent.recipe, intent.arch), {})
        spent: dict[str, float] = {}
        for result in document.results:
            if result.status not in ("skipped", "lost"):
                spent[result.case_id] = spent.get(result.case_id, 0.0) + result.seconds
        for name, seconds in spent.items():  # another CPU or emulator has the same ids: the slowest counts
            times[name] = max(times.get(name, 0.0), seconds)
    for key, times in fresh.items():
        known = tests.setdefault(key, {})
        for name, seconds in times.items():
            known[name] = round(seconds if name not in known else _KEPT * known[name] + (1 - _KEPT) * seconds, 3)
    return Durations(tests=tests)
