from __future__ import annotations

import errno
import fcntl
import os
import stat
import threading
from pathlib import Path

import pytest

from wrongarch import paths
from wrongarch.errors import MachineError, UsageError


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_folders_are_made_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "a/b"))
    monkeypatch.setenv("WRONGARCH_CONFIG", str(tmp_path / "c"))
    assert paths.cache_dir() == tmp_path / "a/b"
    assert paths.config_dir() == tmp_path / "c"
    assert stat.S_IMODE((tmp_path / "a/b").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o700


def test_an_open_folder_of_ours_is_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    monkeypatch.setenv("WRONGARCH_CACHE", str(folder))
    paths.cache_dir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_platform_folders_without_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WRONGARCH_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert paths.cache_dir() == tmp_path / "wrongarch"


def test_a_shared_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o1777)
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path))
    with pytest.raises(UsageError, match="shared"):
        paths.cache_dir()


def test_a_file_in_the_place_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "file"))
    with pytest.raises(MachineError, match="cannot use") as caught:
        paths.cache_dir()
    assert "WRONGARCH_CACHE" in caught.value.fix


def test_a_configuration_that_cannot_be_made_is_just_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("WRONGARCH_CONFIG", str(tmp_path / "file/below"))
    assert not paths.config_dir().exists()


def test_a_configuration_in_a_folder_of_the_user_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setenv("WRONGARCH_CONFIG", str(tmp_path))
    assert paths.config_dir() == tmp_path
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_write_atomically_replaces_all_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    paths.write_atomically(path, b"old")
    paths.write_atomically(path, "neü")
    assert path.read_bytes() == "neü".encode()
    with pytest.raises(TypeError):
        paths.write_atomically(path, 3)  # type: ignore[arg-type]  # what fails between open and rename
    assert path.read_bytes() == "neü".encode()
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "is full"), (errno.EDQUOT, "quota"), (errno.EFBIG, "no larger file")]
)
def test_full_disks_become_a_machine_error(tmp_path: Path, number: int, words: str) -> None:
    target = tmp_path / "not/there/yet"
    with pytest.raises(MachineError, match=words) as caught, paths.translate_disk_errors(target):
        raise OSError(number, "x")
    assert str(target) in caught.value.what
    assert caught.value.fix


def test_other_errors_pass(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), paths.translate_disk_errors(tmp_path):
        raise PermissionError(errno.EACCES, "x")


def test_locks_exclude_threads_and_say_once_that_they_wait(tmp_path: Path) -> None:
    lock = tmp_path / "new/lock"
    said: list[str] = []
    order: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        def wait(message: str) -> None:
            said.append(message)
            waiting.set()

        with paths.locked(lock, wait_message=wait):
            order.append("second")

    with paths.locked(lock):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(5)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]
    assert len(said) == 1
    assert str(lock) in said[0]


def test_shared_locks_let_each_other_in(tmp_path: Path) -> None:
    with paths.locked(tmp_path / "lock", shared=True), paths.locked(tmp_path / "lock", shared=True):
        descriptor = os.open(tmp_path / "lock", os.O_RDWR)
        assert not paths.try_lock(descriptor)
        os.close(descriptor)


def test_lock_in_place_follows_a_file_that_was_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    seen: list[bytes] = []
    started = threading.Event()

    def second() -> None:
        started.set()
        with paths.lock_in_place(path) as descriptor:
            seen.append(os.pread(descriptor, 10, 0))

    with paths.lock_in_place(path):
        thread = threading.Thread(target=second)
        thread.start()
        started.wait(5)
        path.rename(tmp_path / "gone")
        path.write_bytes(b"new")
    thread.join(5)
    assert seen == [b"new"]


def test_staging_is_renamed_into_place(tmp_path: Path) -> None:
    with paths.staging(tmp_path / "store", "thing") as work:
        assert stat.S_IMODE(work.stat().st_mode) == 0o700
        (work / "file").touch()
        work.rename(tmp_path / "store/thing")
    assert names(tmp_path / "store") == ["thing"]


def test_staging_is_removed_when_it_fails(tmp_path: Path) -> None:
    def fail() -> None:
        with paths.staging(tmp_path, "thing") as work:
            (work / "sub").mkdir()
            (work / "sub/file").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names(tmp_path) == []


def test_the_first_error_is_told_where_staging_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise MachineError(f"cannot remove {path}")

    monkeypatch.setattr(paths, "remove_tree", refuse)

    def fail() -> None:
        with paths.staging(tmp_path, "thing"):
            raise KeyError("first")

    with pytest.raises(KeyError, match="first"):
        fail()
    with pytest.raises(MachineError, match="cannot remove"), paths.staging(tmp_path, "thing"):
        pass
    monkeypatch.undo()
    assert len(paths.sweep_stale(tmp_path)) == 2


def test_sweep_takes_what_the_dead_left_and_nothing_else(tmp_path: Path) -> None:
    dead = tmp_path / "image.tmp-77-0123456789ab"
    lockless = tmp_path / "other.tmp-78-0123456789ab"
    for folder in (dead, lockless, tmp_path / "image", tmp_path / "notes.tmp-1"):
        (folder / "sub").mkdir(parents=True)
    (tmp_path / f"{dead.name}.lock").touch()
    (tmp_path / "gone.tmp-79-0123456789ab.lock").touch()
    with paths.staging(tmp_path, "image") as alive:
        assert set(paths.sweep_stale(tmp_path)) >= {dead, lockless}
        assert alive.is_dir()
        assert names(tmp_path) == sorted(["image", "notes.tmp-1", alive.name, f"{alive.name}.lock"])
    assert paths.sweep_stale(tmp_path / "none") == []


def test_sweep_takes_a_file_that_nobody_writes_any_more(tmp_path: Path) -> None:
    dead, alive = (tmp_path / f"results.json.tmp-{pid}-0123456789ab" for pid in (77, 78))
    for file in (dead, alive):
        file.touch()
    (tmp_path / "link.tmp-77-0123456789ab").symlink_to(tmp_path)
    with alive.open("wb") as held:
        assert paths.try_lock(held.fileno())
        assert paths.sweep_stale(tmp_path) == [dead]
    assert names(tmp_path) == ["link.tmp-77-0123456789ab", alive.name]


def test_a_file_is_swept_in_no_moment_of_its_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        assert paths.sweep_stale(tmp_path) == []
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    paths.write_atomically(tmp_path / "file", b"all")
    assert (tmp_path / "file").read_bytes() == b"all"


def test_every_folder_of_the_cache_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path))
    for name in ("images", "frames"):
        (tmp_path / name / "x.tmp-77-0123456789ab").mkdir(parents=True)
    (tmp_path / "images" / "kept").mkdir()
    paths.sweep_cache()
    assert (names(tmp_path / "images"), names(tmp_path / "frames")) == (["kept"], [])


def test_staging_takes_another_name_when_a_sweeper_is_faster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries = paths.try_lock, []

    def lose_once(descriptor: int, *, shared: bool = False) -> bool:
        tries.append(descriptor)
        return len(tries) > 1 and real(descriptor, shared=shared)

    monkeypatch.setattr(paths, "try_lock", lose_once)
    with paths.staging(tmp_path, "x") as work:
        assert work.is_dir()
    assert len(tries) == 2


def test_remove_tree_opens_up_folders_and_follows_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").touch()
    tree = tmp_path / "tree"
    (tree / "work/work").mkdir(parents=True)
    (tree / "work/work/file").touch()
    (tree / "link").symlink_to(outside)
    os.mkfifo(tree / "fifo")
    (tree / "work/work").chmod(0)
    (tree / "work").chmod(0)
    paths.remove_tree(tree)
    assert names(tmp_path) == ["outside"]
    assert (outside / "keep").exists()
    (tmp_path / "link").symlink_to(outside)
    paths.remove_tree(tmp_path / "link")
    assert (outside / "keep").exists()
    paths.remove_tree(tmp_path / "nothing")
    paths.remove_tree(tmp_path / "no/parent")


def test_remove_tree_of_any_depth(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    paths.remove_tree(tmp_path / "d")
    assert names(tmp_path) == []


def test_lock_descriptors_do_not_leak(tmp_path: Path) -> None:
    before = len(names(Path("/proc/self/fd")))
    for _ in range(5):
        with paths.staging(tmp_path, "x"), paths.locked(tmp_path / "l"), paths.lock_in_place(tmp_path / "f"):
            pass
        (tmp_path / "t/a").mkdir(parents=True)
        paths.remove_tree(tmp_path / "t")
    assert len(names(Path("/proc/self/fd"))) == before


def test_a_lock_is_exclusive_by_default(tmp_path: Path) -> None:
    with paths.locked(tmp_path / "lock"):
        descriptor = os.open(tmp_path / "lock", os.O_RDWR)
        with pytest.raises(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        os.close(descriptor)
