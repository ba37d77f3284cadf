"""`wrongarch test`: the whole way from an image to a table of results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.capsules.keeper import CapsuleKeeper, Wish
    from wrongarch.cli.ground import Words
    from wrongarch.runs.model import Options
    from wrongarch.runs.pipeline import RunResult

app = options.new()


@app.command(
    epilog=options.examples(
        "wrongarch test arm",
        "wrongarch test mips --recipe quickjs --jobs 4",
        "wrongarch test s390x --suite stress --filter 'typed/.*no-jit'",
        "wrongarch test arm --emulator 7.2 --cpu cortex-a7",
        "wrongarch test arm64 --shard 2/4 --json >results.json",
    )
)
def test(
    arch: options.ArchName,
    recipe: options.RecipeName = "",
    source: options.SourceName = "",
    variant: options.VariantName = "",
    set: options.Settings = [],
    suite: options.SuiteNames = [],
    filter: options.Filter = "",
    emulator: options.EmulatorVersion = "",
    cpu: options.CpuModel = "",
    engine: options.EngineName = "",
    accel: options.Accel = "full",
    limit: options.Limits = [],
    keep: options.Keep = False,
    jobs: options.Jobs = None,
    shard: Annotated[
        str, typer.Option("--shard", metavar="K/N", help="The K-th of N parts of the tests, for N machines.")
    ] = "",
    durations: Annotated[
        Path | None,
        typer.Option(
            "--durations", metavar="FILE", help="Balance the shards by the times in FILE (see `wrongarch ci report`)."
        ),
    ] = None,
    retries: Annotated[
        int | None, typer.Option("--retries", min=0, metavar="N", help="Try a failed test again N times.")
    ] = None,
    timeout: Annotated[
        float,
        typer.Option("--timeout-scale", metavar="X", help="Multiply every test's own timeout, for a slow machine."),
    ] = 1.0,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", "-x", help="Stop at the first failure.")] = False,
    max_failures: Annotated[
        int | None, typer.Option("--max-failures", min=1, metavar="N", help="Stop after N failures.")
    ] = None,
    strict_flaky: Annotated[
        bool, typer.Option("--strict-flaky", help="Count a test that passed only when tried again as failed.")
    ] = False,
    capsules: Annotated[
        int,
        typer.Option(
            "--capsules", min=0, metavar="N", help="Keep at most N failing tests as capsules, and one of all these."
        ),
    ] = 5,
    full_capsules: Annotated[
        bool, typer.Option("--full-capsules", help="Put the whole root into capsules, not only what the test needs.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Test a program on ARCH, after building what that takes.

    Makes what is missing (emulator, image, program), runs every test of the recipe's suites on ARCH, and proves that
    it was that program under that emulator. Results go to .wrongarch/runs of this folder as they come: results.json,
    junit.xml, the output of what failed, and a capsule of each failing test: a file that replays it anywhere.
    """
    from wrongarch.capsules.keeper import Wish
    from wrongarch.cli.ground import Words
    from wrongarch.errors import TestsFailed
    from wrongarch.recipes.forms import Wish as FormWish
    from wrongarch.runs.model import Options

    form = FormWish(source=source, variant=variant, settings=tuple(set))
    words = Words(
        arch=arch,
        recipe=recipe,
        form=form,
        emulator=emulator,
        cpu=cpu,
        engine=engine,
        limits=tuple(limit),
        keep=keep,
        accel=accel,
    )
    wanted = Options(
        suites=tuple(suite),
        filter=filter,
        shard=shard,
        durations=str(durations) if durations is not None else "",
        jobs=jobs,
        retries=retries,
        timeout_scale=timeout,
        cpu=cpu or None,
        fail_fast=fail_fast,
        max_failures=max_failures,
        strict_flaky=strict_flaky,
    )
    result, keeper = run(words, wanted, Wish(most=capsules, full=full_capsules))
    _show(result, json)
    _show_capsules(keeper, result)
    if result.red:
        raise typer.Exit(TestsFailed.exit_code)


def run(words: Words, wanted: Options, wish: Wish) -> tuple[RunResult, CapsuleKeeper]:
    """A whole test run of this folder's project, with progress on standard error; and who kept its failures."""
    import msgspec

    from wrongarch.capsules.keeper import CapsuleKeeper
    from wrongarch.cli import ground
    from wrongarch.cli.progress import Progress
    from wrongarch.reports.progress import watch
    from wrongarch.runs.pipeline import run_tests
    from wrongarch.runs.plan import parse_shard, select_suites

    project = Path.cwd()
    choice = ground.choose(words, project)
    if not wanted.suites and choice.suites:
        wanted = msgspec.structs.replace(wanted, suites=choice.suites)
    parse_shard(wanted.shard)  # a slip of the pen is told before anything is downloaded
    select_suites(choice.recipe.contents.suites, wanted.suites, choice.arch.name)
    with Progress() as progress:
        base = ground.ground(words, choice, progress)
    with watch(sys.stderr) as observer:
        keeper = CapsuleKeeper(wish, observer.note)
        result = run_tests(
            choice.recipe,
            base,
            wanted,
            project=project,
            observer=observer,
            other_emulators=ground.other_emulators(base.emulator, choice.host),
            explain_loader=ground.explain_loader,
            keeper=keeper,
        )
        return result, keeper


def _show_capsules(keeper: CapsuleKeeper, result: RunResult) -> None:
    """Which capsules there are, on standard error: standard output is for results."""
    from wrongarch.process import pasteable

    for written in keeper.written:
        typer.echo(f"capsule: {written.path} ({written.size / (1 << 20):.1f} MiB)", err=True)
    if keeper.written:
        typer.echo(f"to replay it: {pasteable(['wrongarch', 'repro', str(keeper.written[0].path)])}", err=True)
    if keeper.passed_over:
        words = pasteable(["wrongarch", "capsule", "create", result.folder.name, "--test", "ID"])
        typer.echo(f"{keeper.passed_over} more failed; a capsule of one of them: {words}", err=True)


def _show(result: RunResult, json: bool) -> None:
    if json:
        from wrongarch.reports.document import json_results

        sys.stdout.write(json_results(result.document).decode())
        return
    from wrongarch.reports.summary import print_summary

    print_summary(result.document, result.folder, sys.stdout)
