"""`wrongarch run`: one command in an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.engines.base import Outcome

app = options.new()
TIMED_OUT, NOT_STARTED, BY_SIGNAL = 124, 127, 128  # as timeout(1) and shells have it


@app.command(
    epilog=options.examples(
        "wrongarch run arm -- uname -m",
        "wrongarch run s390x -- jsc -e 'print(1 << 31)'",
        "wrongarch run mips --recipe quickjs -- /wrongarch/build/qjs -e 'print(1)'",
        "wrongarch run hexagon -- ./a.out              a static program of this folder",
        "wrongarch run arm -- sh -c 'cd /tmp && echo $PWD'",
    )
)
def run(
    arch: options.ArchName,
    command: Annotated[list[str], typer.Argument(metavar="COMMAND", help="The command and its words, after `--`.")],
    recipe: options.RecipeName = "",
    source: options.SourceName = "",
    variant: options.VariantName = "",
    set: options.Settings = [],
    emulator: options.EmulatorVersion = "",
    cpu: options.CpuModel = "",
    engine: options.EngineName = "",
    limit: options.Limits = [],
    keep: options.Keep = False,
    timeout: Annotated[
        float | None, typer.Option("--timeout", min=0.001, metavar="SECONDS", help="Kill it after that time.")
    ] = None,
    build: Annotated[bool, typer.Option(help="Build the recipe's program first, if it is not built.")] = True,
    network: options.Network = False,
) -> None:
    """Run one command inside the image of ARCH.

    It runs in a copy of the root that is thrown away. This folder is there, read-only, as /wrongarch/here, where the
    command starts; the recipe's source and build are beside it. The exit code is the command's own: 128 + N where
    signal N killed it, 124 where it took too long, 127 where it could not start.
    """
    from wrongarch.cli.ground import Words
    from wrongarch.cli.sessions import HERE, open_session
    from wrongarch.engines.base import Command
    from wrongarch.recipes.forms import Wish

    form = Wish(source=source, variant=variant, settings=tuple(set))
    words = Words(
        arch=arch, recipe=recipe, form=form, emulator=emulator, cpu=cpu, engine=engine, limits=tuple(limit), keep=keep
    )
    with open_session(words, build=build, network=network) as opened:
        outcome = opened.session.attach(Command(argv=tuple(command), cwd=HERE, timeout=timeout))
    code = exit_code(outcome)
    if outcome.reason != "exit":
        from wrongarch.engines.base import describe

        typer.echo(f"{command[0]}: {describe(outcome)}", err=True)
        why = opened.explain(command[0]) if outcome.reason == "not-started" else ""
        if why:
            typer.echo(why, err=True)
    if code:
        raise typer.Exit(code)


def exit_code(outcome: Outcome) -> int:
    """What a shell would make of how a command ended."""
    if outcome.reason == "exit":
        return outcome.exit_code or 0
    if outcome.reason == "not-started":
        return NOT_STARTED
    if outcome.reason == "timeout":
        return TIMED_OUT
    return BY_SIGNAL + (outcome.signal or 9)
