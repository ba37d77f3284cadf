"""What root inside may do, whoever it is outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.users import KINDS, User
from wrongarch.namespaces.agent.privileges import KEPT_CAPABILITIES
from wrongarch.namespaces.plan import PlanMount


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    return str(request.param)


@pytest.fixture
def somebody(users: Callable[[str], User], kind: str) -> User:
    return users(kind)


@pytest.fixture
def busybox(somebody: User, tools: PlanMount) -> list[dict[str, Any]]:
    """The static program, where this user can read it."""
    place = somebody.home / "busybox"
    if not place.exists():
        place.write_bytes(Path(tools.source).read_bytes())
        place.chmod(0o755)
    return [{"source": str(place), "target": "/busybox", "writable": False}]


def test_ids(somebody: User, kind: str) -> None:
    found = somebody.room("id -u; id -g; cat /proc/self/uid_map", "cat /proc/self/setgroups")
    assert found["kind"] == kind.replace("root alone", "single")
    inside = [tuple(map(int, line.split())) for line in found["out"][0].splitlines()[2:]]
    assert found["out"][0].split()[:2] == ["0", "0"]
    assert inside == [tuple(row) for row in found["users"]]
    assert found["owner"][0] == (0x6FFF0000 if kind == "range" else somebody.uid)
    assert found["out"][1] == ("deny\n" if found["kind"] == "single" else "allow\n")


def test_capabilities(somebody: User) -> None:
    found = somebody.room("grep Cap /proc/self/status")
    sets = dict(line.split(":\t") for line in found["out"][0].splitlines())
    kept = f"{sum(1 << number for number in KEPT_CAPABILITIES):016x}"
    assert sets == {"CapInh": "0" * 16, "CapPrm": kept, "CapEff": kept, "CapBnd": kept, "CapAmb": "0" * 16}


def test_what_only_the_machines_root_should_do(somebody: User, busybox: list[dict[str, Any]]) -> None:
    """Each of these would fail to fail if a right were left; what is written is what was there before."""
    scripts = [
        "/busybox mount -t tmpfs none /mnt 2>&1 || /busybox mount -t tmpfs none /tmp",
        "/busybox umount /proc",
        "/busybox mount -o remount,rw /sys",
        'old=$(cat /proc/sys/kernel/core_pattern) && echo "$old" >/proc/sys/kernel/core_pattern',
        "old=$(cat /proc/sys/vm/swappiness) && echo $old >/proc/sys/vm/swappiness",
        "test -w /proc/sys/kernel/core_pattern",
        "test -w /proc/sysrq-trigger",
        "test -w /sys/power/state",
        "/busybox hostname other",
        "/busybox chroot / /busybox mount -t proc none /tmp",
        "/busybox swapoff -a",
        "/busybox insmod /nothing.ko",
        "/busybox nice -n -5 true 2>/dev/null && [ $(/busybox nice -n -5 nice) -lt 0 ]",
        "dd if=/dev/mem count=1",
        "mknod /tmp/disk b 8 0 && head -c 1 /tmp/disk",
    ]
    found = somebody.room(*scripts, mounts=busybox)
    assert [script for script, code in zip(scripts, found["codes"], strict=True) if code == 0] == []


def test_chown_is_real_where_there_are_ids_and_harmless_where_not(somebody: User, kind: str) -> None:
    found = somebody.room(
        "touch /file; ln -s file /link; chown 5:7 /file && stat -c %u:%g /file",
        "chown -h 8:9 /link && stat -c %u:%g /link",
        "chown 5000000 /file",
        "chroot --userspec=5:7 --groups= / id -u",
        "id -u nobody",
    )
    if kind in ("range", "subordinate"):
        assert found["codes"][:4] == [0, 0, 1, 0]
        assert found["out"][:2] == ["5:7\n", "8:9\n"]
        assert found["out"][3] == "5\n"
    else:
        assert found["codes"][:3] == [0, 0, 0]
        assert found["out"][:2] == ["0:0\n", "0:0\n"]
        assert found["codes"][3] != 0


def test_chown_is_harmless_where_that_is_asked_for(somebody: User) -> None:
    found = somebody.room("touch /file; chown 5:7 /file && stat -c %u:%g /file", harmless_chown=True)
    assert (found["codes"], found["out"]) == ([0], ["0:0\n"])


def test_a_32_bit_personality(somebody: User) -> None:
    assert somebody.room("uname -m", linux32=True)["out"][0] in (
        "i686\n",
        "armv8l\n",
        "armv7l\n",
        "mips\n",
        "ppc\n",
        "s390\n",
    )


def test_files_made_inside_belong_to_the_user_outside(somebody: User, kind: str) -> None:
    shared = somebody.home / "shared"
    shared.mkdir(exist_ok=True)
    shared.chmod(0o777)
    mount = {"source": str(shared), "target": "/shared", "writable": True}
    found = somebody.room("umask 022; rm -f /shared/*; echo x >/shared/made; stat -c %u /shared/made", mounts=[mount])
    assert found["out"] == ["0\n"]
    status = (shared / "made").stat()
    assert (status.st_uid, status.st_gid) == tuple(found["owner"])
    assert status.st_mode & 0o777 == 0o644
