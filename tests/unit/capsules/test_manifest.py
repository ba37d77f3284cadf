from __future__ import annotations

import functools
import json
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wrongarch.capsules
from tests.support import capsules
from wrongarch.capsules import manifest as manifests
from wrongarch.capsules import members
from wrongarch.errors import UntrustedInput, UsageError

SOUND = capsules.sound()
RAW = manifests.encode(SOUND)
PLAIN = msgspec.json.decode(RAW)
PUBLISHED = Path(wrongarch.capsules.__file__).parent / "capsule.schema.json"


def test_it_comes_back_as_it_was() -> None:
    assert manifests.decode(RAW) == SOUND
    members.check(SOUND)
    assert manifests.encode(manifests.decode(RAW)) == RAW


def test_the_published_schema_is_that_of_the_model() -> None:
    """To write it anew: wrongarch capsule schema >src/wrongarch/capsules/capsule.schema.json."""
    assert msgspec.json.decode(PUBLISHED.read_bytes()) == msgspec.json.decode(msgspec.json.encode(manifests.schema()))


def test_a_test_is_found_by_number_id_or_part() -> None:
    two = (capsules.test_of(), capsules.test_of(id="ways/wrong [default]"))
    many = capsules.manifest(tests=two)
    assert many.find("") == many.find("1") == many.find("abort") == two[0]
    assert many.find("2") == many.find("ways/wrong [default]") == two[1]
    with pytest.raises(UsageError, match="2 tests"):
        many.find("ways")
    with pytest.raises(UsageError, match="no test"):
        many.find("3")


def test_a_newer_format_is_told_as_such() -> None:
    with pytest.raises(UntrustedInput, match="format 2") as newer:
        manifests.decode(msgspec.json.encode({**PLAIN, "format": 2, "more": "fields"}))
    assert "newer wrongarch" in newer.value.fix


def test_an_unknown_arch() -> None:
    with pytest.raises(UntrustedInput, match="not known"):
        _ = capsules.manifest(arch="quux").machine


def read(raw: bytes) -> None:
    """All that is done with a manifest before anything is unpacked."""
    try:
        decoded = manifests.decode(raw)
        members.check(decoded, 1 << 20)
        _ = decoded.machine
    except UntrustedInput as refused:
        assert refused.what
        assert len(refused.what) < 10_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)
PATHS = st.lists(
    st.sampled_from(
        ["root", "usr", "bin", "..", ".", "", "x", "replay", "emulator", "\x00", "\ud800", "ü", "/", "recorded"]
    ),
    max_size=6,
).map("/".join)


def steps(value: object) -> list[tuple[object, ...]]:
    """The ways to every value in a document."""
    found: list[tuple[object, ...]] = [()]
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += [(key, *rest) for rest in steps(inner)]
    return found


WAYS = steps(PLAIN)


def at(way: tuple[object, ...]) -> object:
    """What is there in the sound manifest."""
    return functools.reduce(lambda inner, key: inner[key], way, PLAIN)


PARTS = [at(way) for way in WAYS]  # right somewhere, wrong elsewhere


def replaced(document: object, way: tuple[object, ...], value: object) -> object:
    if not way:
        return value
    key, *rest = way
    inner = replaced(document[key], tuple(rest), value)  # type: ignore[index]
    if isinstance(document, dict):
        return {**document, key: inner}
    return [inner if at == key else one for at, one in enumerate(document)]  # type: ignore[arg-type]


def encoded(document: object) -> bytes:
    return json.dumps(document).encode()


@given(st.sampled_from(WAYS), JSON | PATHS)
def test_any_value_anywhere_is_an_error_of_ours_or_none(way: tuple[object, ...], value: object) -> None:
    read(encoded(replaced(PLAIN, way, value)))


@given(st.lists(st.tuples(st.integers(0, len(RAW) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_flipped_bytes_are_an_error_of_ours_or_none(flips: list[tuple[int, int]]) -> None:
    raw = bytearray(RAW)
    for at, value in flips:
        raw[at] = value
    read(bytes(raw))


@given(st.binary(max_size=200) | st.integers(0, len(RAW)).map(lambda end: RAW[:end]))
def test_bytes_of_any_kind_are_an_error_of_ours(raw: bytes) -> None:
    read(raw)


def test_ten_thousand_damaged_manifests() -> None:
    """The same kinds of damage, without what hypothesis does to make an example small, which is most of its time."""
    chance = random.Random(10_000)
    odd: list[object] = [
        None,
        True,
        -1,
        2**70,
        1e400,
        float("nan"),
        "",
        "\x00",
        "\ud800",
        "../x",
        "/",
        "root//..",
        [],
        {},
        [{}],
        "x" * 300,
    ]
    for _ in range(6000):
        read(encoded(replaced(PLAIN, chance.choice(WAYS), chance.choice([*odd, chance.choice(PARTS)]))))
    for _ in range(3000):
        raw = bytearray(RAW)
        for _ in range(chance.randint(1, 6)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        read(bytes(raw))
    for _ in range(1000):
        read(RAW[: chance.randrange(len(RAW))] + chance.randbytes(chance.randrange(8)))
