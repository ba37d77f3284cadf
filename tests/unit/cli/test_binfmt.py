from __future__ import annotations

import json
from pathlib import Path

import pytest

from wrongarch.arches.lookup import find
from wrongarch.cli import main
from wrongarch.emulators import records

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _on_amd64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wrongarch.arches.lookup.host_arch", lambda: find("amd64"))


def test_show_prints_one_record_for_each_target(capsys: Capture) -> None:
    assert main(["binfmt", "show", "mips", "linux/arm/v7", "armel"]) == 0
    lines = capsys.readouterr().out.splitlines()
    found = [records.parse(line.encode()) for line in lines]
    assert [record.name for record in found] == ["qemu-mipsel", "qemu-arm"]
    assert found[1] == records.make_record(find("arm"), "/usr/bin/qemu-arm-static")


def test_show_takes_flags_and_a_path(capsys: Capture) -> None:
    assert main(["binfmt", "show", "arm", "--flags", "FC", "--interpreter", "/opt/{target}/q"]) == 0
    assert capsys.readouterr().out.endswith(":/opt/arm/q:OCF\n")


def test_show_for_programs(capsys: Capture) -> None:
    assert main(["binfmt", "show", "armel", "amd64", "--json"]) == 0
    armel, amd64 = json.loads(capsys.readouterr().out)
    assert (armel["arch"], armel["target"], armel["name"], armel["flags"]) == ("armel", "arm", "qemu-arm", "POCF")
    assert bytes.fromhex(amd64["magic"]) == find("amd64").magic
    assert bytes.fromhex(amd64["mask"]) == find("amd64").mask
    assert records.parse(amd64["line"].encode()).interpreter == amd64["interpreter"] == "/usr/bin/qemu-x86_64-static"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show"], "which architecture?"),
        (["show", "amrhf"], "did you mean armhf"),
        (["show", "arm", "--flags", "Q"], "binfmt_misc has no flag 'Q'"),
        (["show", "arm", "--interpreter", "qemu"], "is no absolute path"),
        (["conf", "--init", "runit"], "runit"),
        (["conf", "amd64"], "nothing would start at all"),
        (["conf", "--interpreter", "/opt/qemu"], "cannot run all of arm, arm64"),
        (["conf", "--init", "openrc", "--interpreter", "/a:b/{target}"], "OpenRC cannot register"),
        (["conf", "--host", "pdp11"], "there is no arch 'pdp11'"),
    ],
)
def test_what_is_wrong_is_usage(words: list[str], said: str, capsys: Capture) -> None:
    assert main(["binfmt", *words]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert not captured.out


def test_conf_leaves_out_what_this_machine_runs_itself(capsys: Capture) -> None:
    assert main(["binfmt", "conf"]) == 0
    captured = capsys.readouterr()
    assert ":qemu-arm:" in captured.out
    assert ":qemu-i386:" not in captured.out
    assert ":qemu-x86_64:" not in captured.out
    assert captured.out.count("\n:") == 7


def test_conf_for_every_target_and_for_some(capsys: Capture) -> None:
    assert main(["binfmt", "conf", "--all", "--init", "openrc"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n:") == 31
    assert "rc-service" in out
    assert main(["binfmt", "conf", "i386", "mips", "--flags", "F"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(":")]
    assert [line.split(":")[1] for line in lines] == ["qemu-i386", "qemu-mipsel"]
    assert all(line.endswith(":F") for line in lines)


def test_conf_for_another_machine(capsys: Capture) -> None:
    assert main(["binfmt", "conf", "--host", "arm64", "amd64"]) == 0
    captured = capsys.readouterr()
    assert ":qemu-x86_64:" in captured.out
    assert not captured.err


def test_conf_says_which_emulators_are_missing(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "qemu-arm").touch()
    pattern = f"{tmp_path}/qemu-{{target}}"
    assert main(["binfmt", "conf", "arm", "--interpreter", pattern]) == 0
    assert not capsys.readouterr().err
    assert main(["binfmt", "conf", "arm", "mips", "--interpreter", pattern]) == 0
    assert capsys.readouterr().err == f"note: not on this machine: {tmp_path}/qemu-mipsel\n"
    assert main(["binfmt", "conf", "--interpreter", "/none/qemu-{target}"]) == 0
    assert capsys.readouterr().err.endswith("/none/qemu-aarch64, /none/qemu-mipsel and 4 more\n")


def test_conf_into_a_file(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "wrongarch.conf"
    assert main(["binfmt", "conf", "arm", "--output", str(file)]) == 0
    assert not capsys.readouterr().out
    assert records.parse(file.read_bytes().splitlines()[-1]).name == "qemu-arm"
    assert main(["binfmt", "conf", "arm", "-o", str(tmp_path / "no" / "such" / "folder")]) == 3
    assert "sudo install -D -m 644" in capsys.readouterr().err
