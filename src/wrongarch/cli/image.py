"""`wrongarch image`: the Debian roots that programs run in."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options, travel

if TYPE_CHECKING:
    from wrongarch.arches.model import Arch
    from wrongarch.cli.progress import Progress
    from wrongarch.recipes.forms import Wish

app = options.new("Lock, build and send the Debian roots that programs run in.", no_args_is_help=True)
app.registered_commands.extend(travel.app.registered_commands)


@app.command(
    "lock",
    epilog=options.examples(
        "wrongarch image lock arm                    the image of the default recipe",
        "wrongarch image lock arm mips -r quickjs    two arches, another recipe",
        "wrongarch image lock arm -r jsc --source release    the image that its source is built in",
    ),
)
def lock_command(
    arches: options.ArchNames,
    recipe: options.RecipeName = "",
    source: options.SourceName = "",
    variant: options.VariantName = "",
    toolbox: Annotated[
        bool, typer.Option("--toolbox", help="Lock the toolbox of hosts of these arches, instead of an image.")
    ] = False,
    agent: Annotated[
        bool, typer.Option("--agent", help="Lock the Python that containers on such hosts need for their agent.")
    ] = False,
    native: Annotated[
        bool, typer.Option("--native", help="Lock the native tools of this machine for images of these arches.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Ask Debian's archive which packages an image takes now, and write them down.

    apt resolves them, in the toolbox, from the signed index. The lock goes beside the recipe (ci/locks/IMAGE/ARCH.json)
    and is to be committed: the same lock gives the same image, bit for bit.
    """
    from wrongarch.cli.progress import Progress
    from wrongarch.recipes.forms import Wish

    written = []
    shared: set[Path] = set()
    for name in arches:
        with Progress() as progress:
            if toolbox or agent:
                made = [_lock_for_host(name, progress, agent=agent)]
            elif native:
                made = list(_lock_native(name, shared, progress))
            else:
                made = [_lock_image(name, recipe, Wish(source=source, variant=variant), progress)]
        for path, count in made:
            written.append({"arch": name, "lock": str(path), "packages": count})
            if not json:
                typer.echo(f"{path}: {count} packages")
    if json:
        options.print_json(written)


def _lock_image(arch: str, recipe: str, form: Wish, progress: Progress) -> tuple[Path, int]:
    from wrongarch.cli import ground
    from wrongarch.images import lock, resolve

    choice = ground.choose(ground.Words(arch=arch, recipe=recipe, form=form), Path.cwd())
    made = resolve.make_lock(choice.image, choice.image_arch, progress)
    path = lock.path_of(ground.lock_folders(choice.recipe)[0], choice.image, choice.image_arch)
    options.write(lambda: lock.write(made, path), path)
    return path, len(made.packages)


def _lock_for_host(arch: str, progress: Progress, *, agent: bool) -> tuple[Path, int]:
    from wrongarch.arches import lookup
    from wrongarch.images import lock, resolve, toolbox

    host: Arch = lookup.find(arch)
    spec = toolbox.AGENT if agent else toolbox.SPEC
    made = resolve.make_lock(spec, host, progress, essential=False)
    path = lock.path_of(toolbox.locks_folder(), spec, host)
    options.write(lambda: lock.write(made, path), path)
    return path, len(made.packages)


def _lock_native(arch: str, done: set[Path], progress: Progress) -> Iterator[tuple[Path, int]]:
    """Locks that are `done` already, as those of a suite's usual tools are the same for all arches, are left out."""
    from wrongarch.arches import lookup
    from wrongarch.images import lock, toolbox
    from wrongarch.images.native import assemblers, boxes

    host, guest = lookup.host_arch(), lookup.find(arch)
    for suite in (suite for suite in guest.suites if suite in boxes.GCC):
        wanted = [(make(suite, host), host) for make in (boxes.tools, boxes.clang, boxes.sccache)]
        wanted.append((boxes.compilers(guest, suite, host), host))
        narrow = assemblers.spec(guest, suite, host)
        wanted += [narrow] if narrow is not None else []
        for spec, own in wanted:
            path = lock.path_of(toolbox.locks_folder(), spec, own)
            if path in done:
                continue
            made = boxes.make_lock(spec, own, progress)
            options.write(functools.partial(lock.write, made, path), path)
            done.add(path)
            yield path, len(made.packages)


@app.command(
    "build",
    epilog=options.examples(
        "wrongarch image build arm",
        "wrongarch image build riscv64 s390x --recipe quickjs",
    ),
)
def build_command(
    arches: options.ArchNames,
    recipe: options.RecipeName = "",
    source: options.SourceName = "",
    variant: options.VariantName = "",
    accel: options.Accel = "full",
    json: options.Json = False,
) -> None:
    """Build an image from its lock, unless it is in the cache.

    Every package is checked against the hash in the lock. The digest printed is that of all files, their modes and
    owners: it is the same on every machine, and with every --accel.
    """
    from wrongarch.cli import ground
    from wrongarch.cli.progress import Progress
    from wrongarch.recipes.forms import Wish

    form = Wish(source=source, variant=variant)
    built = []
    for name in arches:
        choice = ground.choose(ground.Words(arch=name, recipe=recipe, form=form), Path.cwd())
        with Progress() as progress:
            image = ground.image(choice, progress, accel=accel)
        facts = {"arch": name, "image": choice.image.name, "digest": image.digest, "lock": image.lock}
        built.append({**facts, "root": str(image.root), "seconds": round(image.seconds, 1)})
        if not json:
            typer.echo(f"{choice.image.name} for {choice.image_arch.name}: sha256:{image.digest}")
            typer.echo(f"  {image.root}, built in {image.seconds:.0f} s")
    if json:
        options.print_json(built)
