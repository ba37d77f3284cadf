"""Enters the private root of a container that was kept, from a second process that its engine starts in the container.

It joins the namespaces of the root's process 1 (setns(2)), so that the registration and all mounts are as commands had
them, and starts a program there.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import NoReturn

from wrongarch.namespaces.agent import privileges
from wrongarch.namespaces.agent import syscalls as sc

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NAMESPACES = ("user", "ipc", "uts", "net", "pid", "mnt")  # the mounts last: after that there is no /proc of ours


def main(program: str) -> NoReturn:
    """Replace this process by `program` in the root; never returns."""
    inside = find_inside()
    if inside is None:
        sys.exit("there is no private root in this container any more")
    handles = [os.open(f"/proc/{inside}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in _NAMESPACES]
    root = os.open(f"/proc/{inside}/root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    for handle in handles:
        sc.setns(handle)
    os.fchdir(root)
    os.chroot(".")
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    child = os.fork()  # only children are in the namespace of processes that was joined (setns(2))
    if child:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)
    with contextlib.suppress(OSError):
        privileges.drop_capabilities()
    env = {"PATH": _PATH, "HOME": "/root", "LANG": "C.UTF-8", "TERM": os.environ.get("TERM", "dumb")}
    try:
        os.execve(program, [program], env)  # noqa: S606  no shell is wanted
    except OSError as error:
        sys.stderr.write(f"{program}: {error.strerror}\n")
        os._exit(127)


def find_inside() -> int | None:
    """The process 1 of the root: of those in another user namespace than ours, the first that is 1 in its own."""
    ours = os.readlink("/proc/self/ns/user")
    for name in sorted(filter(str.isdigit, os.listdir("/proc")), key=int):
        try:
            if os.readlink(f"/proc/{name}/ns/user") == ours:
                continue
            with open(f"/proc/{name}/status", encoding="ascii", errors="replace") as file:
                ids = next((line.split()[1:] for line in file if line.startswith("NSpid:")), [])
        except OSError:
            continue
        if len(ids) > 1 and ids[-1] == "1":
            return int(name)
    return None
