"""Engines by name. Each is imported when it is asked for: the docker SDK takes longer to load than all the rest."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from wrongarch.engines.base import Engine
from wrongarch.engines.containers import locate
from wrongarch.engines.sandbox import Sandbox
from wrongarch.errors import UsageError

AUTO = "auto"
VARIABLE = "WRONGARCH_ENGINE"
"""Names the engine where the command line does not."""
NAMES = (AUTO, "sandbox", "docker", "podman")


_POINTS = ("docker", "podman")


def find(name: str = AUTO, say: Callable[[str], None] | None = None) -> Engine:
    """The engine called `name`; "auto" means docker if it answers, else podman if it does, else the sandbox.

    "" means what WRONGARCH_ENGINE says, or "auto". `say` hears what the user should know, in this call and later (by
    default it goes to standard error). Raises UsageError for an unknown name, MachineError if the engine that was named
    does not answer.
    """
    origin = "" if name else f" ({VARIABLE})"
    name = name or os.environ.get(VARIABLE, "") or AUTO
    if name not in NAMES:
        raise UsageError(f"there is no engine {name!r}{origin}", fix=f"engines: {', '.join(NAMES)}")
    say = say or tell
    if name in _POINTS:
        return _contained(locate.first(name), say)  # type: ignore[arg-type]  # it is one of them
    if name != "sandbox":
        for engine in _POINTS:
            for endpoint in locate.endpoints(engine):  # type: ignore[arg-type]  # as above
                trouble = locate.why_silent(endpoint)
                if not trouble:
                    say(f"engine: {engine} at {endpoint.context or endpoint.url} (--engine sandbox does without)")
                    return _contained(endpoint, say)
                if endpoint.chosen:
                    say(f"{engine} at {endpoint.url} is passed over: {trouble}")
    return Sandbox()


def _contained(endpoint: locate.Endpoint, say: Callable[[str], None]) -> Engine:
    from wrongarch.engines.containers.engine import ContainerEngine  # noqa: PLC0415  see above

    return ContainerEngine(endpoint, say)


def tell(text: str) -> None:
    """Say something on standard error."""
    print(f"wrongarch: {text}", file=sys.stderr, flush=True)  # noqa: T201  the default of who is told
