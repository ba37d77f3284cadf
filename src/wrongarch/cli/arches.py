"""`wrongarch arches`: the table of architectures."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wrongarch.arches.model import Arch

app = options.new()

HEADINGS = ("arch", "here", "debian", "suites", "elf", "qemu", "cpu", "names")


@app.command(epilog=options.examples("wrongarch arches", "wrongarch arches --json"))
def arches(json: options.Json = False) -> None:
    """List the architectures, with all their names.

    Those with a Debian name have images; on the others, statically linked programs run. "here" says what runs them on
    this machine: its own CPU or QEMU, which emulates the model under "cpu" if not told otherwise.
    """
    from wrongarch.arches import lookup

    known = lookup.all_arches()
    here = _how_here(known)
    if json:
        options.print_json([_document(arch, here[arch.name]) for arch in known])
        return
    rows = [_row(arch, here[arch.name]) for arch in known]
    lines = aligned([HEADINGS, *rows])
    if sys.stdout.isatty():
        _print_on_terminal(lines)
    else:
        typer.echo("\n".join(lines))


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines, columns of equal width two spaces apart. No cell is empty or has a space: awk can count them."""
    cells = [[cell.replace(" ", ",") or "-" for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _print_on_terminal(lines: Sequence[str]) -> None:
    """One line each: what is wider than the terminal is cut, the names at the end first."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for number, line in enumerate(lines):
        console.print(Text(line, style="" if number else "bold"), no_wrap=True, overflow="ellipsis")


def _row(arch: Arch, here: str) -> tuple[str, ...]:
    names = (*arch.aliases, arch.triplet, _platform(arch))
    return (
        arch.name,
        here,
        arch.debian,
        " ".join(arch.suites),
        f"{arch.bits}{'le' if arch.endian == 'little' else 'be'}",
        arch.qemu,
        arch.cpu or "",
        " ".join(filter(None, names)),
    )


def _platform(arch: Arch) -> str:
    if arch.platform is None:
        return ""
    return "/".join(part for part in (arch.platform.os, arch.platform.architecture, arch.platform.variant) if part)


def _how_here(known: Sequence[Arch]) -> dict[str, str]:
    from wrongarch.arches import lookup
    from wrongarch.errors import MachineError

    try:
        host = lookup.host_arch()
    except MachineError:  # not in the table: all the more reason to show it
        return dict.fromkeys((arch.name for arch in known), "")
    return {arch.name: "CPU" if lookup.runs_natively(arch, host) else "QEMU" for arch in known}


def _document(arch: Arch, here: str) -> dict[str, object]:
    import msgspec

    return {
        **msgspec.structs.asdict(arch),
        "platform": _platform(arch) or None,
        "magic": arch.magic.hex(),
        "mask": arch.mask.hex(),
        "here": here or None,
    }
