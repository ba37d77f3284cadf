"""Which native tools there are: packages of the host's own arch, in boxes of their own, from locks that are shipped.

Two boxes serve an image: `native-SUITE` with the usual tools, and `gcc-ARCH-SUITE` with the compiler and binutils that
Debian builds on the host's arch for the image's. A box fits images of its own suite only: there the same source
package is on both sides.
"""

from __future__ import annotations

import re

import msgspec

from wrongarch.arches.model import Arch
from wrongarch.images import lock as locks
from wrongarch.images import resolve, toolbox
from wrongarch.images.spec import ArchImage, ImageSpec

GCC = {"bookworm": "12", "trixie": "14"}
"""The version of GCC that a suite has by default. A suite that is not here has no native tools."""

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

_NOT_OURS = re.compile(r"-cross$|^linux-libc-dev")
"""Headers and libraries of the cross compiler's own: a build has to see the image's."""


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


def make_lock(spec: ImageSpec, host: Arch, progress: toolbox.Progress = toolbox.silent) -> locks.Lock:
    """Ask the archive for a box as it is now, without what it must not have; raises as `resolve.make_lock`."""
    lock = resolve.make_lock(spec, host, progress, essential=False)
    kept = tuple(package for package in lock.packages if not _NOT_OURS.search(package.name))
    return msgspec.structs.replace(lock, packages=kept)
