"""Tells people what went wrong, and turns it into the exit code of its class."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Sequence

from wrongarch.errors import InternalError, UntrustedInput, WrongarchError

PIPE_CLOSED = 141  # what shells make of a program that SIGPIPE ended


def tell(error: Exception, argv: Sequence[str]) -> int:
    """Print `error` on standard error and give the exit code. What is not meant for users goes to a report file."""
    if isinstance(error, BrokenPipeError):
        _discard_output()
        return PIPE_CLOSED
    if isinstance(error, WrongarchError) and not isinstance(error, InternalError):
        _print(message(error))
        return error.exit_code
    _print(_bug(error, argv))
    return InternalError.exit_code


def message(error: WrongarchError) -> str:
    """What failed, the evidence, and what to do next, as lines for a terminal."""
    from wrongarch.doctor import explain

    lines = [f"error: {error.what}"]
    if error.detail:
        lines.append(textwrap.indent(error.detail.rstrip(), "    ", lambda _: True))
    if error.fix:
        first, *rest = error.fix.splitlines()
        lines += [f"fix: {first}", *(f"     {line}" for line in rest)]
    if isinstance(error, UntrustedInput) and not error.fix:
        lines.append("fix: do not use this input")
    probe = explain.line(error)
    if probe:
        lines.append(f"look into it: {probe}")
    return "\n".join(lines)


def _bug(error: Exception, argv: Sequence[str]) -> str:
    from wrongarch.cli import bugs

    text = bugs.report(error, argv)
    place = bugs.save(text)
    summary = bugs.one_line(error)
    if place is None:
        return f"error: a bug in wrongarch: {summary}\nfix: please report it with this text:\n\n{text}"
    return f"error: a bug in wrongarch: {summary}\nfix: please report it with the text of {place}"


def _print(text: str) -> None:
    try:
        sys.stdout.flush()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except BrokenPipeError:
        _discard_output()


def _discard_output() -> None:
    """Nobody reads any more: keep Python from complaining when it flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
