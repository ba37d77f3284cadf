"""Why a private root could not be made, in words, with what to do."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import msgspec

from wrongarch.errors import MachineError

BINFMT_KERNEL = (6, 7)
"""The first Linux whose binfmt_misc can be mounted in a user namespace."""


class Failure(msgspec.Struct, frozen=True):
    """What the agent says when a stage fails."""

    stage: str
    errno: int
    error: str


class RootError(MachineError):
    """A private root could not be made; the failure says where."""

    def __init__(self, what: str, *, fix: str = "", failure: Failure) -> None:
        super().__init__(what, fix=fix)
        self.failure = failure

    @property
    def denied(self) -> bool:
        """Whether more rights could have helped."""
        return self.failure.errno in (errno.EPERM, errno.EACCES, errno.ENOSPC) or self.failure.stage == "user namespace"


def kernel_version(release: str | None = None) -> tuple[int, int]:
    """(6, 18) for "6.18.44-foo"."""
    match = re.match(r"(\d+)\.(\d+)", release if release is not None else os.uname().release)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def explain(failure: Failure, kernel: tuple[int, int], sysctls: Path = Path("/proc/sys")) -> RootError:
    """The error for a failed stage. `sysctls` is where settings of the kernel are read."""
    what = f"cannot make a private root (at: {failure.stage}): {failure.error}"
    return RootError(what, fix=_fix(failure, kernel, sysctls), failure=failure)


def _fix(failure: Failure, kernel: tuple[int, int], sysctls: Path) -> str:
    if failure.stage == "user namespace":
        return _fix_user_namespace(failure, sysctls)
    if failure.stage == "registration":
        return _fix_registration(failure, kernel)
    if failure.stage == "name of the machine":
        return "native tools cannot be told which machine they are on (seccomp_unotify(2)): do without, by --accel none"
    if failure.stage == "folders of the host" and failure.errno == errno.EACCES:
        return "root too is only a user in a namespace: run it as the user who owns that folder, or open it to others"
    if failure.errno in (errno.EPERM, errno.EACCES):
        return _fix_denied(failure, sysctls)
    return {
        errno.ENOSPC: "a limit on namespaces or memory is reached: see /proc/sys/user and free memory",
        errno.ENOENT: "a file that is needed is gone; if it is in the cache, delete it there and run again",
    }.get(failure.errno, "see what the kernel log says (dmesg), and try it outside of containers")


def _fix_registration(failure: Failure, kernel: tuple[int, int]) -> str:
    if kernel < BINFMT_KERNEL:
        return (
            f"this is Linux {kernel[0]}.{kernel[1]}; private registration needs Linux 6.7 or newer. "
            "Use a newer kernel, or an engine with a registration of its own"
        )
    if failure.errno == errno.ENODEV:
        return "this kernel was built without binfmt_misc (CONFIG_BINFMT_MISC)"
    return "report this, with the output of: wrongarch binfmt show"


def _fix_denied(failure: Failure, sysctls: Path) -> str:
    if _read(sysctls / "kernel/apparmor_restrict_unprivileged_userns") == "1":
        return _APPARMOR
    if "mount proc" in failure.error:
        return (
            "this looks like a container that hides parts of /proc; start it with "
            "--security-opt systempaths=unconfined (docker) or --security-opt unmask=ALL (podman)"
        )
    return "run it on the machine itself rather than in a container, or allow namespaces and mounts in it"


_APPARMOR = (
    "AppArmor forbids user namespaces to programs without a profile (Ubuntu 23.10 and later). "
    "Allow them: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
)


def _fix_user_namespace(failure: Failure, sysctls: Path) -> str:
    if _read(sysctls / "kernel/apparmor_restrict_unprivileged_userns") == "1":
        return _APPARMOR
    if _read(sysctls / "kernel/unprivileged_userns_clone") == "0":
        return "allow user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1"
    if failure.errno == errno.ENOSPC or _read(sysctls / "user/max_user_namespaces") == "0":
        return "allow user namespaces: sudo sysctl -w user.max_user_namespaces=10000"
    return "user namespaces are not allowed here; in a container, start it with --security-opt seccomp=unconfined"


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
