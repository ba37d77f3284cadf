"""Which native tools there are: packages of the host's own arch, in boxes of their own, from locks that are shipped.

Two boxes serve an image: `native-SUITE` with the usual tools, and `gcc-ARCH-SUITE` with the compiler and binutils that
Debian builds on the host's arch for the image's. Images with clang get `clang-SUITE`, too, and those who wish for it
`sccache-SUITE`. A box fits images of its own suite only: there the same source package is on both sides.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
from elftools.elf.elffile import ELFFile

from wrongarch.arches.model import Arch
from wrongarch.images import lock as locks
from wrongarch.images import resolve, toolbox
from wrongarch.images.native import twins
from wrongarch.images.spec import ArchImage, ImageSpec
from wrongarch.namespaces import ids as id_maps

GCC = {"bookworm": "12", "trixie": "14"}
"""The version of GCC that a suite has by default. A suite that is not here has no native tools."""
CLANG = {"bookworm": "14", "trixie": "19"}
"""The version of LLVM that a suite has by default."""

_TOOLS = (
    "bash",
    "bc",
    "bison",
    "bzip2",
    "ccache",
    "cmake",
    "coreutils",
    "dash",
    "debianutils",
    "diffutils",
    "dpkg",
    "file",
    "findutils",
    "flex",
    "gawk",
    "git",
    "gperf",
    "grep",
    "gzip",
    "libc-bin",
    "m4",
    "make",
    "mawk",
    "ninja-build",
    "patch",
    "perl",
    "pkgconf-bin",
    "python3",
    "ruby",
    "sed",
    "tar",
    "util-linux",
    "xz-utils",
    "zstd",
)
_OLDER = {"bookworm": {"pkgconf-bin": "pkgconf"}}  # packages by the names they had

LOADER = "/run/ld.so"
"""Where programs of boxes find their loader, in any root: a foreign one has no place of its own for it. As short as
this, for it takes the place of another in each program."""

_FORMAT = 1
_KEPT = "usr/lib/native-loader"

_NOT_OURS = re.compile(r"-cross$|^linux-libc-dev|^lib.*-dev$")
"""Headers and libraries of the compilers' own: a build has to see the image's."""


def tools(suite: str, host: Arch) -> ImageSpec:
    """The box of usual tools."""
    older = _OLDER.get(suite, {})
    packages = tuple(older.get(name, name) for name in _TOOLS)
    return ImageSpec(name=f"native-{suite}", packages=packages, arch={host.name: ArchImage(suite=suite)})


def compilers(arch: Arch, suite: str, host: Arch) -> ImageSpec:
    """The box with compilers for `arch`. Raises KeyError for a suite without native tools."""
    target, version = arch.triplet.replace("_", "-"), GCC[suite]
    packages = (f"binutils-{target}", f"g++-{version}-{target}")
    own = {host.name: ArchImage(suite=suite)}
    return ImageSpec(name=f"gcc-{arch.name}-{suite}", packages=packages, arch=own)


def clang(suite: str, host: Arch) -> ImageSpec:
    """The box with LLVM's compiler, linker and tools, which are for all arches. Raises KeyError as `compilers`."""
    packages = tuple(f"{name}-{CLANG[suite]}" for name in ("clang", "lld", "llvm"))
    return ImageSpec(name=f"clang-{suite}", packages=packages, arch={host.name: ArchImage(suite=suite)})


def sccache(suite: str, host: Arch) -> ImageSpec:
    """The box with sccache alone; its libraries are among those of the usual tools."""
    return ImageSpec(name=f"sccache-{suite}", packages=("sccache",), arch={host.name: ArchImage(suite=suite)})


def why_no_tools(arch: Arch, suite: str, host: Arch) -> str:
    """Why an image of `arch` and `suite` gets none of the usual tools on such a host, "" if it does."""
    if arch == host:
        return "the image is of this machine's own arch"
    if suite not in GCC:
        return f"there are no native tools for Debian {suite or 'of an unknown suite'}"
    return why_not_locked(tools(suite, host), arch, host)


def why_not_locked(spec: ImageSpec, arch: Arch, host: Arch) -> str:
    """That a box has no lock for such a host, and what makes one; "" if it has."""
    if toolbox.lock_path(spec, host).exists():
        return ""
    return f"no {spec.name} is locked for {host.name} hosts (wrongarch image lock {arch.name} --native)"


def make_lock(spec: ImageSpec, host: Arch, progress: toolbox.Progress = toolbox.silent) -> locks.Lock:
    """Ask the archive for a box as it is now, without what it must not have; raises as `resolve.make_lock`."""
    lock = resolve.make_lock(spec, host, progress, essential=False)
    kept = tuple(package for package in lock.packages if not _NOT_OURS.search(package.name))
    return msgspec.structs.replace(lock, packages=kept)


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A box in the cache: its tree with programs of `arch`, its lock, and the loader that they ask for at `asked`."""

    root: Path
    arch: Arch
    lock: locks.Lock
    loader: Path
    asked: str

    @property
    def libraries(self) -> str:
        """The folder of its libraries, below its root."""
        return f"usr/lib/{twins.multiarch(self.arch)}"

    def command(self, program: str) -> tuple[str, ...]:
        """The beginning of a command line that runs a program of the box where it lies."""
        return str(self.loader), "--library-path", str(self.root / self.libraries), str(self.root / program)

    def twins_in(self, root: Path, arch: Arch) -> dict[str, Path]:
        """Its files that stand for programs of the image of `arch` at `root`, by their paths there."""
        return twins.find(self.root, self.lock.packages, root, arch, self.arch).files


def ensure(
    spec: ImageSpec,
    host: Arch,
    ids: id_maps.IdMap,
    progress: toolbox.Progress = toolbox.silent,
    *,
    finish: toolbox.Finish | None = None,
    asked: str = LOADER,
) -> Box:
    """A box for root of the id map `ids`, made if it is not in the cache; raises as `toolbox.ensure`.

    Another `finish` than the usual one has to do what `lead_to_loader` does, with `asked`.
    """
    finish = finish or toolbox.Finish(lead_to_loader, _FORMAT)
    root = toolbox.ensure(host, ids, progress, spec=spec, finish=finish)
    return Box(root=root, arch=host, lock=toolbox.lock_of(spec, host), loader=root / _KEPT, asked=asked)


def lead_to_loader(tree: Path, loader: str = LOADER) -> None:
    """Have all programs of a box ask for `loader`; the loader itself is linked where `ensure` looks for it."""
    asked = ""
    for program in twins.programs(tree):
        before = (tree / program).stat()
        with (tree / program).open("r+b") as file:
            segment = next((found for found in ELFFile(file).iter_segments() if found["p_type"] == "PT_INTERP"), None)
            if segment is None:
                continue
            size = segment["p_filesz"]
            file.seek(segment["p_offset"])
            asked = file.read(size).rstrip(b"\0").decode()
            file.seek(segment["p_offset"])
            file.write(loader.encode().ljust(size, b"\0"))
        os.utime(tree / program, ns=(before.st_atime_ns, before.st_mtime_ns))
    (tree / _KEPT).hardlink_to(tree / twins.resolved(tree, asked[1:]))
