"""Cross compilers behind the names of an image's own, with the image's headers, start files and libraries.

Debian builds `gcc-12` for armhf and `gcc-12-arm-linux-gnueabihf` for amd64 from the same source: they differ in where
they look. So the compilers proper (cc1, cc1plus) are told by the command line to look where the image's own says that
it looks (its `-v`), and the driver by GCC_EXEC_PREFIX (Environment Variables, in GCC's manual).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

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


class _Led:
    """What is found: names lead to a native program, or to a script that has both that and the image's own."""

    def __init__(self, box: Path, root: Path) -> None:
        self._box, self._root = box, root
        self.files: dict[str, Path] = {}
        self.kept: dict[str, Path] = {}
        self.scripts: list[Script] = []

    def both(self, path: str, ours: str = "") -> bool:
        """Whether it is in the image, and in the box (there at `ours`)."""
        return (self._root / path).is_file() and (self._box / (ours or path)).is_file()

    def to_native(self, path: str, ours: str = "") -> None:
        """The native program at a path of the image."""
        self.files[path] = self._box / (ours or path)

    def to_both(self, path: str, text: str, ours: str = "") -> None:
        """A script at a path of the image, which calls one of the two."""
        name = PurePosixPath(path).name
        self.files[f"{NATIVE}/gcc/{name}"] = self._box / (ours or path)
        self.kept[f"{NATIVE}/guest/{name}"] = self._root / path
        self.scripts.append(Script(path=path, text=text))


def find(
    box: Path, lock: locks.Lock, root: Path, arch: Arch, ask: Ask, *, narrow: Path | None = None
) -> Compilers | None:
    """The compilers of a box for the image at `root`, None if the image has none, or another version.

    `narrow` is an assembler that is a program of 32 bits itself (`wrongarch.images.native.assemblers`).
    """
    version, triplet = boxes.GCC[lock.suite], arch.triplet
    cross = {package.name: package.version for package in lock.packages}
    own = twins.versions(root).get(f"gcc-{version}", "")
    if _release(own) != _release(cross.get(f"gcc-{version}-{triplet.replace('_', '-')}", "")):
        return None
    places = (f"usr/{lib}/gcc/{triplet}/{version}" for lib in ("libexec", "lib"))
    home = next((place for place in places if (root / place / "cc1").is_file()), None)
    if home is None:
        return None
    led, gcc = _Led(box, root), f"/usr/bin/{triplet}-gcc-{version}"
    for name in _PARTS:
        path, ours = f"{home}/{name}", f"{home.replace('/gcc/', '/gcc-cross/', 1)}/{name}"
        if not led.both(path, ours) or ((arch.name, own) in _REPAIRED and name in (*_PROPER, "lto1")):
            continue
        if name in _PROPER:
            led.to_both(path, proper(name, search_list(ask, gcc, _LANGUAGES[name])), ours)
        else:
            led.to_native(path, ours)
    assembler = f"usr/bin/{triplet}-as"
    if narrow is not None:
        led.files[assembler] = narrow
    elif arch.bits == 32 and led.both(assembler):
        led.to_both(assembler, assemble(f"{triplet}-as"))
    for name in (*_DRIVERS, *_OTHERS):
        path = f"usr/bin/{triplet}-{name}-{version}"
        if not led.both(path):
            continue
        if name in _DRIVERS:
            led.to_both(path, driver(PurePosixPath(path).name))
        else:
            led.to_native(path)
    led.scripts.append(Script(path=f"usr/lib/gcc/{triplet}/{version}/specs", text=own_specs(ask, gcc)))
    links = {f"usr/{lib}/gcc-cross": "gcc" for lib in ("lib", "libexec") if (root / f"usr/{lib}/gcc").is_dir()}
    return Compilers(files=led.files, scripts=tuple(led.scripts), links=links, kept=led.kept)


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


def leave_to(own: str, patterns: str) -> str:
    """The beginning of a driver's script: words that match leave all to `own`, a cache is asked for objects.

    It is for bash, which can call a program by another name: drivers call themselves in messages as they were called.
    """
    return f"""#!/{NATIVE}/bin/bash
for word; do
    case $word in
        {patterns}) exec -a "$0" {own} "$@" ;;
        -c) compiles=1 ;;
    esac
done
if [ -n "${COMPILER_CACHE}" ] && [ -n "$compiles" ]; then
    cache=${COMPILER_CACHE}
    {COMPILER_CACHE}='' exec "$cache" "$0" "$@"
fi
"""


def driver(name: str) -> str:
    """The script in the place of a driver: what only the image's own understands is left to it."""
    left = leave_to(f"/{NATIVE}/guest/{name}", "*=native | -fplugin=* | --sysroot=* | -specs=* | --specs=*")
    return f"""{left}export GCC_EXEC_PREFIX=/usr/lib/gcc/
exec -a "$0" /{NATIVE}/gcc/{name} "$@"
"""


def assemble(name: str) -> str:
    """The script in the place of an assembler of 32 bits, where there is none that is a program of 32 bits itself.

    What depends on the size of pointers (`wrongarch.images.native.assemblers`) is left to the image's own. What comes
    through a pipe, as with GCC's -pipe, has to be read as a whole to know.
    """
    ours, own = (f'exec -a "$0" /{NATIVE}/{side}/{name} "$@"' for side in ("gcc", "guest"))
    search = f"/{NATIVE}/bin/grep -q -m 1 ' view -0$'"
    return f"""#!/{NATIVE}/bin/bash
files=() before=
for word; do
    case $before$word in
        --version | --help | --target-help) {ours} ;;
        -o* | -MD* | --MD*) ;;
        *) [ ! -f "$word" ] || files+=("$word") ;;
    esac
    case $word in -o | -MD | --MD) before=$word ;; *) before= ;; esac
done
if [ ${{#files[@]}} != 0 ]; then
    {search} "${{files[@]}}" || {ours}
elif [ -p /dev/stdin ]; then
    text=$(</dev/stdin)
    {search} <<<"$text" || {ours} <<<"$text"
    {own} <<<"$text"
fi
{own}
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
