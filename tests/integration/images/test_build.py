"""Real images: the essential packages of a committed lock, for this machine's own arch and for an emulated one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from tests.support.users import User
from wrongarch import paths, settings
from wrongarch.arches.lookup import find, host_arch
from wrongarch.debian import pool
from wrongarch.emulators import pins
from wrongarch.errors import UntrustedInput
from wrongarch.images import contents, store
from wrongarch.images import lock as locks
from wrongarch.namespaces import ids as id_maps

LOCKS = Path(__file__).parents[3] / "ci/locks/quickjs"

BUILD = """
import sys
from pathlib import Path
from wrongarch.arches.lookup import find
from wrongarch.images import lock, store
image = store.ensure(
    lock.read(Path(sys.argv[1])),
    find(sys.argv[2]),
    say=lambda text: print(text, flush=True),
    native=len(sys.argv) < 4,
)
print(image.digest, image.root, image.seconds)
"""


def essential(arch: str, folder: Path) -> locks.Lock:
    """A lock of the essential packages alone, written to `folder`, so that it takes seconds."""
    full = locks.read(LOCKS / f"{arch}.json")
    tiny = msgspec.structs.replace(full, image="essential", packages=full.packages[: full.essential])
    locks.write(tiny, folder / f"{arch}.json")
    return tiny


def lend(somebody: User, lock: locks.Lock, arch: str) -> Path:
    """Let another user build `lock` without downloading anything; where they find it."""
    somebody.lend(pool.fetch_pool(lock.packages, taken=lock.taken))
    known = pins.load()
    _, candidates = pins.resolve(known, known.default, host_arch().debian)
    for candidate in candidates:  # those that a store has: the emulator came out of one of them
        file = pool.cached_path(candidate.file.sha256)
        if file.is_file():
            somebody.lend({candidate.file.sha256: file})
    place = somebody.home / f"{arch}.json"
    locks.write(lock, place)
    place.chmod(0o644)
    return place


@pytest.fixture
def own_cache(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache in which images are built anew; downloads, emulators and the toolbox are the usual ones."""
    folder = tmp_path / "cache"
    folder.mkdir()
    for name in ("downloads", "emulators", "toolboxes"):
        (cache / name).mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(cache / name)
    monkeypatch.setenv("WRONGARCH_CACHE", str(folder))
    return folder


@pytest.mark.parametrize(("kind", "arch"), [("subordinate", host_arch().name), ("single", "arm")])
def test_a_lock_gives_the_same_image_whoever_builds_it(
    kind: str, arch: str, users: Callable[[str], User], pinned: None, tmp_path: Path
) -> None:
    lock = essential(arch, tmp_path)
    ours = store.ensure(lock, find(arch))
    assert contents.digest(contents.listing(ours.root)) == ours.digest
    somebody = users(kind)
    renamed = msgspec.structs.replace(lock, image=f"essential-{kind}")  # both kinds of users share a cache
    theirs = somebody.python("-c", BUILD, str(lend(somebody, renamed, arch)), arch, "emulated", timeout=600).split()
    assert theirs[0] == ours.digest
    assert not Path(theirs[1]).is_relative_to(paths.cache_dir())


def test_native_tools_give_the_same_image(own_cache: Path, pinned: None, tmp_path: Path) -> None:
    """The other user's image of the test above is made without: that these are the same, it says."""
    lock = essential("arm", tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("WRONGARCH_CACHE")
        usual = store.ensure(lock, find("arm"), native=False)
    fresh = store.ensure(lock, find("arm"))
    assert fresh.root.is_relative_to(own_cache)
    assert fresh.digest == usual.digest
    assert list(contents.listing(fresh.root)) == list(contents.listing(usual.root))


def test_processes_at_once_build_an_image_once(own_cache: Path, pinned: None, tmp_path: Path, users: object) -> None:
    arch = host_arch().name
    lock = essential(arch, tmp_path)
    folder = store.folder_of(lock, host_arch(), id_maps.choose()).parent
    with start(tmp_path, arch) as first:
        wait_for_staging(folder)
        with start(tmp_path, arch) as second:
            outs = [process.communicate(timeout=300)[0].decode() for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0]
    assert outs[0] == outs[1].splitlines(keepends=True)[-1]  # even the seconds: both found the one that was built
    assert len(outs[1].splitlines()) == 2  # the second said that it waited


def test_a_kill_while_an_image_is_made_leaves_nothing_behind(own_cache: Path, pinned: None, tmp_path: Path) -> None:
    arch = host_arch().name
    lock = essential(arch, tmp_path)
    folder = store.folder_of(lock, host_arch(), id_maps.choose()).parent
    with start(tmp_path, arch) as process:
        wait_for_staging(folder)
        process.send_signal(signal.SIGKILL)
    assert not any(entry.is_dir() and ".tmp-" not in entry.name for entry in folder.iterdir())
    image = store.ensure(lock, host_arch())
    assert contents.digest(contents.listing(image.root)) == image.digest
    assert not any(".tmp-" in entry.name for entry in folder.iterdir())


@pytest.fixture
def no_snapshots(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The archive of snapshots is an address at which nobody answers."""
    monkeypatch.setenv(settings.SNAPSHOT_VARIABLE, "http://127.0.0.1:9")
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()


def test_a_package_that_is_not_what_the_lock_says(
    own_cache: Path, pinned: None, tmp_path: Path, no_snapshots: None
) -> None:
    arch = host_arch().name
    lock = essential(arch, tmp_path)
    first, *rest = lock.packages
    wrong = msgspec.structs.replace(first, sha256="0" * 64)
    damaged = msgspec.structs.replace(lock, packages=(wrong, *rest))
    with pytest.raises(UntrustedInput, match="its SHA-256 is "):
        store.ensure(damaged, host_arch())
    assert [entry.name for entry in (own_cache / "images").iterdir() if entry.is_dir()] == []


def start(folder: Path, arch: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", BUILD, str(folder / f"{arch}.json"), arch], stdout=subprocess.PIPE)


def wait_for_staging(folder: Path) -> None:
    """Until an image is being made there, far enough that packages are unpacked."""
    end = time.monotonic() + 120
    while not any(folder.glob("*.tmp-*/root/var/lib/dpkg/info/*.list")):
        assert time.monotonic() < end, json.dumps([str(entry) for entry in folder.glob("*")])
        time.sleep(0.05)
