"""Makes a lock: apt, in the toolbox, checks the signature of an archive and says which packages are needed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from wrongarch.arches.model import Arch
from wrongarch.debian.pool import PoolFile
from wrongarch.errors import UntrustedInput, UsageError
from wrongarch.images import archive, toolbox
from wrongarch.images import lock as locks
from wrongarch.images.spec import ImageSpec
from wrongarch.images.workshop import Workshop

_CONFIGURED = re.compile(r"^Conf (?P<name>[^ :]+)(?::\S+)? \((?P<version>\S+) ", re.MULTILINE)
_PREPARE = 'mkdir -p /apt/lists/partial /apt/cache/archives/partial && : >/apt/status && echo "$1" >/apt/sources.list'
_ESSENTIAL = "?and(?essential, ?not(?exact-name(apt)))"
"""apt-patterns(7). apt marks itself as essential, but a root that is built from outside does without."""

_MERGED = "usr-is-merged"
"""Says that /usr is merged, as ours is. Else apt takes usrmerge, which would do it anew, with perl."""


def make_lock(
    spec: ImageSpec, arch: Arch, progress: toolbox.Progress = toolbox.silent, *, essential: bool = True
) -> locks.Lock:
    """Ask the archive as it is now. With `essential`, all that Debian calls essential is in it, first.

    Raises UsageError for a package that does not exist, UntrustedInput for an archive whose signature is not
    Debian's, NetworkError.
    """
    suite, wanted = spec.for_arch(arch)
    with archive.verified(suite, arch.debian, progress) as (index, shop):
        base: tuple[str, ...] = (_ESSENTIAL,) if essential else ()
        if essential and any(package.name == _MERGED for package in index.packages):
            base += (_MERGED,)
        options = _configure(shop, suite, arch.debian)
        first, full = (_simulate(shop, options, request) for request in (base, (*base, *wanted)))
    order = list(dict.fromkeys(first + full))
    return locks.Lock(
        format=locks.FORMAT,
        image=spec.name,
        arch=arch.debian,
        suite=suite,
        request=locks.request_digest(suite, wanted, spec.exclude),
        taken=int(time.time()),
        source=locks.Source(suite=suite, inrelease=index.inrelease_sha256, date=index.date),
        essential=len(first),
        exclude=spec.exclude,
        packages=tuple(_find(index.packages, order)),
    )


def _configure(shop: Workshop, suite: str, debian_arch: str) -> tuple[str, ...]:
    """Point apt at the index alone, as if for an empty root of that architecture; the options for it."""
    source = f"deb [signed-by={archive.KEYRING}] file:{archive.MIRROR} {suite} main"
    shop.run("sh", "-c", _PREPARE, "sh", source)
    settings = {
        "APT::Architecture": debian_arch,
        "APT::Architectures": debian_arch,
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Dir::Etc::sourcelist": "/apt/sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State": "/apt",
        "Dir::State::status": "/apt/status",
        "Dir::Cache": "/apt/cache",
    }
    options = tuple(word for key, value in settings.items() for word in ("-o", f"{key}={value}"))
    fix = "try another mirror (WRONGARCH_DEBIAN_MIRROR), or later"
    shop.run("apt-get", *options, "update", error=UntrustedInput, fix=fix)
    return options


def _simulate(shop: Workshop, options: tuple[str, ...], wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    if not wanted:
        return []
    text = shop.run(
        "apt-get",
        *options,
        "install",
        "--simulate",
        *wanted,
        error=UsageError,
        fix="correct the packages of the image in the recipe; apt's words are above",
    )
    return [(match["name"], match["version"]) for match in _CONFIGURED.finditer(text)]


def _find(index: Iterable[PoolFile], order: list[tuple[str, str]]) -> Iterable[PoolFile]:
    wanted = set(order)
    found = {(package.name, package.version): package for package in index if (package.name, package.version) in wanted}
    missing = wanted - found.keys()
    if missing:  # cannot happen while apt reads the same index
        raise UntrustedInput(f"apt names packages that the index lacks: {sorted(missing)[:3]}")
    return (found[entry] for entry in order)
