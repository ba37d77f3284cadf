"""Tables of what the code knows: exit codes, errors, architectures, variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tools.manual.environment import VARIABLES
from wrongarch import errors
from wrongarch.arches import table as arches

GENERATED = "<!-- made from the code by `python -m tools.manual`: change it there -->\n"


def rows(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; cells may hold anything but line ends."""
    escaped = [[" ".join(cell.split()).replace("|", "\\|") for cell in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in [list(head), ["---"] * len(head), *escaped])


def error_classes() -> Iterator[type[errors.WrongarchError]]:
    """Every kind of error, by its exit code."""
    return iter(sorted(errors.WrongarchError.__subclasses__(), key=lambda kind: kind.exit_code))


def exit_codes() -> list[tuple[int, str]]:
    """Exit codes besides 0, with what they mean."""
    return [(kind.exit_code, (kind.__doc__ or "").strip()) for kind in error_classes()]


def errors_page() -> str:
    """Exit codes and the classes of `wrongarch.errors`."""
    lines = [("0", "", "It worked.")]
    lines += [(str(kind.exit_code), f"`{kind.__name__}`", kind.__doc__ or "") for kind in error_classes()]
    return f"""{GENERATED}
# Exit codes and errors

Every command ends with one of these. The class is that of `wrongarch.errors`, for who reads or writes the code.

{rows(("exit code", "class", "meaning"), lines)}
`wrongarch run` ends with the exit code of its own command: 128 + N where signal N killed it, 124 where it took too
long, 127 where it could not start.

An error says what failed and why (`error:`), and what to type next (`fix:`).
"""


def arches_page() -> str:
    """The table of architectures."""
    lines = []
    for arch in arches.ARCHES:
        platform = arch.platform
        words = "/".join(filter(None, (platform.os, platform.architecture, platform.variant))) if platform else ""
        lines.append(
            (
                f"`{arch.name}`",
                ", ".join(f"`{alias}`" for alias in arch.aliases),
                f"{arch.debian} ({', '.join(arch.suites)})" if arch.debian else "",
                f"`{arch.qemu}`",
                f"`{arch.cpu}`" if arch.cpu else "",
                words,
                f"`{arch.triplet}`",
                f"`{arch.uname}`",
                f"{arch.bits}, {arch.endian}",
            )
        )
    head = ("name", "also", "Debian", "QEMU", "CPU", "OCI", "triplet", "`uname -m`", "bits, endian")
    with_images = sum(bool(arch.debian) for arch in arches.ARCHES)
    return f"""{GENERATED}
# Architectures

{len(arches.ARCHES)} in all. Debian carries {with_images} of them, so that an image can be built; on the others, static
programs run. `wrongarch arches` shows this table, too. CPU is the model that QEMU emulates unless told otherwise.

{rows(head, lines)}"""


def environment_page() -> str:
    """Variables of the environment."""
    lines = [(", ".join(f"`{name}`" for name in names.split(", ")), text) for names, text in VARIABLES.items()]
    return f"""{GENERATED}
# Environment

{rows(("variable", "meaning"), lines)}"""
