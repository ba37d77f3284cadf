from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.debian.packages import Index
from wrongarch.debian.pool import PoolFile
from wrongarch.emulators import pins as pinning
from wrongarch.emulators.pins import Candidate, Pins, Source, refresh_pins, resolve
from wrongarch.errors import MachineError, UsageError

BINARIES = "usr/bin/qemu-{target}"


def pool_file(version: str, name: str = "qemu-user", sha: str = "") -> PoolFile:
    digest = (sha or version.encode().hex())[:64].ljust(64, "0")
    return PoolFile(name=name, version=version, path=f"pool/main/q/{name}.deb", size=1, sha256=digest)


def candidate(version: str, suite: str = "trixie", taken: int = 1) -> Candidate:
    return Candidate(suite=suite, binaries=BINARIES, taken=taken, file=pool_file(version))


def index(suite: str, *versions: str, arch: str = "amd64", name: str = "qemu-user") -> Index:
    files = tuple(pool_file(version, name) for version in versions)
    return Index(suite=suite, arch=arch, date=9, inrelease_sha256="0" * 64, packages=files)


PINS = Pins(
    format=1,
    default="10.0",
    sources={
        "10.0": tuple(Source(suite=suite, package="qemu-user", binaries=BINARIES) for suite in ("backports", "trixie")),
        "10.1": (Source(suite="sid", package="qemu-user", binaries=BINARIES),),
        "9.2": (Source(suite="old", package="qemu-user", binaries=BINARIES),),
    },
    candidates={
        "10.0": {
            "amd64": (candidate("1:10.0.2+ds-2~bpo12+1", "backports"), candidate("1:10.0.13+ds-0+deb13u1")),
            "armhf": (candidate("1:10.0.13+ds-0+deb13u1"),),
        },
        "10.1": {"amd64": (candidate("1:10.1.0+ds-1", "sid"),)},
        "9.2": {"amd64": (candidate("1:9.2.0+ds-1", "old"),)},
    },
)


def versions(found: tuple[Candidate, ...]) -> list[str]:
    return [item.file.version for item in found]


@pytest.mark.parametrize(
    ("wanted", "name", "expected"),
    [
        ("10.0", "10.0", ["1:10.0.2+ds-2~bpo12+1", "1:10.0.13+ds-0+deb13u1"]),
        ("10", "10.1", ["1:10.1.0+ds-1"]),
        ("9", "9.2", ["1:9.2.0+ds-1"]),
        ("10.0.13", "10.0", ["1:10.0.13+ds-0+deb13u1"]),
        ("1:10.0.2+ds-2~bpo12+1", "10.0", ["1:10.0.2+ds-2~bpo12+1"]),
    ],
)
def test_names_of_versions(wanted: str, name: str, expected: list[str]) -> None:
    found, candidates = resolve(PINS, wanted, "amd64")
    assert (found, versions(candidates)) == (name, expected)


def test_a_major_version_means_one_that_this_host_has() -> None:
    assert resolve(PINS, "10", "armhf")[0] == "10.0"


@pytest.mark.parametrize("wanted", ["8", "10.0.3", "", "latest", "1:10", "10.", "1"])
def test_unknown_versions_are_listed(wanted: str) -> None:
    with pytest.raises(UsageError, match="no emulator is pinned") as caught:
        resolve(PINS, wanted, "amd64")
    assert caught.value.fix == "use one of: 9.2, 10.0, 10.1 (default: 10.0)"


def test_hosts_without_a_package() -> None:
    with pytest.raises(MachineError, match=r"QEMU 10\.1 is not packaged for armhf hosts") as caught:
        resolve(PINS, "10.1", "armhf")
    assert caught.value.fix == "use one of: 10.0"
    with pytest.raises(MachineError) as caught:
        resolve(PINS, "10.0", "vax")
    assert caught.value.fix == "use one of: none"


def test_a_refresh_stays_on_the_minor_version_and_takes_the_newest() -> None:
    fresh = refresh_pins(
        PINS, [index("trixie", "1:10.0.9+ds-1", "1:10.0.14+ds-1", "1:10.1.0-1", "1:10.0.14+ds-1~bpo1")]
    )
    assert versions(fresh.candidates["10.0"]["amd64"]) == ["1:10.0.2+ds-2~bpo12+1", "1:10.0.14+ds-1"]
    assert fresh.candidates["10.0"]["amd64"][1].taken == 9
    assert fresh.candidates["10.0"]["armhf"] == PINS.candidates["10.0"]["armhf"]
    assert fresh.candidates["10.1"] == PINS.candidates["10.1"]


def test_a_refresh_without_news_changes_nothing() -> None:
    there = PINS.candidates["10.0"]["amd64"][1].file
    same = Index(suite="trixie", arch="amd64", date=9, inrelease_sha256="0" * 64, packages=(there,))
    assert refresh_pins(PINS, [same]) == PINS
    moved = msgspec.structs.replace(same, packages=(msgspec.structs.replace(there, path="pool/main/q/new.deb"),))
    assert refresh_pins(PINS, [moved]).candidates["10.0"]["amd64"][1].file.path == "pool/main/q/new.deb"


def test_a_version_that_has_left_its_suite_goes_last() -> None:
    indices = [index("backports", "1:10.1.0-1~bpo12+1"), index("trixie", "1:10.0.14-1"), index("sid", "1:11.0.0-1")]
    fresh = refresh_pins(PINS, indices)
    assert versions(fresh.candidates["10.0"]["amd64"]) == ["1:10.0.14-1", "1:10.0.2+ds-2~bpo12+1"]
    assert versions(fresh.candidates["10.1"]["amd64"]) == ["1:10.1.0+ds-1"]


def test_a_refresh_adds_hosts_and_minds_package_names() -> None:
    fresh = refresh_pins(
        PINS, [index("trixie", "1:10.0.14-1", arch="riscv64"), index("trixie", "1:10.0.15-1", name="qemu-system")]
    )
    assert versions(fresh.candidates["10.0"]["riscv64"]) == ["1:10.0.14-1"]
    assert "riscv64" not in fresh.candidates["9.2"]
    assert versions(fresh.candidates["10.0"]["amd64"]) == ["1:10.0.2+ds-2~bpo12+1", "1:10.0.13+ds-0+deb13u1"]


@given(st.lists(st.sampled_from(["1:10.0.2-1", "1:10.0.14-1", "1:10.1.0-1", "1:9.2.1-1", "7.2+dfsg-7"]), max_size=4))
def test_refreshing_twice_changes_nothing_more(found: list[str]) -> None:
    indices = [index(suite, *found) for suite in pinning.suites(PINS)]
    once = refresh_pins(PINS, indices)
    assert refresh_pins(once, indices) == once
    assert all(by_host.get("amd64") for by_host in once.candidates.values())


def test_the_shipped_pins() -> None:
    pins = pinning.load()
    assert pins.default == "10.0"
    assert list(pins.candidates) == ["7.2", "10.0", "11.1"]
    for host in ("amd64", "arm64", "armhf", "i386", "ppc64el", "s390x", "riscv64"):
        name, candidates = resolve(pins, pins.default, host)
        assert name == "10.0"
        assert all(item.file.path.endswith(f"_{host}.deb") for item in candidates)
    assert versions(resolve(pins, "7", "amd64")[1])[0].startswith("1:7.2")
    assert pinning.suites(pins) == ("bookworm", "bookworm-backports", "trixie", "trixie-backports", "sid")


def test_the_users_pins_come_first_and_ours_stay(tmp_path: Path) -> None:
    shipped = pinning.load()
    mine = candidate("1:10.0.99-1")
    again = shipped.candidates["10.0"]["amd64"][1]
    own = Pins(
        format=1, default="11.1", sources={}, candidates={"10.0": {"amd64": (mine, again)}, "12.0": {"x": (mine,)}}
    )
    pinning.write(own, pinning.user_file())
    merged = pinning.load()
    assert merged.candidates["10.0"]["amd64"] == (mine, again, shipped.candidates["10.0"]["amd64"][0])
    assert merged.candidates["10.0"]["arm64"] == shipped.candidates["10.0"]["arm64"]
    assert merged.candidates["12.0"] == {"x": (mine,)}
    assert merged.default == "11.1"
    assert merged.sources == shipped.sources


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"format": 2}, "format 2"),
        ({"extra": 1}, "`extra`"),
        ({"default": "ten"}, "$.default"),
        (
            {"sources": {"10.0": [{"suite": "x", "package": "y", "binaries": "../{target}"}]}},
            "$.sources[...][0].binaries",
        ),
        ({"candidates": {"10.0": {"amd64": [{"suite": "x"}]}}}, "$.candidates"),
    ],
)
def test_a_wrong_file_of_the_user(change: dict[str, object], part: str) -> None:
    content = msgspec.json.decode(msgspec.json.encode(PINS)) | change
    path = pinning.user_file()
    path.write_bytes(msgspec.json.encode(content))
    with pytest.raises(UsageError) as caught:
        pinning.load()
    assert part in caught.value.what
    assert f"rm {path}" in caught.value.fix


def test_a_file_of_the_user_that_is_none() -> None:
    path = pinning.user_file()
    path.write_text("{")
    with pytest.raises(UsageError, match="truncated"):
        pinning.load()
    path.unlink()
    path.mkdir()
    with pytest.raises(UsageError, match="cannot read"):
        pinning.load()
