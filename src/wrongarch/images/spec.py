"""What an image is made of, before a lock pins every package of it."""

from __future__ import annotations

import re

import msgspec

from wrongarch.arches.model import Arch
from wrongarch.errors import UsageError

PACKAGE_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]*[a-z0-9+.]")
"""Names in Debian (Debian Policy, 5.6.7); what apt would take for an option, a pattern or a removal is none."""


class ArchImage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs for one arch: `packages` are added, `without` left out, `suite` replaces the arch's first one."""

    packages: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    suite: str = ""


class ImageSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An image by its name: Debian package names, differences by arch (keyed by our arch name), paths left out.

    `exclude` holds absolute globs in the syntax of dpkg's path-exclude (dpkg(1)).
    """

    name: str
    packages: tuple[str, ...]
    arch: dict[str, ArchImage] = {}
    exclude: tuple[str, ...] = ()

    def for_arch(self, arch: Arch) -> tuple[str, tuple[str, ...]]:
        """The Debian suite and the packages asked for on `arch`, sorted and each once.

        Raises UsageError for an arch that Debian does not carry, and for a name that no package can have.
        """
        if not arch.has_images:
            raise UsageError(
                f"Debian has no {arch.name}, so there is no image for it",
                fix="only statically linked programs run there; `wrongarch arches` lists those that have images",
            )
        own = self.arch.get(arch.name, ArchImage())
        wanted = {*self.packages, *own.packages} - set(own.without)
        for name in sorted(wanted):
            if not PACKAGE_NAME.fullmatch(name):
                raise UsageError(
                    f"{name!r} in the image {self.name} is no name of a Debian package",
                    fix="write names as in `apt-cache search`, without version, suite or architecture",
                )
        return own.suite or arch.suites[0], tuple(sorted(wanted))
