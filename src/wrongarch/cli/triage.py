"""`wrongarch triage`: is it the product, the emulator, chance, or this machine?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.capsules.triage import Triage

app = options.new()


@app.command(
    epilog=options.examples(
        "wrongarch triage jsc-arm-….tar.zst",
        "wrongarch triage latest                         every capsule of the last run",
        "wrongarch triage jsc-arm-….tar.zst --times 50   for a failure that comes and goes",
        "wrongarch triage jsc-arm-….tar.zst --board ssh:me@raspberry",
        "wrongarch triage jsc-arm-….tar.zst --format markdown >report.md",
    )
)
def triage(
    file: Annotated[
        str, typer.Argument(metavar="FILE|RUN", help="A capsule, or a run with capsules.", show_default=False)
    ],
    test: Annotated[
        str, typer.Option("--test", "-t", metavar="N|ID", help="Which test of the capsule, if it has several.")
    ] = "",
    times: Annotated[
        int, typer.Option("--times", min=2, metavar="N", help="How often to run it under the recorded conditions.")
    ] = 10,
    budget: Annotated[
        float, typer.Option("--budget", min=1, metavar="SECONDS", help="The most time to spend on one condition.")
    ] = 300.0,
    board: Annotated[
        str,
        typer.Option("--board", metavar="ssh:HOST", help="A machine of that arch to run it on natively, as well."),
    ] = "",
    jobs: options.Jobs = None,
    engine: options.EngineName = "",
    trust_emulator: Annotated[
        bool, typer.Option("--trust-emulator", help="Use the emulator in the capsule, not our own of the same hash.")
    ] = False,
    format: Annotated[
        Literal["text", "markdown", "json"], typer.Option("--format", help="How to print the report.")
    ] = "text",
    json: options.Json = False,
) -> None:
    """Find out by experiment what a failure is due to.

    Runs it as recorded, several times; then with one thing changed at a time: every pinned QEMU, other CPU models, one
    CPU of this machine, memory at fixed addresses, the JIT off, and without an emulator where this machine (or a
    --board) can. The verdict is *product*, *emulator* (with the versions between which it changes), *flaky* (with its
    rate), *environment* (it does not fail here), or *unknown*; the table it rests on is printed with it.
    """
    from wrongarch.capsules import board as boards

    host = boards.destination(board) if board else ""
    form = "json" if json else format
    results = [_triage(place, test, times, budget, host, jobs, engine, trust_emulator, form) for place in _places(file)]
    if form == "json":
        options.print_json(results[0] if len(results) == 1 else results)


def _places(word: str) -> list[Path]:
    """A capsule's path, or those of a run; its capsule of several tests only if there is no other."""
    from wrongarch.cli.repro import local
    from wrongarch.errors import UsageError
    from wrongarch.runs.folder import run_path

    if "://" in word or Path(word).expanduser().is_file():
        return [local(word)]
    if word.endswith((".zst", ".gz")):
        raise UsageError(f"there is no capsule {word}", fix="give the path of a capsule, or the id of a run")
    folder = run_path(Path.cwd(), word)
    found = sorted((folder / "capsules").glob("*.tar.*"))
    single = [path for path in found if "-run-" not in path.name]
    if not found:
        raise UsageError(f"the run {folder.name} has no capsules", fix=f"wrongarch capsule create {folder.name}")
    return single or found


def _triage(
    place: Path,
    test: str,
    times: int,
    budget: float,
    host: str,
    jobs: int | None,
    engine: str,
    trust_emulator: bool,
    form: str,
) -> Triage:
    from wrongarch.capsules import evidence
    from wrongarch.capsules.repro import Options
    from wrongarch.capsules.triage import Plan
    from wrongarch.capsules.triage import triage as experiment
    from wrongarch.cli.ground import engine as find_engine
    from wrongarch.cli.progress import Progress
    from wrongarch.cli.repro import DEFAULT_ENGINE

    wanted = Options(test=test, trust_emulator=trust_emulator)
    plan = Plan(times=times, budget=budget, board=host, jobs=jobs or 0)
    with Progress() as progress:
        result = experiment(place, wanted, find_engine(engine or DEFAULT_ENGINE), plan, on_step=progress)
    if form == "text":
        typer.echo(evidence.text(result))
    elif form == "markdown":
        typer.echo(evidence.markdown(result))
    return result
