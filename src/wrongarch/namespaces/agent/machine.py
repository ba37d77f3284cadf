"""What native programs in a foreign root hear when they ask which machine this is: uname(2), answered by us.

Nothing of the kernel's own says "armv7l" to a program of another arch: personality(2) knows the 32-bit twin of a
64-bit machine only. So a seccomp filter hands each uname(2) to the agent, which writes the answer into the caller's
memory (seccomp_unotify(2)). Emulated programs are asked through their emulator, and hear its own answer as ever.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct

from wrongarch.namespaces.agent import syscalls

# AUDIT_ARCH (linux/audit.h), numbers of uname(2) and seccomp(2) (each arch's unistd.h), by what uname(2) really says
_CALLS: dict[str, tuple[int, int, int]] = {
    "x86_64": (0xC000003E, 63, 317),
    "aarch64": (0xC00000B7, 160, 277),
    "riscv64": (0xC00000F3, 160, 277),
    "loongarch64": (0xC0000102, 160, 277),
    "s390x": (0x80000016, 122, 348),
    "ppc64le": (0xC0000015, 122, 358),
}
_FIELD, _MACHINE = 65, 4  # struct new_utsname: six fields of 65 bytes, of which this is the fifth
_NOTICE = struct.Struct("=QIIiIQ6Q")  # struct seccomp_notif: id, pid, flags; nr, arch, instruction pointer, args
_ANSWER = struct.Struct("=QqiI")  # struct seccomp_notif_resp: id, val, error, flags
_CONTINUE = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE: as if we had not been asked
_LOAD_WORD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000


class Answers:
    """Installs the filter on this thread and all it starts. This process must not call uname(2) itself after that."""

    def __init__(self, machine: str) -> None:
        real = os.uname().machine
        kind, uname, seccomp = _CALLS[real]
        self._names = bytearray(syscalls.uname(6 * _FIELD))
        self._names[_MACHINE * _FIELD : (_MACHINE + 1) * _FIELD] = machine.encode().ljust(_FIELD, b"\0")
        self._receive, self._send, self._is_valid = _requests(real)
        self._descriptor = syscalls.seccomp_listener(seccomp, uname_filter(kind, uname))

    def fileno(self) -> int:
        """The descriptor that is readable when somebody asks."""
        return self._descriptor

    def give(self) -> None:
        """Answer one question. Who asked may be gone by then."""
        notice = bytearray(_NOTICE.size)
        with contextlib.suppress(OSError):
            fcntl.ioctl(self._descriptor, self._receive, notice)
            number, pid, *_, address = _NOTICE.unpack(notice)[:7]
            flags = 0 if self._tell(number, pid, address) else _CONTINUE
            fcntl.ioctl(self._descriptor, self._send, bytearray(_ANSWER.pack(number, 0, 0, flags)))

    def _tell(self, number: int, pid: int, address: int) -> bool:
        """Write the answer into the caller; whether that worked. The kernel answers where it did not."""
        try:
            with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
                fcntl.ioctl(self._descriptor, self._is_valid, struct.pack("=Q", number))  # still the same process
                memory.seek(address)
                return memory.write(self._names) == len(self._names)
        except (OSError, ValueError, OverflowError):
            return False


def uname_filter(kind: int, number: int) -> bytes:
    """A classic BPF program (struct sock_filter[]) that has the agent asked for system call `number` of one arch."""
    steps = (
        (_LOAD_WORD, 0, 0, 4),  # offsetof(struct seccomp_data, arch)
        (_JUMP_EQUAL, 0, 3, kind),
        (_LOAD_WORD, 0, 0, 0),  # nr
        (_JUMP_EQUAL, 0, 1, number),
        (_RETURN, 0, 0, _ASK),
        (_RETURN, 0, 0, _ALLOW),
    )
    return b"".join(struct.pack("=HBBI", code, yes, no, value) for code, yes, no, value in steps)


def _requests(real: str) -> tuple[int, int, int]:
    """SECCOMP_IOCTL_NOTIF_RECV, _SEND and _ID_VALID: ioctl(2) numbers are made otherwise on PowerPC."""
    odd = real.startswith("ppc")
    write, both, shift = (4, 6, 29) if odd else (1, 3, 30)

    def request(direction: int, number: int, size: int) -> int:
        return direction << shift | size << 16 | ord("!") << 8 | number

    return request(both, 0, _NOTICE.size), request(both, 1, _ANSWER.size), request(write, 2, 8)


def knows(real: str) -> bool:
    """Whether programs of a machine, by what uname(2) says there, can be answered."""
    return real in _CALLS
