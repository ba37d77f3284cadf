"""`wrongarch image export|load|push|pull|scratch`: images on their way to other machines and engines."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.arches.model import Arch
    from wrongarch.cli.ground import Choice
    from wrongarch.cli.progress import Progress
    from wrongarch.emulators.model import Emulator
    from wrongarch.engines.base import SessionSpec
    from wrongarch.images.store import Image
    from wrongarch.images.travel import Traveller

app = options.new()
Tag = Annotated[str, typer.Option("--tag", metavar="NAME:TAG", help="What engines will call it.")]


class Format(StrEnum):
    """What is written."""

    OCI = "oci"
    ROOTFS = "rootfs"


class Contained(StrEnum):
    """Engines that keep images."""

    DOCKER = "docker"
    PODMAN = "podman"


@app.command(
    "export",
    epilog=options.examples(
        "wrongarch image export arm -o jsc-arm.tar                     for docker load, podman load, skopeo",
        "wrongarch image export arm --format rootfs -o jail.tar.zst    a plain root, for chroot or schroot",
        "wrongarch image export arm arm64 s390x -o jsc.tar             several in one archive",
    ),
)
def export_command(
    arches: options.ArchNames,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Write there.")],
    recipe: options.RecipeName = "",
    format: Annotated[
        Format, typer.Option("--format", help="An OCI archive, or the root alone (.tar, .tar.gz or .tar.zst).")
    ] = Format.OCI,
    tag: Tag = "",
    json: options.Json = False,
) -> None:
    """Write the image to a file, to be sent to someone.

    The archive carries the platform of ARCH and labels that say what it was made from. It can be loaded into docker and
    podman, and be named in the FROM of a Containerfile.
    """
    from wrongarch.cli.progress import Progress
    from wrongarch.images import travel

    with Progress() as progress:
        travellers = tuple(_named(name, recipe, progress) for name in arches)
        digest = travel.export(travellers, tag or _tag(travellers[0]), output, format.value, progress)
    if json:
        options.print_json({"file": output, "digest": digest, "arches": arches, "format": format.value})
    else:
        typer.echo(f"{output}: {digest}")


@app.command(
    "load",
    epilog=options.examples(
        "wrongarch image load arm --engine podman",
        "wrongarch image load s390x --engine docker --tag team/jsc:s390x",
    ),
)
def load_command(
    arch: options.ArchName,
    engine: Annotated[Contained, typer.Option("--engine", help="Where to.")],
    recipe: options.RecipeName = "",
    tag: Tag = "",
    json: options.Json = False,
) -> None:
    """Give the image to docker or podman, under the right platform.

    What the daemon has afterwards is looked at: an image of another platform under that name is refused.
    """
    from wrongarch.cli.progress import Progress
    from wrongarch.engines.containers import images, locate
    from wrongarch.engines.containers.tunnel import connected
    from wrongarch.images import oci

    with Progress() as progress:
        one = _named(arch, recipe, progress)
        name = tag or _tag(one)
        with connected(locate.first(engine.value)) as daemon:
            layer = images.layer_from(one.parts(), of=one.root)  # compressed, it would have the same id
            image = oci.make((layer,), one.facts)
            images.load(daemon, image, name, progress)
            there = daemon.image(name)
            images.check(daemon, there, image, name)
    platform = oci.platform_text(image.platform)
    if json:
        options.print_json({"engine": engine.value, "name": name, "id": image.id, "platform": platform})
    else:
        typer.echo(f"{name} in {engine.value}: {platform}, {image.id}")


@app.command(
    "push",
    epilog=options.examples(
        "wrongarch image push arm registry.example/team/jsc:arm",
        "wrongarch image push arm arm64 s390x registry.example/team/jsc:2026-11    one tag for all of them",
    ),
)
def push_command(
    words: Annotated[list[str], typer.Argument(metavar="ARCH... NAME:TAG", help="Arches, then where to.")],
    recipe: options.RecipeName = "",
    json: options.Json = False,
) -> None:
    """Send images to a registry; several arches go under one tag, with an index.

    Credentials are those of `docker login`, credential helpers included. Prints the digest: the same image has the
    same one, whoever pushes it.
    """
    from wrongarch.cli.progress import Progress
    from wrongarch.downloads import registry
    from wrongarch.engines.containers.api import credentials
    from wrongarch.errors import UsageError
    from wrongarch.images import oci, store, travel

    *arches, where = words
    if not arches:
        raise UsageError("what is to be pushed where?", fix="wrongarch image push ARCH... registry.example/name:tag")
    reference = registry.parse(where)
    with Progress() as progress:
        made = [_made(name, recipe, progress) for name in arches]
        travellers = [traveller(*one) for one in made]
        sent = travel.push(travellers, reference, credentials, progress)
        for one, (_, image) in zip(travellers, made, strict=True):
            store.remember(image, reference.text(sent.images[oci.platform_text(one.platform)]))
    if json:
        options.print_json(sent)
        return
    typer.echo(reference.text(sent.digest))
    for platform, digest in sent.images.items():
        typer.echo(f"  {platform} {digest}")


@app.command(
    "pull",
    epilog=options.examples(
        "wrongarch image pull registry.example/team/jsc@sha256:0123… arm -o jsc.tar",
        "wrongarch image pull registry.example/team/jsc:2026-11 s390x --engine podman",
    ),
)
def pull_command(
    where: Annotated[str, typer.Argument(metavar="NAME:TAG|NAME@DIGEST", help="What to get.")],
    arch: options.ArchName,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write an archive.")] = None,
    engine: Annotated[Contained | None, typer.Option("--engine", help="Give it to docker or podman.")] = None,
    json: options.Json = False,
) -> None:
    """Get the image for ARCH from a registry; every part of it is checked by its digest."""
    from wrongarch.arches import lookup
    from wrongarch.cli.progress import Progress
    from wrongarch.downloads import registry
    from wrongarch.engines.containers import images, locate
    from wrongarch.engines.containers.api import credentials
    from wrongarch.engines.containers.tunnel import connected
    from wrongarch.errors import UsageError
    from wrongarch.images import oci, travel

    if (output is None) == (engine is None):
        raise UsageError("where is it to go?", fix="give one of --output FILE, --engine docker, --engine podman")
    reference = registry.parse(where)
    platform = images.platform_of(lookup.find(arch))
    name = reference.text() if not reference.digest else f"{reference.registry}/{reference.repository}:pulled"
    with Progress() as progress, travel.pulled(reference, platform, credentials, progress) as image:
        if output is not None:
            travel.write(image, name, output)
        elif engine is not None:
            with connected(locate.first(engine.value)) as daemon:
                images.load(daemon, image, name, progress)
                images.check(daemon, daemon.image(name), image, name)
    facts = {"name": name, "digest": image.digest, "platform": oci.platform_text(image.platform)}
    if json:
        options.print_json({**facts, "output": output, "engine": engine})
    else:
        typer.echo(f"{name}: {facts['platform']}, {image.digest}")


@app.command(
    "scratch",
    epilog=options.examples(
        "wrongarch image scratch arm ./hello                       run it where nothing else is",
        "wrongarch image scratch amd64 ./hello --emulator 10.0     the machine's own arch, through qemu-x86_64",
        "wrongarch image scratch arm ./hello -o hello.tar          an image FROM scratch, for docker and podman",
    ),
)
def scratch_command(
    arch: options.ArchName,
    program: Annotated[Path, typer.Argument(metavar="PROGRAM", help="A file of this machine.")],
    words: Annotated[list[str] | None, typer.Argument(metavar="WORD", help="Words for it, after `--`.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write an archive.")] = None,
    engine: options.EngineName = "",
    emulator: options.EmulatorVersion = "",
    tag: Tag = "",
) -> None:
    """Run one program in a root that holds nothing else, or make an image FROM scratch of it.

    A static program needs no more than that. A dynamic one needs its loader, which the kernel looks for in the root and
    does not find; what is missing is named by the program itself (PT_INTERP), and said.
    """
    from wrongarch.arches import lookup
    from wrongarch.cli import ground, run
    from wrongarch.cli.progress import Progress
    from wrongarch.cli.scratch import scratch_root
    from wrongarch.engines.base import Command, describe
    from wrongarch.images import travel

    found = lookup.find(arch)
    with scratch_root(found, program) as (root, inside, missing):
        if missing:
            typer.echo(missing, err=True)
        if output is not None:
            labels = {"org.opencontainers.image.title": program.name, "wrongarch.arch": found.name}
            one = travel.Traveller(root=root, arch=found, labels=labels, created=0)
            with Progress() as progress:
                name = tag or f"localhost/wrongarch/{program.name.lower()}:{found.name}"
                typer.echo(f"{output}: {travel.export((one,), name, output, 'oci', progress)}")
            return
        with Progress() as progress:
            chosen = ground.emulator(found, lookup.host_arch(), emulator, progress)
        spec, argv = _scratch_session(found, root, chosen, (inside, *(words or ())))
        with ground.engine(engine).open(spec) as session:
            outcome = session.attach(Command(argv=argv))
    code = run.exit_code(outcome)
    if outcome.reason != "exit":
        typer.echo(f"{inside}: {describe(outcome)}", err=True)
    if code:
        raise typer.Exit(code)


def _scratch_session(
    arch: Arch, root: Path, emulator: Emulator | None, argv: tuple[str, ...]
) -> tuple[SessionSpec, tuple[str, ...]]:
    """A session with that root. Registered for the machine's own arch, QEMU would start itself: there it is called."""
    from wrongarch.arches.lookup import host_arch
    from wrongarch.engines.base import Mount, SessionSpec
    from wrongarch.namespaces.emulation import FOLDER

    if emulator is None or arch.qemu != host_arch().qemu:
        return SessionSpec(arch=arch, root=root, emulator=emulator, cpu=arch.cpu), argv
    place = f"{FOLDER}/{emulator.path.name}"
    env = {"QEMU_CPU": arch.cpu} if arch.cpu else {}
    mounts = (Mount(source=emulator.path, target=place),)
    return SessionSpec(arch=arch, root=root, mounts=mounts, env=env), (place, *argv)


def _named(name: str, recipe: str, progress: Progress) -> Traveller:
    return traveller(*_made(name, recipe, progress))


def _made(name: str, recipe: str, progress: Progress) -> tuple[Choice, Image]:
    from wrongarch.cli import ground

    choice = ground.choose(ground.Words(arch=name, recipe=recipe), Path.cwd())
    return choice, ground.image(choice, progress)


def traveller(choice: Choice, image: Image) -> Traveller:
    """An image ready to go, with labels that say what it is."""
    from wrongarch.cli import ground
    from wrongarch.images.travel import Traveller

    lock = ground.find_lock(choice)
    return Traveller(root=image.root, arch=choice.image_arch, labels=_labels(choice, image), created=lock.epoch)


def _labels(choice: Choice, image: Image) -> dict[str, str]:
    import wrongarch
    from wrongarch.cli import ground
    from wrongarch.emulators import pins
    from wrongarch.images.feed import LABEL
    from wrongarch.recipes.model import DebianSource

    lock, recipe, source = ground.find_lock(choice), choice.recipe, choice.recipe.contents.source
    revision = source.sha256 if isinstance(source, DebianSource) else lock.source.inrelease
    return {
        "org.opencontainers.image.title": f"{recipe.name} for {choice.image_arch.name}",
        "org.opencontainers.image.description": recipe.contents.description,
        "org.opencontainers.image.revision": revision,
        "org.opencontainers.image.version": lock.suite,
        "wrongarch.version": wrongarch.__version__,
        "wrongarch.arch": choice.image_arch.name,
        "wrongarch.lock": lock.digest,
        LABEL: image.digest,
        "wrongarch.recipe": recipe.name,
        "wrongarch.emulator": f"QEMU {pins.load().default}",
    }


def _tag(traveller: Traveller) -> str:
    return f"localhost/wrongarch/{traveller.labels['wrongarch.recipe']}:{traveller.arch.name}"
