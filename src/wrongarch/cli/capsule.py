"""`wrongarch capsule`: look into capsules, and make them of runs that are over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.capsules.create import Wanted
    from wrongarch.capsules.manifest import Manifest
    from wrongarch.capsules.write import Written
    from wrongarch.recipes.forms import Wish
    from wrongarch.runs.building import Ground
    from wrongarch.runs.model import Intent

app = options.new("Look into capsules, and make them of earlier runs.", no_args_is_help=True)


@app.command(
    "inspect",
    epilog=options.examples(
        "wrongarch capsule inspect jsc-arm-….tar.zst",
        "wrongarch capsule inspect jsc-arm-….tar.zst --files",
    ),
)
def inspect_command(
    file: options.CapsuleFile,
    files: Annotated[bool, typer.Option("--files", help="List every file in it, with size and sha256.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Read the manifest only, without comparing every file with its sha256.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Show what is in a capsule, after checking all of it. Nothing of it is unpacked or run."""
    from wrongarch.capsules import read
    from wrongarch.cli.progress import Progress

    with Progress() as progress:
        manifest = (
            read.inspect(file)
            if quick
            else read.verify(file, lambda done, total: progress("checking the capsule", done, total))
        )
    if json:
        import msgspec

        # the manifest as it is, without its longest part unless it is asked for
        options.print_json(manifest if files else msgspec.structs.replace(manifest, members=()))
        return
    for line in _lines(manifest):
        typer.echo(line)
    if files:
        for member in manifest.members:
            what = f" -> {member.target}" if member.kind == "link" else ""
            typer.echo(f"{member.mode:04o} {member.size:>10} {member.sha256[:16]:<16} {member.path}{what}")


def _lines(manifest: Manifest) -> list[str]:
    from wrongarch.capsules.compare import ending_words, told
    from wrongarch.process import pasteable

    emulator, host = manifest.emulator, manifest.host
    total = sum(member.size for member in manifest.members)
    lines = [
        f"{manifest.name}: {manifest.recipe.name} on {manifest.arch}, {manifest.kind}, "
        f"{len(manifest.members)} members, {total / (1 << 20):.1f} MiB",
        f"emulator: QEMU {emulator.release} for {emulator.host} ({emulator.sha256[:16]})" if emulator else "native",
        f"CPU model: {manifest.cpu or 'the default'}",
        f"captured by wrongarch {manifest.wrongarch} ({manifest.engine}) on Linux {host.kernel}, {host.cpu}, "
        f"{host.cpus} CPUs, {host.memory} MiB",
        f"program: {manifest.recipe.program}, source at {manifest.recipe.revision or 'an unknown revision'}"
        + (" with local changes" if manifest.recipe.changes else ""),
        f"image: lock {manifest.image.lock[:16] or '-'}, contents {manifest.image.digest[:16] or '-'}"
        + (f", {manifest.image.registry}" if manifest.image.registry else ""),
    ]
    for number, test in enumerate(manifest.tests, 1):
        again = {True: "", False: "; a second time it came out otherwise", None: ""}[test.seen.again]
        came = told(ending_words(test.seen), "" if test.seen.passed else test.seen.message)
        lines.append(f"test {number}: {test.id}: {came}{again}")
        lines.append(f"    {pasteable(test.argv, cwd=test.cwd)}")
    return [_printable(line) for line in lines]


def _printable(text: str) -> str:
    """A stranger's words must not move the cursor."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


@app.command(
    "create",
    epilog=options.examples(
        "wrongarch capsule create                  what failed in the last run, or was under way when it was killed",
        "wrongarch capsule create latest --test 'stress/typed/set.js [no-jit]'",
        "wrongarch capsule create 20261101 --full --gz --output ~/capsules",
    ),
)
def create_command(
    run: Annotated[
        str, typer.Argument(metavar="[RUN]", help="A run: its id, a beginning of it, or its folder.")
    ] = "latest",
    test: Annotated[
        list[str],
        typer.Option("--test", "-t", metavar="ID", help="A test by its id, passing or not; can be repeated."),
    ] = [],
    together: Annotated[bool, typer.Option("--together", help="One capsule of all these tests.")] = False,
    full: Annotated[bool, typer.Option("--full", help="The whole root, not only what the tests need.")] = False,
    gz: Annotated[bool, typer.Option("--gz", help="Write .tar.gz, for machines without zstd.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Where to; else into the run's folder.")
    ] = None,
    engine: options.EngineName = "",
    json: options.Json = False,
) -> None:
    """Make capsules of tests of an earlier run, also of one that was killed.

    Each test is run again, under the emulator and CPU model that the run's intent.json names.
    """
    from wrongarch.capsules import create
    from wrongarch.runs.folder import read_run, run_path

    project = Path.cwd()
    folder = run_path(project, run)
    wanted = create.wanted_of(folder, test)
    intent = read_run(folder).summary.intent
    written = _create(project, intent, wanted, output or folder / "capsules", engine, together, full, gz)
    if json:
        options.print_json([{"path": one.path, "sha256": one.sha256, "bytes": one.size} for one in written])
        return
    for one in written:
        typer.echo(f"{one.path} ({one.size / (1 << 20):.1f} MiB, sha256 {one.sha256})")


def _create(
    project: Path,
    intent: Intent,
    wanted: Wanted,
    into: Path,
    engine: str,
    together: bool,
    full: bool,
    gz: bool,
) -> list[Written]:
    import sys

    from wrongarch.capsules import create
    from wrongarch.recipes.reading import find_recipe
    from wrongarch.reports.progress import watch

    recipe = find_recipe(intent.recipe_file, project).in_form(_form(intent), intent.arch, {})
    base = _ground(project, intent, engine)
    with watch(sys.stderr) as observer:
        for note in create.check_same(intent, recipe, base):
            observer.note(note)
        return create.create(
            recipe,
            base,
            wanted,
            into,
            project=project,
            observer=observer,
            timeout_scale=intent.options.timeout_scale,
            full=full,
            form="gz" if gz else "zst",
            together=together,
        )


def _form(intent: Intent) -> Wish:
    """The form that the recipe was in."""
    from wrongarch.recipes.forms import Wish

    form = intent.form
    return Wish(source=form.folder or form.name, variant=form.variant, settings=form.settings)


def _ground(project: Path, intent: Intent, engine: str) -> Ground:
    from wrongarch.cli import ground
    from wrongarch.cli.progress import Progress

    emulator = intent.emulator.version if intent.emulator is not None else ground.NATIVE
    words = ground.Words(
        arch=intent.arch,
        recipe=intent.recipe_file,
        form=_form(intent),
        emulator=emulator,
        cpu=intent.cpu or "",
        engine=engine or intent.engine,
    )
    choice = ground.choose(words, project)
    with Progress() as progress:
        return ground.ground(words, choice, progress)


@app.command("schema", epilog=options.examples("wrongarch capsule schema >capsule.schema.json"))
def schema_command() -> None:
    """Print the JSON Schema of a capsule's manifest (capsule.json)."""
    from wrongarch.capsules.manifest import schema

    options.print_json(schema())
