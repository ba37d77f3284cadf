"""`wrongarch emulator`: the pinned QEMU binaries."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.cli.progress import Progress
    from wrongarch.debian.packages import Index
    from wrongarch.emulators.pins import Pins

app = options.new("List, download and refresh the pinned QEMU binaries.", no_args_is_help=True)


@app.command("list", epilog=options.examples("wrongarch emulator list", "wrongarch emulator list --json"))
def list_command(json: options.Json = False) -> None:
    """List the versions that can be given to --emulator on this machine."""
    from wrongarch.arches import lookup
    from wrongarch.emulators import pins

    known, host = pins.load(), lookup.host_arch()
    found = [
        {
            "version": version,
            "default": version == known.default,
            "packages": [
                {"suite": one.suite, "package": one.file.name, "release": one.file.version, "sha256": one.file.sha256}
                for one in by_host.get(host.debian, ())
            ],
        }
        for version, by_host in known.candidates.items()
    ]
    if json:
        options.print_json(found)
        return
    for version, by_host in known.candidates.items():
        typer.echo(version + " (default)" * (version == known.default))
        packages = by_host.get(host.debian, ())
        for one in packages:
            typer.echo(f"  {one.file.name} {one.file.version} from {one.suite}")
        if not packages:
            typer.echo(f"  no package for {host.debian} hosts")


@app.command(
    "get",
    epilog=options.examples("wrongarch emulator get 10.0 arm mips", "wrongarch emulator get 11.1"),
)
def get_command(
    version: Annotated[str, typer.Argument(help="A pinned version.", metavar="VERSION")],
    arches: Annotated[
        list[str] | None, typer.Argument(help="For these; else for all with images.", metavar="ARCH")
    ] = None,
    json: options.Json = False,
) -> None:
    """Download emulators into the store, and check the hash of those that are there."""
    from wrongarch.arches import lookup
    from wrongarch.cli.progress import Progress
    from wrongarch.emulators import store

    wanted = [lookup.find(name) for name in arches] if arches else list(lookup.image_arches())
    with Progress() as progress:

        def tell(done: int, total: int | None) -> None:
            progress(f"downloading QEMU {version}", done, total)

        found = [store.get(version, arch.qemu, verify=True, progress=tell) for arch in wanted]
    if json:
        options.print_json(found)
        return
    for emulator in found:
        typer.echo(f"{emulator.target}: QEMU {emulator.version} ({emulator.release})")
        typer.echo(f"  {emulator.path} sha256:{emulator.sha256}")


@app.command(
    "refresh",
    epilog=options.examples(
        "wrongarch emulator refresh",
        "wrongarch emulator refresh --all-hosts --output src/wrongarch/emulators/pins.json",
    ),
)
def refresh_command(
    all_hosts: Annotated[bool, typer.Option("--all-hosts", help="For hosts of every arch, not only this one.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write there, not to pins.json of the user.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Pin what Debian's signed indices have now, with the same minor versions as before.

    Archives drop a version when its suite moves on. The new pins go into your own pins.json, which comes before the
    shipped ones.
    """
    from wrongarch.cli.progress import Progress
    from wrongarch.emulators import pins

    before = pins.load()
    with Progress() as progress:
        after = pins.refresh_pins(before, _indices(before, all_hosts, progress))
    path = output or pins.user_file()
    if after != before or output is not None:
        options.write(lambda: pins.write(after, path), path)
    changes = _changes(before, after)
    if json:
        options.print_json({"file": str(path), "changes": changes})
        return
    for line in changes:
        typer.echo(line)
    typer.echo(f"written: {path}" if after != before or output is not None else "every pin is as the archive has it")


def _indices(known: Pins, all_hosts: bool, progress: Progress) -> list[Index]:
    from wrongarch.arches import lookup
    from wrongarch.emulators import pins
    from wrongarch.errors import UsageError
    from wrongarch.images.archive import fetch_verified

    here = lookup.host_arch().debian
    hosts = sorted({host for by_host in known.candidates.values() for host in by_host}) if all_hosts else [here]
    found: list[Index] = []
    for host in hosts:
        for suite in pins.suites(known):
            with suppress(UsageError):  # a suite without that architecture
                found.append(fetch_verified(suite, host, progress))
    return found


def _changes(before: Pins, after: Pins) -> list[str]:
    """One line for each package that is pinned anew."""
    lines = []
    for version, by_host in after.candidates.items():
        for host, candidates in by_host.items():
            old = {one.file.sha256 for one in before.candidates.get(version, {}).get(host, ())}
            lines += [
                f"{version} on {host}: {one.file.name} {one.file.version} from {one.suite}"
                for one in candidates
                if one.file.sha256 not in old
            ]
    return lines
