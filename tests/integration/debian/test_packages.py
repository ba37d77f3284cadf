from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.support.debs import file, write_deb
from tests.support.mirror import Mirror
from wrongarch import process
from wrongarch.debian.packages import fetch_index
from wrongarch.debian.pool import PoolFile
from wrongarch.downloads import NotFoundError
from wrongarch.errors import NetworkError, UntrustedInput, UsageError


@pytest.fixture
def files(mirror: Mirror, tmp_path: Path) -> list[PoolFile]:
    deb = write_deb(tmp_path / "a.deb", file("./usr/a"))
    return [mirror.add_pool(deb, name, "1:2-3") for name in ("a", "b", "c")]


def names(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("by_hash", [True, False])
def test_an_index_is_laid_out_as_the_archive(
    mirror: Mirror, files: list[PoolFile], tmp_path: Path, by_hash: bool
) -> None:
    packages = mirror.add_suite("trixie", files, by_hash=by_hash)
    index = fetch_index("trixie", "amd64", tmp_path / "mirror")
    assert list(index.packages) == files
    assert (index.suite, index.arch, index.date) == ("trixie", "amd64", 1789199741)
    assert names(tmp_path / "mirror") == ["dists/trixie/InRelease", "dists/trixie/main/binary-amd64/Packages.xz"]
    assert (tmp_path / "mirror/dists/trixie/main/binary-amd64/Packages.xz").read_bytes() == packages
    raw = (tmp_path / "mirror/dists/trixie/InRelease").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == index.inrelease_sha256
    assert ("by-hash" in mirror.seen[-1]) is by_hash


def test_what_the_archive_lacks(mirror: Mirror, files: list[PoolFile], tmp_path: Path) -> None:
    mirror.add_suite("trixie", files)
    with pytest.raises(NotFoundError, match="dists/tricksy/InRelease"):
        fetch_index("tricksy", "amd64", tmp_path / "mirror")
    with pytest.raises(UsageError, match="trixie has no architecture vax") as caught:
        fetch_index("trixie", "vax", tmp_path / "mirror")
    assert "amd64" in caught.value.fix


def test_a_mirror_in_the_middle_of_an_update(mirror: Mirror, files: list[PoolFile], tmp_path: Path) -> None:
    mirror.add_suite("trixie", files, alias="stable", codename="trixie")
    mirror.put("dists/trixie/main/binary-amd64/Packages.xz", b"of another day")
    for path in [path for path in mirror.server.bodies if "by-hash" in path]:
        del mirror.server.bodies[path]
    with pytest.raises(NetworkError, match="its own InRelease names") as caught:
        fetch_index("trixie", "amd64", tmp_path / "mirror")
    assert "try again later" in caught.value.fix
    assert "Packages.xz" in caught.value.detail
    # the other name is another suite by now: no help
    mirror.add_suite("stable", files, alias="stable", codename="forky")
    with pytest.raises(NetworkError, match="its own InRelease names"):
        fetch_index("trixie", "amd64", tmp_path / "mirror")
    # the other name has the state before
    mirror.add_suite("trixie", files[:2], alias="stable", codename="trixie", at="stable")
    index = fetch_index("trixie", "amd64", tmp_path / "mirror")
    assert list(index.packages) == files[:2]
    assert names(tmp_path / "mirror") == ["dists/trixie/InRelease", "dists/trixie/main/binary-amd64/Packages.xz"]


def test_the_snapshot_stands_in(mirror: Mirror, files: list[PoolFile], tmp_path: Path) -> None:
    mirror.add_suite("trixie", files, by_hash=False)
    bodies = mirror.server.bodies
    for path in [path for path in bodies if "/dists/" in path]:
        bodies[path.replace("/debian/", "/snap/archive/debian/20260912T075541Z/")] = bodies.pop(path)
    with pytest.raises(NotFoundError):
        fetch_index("trixie", "amd64", tmp_path / "mirror")
    assert len(fetch_index("trixie", "amd64", tmp_path / "mirror", taken=1789199741).packages) == 3


def test_a_login_page_is_no_index(mirror: Mirror, tmp_path: Path) -> None:
    mirror.put("dists/trixie/InRelease", b"<html>pay for the network</html>")
    with pytest.raises(UntrustedInput, match="no signed index"):
        fetch_index("trixie", "amd64", tmp_path / "mirror")


def test_a_real_index_is_signed_by_debian(tmp_path: Path) -> None:
    index = fetch_index("bookworm-updates", "armhf", tmp_path)
    assert index.date > 1_700_000_000
    keyring = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    if keyring.exists():  # on Debian; the toolbox's own check is tested with it
        process.run(["gpgv", "--keyring", str(keyring), str(tmp_path / "dists/bookworm-updates/InRelease")])
