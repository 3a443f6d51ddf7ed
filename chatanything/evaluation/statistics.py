"""Intervals and tests for small samples, seeded and exact."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Final

import numpy as np

from chatanything.seeds import generator

_DRAWS: Final = 2000
_COVERS: Final = 95.0


def interval(
    values: Sequence[float], name: str, *, groups: Sequence[str] | None = None
) -> tuple[float, float]:
    """Percentile bootstrap of a mean, 95 percent (Efron 1979).

    Args:
        values: What the mean is of; at least one.
        name: Seeds the draws, so that a figure has one interval.
        groups: Which values belong together, such as those of one persona; whole groups are drawn then.

    Returns:
        Lowest and highest.
    """
    rng, array = generator(0, "interval", name), np.asarray(values, np.float64)
    if groups is None:
        picks = rng.integers(len(array), size=(_DRAWS, len(array)))
        means = array[picks].mean(axis=1)
    else:
        members = [array[[one == group for one in groups]] for group in dict.fromkeys(groups)]
        drawn = rng.integers(len(members), size=(_DRAWS, len(members)))
        means = np.array([np.concatenate([members[at] for at in row]).mean() for row in drawn])
    low, high = np.percentile(means, [(100 - _COVERS) / 2, (100 + _COVERS) / 2])
    return float(low), float(high)


def mcnemar(first_only: int, second_only: int) -> float:
    """Exact two-sided p-value of McNemar's test: whether one of two paired ways is right more often.

    Args:
        first_only: Items on which only the first way was right.
        second_only: Items on which only the second was.
    """
    count, fewer = first_only + second_only, min(first_only, second_only)
    tail = float(sum(comb(count, k) for k in range(fewer + 1)) / 2**count)
    return min(1.0, 2 * tail)


def holm(values: Sequence[float]) -> list[float]:
    """p-values corrected for their number (Holm 1979), in the given order."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    corrected, highest = [0.0] * len(values), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, values[at] * (len(values) - rank)))
        corrected[at] = highest
    return corrected
