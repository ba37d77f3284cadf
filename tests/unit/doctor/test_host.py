"""Probes of the host that only read: with a machine that is well, and with the fault planted in a tree of files."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import msgspec
import pytest

from wrongarch.doctor import binfmt, kernel, network, resources, table
from wrongarch.doctor.model import Finding, Machine
from wrongarch.emulators import store
from wrongarch.errors import UsageError

MAGIC = "7f454c4601010100000000000000000002002800"
MASK = "ffffffffffffff00fffffffffffffffffeffffff"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine that is well, as files."""
    root, project = tmp_path / "root", tmp_path / "project"
    project.mkdir()
    made = Machine(
        root=root,
        env={"HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "bin")},
        project=project,
        cache=tmp_path / "cache",
    )
    plant(made, "/proc/sys/kernel/osrelease", "6.18.3-amd64\n")
    plant(made, "/proc/sys/user/max_user_namespaces", "95000\n")
    plant(made, "/proc/meminfo", "MemTotal: 8000000 kB\nMemAvailable:  6000000 kB\nSwapFree: 0 kB\nHugePages_Free: x\n")
    return made


def plant(machine: Machine, name: str, text: str) -> Path:
    path = machine.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def as_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.mark.parametrize(
    ("release", "status"),
    [("6.7.0", "pass"), ("6.18.44-x", "pass"), ("7.0", "pass"), ("6.6.99", "fail"), ("5.15", "fail"), ("", "fail")],
)
def test_kernel(machine: Machine, release: str, status: str) -> None:
    plant(machine, "/proc/sys/kernel/osrelease", release)
    found = kernel.kernel(machine)
    assert found.status == status
    assert ("--engine docker" in found.fix) == (status == "fail")


@pytest.mark.parametrize(
    ("file", "value", "root", "user"),
    [
        ("kernel/unprivileged_userns_clone", "1", "pass", "pass"),
        ("kernel/unprivileged_userns_clone", "0", "warn", "fail"),
        ("user/max_user_namespaces", "0", "fail", "fail"),
        ("user/max_user_namespaces", "3", "warn", "warn"),
    ],
)
def test_user_namespaces(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, file: str, value: str, root: str, user: str
) -> None:
    assert kernel.user_namespaces(machine).status == "pass"
    plant(machine, f"/proc/sys/{file}", value)
    for uid, status in ((0, root), (1000, user)):
        monkeypatch.setattr(os, "geteuid", lambda uid=uid: uid)
        found = kernel.user_namespaces(machine)
        assert found.status == status
        assert status == "pass" or f"sysctl -w {file.replace('/', '.')}=" in found.fix


def test_apparmor(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
    assert kernel.apparmor(machine).status == "pass"
    plant(machine, setting, "0")
    assert kernel.apparmor(machine).status == "pass"
    plant(machine, setting, "1")
    for uid, status in ((0, "warn"), (1000, "fail")):
        monkeypatch.setattr(os, "geteuid", lambda uid=uid: uid)
        found = kernel.apparmor(machine)
        assert (found.status, "apparmor_restrict_unprivileged_userns=0" in found.fix) == (status, True)


def test_subordinate_ids(machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert kernel.subordinate_ids(machine).status == "pass"
    as_user(monkeypatch)
    assert "apt-get install uidmap" in kernel.subordinate_ids(machine).fix
    (tmp_path / "bin").mkdir()
    for name in ("newuidmap", "newgidmap"):
        (tmp_path / "bin" / name).write_text("#!/bin/sh\n")
        (tmp_path / "bin" / name).chmod(0o755)
    plant(machine, "/etc/subuid", "somebody:100000:65536\n")
    plant(machine, "/etc/subgid", "1000:100000:65536\n")
    assert "--add-subuids" in kernel.subordinate_ids(machine).fix
    plant(machine, "/etc/subuid", "1000:100000:65536\n")
    assert kernel.subordinate_ids(machine).status == "pass"


def entry(
    machine: Machine, name: str, *, flags: str = "POCF", interpreter: str = "/usr/bin/qemu-arm", on: bool = True
) -> None:
    state = "enabled" if on else "disabled"
    text = f"{state}\ninterpreter {interpreter}\nflags: {flags}\noffset 0\nmagic {MAGIC}\nmask {MASK}\n"
    plant(machine, f"/proc/sys/fs/binfmt_misc/{name}", text)


def test_nothing_is_registered(machine: Machine) -> None:
    assert binfmt.host_registrations(machine).status == "pass"
    plant(machine, "/proc/sys/fs/binfmt_misc/status", "enabled\n")
    plant(
        machine,
        "/proc/sys/fs/binfmt_misc/python3.11",
        "enabled\ninterpreter /usr/bin/python3\nflags: \noffset 0\nmagic a70d\n",
    )
    assert "nothing foreign" in binfmt.host_registrations(machine).words
    assert binfmt.reboot(machine).status == "pass"


def test_a_sound_registration(machine: Machine) -> None:
    entry(machine, "qemu-arm")
    plant(machine, "/usr/bin/qemu-arm", "")
    found = binfmt.host_registrations(machine)
    assert found.status == "pass", found
    assert "qemu-arm [" in found.words
    assert "0 days old" in found.words


@pytest.mark.parametrize(
    ("changes", "status", "words", "fix"),
    [
        ({"flags": "POF"}, "warn", "no C flag", "binfmt conf arm"),
        ({"flags": "OC"}, "fail", "stale", "echo -1 | sudo tee /proc/sys/fs/binfmt_misc/qemu-arm"),
        ({"on": False}, "warn", "disabled", "echo 1 | sudo tee /proc/sys/fs/binfmt_misc/qemu-arm"),
    ],
)
def test_registrations_with_faults(
    machine: Machine, changes: dict[str, object], status: str, words: str, fix: str
) -> None:
    entry(machine, "qemu-arm", **changes)  # type: ignore[arg-type]  # of the helper above
    found = binfmt.host_registrations(machine)
    assert found.status == status
    assert words in found.words
    assert fix in found.fix


def test_rivals_and_a_switch(machine: Machine) -> None:
    entry(machine, "qemu-arm")
    entry(machine, "other", interpreter="/opt/qemu-arm-static")
    found = binfmt.host_registrations(machine)
    assert "conflict" in found.words
    assert "keep one" in found.fix
    plant(machine, "/proc/sys/fs/binfmt_misc/status", "disabled\n")
    assert "switched off" in binfmt.host_registrations(machine).words


def test_reboot(machine: Machine) -> None:
    entry(machine, "qemu-arm")
    found = binfmt.reboot(machine)
    assert (found.status, "gone after a reboot: qemu-arm" in found.words) == ("warn", True)
    plant(machine, "/etc/binfmt.d/qemu.conf", "# ours\n:qemu-arm:M::x:y:/usr/bin/qemu-arm:F\n")
    assert binfmt.reboot(machine).status == "pass"
    plant(machine, "/var/lib/binfmts/qemu-s390x", "")
    found = binfmt.reboot(machine)
    assert "not registered now: qemu-s390x" in found.words
    assert "systemd-binfmt" in found.fix


@pytest.mark.parametrize(
    ("available", "limit", "status"),
    [(6000000, "max", "pass"), (1000000, "", "warn"), (100000, "", "fail"), (6000000, str(300 << 20), "fail")],
)
def test_memory(machine: Machine, available: int, limit: str, status: str) -> None:
    plant(machine, "/proc/meminfo", f"MemAvailable: {available} kB\nSwapFree: 0 kB\n")
    plant(machine, "/sys/fs/cgroup/memory.max", limit)
    found = resources.memory(machine)
    assert (found.status, status == "pass" or "--jobs 1" in found.fix) == (status, True)


def test_caches(machine: Machine) -> None:
    assert "nothing is cached" in resources.caches(machine).words
    digest = hashlib.sha256(b"a package").hexdigest()
    package = machine.cache / "downloads" / digest[:2] / digest
    package.parent.mkdir(parents=True)
    package.write_bytes(b"a package")
    image = machine.cache / "images" / "one"
    (image / "root" / "etc").mkdir(parents=True)
    (image / "image.json").write_text("{}")
    found = resources.caches(machine)
    assert (found.status, "1 images" in found.words) == ("pass", True)
    package.write_bytes(b"a packagE")
    assert resources.caches(machine).fix == f"rm -r {package}"
    package.unlink()
    (image / "root" / "etc").rmdir()
    assert str(image) in resources.caches(machine).fix


def test_damaged_emulators(machine: Machine) -> None:
    entry_ = machine.cache / "emulators" / ("ab" * 32)
    entry_.mkdir(parents=True)
    binary = entry_ / "qemu-arm"
    binary.write_bytes(b"an emulator")
    binary.chmod(0o755)
    described = store._describe(binary)
    manifest = store._Manifest(package="ab" * 32, targets=("arm",), binaries={"arm": described})
    (entry_ / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    assert resources.caches(machine).status == "pass"
    binary.write_bytes(b"an emulatoR")
    os.utime(binary, ns=(described.mtime_ns, described.mtime_ns))  # size and time alone do not tell
    found = resources.caches(machine)
    assert (found.status, found.fix) == ("fail", f"rm -r {binary}")
    (entry_ / "manifest.json").write_text("{")
    assert resources.caches(machine).fix == f"rm -r {entry_}"


def test_tokens(machine: Machine) -> None:
    found = network.tokens(machine)
    assert (found.status, found.fix) == ("skip", "gh auth login")
    secret = "ghp_verysecret"
    with_token = msgspec.structs.replace(machine, root=Path("/"), env={**machine.env, "GH_TOKEN": secret})
    assert "GH_TOKEN" in network.tokens(with_token).words
    file = machine.home / ".config/gh/hosts.yml"
    file.parent.mkdir(parents=True)
    file.write_text(f"github.com:\n  oauth_token: {secret}\n")
    file.chmod(0o600)
    found = network.tokens(with_token)
    assert (found.status, str(file) in found.words) == ("pass", True)
    assert secret not in found.words
    file.chmod(0o644)
    found = network.tokens(with_token)
    assert (found.status, found.fix) == ("warn", f"chmod 600 {file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644  # nothing is changed


WORKFLOW = """
on: push
jobs:
  fine:
    runs-on: ubuntu-latest
    container: debian:12
    steps: [{uses: actions/checkout@v4}]
  plain:
    container: {image: "debian:12", options: "--platform linux/arm/v7"}
    steps: [{run: make}]
"""


def test_workflows(machine: Machine) -> None:
    assert network.workflows(machine).status == "skip"
    folder = machine.project / ".github/workflows"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text(WORKFLOW)
    assert network.workflows(machine).status == "pass"
    (folder / "b.yaml").write_text(WORKFLOW.replace("run: make", "uses: actions/checkout@v4"))
    found = network.workflows(machine)
    assert (found.status, "b.yaml: plain" in found.words) == ("warn", True)
    (folder / "b.yaml").write_text("jobs: {one: {container: arm32v7/debian, steps: [{uses: x/y@v1}]}}")
    assert "b.yaml: one" in network.workflows(machine).words
    (folder / "b.yaml").write_text("jobs: [")
    assert "cannot be read" in network.workflows(machine).words


def test_a_probe_that_breaks_is_a_finding(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Machine) -> Finding:
        raise OSError("no")

    monkeypatch.setattr(table, "HOST", (msgspec.structs.replace(table.HOST[0], look=broken), resources.PROBES[1]))
    statuses = [one.status for one in table.examine(machine)]
    assert statuses == ["fail", "pass"]


def test_names_are_unique_and_checked() -> None:
    assert len(set(table.NAMES)) == len(table.NAMES)
    table.check_names(table.NAMES)
    with pytest.raises(UsageError, match="'nonsense'"):
        table.check_names(["nonsense"])


def test_every_probe_says_what_it_is_about() -> None:
    assert all(probe.about for probe in (*table.HOST, *table.FOREIGN))
