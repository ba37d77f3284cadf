"""`wrongarch binfmt`: the records that make a kernel hand foreign programs to QEMU."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options, registering

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wrongarch.arches.model import Arch

app = options.new("Show and change what makes a kernel hand foreign programs to QEMU.", no_args_is_help=True)


class InitSystem(StrEnum):
    """Whose binfmt.d the file is for."""

    SYSTEMD = "systemd"
    OPENRC = "openrc"


Flags = Annotated[
    str,
    typer.Option(
        "--flags",
        metavar="POCF",
        help="Any of P (keep argv[0]), O (the kernel opens the program), C (its setuid counts), F (the emulator is "
        "opened once, and need not be there in another root).",
    ),
]
Interpreter = Annotated[
    str, typer.Option("--interpreter", metavar="PATH", help="The emulator; {target} is QEMU's name for ARCH.")
]


app.registered_commands.extend(registering.app.registered_commands)


@app.command(
    "show",
    epilog=options.examples(
        "wrongarch binfmt show arm mips",
        "wrongarch binfmt show arm --interpreter /usr/bin/qemu-arm --flags OF",
        "wrongarch binfmt show --engine docker             what is registered there, by whom, and what is wrong",
    ),
)
def show_command(
    arches: Annotated[list[str] | None, typer.Argument(metavar="ARCH", help="Architectures.")] = None,
    flags: Flags = "POCF",
    interpreter: Interpreter = "/usr/bin/qemu-{target}-static",
    engine: Annotated[
        registering.Engine | None,
        typer.Option("--engine", help="Show what is registered on the host of this daemon instead."),
    ] = None,
    json: options.Json = False,
) -> None:
    """Print the line for /proc/sys/fs/binfmt_misc/register of each ARCH."""
    from wrongarch.arches import lookup
    from wrongarch.emulators import conf, records
    from wrongarch.errors import UsageError

    if engine is not None:
        registering.show_host(arches or [], engine.value, json=json)
        return
    if not arches:
        raise UsageError("which architecture?", fix="wrongarch binfmt show ARCH..., or --engine docker for all")
    by_target = {arch.qemu: arch for arch in reversed([lookup.find(name) for name in arches])}
    made = [
        (arch, records.make_record(arch, conf.interpreter_for(arch, interpreter), flags=flags))
        for arch in reversed(by_target.values())
    ]
    if not json:
        for _, record in made:
            typer.echo(records.render(record))
        return
    options.print_json(
        [
            {
                "arch": arch.name,
                "target": arch.qemu,
                "name": record.name,
                "interpreter": record.interpreter,
                "flags": record.flags,
                "offset": record.offset,
                "magic": record.magic.hex(),
                "mask": record.mask.hex(),
                "line": records.render(record).decode(errors="replace"),
            }
            for arch, record in made
        ]
    )


@app.command(
    "conf",
    epilog=options.examples(
        "wrongarch binfmt conf --output wrongarch.conf",
        "wrongarch binfmt conf arm mips --init openrc --interpreter /usr/bin/qemu-{target}",
        "wrongarch binfmt conf amd64 --host arm64",
    ),
)
def conf_command(
    arches: Annotated[
        list[str] | None, typer.Argument(help="For these; else for all with images.", metavar="ARCH")
    ] = None,
    init: Annotated[InitSystem, typer.Option("--init", help="What reads the file at boot.")] = InitSystem.SYSTEMD,
    everything: Annotated[bool, typer.Option("--all", help="For every target of QEMU.")] = False,
    host: Annotated[str, typer.Option("--host", metavar="ARCH", help="The file is for a machine of this arch.")] = "",
    flags: Flags = "POCF",
    interpreter: Interpreter = "/usr/bin/qemu-{target}-static",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there.")] = None,
) -> None:
    """Print a file for /etc/binfmt.d that registers QEMU at every boot.

    What the machine runs by itself is left out unless it is named.
    """
    from wrongarch.arches import lookup
    from wrongarch.emulators import conf

    named = [lookup.find(name) for name in arches or ()]
    chosen = conf.targets(named, lookup.find(host) if host else lookup.host_arch(), everything=everything)
    text = conf.conf(chosen, init.value, interpreter=interpreter, flags=flags)
    if output is None:
        typer.echo(text.encode(errors="surrogateescape"), nl=False)
    else:
        _write(text, output)
    if not host:
        _tell_missing(chosen, interpreter)


def _write(text: str, output: Path) -> None:
    from wrongarch import paths
    from wrongarch.errors import MachineError

    try:
        paths.write_atomically(output, text.encode(errors="surrogateescape"))
    except OSError as error:
        raise MachineError(
            f"cannot write {output}: {error.strerror}",
            fix=f"write it where you can, then: sudo install -D -m 644 FILE {output}",
        ) from error


def _tell_missing(chosen: Iterable[Arch], interpreter: str) -> None:
    """Say, beside the file, which emulators are not on this machine: registering them would fail."""
    from wrongarch.emulators import conf

    wanted = dict.fromkeys(conf.interpreter_for(arch, interpreter) for arch in chosen)
    missing = [path for path in wanted if not Path(path).is_file()]
    if missing:
        shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        typer.echo(f"note: not on this machine: {shown}", err=True)
