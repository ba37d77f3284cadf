"""Divide tests among machines by how long they took before, so that all machines end at about the same time."""

from __future__ import annotations

import heapq
import statistics
from collections.abc import Mapping, Sequence

_LEAST = 0.001  # seconds; a test that took no time at all still has to be started


def divide(ids: Sequence[str], seconds: Mapping[str, float], shards: int) -> list[list[int]]:
    """Indices into `ids` (distinct) for each of `shards` machines, in ascending order.

    The longest first, each to the machine with the least to do (Graham 1969: at most 4/3 of the best). It depends on
    nothing but the arguments, so every machine can compute it for itself. A test that was never timed counts as the
    median. Without any times: one after the other. Empty shards are left only where there are fewer tests than shards.
    """
    if not seconds:
        return [list(range(number, len(ids), shards)) for number in range(shards)]
    usual = max(statistics.median(seconds.values()), _LEAST)
    weights = [max(seconds.get(one, usual), _LEAST) for one in ids]
    loads = [(0.0, number) for number in range(shards)]
    parts: list[list[int]] = [[] for _ in range(shards)]
    for index in sorted(range(len(ids)), key=lambda index: (-weights[index], ids[index])):
        load, number = heapq.heappop(loads)
        parts[number].append(index)
        heapq.heappush(loads, (load + weights[index], number))
    return [sorted(part) for part in parts]
