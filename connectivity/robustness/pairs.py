"""Two places side by side: how often one is worse, what weights would swap them, and which pairs none can swap."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.method.kernel import LEAST_COMFORT, Aggregation, joined_infeasibility
from connectivity.method.records import DIMENSIONS, Dimension
from connectivity.method.scoring import Weights, score
from connectivity.method.uncertain import Doubles, Floats
from connectivity.robustness.draws import ScoredAreas
from connectivity.robustness.run import Plan, scores_of
from connectivity.robustness.tiers import SURE
from layers.figures import Figure

EVIDENCE = "evidence.parquet"
"""The file of a build that its draws can be repeated from."""
SEPARATED = SURE
"""A place is called worse than another from this chance on (method §6)."""


@dataclass(frozen=True, slots=True)
class PlaceComparison:
    """Chances that one of two places is worse; the three add up to 1.

    Attributes
    ----------
    first, second
        Codes.
    first_worse, second_worse, tie
        Chances.
    """

    first: str
    second: str
    first_worse: float
    second_worse: float
    tie: float

    @property
    def worse(self) -> str | None:
        """Code of the one that is worse; None when they cannot be separated.

        >>> PlaceComparison("A", "B", 1.0, 0.0, 0.0).worse, PlaceComparison("A", "B", 0.5, 0.5, 0.0).worse
        ('A', None)
        """
        if self.first_worse >= SEPARATED.value:
            return self.first
        return self.second if self.second_worse >= SEPARATED.value else None


def comparison_claim(found: PlaceComparison, *, names: tuple[str, str], draws: int, basis: Basis) -> Claim:
    """Return the claim that one of two places is worse, or that they cannot be told apart, in whole counts of draws.

    Parameters
    ----------
    found
        The chances.
    names
        Of the two places, in the same order.
    draws
        How many draws the chances are shares of.
    basis
        What the scores rest on.
    """
    counts = [round(draws * chance) for chance in (found.first_worse, found.second_worse, found.tie)]
    at = 1 if found.worse == found.second else 0
    worse, other, most = names[at], names[1 - at], counts[at]
    chance = (found.first_worse, found.second_worse)[at]
    return Claim(
        "certainty.pair",
        worse,
        most,
        most,
        most,
        draws,
        basis,
        unit="draws",
        better=None if found.worse is None else (other, chance),
        details={"other": other, "other_worse": counts[1 - at], "level": counts[2]},
        provenance=Provenance(EVIDENCE, areas=(found.first, found.second), decimals=0),
    )


def compare_places(evidence: ScoredAreas, *, plan: Plan, first: str, second: str) -> PlaceComparison:
    """Compare two areas.

    Parameters
    ----------
    evidence
        Of both at least, with their councils whole where they are modelled
        (:func:`connectivity.robustness.draws.scored_areas` sees to that).
    plan
        As in the run of all areas: the draws are the same.
    first, second
        Codes.
    """
    scores = scores_of(evidence, plan=plan)
    return compare_columns(
        scores, [int(place) for place in evidence.areas.get_indexer(pd.Index([first, second]))], codes=(first, second)
    )


def compare_columns(scores: Floats, places: Sequence[int], *, codes: tuple[str, str]) -> PlaceComparison:
    """Compare two columns of scores, shape (draws, areas)."""
    one, other = scores[:, places[0]], scores[:, places[1]]
    first, second, draws = int((one > other).sum()), int((one < other).sum()), len(scores)
    return PlaceComparison(*codes, first / draws, second / draws, (draws - first - second) / draws)


def chance_matrix(scores: Floats) -> Doubles:
    """Give the chance that the row's area is worse than the column's; shape (areas, areas), 0 on the diagonal.

    Examples
    --------
    >>> chance_matrix(np.float32([[3, 2], [3, 3], [1, 2], [4, 2]])).tolist()
    [[0.0, 0.5], [0.25, 0.0]]
    """
    return np.stack([(scores[:, [place]] > scores).mean(axis=0) for place in range(scores.shape[1])])


LEVEL = Figure(1e-9, "points of score", "scores this close are level", "assumption: a float's rounding")


def projected(corners: Doubles, gaps: Doubles, place: Doubles) -> tuple[Doubles, Doubles]:
    """Project `place` onto the part of each triangle where the gap is at most 0.

    The part is convex: its nearest point is the foot of the perpendicular where that lies inside, else on an edge or on
    the line where the gap is 0. Lines between any two of its ends lie in it, so all of them may be tried.

    Parameters
    ----------
    corners
        Shape (splits, corners, dimensions).
    gaps
        Shape (splits, corners).
    place
        The chosen weights.

    Returns
    -------
    tuple of ndarray
        Nearest points, shape (splits, dimensions), and how far they are; infinite where the gap is nowhere below 0.
    """
    count = gaps.shape[1]
    below = gaps < -LEVEL.value
    ends: list[tuple[Doubles, npt.NDArray[np.bool_]]] = [(corners[:, at], below[:, at]) for at in range(count)]
    for one in range(count):
        for other in range(one + 1, count):
            across = (gaps[:, one] < 0) != (gaps[:, other] < 0)
            fall = np.where(across, gaps[:, one] - gaps[:, other], 1.0)
            part = np.where(across, gaps[:, one] / fall, 0.0)[:, None]
            ends.append((corners[:, one] * (1 - part) + corners[:, other] * part, across))
    points, away = _feet(corners, gaps, place)
    for one, (start, known) in enumerate(ends):
        for end, also in ends[one:]:
            edge = end - start
            length = np.einsum("ij,ij->i", edge, edge)
            along = np.einsum("ij,ij->i", place - start, edge) / np.where(length > 0, length, 1.0)
            point = start + np.clip(along, 0, 1)[:, None] * edge
            far = np.where(known & also, np.linalg.norm(point - place, axis=1), np.inf)
            closer = far < away
            points[closer], away[closer] = point[closer], far[closer]
    nowhere = ~below.any(axis=1)
    away[nowhere] = np.inf
    return points, away


def _feet(corners: Doubles, gaps: Doubles, place: Doubles) -> tuple[Doubles, Doubles]:
    """Drop a perpendicular from `place` to each triangle; infinitely far where its foot is no weight or not beyond."""
    sides = corners[:, 1:] - corners[:, :1]
    products = sides @ sides.transpose(0, 2, 1)
    part = np.linalg.solve(products, sides @ (place - corners[:, 0])[:, :, None])[:, :, 0]
    share = np.column_stack([1 - part.sum(axis=1), part])
    points = np.einsum("ij,ijk->ik", share, corners)
    fits = (share >= 0).all(axis=1) & (np.einsum("ij,ij->i", share, gaps) <= 0)
    return points, np.where(fits, np.linalg.norm(points - place, axis=1), np.inf)


# What would swap two areas: the nearest weights under which the other one comes first, or that no weights do.
# For a fixed split ``t = w_remote / (w_remote + w_digital)`` both scores of method §5 are linear in the weights, so
# the difference of two scores is too: over the triangle of weights with that split it is fixed by its three corners,
# and the nearest point on its other side is a projection onto a triangle cut by a line, in closed form. What is left
# is a search over t alone. It is laid out on a fixed grid together with every t at which a corner can turn, so that
# no piece where the order swaps is missed (each corner is a sum of at most two exponentials and a constant in t: it
# has at most one turning point), and then refined round the best places until t is known to 1e-12.


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
class PlacePair:
    """The worse of two areas and the other: badness, 0 to 100, of the dimensions in the study."""

    worse: Doubles
    other: Doubles
    names: tuple[Dimension, ...]
    aggregation: Aggregation

    @classmethod
    def of(cls, two: pd.DataFrame, *, worse: int, names: Sequence[Dimension], aggregation: Aggregation) -> PlacePair:
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
    pair = PlacePair.of(two, worse=0 if gap >= 0 else 1, names=names, aggregation=aggregation)
    covers = bool((pair.worse >= pair.other).all())
    if abs(gap) <= LEVEL.value:
        return Flip(before, before, 0.0, gap, covers)
    place = np.array([before.as_dict()[name] for name in names])
    found = nearest_weights(pair, place)
    if found is None:
        return Flip(before, None, math.inf, gap, covers)
    after = Weights(**{"need": 0.0, "alternative": 0.0} | dict(zip(names, found.tolist(), strict=True)))
    return Flip(before, after, float(np.linalg.norm(found - place)), gap, covers)


def nearest_weights(
    pair: PlacePair, place: Doubles, *, by: float = 0.0, least: float = BROADBAND.value
) -> Doubles | None:
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


def turns(pair: PlacePair) -> Doubles:
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


DECIMALS = (0, 1, 2)
LONGER = Figure(1.25, "times the smallest change", "longest that rounded weights may be from the chosen", "assumption")
AROUND = (-1, 0, 1, 2)
"""Steps from a rounded-down weight at which a rounded one is looked for."""
FURTHER = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
"""Parts of the gap to go beyond level, until there is room for rounded weights."""
HARDLY = Figure(1e-3, "of all weight", "less than this is called almost nothing", "assumption")


def rounded_swap(
    found: Flip, first: pd.Series, second: pd.Series, *, aggregation: Aggregation = "geometric"
) -> dict[Dimension, float] | None:
    """Round the weights that swap two places so that the rounded ones do swap them.

    Returns
    -------
    dict
        Percent by dimension in the study, adding up to 100, in whole percent where these are not much further from the
        chosen weights than need be; None when two decimals are not enough.
    """
    if found.after is None or found.distance == 0:
        return None
    before = found.before.as_dict()
    names = [name for name in DIMENSIONS if not _unknown_in(name, first, second)]
    place = np.array([before[name] for name in names])
    two = pd.DataFrame([first, second])
    pair = PlacePair.of(two, worse=0 if found.gap >= 0 else 1, names=names, aggregation=aggregation)
    coarse: dict[Dimension, float] | None = None
    for decimals in DECIMALS:
        unit = 10**decimals
        for further in FURTHER:
            point = nearest_weights(pair, place, by=further * abs(found.gap), least=1 / (100 * unit))
            if point is None:
                break
            best = _nearest_rounded(
                point, place, found, two.fillna(0.0), names=names, unit=unit, aggregation=aggregation
            )
            if best is not None:
                if _far(best, place) <= LONGER.value * found.distance:
                    return best
                coarse = best  # finer ones are nearer
                break
    return coarse


def _nearest_rounded(
    point: Doubles,
    place: Doubles,
    found: Flip,
    two: pd.DataFrame,
    *,
    names: list[Dimension],
    unit: int,
    aggregation: Aggregation,
) -> dict[Dimension, float] | None:
    """Find the rounded weights nearest to the chosen ones, among those around a point, that swap the two."""
    floors = [math.floor(value * 100 * unit) for value in point]
    tried = []
    for steps in product(AROUND, repeat=len(names) - 1):
        some = [floor + step for floor, step in zip(floors, steps, strict=False)]
        whole = [*some, 100 * unit - sum(some)]
        if min(whole) >= 0 and whole[0] + whole[1] > 0:
            tried.append({name: value / unit for name, value in zip(names, whole, strict=True)})
    tried.sort(key=lambda at: _far(at, place))
    return next((at for at in tried if _swaps(found, two, at, aggregation)), None)


def _far(at: dict[Dimension, float], place: Doubles) -> float:
    return math.dist([value / 100 for value in at.values()], place)


def _swaps(found: Flip, two: pd.DataFrame, at: dict[Dimension, float], aggregation: Aggregation) -> bool:
    weights = Weights(**{"need": 0.0, "alternative": 0.0} | at)
    scores = score(two, weights=weights, aggregation=aggregation)
    gap = float(scores.iloc[0] - scores.iloc[1])
    return (gap if found.gap < 0 else -gap) > LEVEL.value


def _unknown_in(name: Dimension, first: pd.Series, second: pd.Series) -> bool:
    return bool(pd.isna(first[f"score_{name}"]) and pd.isna(second[f"score_{name}"]))


def swap_claim(
    found: Flip,
    first: pd.Series,
    second: pd.Series,
    *,
    names: tuple[str, str],
    basis: Basis,
    aggregation: Aggregation = "geometric",
    chance: float | None = None,
) -> Claim:
    """Return the claim that a change of weights would swap two places, or that none does.

    Parameters
    ----------
    found
        From :func:`flip`.
    first, second
        Rows of the areas table: ``score_remote, score_digital, score_need, score_alternative``.
    names
        Names of the two, in the same order.
    basis
        What the scores rest on.
    aggregation
        As it was found with.
    chance
        That the worse one is worse, in the draws; None where none were made. Under `SEPARATED` the two are not told
        apart, and no order is said to hold without that.

    Returns
    -------
    Claim
        Its `best` is the distance of the weights. Its details: ``other`` (the second place), ``worse`` and ``better``,
        ``swaps`` (``never``, ``level`` or ``beyond``), ``why`` (what keeps them from swapping, or what weights that
        two decimals cannot name are like), ``chance``, ``before`` and ``named`` (weights in percent by dimension; none
        where two decimals cannot name them).

    Raises
    ------
    ValueError
        When one lies in a council whose areas cannot be told apart: nothing is said of its order.
    """
    if not all(one.get("separable", True) for one in (first, second)):
        raise ValueError(f"the areas of a council of {names[0]} or {names[1]} cannot be told apart")
    worse, better = names if found.gap >= 0 else names[::-1]
    named = rounded_swap(found, first, second, aggregation=aggregation)
    swaps = "never" if found.after is None else "level" if found.distance == 0 else "beyond"
    why = _kept_by(found, second if found.gap >= 0 else first) if swaps == "never" else _unnamed_by(found)
    return Claim(
        "certainty.swap",
        names[0],
        found.distance,
        found.distance,
        found.distance,
        1,
        basis,
        unit="weight",
        details={
            "other": names[1],
            "worse": worse,
            "better": better,
            "swaps": swaps,
            "why": why,
            "chance": chance,
            "before": {name: 100 * value for name, value in found.before.as_dict().items()},
            "named": named or {},
        },
    )


def _kept_by(found: Flip, better: pd.Series) -> str:
    """Say by a key what keeps two places in their order whatever the weights."""
    if found.at_least_as_bad:
        return "as bad in every part"
    nothing = better["score_remote"] == 0 and better["score_digital"] == 0
    return "nothing falls short" if nothing else "too little falls short"


def _unnamed_by(found: Flip) -> str:
    """Say by a key what weights that two decimals cannot name are like."""
    if found.distance < HARDLY.value:
        return "hardly different"
    after = found.after
    broadband = after is not None and after.remote + after.digital < HARDLY.value
    return "without broadband" if broadband else "narrow"


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
