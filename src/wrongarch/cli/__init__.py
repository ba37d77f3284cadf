"""The command line: one file per command, each thin, all errors told in one place."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run `wrongarch` with the words `argv` (default: those of this process); the exit code.

    Never raises for what goes wrong in a command: see `wrongarch.cli.errors` for what it prints and returns.
    """
    from wrongarch.cli import signals

    return signals.interruptible(lambda: _start(argv))


def _start(argv: Sequence[str] | None) -> int:
    from wrongarch.cli import app

    return app.start(argv)
