"""What would swap two areas: the nearest weights under which the other one comes first, or that no weights do.

For a fixed split ``t = w_remote / (w_remote + w_digital)`` both scores of method §5 are linear in the weights, so the
difference of two scores is too: over the triangle of weights with that split it is fixed by its three corners, and the
nearest point on its other side is a projection onto a triangle cut by a line, in closed form. What is left is a search
over t alone. It is laid out on a fixed grid together with every t at which a corner can turn, so that no piece where
the order swaps is missed (each corner is a sum of at most two exponentials and a constant in t: it has at most one
turning point), and then refined round the best places until t is known to 1e-12.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from connectivity.method.goalposts import DIMENSIONS, Dimension
from connectivity.method.kernel import LEAST_COMFORT, Aggregation, joined_infeasibility
from connectivity.method.scoring import Weights, score
from connectivity.method.uncertain import Doubles
from connectivity.robustness.projection import LEVEL, projected
from layers.figures import Figure

BROADBAND = Figure(
    1e-6, "of all weight", "least that home working and online services keep together", "method §5: above 0; assumption"
)
GRID, ZOOM, KEPT, NARROW = 512, 16, 6, 1e-12
"""Places of the first look at the split, parts each best place is cut into, how many are kept, and when to stop."""


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of weights that swaps two areas.

    Attributes
    ----------
    before
        The chosen weights, normalised over the dimensions in the study.
    after
        The nearest weights at which the two are level, and beyond which they have changed places; None when no
        weights swap them.
    distance
        Euclidean distance between the two sets of weights; infinite when none swaps them.
    gap
        Score of the first area less that of the second, at `before`; above 0 when the first is worse.
    at_least_as_bad
        Whether the worse one is at least as bad as the other in every dimension of the study.
    """

    before: Weights
    after: Weights | None
    distance: float
    gap: float
    at_least_as_bad: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """The worse of two areas and the other: badness, 0 to 100, of the dimensions in the study."""

    worse: Doubles
    other: Doubles
    names: tuple[Dimension, ...]
    aggregation: Aggregation

    @classmethod
    def of(cls, two: pd.DataFrame, *, worse: int, names: Sequence[Dimension], aggregation: Aggregation) -> Pair:
        """Take two rows of the areas table, the worse one at place `worse`."""
        rows = two[[f"score_{name}" for name in names]].to_numpy(dtype=float)
        return cls(rows[worse], rows[1 - worse], tuple(names), aggregation)

    def infeasibility(self, split: Doubles) -> tuple[Doubles, Doubles]:
        """Give how infeasible both are, 0 to 99, at each split of the weight of broadband."""
        weights = np.column_stack([split, 1 - split])
        worse, other = (
            joined_infeasibility(*(one[:2, None] / 100), weights=weights, aggregation=self.aggregation)
            for one in (self.worse, self.other)
        )
        return np.asarray(100 * worse[:, 0], dtype=float), np.asarray(100 * other[:, 0], dtype=float)

    def corners(self, split: Doubles, *, least: float) -> tuple[Doubles, Doubles]:
        """Give the corners of the triangle at each split, and the difference of the scores there.

        Parameters
        ----------
        split
            Part of the weight of broadband that home working has.
        least
            Weight that broadband keeps at the corners of the other dimensions.

        Returns
        -------
        tuple of ndarray
            Weights, shape (splits, corners, dimensions), and worse less other, shape (splits, corners).
        """
        count, sides = len(split), len(self.names) - 2
        weights = np.zeros((count, 1 + sides, len(self.names)))
        weights[:, 0, 0], weights[:, 0, 1] = split, 1 - split
        for side in range(sides):
            weights[:, side + 1] = least * weights[:, 0]
            weights[:, side + 1, 2 + side] = 1 - least
        kept = [1 - weights[:, :, 2:] @ (1 - one[2:] / 100) for one in (self.worse, self.other)]
        one, other = self.infeasibility(split)
        return weights, one[:, None] * kept[0] - other[:, None] * kept[1]


def flip(
    areas: pd.DataFrame,
    *,
    first: str,
    second: str,
    weights: Weights,
    aggregation: Aggregation = "geometric",
    absent: Collection[Dimension] = (),
) -> Flip:
    """Find the smallest change of weights after which two areas have changed places.

    Parameters
    ----------
    areas
        Index ``area_code``; ``score_remote, score_digital, score_need, score_alternative``, 0 to 100.
    first, second
        Codes of two scored areas.
    weights
        The chosen weights, in any scale.
    aggregation
        How the two kinds of infeasibility are joined.
    absent
        Dimensions that are not in the study.

    Raises
    ------
    ValueError
        When one of the two areas is not known in a dimension of the study.
    """
    names = tuple(name for name in DIMENSIONS if name not in absent)
    two = areas.loc[[first, second]]
    if two[[f"score_{name}" for name in names]].isna().any(axis=None):
        raise ValueError(f"{first} or {second} is not scored, so that nothing can swap them")
    before = weights.normalised(absent=absent)
    chosen = score(two, weights=weights, aggregation=aggregation, absent=absent)
    gap = float(chosen.iloc[0] - chosen.iloc[1])
    pair = Pair.of(two, worse=0 if gap >= 0 else 1, names=names, aggregation=aggregation)
    covers = bool((pair.worse >= pair.other).all())
    if abs(gap) <= LEVEL.value:
        return Flip(before, before, 0.0, gap, covers)
    place = np.array([before.as_dict()[name] for name in names])
    found = nearest(pair, place)
    if found is None:
        return Flip(before, None, math.inf, gap, covers)
    after = Weights(**{"need": 0.0, "alternative": 0.0} | dict(zip(names, found.tolist(), strict=True)))
    return Flip(before, after, float(np.linalg.norm(found - place)), gap, covers)


def nearest(pair: Pair, place: Doubles, *, by: float = 0.0, least: float = BROADBAND.value) -> Doubles | None:
    """Find the weights nearest to `place` at which the worse area of a pair stops being it; None when none are.

    Parameters
    ----------
    pair
        The two areas.
    place
        The chosen weights of the dimensions in the study, adding up to 1.
    by
        Points of score by which the other area must be the worse one.
    least
        Weight that home working and online services keep together.
    """
    split = np.unique(np.concatenate([np.linspace(0, 1, GRID + 1), turns(pair), [_split(place)]]))
    width = 1.0 / GRID
    while True:
        corners, gaps = pair.corners(split, least=least)
        points, away = projected(corners, gaps + by, place)
        if not np.isfinite(away).any():
            return None
        if width < NARROW:
            return np.asarray(points[away.argmin()])
        left, right = np.append(np.inf, away[:-1]), np.append(away[1:], np.inf)
        low = np.flatnonzero(np.isfinite(away) & (away <= left) & (away <= right))
        best = split[low[np.argsort(away[low], kind="stable")[:KEPT]]]
        width /= ZOOM
        near = best[:, None] + width * np.arange(-ZOOM, ZOOM + 1)
        split = np.unique(np.clip(near, 0, 1))


def turns(pair: Pair) -> Doubles:
    """Give the splits at which a corner of the triangle may turn, so that a short swap between grid places is seen.

    A corner's difference is ``k1·I1(t) − k2·I2(t)``; for geometric I it turns where the two exponentials' slopes agree.
    """
    if pair.aggregation != "geometric":
        return np.empty(0)
    comforts = [np.maximum(100 - one[:2], LEAST_COMFORT) for one in (pair.worse, pair.other)]
    pulls = [math.log(two[0] / two[1]) for two in comforts]
    factors = [(1.0, 1.0), *((pair.worse[side], pair.other[side]) for side in range(2, len(pair.names)))]
    found = []
    for one, other in factors:
        slopes = one * comforts[0][1] * pulls[0], other * comforts[1][1] * pulls[1]
        if slopes[0] * slopes[1] > 0 and pulls[0] != pulls[1]:
            found.append(math.log(slopes[1] / slopes[0]) / (pulls[0] - pulls[1]))
    return np.array([at for at in found if 0 < at < 1])


def _split(place: Sequence[float] | Doubles) -> float:
    return float(place[0] / (place[0] + place[1]))
