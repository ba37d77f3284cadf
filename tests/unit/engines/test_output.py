"""Streams without end keep their beginning and their end."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from wrongarch.engines.output import Kept


def fill(limit: int, pieces: list[bytes]) -> Kept:
    kept = Kept(limit)
    for piece in pieces:
        kept.add(piece)
    return kept


@given(st.integers(min_value=0, max_value=300), st.lists(st.binary(max_size=80), max_size=20))
def test_all_of_it_or_both_ends(limit: int, pieces: list[bytes]) -> None:
    kept, whole, half = fill(limit, pieces), b"".join(pieces), limit // 2
    if len(whole) <= 2 * half:
        assert (kept.data, kept.dropped) == (whole, 0)
        return
    assert kept.dropped == len(whole) - 2 * half
    note = f"\n[... {kept.dropped} bytes left out ...]\n".encode()
    assert kept.data == whole[:half] + note + whole[len(whole) - half :]


@given(st.integers(min_value=0, max_value=100), st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=6))
def test_how_it_came_does_not_matter(limit: int, whole: bytes, places: list[int]) -> None:
    edges = [0, *sorted(min(place, len(whole)) for place in places), len(whole)]
    pieces = [whole[begin:end] for begin, end in itertools.pairwise(edges)]
    assert fill(limit, pieces).data == fill(limit, [whole]).data


def test_reading_in_between_changes_nothing() -> None:
    kept = Kept(10)
    for number in range(100):
        kept.add(b"%d," % number)
        assert len(kept.data) < 60
    assert kept.data.startswith(b"0,1,2")
    assert kept.data.endswith(b"8,99,")


def test_memory_is_bounded() -> None:
    kept = Kept(1000)
    for _ in range(200):
        kept.add(b"x" * 50_000)
        assert len(kept._head) + len(kept._tail) < 200_000
    assert kept.dropped == 200 * 50_000 - 1000
