"""`wrongarch test`: the whole way from an image to a table of results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
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
    suite: options.SuiteNames = [],  # noqa: B006  typer makes a new list for each call
    filter: options.Filter = "",
    emulator: options.EmulatorVersion = "",
    cpu: options.CpuModel = "",
    engine: options.EngineName = "",
    limit: options.Limits = [],  # noqa: B006  typer makes a new list for each call
    keep: options.Keep = False,
    jobs: options.Jobs = None,
    shard: Annotated[
        str, typer.Option("--shard", metavar="K/N", help="The K-th of N parts of the tests, for N machines.")
    ] = "",
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
    json: options.Json = False,
) -> None:
    """Test a program on ARCH, after building what that takes.

    Makes what is missing (emulator, image, program), runs every test of the recipe's suites on ARCH, and proves that
    it was that program under that emulator. Results go to .wrongarch/runs of this folder as they come: results.json,
    junit.xml, and the output of what failed.
    """
    from wrongarch.cli.ground import Words
    from wrongarch.errors import TestsFailed
    from wrongarch.runs.model import Options

    words = Words(arch=arch, recipe=recipe, emulator=emulator, cpu=cpu, engine=engine, limits=tuple(limit), keep=keep)
    wanted = Options(
        suites=tuple(suite),
        filter=filter,
        shard=shard,
        jobs=jobs,
        retries=retries,
        timeout_scale=timeout,
        cpu=cpu or None,
        fail_fast=fail_fast,
        max_failures=max_failures,
        strict_flaky=strict_flaky,
    )
    result = _run(words, wanted)
    _show(result, json)
    if result.red:
        raise typer.Exit(TestsFailed.exit_code)


def _run(words: Words, wanted: Options) -> RunResult:
    import msgspec

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
        return run_tests(
            choice.recipe,
            base,
            wanted,
            project=project,
            observer=observer,
            other_emulators=ground.other_emulators(base.emulator, choice.host),
            explain_loader=ground.explain_loader,
        )


def _show(result: RunResult, json: bool) -> None:
    if json:
        from wrongarch.reports.document import json_results

        sys.stdout.write(json_results(result.document).decode())
        return
    from wrongarch.reports.summary import print_summary

    print_summary(result.document, result.folder, sys.stdout)
