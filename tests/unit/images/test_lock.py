"""Locks are files that people edit, merge and damage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wrongarch.arches.lookup import find
from wrongarch.debian.pool import PoolFile
from wrongarch.errors import UsageError
from wrongarch.images import lock as locks
from wrongarch.images.lock import Lock, Source
from wrongarch.images.spec import ImageSpec

SPEC = ImageSpec(name="tiny", packages=("hostname",))
ARM = find("arm")


def package(name: str, version: str = "1.0-1") -> PoolFile:
    path = f"pool/main/{name[0]}/{name}/{name}_{version}_armhf.deb"
    return PoolFile(name=name, version=version, path=path, size=10, sha256=f"{len(name):064x}")


LOCK = Lock(
    format=locks.FORMAT,
    image="tiny",
    arch="armhf",
    suite="bookworm",
    request=locks.request_digest("bookworm", ("hostname",), ()),
    taken=1_700_000_000,
    source=Source(suite="bookworm", inrelease="a" * 64, date=1_690_000_000),
    essential=2,
    exclude=(),
    packages=(package("libc6"), package("dpkg"), package("hostname", "3.23+nmu1")),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "locks/tiny/arm.json"


def test_what_is_written_is_read_again(path: Path) -> None:
    locks.write(LOCK, path)
    assert locks.read(path) == LOCK
    assert path.read_text().endswith("}\n")
    assert '\n "image": "tiny",\n' in path.read_text()
    locks.write(LOCK, path)  # over an older one


def test_the_digest_is_that_of_what_decides_how_a_root_comes_out() -> None:
    same = [
        msgspec.structs.replace(LOCK, taken=5),
        msgspec.structs.replace(LOCK, request="b" * 64),
    ]
    other = [
        msgspec.structs.replace(LOCK, suite="trixie"),
        msgspec.structs.replace(LOCK, arch="armel"),
        msgspec.structs.replace(LOCK, essential=1),
        msgspec.structs.replace(LOCK, exclude=("/usr/share/doc/*",)),
        msgspec.structs.replace(LOCK, packages=LOCK.packages[::-1]),
        msgspec.structs.replace(LOCK, packages=LOCK.packages[:-1]),
        msgspec.structs.replace(LOCK, source=msgspec.structs.replace(LOCK.source, date=1)),
    ]
    assert {lock.digest for lock in same} == {LOCK.digest}
    assert len({lock.digest for lock in [LOCK, *other]}) == len(other) + 1
    assert len(LOCK.digest) == 64


def test_no_file_is_newer_than_the_index(path: Path) -> None:
    assert LOCK.epoch == LOCK.source.date


def put(*keys: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(facts: Any) -> None:
        for key in keys[:-1]:
            facts = facts[key]
        facts[keys[-1]] = value

    return change


def drop(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda facts: facts.pop(key)


WRONG = {
    "a key too many": (put("color", value="red"), "unknown field `color`"),
    "a key too few": (drop("taken"), "missing required field `taken`"),
    "another kind of value": (put("essential", value="2"), "at `$.essential`"),
    "a hash that is none": (put("packages", 1, "sha256", value="x" * 64), "at `$.packages[1].sha256`"),
    "another format": (put("format", value=2), "format 2"),
    "a package twice": (put("packages", 1, "name", value="libc6"), "twice"),
    "more essential packages than packages": (put("essential", value=4), "at `$.essential`"),
    "less than none": (put("essential", value=-1), "at `$.essential`"),
    "a path up": (put("packages", 0, "path", value="pool/../../etc/passwd"), "at `$.packages[0].path`"),
    "a path from the root": (put("packages", 0, "path", value="/etc/passwd"), "at `$.packages[0].path`"),
    "a path elsewhere": (put("packages", 0, "path", value="dists/x.deb"), "at `$.packages[0].path`"),
    "an address": (put("packages", 0, "path", value="http://example.org/pool/x.deb"), "at `$.packages[0].path`"),
    "a name that is a path": (put("packages", 0, "name", value="../../../home/ann/x"), "at `$.packages[0].name`"),
    "a name that is an option": (put("packages", 0, "name", value="--root=/"), "at `$.packages[0].name`"),
    "a name that is empty": (put("packages", 0, "name", value=""), "at `$.packages[0].name`"),
    "a name over two lines": (put("image", value="tiny\n"), "at `$.image`"),
    "an image that is a path": (put("image", value="../../../home/ann"), "at `$.image`"),
    "a suite that is a path": (put("suite", value="../x"), "at `$.suite`"),
    "an arch that is a path": (put("arch", value="a/b"), "at `$.arch`"),
    "a time before 1970": (put("source", "date", value=-1), "at `$.source.date`"),
    "a time that no calendar has": (put("taken", value=10**15), "at `$.taken`"),
    "a negative size": (put("packages", 0, "size", value=-1), "at `$.packages[0].size`"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_lock_is_refused_with_the_place(path: Path, wrong: str) -> None:
    change, words = WRONG[wrong]
    facts = json.loads(msgspec.json.encode(LOCK))
    change(facts)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(facts))
    with pytest.raises(UsageError) as caught:
        locks.read(path)
    assert words in caught.value.what
    assert str(path) in caught.value.what
    assert "wrongarch image lock" in caught.value.fix


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"format": "\xff"}', b"[" * 100_000])
def test_what_is_no_lock_at_all(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UsageError, match=str(path)):
        locks.read(path)


def test_a_lock_with_the_marks_of_a_merge(path: Path) -> None:
    locks.write(LOCK, path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:5], "<<<<<<< ours", *lines[5:]]))
    with pytest.raises(UsageError, match="no lock: JSON is malformed"):
        locks.read(path)


def test_a_lock_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the lock"):
        locks.read(tmp_path)
    with pytest.raises(UsageError, match="cannot read the lock"):
        locks.read(tmp_path / "none")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ANYWHERE = st.lists(st.sampled_from([*Lock.__struct_fields__, "date", "name", "sha256", "path", 0, 1]), max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON, where=ANYWHERE)
def test_any_json_is_a_lock_or_a_usage_error(tmp_path: Path, value: object, where: list[str | int]) -> None:
    facts: Any = json.loads(msgspec.json.encode(LOCK))
    at = facts
    for key in where[:-1]:
        try:
            at = at[key]
        except (KeyError, TypeError, IndexError):
            break
    try:
        at[where[-1]] = value
    except (TypeError, IndexError):
        facts = value
    path = tmp_path / "lock.json"
    path.write_text(json.dumps(facts))
    try:
        read = locks.read(path)
    except UsageError:
        return
    assert isinstance(read, Lock)
    assert len(read.digest) == 64
    locks.write(read, path)
    assert locks.read(path) == read


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), at=st.integers(min_value=0, max_value=2000))
def test_any_damage_is_seen_or_harmless(tmp_path: Path, data: bytes, at: int) -> None:
    whole = msgspec.json.encode(LOCK)
    path = tmp_path / "lock.json"
    path.write_bytes(whole[:at] + data + whole[at + len(data) :])
    try:
        read = locks.read(path)
    except UsageError:
        return
    assert isinstance(read, Lock)


class TestOfASpec:
    def test_the_right_one(self, tmp_path: Path) -> None:
        path = locks.path_of(tmp_path, SPEC, ARM)
        assert path == tmp_path / "tiny/arm.json"
        locks.write(LOCK, path)
        assert locks.read_for(tmp_path, SPEC, ARM) == LOCK

    def test_none(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="there is no lock for the image tiny on arm") as caught:
            locks.read_for(tmp_path, SPEC, ARM)
        assert caught.value.fix == "wrongarch image lock arm --recipe tiny"

    @pytest.mark.parametrize(
        "spec",
        [
            ImageSpec(name="tiny", packages=("hostname", "bc")),
            ImageSpec(name="tiny", packages=("hostname",), exclude=("/usr/share/doc/*",)),
        ],
    )
    def test_an_older_one(self, tmp_path: Path, spec: ImageSpec) -> None:
        locks.write(LOCK, locks.path_of(tmp_path, spec, ARM))
        with pytest.raises(UsageError, match="older than the recipe") as caught:
            locks.read_for(tmp_path, spec, ARM)
        assert caught.value.fix == "wrongarch image lock arm --recipe tiny"

    @pytest.mark.parametrize("change", [{"image": "other"}, {"arch": "armel"}])
    def test_one_of_something_else(self, tmp_path: Path, change: dict[str, str]) -> None:
        locks.write(msgspec.structs.replace(LOCK, **change), locks.path_of(tmp_path, SPEC, ARM))
        with pytest.raises(UsageError, match="is the lock of"):
            locks.read_for(tmp_path, SPEC, ARM)


def test_a_request_is_known_by_all_that_was_asked() -> None:
    digests = {
        locks.request_digest("bookworm", ("a", "b"), ()),
        locks.request_digest("trixie", ("a", "b"), ()),
        locks.request_digest("bookworm", ("a", "bb"), ()),
        locks.request_digest("bookworm", ("a",), ("b",)),
    }
    assert len(digests) == 4
