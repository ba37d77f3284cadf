"""`wrongarch fetch`: what failed on a forge, and its capsules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.forges.fetching import Capsule
    from wrongarch.forges.model import Found

app = options.new()

TestRegex = Annotated[
    str, typer.Option("--test", "-t", metavar="REGEX", help="Only capsules of tests whose id matches.")
]
LatestFailure = Annotated[
    bool, typer.Option("--latest-failure", help="Of a branch or repository: the newest run that failed.")
]
MaxSize = Annotated[int, typer.Option("--max-size", min=1, metavar="MIB", help="Download at most that much.")]


@app.command(
    epilog=options.examples(
        "wrongarch fetch https://github.com/OWNER/REPO/actions/runs/123",
        "wrongarch fetch https://github.com/OWNER/REPO/pull/12 --arch s390x",
        "wrongarch fetch https://gitlab.com/GROUP/PROJECT/-/jobs/456 --test 'typed/.*'",
        "wrongarch fetch https://gitlab.com/GROUP/PROJECT/-/tree/main --latest-failure",
        "wrongarch fetch https://github.com/OWNER/REPO/actions/runs/123 --list",
    )
)
def fetch(
    url: Annotated[str, typer.Argument(metavar="URL", help="Of a run, job, pull request, commit, artifact or branch.")],
    arch: Annotated[str, typer.Option("--arch", "-a", metavar="ARCH", help="Only capsules of this arch.")] = "",
    test: TestRegex = "",
    latest_failure: LatestFailure = False,
    list_only: Annotated[bool, typer.Option("--list", "-l", help="Show what failed; download nothing.")] = False,
    max_size: MaxSize = 2048,
    json: options.Json = False,
) -> None:
    """Download the capsules of what failed, by the URL of a run, job, pull request or branch.

    Works with GitHub and GitLab, also servers of your own. Capsules go to .wrongarch/fetched; what is there already is
    not downloaded again, what was interrupted goes on.

    Tokens come from GH_TOKEN, GITHUB_TOKEN or GITLAB_TOKEN, from gh's or glab's configuration, from a netrc, or, in a
    job of GitLab, from CI_JOB_TOKEN. Those variables are for github.com and gitlab.com, or for the server that GH_HOST
    or GITLAB_HOST names. No token is sent to any other host, also where a forge redirects.
    """
    from wrongarch.cli.progress import Progress
    from wrongarch.forges import fetching

    with Progress() as progress:
        found = fetching.find(url, progress.say, latest_failure=latest_failure)
        if list_only:
            progress.clear()
            _list(found, json)
            return
        capsules = fetching.fetch(
            found,
            fetching.Wish(arch=_arch(arch), test=test, most=max_size << 20),
            Path.cwd(),
            progress=lambda done, total: progress("downloading capsules", done, total),
        )
    _show(found, capsules, json)


def _arch(name: str) -> str:
    from wrongarch.arches import lookup

    return lookup.find(name).name if name else ""


def _list(found: Found, json: bool) -> None:
    if json:
        options.print_json({"title": found.title, "failures": found.failures})
        return
    typer.echo(f"{found.title}: {len(found.failures)} failed")
    for failure in found.failures:
        typer.echo(f"{failure.job}  {failure.url}")
        if failure.note:
            typer.echo(f"  {failure.note}")
        if failure.bundle is not None and not failure.note:
            typer.echo(f"  {failure.bundle.name}: {failure.bundle.size >> 10} KiB")
        for capsule in failure.capsules:
            typer.echo(f"  {capsule.name}: {capsule.size >> 10} KiB  {' '.join(capsule.tests)}".rstrip())


def _show(found: Found, capsules: list[Capsule], json: bool) -> None:
    from wrongarch.process import pasteable

    if json:
        options.print_json(capsules)
        return
    typer.echo(f"{found.title}: {len(capsules)} capsules")
    for failure in found.failures:
        if failure.note:
            typer.echo(f"{failure.job}: {failure.note}")
    for one in capsules:
        path = one.path.relative_to(Path.cwd())
        typer.echo(f"{one.job}: {' '.join(one.tests)}".rstrip(": "))
        typer.echo(f"  {pasteable(['wrongarch', 'repro', str(path)])}")
