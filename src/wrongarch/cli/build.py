"""`wrongarch build`: the program under test, in its image."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from wrongarch.cli import options

app = options.new()


@app.command(
    epilog=options.examples(
        "wrongarch build arm",
        "wrongarch build arm --recipe jsc --source release --variant cloop",
        "wrongarch build arm --recipe jsc --source ~/WebKit --set targets=WTF",
        "wrongarch build sh4 --recipe factorial      with a cross compiler, where Debian has no image",
    )
)
def build(
    arch: options.ArchName,
    recipe: options.RecipeName = "",
    source: options.SourceName = "",
    variant: options.VariantName = "",
    set: options.Settings = [],
    emulator: options.EmulatorVersion = "",
    cpu: options.CpuModel = "",
    engine: options.EngineName = "",
    accel: options.Accel = "full",
    jobs: options.Jobs = None,
    again: Annotated[bool, typer.Option("--again", help="Run the steps even if the build is there.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List the programs that stay emulated.")] = False,
    json: options.Json = False,
) -> None:
    """Build the program under test for ARCH, in its image.

    The steps are those of the recipe; what they make is kept in .wrongarch/builds of this folder, with a log.
    """
    from wrongarch.cli import ground
    from wrongarch.cli.progress import Progress
    from wrongarch.recipes.forms import Wish
    from wrongarch.reports.progress import watch
    from wrongarch.runs.building import native_tools, run_build
    from wrongarch.runs.pipeline import default_jobs

    form = Wish(source=source, variant=variant, settings=tuple(set))
    words = ground.Words(arch=arch, recipe=recipe, form=form, emulator=emulator, cpu=cpu, engine=engine, accel=accel)
    project = Path.cwd()
    choice = ground.choose(words, project)
    with Progress() as progress:
        base = ground.ground(words, choice, progress)
    with watch(sys.stderr) as observer:
        if verbose:
            layer = native_tools(base, observer).layer
            observer.note(f"emulated: {' '.join(layer.emulated) if layer else 'everything'}")
        made = run_build(
            choice.recipe, base, project=project, observer=observer, jobs=jobs or default_jobs(), again=again
        )
    products = made.record.products if made.record else ()
    if json:
        options.print_json({"arch": choice.arch.name, "recipe": choice.recipe.name, "fresh": made.fresh, "build": made})
    elif made.tree is None:
        typer.echo(f"{choice.recipe.name} has nothing to build: {choice.recipe.contents.program} is in its image")
    else:
        seconds = f"built in {made.record.seconds:.1f} s" if made.record and made.fresh else "already built"
        typer.echo(f"{choice.recipe.name} for {choice.arch.name}: {seconds}")
        for product in products:
            typer.echo(f"  {made.tree / product.path} sha256:{product.sha256}")
