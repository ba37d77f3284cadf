"""The kernel: its version, its settings for namespaces, and a private root made for real."""

from __future__ import annotations

import contextlib
import mmap
import os
import pwd
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from wrongarch import paths, process
from wrongarch.arches.lookup import find, host_arch
from wrongarch.doctor.model import Finding, Machine, Probe, fail, good, skip, warn
from wrongarch.emulators import records
from wrongarch.errors import MachineError, WrongarchError
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.plan import Plan, PlanMount, Record
from wrongarch.namespaces.session import open_root
from wrongarch.namespaces.trouble import BINFMT_KERNEL, RootError, kernel_version

_SYSCTL = "/proc/sys/"
_FEW = 16  # namespaces; each session takes one, and so do browsers and containers
_RESERVED = 0xFFFF0000  # bytes of address space that QEMU reserves for a 32-bit guest
_JUDGE = "/run/wrongarch/judge"

# QEMU does the same, and says "Unable to reserve 0xffff0000 bytes". 0x4022: private, anonymous, not accounted for.
_RESERVE = f"import mmap; mmap.mmap(-1, {_RESERVED}, flags=0x4022, prot=0)"


def kernel(machine: Machine) -> Finding:
    """Whether binfmt_misc can be mounted in a user namespace."""
    release = machine.read("/proc/sys/kernel/osrelease")
    major, minor = kernel_version(release)
    if (major, minor) >= BINFMT_KERNEL:
        return good(f"Linux {major}.{minor}: programs of other arches can be registered for one session alone")
    return fail(
        f"Linux {major}.{minor} cannot register programs for one session alone (6.7 and newer can)",
        "use a newer kernel, or let a daemon do it: wrongarch test ARCH --engine docker",
    )


def user_namespaces(machine: Machine) -> Finding:
    """Settings of the kernel that forbid namespaces, or nearly do."""
    if machine.read(f"{_SYSCTL}kernel/unprivileged_userns_clone") == "0":
        return _forbidden("kernel.unprivileged_userns_clone is 0", "kernel.unprivileged_userns_clone=1")
    most = machine.read(f"{_SYSCTL}user/max_user_namespaces")
    if most == "0":
        return _forbidden("user.max_user_namespaces is 0", "user.max_user_namespaces=10000")
    if most.isdigit() and int(most) < _FEW:
        return warn(f"only {most} user namespaces may exist at once", "sudo sysctl -w user.max_user_namespaces=10000")
    return good(f"the kernel's settings allow user namespaces (at most {most or 'unknown'})")


def apparmor(machine: Machine) -> Finding:
    """Ubuntu's restriction of user namespaces to programs with a profile (23.10 and later)."""
    setting = machine.read(f"{_SYSCTL}kernel/apparmor_restrict_unprivileged_userns")
    if setting != "1":
        return good("AppArmor does not restrict user namespaces")
    fix = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    if os.geteuid() == 0:
        return warn("AppArmor restricts user namespaces of ordinary users (not of root, who asks)", fix)
    return fail("AppArmor forbids user namespaces to programs without a profile (Ubuntu 23.10 and later)", fix)


def _forbidden(why: str, setting: str) -> Finding:
    fix = f"sudo sysctl -w {setting}"
    if why.startswith("kernel.") and os.geteuid() == 0:
        return warn(f"ordinary users may not make user namespaces: {why}", fix)
    return fail(f"user namespaces are forbidden: {why}", fix)


def private_root(machine: Machine) -> Finding:
    """A root in namespaces of its own with a registration of its own, made and thrown away."""
    try:
        ids = id_maps.choose()
        with _empty(ids) as root:
            plan = _plan(root)
            with open_root(plan, ids) as opened:
                release = opened.kernel
                leaked = machine.path(f"/proc/sys/fs/binfmt_misc/{plan.records[0].name}").exists()
    except RootError as error:
        return fail(f"no private root ({error.failure.stage}): {error.failure.error}", error.fix)
    except MachineError as error:
        return fail(f"no private root: {error.what}", error.fix)
    if leaked:
        return fail("a private registration is seen on the host", "please report this, with: wrongarch doctor --json")
    kinds = {"range": "ids of nobody", "subordinate": "subordinate ids", "single": "a single id"}
    return good(f"made one on Linux {release} with {kinds[ids.kind]}; its registration was not seen outside")


@contextlib.contextmanager
def _empty(ids: id_maps.IdMap) -> Iterator[Path]:
    """An empty tree that belongs to root inside."""
    home = paths.cache_dir() / "doctor"
    paths.sweep_stale(home)
    with paths.staging(home, "root") as outer:
        root = outer / "root"
        root.mkdir(mode=0o755)
        id_maps.give(root, ids.owner)
        yield root
        id_maps.give(root, (os.geteuid(), os.getegid()))


def _plan(root: Path) -> Plan:
    """Hands programs of some other arch to this Python: that is never started, but the kernel opens it."""
    other = find("s390x" if host_arch().name != "s390x" else "arm")
    record = records.make_record(other, _JUDGE)
    line = records.render(record).decode("latin-1")
    python = str(Path(sys.executable).resolve())
    return Plan(
        root=root,
        mounts=(PlanMount(source=python, target=_JUDGE, writable=False),),
        records=(Record(name=record.name, line=line),),
        emulator=_JUDGE,
    )


def subordinate_ids(machine: Machine) -> Finding:
    """What gives an ordinary user more than one id inside: owners of files and setuid mean something then."""
    if os.geteuid() == 0:
        return good("root maps a range of ids by itself, newuidmap is not needed")
    path = machine.env.get("PATH")
    if not (shutil.which("newuidmap", path=path) and shutil.which("newgidmap", path=path)):
        return warn(
            "newuidmap is missing: inside, every file belongs to root, and setuid programs mean nothing",
            "sudo apt-get install uidmap",
        )
    granted = [file for file in ("/etc/subuid", "/etc/subgid") if _granted(machine, file)]
    if len(granted) < 2:
        return warn(
            "no subordinate ids are granted to this user",
            "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER",
        )
    return good("newuidmap is there, and subordinate ids are granted")


def _granted(machine: Machine, file: str) -> bool:
    """Whether subuid(5) grants ids to us, by name or by number."""
    names = {str(os.geteuid())}
    with contextlib.suppress(KeyError):
        names.add(pwd.getpwuid(os.geteuid()).pw_name)
    return any(line.split(":")[0] in names for line in machine.read(file).splitlines())


def address_space(machine: Machine) -> Finding:
    """Reserve what QEMU reserves for a 32-bit guest, in a process of its own."""
    if sys.maxsize < 1 << 32:
        return skip("a 32-bit host gives QEMU what it has")
    try:
        process.run([sys.executable, "-I", "-S", "-c", _RESERVE], timeout=30)
    except WrongarchError:
        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        fix = "ulimit -v unlimited"
        if limit == resource.RLIM_INFINITY:
            mode = machine.read(f"{_SYSCTL}vm/overcommit_memory")
            fix = "sudo sysctl -w vm.overcommit_memory=0" if mode == "2" else "free memory, and try again"
        return fail(f"no {_RESERVED:#x} bytes of address space can be reserved: QEMU cannot start 32-bit programs", fix)
    low = machine.read(f"{_SYSCTL}vm/mmap_min_addr")
    if low.isdigit() and int(low) > 1 << 16:
        return warn(
            f"the first {int(low) >> 10} KiB of memory cannot be used, where some foreign programs are linked to",
            "sudo sysctl -w vm.mmap_min_addr=65536",
        )
    return good(f"{_RESERVED:#x} bytes of address space can be reserved, in pages of {mmap.PAGESIZE} bytes")


def stack_limit(_machine: Machine) -> Finding:
    """QEMU takes the limit at its start as the size of the guest's stack; `ulimit -s` inside comes too late."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    least = 8 << 20
    if soft != resource.RLIM_INFINITY and soft < least:
        return fail(
            f"the stack of programs is limited to {soft >> 10} KiB: deep recursion ends earlier than elsewhere",
            "ulimit -s 8192"
            if hard == resource.RLIM_INFINITY or hard >= least
            else "log in again: a limit was lowered",
        )
    shown = "not limited" if soft == resource.RLIM_INFINITY else f"{soft >> 20} MiB"
    return good(f"stack of programs: {shown}; QEMU gives guests the same")


PROBES = (
    Probe(name="kernel", about="private registration needs Linux 6.7", look=kernel),
    Probe(name="user-namespaces", about="settings that forbid namespaces", look=user_namespaces),
    Probe(name="apparmor", about="Ubuntu 24.04 restricts user namespaces", look=apparmor),
    Probe(name="namespaces", about="a private root with its own binfmt_misc, made for real", look=private_root),
    Probe(name="subordinate-ids", about="newuidmap, and ids for it to map", look=subordinate_ids),
    Probe(name="address-space", about="Unable to reserve 0xffff0000 bytes", look=address_space),
    Probe(name="stack-limit", about="ulimit -s", look=stack_limit),
)
