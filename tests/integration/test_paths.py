from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wrongarch import paths
from wrongarch.errors import MachineError

HOLD = """
import sys, time
from pathlib import Path
from wrongarch.paths import locked
try:
    with locked(Path(sys.argv[1]), wait_message=lambda text: print("waits", flush=True)):
        print("holds", flush=True)
        time.sleep(60)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
STAGE = """
import sys, time
from pathlib import Path
from wrongarch.paths import staging
with staging(Path(sys.argv[1]), "image") as work:
    (work / "sub").mkdir()
    (work / "sub/file").touch()
    (work / "sub").chmod(0)
    print(work.name, flush=True)
    time.sleep(60)
"""
FULL = """
import sys
from pathlib import Path
from wrongarch.errors import MachineError
from wrongarch.paths import write_atomically
folder = Path(sys.argv[1])
write_atomically(folder / "results.json", "old")
try:
    write_atomically(folder / "results.json", b"x" * 2_000_000)
except MachineError as error:
    print(error.what)
print((folder / "results.json").read_text(), sorted(path.name for path in folder.iterdir()))
"""


def start(script: str, *words: object) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_a_lock_ends_with_its_holder_and_waiting_can_be_interrupted(tmp_path: Path) -> None:
    holder = start(HOLD, tmp_path / "lock")
    assert said(holder) == "holds"
    waiting = start(HOLD, tmp_path / "lock")
    assert said(waiting) == "waits"
    waiting.send_signal(signal.SIGINT)
    assert said(waiting) == "interrupted"
    assert waiting.wait(5) == 0
    heir = start(HOLD, tmp_path / "lock")
    assert said(heir) == "waits"
    holder.kill()
    assert said(heir) == "holds"
    heir.kill()
    for child in (holder, heir):
        child.communicate()


def test_what_a_kill_leaves_is_swept_and_what_lives_is_not(tmp_path: Path) -> None:
    alive, dead = start(STAGE, tmp_path), start(STAGE, tmp_path)
    name, gone = said(alive), said(dead)
    dead.kill()
    dead.communicate()
    assert paths.sweep_stale(tmp_path) == [tmp_path / gone]
    assert sorted(path.name for path in tmp_path.iterdir()) == [name, f"{name}.lock"]
    alive.kill()
    alive.communicate()
    assert paths.sweep_stale(tmp_path) == [tmp_path / name]
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=1m none "$2" && exec "$0" -c "$1" "$2"'
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, sys.executable, FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    what, left = done.stdout.splitlines()
    assert f"the file system at {tmp_path} is full (" in what
    assert " MiB free of 1 MiB): could not write" in what
    assert left == "old ['results.json']"


def test_no_inodes_left_is_said(tmp_path: Path) -> None:
    script = (
        'mount -t tmpfs -o size=1m,nr_inodes=9 none "$2" && cd "$2" && '
        '"$0" -c "import pathlib; [pathlib.Path(str(n)).touch() for n in range(7)]" && exec "$0" -c "$1" "$2"'
    )
    argv = ["unshare", "-Urm", "sh", "-c", script, sys.executable, FULL, str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert "no inode left" in done.stdout + done.stderr


def as_nobody(work: Callable[[], object]) -> int:
    """The exit code of a child that does this without root's rights."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            if os.getuid() == 0:
                nobody = pwd.getpwnam("nobody")
                os.setgroups([])
                os.setresgid(nobody.pw_gid, nobody.pw_gid, nobody.pw_gid)
                os.setresuid(nobody.pw_uid, nobody.pw_uid, nobody.pw_uid)
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder that nobody can reach and write."""
    for folder in (tmp_path, *tmp_path.parents[:3]):  # the third is there where tests run in several processes
        if folder.stat().st_uid == os.getuid():
            folder.chmod(folder.stat().st_mode | 0o011)
    tmp_path.chmod(0o777)
    return tmp_path


def test_an_ordinary_user_removes_closed_folders_of_any_depth(shared: Path) -> None:
    def work() -> None:
        here = shared / "tree"
        for _ in range(150):
            here /= "d"
        here.mkdir(parents=True)
        (here / "file").touch()
        while here != shared:
            here.chmod(0)
            here = here.parent
        paths.remove_tree(shared / "tree")
        assert not (shared / "tree").exists()

    assert as_nobody(work) == 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make files of other users")
def test_files_of_others_are_an_error_that_names_them(shared: Path) -> None:
    (shared / "tree/theirs").mkdir(parents=True)
    (shared / "tree/theirs/file").touch()

    def work() -> None:
        with pytest.raises(MachineError, match=r"cannot remove .*tree: Permission denied \(at file\)") as caught:
            paths.remove_tree(shared / "tree")
        assert "ls -la" in caught.value.fix

    assert as_nobody(work) == 0
    assert (shared / "tree/theirs/file").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make files of other users")
def test_a_cache_of_another_user_is_refused(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shared / "cache").mkdir()
    monkeypatch.setenv("WRONGARCH_CACHE", str(shared / "cache"))

    def work() -> None:
        with pytest.raises(MachineError, match="belongs to user 0"):
            paths.cache_dir()

    assert as_nobody(work) == 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make files of other users")
def test_sweeping_leaves_what_it_cannot_remove(shared: Path) -> None:
    left = shared / "image.tmp-1-0123456789ab"
    (left / "sub").mkdir(parents=True)
    (left / "sub/file").touch()

    def work() -> None:
        assert paths.sweep_stale(shared) == []

    assert as_nobody(work) == 0
    assert (left / "sub/file").exists()


def test_a_mount_point_is_not_removed(tmp_path: Path) -> None:
    script = 'mkdir -p "$2/tree/mnt" && mount -t tmpfs none "$2/tree/mnt" && exec "$0" -c "$1" "$2"'
    code = """
import sys
from pathlib import Path
from wrongarch.errors import MachineError
from wrongarch.paths import remove_tree
try:
    remove_tree(Path(sys.argv[1]) / "tree")
except MachineError as error:
    print(error.what)
"""
    argv = ["unshare", "-Urm", "sh", "-c", script, sys.executable, code, str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert "busy (at mnt)" in done.stdout


def test_many_makers_and_sweepers_do_not_meet(tmp_path: Path) -> None:
    script = """
import sys, time
from pathlib import Path
from wrongarch.paths import staging, sweep_stale
folder, end = Path(sys.argv[1]), time.monotonic() + 2
count = 0
while time.monotonic() < end:
    with staging(folder, "x") as work:
        (work / "file").touch()
        sweep_stale(folder)
        (work / "file").unlink()
    count += 1
print(count)
"""
    children = [start(script, tmp_path) for _ in range(4)]
    outputs = [child.communicate(timeout=30)[0] for child in children]
    assert [child.returncode for child in children] == [0] * 4
    assert all(int(output) > 5 for output in outputs)
    assert list(tmp_path.iterdir()) == []
