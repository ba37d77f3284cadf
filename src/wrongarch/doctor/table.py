"""All probes by name, and how they are run: one that breaks is a finding of its own, and the others go on."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator

from wrongarch.doctor import binfmt, daemons, foreign, kernel, network, resources
from wrongarch.doctor.model import Checked, Finding, Machine, fail
from wrongarch.errors import UsageError, WrongarchError

HOST = (*kernel.PROBES, *binfmt.PROBES, *daemons.PROBES, *resources.PROBES, *network.PROBES)
FOREIGN = foreign.PROBES
Before = Callable[[str], None]
NAMES = tuple(probe.name for probe in (*HOST, *FOREIGN))


def check_names(names: Iterable[str]) -> None:
    """Raise UsageError for a name that no probe has."""
    for name in names:
        if name not in NAMES:
            raise UsageError(f"there is no probe {name!r}", fix=f"probes: {', '.join(NAMES)}")


def _nobody(_: str) -> None:
    pass


def examine(machine: Machine, only: Collection[str] = (), before: Before = _nobody) -> Iterator[Checked]:
    """Try the host's probes, one after the other; `only` those, if any are named. `before` hears of each first."""
    for probe in HOST:
        if not only or probe.name in only:
            before(probe.name)
            yield _tried(probe.name, "", lambda look=probe.look: look(machine))  # type: ignore[misc]  # a default that binds


def examine_foreign(guest: foreign.Guest, only: Collection[str] = (), before: Before = _nobody) -> Iterator[Checked]:
    """Try the probes of another arch in its session."""
    for probe in FOREIGN:
        if not only or probe.name in only:
            before(f"{guest.arch.name}: {probe.name}")
            yield _tried(probe.name, guest.arch.name, lambda look=probe.look: look(guest))  # type: ignore[misc]  # a default that binds


def untried(arch: str, why: Finding, only: Collection[str] = ()) -> Iterator[Checked]:
    """The same finding for all probes of an arch that has no session."""
    for probe in FOREIGN:
        if not only or probe.name in only:
            yield Checked(probe=probe.name, arch=arch, status=why.status, words=why.words, fix=why.fix)


def _tried(name: str, arch: str, look: Callable[[], Finding]) -> Checked:
    begun = time.monotonic()
    try:
        found = look()
    except WrongarchError as error:
        found = fail(error.what, error.fix)
    except OSError as error:
        found = fail(f"the probe itself met an error: {error}", f"wrongarch doctor --only {name} --json")
    return Checked(
        probe=name,
        arch=arch,
        status=found.status,
        words=found.words,
        fix=found.fix,
        seconds=round(time.monotonic() - begun, 3),
    )
