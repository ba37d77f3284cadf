"""Folders on this machine: where they are, how they are written so that a kill loses nothing, how they are locked.

Locks are BSD locks (flock(2)): they belong to an open file, so the kernel drops them when their holder dies, and two
threads of one process exclude each other as two processes do.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wrongarch.errors import MachineError, UsageError

CACHE_VARIABLE = "WRONGARCH_CACHE"
CONFIG_VARIABLE = "WRONGARCH_CONFIG"

_FULL = {errno.ENOSPC: "is full", errno.EDQUOT: "is over your quota", errno.EFBIG: "takes no larger file"}
_STAGING = re.compile(r"\.tmp-\d+-[0-9a-f]{12}$")
_DEEPEST = 64  # levels a removal keeps open at once; what is deeper is moved up first


def cache_dir() -> Path:
    """The folder for what can be made again, created, with mode 0700: image trees hold setuid files.

    `WRONGARCH_CACHE` names another one. Raises UsageError for a folder shared with others, MachineError if it cannot
    be made or written.
    """
    folder = _folder(CACHE_VARIABLE, "user_cache_path")
    fix = f"name a folder of your own: export {CACHE_VARIABLE}=/path/to/folder"
    try:
        with translate_disk_errors(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        if status.st_mode & stat.S_ISVTX:
            raise UsageError(f"{folder} is shared with other users (its sticky bit is set)", fix=fix)
        if status.st_uid == os.geteuid() and status.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise MachineError(f"cannot use the folder {folder}: {error.strerror}", fix=fix) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise MachineError(f"no right to write to {folder} (it belongs to user {status.st_uid})", fix=fix)
    return folder


def config_dir() -> Path:
    """The folder for what the user wrote, created with mode 0700 where that is possible: nothing in it is needed.

    `WRONGARCH_CONFIG` names another one.
    """
    folder = _folder(CONFIG_VARIABLE, "user_config_path")
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _folder(variable: str, kind: str) -> Path:
    given = os.environ.get(variable)
    if given:
        return Path(given).expanduser().absolute()
    import platformdirs  # noqa: PLC0415 - costs start-up time, and only where no variable is set

    return Path(getattr(platformdirs, kind)("wrongarch", appauthor=False))


@contextmanager
def translate_disk_errors(path: Path) -> Iterator[None]:
    """Turn "no space left", "over quota" and "file too large" into a MachineError about the disk that holds `path`."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _full_disk(path, error.errno) from error


def _full_disk(path: Path, number: int) -> MachineError:
    folder = path.absolute()
    while not folder.exists():
        folder = folder.parent
    usage = os.statvfs(folder)
    free, total = usage.f_bavail * usage.f_frsize >> 20, usage.f_blocks * usage.f_frsize >> 20
    while not folder.is_mount():
        folder = folder.parent
    inodes = ", no inode left" if usage.f_files and not usage.f_favail else ""
    space = f"{free} MiB free of {total} MiB{inodes}"
    what = f"the file system at {folder} {_FULL[number]} ({space}): could not write {path}"
    if number == errno.EFBIG:
        return MachineError(what, fix="raise the limit on file sizes (ulimit -f unlimited), or use another file system")
    cache = os.environ.get(CACHE_VARIABLE) or "the cache folder"
    return MachineError(
        what,
        fix=f"free some space there (du -xhd1 {folder}; all of {cache} can be deleted and made again), "
        f"or move the cache: export {CACHE_VARIABLE}=/path/on/a/larger/disk",
    )


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write `data` (text as UTF-8) so that `path` has either its old content or all of the new, even after a crash.

    The folder must exist. Raises MachineError when the disk is full; nothing is left behind then. What a kill leaves,
    `sweep_stale` removes: the file is locked while it is written.
    """
    raw = data.encode() if isinstance(data, str) else data
    with translate_disk_errors(path):
        beside, descriptor = _new_file(path)
        try:
            with open(descriptor, "wb", closefd=False) as file:
                file.write(raw)
                file.flush()
                os.fsync(descriptor)
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)


def _new_file(path: Path) -> tuple[Path, int]:
    """A new file beside `path`, and the descriptor that holds its lock."""
    while True:
        beside = _temporary(path)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        if try_lock(descriptor) and is_at(descriptor, beside):
            return beside, descriptor
        os.close(descriptor)  # a sweeper was faster


def _temporary(path: Path) -> Path:
    """A name beside `path` that nobody else takes, and that `sweep_stale` knows."""
    return path.with_name(f"{path.name}.tmp-{os.getpid()}-{os.urandom(6).hex()}")


@contextmanager
def locked(path: Path, *, shared: bool = False, wait_message: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock file `path` (made if missing, never removed), against other processes and other threads.

    `shared` holders do not exclude each other. `wait_message` is called once with a sentence if another holds the
    lock. Waiting polls rather than blocks, so that Ctrl-C works and no thread hangs in the kernel. Not reentrant.
    """
    with translate_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait_for(descriptor, path, shared=shared, wait_message=wait_message)
        yield
    finally:
        os.close(descriptor)


def _wait_for(
    descriptor: int, path: Path, *, shared: bool = False, wait_message: Callable[[str], None] | None = None
) -> None:
    pause = 0.01
    while not try_lock(descriptor, shared=shared):
        if wait_message is not None:
            wait_message(f"waiting for another wrongarch that holds {path}")
            wait_message = None
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Lock an open file without waiting; whether it worked. The lock ends when the file is closed."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def lock_in_place(path: Path) -> Iterator[int]:
    """Open `path` for reading and writing, lock the file itself and give its descriptor.

    For files that are renamed or removed while locked: once the lock is held, the file is still the one at `path`.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            _wait_for(descriptor, path)
            if is_at(descriptor, path):
                yield descriptor
                return
        finally:
            os.close(descriptor)


def is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is the one that `path` names now."""
    try:
        there = path.lstat()
    except FileNotFoundError:
        return False
    ours = os.fstat(descriptor)
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)


@contextmanager
def staging(folder: Path, name: str) -> Iterator[Path]:
    """A new empty folder beside the place where its content will go: `folder/name.tmp-PID-RANDOM`, mode 0700.

    Rename it (or something in it) into place before leaving; what is still there on leaving is removed. While it is
    in use its lock `….lock` is held, so that `sweep_stale` of any process tells it from what a kill left behind.
    """
    with translate_disk_errors(folder):
        work, lock, descriptor = _claim(folder, name)
    try:
        try:
            with translate_disk_errors(work):
                work.mkdir(mode=0o700)
                yield work
        except BaseException:
            with suppress(MachineError):  # what went wrong first is what the user has to know
                _discard(work, lock)
            raise
        _discard(work, lock)
    finally:
        os.close(descriptor)


def _discard(work: Path, lock: Path) -> None:
    remove_tree(work)
    lock.unlink(missing_ok=True)


def _claim(folder: Path, name: str) -> tuple[Path, Path, int]:
    """A new name for a work folder, its lock file, and the descriptor that holds the lock."""
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        work = _temporary(folder / name)
        lock = _lock_of(work)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        if try_lock(descriptor) and is_at(descriptor, lock):
            return work, lock, descriptor
        os.close(descriptor)  # a sweeper was faster than our lock and takes the file away: use another name


def sweep_stale(folder: Path) -> list[Path]:
    """Remove what dead processes left of `staging` and of `write_atomically` in `folder`; the paths removed.

    A maker locks before it makes its folder and unlocks after the folder is gone, so a folder without a lock file, or
    with one that nobody holds, is stale. A file is its own lock. What cannot be removed (files of other user ids) stays
    for another time.
    """
    if not folder.is_dir():
        return []
    removed = []
    works = {entry.name.removesuffix(".lock") for entry in folder.iterdir()}
    for work in (folder / name for name in sorted(works) if _STAGING.search(name)):
        with suppress(MachineError, PermissionError, FileNotFoundError):
            if _sweep(work):
                removed.append(work)
    return removed


def _sweep(work: Path) -> bool:
    lock = _lock_of(work)
    if not lock.exists():
        if work.is_symlink():
            return False
        if work.is_dir():
            remove_tree(work)
            return True
        lock = work
    descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        if not try_lock(descriptor) or not is_at(descriptor, lock):
            return False
        _discard(work, lock)
        return True
    finally:
        os.close(descriptor)


def sweep_cache() -> None:
    """`sweep_stale` in every folder of the cache: whatever was killed there, the next one that comes tidies up."""
    for folder in cache_dir().iterdir():
        if folder.is_dir() and not folder.is_symlink():
            sweep_stale(folder)


def _lock_of(work: Path) -> Path:
    return work.with_name(work.name + ".lock")


def remove_tree(path: Path) -> None:
    """Remove a file or a folder with all in it; nothing happens if it is not there. Links are removed, not followed.

    Folders whose mode forbids it (overlayfs work folders have mode 000) are opened up first. Raises MachineError if
    something cannot be removed: a file of another user id, or a mount point.
    """
    try:
        parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        _remove_entry(parent, path.name)
    except OSError as error:
        culprit = error.filename if isinstance(error.filename, str) else path.name
        raise MachineError(
            f"cannot remove {path}: {error.strerror} (at {culprit})",
            fix=f"see who owns it or what is mounted there: ls -la {path}; grep {path.name} /proc/mounts",
        ) from error
    finally:
        os.close(parent)


def _remove_entry(parent: int, name: str) -> None:
    """Remove `name` in the folder open at `parent`, without recursion deeper than _DEEPEST levels."""
    if _unlinked(parent, name):
        return
    top = _open_folder(parent, name)
    try:
        while entries := _entries(top):
            for entry in entries:
                _remove_below(top, top, entry, 1)
    finally:
        os.close(top)
    os.rmdir(name, dir_fd=parent)


def _remove_below(top: int, parent: int, name: str, depth: int) -> None:
    if _unlinked(parent, name):
        return
    if depth >= _DEEPEST:  # neither our stack nor the limit on open files may depend on how deep a tree is
        os.close(_open_folder(parent, name))  # moving a folder takes the right to write to it
        os.rename(name, f"deep-{os.urandom(8).hex()}", src_dir_fd=parent, dst_dir_fd=top)
        return
    folder = _open_folder(parent, name)
    try:
        for entry in _entries(folder):
            _remove_below(top, folder, entry, depth + 1)
    finally:
        os.close(folder)
    os.rmdir(name, dir_fd=parent)


def _entries(folder: int) -> list[str]:
    return os.listdir(folder)  # pathlib has no way to list an open descriptor


def _unlinked(parent: int, name: str) -> bool:
    """Remove anything but a folder; false for a folder."""
    try:
        if stat.S_ISDIR(os.lstat(name, dir_fd=parent).st_mode):
            return False
        os.unlink(name, dir_fd=parent)
    except FileNotFoundError:
        pass
    return True


def _open_folder(parent: int, name: str) -> int:
    """Open a folder that is no link, giving us all rights on it first where they are missing."""
    flags = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    status = os.lstat(name, dir_fd=parent)
    if status.st_mode & stat.S_IRWXU != stat.S_IRWXU:
        handle = os.open(name, flags | os.O_PATH, dir_fd=parent)
        try:
            # chmod(2) on a handle opened with O_PATH works through /proc only (open(2), O_PATH)
            with suppress(PermissionError):
                Path(f"/proc/self/fd/{handle}").chmod(0o700)
        finally:
            os.close(handle)
    return os.open(name, flags | os.O_RDONLY, dir_fd=parent)
