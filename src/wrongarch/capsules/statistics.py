"""How sure a rate is that was seen in a few runs."""

from __future__ import annotations

import math

Z95 = 1.959963984540054
"""The standard normal quantile for 95 % of both sides."""


def interval(hits: int, runs: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a rate, from 0 to 1 (E. B. Wilson, 1927): sound for few runs and extreme rates."""
    if not 0 <= hits <= runs:
        raise ValueError(f"{hits} of {runs}")
    if runs == 0:
        return 0.0, 1.0
    share = hits / runs
    scale = 1 + z * z / runs
    middle = (share + z * z / (2 * runs)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / runs + z * z / (4 * runs * runs))
    return (0.0 if hits == 0 else max(0.0, middle - half)), (1.0 if hits == runs else min(1.0, middle + half))
