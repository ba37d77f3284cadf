"""`./replay` as users have it: a folder that was unpacked with tar, a shell, and little else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.capsules.conftest import Run
from tests.support.busybox import busybox
from wrongarch.arches.lookup import host_arch
from wrongarch.capsules import read

NOBODY = 65534


class Place:
    """Unpacked capsules, owned by an ordinary user where root runs the tests."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder = folder
        self._run = run

    def unpack(self, name: str, *, root: bool = False) -> Path:
        manifest = read.inspect(self._run.capsule(name))
        place = self.folder / (f"root-{manifest.name}" if root else manifest.name)
        if not place.exists():
            place.mkdir()
            read.unpack(self._run.capsule(name), place)
            if os.geteuid() == 0 and not root:
                subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(place)], check=True)
        return place

    def replay(
        self, name: str, *words: str, root: bool = False, under: str = "/bin/sh", path: str = "", **env: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ./replay in an empty environment."""
        place = self.unpack(name, root=root)
        drop = [shutil.which("setpriv") or "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
        argv = [*(drop if os.geteuid() == 0 and not root else []), *under.split(), str(place / "replay"), *words]
        return subprocess.run(
            argv,
            cwd="/",
            env={"PATH": path or "/usr/sbin:/usr/bin:/sbin:/bin", **env},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="session")
def place(run: Run) -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users
    folder.chmod(0o755)
    yield Place(folder, run)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("name", ["ways-abort", "ways-wrong", "ways-child", "ways-leak"])
@pytest.mark.parametrize("root", [False, True])
def test_it_fails_as_it_was_recorded(name: str, root: bool, place: Place) -> None:
    done = place.replay(name, root=root)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "as recorded" in done.stderr
    assert "without namespaces" not in done.stderr
    assert "the output, too" in done.stderr


def test_a_tar_of_the_system_unpacks_it(run: Run, tmp_path: Path) -> None:
    if shutil.which("zstd") is None:
        pytest.skip("no zstd on this machine")
    subprocess.run(["tar", "xf", str(run.capsule("ways-abort"))], cwd=tmp_path, check=True)
    (top,) = tmp_path.iterdir()
    done = subprocess.run(["./replay"], cwd=top, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("giving up at 0x")


@pytest.mark.parametrize("name", ["ways-abort", "ways-wrong"])
def test_it_does_without_namespaces(name: str, place: Place) -> None:
    done = place.replay(name, "--plain")
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "without namespaces (asked for)" in done.stderr
    assert "the output, too" in done.stderr


def test_busybox_alone_is_enough(place: Place, tmp_path: Path) -> None:
    """No util-linux, no coreutils, no Python: the applets of one static program."""
    program = busybox(host_arch().debian)
    applets = place.folder / "applets"
    applets.mkdir()
    shutil.copy(program, applets / "busybox")
    (applets / "busybox").chmod(0o755)
    listed = subprocess.run([applets / "busybox", "--list"], capture_output=True, text=True, check=True).stdout
    for name in listed.split():
        if name != "busybox":
            (applets / name).symlink_to("busybox")
    for name in ("ways-abort", "ways-wrong"):
        done = place.replay(name, under=f"{applets}/busybox sh", path=str(applets))
        assert done.returncode == 0, (done.stdout, done.stderr)
        plain = place.replay(name, "--plain", under=f"{applets}/busybox sh", path=str(applets))
        assert plain.returncode == 0, (plain.stdout, plain.stderr)


def test_nothing_of_the_capsule_is_changed(place: Place) -> None:
    folder = place.unpack("ways-child")
    before = sorted((str(path), path.lstat().st_mtime_ns) for path in folder.rglob("*"))
    assert place.replay("ways-child").returncode == 0
    assert sorted((str(path), path.lstat().st_mtime_ns) for path in folder.rglob("*")) == before


def shim(folder: Path, machine: str) -> str:
    """A PATH on which `uname -m` says something else."""
    folder.mkdir(exist_ok=True)
    (folder / "uname").write_text(f"#!/bin/sh\necho {machine}\n")
    (folder / "uname").chmod(0o755)
    return f"{folder}:/usr/sbin:/usr/bin:/sbin:/bin"


def test_a_machine_of_another_arch_is_told_what_to_do(place: Place) -> None:
    if shutil.which("qemu-arm-static") or shutil.which("qemu-arm"):
        pytest.skip("this machine has a QEMU of its own")
    done = place.replay("ways-abort", path=shim(place.folder / "shim", "riscv64"))
    assert done.returncode == 3
    assert "this one is a riscv64" in done.stderr
    assert "apt install qemu-user-static" in done.stderr
    given = place.unpack("ways-abort") / "emulator" / "qemu-arm"
    assert place.replay("ways-abort", "--qemu", str(given), path=shim(place.folder / "shim", "riscv64")).returncode == 0


def test_several_tests_in_one(place: Place) -> None:
    listed = place.replay("run", "--list")
    assert listed.stdout.count("ways/") == 6
    done = place.replay("run", "--all")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("as recorded") == 6
    assert place.replay("run", "99").returncode == 2


def test_what_does_not_fail_is_told(place: Place) -> None:
    folder = place.unpack("ways-wrong")
    numbers = folder / "root" / "wrongarch" / "suites" / "ways" / "numbers.txt"
    before = numbers.read_text()
    numbers.write_text("1\n2\n39\n")
    try:
        done = place.replay("ways-wrong")
        assert done.returncode == 1
        assert "NOT as recorded" in done.stderr
    finally:
        numbers.write_text(before)


def test_the_system_calls_can_be_logged(place: Place) -> None:
    done = place.replay("ways-wrong", "--strace")
    assert "exit_group(0)" in done.stdout


@pytest.mark.parametrize(("words", "code"), [(("--help",), 0), (("--nonsense",), 2), (("--qemu",), 2)])
def test_words(words: tuple[str, ...], code: int, place: Place) -> None:
    assert place.replay("ways-wrong", *words).returncode == code
