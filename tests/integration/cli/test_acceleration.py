"""Builds with native tools, against the same all emulated."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from tests.integration.cli.conftest import Call
from tests.support.assembly import BRANCHES, views
from tests.support.rooms import until
from wrongarch import settings
from wrongarch.arches.lookup import host_arch
from wrongarch.errors import Interrupted
from wrongarch.images import lock as locks
from wrongarch.images import toolbox

RECIPE = r"""
name = "unit"
program = "/wrongarch/build/unit"
[image]
like = "jsc"
[build]
steps = [
    "g++ -O2 -g -fstack-protector-strong -MMD -c {recipe}/unit.cpp -o unit.o",
    "gcc -O2 -fPIC -fstack-clash-protection -c {recipe}/part.c -o part.o",
    "ar rc libpart.a part.o && ranlib libpart.a && gcc -shared -o libpart.so part.o",
    "as -o view.o {recipe}/view.s && cat {recipe}/view.s | as -o piped.o && gcc -pipe -O2 -c {recipe}/part.c -o pipe.o",
    "g++ -o unit unit.o libpart.a && strip -o stripped unit && ./unit > made.txt",
    "gcc -march=native -x c -c /dev/null -o empty.o || gcc -mcpu=native -x c -c /dev/null -o empty.o || :",
    '''
    for ask in 'uname -a' arch 'gcc -dumpmachine' 'dpkg --print-architecture'; do $ask; done
    perl -MPOSIX -e 'print join(" ", POSIX::uname()), "\n"'
    cat /proc/cpuinfo | grep -vi bogomips
    EXTRA
    ''',
]
products = ["unit"]
[[suites]]
kind = "command"
name = "unit"
[[suites.tests]]
name = "runs"
command = ["{program}"]
"""


def with_steps(steps: str, product: str = "unit") -> str:
    """The recipe with other steps (and what follows them), as in TOML."""
    before, rest = RECIPE[: RECIPE.index("steps = [")], RECIPE[RECIPE.index("products") :]
    return f"{before}steps = {steps}\n{rest}".replace('products = ["unit"]', f'products = ["{product}"]')


UNIT = """
#include <cassert>
#include <cstdio>
#include <utility>
extern "C" int part(int);
template <class A, class B> auto sum(std::pair<A, B> all) {
    assert(all.first != A(1));
    return all.first + all.second;
}
int main(int count, char**) {
#ifdef __STDC_IEC_559__  // from stdc-predef.h, which compilers include by themselves
    count += 2;
#endif
    std::printf("%s %g %d %d\\n", __FILE__, sum(std::make_pair(1.5, count)), part(7), int(sizeof(long)));
}
"""
PART = """
#include <string.h>
int part(int size) {
    char text[size + 300];
    memset(text, 1, sizeof text);
    return text[size] + text[0];
}
"""
OPTIONS = "for kind in common optimizers target warnings params c c++; do gcc --help=$kind; done"


@pytest.mark.parametrize("arch", ["arm", "mips", "arm64", "s390x"])
def test_native_tools_make_the_same(call: Call, project: Path, arch: str) -> None:
    folder = project / "unit"
    folder.mkdir()
    # once: that native compilers know every option of the image's own, so that there is none to fall back for
    recipe = RECIPE.replace("EXTRA", OPTIONS if arch == "arm" else "")
    sources = {"unit.cpp": UNIT, "part.c": PART, "view.s": views(BRANCHES.get(arch, ""))}
    for name, text in {"recipe.toml": recipe, **sources}.items():
        (folder / name).write_text(text)
    done = call("verify-accel", arch, "--recipe", str(folder / "recipe.toml"), "--json")
    assert done.code == 0, done.out + done.err
    document = json.loads(done.out)
    assert document["found"] == {"compared": document["found"]["compared"], "differences": []}
    assert document["found"]["compared"] >= 9
    native, emulated = builds(project, arch)
    for name in ("made.txt", "unit.d"):
        assert (native / name).read_text() == (emulated / name).read_text()
    told, wanted = (log_of(tree) for tree in (native, emulated))
    assert told == wanted
    assert "arm-linux-gnueabihf" in told or arch != "arm"


CLANG = r"""
name = "unit"
program = "/wrongarch/build/unit"
[image]
packages = ["clang", "libc6-dev", "libstdc++-12-dev", "lld", "llvm"]
exclude = ["/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/man/*"]
[build]
steps = [
    "clang++ -O2 -g -fstack-protector-strong -MMD -c {recipe}/unit.cpp -o unit.o",
    "clang -O2 -fPIC -c {recipe}/part.c -o part.o && clang -fno-integrated-as -O1 -c {recipe}/part.c -o as.o",
    "for ld in bfd lld; do clang -O2 -fPIC -shared -flto -fuse-ld=$ld {recipe}/part.c -o lib$ld.so; done",
    "llvm-ar rc libpart.a part.o && clang++ -o unit unit.o libpart.a && llvm-strip -o stripped unit",
    "clang -mcpu=native -c {recipe}/part.c -o own.o || :",
    "./unit > made.txt; clang --version; clang -dumpmachine; clang -dM -E -x c++ /dev/null; clang nothing.c || :",
]
products = ["unit"]
""" + RECIPE[RECIPE.index("[[suites]]") :]


def test_clang_makes_the_same(call: Call, project: Path) -> None:
    """Of an image without GCC; with links made by both linkers, from objects and from LLVM's own code.

    On arm, the linker of binutils fails with LLVM's plugin, and so does the emulated one, in other words.
    """
    folder = project / "unit"
    folder.mkdir()
    for name, text in (("recipe.toml", CLANG), ("unit.cpp", UNIT), ("part.c", PART)):
        (folder / name).write_text(text)
    recipe = ("--recipe", str(folder / "recipe.toml"))
    locked = call("image", "lock", "arm64", *recipe)
    assert locked.code == 0, locked.err
    done = call("verify-accel", "arm64", *recipe, "--json")
    assert done.code == 0, done.out + done.err
    assert json.loads(done.out)["found"]["compared"] >= 8
    native, emulated = builds(project, "arm64")
    assert (native / "made.txt").read_text() == (emulated / "made.txt").read_text()
    assert log_of(native) == log_of(emulated)


def builds(project: Path, arch: str) -> tuple[Path, Path]:
    """What was built with native tools, and all emulated."""
    places = [project / f".wrongarch/verify/{mode}/.wrongarch/builds/unit/{arch}" for mode in ("full", "none")]
    native, emulated = (next(place.glob("*/tree")) for place in places)
    return native, emulated


def log_of(tree: Path) -> str:
    """What a build printed, without what names temporary files."""
    return re.sub(r"/tmp/\w+-?\w*", "/tmp/file", (tree.parent / "build.log").read_text())


MACHINES = """
for file in /usr/bin/make /usr/bin/*-linux-gnu*-ld.bfd; do od -An -tx1 -j18 -N2 $file | tr -d " "; done > machines.txt
echo "int main(void) { return 0; }" | gcc -x c -o unit -
"""


def test_what_is_native_in_each_mode(call: Call, project: Path) -> None:
    """By the machine in the ELF headers (elf(5), e_machine) of a usual tool and of the linker, as builds see it."""
    folder = project / "unit"
    folder.mkdir()
    text = with_steps(f"['''{MACHINES}''']")
    (folder / "recipe.toml").write_text(text)
    here, arm = Path(sys.executable).read_bytes()[18:20].hex(), "2800"
    for mode, machines in (("full", [here, here]), ("tools", [arm, here]), ("none", [arm, arm])):
        done = call("build", "arm", "--recipe", str(folder / "recipe.toml"), "--accel", mode, "--verbose", "--again")
        assert done.code == 0, done.err
        (found,) = (project / ".wrongarch/builds/unit/arm").glob("*/tree/machines.txt")
        assert found.read_text().split() == machines
        (listed,) = re.findall(r"emulated: (.*)", done.err)
        names = [Path(name).name for name in listed.split()]
        assert ("make" in names) == (mode == "tools")
        assert ("everything" in names) == (mode == "none")
        assert "as" not in names


COUNTS = {
    "ccache": (r"direct_cache_hit\t(\d+)", "--print-stats"),
    "sccache": (r"Cache hits +(\d+)", "--show-stats"),
}
"""What a compilers' cache says of its hits, and how it is asked."""


@pytest.mark.parametrize("cache", COUNTS)
def test_compilers_are_asked_once(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch, cache: str) -> None:
    hits, asked = COUNTS[cache]
    chosen = settings.load(os.environ, project / "none.toml", Path("/"))
    chosen = msgspec.structs.replace(chosen, build=settings.Build(cache=cache, cache_gib=1))  # type: ignore[arg-type]
    monkeypatch.setattr(settings, "current", lambda: chosen)
    unit = f"int it = {time.time_ns()};"  # which no build before has had
    steps = [
        f"echo '{unit}' >unit.c; rm -f unit.o; $WRONGARCH_COMPILER_CACHE --zero-stats",
        f"gcc -g -c unit.c; cp unit.o $(ls | wc -l).o; $WRONGARCH_COMPILER_CACHE {asked}",
    ]
    folder = project / "unit"
    folder.mkdir()
    (folder / "recipe.toml").write_text(with_steps(str(steps), product="unit.o"))
    found = []
    for _ in range(2):
        done = call("build", "arm", "--recipe", str(folder / "recipe.toml"), "--again")
        assert done.code == 0, done.err
        (log,) = (project / ".wrongarch/builds/unit/arm").glob("*/build.log")
        found.append(int(re.findall(hits, log.read_text())[-1]))
    assert found == [0, 1]
    first, second = (project / ".wrongarch/builds/unit/arm").glob("*/tree/[0-9].o")
    assert first.read_bytes() == second.read_bytes()


def test_differences_are_told_and_counted(call: Call, project: Path) -> None:
    folder = project / "unit"
    folder.mkdir()
    step = 'n=0; [ -d /run/wrongarch/native ] && n=1; echo "int f(void) { return $n; }" | gcc -x c -c - -o f.o'
    (folder / "recipe.toml").write_text(with_steps(f"['''{step}''']", product="f.o"))
    done = call("verify-accel", "arm", "--recipe", str(folder / "recipe.toml"))
    assert done.code == 1, done.err
    assert done.out.startswith("f.o: section .text")
    assert "1 objects, archives and programs compared, 1 differ" in done.out


def test_an_interrupted_build_goes_on(call: Call, project: Path) -> None:
    """By Ctrl-C, in the middle of a compiler's work, with what it had not written yet to be made anew."""
    folder = project / "unit"
    folder.mkdir()
    (folder / "Makefile").write_text(
        "two.o: one.o\n\techo 'int two;' >two.c; echo half >two.o\n\t[ -e slow ] || { touch slow; sleep 300; }\n"
        "\tgcc -c two.c\none.o:\n\techo 'int one;' >one.c; gcc -c one.c\n"
    )
    text = with_steps('["make -f {recipe}/Makefile"]\nincremental = true', product="two.o")
    (folder / "recipe.toml").write_text(text)
    words = ("build", "arm", "--recipe", str(folder / "recipe.toml"))
    with subprocess.Popen([sys.executable, "-m", "wrongarch", *words], stderr=subprocess.PIPE) as started:
        until(lambda: bool(list((project / ".wrongarch/builds/unit/arm").glob("*/tree/slow"))), 60)
        started.send_signal(signal.SIGINT)
        _, told = started.communicate(timeout=60)
    assert started.returncode == Interrupted.exit_code, told
    (tree,) = (project / ".wrongarch/builds/unit/arm").glob("*/tree")
    assert not (tree / "two.o").exists()  # make removes what a signal cut short
    before = (tree / "one.o").stat().st_mtime_ns
    done = call(*words)
    assert done.code == 0, done.err
    assert (tree / "one.o").stat().st_mtime_ns == before
    assert (tree / "two.o").read_bytes().startswith(b"\x7fELF")


def test_native_tools_are_locked_anew(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All boxes of the suites that an arch has, without what is for compiling only: that is the image's."""
    shutil.copytree(toolbox.locks_folder() / "toolbox", tmp_path / "toolbox")
    monkeypatch.setattr(toolbox, "locks_folder", lambda: tmp_path)
    done = call("image", "lock", "mips", "--native", "--json")
    assert done.code == 0, done.err
    written = [Path(entry["lock"]) for entry in json.loads(done.out)]
    assert {path.parent.name for path in written} == {
        *("native-bookworm", "clang-bookworm", "sccache-bookworm", "gcc-mips-bookworm")
    }
    here = host_arch().name
    for path in written:
        assert path == tmp_path / path.parent.name / f"{here}.json"
        made = locks.read(path)
        assert (made.suite, made.arch) == ("bookworm", host_arch().debian)
        assert not [package.name for package in made.packages if re.search("-cross$|-dev$", package.name)]
