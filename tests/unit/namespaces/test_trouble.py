"""What to do about each way in which a root cannot be made."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.errors import MachineError
from wrongarch.namespaces import trouble
from wrongarch.namespaces.trouble import Failure

NEW, OLD = (6, 18), (6, 1)
APPARMOR = "kernel/apparmor_restrict_unprivileged_userns"
CLONE = "kernel/unprivileged_userns_clone"
MOST = "user/max_user_namespaces"


@pytest.fixture
def sysctls(tmp_path: Path) -> Path:
    for name, value in ((APPARMOR, "0"), (CLONE, "1"), (MOST, "95000")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{value}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("stage", "number", "kernel", "settings", "fix"),
    [
        ("name of the machine", errno.EBUSY, NEW, {}, "do without, by --accel none"),
        (
            "user namespace",
            errno.EPERM,
            NEW,
            {APPARMOR: "1"},
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        ("user namespace", errno.EPERM, NEW, {CLONE: "0"}, "sysctl -w kernel.unprivileged_userns_clone=1"),
        ("user namespace", errno.EPERM, NEW, {MOST: "0"}, "sysctl -w user.max_user_namespaces=10000"),
        ("user namespace", errno.ENOSPC, NEW, {}, "sysctl -w user.max_user_namespaces=10000"),
        ("user namespace", errno.EPERM, NEW, {}, "seccomp=unconfined"),
        ("registration", errno.EPERM, OLD, {}, "this is Linux 6.1; private registration needs Linux 6.7"),
        ("registration", errno.ENODEV, OLD, {}, "needs Linux 6.7"),
        ("registration", errno.ENODEV, NEW, {}, "CONFIG_BINFMT_MISC"),
        ("registration", errno.EINVAL, NEW, {}, "wrongarch binfmt show"),
        ("mounts", errno.EPERM, NEW, {APPARMOR: "1"}, "AppArmor"),
        ("root", errno.EACCES, NEW, {APPARMOR: "1"}, "AppArmor"),
        ("mounts", errno.EPERM, NEW, {}, "allow namespaces and mounts"),
        ("folders of the host", errno.EACCES, NEW, {}, "run it as the user who owns that folder"),
        ("root", errno.ENOSPC, NEW, {}, "/proc/sys/user"),
        ("folders of the host", errno.ENOENT, NEW, {}, "if it is in the cache, delete it"),
        ("serving", 0, NEW, {}, "dmesg"),
        ("mounts", errno.EINVAL, NEW, {}, "dmesg"),
    ],
)
def test_the_way_out(
    sysctls: Path, stage: str, number: int, kernel: tuple[int, int], settings: dict[str, str], fix: str
) -> None:
    for name, value in settings.items():
        (sysctls / name).write_text(value)
    error = trouble.explain(Failure(stage=stage, errno=number, error="OSError: no"), kernel, sysctls)
    assert fix in error.fix
    assert stage in error.what
    assert "OSError: no" in error.what
    assert isinstance(error, MachineError)


def test_a_container_that_hides_parts_of_proc(sysctls: Path) -> None:
    failure = Failure(stage="mounts", errno=errno.EPERM, error="PermissionError: 'mount proc on /proc'")
    assert "systempaths=unconfined" in trouble.explain(failure, NEW, sysctls).fix


@given(
    stage=st.sampled_from(["user namespace", "registration", "mounts", "root", "privileges", "id maps", "start"]),
    number=st.sampled_from(sorted(errno.errorcode)),
    kernel=st.tuples(st.integers(3, 7), st.integers(0, 20)),
)
def test_there_always_is_something_to_do(stage: str, number: int, kernel: tuple[int, int]) -> None:
    error = trouble.explain(Failure(stage=stage, errno=number, error=os.strerror(number)), kernel, Path("/nowhere"))
    assert error.fix
    assert os.strerror(number) in error.what


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ("6.18.44-foo", (6, 18)),
        ("5.4", (5, 4)),
        ("6.7-rc1", (6, 7)),
        ("", (0, 0)),
        ("odd", (0, 0)),
        ("12.345", (12, 345)),
    ],
)
def test_the_version_of_a_kernel(release: str, version: tuple[int, int]) -> None:
    assert trouble.kernel_version(release) == version


def test_the_version_of_this_kernel() -> None:
    assert trouble.kernel_version() > (3, 0)
