"""The filter that makes chown harmless, run by an interpreter of the test's own."""

from __future__ import annotations

import resource
import struct
from pathlib import Path

import pytest

from wrongarch.namespaces.agent import privileges

ALLOW, SUCCESS = 0x7FFF0000, 0x00050000  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with errno 0

# By AUDIT_ARCH: every call of the family, from the tables of each arch in Linux (arch/*/kernel/syscalls/*.tbl,
# include/uapi/asm-generic/unistd.h, arch/mips with 4000 and 5000 added).
CALLS = {
    0xC000003E: {"chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260},
    0x40000003: {
        "lchown": 16,
        "fchown": 95,
        "chown": 182,
        "lchown32": 198,
        "fchown32": 207,
        "chown32": 212,
        "fchownat": 298,
    },
    0x40000028: {
        "lchown": 16,
        "fchown": 95,
        "chown": 182,
        "lchown32": 198,
        "fchown32": 207,
        "chown32": 212,
        "fchownat": 325,
    },
    0xC00000B7: {"fchownat": 54, "fchown": 55},
    0xC00000F3: {"fchownat": 54, "fchown": 55},
    0xC0000102: {"fchownat": 54, "fchown": 55},
    0xC0000015: {"lchown": 16, "fchown": 95, "chown": 181, "fchownat": 289},
    0x80000016: {"lchown": 198, "fchown": 207, "chown": 212, "fchownat": 291},
    0xC0000008: {"chown": 5090, "fchown": 5091, "lchown": 5092, "fchownat": 5250},
    0x40000008: {"lchown": 4016, "fchown": 4095, "chown": 4202, "fchownat": 4291},
}


def run(program: bytes, *, arch: int, call: int) -> int:
    """Classic BPF as the kernel runs it on struct seccomp_data (the instructions that we use, and no others)."""
    data = struct.pack("=IIQ6Q", call, arch, 0, *[0] * 6)
    code = list(struct.iter_unpack("=HBBI", program))
    at = accumulator = 0
    for _ in range(len(code)):
        operation, yes, no, value = code[at]
        at += 1
        if operation == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif operation == 0x15:  # BPF_JMP | BPF_JEQ | BPF_K
            at += yes if accumulator == value else no
        elif operation == 0x06:  # BPF_RET | BPF_K
            return value
        else:
            raise AssertionError(f"instruction {operation:#x}")
    raise AssertionError("it does not end")


@pytest.fixture(scope="module")
def program() -> bytes:
    return privileges.chown_filter()


@pytest.mark.parametrize("arch", CALLS, ids=hex)
def test_every_chown_succeeds_and_nothing_else_is_touched(program: bytes, arch: int) -> None:
    harmless = set(CALLS[arch].values())
    for call in range(6000):
        assert run(program, arch=arch, call=call) == (SUCCESS if call in harmless else ALLOW), call


def test_every_arch_is_known_to_this_test() -> None:
    assert set(privileges.CHOWN_CALLS) == set(CALLS)


@pytest.mark.parametrize("arch", [0, 0x28, 0x80000015, 0xFFFFFFFF])
def test_an_unknown_arch_is_left_alone(program: bytes, arch: int) -> None:
    assert {run(program, arch=arch, call=call) for call in range(600)} == {ALLOW}


def test_the_program_is_one_the_kernel_takes(program: bytes) -> None:
    code = list(struct.iter_unpack("=HBBI", program))
    assert len(program) % 8 == 0
    assert len(code) <= 4096  # BPF_MAXINSNS
    assert code[-1][0] == 0x06
    for at, (operation, yes, no, _) in enumerate(code):
        if operation == 0x15:
            assert at + 1 + max(yes, no) < len(code)


class TestLimits:
    @pytest.fixture
    def limits(self, monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
        """Resource limits that are not this process's."""
        found = {resource.RLIMIT_NOFILE: (1024, 5000), resource.RLIMIT_CORE: (0, resource.RLIM_INFINITY)}
        monkeypatch.setattr(resource, "getrlimit", lambda number: found[number])
        monkeypatch.setattr(resource, "setrlimit", found.__setitem__)
        return found

    @pytest.mark.parametrize(("wanted", "got"), [(4096, 4096), (9999, 5000), (-1, 5000), (0, 0)])
    def test_bounded_by_the_hard_limit(self, limits: dict[int, tuple[int, int]], wanted: int, got: int) -> None:
        privileges.set_limits({"NOFILE": wanted})
        assert limits[resource.RLIMIT_NOFILE] == (got, got)

    @pytest.mark.parametrize(("wanted", "got"), [(0, 0), (7, 7), (-1, resource.RLIM_INFINITY)])
    def test_without_a_hard_limit(self, limits: dict[int, tuple[int, int]], wanted: int, got: int) -> None:
        privileges.set_limits({"CORE": wanted})
        assert limits[resource.RLIMIT_CORE] == (got, got)


def test_no_capability_that_reaches_the_machine_is_kept() -> None:
    names = {12: "net_admin", 16: "sys_module", 17: "sys_rawio", 19: "sys_ptrace", 21: "sys_admin", 22: "sys_boot"}
    assert not set(names) & privileges.KEPT_CAPABILITIES
    last = int(Path(privileges.LAST_CAPABILITY_FILE).read_text())
    assert max(privileges.KEPT_CAPABILITIES) <= last
