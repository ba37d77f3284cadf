"""Cross compilers behind the names of an image's own, with the image's headers, start files and libraries.

Debian builds `gcc-12` for armhf and `gcc-12-arm-linux-gnueabihf` for amd64 from the same source: they differ in where
they look. So the compilers proper (cc1, cc1plus) are told by the command line to look where the image's own says that
it looks (its `-v`), and the driver by GCC_EXEC_PREFIX (Environment Variables, in GCC's manual).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from wrongarch.arches.model import Arch
from wrongarch.errors import MachineError
from wrongarch.images import lock as locks
from wrongarch.images.native import boxes, twins

NATIVE = "run/wrongarch/native"
"""Where in a root the native files are that have no name of their own there."""
SHELL = f"/{NATIVE}/bin/sh"
COMPILER_CACHE = "WRONGARCH_COMPILER_CACHE"
"""In the environment of a driver: the program that it is to ask before it compiles anything."""
ASK_CACHE = f"""if [ -n "${COMPILER_CACHE}" ] && [ -n "$compiles" ]; then
    cache=${COMPILER_CACHE}
    {COMPILER_CACHE}='' exec "$cache" "$0" "$@"
fi
"""
"""In the script of a driver, which has set `compiles` if it is to make objects."""
_DRIVERS = ("gcc", "g++", "cpp")
_PROPER = ("cc1", "cc1plus")
_PARTS = (*_PROPER, "collect2", "lto1", "lto-wrapper", "liblto_plugin.so", "g++-mapper-server")
_OTHERS = ("gcc-ar", "gcc-nm", "gcc-ranlib", "gcov", "gcov-dump", "gcov-tool", "lto-dump")
_REPAIRED = {("arm64", "12.2.0-14+deb12u1")}
"""Compilers of images, by arch and version, that make other code than ours, for a repair that the suite's cross
compilers were not rebuilt with (CVE-2023-4039: frames with a canary, and those that grow by alloca(3), changed)."""

_LANGUAGES = {"cc1": "c", "cc1plus": "c++"}
_SEARCHED = re.compile(r"^#include <\.\.\.> search starts here:\n((?: .*\n)*)End of search list", re.MULTILINE)
_IGNORED = re.compile(r'^ignoring nonexistent directory "(.*)"$', re.MULTILINE)

_MADE = 'compiler=$1; shift; [ $# = 0 ] || mkdir -p -- "$@" && exec $compiler'

Ask = Callable[[tuple[str, ...]], str]
"""Runs a command in the image, emulated, and returns all that it printed."""


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """A program of the layer that is text."""

    path: str
    text: str


class Compilers(msgspec.Struct, frozen=True, kw_only=True):
    """What the layer gets: native files, scripts, links, and files of the image that must be found at another place."""

    files: dict[str, Path]
    scripts: tuple[Script, ...]
    links: dict[str, str]
    kept: dict[str, Path]


def find(box: Path, lock: locks.Lock, root: Path, arch: Arch, ask: Ask) -> Compilers | None:
    """The compilers of a box for the image at `root`, None if the image has none, or another version."""
    version, triplet = boxes.GCC[lock.suite], arch.triplet
    cross = {package.name: package.version for package in lock.packages}
    own = twins.versions(root).get(f"gcc-{version}", "")
    if _release(own) != _release(cross.get(f"gcc-{version}-{triplet.replace('_', '-')}", "")):
        return None
    home = next(
        (
            root / f"usr/{lib}/gcc/{triplet}/{version}"
            for lib in ("libexec", "lib")
            if (root / f"usr/{lib}/gcc/{triplet}/{version}/cc1").is_file()
        ),
        None,
    )
    if home is None:
        return None
    inside = home.relative_to(root)
    there = box / str(inside).replace("/gcc/", "/gcc-cross/", 1)
    repaired = (arch.name, own) in _REPAIRED
    files: dict[str, Path] = {}
    scripts, kept = [], {}
    for name in _PARTS:
        if not (there / name).is_file() or not (home / name).is_file():
            continue
        if repaired and name in (*_PROPER, "lto1"):
            continue
        if name not in _PROPER:
            files[f"{inside}/{name}"] = there / name
            continue
        files[f"{NATIVE}/gcc/{name}"] = there / name
        kept[f"{NATIVE}/guest/{name}"] = home / name
        folders = search_list(ask, f"/usr/bin/{triplet}-gcc-{version}", _LANGUAGES[name])
        scripts.append(Script(path=f"{inside}/{name}", text=proper(name, folders)))
    for name in _DRIVERS:
        program = f"{triplet}-{name}-{version}"
        if (root / "usr/bin" / program).is_file() and (box / "usr/bin" / program).is_file():
            files[f"{NATIVE}/gcc/{program}"] = box / "usr/bin" / program
            kept[f"{NATIVE}/guest/{program}"] = root / "usr/bin" / program
            scripts.append(Script(path=f"usr/bin/{program}", text=driver(program)))
    assembler = f"{triplet}-as"
    if arch.bits == 32:
        files[f"{NATIVE}/gcc/{assembler}"] = box / "usr/bin" / assembler
        kept[f"{NATIVE}/guest/{assembler}"] = root / "usr/bin" / assembler
        scripts.append(Script(path=f"usr/bin/{assembler}", text=assemble(assembler)))
    for name in _OTHERS:
        program = f"usr/bin/{triplet}-{name}-{version}"
        if (root / program).is_file() and (box / program).is_file():
            files[program] = box / program
    scripts.append(
        Script(path=f"usr/lib/gcc/{triplet}/{version}/specs", text=own_specs(ask, f"/usr/bin/{triplet}-gcc-{version}"))
    )
    links = {f"usr/{lib}/gcc-cross": "gcc" for lib in ("lib", "libexec") if (root / f"usr/{lib}/gcc").is_dir()}
    return Compilers(files=files, scripts=tuple(scripts), links=links, kept=kept)


def _release(version: str) -> str:
    """The part of a version that the same compiler has on both sides: "12.2.0-14" of 12.2.0-14+deb12u1, -14cross5."""
    match = re.match(r"[\d.]+-\d+", version)
    return match[0] if match else version


def search_list(ask: Ask, compiler: str, language: str) -> tuple[str, ...]:
    """Where a compiler looks for headers, also in folders that are not there yet, in its order."""
    command = (compiler, "-E", "-v", "-x", language, "/dev/null")
    missing = _IGNORED.findall(ask(command))
    said = ask(("sh", "-c", _MADE, "sh", " ".join(command), *missing))
    found = _SEARCHED.search(said)
    if found is None:
        raise MachineError(f"{compiler} does not say where it looks for headers", detail=said)
    return tuple(line.strip() for line in found[1].splitlines())


def own_specs(ask: Ask, compiler: str) -> str:
    """How the image's own driver calls compilers and linkers (Spec Files, in GCC's manual).

    A driver reads them where it finds them, in the place of all of its own: so the native one does as the image's does.
    """
    return ask((compiler, "-dumpspecs"))


def driver(name: str) -> str:
    """The script in the place of a driver: what only the image's own understands is left to it.

    It is for bash, which can call a program by another name: drivers call themselves in messages as they were called.
    """
    return f"""#!/{NATIVE}/bin/bash
export GCC_EXEC_PREFIX=/usr/lib/gcc/
for word; do
    case $word in
        *=native | -fplugin=* | --sysroot=* | -specs=* | --specs=*) exec -a "$0" /{NATIVE}/guest/{name} "$@" ;;
        -c) compiles=1 ;;
    esac
done
{ASK_CACHE}exec -a "$0" /{NATIVE}/gcc/{name} "$@"
"""


def assemble(name: str) -> str:
    """The script in the place of an assembler of 32 bits.

    Where its input says that the address has changed (`view -0`, in GNU as' manual, .loc), how that is written down
    depends on the size of pointers: what it reads is cut into pieces by the room that they leave (gas/dwarf2dbg.c). GCC
    says so with -g and -O. So such a file, and what comes through a pipe, is left to the image's own.
    """
    return f"""#!/{NATIVE}/bin/bash
for last; do :; done
if [ -f "$last" ] && ! /{NATIVE}/bin/grep -q -m 1 ' view -0$' "$last"; then
    exec -a "$0" /{NATIVE}/gcc/{name} "$@"
fi
exec -a "$0" /{NATIVE}/guest/{name} "$@"
"""


def proper(name: str, folders: tuple[str, ...]) -> str:
    """The script in the place of cc1 or cc1plus.

    What its command line adds comes before what is built in, of which the rest is not there, or there already
    (Directory Search, in the manual of GCC's preprocessor).
    """
    language = [folder for folder in folders if "/c++/" in folder]
    others = [folder for folder in folders if folder not in language]
    return f"""#!{SHELL}
cxx="{_system(language)}"
all="{_system(others)}"
for word do
    case $word in
        -nostdinc) all= cxx= ;;
        -nostdinc++) cxx= ;;
        -isysroot | -fplugin=*) exec /{NATIVE}/guest/{name} "$@" ;;
    esac
done
exec /{NATIVE}/gcc/{name} "$@" $cxx $all
"""


def _system(folders: list[str]) -> str:
    return " ".join(f"-isystem {folder}" for folder in folders)
