"""Builds the private root: an overlay over a tree on the host, then /proc, /dev, /sys and the host folders asked for.

Order matters. Folders of the host are opened while we still have the user's own rights (`Sources`); everything below
the new root is resolved after pivot_root, so that no symbolic link in a root can lead to the host; the old root is let
go last, because a new /proc may only be mounted while an old one is visible (mount_namespaces(7)).

Until then the old root hangs below the new one under a name that nobody can guess. Were it stacked on "/", as
pivot_root(2) proposes, ".." in a link of the root would step up into it. For the same reason no folder of the host
stays open, which a link could reach by /proc/self/fd.
"""

from __future__ import annotations

import contextlib
import os
import stat
from typing import Any

from wrongarch.namespaces.agent import syscalls as sc

STAGE = "/tmp"  # noqa: S108  every system has it, and what we mount there only we see
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
BINFMT = "/proc/sys/fs/binfmt_misc"
KERNEL_FILES = ("sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi", "mtrr")  # as container engines have it
HIDDEN_BINFMT = "/run/wrongarch/binfmt_misc"


class Sources:
    """File descriptors of all that the new root takes from the host."""

    def __init__(self, plan: dict[str, Any]) -> None:
        folders = (*plan["layers"], plan["root"])
        self.layers = [os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC) for folder in folders]
        self.old_root = f".wrongarch-{os.urandom(16).hex()}"
        self.devices = {name: sc.open_tree(f"/dev/{name}") for name in DEVICES if os.path.exists(f"/dev/{name}")}
        self.system = None
        if not plan["own_network"]:
            self.system = sc.open_tree("/sys")
            sc.restrict_mount(self.system, sc.MOUNT_ATTR_RDONLY)
        self.lent: list[tuple[int, tuple[int, int]]] = []
        self.mounts: list[tuple[int, str, bool]] = []
        for mount in plan["mounts"]:
            tree = sc.open_tree(mount["source"])
            attributes = sc.MOUNT_ATTR_NOSUID | sc.MOUNT_ATTR_NODEV
            sc.restrict_mount(tree, attributes | (0 if mount["writable"] else sc.MOUNT_ATTR_RDONLY))
            status = os.fstat(tree)
            self.mounts.append((tree, mount["target"], stat.S_ISDIR(status.st_mode)))
            if mount["writable"] and plan["own_ids"] and stat.S_ISDIR(status.st_mode):
                folder = os.open(mount["source"], os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                self.lent.append((folder, (status.st_uid, status.st_gid)))

    def close(self) -> None:
        """Let go of them, in a process that needs them no more."""
        self.forget_layers()
        self.let_go()

    def forget_layers(self) -> None:
        """Close what the root is made of, once it is made."""
        for layer in self.layers:
            os.close(layer)

    def forget_lent(self) -> None:
        """Leave it to the other process to return what was lent."""
        for folder, _ in self.lent:
            os.close(folder)

    def let_go(self) -> None:
        """Close all but the layers of the root, which `enter` closes."""
        for tree in [*self.devices.values(), *(tree for tree, _, _ in self.mounts)]:
            os.close(tree)
        if self.system is not None:
            os.close(self.system)


def enter(sources: Sources, plan: dict[str, Any]) -> None:
    """Make the new root and enter it; the old one hangs below it until `leave_old_root`."""
    sc.mount("none", "/", "", sc.MS_REC | sc.MS_PRIVATE)
    sc.mount("tmpfs", STAGE, "tmpfs", 0, f"mode=0755,size={plan['scratch_bytes']}")
    for name in ("root", "upper", "work"):
        os.mkdir(f"{STAGE}/{name}", 0o755)
    # userxattr: without it overlayfs wants trusted.* attributes, which a user namespace may not set
    lower = ":".join(f"/proc/self/fd/{layer}" for layer in sources.layers)
    layers = f"userxattr,lowerdir={lower},upperdir={STAGE}/upper,workdir={STAGE}/work"
    sc.mount("overlay", f"{STAGE}/root", "overlay", 0, layers)
    sources.forget_layers()
    os.chdir(f"{STAGE}/root")
    os.mkdir(sources.old_root, 0o700)
    sc.pivot_root_here(sources.old_root)
    os.chdir("/")


def leave_old_root(sources: Sources) -> None:
    """Let go of the host's files."""
    sc.umount(f"/{sources.old_root}")
    os.rmdir(f"/{sources.old_root}")


def protect_settings(plan: dict[str, Any]) -> None:
    """Where root inside is the host's own root: what it may write in /proc by its user id alone is read-only."""
    for proc in ("/proc", f"{plan['inner']}/proc") if plan["inner"] else ("/proc",):
        for name in KERNEL_FILES:
            path = f"{proc}/{name}"
            if os.path.exists(path):
                tree = sc.open_tree(path)
                sc.restrict_mount(tree, sc.MOUNT_ATTR_RDONLY)
                sc.move_mount(tree, path)
                os.close(tree)


def furnish(sources: Sources, plan: dict[str, Any]) -> None:
    """Mount what programs expect to find, then what the plan asks for."""
    _mount_new("/proc", "proc", sc.MS_NOSUID | sc.MS_NODEV | sc.MS_NOEXEC)
    _make_devices(sources)
    if sources.system is None:
        _mount_new("/sys", "sysfs", sc.MS_NOSUID | sc.MS_NODEV | sc.MS_NOEXEC | sc.MS_RDONLY)
    else:
        _make_folder("/sys")
        sc.move_mount(sources.system, "/sys")
    for tree, target, is_folder in sources.mounts:
        _make_target(target, is_folder)
        sc.move_mount(tree, target)
    for path, text in plan["files"].items():
        _replace_file(path, text)
    if plan["inner"]:
        _mount_new(f"{plan['inner']}/proc", "proc", sc.MS_NOSUID | sc.MS_NODEV | sc.MS_NOEXEC)
        for name in ("dev", "sys"):
            _make_folder(f"{plan['inner']}/{name}")
            sc.move_mount(sc.open_tree(f"/{name}"), f"{plan['inner']}/{name}")


def _make_folder(path: str, mode: int = 0o755) -> None:
    with contextlib.suppress(FileExistsError):
        os.makedirs(path, mode)


def _make_target(path: str, is_folder: bool) -> None:
    _make_folder(path if is_folder else os.path.dirname(path))
    if not is_folder and not os.path.lexists(path):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))


def _replace_file(path: str, text: str) -> None:
    """A root may have a link where we want a file (resolv.conf often is one)."""
    _make_folder(os.path.dirname(path))
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o644)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _mount_new(path: str, kind: str, flags: int, data: str = "") -> None:
    _make_folder(path)
    sc.mount(kind, path, kind, flags, data)


def _make_devices(sources: Sources) -> None:
    _mount_new("/dev", "tmpfs", sc.MS_NOSUID | sc.MS_NOEXEC, "mode=0755,size=4m")
    for name, tree in sources.devices.items():
        _make_target(f"/dev/{name}", is_folder=False)
        sc.move_mount(tree, f"/dev/{name}")
    _mount_new("/dev/pts", "devpts", sc.MS_NOSUID | sc.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    _mount_new("/dev/shm", "tmpfs", sc.MS_NOSUID | sc.MS_NODEV, "mode=1777,size=50%")  # noqa: S108  in a root of our own
    for link, target in (
        ("ptmx", "pts/ptmx"),
        ("fd", "/proc/self/fd"),
        ("stdin", "fd/0"),
        ("stdout", "fd/1"),
        ("stderr", "fd/2"),
    ):
        os.symlink(target, f"/dev/{link}")
