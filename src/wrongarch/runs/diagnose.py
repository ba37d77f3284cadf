"""When a whole run fails for one reason, say that reason instead of listing every test."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence

import msgspec

from wrongarch.engines.base import Outcome, describe
from wrongarch.recipes.suites.base import headline, text_of
from wrongarch.runs.model import Intent, conditions

_VERBS = {
    "killed by SIGABRT": "aborts at start",
    "killed by SIGSEGV": "crashes at start",
    "not-started": "cannot be started",
}


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """The smallest run of the program: its words, and how it ended."""

    argv: tuple[str, ...]
    outcome: Outcome


def diagnosis(
    intent: Intent,
    *,
    endings: Counter[str],
    executed: int,
    probe: Probe | None,
    others: Sequence[str] = (),
    loader: str = "",
) -> str:
    """What is wrong with the run as a whole, in plain words; "" if its failures differ.

    `endings` counts how commands ended (`describe`, or the reason), `others` are emulator versions that could be tried,
    `loader` says what is known of a missing ELF interpreter.
    """
    if len(endings) != 1:
        return ""
    if loader and "exit 0" not in endings:
        return loader
    ending, number = next(iter(endings.items()))
    if not ending.startswith("killed by") and ending != "not-started":
        return ""
    emulator = intent.emulator
    where = f" under QEMU {emulator.version} ({emulator.release})" if emulator else ""
    if probe is not None and probe.outcome.reason == "exit":
        started = f"`{shlex.join(probe.argv)}` is {describe(probe.outcome)}"
        return f"each of {number} commands was {ending}{where}, but the program does start: {started}"
    verb = _VERBS.get(ending, "dies at start")
    how = ending.removeprefix("killed by ") if ending.startswith("killed by") else "not started"
    lines = [f"the program {verb}{where} ({how}, {number} of {number} commands)"]
    if executed < intent.planned:
        lines[0] += f"; the other {intent.planned - executed} tests were not run"
    if probe is not None:
        said = headline(text_of(probe.outcome)) or probe.outcome.error
        lines.append(f"even `{shlex.join(probe.argv)}` is {describe(probe.outcome)}" + (f": {said}" if said else ""))
        lines.append(f"to see it yourself: {run_line(intent, probe.argv)}")
    if emulator and others:
        lines.append(f"other emulators to try: {', '.join(f'--emulator {version}' for version in others)}")
    return "\n".join(lines)


def run_line(intent: Intent, argv: Sequence[str]) -> str:
    """The line that runs one command in the image of a run, under the same emulator."""
    return shlex.join(["wrongarch", "run", *conditions(intent), "--", *argv])
