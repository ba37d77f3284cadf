from __future__ import annotations

import pytest

from wrongarch.arches.lookup import all_arches, find, image_arches
from wrongarch.emulators import records
from wrongarch.emulators.conf import conf, interpreter_for, targets
from wrongarch.errors import UsageError

AMD64 = find("amd64")


def names(named: str = "", host: str = "amd64", *, everything: bool = False) -> list[str]:
    return [arch.name for arch in targets([find(word) for word in named.split()], find(host), everything=everything)]


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_what_the_host_runs_itself_is_left_out() -> None:
    assert names() == ["arm", "arm64", "mips", "mips64", "ppc64le", "s390x", "riscv64"]
    assert names(host="arm64") == ["arm", "mips", "mips64", "ppc64le", "s390x", "riscv64", "i386", "amd64"]
    assert names(host="arm") == ["arm64", "mips", "mips64", "ppc64le", "s390x", "riscv64", "i386", "amd64"]
    assert "i386" not in names(everything=True)
    assert set(names(everything=True)) == {arch.name for arch in all_arches()} - {"amd64", "i386", "armel"}


def test_what_is_named_is_taken_once_for_each_target() -> None:
    assert names("i386 mipsel armel armhf mips") == ["i386", "mips", "armel"]
    assert names("amd64", host="arm64") == ["amd64"]


@pytest.mark.parametrize(("named", "host"), [("amd64", "amd64"), ("mips armel", "arm"), ("arm", "armel")])
def test_the_machines_own_programs_are_never_handed_to_qemu(named: str, host: str) -> None:
    with pytest.raises(UsageError, match="nothing would start at all") as caught:
        names(named, host)
    assert "--host" in caught.value.fix


@pytest.mark.parametrize("init", ["systemd", "openrc"])
def test_the_file(init: str) -> None:
    chosen = targets([], AMD64, everything=True)
    text = conf(chosen, init)  # type: ignore[arg-type]  # a parameter's type
    assert text.endswith("\n")
    assert "\n\n" not in text  # OpenRC before 0.45 stops at empty lines
    found = [records.parse(line.encode()) for line in lines_of(text)]
    assert [record.name for record in found] == [f"qemu-{arch.qemu}" for arch in chosen]
    assert [record.interpreter for record in found] == [f"/usr/bin/qemu-{arch.qemu}-static" for arch in chosen]
    assert {record.flags for record in found} == {"POCF"}
    assert all(line.startswith(":") for line in lines_of(text))  # the one delimiter that OpenRC knows
    assert ("rc-service binfmt restart" in text) == (init == "openrc")
    assert ("systemctl restart systemd-binfmt" in text) == (init == "systemd")


def test_options_of_the_file() -> None:
    arm, mips = find("arm"), find("mips")
    assert interpreter_for(mips, "/opt/{target}/qemu") == "/opt/mipsel/qemu"
    lines = lines_of(conf([arm, mips, find("armel")], interpreter="/opt/{target}/qemu", flags="F"))
    assert [line.rpartition(":")[0].rpartition(":")[2] for line in lines] == ["/opt/arm/qemu", "/opt/mipsel/qemu"]
    assert all(line.endswith(":F") for line in lines)
    assert lines_of(conf([arm], interpreter="/opt/qemu"))[0].endswith(":/opt/qemu:POCF")


def test_one_path_for_several_targets_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot run all of arm, mips") as caught:
        conf([find("arm"), find("mips")], interpreter="/opt/qemu")
    assert "{target}" in caught.value.fix
    assert conf([find("arm"), find("armel")], interpreter="/opt/qemu")


def test_what_openrc_cannot_register() -> None:
    for path in ("/opt/a:b/{target}", "/opt/a\\nb/{target}"):
        with pytest.raises(UsageError, match="OpenRC cannot register"):
            conf(image_arches(), "openrc", interpreter=path)
        assert lines_of(conf(image_arches(), "systemd", interpreter=path))


def test_bad_flags_and_paths_are_refused() -> None:
    with pytest.raises(UsageError, match="no flag"):
        conf([find("arm")], flags="Z")
    with pytest.raises(UsageError, match="no absolute path"):
        conf([find("arm")], interpreter="qemu-{target}")
