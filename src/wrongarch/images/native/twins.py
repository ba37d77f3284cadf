"""Which programs of an image have a native twin: the same path, from the same version of the same package."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from wrongarch.arches import elf
from wrongarch.arches.model import Arch
from wrongarch.debian.deb822 import paragraphs
from wrongarch.debian.debs import MERGED
from wrongarch.debian.pool import PoolFile
from wrongarch.errors import InternalError

PLACES = ("usr/bin", "usr/sbin", "usr/games", "usr/lib", "usr/libexec", "usr/local/bin")
"""Where programs are, in boxes and images."""

# What tells about the machine, or what it prints or writes depends on it: byte order and the size of long (od), that of
# long double (printf, seq, numfmt), the architecture of packages (dpkg) and where its libraries are (pkgconf), caches
# for one arch (ldconfig), archives in one byte order (localedef); tools of LLVM that run code, or make it for their own
# arch where they are not told (clang is: native/clang.py).
_ASKED = frozenset(
    {"od", "printf", "seq", "numfmt", "dpkg", "dpkg-query", "lscpu", "pkgconf", "setarch"}
    | {"bugpoint", "llc", "lli", "lli-child-target", "llvm-config", "llvm-exegesis", "llvm-jitlink"}
    | {"llvm-jitlink-executor", "llvm-mc", "llvm-rtdyld", "opt"}
)
_ASKED_PACKAGES = frozenset({"libc-bin", "libc-dev-bin"})

_EXTENSIONS = {
    "perl": "usr/lib/{}/perl*/**/*.so",
    "python": "usr/lib/python3*/**/*-{}.so",
    "ruby": "usr/lib/{}/ruby/**/*.so",
}
"""What interpreters load of their own arch: their names without a version, and where it lies."""

_REBUILD = re.compile(r"(\+b\d+|cross\d+(\+nmu\d+)?(\+b\d+)?)$")
"""A rebuild of the same source for one arch only (Debian Policy, 5.6.12), or by the packages of cross compilers."""


class Twins(msgspec.Struct, frozen=True, kw_only=True):
    """Native files by the path (without a slash at its start) that they have in the image at `root`."""

    root: Path
    files: dict[str, Path]

    @property
    def emulated(self) -> tuple[str, ...]:
        """The programs of the image that stay emulated."""
        return tuple(sorted(set(programs(self.root)) - self.files.keys()))


def find(box: Path, packages: Iterable[PoolFile], root: Path, arch: Arch, host: Arch) -> Twins:
    """The twins that a box of `host` has for the image of `arch` at `root`."""
    ours = {package.name: same_source(package.version) for package in packages}
    theirs, owner = versions(root), owners(root)
    lacking = _lacking(box, root, host, arch)
    files = {}
    for path in programs(box):
        package, name = owner.get(path, ""), Path(path).name
        if package in _ASKED_PACKAGES or name in _ASKED or name.rstrip("0123456789.") in lacking:
            continue
        if ours.get(package) == theirs.get(package, "") and is_program(root / path):
            files[path] = box / path
    return Twins(root=root, files=files)


def _lacking(box: Path, root: Path, host: Arch, arch: Arch) -> set[str]:
    """Interpreters that could not load an extension of the image's, as the box does not have it for its own arch."""
    theirs, ours = multiarch(arch), multiarch(host)
    found = set()
    for name, pattern in _EXTENSIONS.items():
        for path in root.glob(pattern.format(theirs)):
            if not (box / str(path.relative_to(root)).replace(theirs, ours)).is_file():
                found.add(name)
                break
    return found


def programs(root: Path) -> Iterator[str]:
    """Paths of ELF programs (regular files, executable) of a root, besides those in folders of one arch's libraries."""
    for place in PLACES:
        for folder, names, files in os.walk(root / place):
            if folder == str(root / "usr/lib"):
                names[:] = [name for name in names if "linux-gnu" not in name]
            for name in files:
                path = Path(folder, name)
                if is_program(path):
                    yield str(path.relative_to(root))


def is_program(path: Path) -> bool:
    """Whether it is an ELF file that can be executed, and no link."""
    try:
        if path.is_symlink() or not path.is_file() or not os.access(path, os.X_OK):
            return False
        with path.open("rb") as file:
            return file.read(4) == b"\x7fELF"
    except OSError:
        return False


def versions(root: Path) -> dict[str, str]:
    """Installed packages of a root and their versions, without the marks of rebuilds."""
    text = (root / "var/lib/dpkg/status").read_text(errors="replace")
    return {fields["Package"]: same_source(fields["Version"]) for fields in paragraphs(text) if "Version" in fields}


def owners(root: Path) -> dict[str, str]:
    """Which package of a root a path (as in `programs`) belongs to, from dpkg's lists."""
    found = {}
    for listing in (root / "var/lib/dpkg/info").glob("*.list"):
        package = listing.name.removesuffix(".list").partition(":")[0]
        for line in listing.read_text(errors="surrogateescape").splitlines():
            path = line.lstrip("/")
            found[f"usr/{path}" if path.partition("/")[0] in MERGED else path] = package
    return found


def copy(source: Path, own: Path, target: Path) -> Path:
    """Put a native file at `target`, with the mode and the times of the image's own, which others may go by; `target`.

    A hard link, where all of that is the same and links are possible.
    """
    ours, theirs = source.stat(), own.stat()
    if (ours.st_mode, ours.st_mtime_ns) == (theirs.st_mode, theirs.st_mtime_ns):
        with contextlib.suppress(OSError):  # another file system, or restricted (proc_sys_fs(5), protected_hardlinks)
            target.hardlink_to(source)
            return target
    shutil.copyfile(source, target)
    shutil.copystat(own, target)
    return target


def same_source(version: str) -> str:
    """A version without the mark of a rebuild."""
    return _REBUILD.sub("", version)


def codename(root: Path) -> str:
    """The Debian suite of a root, "" if it does not say (os-release(5))."""
    try:
        text = (root / "usr/lib/os-release").read_text(errors="replace")
    except OSError:
        return ""
    match = re.search(r'^VERSION_CODENAME="?([a-z]+)', text, re.MULTILINE)
    return match[1] if match else ""


def multiarch(arch: Arch) -> str:
    """The name of its folders of libraries (Debian's multiarch list)."""
    return "i386-linux-gnu" if arch.name == "i386" else arch.triplet


def resolved(root: Path, path: str) -> str:
    """A path of a root (without a slash at its start) with all links on its way followed, inside of the root."""
    found = elf.followed(root, path)
    if found is None:
        raise InternalError(f"links without end: {path} in {root}")
    return str(found)
