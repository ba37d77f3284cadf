"""Builds a root from a lock: native dpkg unpacks and configures, maintainer scripts run in the guest by emulation.

The steps are those of debootstrap(8), but that nothing of the guest runs besides maintainer scripts:
the essential packages are extracted, everything is unpacked by dpkg, then configured in the order that apt gave.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from wrongarch import paths
from wrongarch.arches.model import Arch
from wrongarch.debian import pool
from wrongarch.emulators.model import Emulator
from wrongarch.errors import UntrustedInput
from wrongarch.images import contents, toolbox
from wrongarch.images import lock as locks
from wrongarch.images.native.configuring import tools_over
from wrongarch.images.workshop import TARGET, Workshop, open_workshop
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.emulation import emulation
from wrongarch.namespaces.plan import PlanMount

_PACKAGES = "/packages"
_PASSWORDS_FIRST = ("base-passwd", "base-files")

_DPKG = ("dpkg", f"--root={TARGET}", "--force-depends", "--force-unsafe-io", "--force-confnew", "--no-triggers")
# dpkg-deb --extract would put a folder /bin in the place of our link
_EXTRACT = f'dpkg-deb --fsys-tarfile "$1" | tar --extract --directory={TARGET} --keep-directory-symlink'
_ENVIRONMENT = {
    "DEBIAN_FRONTEND": "noninteractive",
    "DEBCONF_NONINTERACTIVE_SEEN": "true",
    "DEBCONF_NOWARNINGS": "yes",
    "PYTHONHASHSEED": "0",
    "PERL_HASH_SEED": "0",
}

# What configuration leaves that depends on when and where it ran, or that only a running system needs.
_LEFTOVERS = (
    "etc/.pwd.lock",
    "etc/group-",
    "etc/gshadow-",
    "etc/passwd-",
    "etc/shadow-",
    "usr/sbin/policy-rc.d",
    "var/cache/ldconfig/aux-cache",
    "var/lib/dpkg/arch",
    "var/lib/dpkg/available",
    "var/lib/dpkg/lock",
    "var/lib/dpkg/lock-frontend",
    "var/lib/dpkg/triggers/Lock",
)
_LEFTOVER_GLOBS = ("var/log/**/*", "var/lib/dpkg/*-old", "var/cache/debconf/*-old", "run/*", "tmp/*", "dev/*")


def build(
    lock: locks.Lock,
    arch: Arch,
    emulator: Emulator | None,
    into: Path,
    *,
    ids: id_maps.IdMap,
    progress: toolbox.Progress = toolbox.silent,
    native: bool = True,
) -> str:
    """Build the root of `lock` in the new folder `into`, logging to `into`.log; the digest of its contents.

    `emulator` None: the host runs `arch` itself. `native`: maintainer scripts run native tools where there are some,
    with the same result. Raises NetworkError, UntrustedInput for a package that is not what the lock says, and
    MachineError with the end of the log.
    """
    box = toolbox.ensure(ids=ids, progress=progress)
    files = pool.fetch_pool(
        lock.packages, taken=lock.taken, progress=lambda done, total: progress("downloading packages", done, total)
    )
    log = into.with_name(into.name + ".log")
    toolbox.merge_usr(into, lock.arch)
    _prepare(into, lock)
    id_maps.give(into, ids.owner)
    emulated = emulation(arch, emulator)
    with _packages_folder(into, lock, files) as packages:
        from_packages = PlanMount(source=str(packages), target=_PACKAGES, writable=False)
        with open_workshop(box, log, target=into, mounts=(from_packages,), ids=ids) as shop:
            _extract(shop, lock, progress)
        inhabited = partial(
            open_workshop,
            box,
            log,
            target=into,
            records=emulated.records,
            env={**_ENVIRONMENT, "SOURCE_DATE_EPOCH": str(lock.epoch)},
            linux32=arch.bits == 32,
            inhabited=True,
            ids=ids,
        )
        mounts = (*emulated.mounts, from_packages)
        with inhabited(mounts=mounts) as shop:
            _unpack(shop, lock, progress)
        with contextlib.ExitStack() as stack:
            tools: tuple[PlanMount, ...] = ()
            if native and emulator is not None:
                tools = stack.enter_context(tools_over(into, arch, TARGET, ids, progress))
            with inhabited(mounts=(*mounts, *tools), machine=arch.uname if tools else "") as shop:
                _configure(shop, lock, progress)
    progress("finishing the image", 0, None)
    _clean(into)
    contents.clamp_times(into, lock.epoch)
    return contents.digest(contents.listing(into))


def _prepare(root: Path, lock: locks.Lock) -> None:
    """What dpkg and the first scripts expect to find (debootstrap makes the same)."""
    for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "var/log", "var/cache"):
        (root / folder).mkdir(parents=True)
    for file in ("status", "available"):
        (root / "var/lib/dpkg" / file).touch()
    # native dpkg takes packages of the guest only as a foreign architecture's
    (root / "var/lib/dpkg/arch").write_text(f"{lock.arch}\n")
    (root / "tmp").chmod(0o1777)
    (root / "root").chmod(0o700)
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")  # start no services (invoke-rc.d(8))
    policy.chmod(0o755)


@contextlib.contextmanager
def _packages_folder(into: Path, lock: locks.Lock, files: dict[str, Path]) -> Iterator[Path]:
    """The downloaded packages by name, as hard links, readable for whoever root is in the workshop."""
    with paths.staging(into.parent, f"{into.name}-packages") as folder:
        folder.chmod(0o755)
        for package in lock.packages:
            file = folder / f"{package.name}.deb"
            try:
                file.hardlink_to(files[package.sha256])
            except OSError:  # another file system, or hard links are restricted (proc_sys_fs(5), protected_hardlinks)
                shutil.copyfile(files[package.sha256], file)
            file.chmod(0o644)
        yield folder


def _extract(shop: Workshop, lock: locks.Lock, progress: toolbox.Progress) -> None:
    """Enough to run maintainer scripts. Before /proc is there, whose mode tar would want to set."""
    for done, package in enumerate(lock.packages[: lock.essential]):
        progress("extracting the essential packages", done, lock.essential)
        shop.run("sh", "-c", _EXTRACT, "extract", _deb(package.name), error=UntrustedInput)


def _unpack(shop: Workshop, lock: locks.Lock, progress: toolbox.Progress) -> None:
    names = [package.name for package in lock.packages]
    excludes = [f"--path-exclude={glob}" for glob in lock.exclude]
    count = _Counter(progress, "unpacking packages", "Unpacking ", len(names))
    shop.run(*_DPKG, *excludes, "--unpack", *map(_deb, names), on_line=count)


def _configure(shop: Workshop, lock: locks.Lock, progress: toolbox.Progress) -> None:
    names = [package.name for package in lock.packages]
    first = [name for name in _PASSWORDS_FIRST if name in names]
    count = _Counter(progress, "configuring packages", "Setting up ", len(names))
    if first:
        shop.run(*_DPKG, "--configure", *first, on_line=count)
    shop.run(*_DPKG, "--configure", *(name for name in names if name not in first), on_line=count)
    progress("processing triggers", 0, None)
    shop.run(*(word for word in _DPKG if word != "--no-triggers"), "--configure", "--pending")


def _deb(name: str) -> str:
    return f"{_PACKAGES}/{name}.deb"


class _Counter:
    """Turns lines that dpkg prints into progress."""

    def __init__(self, progress: toolbox.Progress, what: str, prefix: str, total: int) -> None:
        self._progress, self._what, self._prefix, self._total = progress, what, prefix, total
        self._done = 0

    def __call__(self, line: str) -> None:
        if line.startswith(self._prefix):
            self._done += 1
            self._progress(self._what, self._done, self._total)


def _clean(root: Path) -> None:
    for name in _LEFTOVERS:
        if _is_within(root, name):
            (root / name).unlink(missing_ok=True)
    for glob in _LEFTOVER_GLOBS:
        for entry in root.glob(glob) if _is_within(root, glob) else ():
            if entry.is_symlink() or not entry.is_dir():
                entry.unlink()
            elif not glob.startswith("var/log"):
                paths.remove_tree(entry)
    machine = root / "etc/machine-id"
    if _is_within(root, "etc/machine-id") and machine.is_file() and not machine.is_symlink():
        machine.write_text("")


def _is_within(root: Path, name: str) -> bool:
    """Whether no folder on the way to `name` is a link: we see the root from outside, where it would lead elsewhere."""
    return not any((root / folder).is_symlink() for folder in Path(name).parents)
