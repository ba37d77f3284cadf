"""What native tools save: compilers, a whole build, an image and a shell's work, each side in one run.

    python benchmarks/accel.py [ARCH] [--part unit --part quickjs …] [--write]

unit     one heavy C++ unit at -O2: with --accel full, with Debian's cross compiler in a root of this machine's own
         arch, and all emulated
quickjs  make of QuickJS, the same three ways, without a compiler cache
image    the image of the recipe jsc: with native tools, all emulated, for this machine's own arch, and by debootstrap's
         two stages and apt (two_stages.py)
shell    a loop of small commands: with --accel full, in a root of this machine's own arch, and all emulated
wtf      bmalloc and WTF of JavaScriptCore's release archive, for ARCH and for this machine's own; over an hour of CPU
jsc      the whole of it (C-loop), once: with --accel full alone

Without --part: all but the last two.

Prints a table; with --write it goes into docs/acceleration.md, with a plot beside it. Exit code 1 if a target is
missed.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pygal

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import two_stages
from benchmarks.images import lock_for
from benchmarks.timing import timed
from wrongarch import paths, settings
from wrongarch.arches.lookup import find, host_arch
from wrongarch.arches.model import Arch
from wrongarch.cli import ground
from wrongarch.cli.progress import Progress
from wrongarch.debian import pool
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Mount, Session, SessionSpec
from wrongarch.engines.sandbox import Sandbox
from wrongarch.images import build, store
from wrongarch.images.native.boxes import GCC
from wrongarch.images.resolve import make_lock
from wrongarch.images.spec import ArchImage, ImageSpec
from wrongarch.namespaces import ids as id_maps
from wrongarch.recipes.forms import Wish
from wrongarch.recipes.reading import find_recipe
from wrongarch.recipes.sources import fetch_source
from wrongarch.runs import acceleration
from wrongarch.runs.building import run_build
from wrongarch.runs.observer import Silent
from wrongarch.runs.pipeline import default_jobs

DOCS = Path(__file__).parents[1] / "docs"
BEGIN, END = "<!-- figures: benchmarks/accel.py --write -->", "<!-- end of figures -->"
UNIT = """#include <map>
#include <regex>
#include <string>
int main(int count, char** words) {
    std::map<std::string, int> seen;
    std::regex wanted("(a+b|c?d)*e{2,3}");
    for (int n = 0; n < count; ++n) seen[words[n]] += std::regex_match(words[n], wanted);
    return seen.size() > 3;
}
"""
SHELL = (
    'n=0; while [ $n -lt 300 ]; do echo "line $n" | sed s/line/word/ >out; cat out >/dev/null; '
    "d=$(dirname a/b); test -s out; n=$((n + 1)); done"
)
AT_MOST = {"unit": 1.2, "quickjs": 1.2, "image": 1.5, "shell": 1.3}
"""Targets: times as long as what is native as a whole."""
AT_LEAST = {"unit": 7.0, "quickjs": 7.0, "usual image": 4.0}
"""Targets: times faster than all emulated, and than the usual way."""


class Row(msgspec.Struct, frozen=True):
    """Seconds with native tools, of what is native as a whole, all emulated, and in the usual way, if measured."""

    part: str
    full: float
    native: float | None = None
    none: float | None = None
    usual: float | None = None


class Bench:
    """The roots and sessions that measurements need."""

    def __init__(self, arch: Arch) -> None:
        self.arch, self.host = arch, host_arch()
        self.emulator: Emulator | None = store.builder_for(arch)
        self.root = store.ensure(lock_for(arch, "jsc"), arch).root
        suite = arch.suites[0]
        target = arch.triplet.replace("_", "-")
        packages = ("gcc", "libc6-dev", "make", f"g++-{GCC[suite]}-{target}", f"gcc-{target}")
        spec = ImageSpec(name="bench-cross", packages=packages, arch={self.host.name: ArchImage(suite=suite)})
        self.cross = store.ensure(make_lock(spec, self.host), self.host).root

    @contextmanager
    def session(self, side: str, work: Path) -> Iterator[Session]:
        """A session of one side, that has `work` as /bench."""
        mounts = (Mount(source=work, target="/bench", writable=True),)
        if side == "native":
            spec = SessionSpec(arch=self.host, root=self.cross, mounts=mounts)
        else:
            wish = acceleration.Wish(
                engine="sandbox",
                mode=side,  # type: ignore[arg-type]
                root=self.root,
                arch=self.arch,
                host=self.host,
                emulator=self.emulator,
                cpu=self.arch.cpu,
            )
            tools = acceleration.tools_for(wish, Silent())
            spec = SessionSpec(
                arch=self.arch,
                root=self.root,
                emulator=self.emulator,
                cpu=self.arch.cpu,
                mounts=mounts,
                native=tools.layer,
            )
        with Sandbox().open(spec) as opened:
            yield opened

    def time(self, side: str, prepare: Path | None, text: str, files: dict[str, str], before: str = "") -> float:
        """Wall time of a shell command of one side, in a folder with `files` and all of `prepare`.

        The command `before` is run first, and not timed.
        """
        with paths.staging(paths.cache_dir() / "benchmarks", f"accel-{side}") as work:
            for name, content in files.items():
                (work / name).write_text(content)
            with self.session(side, work) as session:
                if prepare is not None:
                    _copy(prepare, work)
                    id_maps.give(work, id_maps.choose().owner)
                if before:
                    timed(session, before, cwd="/bench")
                return timed(session, text, cwd="/bench")


def _copy(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        else:
            place.write_bytes(path.read_bytes())
            os.utime(place, (0, path.stat().st_mtime))
            place.chmod(0o755)


def unit(bench: Bench) -> Row:
    """One heavy C++ unit."""
    names = {"native": f"{bench.arch.triplet}-g++-{GCC[bench.arch.suites[0]]}"}
    took = {
        side: bench.time(side, None, f"{names.get(side, 'g++')} -O2 -c unit.cpp", {"unit.cpp": UNIT})
        for side in ("full", "native", "none")
    }
    return Row("unit", **took)


def quickjs(bench: Bench) -> Row:
    """make of QuickJS."""
    source = fetch_source(find_recipe("quickjs", Path.cwd()))
    make = f"make -j{default_jobs()} EXTRA_LIBS=-latomic"
    cross = f"{make} CROSS_PREFIX={bench.arch.triplet}- QJSC=./host-qjsc"
    took = {side: bench.time(side, source, f"{make} qjs", {}) for side in ("full", "none")}
    # a cross build needs a compiler of its own for the scripts, made for this machine; the others use what they build
    took["native"] = bench.time("native", source, f"{cross} qjs", {}, before=f"{cross} host-qjsc")
    return Row("quickjs", **took)


def image(bench: Bench) -> Row:
    """The image of jsc."""
    took = {}
    for side in ("full", "native", "none"):
        arch = bench.host if side == "native" else bench.arch
        lock, ids = lock_for(arch, "jsc"), id_maps.choose()
        pool.fetch_pool(lock.packages, taken=lock.taken)
        emulator = store.builder_for(arch)
        with paths.staging(paths.cache_dir() / "benchmarks", f"accel-image-{side}") as stage:
            begun = time.monotonic()
            build.build(lock, arch, emulator, stage / "root", ids=ids, native=side == "full")
            took[side] = time.monotonic() - begun
    lock = lock_for(bench.arch, "jsc")
    with paths.staging(paths.cache_dir() / "benchmarks", "accel-image-usual") as work:
        packages = tuple(package.name for package in lock.packages)
        took["usual"] = two_stages.seconds(bench.arch, lock.suite, bench.emulator, packages, work)
    return Row("image", **took)


def shell(bench: Bench) -> Row:
    """A loop of small commands."""
    return Row("shell", **{side: bench.time(side, None, SHELL, {}) for side in ("full", "native", "none")})


def source(arch: Arch, mode: str, targets: str) -> float:
    """Wall time of the build of JavaScriptCore's release archive, in a folder of its own."""
    form = Wish(source="release", variant="cloop", settings=(f"targets={targets}",))
    words = ground.Words(arch=arch.name, recipe="jsc", form=form, engine="sandbox", accel=mode)
    choice = ground.choose(words, Path.cwd())
    with Progress() as progress, paths.staging(paths.cache_dir() / "benchmarks", f"accel-source-{mode}") as project:
        made = run_build(
            choice.recipe,
            ground.ground(words, choice, progress),
            project=project,
            observer=Silent(),
            jobs=default_jobs(),
        )
    return made.record.seconds if made.record else math.nan


def wtf(bench: Bench) -> Row:
    """bmalloc and WTF."""
    full, native, none = (
        source(arch, mode, "bmalloc WTF")
        for arch, mode in ((bench.arch, "full"), (bench.host, "none"), (bench.arch, "none"))
    )
    return Row("wtf", full, native, none)


def jsc(bench: Bench) -> Row:
    """All of it."""
    return Row("jsc", source(bench.arch, "full", "jsc"))


USUAL = {"unit": unit, "quickjs": quickjs, "image": image, "shell": shell}
PARTS = {**USUAL, "wtf": wtf, "jsc": jsc}


def table(rows: list[Row], arch: str) -> str:
    """A table in Markdown, with the machine under it."""
    lines = [
        "| what | native tools | native as a whole | ratio | target | all emulated | faster | usual way | faster |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        ratio = f"{row.full / row.native:.2f}" if row.native else ""
        cells = [row.part, _seconds(row.full), _seconds(row.native), ratio, str(AT_MOST.get(row.part, ""))]
        for other in (row.none, row.usual):
            cells += [_seconds(other), f"{other / row.full:.1f} times" if other else ""]
        lines.append(f"| {' | '.join(cells)} |")
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    lines += [
        "",
        f"{arch}, {os.cpu_count()} CPUs, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"{time.strftime('%Y-%m')}; load of the machine at the end: {load}.",
    ]
    return "\n".join(lines) + "\n"


def _seconds(value: float | None) -> str:
    return f"{value:.2f} s" if value else ""


def missed(row: Row) -> bool:
    """Whether a target is missed."""
    slow = row.native is not None and row.full / row.native > AT_MOST.get(row.part, math.inf)
    few = row.none is not None and row.none / row.full < AT_LEAST.get(row.part, 0)
    return slow or few or (row.usual is not None and row.usual / row.full < AT_LEAST["usual image"])


def write(rows: list[Row], text: str) -> None:
    """Put the table into the docs, and a plot beside it."""
    page = DOCS / "acceleration.md"
    before, _, rest = page.read_text().partition(BEGIN)
    plot = "![seconds by part and side](acceleration.svg)\n"
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{plot}{END}{rest.partition(END)[2]}")
    measured = [value for row in rows for value in (row.full, row.native, row.none, row.usual) if value]
    least = min(measured) / 1.5  # bars begin there: by default at the least, whose bar would have no length
    chart = pygal.HorizontalBar(
        title="seconds (logarithmic)",
        logarithmic=True,
        zero=least,
        range=(least, max(measured) * 1.1),
        legend_at_bottom=True,
        height=360,
        js=[],
        disable_xml_declaration=True,
    )
    chart.x_labels = [row.part for row in rows]
    for name, values in (
        ("native tools in the foreign root", [row.full for row in rows]),
        ("native as a whole", [row.native for row in rows]),
        ("all emulated", [row.none for row in rows]),
        ("debootstrap and apt", [row.usual for row in rows]),
    ):
        chart.add(name, [value and round(value, 2) for value in values])
    (DOCS / "acceleration.svg").write_text(chart.render(is_unicode=True))


def main() -> int:
    """Measure, print, and say whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("arch", nargs="?", default="arm")
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--write", action="store_true")
    words = parser.parse_args()
    bench = Bench(find(words.arch))
    chosen = settings.current()  # compilers are to compile, not to be found in a cache
    settings.current = lambda: msgspec.structs.replace(chosen, build=settings.Build(cache="off", cache_gib=1))
    rows = []
    for part in words.part or USUAL:
        rows.append(PARTS[part](bench))
        print(rows[-1], flush=True)
    text = table(rows, words.arch)
    print(text)
    if words.write:
        write(rows, text)
    failed = [row.part for row in rows if missed(row)]
    if failed:
        print(f"missed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
