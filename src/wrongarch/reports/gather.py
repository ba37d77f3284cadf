"""Runs as they are given on the command line, and what is the same thing in several of them put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from wrongarch import documents
from wrongarch.errors import UntrustedInput, UsageError
from wrongarch.runs.folder import INTENT, RESULTS, read_run, run_path
from wrongarch.runs.model import RED, Result, RunDocument, Summary

_LARGEST = 1 << 30  # bytes of a results.json


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """A run and the folder that its logs are in."""

    document: RunDocument
    folder: Path


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A result and the number of the run it is from."""

    result: Result
    run: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """All results of a recipe on an arch under the same emulator and CPU: shards put together, a later run winning."""

    recipe: str
    arch: str
    under: str
    entries: tuple[Entry, ...]

    @property
    def label(self) -> str:
        """What tells it from others: "jsc on arm, QEMU 10.0, cortex-a7"."""
        return f"{self.recipe} on {self.arch}, {self.under}"


def load(words: Iterable[str], project: Path) -> list[Loaded]:
    """The runs that words name: ids, "latest", run folders, results.json files, or folders with several of them.

    Each run once, the oldest first. Raises UsageError for a word that names none, UntrustedInput for damaged files.
    """
    found: dict[str, Loaded] = {}
    for word in words:
        for one in _named(word, project):
            found.setdefault(one.document.summary.intent.run, one)
    return sorted(found.values(), key=lambda one: one.document.summary.intent.started)


def _named(word: str, project: Path) -> Iterator[Loaded]:
    path = Path(word)
    if path.is_file():
        yield Loaded(document=_read(path), folder=path.parent)
        return
    if path.is_dir() and not (path / INTENT).is_file():
        files = sorted(path.rglob(RESULTS))
        if not files:
            raise UsageError(f"there are no results in {path}", fix=f"give folders with a {RESULTS} in or below them")
        for file in files:
            yield Loaded(document=_read(file), folder=file.parent)
        return
    folder = run_path(project, word)
    yield Loaded(document=read_run(folder), folder=folder)


def _read(file: Path) -> RunDocument:
    try:
        if file.stat().st_size > _LARGEST:
            raise UntrustedInput(f"{file} is larger than any results", fix="see what it is")
        return documents.decode(file.read_bytes(), RunDocument)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", fix=f"ls -l {file}") from error
    except documents.DamagedError as error:
        raise UntrustedInput(f"{file} holds no results: {error}", fix=f"give a {RESULTS} of wrongarch") from error


def under(summary: Summary) -> str:
    """What a run was made under: "QEMU 10.0, cortex-a7", or "native"."""
    intent = summary.intent
    if intent.emulator is None:
        return "native"
    return f"QEMU {intent.emulator.version}" + (f", {intent.cpu}" if intent.cpu else "")


def groups(runs: Sequence[Loaded]) -> list[Group]:
    """The results of all runs by what they are of, sorted."""
    found: dict[tuple[str, str, str], dict[tuple[str, str, str, str], Entry]] = {}
    for number, run in enumerate(runs):
        summary = run.document.summary
        there = found.setdefault((summary.intent.recipe, summary.intent.arch, under(summary)), {})
        for result in run.document.results:
            there[result.key()] = Entry(result=result, run=number)
    return [
        Group(recipe=recipe, arch=arch, under=how, entries=tuple(entries[key] for key in sorted(entries)))
        for (recipe, arch, how), entries in sorted(found.items())
    ]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A test that came out otherwise than before, or took another time; seconds as before and now."""

    label: str
    id: str
    before: str
    now: str
    before_seconds: float = 0.0
    now_seconds: float = 0.0


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What changed between two sets of runs. `slower`: by half and by a second at least."""

    broken: tuple[Change, ...]
    mended: tuple[Change, ...]
    other: tuple[Change, ...]
    new: tuple[Change, ...]
    gone: tuple[Change, ...]
    slower: tuple[Change, ...]


def compare(before: Sequence[Loaded], now: Sequence[Loaded]) -> Comparison:
    """Compare by recipe, arch and test; emulators and CPUs may differ, that is often the question."""
    old, new = _by_test(before), _by_test(now)
    changes = [_change(key, old.get(key), new.get(key)) for key in sorted({*old, *new})]
    both = [one for one in changes if one.before and one.now]
    differ = [one for one in both if one.before != one.now]
    broken = [one for one in differ if one.now in RED and one.before not in RED]
    mended = [one for one in differ if one.before in RED and one.now not in RED]
    return Comparison(
        broken=tuple(broken),
        mended=tuple(mended),
        other=tuple(one for one in differ if one not in broken and one not in mended),
        new=tuple(one for one in changes if not one.before),
        gone=tuple(one for one in changes if not one.now),
        slower=tuple(
            sorted(
                (one for one in both if one.now_seconds > max(1.5 * one.before_seconds, one.before_seconds + 1.0)),
                key=lambda one: one.before_seconds - one.now_seconds,
            )
        ),
    )


_Key = tuple[str, str, str]


def _by_test(runs: Sequence[Loaded]) -> dict[_Key, Result]:
    return {
        (group.recipe, group.arch, entry.result.id): entry.result for group in groups(runs) for entry in group.entries
    }


def _change(key: _Key, before: Result | None, now: Result | None) -> Change:
    recipe, arch, name = key
    return Change(
        label=f"{recipe} on {arch}",
        id=name,
        before=before.status if before else "",
        now=now.status if now else "",
        before_seconds=before.seconds if before else 0.0,
        now_seconds=now.seconds if now else 0.0,
    )
