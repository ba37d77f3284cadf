"""What is taken out of a root after it was built. The rest of building is tested on real packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.images import build


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tree = tmp_path / "root"
    for name in (
        "etc/.pwd.lock",
        "etc/passwd",
        "etc/passwd-",
        "etc/machine-id",
        "var/log/apt/history.log",
        "var/log/dpkg.log",
        "var/lib/dpkg/status",
        "var/lib/dpkg/status-old",
        "var/lib/dpkg/arch",
        "var/cache/debconf/config.dat-old",
        "var/cache/ldconfig/aux-cache",
        "run/lock/file",
        "run/pid",
        "tmp/left/over",
        "dev/null",
        "usr/sbin/policy-rc.d",
        "usr/bin/true",
    ):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(name)
    (tree / "run/link").symlink_to("/etc")
    (tree / "var/run").symlink_to("/run")
    return tree


def names(root: Path) -> set[str]:
    return {str(entry.relative_to(root)) for entry in root.rglob("*") if not entry.is_dir() or entry.is_symlink()}


def test_what_depends_on_when_and_where_it_was_built_is_gone(root: Path) -> None:
    build._clean(root)
    assert names(root) == {"etc/passwd", "etc/machine-id", "var/lib/dpkg/status", "usr/bin/true", "var/run"}
    assert (root / "etc/machine-id").read_text() == ""
    assert (root / "var/log/apt").is_dir()  # packages made it, programs count on it
    assert list((root / "run").iterdir()) == list((root / "tmp").iterdir()) == []
    build._clean(root)  # nothing left to do


@pytest.mark.parametrize(
    "folder", ["etc", "run", "tmp", "dev", "var/log", "var/lib/dpkg", "var/lib", "var", "usr/sbin"]
)
def test_a_link_in_a_root_does_not_lead_us_to_the_hosts_files(root: Path, tmp_path: Path, folder: str) -> None:
    outside = tmp_path / "outside"
    (root / folder).rename(outside)
    (root / folder).symlink_to(outside)
    before = {entry: entry.read_text() for entry in outside.rglob("*") if entry.is_file() and not entry.is_symlink()}
    build._clean(root)
    assert {entry: entry.read_text() for entry in before} == before


@pytest.mark.parametrize(
    "name", ["etc/machine-id", "etc/passwd-", "var/lib/dpkg/status-old", "run/pid", "var/log/dpkg.log"]
)
def test_a_link_in_the_place_of_a_file_does_neither(root: Path, tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("the host's")
    (root / name).unlink()
    (root / name).symlink_to(victim)
    build._clean(root)
    assert victim.read_text() == "the host's"
