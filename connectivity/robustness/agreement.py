"""How far two rankings agree: Kendall's tau-b, exact, in O(n log n) (Knight 1966), without scipy."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

Integers = npt.NDArray[np.int64]


def kendall(one: pd.Series, other: pd.Series) -> float:
    """Give Kendall's tau-b of two columns: 1 for the same order, -1 for the opposite, ties taken into account.

    ``(agreeing − opposed pairs) / √(pairs not tied in one × pairs not tied in the other)`` (Kendall 1945). Where only
    one of two columns has ties, tau-b stays below 1 whatever the order.

    Parameters
    ----------
    one, other
        Same length, without gaps.

    Returns
    -------
    float
        NaN where a column does not vary.

    Raises
    ------
    ValueError
        For columns of different length, or with a gap.

    Examples
    --------
    >>> round(kendall(pd.Series([1, 2, 3, 4]), pd.Series([1, 2, 4, 3])), 4)
    0.6667
    """
    if len(one) != len(other) or one.isna().any() or other.isna().any():
        raise ValueError("tau-b needs two columns of the same length without gaps")
    first, second = (np.unique(column.to_numpy(), return_inverse=True)[1].astype(np.int64) for column in (one, other))
    pairs = len(first) * (len(first) - 1) // 2
    together = first * (int(second.max(initial=0)) + 1) + second
    tied_first, tied_second, tied_both = (_tied(column) for column in (first, second, together))
    free_first, free_second = pairs - tied_first, pairs - tied_second
    if free_first == 0 or free_second == 0:
        return math.nan
    opposed = inversions(second[np.lexsort((second, first))])
    agreeing_and_opposed = pairs - tied_first - tied_second + tied_both
    return (agreeing_and_opposed - 2 * opposed) / math.sqrt(free_first) / math.sqrt(free_second)


def inversions(numbers: Integers) -> int:
    """Count the pairs where a larger number stands before a smaller one.

    Numbers are sorted bit by bit from the highest; a pair is out of order at the one bit where the two first differ.

    Examples
    --------
    >>> inversions(np.array([3, 1, 2, 1]))
    4
    """
    found, row = 0, np.asarray(numbers, dtype=np.int64)
    for bit in range(int(row.max(initial=0)).bit_length() - 1, -1, -1):
        group = row >> (bit + 1)
        high = (row >> bit) & 1
        before = np.cumsum(high) - high
        start = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
        before -= np.repeat(before[start], np.diff(np.r_[start, len(row)]))
        found += int(before[high == 0].sum())
        row = row[np.argsort(row >> bit, kind="stable")]
    return found


def _tied(column: Integers) -> int:
    sizes = np.unique(column, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())
