"""`wrongarch binfmt register|unregister`, and `show --engine`: the binfmt_misc of a daemon's host."""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wrongarch.engines.containers.api import Daemon
    from wrongarch.engines.containers.payload import Python

app = options.new()


class Engine(StrEnum):
    """Whose daemon starts the container."""

    DOCKER = "docker"
    PODMAN = "podman"


EngineChoice = Annotated[Engine, typer.Option("--engine", help="Whose daemon starts the registration container.")]


@app.command(
    "register",
    epilog=options.examples(
        "wrongarch binfmt register arm s390x --engine docker",
        "wrongarch binfmt register arm --engine podman --emulator 7.2",
    ),
)
def register_command(
    arches: options.ArchNames,
    engine: EngineChoice = Engine.DOCKER,
    emulator: options.EmulatorVersion = "",
    json: options.Json = False,
) -> None:
    """Register the pinned QEMU on the host of a daemon, for every container on it.

    By a container FROM scratch with CAP_SYS_ADMIN alone. Registrations of others stay as they are, and are used where
    they start a QEMU of the pinned version. wrongarch's own sessions need none of this on Linux 6.7 or newer.
    """
    from wrongarch.arches import lookup
    from wrongarch.emulators import conf, pins, store
    from wrongarch.engines.containers import registrar
    from wrongarch.engines.find import tell

    with _daemon(engine) as (daemon, python):
        chosen = conf.targets([lookup.find(name) for name in arches], python.host)
        version = emulator or pins.load().default
        wanted = [(arch, store.get(version, arch.qemu, host=python.host.debian)) for arch in chosen]
        results = registrar.register(daemon, python, wanted, tell)
    if json:
        options.print_json(results)
        return
    words = {
        "registered": "registered",
        "replaced": "registered, instead of an older one of ours",
        "there": "was registered already",
        "used": "not needed, the host has one that does as well",
    }
    for result in results:
        typer.echo(f"{result.name}: {words[result.done]} ({result.effective})")


@app.command(
    "unregister",
    epilog=options.examples(
        "wrongarch binfmt unregister arm s390x --engine docker", "wrongarch binfmt unregister --all --engine podman"
    ),
)
def unregister_command(
    arches: Annotated[list[str] | None, typer.Argument(metavar="ARCH", help="For these.")] = None,
    engine: EngineChoice = Engine.DOCKER,
    everything: Annotated[bool, typer.Option("--all", help="All that wrongarch registered, runs' own too.")] = False,
    json: options.Json = False,
) -> None:
    """Take back what `register` did; what others registered is not touched."""
    from wrongarch.arches import lookup
    from wrongarch.engines.containers import registrar
    from wrongarch.engines.find import tell
    from wrongarch.errors import UsageError

    named = [lookup.find(name) for name in arches or ()]
    if bool(named) == everything:
        raise UsageError("what is to be unregistered?", fix="name arches, or say --all")
    with _daemon(engine) as (daemon, python):
        names = [registrar.name_of(arch) for arch in named]
        if everything:
            there = registrar.show(daemon, python, (), tell).entries
            names = [name for name in there if name.startswith(registrar.PREFIX)]
        removals = registrar.unregister(daemon, python, names, tell)
    if json:
        options.print_json(removals)
        return
    for removal in removals:
        typer.echo(f"{removal.name}: {'unregistered' if removal.done else 'was not registered'}")
    if not removals:
        typer.echo("nothing of ours is registered")


def show_host(names: list[str], engine: str, *, json: bool) -> None:
    """What is registered on the host of a daemon, with what is wrong with it."""
    from wrongarch.arches import lookup
    from wrongarch.emulators import registrations
    from wrongarch.engines.containers import registrar
    from wrongarch.engines.find import tell

    arches = tuple(lookup.find(name) for name in names) or registrar.default_arches()
    with _daemon(Engine(engine)) as (daemon, python):
        state = registrar.show(daemon, python, arches, tell)
        local = daemon.endpoint.socket is not None
    texts = {name: entry.text for name, entry in state.entries.items()}
    found = registrations.read(texts, arches, (lambda path: Path(path).exists()) if local else None)
    if json:
        effective = {arch.name: state.effective.get(arch.name, "") for arch in arches}
        options.print_json(
            {"enabled": state.enabled, "effective": effective, "registrations": [_facts(one) for one in found]}
        )
        return
    if not state.enabled:
        typer.echo(
            "binfmt_misc is switched off on this host: no entry counts (echo 1 > /proc/sys/fs/binfmt_misc/status)"
        )
    for arch in arches:
        typer.echo(f"{arch.name}: {state.effective.get(arch.name) or 'no emulator starts in containers'}")
    for one in found:
        entry = one.entry
        typer.echo(f"{entry.name} ({one.owner}) for {', '.join(one.arches) or '?'}: {entry.interpreter} {entry.flags}")
        for fault in one.faults:
            typer.echo(f"  {fault}")


def _facts(one: Any) -> dict[str, Any]:
    entry = one.entry
    return {
        "name": entry.name,
        "owner": one.owner,
        "arches": one.arches,
        "enabled": entry.enabled,
        "interpreter": entry.interpreter,
        "flags": entry.flags,
        "faults": one.faults,
    }


@contextmanager
def _daemon(engine: Engine) -> Iterator[tuple[Daemon, Python]]:
    from wrongarch.cli.progress import Progress
    from wrongarch.engines.containers import locate, payload
    from wrongarch.engines.containers.tunnel import connected

    with connected(locate.first(engine.value)) as daemon:
        with Progress() as progress:
            python = payload.python_for(payload.arch_of(daemon.version().arch), progress)
        yield daemon, python
