"""What asks the agent about the machine: the filter, and the numbers of requests."""

from __future__ import annotations

import struct

import pytest

from wrongarch.namespaces.agent import machine

ASK, ALLOW = 0x7FC00000, 0x7FFF0000  # SECCOMP_RET_USER_NOTIF, SECCOMP_RET_ALLOW


def decide(program: bytes, arch: int, number: int) -> int:
    """Run a classic BPF program of loads, comparisons and returns."""
    steps = list(struct.iter_unpack("=HBBI", program))
    at = value = 0
    while True:
        code, yes, no, operand = steps[at]
        if code == 0x06:
            return operand
        if code == 0x20:
            value = {0: number, 4: arch}[operand]
        else:
            at += yes if value == operand else no
        at += 1


@pytest.mark.parametrize(("arch", "number"), [(0xC000003E, 63), (0xC00000B7, 160), (0x80000016, 122)])
def test_only_uname_of_the_one_arch_is_asked_about(arch: int, number: int) -> None:
    program = machine.uname_filter(arch, number)
    assert decide(program, arch, number) == ASK
    assert decide(program, arch, number + 1) == ALLOW
    assert decide(program, arch ^ 1, number) == ALLOW


def test_requests_have_the_numbers_of_the_kernel_s_headers() -> None:
    assert machine._requests("x86_64") == (0xC0502100, 0xC0182101, 0x40082102)
    assert machine._requests("ppc64le") == (0xC0502100, 0xC0182101, 0x80082102)


def test_machines_that_can_be_hosts_are_known() -> None:
    assert machine.knows("x86_64")
    assert not machine.knows("vax")
