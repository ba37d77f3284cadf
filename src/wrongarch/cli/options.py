"""Options that several commands share, so that they look and mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer


def _arches(incomplete: str) -> list[str]:
    from wrongarch.arches.lookup import image_arches

    return [arch.name for arch in image_arches() if arch.name.startswith(incomplete)]


def _recipes(incomplete: str) -> list[str]:
    from wrongarch.recipes.reading import recipe_names

    return [name for name in recipe_names() if name.startswith(incomplete)]


def _emulators(incomplete: str) -> list[str]:
    from wrongarch.emulators import pins

    return [version for version in pins.load().candidates if version.startswith(incomplete)]


_ARCH: Any = {"metavar": "ARCH", "autocompletion": _arches, "show_default": False}

ArchName = Annotated[
    str, typer.Argument(help="An architecture, by any of its names (see `wrongarch arches`).", **_ARCH)
]
ArchNames = Annotated[list[str], typer.Argument(help="Architectures (see `wrongarch arches`).", **_ARCH)]
RecipeName = Annotated[
    str,
    typer.Option(
        "--recipe",
        "-r",
        metavar="NAME|PATH",
        help="What to build and test: a recipe's name, or the path of a recipe.toml. Without it, what ci/matrix.toml "
        "says for ARCH.",
        autocompletion=_recipes,
    ),
]
SourceName = Annotated[
    str,
    typer.Option(
        "--source",
        metavar="NAME|FOLDER",
        help="What to build the program from: a source of the recipe, or the folder of a checkout (jsc: release, or a "
        "WebKit checkout; WEBKIT_PATH does the same). `packaged`: the program as its image has it.",
    ),
]
VariantName = Annotated[
    str, typer.Option("--variant", metavar="NAME", help="How to build it (jsc: cloop, llint or jit).")
]
Settings = Annotated[
    list[str],
    typer.Option("--set", metavar="NAME=WORDS", help="Change a setting of the recipe's build; can be repeated."),
]
SuiteNames = Annotated[
    list[str], typer.Option("--suite", "-s", metavar="NAME", help="Only this suite of the recipe; can be repeated.")
]
Filter = Annotated[
    str, typer.Option("--filter", "-f", metavar="REGEX", help="Only tests whose id (suite/test [mode]) it matches.")
]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="Where commands run: sandbox, docker or podman. Without it (or with auto) docker if it answers, else "
        "podman if it does, else the sandbox.",
    ),
]
Limits = Annotated[
    list[str],
    typer.Option(
        "--limit",
        metavar="NAME=VALUE",
        help="Bound all commands together: cpus=1.5, memory=2g, pids=200; can be repeated.",
    ),
]
Keep = Annotated[
    bool, typer.Option("--keep", help="Leave the container running if a command in it failed, and say how to enter it.")
]
Accel = Annotated[
    str,
    typer.Option(
        "--accel",
        metavar="full|tools|none",
        help="Which tools of a build run natively instead of emulated, with the same results: all that are known, only "
        "compilers and linkers, or none.",
    ),
]
EmulatorVersion = Annotated[
    str,
    typer.Option(
        "--emulator",
        metavar="VERSION",
        help="A pinned QEMU (see `wrongarch emulator list`), or `native` where this machine runs ARCH itself. Without "
        "it, the default pin; none for the machine's own arch.",
        autocompletion=_emulators,
    ),
]
CpuModel = Annotated[
    str, typer.Option("--cpu", metavar="MODEL", help="The CPU that QEMU emulates. Without it, the default for ARCH.")
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="How many at once. Without it, one for each CPU.")
]
CapsuleFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="A capsule (.tar.zst or .tar.gz).", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON document on standard output, for programs.")]
Network = Annotated[bool, typer.Option("--network", help="Let commands reach the network of this machine.")]


CONTEXT: Any = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def new(summary: str = "", **settings: Any) -> typer.Typer:
    """A Typer for one command's module, with what all of them have in common."""
    return typer.Typer(
        help=summary or None,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={**CONTEXT, **settings.pop("context_settings", {})},
        **settings,
    )


def examples(*lines: str) -> str:
    """An epilog with examples, one command a line, as they are."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def print_json(document: object) -> None:
    """Print a document for programs, with two spaces of indentation."""
    import msgspec

    # the only type of ours that msgspec does not know is Path
    typer.echo(msgspec.json.format(msgspec.json.encode(document, enc_hook=str), indent=2))


def write(action: Callable[[], None], path: Path) -> None:
    """Write a file where the user asked for it. Raises MachineError if that is not allowed."""
    from wrongarch.errors import MachineError

    try:
        action()
    except OSError as error:
        raise MachineError(
            f"cannot write {path}: {error.strerror}", fix="start from a checkout that you can write to"
        ) from error
