"""Indices of the archive whose signature has been checked, by gpgv in the toolbox."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from wrongarch import paths
from wrongarch.debian import packages as indices
from wrongarch.errors import UntrustedInput
from wrongarch.images import toolbox
from wrongarch.images.workshop import Workshop, open_workshop
from wrongarch.namespaces.plan import PlanMount

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
MIRROR = "/mirror"
_DOUBT = "the archive may be damaged or not Debian's; try another mirror: export WRONGARCH_DEBIAN_MIRROR=http://..."


@contextlib.contextmanager
def verified(
    suite: str, debian_arch: str, progress: toolbox.Progress = toolbox.silent
) -> Iterator[tuple[indices.Index, Workshop]]:
    """The index of `suite` for an architecture, and a workshop that sees it at MIRROR, laid out as an archive.

    Raises UntrustedInput if it is not signed by a key of Debian's, NetworkError.
    """
    box = toolbox.ensure(progress=progress)
    with paths.staging(paths.cache_dir() / "resolving", f"{suite}-{debian_arch}") as work:
        progress(f"reading the index of {suite} for {debian_arch}", 0, None)
        mirror = work / "mirror"
        index = indices.fetch_index(suite, debian_arch, mirror)
        _make_readable(mirror)
        mounts = (PlanMount(source=str(mirror), target=MIRROR, writable=False),)
        with open_workshop(box, work / "log.txt", mounts=mounts) as shop:
            release = f"{MIRROR}/dists/{suite}/InRelease"
            shop.run("gpgv", "--quiet", "--keyring", KEYRING, release, error=UntrustedInput, fix=_DOUBT)
            yield index, shop


def fetch_verified(suite: str, debian_arch: str, progress: toolbox.Progress = toolbox.silent) -> indices.Index:
    """The verified index alone; raises as `verified` does."""
    with verified(suite, debian_arch, progress) as (index, _):
        return index


def _make_readable(mirror: Path) -> None:
    """For the root of the workshop, who may be another user."""
    mirror.chmod(0o755)
    for entry in mirror.rglob("*"):
        entry.chmod(0o755 if entry.is_dir() else 0o644)
