"""`wrongarch ci`: the pipelines of GitHub Actions and GitLab CI, generated from ci/matrix.toml, and their jobs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.pipelines.jobs import Pipeline, TestJob

app = options.new(
    "Generate pipelines for GitHub and GitLab from ci/matrix.toml, and run their jobs.", no_args_is_help=True
)


@app.command(
    "init",
    epilog=options.examples(
        "wrongarch ci init                              a matrix, and a recipe to fill in",
        "wrongarch ci init --arch arm --arch s390x --recipe quickjs",
    ),
)
def init(
    arch: Annotated[
        list[str], typer.Option("--arch", "-a", metavar="ARCH", help="An arch to test on; can be repeated.")
    ] = ["arm", "s390x"],
    recipe: Annotated[
        str,
        typer.Option("--recipe", "-r", metavar="NAME", help="A recipe of ours; without it, one of your own is begun."),
    ] = "",
) -> None:
    """Start a pipeline in this repository: ci/matrix.toml, its schema for editors, and a recipe.

    One arch with a 64-bit and one with a 32-bit word, or one of each byte order, find most of what goes wrong. Nothing
    that is there already is changed.
    """
    from wrongarch.pipelines import starting

    for name in starting.start(Path.cwd(), tuple(arch), recipe):
        typer.echo(f"wrote {name}")
    typer.echo("next: edit ci/matrix.toml and the recipe; wrongarch test ARCH; wrongarch ci generate")


@app.command(
    "generate",
    epilog=options.examples(
        "wrongarch ci generate                          after every change of ci/matrix.toml or of a lock",
        "wrongarch ci generate --check                  in lint: exit 1 and a diff where a file is out of date",
    ),
)
def generate(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1, with a diff, if a file is not as generated.")
    ] = False,
) -> None:
    """Write .github/workflows/wrongarch.yml and .gitlab-ci.yml from ci/matrix.toml.

    Both are to be committed. A file that somebody else wrote is left alone, with an error. The JSON Schema of the
    matrix, for editors, goes to ci/matrix.schema.json.
    """
    from wrongarch.cli import jobs
    from wrongarch.errors import TestsFailed
    from wrongarch.pipelines import files

    project = Path.cwd()
    pipeline = jobs.load(project)
    made = files.contents(pipeline)
    for line in files.splits(pipeline):
        typer.echo(line, err=True)
    if check:
        diffs = list(files.drift(made, project))
        sys.stdout.write("".join(diffs))
        if diffs:
            what = f"{len(diffs)} of {len(made)} generated files are out of date"
            raise TestsFailed(what, fix="wrongarch ci generate, and commit the result")
        typer.echo(f"up to date: {', '.join(made)}")
        return
    written = files.write(made, project)
    typer.echo(f"{len(pipeline.images)} image jobs, {len(pipeline.tests)} test jobs")
    for name in made:
        typer.echo(f"{'wrote' if name in written else 'unchanged'} {name}")


@app.command(
    "matrix",
    epilog=options.examples(
        "wrongarch ci matrix                            the jobs that the matrix comes to",
        "wrongarch ci matrix --json",
        "wrongarch ci matrix --schema                   the JSON Schema of ci/matrix.toml",
    ),
)
def matrix_command(
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of ci/matrix.toml.")] = False,
    json: options.Json = False,
) -> None:
    """List the jobs of the pipeline, with where they run and what may fail."""
    from wrongarch.cli import jobs
    from wrongarch.pipelines import files

    if schema:
        typer.echo(files.schema_text(), nl=False)
        return
    pipeline = jobs.load(Path.cwd())
    if json:
        options.print_json({"images": pipeline.images, "tests": pipeline.tests})
        return
    for image in pipeline.images:
        typer.echo(image.id)
    for job in pipeline.tests:
        allowed = f", may fail: {job.allowed}" if job.allowed else ""
        typer.echo(f"{job.id} (after {job.image}, {job.timeout} min on {pipeline.machines(job)}{allowed})")


@app.command(
    "run",
    epilog=options.examples(
        "wrongarch ci run                               the whole pipeline, on this machine",
        "wrongarch ci run --arch arm --arch mips",
        "wrongarch ci run arm-jsc-stress-1-of-4         one job, as a forge runs it",
    ),
)
def run(
    job: Annotated[
        list[str] | None,
        typer.Argument(metavar="[JOB]...", help="Ids of `wrongarch ci matrix`, or globs of them.", show_default=False),
    ] = None,
    arch: Annotated[
        list[str] | None, typer.Option("--arch", "-a", metavar="ARCH", help="Only the jobs of this arch; repeatable.")
    ] = None,
) -> None:
    """Run jobs of the pipeline on this machine: images first, then tests, then the report.

    Pipelines of GitHub and GitLab call it with one JOB. Results go to .wrongarch/ci, capsules of failures to
    .wrongarch/capsules. Trouble with the network or an engine is tried again; a test is not.
    """
    from wrongarch.cli import jobs

    project = Path.cwd()
    pipeline = jobs.load(project)
    if job and len(job) == 1 and not arch and (one := pipeline.find(job[0])) is not None:
        raise typer.Exit(jobs.Runner(pipeline, project).run(one))
    runner = jobs.Runner(pipeline, project, alone=False)
    wanted = _wanted(pipeline, job or [], arch or [])
    outcomes = jobs.run_all(runner, pipeline, wanted, project)
    broken = [one.exit_code for one in outcomes if one.exit_code and one.job.startswith("image-")]
    ran = {one.job for one in outcomes if not one.why}
    code = _report(pipeline, project, [one for one in wanted if one.id in ran])
    raise typer.Exit(code or (broken[0] if broken else 0))


@app.command(
    "act",
    context_settings={"ignore_unknown_options": True},
    epilog=options.examples(
        "wrongarch ci act                               as after a push",
        "wrongarch ci act pull_request                  as for a pull request",
        "wrongarch ci act -- push --job test-arm-jsc    any words of act's own",
    ),
)
def act(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help="An event, options of act.", show_default=False)
    ] = None,
) -> None:
    """Run the workflow of GitHub on this machine, by act (https://nektosact.com).

    Its actions have stand-ins, so that no network is needed: artifacts, and the capsules of failures among them, are
    folders in .wrongarch/act/artifacts. The exit code is act's.
    """
    from wrongarch.cli import acting

    acting.start(Path.cwd(), words or [])


def _wanted(pipeline: Pipeline, globs: list[str], arches: list[str]) -> list[TestJob]:
    from fnmatch import fnmatchcase

    from wrongarch.arches import lookup
    from wrongarch.errors import UsageError
    from wrongarch.recipes.checks import meant

    names = {lookup.find(name).name for name in arches}
    found = [
        one
        for one in pipeline.tests
        if (not globs or any(fnmatchcase(one.id, glob) for glob in globs)) and (not names or one.cell.arch in names)
    ]
    if not found:
        words = " ".join([*globs, *arches])
        ids = [*(image.id for image in pipeline.images), *(one.id for one in pipeline.tests)]
        raise UsageError(f"the pipeline has no job {words!r}{meant(words, ids)}", fix="wrongarch ci matrix")
    return found


@app.command(
    "report",
    epilog=options.examples("wrongarch ci report                            after jobs have run"),
)
def report() -> None:
    """Put the results of all jobs in .wrongarch/ci together, as the last job of a pipeline does.

    Writes .wrongarch/report (results.json, junit.xml, summary.md) and the times of tests that the next pipeline's
    shards are balanced by (.wrongarch/durations.json). Exits 1 if tests failed, 3 if results are missing.
    """
    from wrongarch.cli import jobs

    project = Path.cwd()
    pipeline = jobs.load(project)
    raise typer.Exit(_report(pipeline, project, list(pipeline.tests)))


def _report(pipeline: Pipeline, project: Path, wanted: list[TestJob]) -> int:
    import msgspec

    from wrongarch.pipelines import merge, places, records
    from wrongarch.pipelines.surroundings import detect, quoted

    here = detect()
    judged = merge.judge(
        msgspec.structs.replace(pipeline, tests=tuple(wanted)), list(records.collect(project / places.RESULTS))
    )
    text = merge.write(judged, project)
    with quoted(here):
        typer.echo(text)
    here.summarize(text)
    typer.echo(f"report: {places.REPORT}")
    return judged.exit_code
