"""The program `wrongarch`: its commands by name, each imported when it is used."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import wrongarch
from wrongarch.cli import errors, options, signals

# name: (module in wrongarch.cli, the first line of its help, which a test compares)
COMMANDS = {
    "test": ("test", "Test a program on ARCH, after building what that takes."),
    "build": ("build", "Build the program under test for ARCH, in its image."),
    "verify-accel": (
        "verify_accel",
        "Build a recipe for ARCH with native tools and all emulated, and compare what they made.",
    ),
    "repro": ("repro", "Replay a capsule, and say whether it fails as it was recorded."),
    "triage": ("triage", "Find out by experiment what a failure is due to."),
    "capsule": ("capsule", "Look into capsules, and make them of earlier runs."),
    "shell": ("shell", "Open a terminal inside the image of ARCH."),
    "run": ("run", "Run one command inside the image of ARCH."),
    "report": ("report", "Show one run or several as one HTML file."),
    "doctor": ("doctor", "Try what this machine can do; say what to mend."),
    "image": ("image", "Lock, build and send the Debian roots that programs run in."),
    "emulator": ("emulator", "List, download and refresh the pinned QEMU binaries."),
    "binfmt": ("binfmt", "Show and change what makes a kernel hand foreign programs to QEMU."),
    "ci": ("ci", "Generate pipelines for GitHub and GitLab from ci/matrix.toml, and run their jobs."),
    "fetch": ("fetch", "Download the capsules of what failed, by the URL of a run, job, pull request or branch."),
    "arches": ("arches", "List the architectures, with all their names."),
}
EXAMPLES = """\b
Examples:
  wrongarch test arm                       test JavaScriptCore on 32-bit ARM
  wrongarch test mips --filter typed       only the tests whose name matches
  wrongarch repro jsc-arm-….tar.zst        see a failure that somebody else had
  wrongarch run s390x -- uname -m          any command, in a throw-away copy of the root
  wrongarch shell arm64                    look around

\b
Exit codes: 0 fine, 1 tests failed, 2 usage or bad input, 3 this machine can't, 4 network, 5 untrusted or damaged
input, 70 our bug, 130 interrupted.
"""


class Deferred(TyperCommand):
    """Stands for a command in the list; the real one takes over as soon as its words are to be parsed."""

    def __init__(self, name: str, module: str, summary: str) -> None:
        super().__init__(name, help=summary, rich_markup_mode=None)
        self._module = module

    def load(self) -> Any:
        """The real command, made from `app` of its module."""
        return typer.main.get_command(import_module(f"wrongarch.cli.{self._module}").app)

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:  # Any: typer vendors
        """Parse `args` as the real command does; `command` of the context is the real one."""  # click's types away
        return self.load().make_context(info_name, args, parent=parent, **extra)


class Commands(TyperGroup):
    """All commands, unloaded; what one of them raises becomes a message and an exit code."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, (module, summary) in COMMANDS.items():
            self.add_command(Deferred(name, module, summary))

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # here, where a closed pipe can still be told
        except (typer.TyperException, typer.Exit, typer.Abort):
            raise
        except KeyboardInterrupt as stop:
            raise typer.Exit(signals.tell()) from stop
        except Exception as error:
            raise typer.Exit(errors.tell(error, ctx.obj)) from error
        return result


app = typer.Typer(
    cls=Commands,
    rich_markup_mode=None,  # rich would double the time of --help
    pretty_exceptions_enable=False,
    context_settings=options.CONTEXT,
    no_args_is_help=True,
    epilog=EXAMPLES,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wrongarch {wrongarch.__version__}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Reproduce a failure on the architecture you do not have.

    Builds a Debian root for another architecture, runs its programs under a pinned QEMU in namespaces of your own (no
    daemon, no root, nothing registered on this machine), and tests a program there.
    """


def start(argv: Sequence[str] | None = None) -> int:
    """Parse and run; the exit code. KeyboardInterrupt passes through."""
    words = list(sys.argv[1:] if argv is None else argv)
    command = typer.main.get_command(app)
    try:
        # the words are kept in `obj` for the report of a bug
        result = command.main(words, prog_name="wrongarch", standalone_mode=True, obj=words)
    except SystemExit as end:
        result = end.code
    return result if isinstance(result, int) else 0
