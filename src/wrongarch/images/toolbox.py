"""The toolbox: a root of the host's own architecture with apt, dpkg and what they need.

It is unpacked from a lock that comes with wrongarch, in Python, so that the host needs no tools of Debian's. No
maintainer script runs: everything in it works without having been configured.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from wrongarch import paths
from wrongarch.arches.lookup import host_arch, image_arches
from wrongarch.arches.model import Arch
from wrongarch.debian import debs, pool
from wrongarch.errors import MachineError
from wrongarch.images import lock as locks
from wrongarch.images.spec import ImageSpec
from wrongarch.namespaces import ids as id_maps

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much of it is done, and how much there is (None: unknown)."""

SPEC = ImageSpec(
    name="toolbox",
    packages=(
        "apt",
        "coreutils",
        "dash",
        "debian-archive-keyring",
        "diffutils",
        "dpkg",
        "findutils",
        "gpgv",
        "grep",
        "gzip",
        "libc-bin",
        "sed",
        "tar",
        "xz-utils",
        "zstd",
    ),
)


AGENT = ImageSpec(name="agent", packages=("libpython3-stdlib", "python3-minimal"))
"""What runs the agent in a container: a native Python. Foreign roots have none, and the toolbox needs none."""


DEBUG = ImageSpec(name="debug", packages=("gdb-multiarch",))
"""What reads the stub of an emulator: one gdb for every arch. Apart from the toolbox, for few need its 140 MB."""


class Finish(NamedTuple):
    """What is done to a tree when all is unpacked; `version` is raised when it does something else."""

    act: Callable[[Path], None]
    version: int


def silent(_: str, __: int, ___: int | None) -> None:
    """Progress for nobody."""


def locks_folder() -> Path:
    """Where the locks of toolboxes are, one for each arch that can be a host."""
    return Path(str(importlib.resources.files("wrongarch.images").joinpath("locks")))


def lock_path(spec: ImageSpec, host: Arch) -> Path:
    """Where the lock of a toolbox is, if there is one."""
    return locks_folder() / spec.name / f"{host.name}.json"


def lock_of(spec: ImageSpec, host: Arch) -> locks.Lock:
    """The lock of a toolbox. Raises UsageError if there is none."""
    return locks.read(lock_path(spec, host))


def ensure(
    host: Arch | None = None,
    ids: id_maps.IdMap | None = None,
    progress: Progress = silent,
    *,
    spec: ImageSpec = SPEC,
    finish: Finish | None = None,
) -> Path:
    """The folder of the toolbox, made if it is not there yet; for use with the id map `ids` (default: the usual one).

    `spec` AGENT gives the smaller root that is for the agent in containers, DEBUG the one with gdb. Raises MachineError
    if there is none for this host; and what downloads and packages may raise.
    """
    host = host or host_arch()
    ids = ids or id_maps.choose()
    path = lock_path(spec, host)
    if not path.exists():
        have = ", ".join(arch.name for arch in image_arches() if (path.parent / f"{arch.name}.json").exists())
        raise MachineError(f"there is no {spec.name} for a {host.name} host", fix=f"use one of: {have}")
    lock = locks.read(path)
    folder = paths.cache_dir() / "toolboxes"
    own = "" if spec is SPEC else f"{spec.name}-"
    mark = f"-{finish.version}" if finish is not None else ""
    root = folder / f"{own}{host.name}-{lock.digest[:16]}-{ids.owner[0]}{mark}"
    if root.is_dir():
        return root
    with paths.locked(folder / f"{root.name}.lock"):
        if not root.is_dir():
            _make(lock, root, ids, progress, finish)
    return root


def _make(lock: locks.Lock, root: Path, ids: id_maps.IdMap, progress: Progress, finish: Finish | None) -> None:
    paths.sweep_stale(root.parent)
    files = pool.fetch_pool(
        lock.packages, taken=lock.taken, progress=lambda done, total: progress("downloading the toolbox", done, total)
    )
    with paths.staging(root.parent, root.name) as stage, paths.translate_disk_errors(root):
        tree = stage / "root"
        merge_usr(tree, lock.arch)
        _unpack([files[package.sha256] for package in lock.packages], tree, progress)
        (tree / "tmp").chmod(0o1777)
        if finish is not None:
            finish.act(tree)
        id_maps.give(tree, ids.owner)
        tree.rename(root)


def _unpack(files: list[Path], tree: Path, progress: Progress) -> None:
    """Several at once: decompression, which is most of it, lets other threads run."""
    with ThreadPoolExecutor() as threads:
        futures = [threads.submit(debs.extract, file, tree, merged_usr=True) for file in files]
        for done, future in enumerate(futures, start=1):
            future.result()
            progress("unpacking the toolbox", done, len(files))


# Folders of / that are links into /usr, besides the three that are so everywhere, by Debian arch: where the loader and
# the libraries of other ABIs live (https://wiki.debian.org/UsrMerge)
_LIBRARY_LINKS = {
    "amd64": ("lib32", "lib64", "libx32"),
    "i386": ("lib64", "libx32"),
    "mipsel": ("lib32", "lib64"),
    "mips64el": ("lib32", "lib64", "libo32"),
    "ppc64el": ("lib64",),
    "s390x": ("lib32",),
}


def merge_usr(tree: Path, debian_arch: str) -> None:
    """Make the folder `tree` with the links of a merged /usr, before any package is unpacked into it."""
    (tree / "usr").mkdir(parents=True)
    for name in ("bin", "sbin", "lib", *_LIBRARY_LINKS.get(debian_arch, ())):
        (tree / "usr" / name).mkdir()
        (tree / name).symlink_to(f"usr/{name}")
    for name in ("tmp", "proc", "dev", "sys", "run", "var", "etc", "root"):
        (tree / name).mkdir()
