"""`wrongarch repro`: see a failure that somebody had on another architecture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from wrongarch.cli import options

if TYPE_CHECKING:
    from wrongarch.capsules.manifest import Manifest
    from wrongarch.capsules.repro import Options, Report
    from wrongarch.engines.base import Engine
    from wrongarch.errors import UsageError

app = options.new()
DEFAULT_ENGINE = "sandbox"  # a container engine has a daemon that is root, which is no place for a stranger's program


@app.command(
    epilog=options.examples(
        "wrongarch repro jsc-arm-….tar.zst                    does it fail here as it did there?",
        "wrongarch repro jsc-arm-….tar.zst --emulator 10.0    and under another QEMU?",
        "wrongarch repro jsc-arm-….tar.zst --times 50         how often does it fail?",
        "wrongarch repro jsc-arm-….tar.zst --backtrace        where does it stop?",
        "wrongarch repro jsc-arm-….tar.zst --shell            look around in the failing folder",
        "wrongarch repro .wrongarch/runs/latest/capsules/*    every failure of a run here",
        "wrongarch repro https://github.com/O/R/actions/runs/1 --arch arm      every failure of a run",
        "wrongarch repro https://gitlab.com/G/P/-/tree/main --latest-failure",
    )
)
def repro(
    file: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...|URL",
            help="Capsules (.tar.zst or .tar.gz), or an address as for `wrongarch fetch`.",
            show_default=False,
        ),
    ],
    test: Annotated[
        str,
        typer.Option(
            "--test",
            "-t",
            metavar="N|ID",
            help="Which test of a capsule with several; else all. With a URL, a regular expression.",
        ),
    ] = "",
    arch: Annotated[str, typer.Option("--arch", "-a", metavar="ARCH", help="With a URL: only this arch.")] = "",
    latest_failure: Annotated[
        bool, typer.Option("--latest-failure", help="With a branch's URL: the newest run that failed.")
    ] = False,
    max_size: Annotated[
        int, typer.Option("--max-size", min=1, metavar="MIB", help="With a URL: download at most that much.")
    ] = 2048,
    emulator: options.EmulatorVersion = "",
    cpu: options.CpuModel = "",
    engine: options.EngineName = "",
    times: Annotated[int, typer.Option("--times", min=1, metavar="N", help="Run it N times.")] = 1,
    shell: Annotated[
        bool, typer.Option("--shell", help="A shell in the failing folder, with the command to paste.")
    ] = False,
    gdb: Annotated[bool, typer.Option("--gdb", help="Stop at its first instruction, in gdb.")] = False,
    backtrace: Annotated[bool, typer.Option("--backtrace", help="Print where it stops, from gdb.")] = False,
    strace: Annotated[
        bool, typer.Option("--strace", help="Print its system calls, as the emulator logs them.")
    ] = False,
    minimize: Annotated[
        bool, typer.Option("--minimize", help="Write a smaller capsule that still fails the same way.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Where --minimize writes to.")
    ] = None,
    trust_emulator: Annotated[
        bool, typer.Option("--trust-emulator", help="Use the emulator in the capsule, not our own of the same hash.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Replay a capsule, and say whether it fails as it was recorded.

    The capsule is checked, unpacked into a folder of its own, and run in a sandbox, under our own copy of the emulator
    that it names: no network, none of your files, bounds on memory (8 GiB), processes (4096), time (an hour) and disk
    (2 GiB). Exit code: 0 *reproduced*, 1 *not reproduced* or a *different failure*, 5 a capsule that is refused. Of
    several tests, in one file or more, each is replayed once, and the exit code is 0 if every one was reproduced.

    With the URL of a run, job, pull request, commit or branch of GitHub or GitLab, its capsules are fetched first (see
    `wrongarch fetch`) and every failing test is replayed.
    """
    from wrongarch.capsules.repro import Options
    from wrongarch.cli.ground import engine as find_engine

    wanted = Options(test=test, emulator=emulator, cpu=cpu, times=times, trust_emulator=trust_emulator)
    _one_of(shell=shell, gdb=gdb, backtrace=backtrace, strace=strace, minimize=minimize)
    chosen = find_engine(engine or DEFAULT_ENGINE)
    alone = shell or gdb or backtrace or strace or minimize
    if any("://" in word for word in file):
        url = _only(file)
        found = _fetched(url, wanted, arch=arch, latest_failure=latest_failure, max_size=max_size, alone=alone)
    else:
        _only_with_urls(arch=arch, latest_failure=latest_failure)
        found = _found([local(word) for word in file], wanted)
    if not alone:
        raise typer.Exit(_replay_all(found, chosen, json=json))
    place, wanted, _ = _single(found)
    if shell or gdb:
        raise typer.Exit(_interactive(place, wanted, chosen, gdb=gdb))
    if backtrace or strace:
        raise typer.Exit(_debug(place, wanted, chosen, backtrace=backtrace, json=json))
    raise typer.Exit(_minimize(place, wanted, chosen, output or Path.cwd(), json=json))


class _Found(NamedTuple):
    """A test to replay: its capsule, how, and a heading where there are others."""

    place: Path
    wanted: Options
    title: str = ""


def local(word: str) -> Path:
    """The file that an argument stands for, where no address can be given."""
    from wrongarch.errors import UsageError

    if "://" in word:
        raise UsageError(f"{word} is an address, not a file", fix=f"wrongarch fetch {word}")
    return Path(word).expanduser()


def _only_with_urls(*, arch: str, latest_failure: bool) -> None:
    from wrongarch.errors import UsageError

    if arch or latest_failure:
        raise UsageError("--arch and --latest-failure are for addresses", fix="leave them out: a capsule has its arch")


def _only(words: list[str]) -> str:
    from wrongarch.errors import UsageError

    if len(words) > 1:
        raise UsageError("an address cannot go with other files or addresses", fix="give one address, or files alone")
    return words[0]


def _fetched(url: str, wanted: Options, *, arch: str, latest_failure: bool, max_size: int, alone: bool) -> list[_Found]:
    """What to replay of an address. Raises UsageError where it has to be one test and is not."""
    import msgspec

    from wrongarch.capsules import read
    from wrongarch.cli import fetched

    chosen = fetched.download(url, arch=arch, test=wanted.test, latest_failure=latest_failure, max_size=max_size)
    if alone and len(chosen) > 1:
        raise _several([f"{_shown(one.path)} {one.test}" for one in chosen], "--test REGEX")
    found: list[_Found] = []
    for one in chosen:
        plain = msgspec.structs.replace(wanted, test=one.test)
        if one.test:
            found.append(_Found(one.path, plain, _shown(one.path)))
        else:
            found += _tests(one.path, read.inspect(one.path), plain).values()
    return found


def _found(places: list[Path], wanted: Options) -> list[_Found]:
    """What to replay of files: each test once, from the capsule with the fewest others, as of an address."""
    from wrongarch.capsules import read

    found: dict[bytes, _Found] = {}
    there = [(place, read.inspect(place)) for place in places]
    for place, manifest in sorted(there, key=lambda one: len(one[1].tests)):
        more = _tests(place, manifest, wanted)
        if not more.keys() - found.keys():
            typer.echo(f"{_shown(place)}: left out, the others have its tests", err=True)
        for key, one in more.items():
            found.setdefault(key, one)
    several = len(places) > 1 or len(found) > 1
    return list(found.values()) if several else [one._replace(title="") for one in found.values()]


def _tests(place: Path, manifest: Manifest, wanted: Options) -> dict[bytes, _Found]:
    """The tests of a capsule that are wanted, by all that makes one what it is."""
    import msgspec

    every = manifest.tests
    only = manifest.find(wanted.test) if wanted.test else None
    found = {}
    for number, test in enumerate(every, 1):
        if only is not None and test is not only:
            continue
        seen = msgspec.structs.replace(test.seen, output="")  # a number in the capsule
        same = (manifest.arch, manifest.emulator, manifest.cpu, manifest.recipe, manifest.image)
        key = msgspec.json.encode((*same, msgspec.structs.replace(test, seen=seen)))
        title = _shown(place) + (f" (test {number} of {len(every)})" if len(every) > 1 else "")
        found[key] = _Found(place, msgspec.structs.replace(wanted, test=str(number)), title)
    return found


def _single(found: list[_Found]) -> _Found:
    """The only test, for what takes one. Raises UsageError that lists them."""
    if len(found) > 1:
        raise _several([f"{one.title} {one.wanted.test}" for one in found], "a FILE, and --test")
    return found[0]


def _several(listed: list[str], how: str) -> UsageError:
    from wrongarch.errors import UsageError

    detail = "\n".join(line.rstrip() for line in listed)
    return UsageError(f"these are {len(listed)} tests", fix=f"name one: {how}", detail=detail)


def _shown(place: Path) -> str:
    return str(place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place)


def _replay_all(found: list[_Found], engine: Engine, *, json: bool) -> int:
    """Replay one after the other; 0 if every one was reproduced."""
    code = 0
    for number, one in enumerate(found):
        if number and not json:
            typer.echo()
        if one.title and not json:
            typer.echo(one.title)
        verdict = _replay(one.place, one.wanted, engine, json=json).verdict
        code = code if verdict == "reproduced" else 1
    return code


def _one_of(**chosen: bool) -> None:
    from wrongarch.errors import UsageError

    names = [f"--{name}" for name, wanted in chosen.items() if wanted]
    if len(names) > 1:
        raise UsageError(f"{' and '.join(names)} do not go together", fix="choose one of them")


def _replay(place: Path, wanted: Options, engine: Engine, *, json: bool) -> Report:
    from wrongarch.capsules import repro as replaying
    from wrongarch.cli.progress import Progress

    with Progress() as progress:
        report = replaying.replay(
            place,
            wanted,
            engine,
            progress=lambda done, total: progress("checking the capsule", done, total),
            on_run=lambda done, _: progress("replaying", done, wanted.times),
        )
    if json:
        options.print_json({"verdict": report.verdict, **_builtins(report)})
    else:
        for line in lines(report):
            typer.echo(line)
    return report


def _builtins(report: Report) -> dict[str, object]:
    import msgspec

    return dict(msgspec.to_builtins(report))


def lines(report: Report) -> list[str]:
    """A report for people."""
    from wrongarch.capsules.compare import told
    from wrongarch.capsules.statistics import interval
    from wrongarch.reports.words import printable

    where = report.emulator + (f", CPU {report.cpu}" if report.cpu else "")
    shown = [f"{report.test} ({where}, {report.engine})"]
    if report.note:
        shown.append(f"note: {report.note}")
    last = next((one for one in reversed(report.comparisons) if one.likeness == report.verdict), None)
    if report.times == 1:
        shown.append(f"recorded: {told(report.recorded, report.message)}")
        shown.append(f"now: {told(last.ended, last.message) if last is not None else '-'}")
    else:
        low, high = interval(report.counts.get("reproduced", 0), report.times)
        counted = ", ".join(f"{number} {likeness}" for likeness, number in report.counts.items())
        shown.append(f"{report.times} runs: {counted} (rate {low:.0%} to {high:.0%}, 95 % confidence)")
    if last is not None and last.diff:
        shown += last.diff.splitlines()
    elif last is not None and not last.same_output:
        shown.append("the output differs in places")
    shown.append(report.verdict.upper() if report.verdict == "reproduced" else report.verdict)
    return [printable(line) for line in shown]


def _interactive(place: Path, wanted: Options, engine: Engine, *, gdb: bool) -> int:
    from wrongarch.capsules import debug

    return debug.gdb(place, wanted, engine, typer.echo) if gdb else debug.shell(place, wanted, engine, typer.echo)


def _debug(place: Path, wanted: Options, engine: Engine, *, backtrace: bool, json: bool) -> int:
    import sys

    from wrongarch.capsules import debug

    if not backtrace:
        return debug.strace(place, wanted, engine, sys.stdout.buffer)
    found = debug.backtrace(place, wanted, engine)
    if json:
        options.print_json(found)
    else:
        from wrongarch.reports.words import printable

        for line in found.text.splitlines():
            typer.echo(printable(line))
    return 0 if found.frames else 1


def _minimize(place: Path, wanted: Options, engine: Engine, folder: Path, *, json: bool) -> int:
    from wrongarch.capsules.minimize import minimize
    from wrongarch.cli.progress import Progress

    with Progress() as progress:
        result = minimize(
            place, wanted, engine, folder, on_probe=lambda what, done: progress(f"minimizing: {what}", done, None)
        )
    if json:
        options.print_json(result)
        return 0
    typer.echo(
        f"{result.path} ({result.bytes_after / (1 << 20):.1f} MiB): {result.files_after} of {result.files_before} "
        f"files, {result.env_after} of {result.env_before} variables, after {result.probes} runs"
    )
    return 0
