"""`wrongarch shell`: a terminal in an image."""

from __future__ import annotations

from typing import Annotated

import typer

from wrongarch.cli import options

app = options.new()
SHELL = ("/bin/sh", "-c", "if [ -x /bin/bash ]; then exec /bin/bash; else exec /bin/sh; fi")


@app.command(
    epilog=options.examples(
        "wrongarch shell arm",
        "wrongarch shell mips --recipe quickjs --network",
    )
)
def shell(
    arch: options.ArchName,
    recipe: options.RecipeName = "",
    source: options.SourceName = "",
    variant: options.VariantName = "",
    set: options.Settings = [],
    emulator: options.EmulatorVersion = "",
    cpu: options.CpuModel = "",
    engine: options.EngineName = "",
    limit: options.Limits = [],
    keep: options.Keep = False,
    build: Annotated[bool, typer.Option(help="Build the recipe's program first, if it is not built.")] = True,
    network: options.Network = False,
) -> None:
    """Open a terminal inside the image of ARCH.

    In a copy of the root that is thrown away when you leave. This folder is there, read-only, as /wrongarch/here; the
    recipe's source and build are beside it.
    """
    from wrongarch.cli.ground import Words
    from wrongarch.cli.sessions import HERE, open_session
    from wrongarch.engines.base import Command, describe
    from wrongarch.errors import MachineError
    from wrongarch.recipes.forms import Wish

    form = Wish(source=source, variant=variant, settings=tuple(set))
    words = Words(
        arch=arch, recipe=recipe, form=form, emulator=emulator, cpu=cpu, engine=engine, limits=tuple(limit), keep=keep
    )
    with open_session(words, build=build, network=network) as opened:
        prompt = {"PS1": f"({arch}) # "}  # for sh; bash has one with the name of the root
        outcome = opened.session.attach(Command(argv=SHELL, cwd=HERE, env=prompt))
    if outcome.reason != "exit":
        raise MachineError(
            f"the shell {describe(outcome)}", fix=f"see if anything runs: wrongarch run {arch} -- /bin/ls"
        )
