"""A place of its own for a project, a cache and the runs that are killed in it."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import project as projects
from tests.faults.archive import Archive
from tests.faults.project import ARCH
from tests.support.daemons import folder_for
from wrongarch import paths
from wrongarch.arches.lookup import find, host_arch
from wrongarch.debian import pool
from wrongarch.debian.pool import PoolFile
from wrongarch.emulators import pins, store
from wrongarch.images import lock as locks
from wrongarch.images import store as images
from wrongarch.images import toolbox
from wrongarch.paths import remove_tree
from wrongarch.settings import MIRROR_VARIABLE, SNAPSHOT_VARIABLE

MARK = "WRONGARCH_FAULTS"
"""In the environment of every process that is started here."""
_CONFIG = "[download]\nattempts = 2\nread_seconds = 3.0\nbackoff_seconds = 0.05\nlongest_wait_seconds = 0.2\n"


class Lab:
    """Folders, the archive, and the environment of runs. `mark` is in the environment of all that they start.

    With `planted`, only the tests that fail are run: the shortest run in which everything happens.
    """

    def __init__(self, folder: Path, archive: Archive, *, warm: bool = False, planted: bool = False) -> None:
        self.folder = folder
        self.archive = archive
        self.warm = warm
        self.words = ("--suite", "planted") if planted else ()
        passed = {} if planted else {"passed": len(projects.TESTS)}
        self.counts = {**passed, "failed": projects.PLANTED}
        self.registered = registrations()
        self.mark = secrets.token_hex(8)
        self.cache, self.project = folder / "cache", folder / "project"
        self.env = {
            **os.environ,
            MARK: self.mark,
            "WRONGARCH_CACHE": str(self.cache),
            "WRONGARCH_CONFIG": str(folder / "config"),
            "WRONGARCH_ENGINE": "sandbox",
            MIRROR_VARIABLE: f"{archive.base}/debian",
            SNAPSHOT_VARIABLE: f"{archive.base}/snap",
            "TMPDIR": str(folder / "tmp"),
            "TERM": "dumb",
        }
        for name in ("CI", "PYTEST_CURRENT_TEST"):
            self.env.pop(name, None)
        for path in (folder / "config", folder / "tmp", self.cache):
            path.mkdir(mode=0o700, exist_ok=True)
        (folder / "config/config.toml").write_text(_CONFIG)
        if pins.user_file().is_file():
            shutil.copy(pins.user_file(), folder / "config")
        self.logs = 0
        self._started: list[subprocess.Popen[bytes]] = []
        self._seen: set[tuple[str, int, int, int]] = set()

    @property
    def runs(self) -> Path:
        return self.project / ".wrongarch/runs"

    def is_new(self, path: Path) -> bool:
        """Whether a file is another than when this was last asked: what was whole then is not read again."""
        status = path.stat()
        key = (str(path), status.st_ino, status.st_mtime_ns, status.st_size)
        new = key not in self._seen
        self._seen.add(key)
        return new

    def run_folders(self) -> list[Path]:
        """All runs, in the order of their names."""
        return sorted(entry for entry in self.runs.glob("*") if not entry.is_symlink()) if self.runs.is_dir() else []

    def start(self, *words: str, **env: str) -> Run:
        """Start a test run."""
        self.logs += 1
        log = self.folder / f"log-{self.logs}.txt"
        known = frozenset(self.run_folders())
        with log.open("wb") as out:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "wrongarch",
                    "test",
                    ARCH,
                    "--recipe",
                    projects.NAME,
                    "--accel=none",  # native tools would be half of all downloads
                    *self.words,
                    *words,
                ],
                cwd=self.project,
                env={**self.env, **env},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._started.append(process)
        return Run(self, process, log, known)

    def close(self) -> None:
        """End what still runs, where the tests themselves are interrupted."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.wait()


class Run:
    """A run under way, or ended."""

    def __init__(self, lab: Lab, process: subprocess.Popen[bytes], log: Path, known: frozenset[Path]) -> None:
        self.lab, self.process, self.log = lab, process, log
        self.began = time.monotonic()
        self._known = known

    @property
    def folder(self) -> Path | None:
        """The run's own folder, once there is one."""
        new = [path for path in self.lab.run_folders() if path not in self._known]
        return new[-1] if new else None

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait(self, seconds: float) -> int | None:
        """Its exit code; None if it does not end in time."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self, number: signal.Signals, *, group: bool) -> None:
        """Send a signal to the main process, or to its whole group as a terminal does."""
        if self.process.poll() is None:
            (os.killpg if group else os.kill)(self.process.pid, number)


@contextmanager
def lab(*, warm: bool = False, planted: bool = False) -> Iterator[Lab]:
    """A new lab. `warm`: emulator, toolbox, image and what capsules share are there already, as in the user's cache."""
    with folder_for("faults") as folder:
        folder.chmod(0o755)
        lock = projects.make(folder / "project")
        archive = Archive(_files(lock))
        thread = threading.Thread(target=archive.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            made = Lab(folder, archive, warm=warm, planted=planted)
            if warm:
                _warm(made, lock)
            try:
                yield made
            finally:
                made.close()
        finally:
            archive.closing.set()
            archive.shutdown()
            archive.server_close()


def registrations() -> frozenset[str]:
    """The entries of this machine's own binfmt_misc, which only root can look at where it is not mounted."""
    if os.geteuid() != 0:
        return frozenset()
    script = "mount -t binfmt_misc binfmt_misc /mnt && ls /mnt"
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split()) - {"register", "status"}


def _files(lock: locks.Lock) -> tuple[PoolFile, ...]:
    """All that a run from nothing downloads, in the user's cache by now."""
    box, agent = (toolbox.lock_of(spec, host_arch()) for spec in (toolbox.SPEC, toolbox.AGENT))
    for one in (lock, box, agent):
        pool.fetch_pool(one.packages, taken=one.taken)
    known = pins.load()
    store.get(known.default, find(ARCH).qemu)
    _, candidates = pins.resolve(known, known.default, host_arch().debian)
    there = [one.file for one in candidates if pool.cached_path(one.file.sha256).is_file()]
    if not there:
        there = [candidates[0].file]
        pool.fetch_pool(there, taken=candidates[0].taken)
    return (*lock.packages, *box.packages, *agent.packages, *there)


def _warm(made: Lab, lock: locks.Lock) -> None:
    """Copies, not links: what is damaged here must not be the user's."""
    arch = find(ARCH)
    emulator = store.get(pins.load().default, arch.qemu)
    image = images.ensure(lock, arch)
    frames = paths.cache_dir() / "frames"
    for there in (emulator.path.parent, toolbox.ensure(), image.root.parent, *([frames] if frames.is_dir() else [])):
        place = made.cache / there.relative_to(paths.cache_dir())
        place.parent.mkdir(exist_ok=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(there), str(place)], check=True)
    for left in (made.cache / "frames").glob("*.tmp-*"):  # by whoever uses that cache at this moment
        remove_tree(left)
