"""What commands in the root may do: capabilities, chown made harmless, the 32-bit personality, resource limits."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from typing import Any

from wrongarch.namespaces.agent import syscalls

# capabilities(7): what a container engine leaves to root by default. SYS_ADMIN is not among them, so that a command
# cannot undo our mounts.
KEPT_CAPABILITIES = frozenset({0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31})
LAST_CAPABILITY_FILE = "/proc/sys/kernel/cap_last_cap"

# seccomp(2): the chown family by AUDIT_ARCH (linux/audit.h) and system call number (each arch's unistd.h).
CHOWN_CALLS: dict[int, tuple[int, ...]] = {
    0xC000003E: (92, 93, 94, 260),  # x86_64 (x32 programs use the same with bit 30 set, and are not made harmless)
    0x40000003: (16, 95, 182, 198, 207, 212, 298),  # i386
    0xC00000B7: (54, 55),  # aarch64
    0x40000028: (16, 95, 182, 198, 207, 212, 325),  # arm
    0xC00000F3: (54, 55),  # riscv64
    0xC0000102: (54, 55),  # loongarch64
    0xC0000015: (16, 95, 181, 289),  # ppc64le
    0x80000016: (198, 207, 212, 291),  # s390x
    0xC0000008: (5090, 5091, 5092, 5250),  # mips64el
    0x40000008: (4016, 4095, 4202, 4291),  # mipsel
}

_LOAD_WORD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO_ZERO = 0x7FFF0000, 0x00050000


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def chown_filter() -> bytes:
    """A classic BPF program (struct sock_filter[]) that answers every chown with success and does nothing."""

    def instruction(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    code = [instruction(_LOAD_WORD, 4)]  # offsetof(struct seccomp_data, arch)
    for arch, calls in CHOWN_CALLS.items():
        # not this arch: skip the load of the number, its comparisons and the two returns
        code.append(instruction(_JUMP_EQUAL, arch, 0, len(calls) + 3))
        code.append(instruction(_LOAD_WORD, 0))  # offsetof(struct seccomp_data, nr)
        for left, call in zip(range(len(calls), 0, -1), calls, strict=True):
            code.append(instruction(_JUMP_EQUAL, call, left, 0))
        code += [instruction(_RETURN, _ALLOW), instruction(_RETURN, _ERRNO_ZERO)]
    code.append(instruction(_RETURN, _ALLOW))
    return b"".join(code)


def make_chown_harmless() -> None:
    """From here on chown succeeds and changes nothing, for all processes we start."""
    data = chown_filter()
    syscalls.set_seccomp(_Program(len(data) // 8, data))


def drop_capabilities() -> None:
    """What we start loses all but KEPT_CAPABILITIES; we keep ours, to end what we started."""
    with open(LAST_CAPABILITY_FILE, encoding="ascii") as file:
        last = int(file.read())
    for capability in range(last + 1):
        if capability not in KEPT_CAPABILITIES:
            syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
    syscalls.prctl(syscalls.PR_CAP_AMBIENT, syscalls.PR_CAP_AMBIENT_CLEAR_ALL)


def set_limits(limits: dict[str, int]) -> None:
    """Lower soft and hard limits; `limits` maps the names of setrlimit(2) without RLIMIT_ to values (-1: no limit)."""
    for name, wanted in limits.items():
        number: int = getattr(resource, "RLIMIT_" + name)
        hard = resource.getrlimit(number)[1]
        value = hard if wanted == -1 else wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(number, (value, value))


def apply(plan: dict[str, Any]) -> None:
    """Everything of `plan` that is inherited by what we start. Called last, after all mounts."""
    persona = syscalls.PER_LINUX32 if plan["linux32"] else 0
    if plan.get("fixed_addresses"):
        persona |= syscalls.ADDR_NO_RANDOMIZE
    if persona:
        syscalls.personality(persona)
    set_limits(plan["limits"])
    if plan["cpus"]:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: plan["cpus"]])
    if plan["harmless_chown"]:
        make_chown_harmless()
    drop_capabilities()
