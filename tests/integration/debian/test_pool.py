from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.debs import file, folder, hard, link, write_deb
from tests.support.mirror import Mirror
from wrongarch import paths
from wrongarch.debian import debs, packages
from wrongarch.debian.pool import cached_path, fetch_pool
from wrongarch.downloads import NotFoundError
from wrongarch.errors import UntrustedInput


def test_files_come_from_the_mirror_then_the_snapshot_and_are_kept(mirror: Mirror, tmp_path: Path) -> None:
    deb = write_deb(tmp_path / "a.deb", file("./usr/a"))
    there = mirror.add_pool(deb, "there")
    gone = mirror.add_pool(write_deb(tmp_path / "b.deb", file("./usr/b")), "gone", "1:2")
    bodies = mirror.server.bodies
    bodies[f"/snap/archive/debian/20260912T075541Z/{gone.path}"] = bodies.pop(f"/debian/{gone.path}")
    with pytest.raises(NotFoundError, match="gone"):
        fetch_pool([there, gone])
    seen: list[tuple[int, int | None]] = []
    found = fetch_pool([there, gone, there], taken=1789199741, progress=lambda *step: seen.append(step))
    assert found == {there.sha256: cached_path(there.sha256), gone.sha256: cached_path(gone.sha256)}
    assert found[there.sha256].read_bytes() == deb.read_bytes()
    assert seen[-1] == (there.size + gone.size, there.size + gone.size)
    count = len(mirror.seen)
    fetch_pool([there, gone])
    assert len(mirror.seen) == count


def test_a_file_that_was_replaced_on_the_mirror_is_not_taken(mirror: Mirror, tmp_path: Path) -> None:
    wanted = mirror.add_pool(write_deb(tmp_path / "a.deb", file("./usr/a")), "a")
    mirror.put(wanted.path, bytes(wanted.size))
    with pytest.raises(UntrustedInput, match=wanted.sha256):
        fetch_pool([wanted])
    assert not cached_path(wanted.sha256).exists()


def test_a_real_package_of_a_foreign_architecture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "cache"))
    index = packages.fetch_index("bookworm-updates", "armhf", tmp_path / "mirror")
    tiny = min(index.packages, key=lambda package: package.size)
    path = fetch_pool([tiny])[tiny.sha256]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == tiny.sha256
    fields = debs.control_fields(path)
    assert (fields["Package"], fields["Version"]) == (tiny.name, tiny.version)
    assert debs.extract(path, tmp_path / "root", merged_usr=True)
    documents = [member.name for member in debs.data_members(path) if member.name.startswith("usr/share/doc/")]
    assert documents


def test_extraction_agrees_with_dpkg(tmp_path: Path) -> None:
    index = packages.fetch_index("bookworm", "armhf", tmp_path / "mirror")
    wanted = [package for package in index.packages if package.name in ("perl-base", "util-linux", "hello")]
    for path in fetch_pool(wanted).values():
        debs.extract(path, tmp_path / "ours")
        subprocess.run(["dpkg-deb", "--extract", path, tmp_path / "theirs"], check=True)
    for root in (tmp_path / "ours", tmp_path / "theirs"):
        subprocess.run(["chmod", "-R", "u-s,g-s", root], check=True)
    # tar, behind dpkg-deb, puts some links last, after it has set the time of their folder: times of folders differ
    find = r'cd "$1" && find . -mindepth 1 -type d -printf "%P d %m\n" -o -printf "%P %y %m %s %Ts %l %n\n" | sort'
    ours, theirs = (
        subprocess.run(["sh", "-c", find, "sh", tmp_path / which], capture_output=True, text=True, check=True).stdout
        for which in ("ours", "theirs")
    )
    assert ours == theirs
    assert len(ours.splitlines()) > 500
    subprocess.run(["diff", "-r", "--no-dereference", tmp_path / "ours", tmp_path / "theirs"], check=True)


def test_many_threads_extract_into_one_root(tmp_path: Path) -> None:
    made = [
        write_deb(
            tmp_path / f"{number}.deb",
            folder("./usr/share/common/"),
            *(file(f"./usr/share/common/{number}/{step}") for step in range(50)),
            file(f"./bin/{number}"),
            hard(f"./lib/{number}", f"./bin/{number}"),
            link(f"./sbin/{number}", "../bin"),
            suffix="",
        )
        for number in range(8)
    ]
    failures: list[BaseException] = []

    def work(path: Path) -> None:
        try:
            debs.extract(path, tmp_path / "root", merged_usr=True)
        except BaseException as error:  # noqa: BLE001 - reported by the test
            failures.append(error)

    for _ in range(5):
        threads = [threading.Thread(target=work, args=(path,)) for path in made]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(list((tmp_path / "root/usr/share/common").rglob("*"))) == 8 * 51
        assert (tmp_path / "root/lib").readlink() == Path("usr/lib")
        paths.remove_tree(tmp_path / "root")


FULL = """
import sys
from pathlib import Path
from wrongarch.debian.debs import extract
from wrongarch.errors import MachineError
try:
    extract(Path(sys.argv[1]), Path(sys.argv[2]) / "root")
except MachineError as error:
    print(error.what)
"""


def test_a_full_disk_while_extracting(tmp_path: Path) -> None:
    deb = write_deb(tmp_path / "big.deb", *(file(f"./f{number}", b"x" * 300_000) for number in range(5)))
    (tmp_path / "small").mkdir()
    script = 'mount -t tmpfs -o size=1m none "$3" && exec "$0" -c "$1" "$2" "$3"'
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, sys.executable, FULL, str(deb), str(tmp_path / "small")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"the file system at {tmp_path / 'small'} is full" in done.stdout
