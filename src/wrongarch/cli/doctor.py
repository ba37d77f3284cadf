"""`wrongarch doctor`: probes of this machine, and of what programs of another arch meet on it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

    from wrongarch.cli.ground import Choice, Words
    from wrongarch.doctor.foreign import Guest
    from wrongarch.doctor.model import Checked, Finding, Machine

app = options.new()
_MARKS = {
    "pass": ("pass", "green"),
    "warn": ("warn", "yellow"),
    "fail": ("FAIL", "red"),
    "skip": ("skip", "bright_black"),
}


@app.command(
    epilog=options.examples(
        "wrongarch doctor                         this machine",
        "wrongarch doctor arm mips --build        and what programs of these arches meet on it",
        "wrongarch doctor --only namespaces       the probe that an error named",
        "wrongarch doctor --json >doctor.json     to attach to a report",
    )
)
def doctor(
    arches: Annotated[
        list[str] | None, typer.Argument(metavar="ARCH", help="Also run programs of these architectures.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="PROBE", help="Only this probe; can be repeated.")
    ] = None,
    build: Annotated[
        bool, typer.Option("--build", help="Make the image and the program that probes of ARCH need, if missing.")
    ] = False,
    emulator: options.EmulatorVersion = "",
    cpu: options.CpuModel = "",
    json: options.Json = False,
) -> None:
    """Try what this machine can do; say what to mend.

    Each probe tries the thing itself: it makes a private root, talks to the daemons, hashes the cache, asks the mirror.
    With ARCH, a small program of that arch is run in the sandbox. Nothing on the machine is changed. Ends with 0 if
    nothing fails, with 3 else.
    """
    from wrongarch.doctor import table
    from wrongarch.errors import MachineError

    wanted = tuple(only or ())
    table.check_names(wanted)
    found = []
    with _Waiting() as waiting:
        for one in _examined(tuple(arches or ()), wanted, emulator, cpu, build=build, before=waiting.show):
            waiting.clear()
            found.append(one)
            if not json:
                _show(one)
    if json:
        options.print_json(found)
    else:
        _conclude(found)
    if any(one.status == "fail" for one in found):
        raise typer.Exit(MachineError.exit_code)


class _Waiting:
    """On a terminal, the name of the probe that is being tried, until its line is there."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def show(self, name: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[Ktrying  {name} …")
            sys.stderr.flush()

    def clear(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _examined(
    arches: tuple[str, ...],
    only: tuple[str, ...],
    emulator: str,
    cpu: str,
    *,
    build: bool,
    before: Callable[[str], None],
) -> Iterator[Checked]:
    from wrongarch.arches import lookup
    from wrongarch.cli.ground import Words
    from wrongarch.doctor import foreign, table
    from wrongarch.doctor.model import Finding
    from wrongarch.errors import UsageError, WrongarchError

    if only and not set(only) & {probe.name for probe in table.FOREIGN}:
        arches = ()

    chosen = [lookup.find(name) for name in arches]  # a slip of the pen is told before anything is tried
    yield from table.examine(_machine(), only, before)
    for arch in chosen:
        words = Words(arch=arch.name, recipe=str(foreign.RECIPE), emulator=emulator, cpu=cpu, engine="sandbox")
        try:
            with _guest(words, build=build) as guest:
                if isinstance(guest, Finding):
                    yield from table.untried(arch.name, guest, only)
                else:
                    yield from table.examine_foreign(guest, only, before)
        except UsageError:
            raise  # of an option that means nothing
        except WrongarchError as error:
            why = Finding(status="fail", words=f"no session of {arch.name}: {error.what}", fix=error.fix)
            yield from list(table.untried(arch.name, why, only))[:1]


def _machine() -> Machine:
    from wrongarch import paths
    from wrongarch.doctor.model import Machine

    return Machine(cache=paths.cache_dir())


@contextmanager
def _guest(words: Words, *, build: bool) -> Iterator[Guest | Finding]:
    """A session with the program in it; or why there is none, where it may not be made."""
    from pathlib import Path

    from wrongarch import paths
    from wrongarch.arches import lookup
    from wrongarch.cli import ground
    from wrongarch.cli.progress import Progress
    from wrongarch.doctor import guests
    from wrongarch.doctor.model import skip
    from wrongarch.errors import UsageError
    from wrongarch.recipes import crosses
    from wrongarch.reports.progress import watch
    from wrongarch.runs.building import built
    from wrongarch.runs.pipeline import default_jobs

    arch = lookup.find(words.arch)
    if not arch.has_images:
        try:
            crosses.cross_for(arch)
        except UsageError as error:
            yield skip(error.what, error.fix)
            return
    choice = ground.choose(words, Path.cwd())
    if not build and not _made(words, choice):
        yield skip(f"no image with a compiler for {arch.name} is in the cache", f"wrongarch doctor {arch.name} --build")
        return
    with Progress() as progress:
        base = ground.ground(words, choice, progress)
    home = paths.cache_dir() / "doctor"
    home.mkdir(exist_ok=True)
    with watch(sys.stderr) as observer:
        made = built(choice.recipe, base, project=home, observer=observer, jobs=default_jobs())
        with made as program, guests.open_guest(base, program, home=home, here=Path.cwd()) as guest:
            yield guest


def _made(words: Words, choice: Choice) -> bool:
    """Whether all that has to be downloaded is there."""
    from wrongarch.cli import ground
    from wrongarch.emulators import pins, store
    from wrongarch.images import store as images

    if images.find(ground.find_lock(choice), choice.image_arch) is None:
        return False
    if words.emulator == ground.NATIVE or (not words.emulator and choice.arch == choice.host):
        return True
    return store.find(words.emulator or pins.load().default, choice.arch.qemu) is not None


def _show(one: Checked) -> None:
    mark, colour = _MARKS[one.status]
    name = f"{one.arch}: {one.probe}" if one.arch else one.probe
    typer.echo(f"{typer.style(mark, fg=colour)}  {name:<20} {one.words}")
    if one.fix and one.status != "pass":
        typer.echo(f"      {'':<20} fix: {one.fix}")


def _conclude(found: list[Checked]) -> None:
    counts = {status: sum(one.status == status for one in found) for status in _MARKS}
    words = {"pass": "fine", "warn": "with a limit", "fail": "FAILED", "skip": "not tried"}
    typer.echo("\n" + ", ".join(f"{counts[status]} {words[status]}" for status in _MARKS if counts[status]))
