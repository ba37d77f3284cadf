"""`wrongarch verify-accel`: is what native tools build what emulated ones build?"""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from wrongarch.cli import options

app = options.new()


@app.command(
    epilog=options.examples(
        "wrongarch verify-accel arm                      the default recipe of ARCH",
        "wrongarch verify-accel s390x --recipe hello     seconds",
        "wrongarch verify-accel arm --recipe jsc --source release --set targets=WTF",
    )
)
def verify_accel(
    arch: options.ArchName,
    recipe: options.RecipeName = "",
    source: options.SourceName = "",
    variant: options.VariantName = "",
    set: options.Settings = [],
    emulator: options.EmulatorVersion = "",
    cpu: options.CpuModel = "",
    engine: options.EngineName = "",
    jobs: options.Jobs = None,
    json: options.Json = False,
) -> None:
    """Build a recipe for ARCH with native tools and all emulated, and compare what they made.

    Objects, archives and programs are compared byte by byte, apart from the compiler's version in `.comment`. Exit
    code 1 if anything differs. The two builds are kept in .wrongarch/verify of this folder, and resumed.
    """
    import msgspec

    from wrongarch.cli import ground
    from wrongarch.cli.progress import Progress
    from wrongarch.errors import TestsFailed, UsageError
    from wrongarch.recipes.forms import Wish
    from wrongarch.reports.progress import watch
    from wrongarch.runs.building import run_build
    from wrongarch.runs.fidelity import compare
    from wrongarch.runs.folder import HOME
    from wrongarch.runs.pipeline import default_jobs

    project = Path.cwd()
    form = Wish(source=source, variant=variant, settings=tuple(set))
    words = ground.Words(arch=arch, recipe=recipe, form=form, emulator=emulator, cpu=cpu, engine=engine)
    choice = ground.choose(words, project)
    with Progress() as progress:
        base = ground.ground(words, choice, progress)
    trees, seconds = [], []
    for mode in ("full", "none"):
        with watch(sys.stderr) as observer:
            made = run_build(
                choice.recipe,
                msgspec.structs.replace(base, accel=mode),
                project=project / HOME / "verify" / mode,
                observer=observer,
                jobs=jobs or default_jobs(),
            )
        if made.tree is None or made.record is None:
            raise UsageError(f"recipe {choice.recipe.name!r} builds nothing", fix="choose another: --recipe quickjs")
        trees.append(made.tree)
        seconds.append(made.record.seconds)
    found = compare(*trees)
    if not found.compared:
        raise UsageError(f"the build of {choice.recipe.name!r} left no objects to compare: {trees[0]}")
    if json:
        options.print_json({"arch": choice.arch.name, "recipe": choice.recipe.name, "seconds": seconds, "found": found})
    else:
        for difference in found.differences:
            typer.echo(f"{difference.path}: {difference.what}")
        result = f"{len(found.differences)} differ" if found.differences else "all are the same"
        typer.echo(
            f"{choice.recipe.name} for {choice.arch.name}: {found.compared} objects, archives and programs compared, "
            f"{result} (native tools {seconds[0]:.1f} s, emulated {seconds[1]:.1f} s)"
        )
    if found.differences:
        raise typer.Exit(TestsFailed.exit_code)
