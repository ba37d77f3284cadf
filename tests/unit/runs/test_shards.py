from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.runs.shards import divide

IDS = st.lists(st.text("abc", min_size=1, max_size=4), unique=True, max_size=40)


@given(IDS, st.dictionaries(st.text("abc", min_size=1, max_size=4), st.floats(0, 1e6), max_size=20), st.integers(1, 9))
def test_every_test_is_in_one_shard(ids: list[str], seconds: dict[str, float], shards: int) -> None:
    parts = divide(ids, seconds, shards)
    assert len(parts) == shards
    assert sorted(index for part in parts for index in part) == list(range(len(ids)))
    assert all(part == sorted(part) for part in parts)
    assert sum(not part for part in parts) == max(shards - len(ids), 0)
    assert divide(ids, dict(reversed(seconds.items())), shards) == parts


def test_without_times_it_goes_round() -> None:
    assert divide(["a", "b", "c", "d", "e"], {}, 2) == [[0, 2, 4], [1, 3]]


def test_the_longest_is_alone() -> None:
    assert divide(["a", "b", "c", "d"], {"a": 1, "b": 9, "c": 2, "d": 3}, 2) == [[1], [0, 2, 3]]


def test_a_new_test_counts_as_the_median() -> None:
    known = {"a": 1.0, "b": 4.0, "c": 100.0}
    assert divide(["a", "b", "c", "new"], known, 2) == [[2], [0, 1, 3]]


@pytest.mark.parametrize("shards", [2, 7, 16, 64])
def test_ten_thousand_recorded_tests_are_even(shards: int) -> None:
    draw = random.Random(3)
    seconds = {f"t{number}": draw.lognormvariate(0.0, 1.2) for number in range(10_000)}
    ids = sorted(seconds)
    mean = sum(seconds.values()) / shards

    def slowest(parts: list[list[int]]) -> float:
        return max(sum(seconds[ids[index]] for index in part) for part in parts)

    assert slowest(divide(ids, seconds, shards)) <= 1.05 * mean
    assert slowest(divide(ids, seconds, shards)) < slowest(divide(ids, {}, shards))
