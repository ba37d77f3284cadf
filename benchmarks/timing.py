"""How long a shell command takes in a session."""

from __future__ import annotations

import time

from wrongarch.engines.base import Command, Session


def timed(session: Session, text: str, *, cwd: str = "/", env: dict[str, str] | None = None) -> float:
    """Wall time of a command, which has to work."""
    begun = time.monotonic()
    outcome = session.run(Command(argv=("sh", "-ec", text), cwd=cwd, env=env or {}))
    took = time.monotonic() - begun
    if (outcome.reason, outcome.exit_code) != ("exit", 0):
        raise SystemExit(f"{text}\n{outcome.stdout.decode(errors='replace')[-3000:]}{outcome.error}")
    return took
