"""Ranks of one draw after another, and the bins they are counted in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from connectivity.method.uncertain import Floats

Ranks = npt.NDArray[np.int32]
EXACT = 2_048
"""Up to so many areas every rank is counted on its own."""
NARROW = 256
"""With more areas, ranks up to this are counted on their own, and those beyond in bins `WIDTH` wide."""
WIDTH = 1.02
"""The next bin begins 2 % further on: a percentile of ranks is right to 1 % there (assumption: nobody reads closer)."""
EVERY = 16
"""For a quick threshold: one area in so many is sorted first."""
TENTH = 10
MOST = 255
"""Draws counted in one byte, which is added to much quicker than a wider number."""


def ranks_of(scores: Floats) -> Ranks:
    """Rank each draw's scores, worst first; equal scores share the lowest rank.

    Score and place are packed into one whole number each and sorted together: a sort of numbers is much quicker than
    a sort of places.

    Parameters
    ----------
    scores
        At least 0; shape (draws, areas).

    Examples
    --------
    >>> ranks_of(np.float32([[5, 9, 5, 0, -0.0]])).tolist()
    [[2, 1, 2, 4, 4]]
    """
    count = scores.shape[1]
    place = np.arange(count, dtype=np.uint64)
    start = np.arange(count, dtype=np.int32)
    result = np.empty(scores.shape, dtype=np.int32)
    for row, found in zip(scores, result, strict=True):
        bits = np.add(row, np.float32(0), dtype=np.float32).view(np.uint32)  # adding 0 makes one zero of two
        packed = np.left_shift((~bits).astype(np.uint64), np.uint64(32))
        packed |= place
        packed.sort()
        order = (packed & np.uint64(0xFFFFFFFF)).astype(np.intp)
        value = packed >> np.uint64(32)
        first = start.copy()
        first[1:][value[1:] == value[:-1]] = 0
        found[order] = np.maximum.accumulate(first) + 1
    return result


def tenth(areas: int) -> int:
    """Say how many places are the worst tenth: a tenth, rounded up (method §6).

    >>> tenth(1), tenth(10), tenth(11)
    (1, 1, 2)
    """
    return -(-areas // TENTH)


def in_worst(scores: Floats, *, places: int) -> npt.NDArray[np.bool_]:
    """Say which areas are among the worst `places` of each draw, equal scores sharing the lowest rank, without ranks.

    Examples
    --------
    >>> in_worst(np.float32([[5, 9, 5, 1], [3, 2, 1, 0]]), places=2).tolist()
    [[True, True, True, False], [True, True, False, False]]
    """
    return scores >= thresholds(scores, places=places)[:, None]


def times_in_worst(scores: Floats, *, places: int) -> npt.NDArray[np.uint32]:
    """Count for each area the draws in which it is among the worst `places`.

    Examples
    --------
    >>> times_in_worst(np.float32([[5, 9, 5, 1], [3, 2, 1, 0]]), places=2).tolist()
    [2, 2, 1, 0]
    """
    found = np.zeros(scores.shape[1], dtype=np.uint32)
    for start in range(0, len(scores), MOST):
        some, few = scores[start : start + MOST], np.zeros(scores.shape[1], dtype=np.uint8)
        for row, least in zip(some, thresholds(some, places=places), strict=True):
            few += (row >= least).view(np.uint8)
        found += few
    return found


def thresholds(scores: Floats, *, places: int) -> Floats:
    """Give for each draw the score of the place `places`, worst first.

    A sorted sample gives a score that surely lies under it; only the areas above that are looked at. Where the sample
    misleads, all are.
    """
    sample = np.sort(scores[:, ::EVERY], axis=1)
    under = int(places / EVERY + 3 * (places / EVERY) ** 0.5) + 3
    guess = sample[:, -under] if under <= sample.shape[1] else np.zeros(len(scores), dtype=np.float32)
    found = np.empty(len(scores), dtype=np.float32)
    for place, row in enumerate(scores):
        above = row[row >= guess[place]]
        above = row.copy() if len(above) < places else above
        above.partition(len(above) - places)
        found[place] = above[len(above) - places]
    return found


def bins(areas: int) -> Ranks:
    """Give the bin of each rank, 1 to `areas` (entry 0 is not used).

    Examples
    --------
    >>> bins(4).tolist()
    [0, 0, 1, 2, 3]
    >>> found = bins(35_000)
    >>> found[[256, 257, 300, 35_000]].tolist()
    [255, 256, 263, 504]
    """
    ranks = np.arange(areas + 1)
    if areas <= EXACT:
        return np.maximum(ranks - 1, 0).astype(np.int32)
    beyond = NARROW + np.floor(np.log(np.maximum(ranks, NARROW + 1) / (NARROW + 1)) / np.log(WIDTH))
    return np.where(ranks <= NARROW, np.maximum(ranks - 1, 0), beyond).astype(np.int32)
