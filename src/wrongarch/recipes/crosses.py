"""Debian's cross compilers for targets that have no image: enough for static programs.

Package names as in bookworm (or `suite`), on amd64 hosts; other hosts have some of them. Source: the Packages index,
https://packages.debian.org/search?keywords=gcc-&searchon=names.
"""

from __future__ import annotations

import msgspec

from wrongarch.arches import lookup
from wrongarch.arches.model import Arch
from wrongarch.errors import UsageError
from wrongarch.images.spec import ArchImage, ImageSpec


class Cross(msgspec.Struct, frozen=True, kw_only=True):
    """A compiler for one target: `command` are its words before any other; `suite` is the Debian suite it is from.

    An empty `suite` means the one that the host's images are of.
    """

    target: str
    command: tuple[str, ...]
    packages: tuple[str, ...]
    suite: str = ""


def _gnu(target: str, triplet: str, libc: str, *, flags: tuple[str, ...] = (), suite: str = "") -> Cross:
    return Cross(
        target=target,
        command=(f"{triplet}-gcc", "-static", *flags),
        packages=(f"gcc-{triplet}", libc),
        suite=suite,
    )


def _multilib(target: str, triplet: str, libc: str, flag: str) -> Cross:
    """A target that is the other word size of a compiler's own."""
    return Cross(
        target=target,
        command=(f"{triplet}-gcc", "-static", flag),
        packages=(f"gcc-{triplet}", f"gcc-multilib-{triplet}", libc),
    )


_TABLE = (
    # with relaxation, what the linker makes of a static program crashes before main, on every QEMU
    _gnu("alpha", "alpha-linux-gnu", "libc6.1-dev-alpha-cross", flags=("-Wl,--no-relax",)),
    _gnu("hppa", "hppa-linux-gnu", "libc6-dev-hppa-cross"),
    _gnu("loongarch64", "loongarch64-linux-gnu", "libc6-dev-loong64-cross", suite="trixie"),
    _gnu("m68k", "m68k-linux-gnu", "libc6-dev-m68k-cross"),
    _gnu("mips", "mips-linux-gnu", "libc6-dev-mips-cross"),
    _gnu("mips64", "mips64-linux-gnuabi64", "libc6-dev-mips64-cross"),
    _multilib("mipsn32", "mips64-linux-gnuabi64", "libc6-dev-mipsn32-mips64-cross", "-mabi=n32"),
    _multilib("mipsn32el", "mips64el-linux-gnuabi64", "libc6-dev-mipsn32-mips64el-cross", "-mabi=n32"),
    _gnu("ppc", "powerpc-linux-gnu", "libc6-dev-powerpc-cross"),
    _gnu("ppc64", "powerpc64-linux-gnu", "libc6-dev-ppc64-cross"),
    # bookworm's C library for sh4 hangs before main, on every QEMU
    _gnu("sh4", "sh4-linux-gnu", "libc6-dev-sh4-cross", suite="trixie"),
    _multilib("sparc32plus", "sparc64-linux-gnu", "libc6-dev-sparc-sparc64-cross", "-m32"),
    _gnu("sparc64", "sparc64-linux-gnu", "libc6-dev-sparc64-cross"),
)

CROSSES = {cross.target: cross for cross in _TABLE}


def cross_for(arch: Arch) -> Cross:
    """The cross compiler for `arch`. Raises UsageError where Debian has none."""
    found = CROSSES.get(arch.qemu)
    if found is None:
        names = sorted(one.name for one in lookup.all_arches() if one.qemu in CROSSES and not one.has_images)
        raise UsageError(
            f"Debian has neither an image nor a cross compiler for {arch.name}",
            fix=f"build a static program elsewhere and run it: wrongarch run {arch.name} -- ./program; "
            f"those with a cross compiler: {', '.join(names)}",
        )
    return found


def not_crossed(recipe: str, arch: Arch) -> UsageError:
    """The error for a recipe that cannot be cross-built, on an arch where nothing else is possible."""
    return UsageError(
        f"recipe {recipe!r} cannot be built for {arch.name}: it needs an image, and Debian has no {arch.name}",
        fix=f"recipes that can be cross-built say cross = true: wrongarch test {arch.name} --recipe hello",
    )


def cross_image(arch: Arch, host: Arch) -> ImageSpec:
    """The image of the host's own arch that holds the cross compiler for `arch`."""
    cross = cross_for(arch)
    own = {host.name: ArchImage(suite=cross.suite)} if cross.suite else {}
    return ImageSpec(name=f"cross-{cross.target}", packages=("make", *cross.packages), arch=own)
