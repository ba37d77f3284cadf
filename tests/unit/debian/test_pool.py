from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from wrongarch import settings
from wrongarch.debian.pool import PoolFile, addresses, cached_path, snapshot_stamp

SHA = "0f" * 32


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "cache"))
    loaded = settings.load({"WRONGARCH_DEBIAN_MIRROR": "http://m/debian"}, tmp_path / "none", tmp_path)
    guessed = msgspec.structs.replace(loaded.debian, fallback="http://f/debian", snapshot="http://s")
    monkeypatch.setattr(settings, "current", lambda: msgspec.structs.replace(loaded, debian=guessed))


def test_addresses_in_order() -> None:
    assert addresses("pool/a.deb") == ("http://m/debian/pool/a.deb", "http://f/debian/pool/a.deb")
    assert addresses("pool/a.deb", 1789199741)[2:] == ("http://s/archive/debian/20260912T075541Z/pool/a.deb",)
    assert snapshot_stamp(0) == "19700101T000000Z"


def test_the_cache_is_by_content(tmp_path: Path) -> None:
    assert cached_path(SHA) == tmp_path / "cache/downloads/0f" / SHA


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"path": "pool/../../etc/passwd"}, "$.path"),
        ({"path": "/pool/a"}, "$.path"),
        ({"path": "http://x/pool/a"}, "$.path"),
        ({"sha256": "0F" * 32}, "$.sha256"),
        ({"size": -1}, "$.size"),
        ({"extra": 1}, "extra"),
    ],
)
def test_pool_files_from_outside_are_checked(change: dict[str, object], where: str) -> None:
    sound = {"name": "a", "version": "1", "path": "pool/main/a/a_1%3a2+b~c_all.deb", "size": 1, "sha256": SHA}
    assert msgspec.convert(sound, PoolFile).name == "a"
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert({**sound, **change}, PoolFile)
    assert where in str(caught.value)
