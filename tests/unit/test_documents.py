from __future__ import annotations

from typing import Any

import msgspec
import pytest

from wrongarch.documents import DamagedError, decode


class Thing(msgspec.Struct):
    name: str
    more: Any = None


def test_a_sound_document() -> None:
    assert decode(b'{"name": "a"}', Thing) == Thing(name="a")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"nome": "a"}',
        b'{"name": 1}',
        b'{"name": "\xff"}',
        b'{"name": "a", "more": ' + b"[" * 100_000,
        b'{"name": "a", "other": ' + b"[" * 100_000,
    ],
    ids=["nothing", "cut short", "a key missing", "another type", "no UTF-8", "deep", "deep and unknown"],
)
def test_all_damage_is_one_error(raw: bytes) -> None:
    with pytest.raises(DamagedError):
        decode(raw, Thing)
