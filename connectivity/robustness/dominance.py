"""Pairs of areas whose order no weights can reverse: one is at least as bad in every dimension and worse in one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

EXACT_TO = 65_000
"""Areas up to which every pair is compared; beyond, a sample is drawn (assumption: about a second's work)."""
BLOCK = 128
"""Areas compared with all others at a time, so that what is held stays small."""
SAMPLED = 2_000_000
"""Pairs drawn where not all are compared: a standard error of at most 0.04 percentage points."""

Ranks = npt.NDArray[np.unsignedinteger]


@dataclass(frozen=True, slots=True)
class Dominance:
    """How many pairs of areas are ordered whatever the weights.

    Attributes
    ----------
    share
        Of all pairs, 0 to 1, those where one area is at least as bad in every dimension and worse in one.
    pairs
        How many were compared.
    error
        Standard error of the share; 0 where every pair was compared.
    alike
        Pairs that are the same in every dimension, as a share of those compared; they are not in `share`.
    """

    share: float
    pairs: int
    error: float
    alike: float


def dominance(dimensions: pd.DataFrame, *, seed: int = 0, exact_to: int = EXACT_TO) -> Dominance:
    """Find the share of pairs of areas whose order does not depend on the weights.

    Parameters
    ----------
    dimensions
        One column for each dimension of the study, 0 good to 100 bad; rows with a gap are left out.
    seed
        Of the sample, where there are more areas than `exact_to`.
    exact_to
        Areas up to which every pair is compared.

    Examples
    --------
    >>> three = pd.DataFrame({"remote": [9.0, 5.0, 1.0], "need": [4.0, 4.0, 8.0]})
    >>> dominance(three).share == 1 / 3
    True
    """
    known = dimensions.dropna().to_numpy(dtype=float)
    count = len(known)
    if count < 2:  # noqa: PLR2004 - a pair
        return Dominance(math.nan, 0, 0.0, math.nan)
    if count > exact_to:
        return _sampled(known, seed=seed)
    pairs = count * (count - 1) // 2
    alike = _alike(known)
    return Dominance((_ordered(_ranked(known)) - alike) / pairs, pairs, 0.0, alike / pairs)


def _ranked(values: npt.NDArray[np.float64]) -> Ranks:
    """Sort areas from good to bad, by one dimension after another, and put whole numbers for their values.

    Returns
    -------
    ndarray
        Shape (dimensions, areas). An area can only be at least as bad as those before it.
    """
    ranks = np.stack([np.unique(column, return_inverse=True)[1] for column in values.T])
    order = np.lexsort(ranks[::-1])
    small = np.min_scalar_type(len(values))  # two bytes a number: four times as fast as eight
    return np.ascontiguousarray(ranks[:, order]).astype(small)


def _ordered(ranks: Ranks) -> int:
    """Count the pairs where the later area is at least as bad in every dimension, those alike included.

    The first dimension is sorted, so that it needs no look.
    """
    count, found = ranks.shape[1], 0
    for start in range(0, count, BLOCK):
        stop = min(start + BLOCK, count)
        holds = np.ones((stop - start, count - start), dtype=bool)
        for column in ranks[1:]:
            holds &= column[start:] >= column[start:stop, None]
        found += int(np.count_nonzero(holds))
        # before an area, or itself: only inside the block, where the table is square
        found -= int(np.count_nonzero(np.tril(holds[:, : stop - start])))
    return found


def _alike(values: npt.NDArray[np.float64]) -> int:
    sizes = np.unique(values, axis=0, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def _sampled(values: npt.NDArray[np.float64], *, seed: int) -> Dominance:
    random = np.random.Generator(np.random.PCG64(seed))
    one = random.integers(len(values), size=SAMPLED)
    other = (one + random.integers(1, len(values), size=SAMPLED)) % len(values)
    more, less = values[one] >= values[other], values[one] <= values[other]
    same = (more & less).all(axis=1)
    share = float(((more.all(axis=1) | less.all(axis=1)) & ~same).mean())
    return Dominance(share, SAMPLED, math.sqrt(share * (1 - share) / SAMPLED), float(same.mean()))
