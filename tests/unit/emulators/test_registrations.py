"""What entries of binfmt_misc mean, and what is wrong with them."""

from __future__ import annotations

import pytest

from wrongarch.arches.lookup import find
from wrongarch.emulators import registrations
from wrongarch.emulators.records import make_record, parse_entry

ARM, S390X = find("arm"), find("s390x")


def text(arch: str, interpreter: str, flags: str = "POCF", *, enabled: bool = True) -> str:
    record = make_record(find(arch), interpreter)
    lines = ["enabled" if enabled else "disabled", f"interpreter {interpreter}", f"flags: {flags}", "offset 0"]
    return "\n".join([*lines, f"magic {record.magic.hex()}", f"mask {record.mask.hex()}", ""])


def faults(entries: dict[str, str], exists: bool | None = None) -> dict[str, str]:
    known = None if exists is None else (lambda _: bool(exists))
    return {one.entry.name: "; ".join(one.faults) for one in registrations.read(entries, [ARM, S390X], known)}


def test_which_programs_an_entry_takes() -> None:
    entry = parse_entry("x", text("arm", "/q"))
    assert registrations.takes(entry, ARM)
    assert registrations.takes(entry, find("armel"))
    assert not registrations.takes(entry, S390X)
    assert not registrations.takes(parse_entry("y", "enabled\ninterpreter /q\nflags: \nextension .exe\n"), ARM)


def test_one_that_is_well() -> None:
    assert faults({"wrongarch-arm": text("arm", "/q")}, exists=False) == {"wrongarch-arm": ""}


def test_disabled_stale_and_without_flags() -> None:
    found = faults({"a": text("arm", "/q", enabled=False), "b": text("s390x", "/gone", "O")}, exists=False)
    assert "disabled" in found["a"]
    assert "stale: /gone is gone" in found["b"]
    assert "no F flag" in found["b"]
    assert "no C flag" in found["b"]
    assert "stale" not in faults({"b": text("s390x", "/there", "O")}, exists=True)["b"]
    assert "stale" not in faults({"b": text("s390x", "/unknown", "O")})["b"]


def test_conflicts_are_between_those_that_count() -> None:
    found = faults({"a": text("arm", "/one"), "b": text("arm", "/two"), "c": text("arm", "/three", enabled=False)})
    assert "conflict: b takes" in found["a"]
    assert "conflict: a takes" in found["b"]
    assert "conflict" not in found["c"]
    assert "conflict" not in faults({"a": text("arm", "/one"), "b": text("arm", "/one")})["a"]


def test_an_entry_that_nobody_understands() -> None:
    (one,) = registrations.read({"odd": "what?"}, [ARM])
    assert "odd" in one.faults[0]
    assert registrations.read({"other": text("riscv64", "/q")}, [ARM]) == ()


@pytest.mark.parametrize(
    ("name", "interpreter", "flags", "owner"),
    [
        ("wrongarch-arm", "/run/x", "F", "wrongarch"),
        ("qemu-arm", "/usr/bin/qemu-arm", "POCF", "tonistiigi/binfmt"),
        ("qemu-arm", "/usr/bin/qemu-arm-static", "F", "qemu-user-static"),
        ("qemu-arm", "/usr/libexec/qemu-binfmt/arm-binfmt-P", "POCF", "binfmt-support"),
        ("qemu-arm", "/opt/qemu", "F", "someone"),
    ],
)
def test_whose_it_is(name: str, interpreter: str, flags: str, owner: str) -> None:
    assert registrations.owner_of(parse_entry(name, text("arm", interpreter, flags))) == owner
