"""What tells where in a council the slow lines are: how thinly postcodes lie, and how far it is to where people are.

Each covariate is a mean over an area's live postcodes, put on a logarithm, and then on the mean and spread it has in
the areas the estimator was fitted on (``layers/sources/estimator.toml``): 0 is an average area, 1 one spread above.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.figures import Figure
from layers.points import metres_to_nearest

Numbers = npt.NDArray[np.float64]

RECORDS = Path(__file__).parent / "sources" / "estimator.toml"
NEIGHBOUR = 5
"""The neighbour whose distance is taken (method §2)."""
RADII_KM = (1, 3, 8)
"""How far round a postcode others are counted (method §2)."""
CELLS_TO_RADIUS = 4
"""A circle is made of cells of a quarter of its radius, so “within about 3 km” is good to half a cell."""
SETTLEMENT_CELL = Figure(250.0, "metres", "side of a cell in which settlements are looked for", "method §2")
SETTLEMENT_SMOOTHING = Figure(400.0, "metres", "how widely postcodes are smoothed for it", "method §2")
SETTLEMENT_WINDOW = Figure(3000.0, "metres", "side of the square of which a centre is the densest cell", "method §2")
SETTLEMENT_LEAST = Figure(2.0, "postcodes a cell", "a smaller peak is a hamlet, no centre", "assumption")
HALF_WAY = Figure(500.0, "metres", "distance from a centre that counts as one step", "assumption")
RURAL_UNDER = Figure(
    350.0,
    "live postcodes within about 3 km",
    "fewer than this is taken for rural where the study has no rural–urban class",
    "agrees with ONS's class of 2011 in 94 % of 2,425 areas of southern England",
)


@dataclass(frozen=True, slots=True)
class Covariate:
    """One of them.

    Attributes
    ----------
    key
        Its column.
    label
        In plain words.
    centre, spread
        Mean and standard deviation over the areas of the fit, on the logarithm.
    optional
        Whether a study may lack it; the others come with the postcodes.
    """

    key: str
    label: str
    centre: float
    spread: float
    optional: bool

    def standardised(self, values: pd.Series) -> pd.Series:
        """Put values on the mean and spread of the fit."""
        return ((values - self.centre) / self.spread).rename(self.key)


_RECORDED = tomllib.loads(RECORDS.read_text(encoding="utf-8"))["covariate"]
COVARIATES: Mapping[str, Covariate] = {key: Covariate(key, **record) for key, record in _RECORDED.items()}


def of_postcodes(postcodes: pd.DataFrame, *, areas: pd.Index) -> pd.DataFrame:
    """Return the covariates that come from postcodes alone, on their logarithm, not yet standardised.

    Parameters
    ----------
    postcodes
        Columns ``area_code``, ``easting``, ``northing`` (metres); rows without a location are left out. Postcodes
        beyond the study's edge count as neighbours.
    areas
        The spine's area codes.

    Returns
    -------
    pandas.DataFrame
        Index `areas`; ``spacing`` (ln of the mean metres to the 5th nearest other postcode location), ``within_1km``,
        ``within_3km`` and ``within_8km`` (ln of the mean number of live postcodes about that near) and ``centre`` (ln
        of one and the mean distance to the nearest settlement centre in steps of 500 m). NaN for an area without a
        live postcode.
    """
    live = postcodes.dropna(subset=["easting", "northing"])
    points = live[["easting", "northing"]].to_numpy(dtype=float)
    if not len(points):
        return pd.DataFrame(np.nan, index=areas, columns=[key for key, one in COVARIATES.items() if not one.optional])
    each = {"spacing": fifth_nearest(points)}
    each |= {f"within_{km}km": postcodes_within(points, metres=1000.0 * km) for km in RADII_KM}
    each["centre"] = metres_to_centre(points)
    mean = pd.DataFrame(each, index=live["area_code"].to_numpy()).groupby(level=0).mean().reindex(areas)
    logs = mean.apply(np.log)
    logs["centre"] = np.log1p(mean["centre"] / HALF_WAY.value)
    return logs


def of_distance(km: pd.Series) -> pd.Series:
    """Return a distance to somewhere on its logarithm: ln of one and the kilometres.

    >>> of_distance(pd.Series([0.0, math.e - 1])).round(3).tolist()
    [0.0, 1.0]
    """
    return pd.Series(np.log1p(km.astype(float)))


def rural(classes: pd.Series | None, *, within_3km: pd.Series) -> pd.Series:
    """Say which areas are rural: by the official class where there is one, else by how few postcodes are near.

    Parameters
    ----------
    classes
        Names or codes of the rural–urban classification (missing where not known); None where the study has none.
    within_3km
        Logarithm of the live postcodes within about 3 km.
    """
    few = within_3km.lt(math.log(RURAL_UNDER.value))
    if classes is None:
        return few
    known = classes.astype("str").str.contains("rural", case=False, na=False)
    return known.where(classes.notna(), few).astype(bool)


def fifth_nearest(points: Numbers) -> Numbers:
    """Distance from each point to the 5th nearest other distinct location.

    Parameters
    ----------
    points
        Shape (n, 2), metres. Points in one place share one location.

    Returns
    -------
    ndarray, shape (n,)
        Metres; NaN throughout when there are five locations or fewer.
    """
    places, which = np.unique(points, axis=0, return_inverse=True)
    metres = metres_to_nearest(places, places, neighbour=NEIGHBOUR + 1)  # the first is the place itself
    return np.where(np.isfinite(metres), metres, np.nan)[which.ravel()]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Points counted in square cells, with empty ones round them; a point's cell is ``counts[row, column]``."""

    counts: Numbers
    row: npt.NDArray[np.intp]
    column: npt.NDArray[np.intp]
    west: float
    south: float
    side: float

    @classmethod
    def of(cls, points: Numbers, *, side: float, margin: int) -> _Cells:
        """Count points; cells start at whole multiples of their side."""
        place = np.floor(points / side).astype(np.intp)
        first = place.min(axis=0) - margin
        column, row = (place - first).T
        counts = np.zeros((int(row.max()) + margin + 1, int(column.max()) + margin + 1))
        np.add.at(counts, (row, column), 1)
        return cls(counts, row, column, float(first[0] * side), float(first[1] * side), side)


def postcodes_within(points: Numbers, *, metres: float) -> Numbers:
    """Return for each point how many points, itself included, lie within about so many metres; shape (n,).

    Examples
    --------
    >>> postcodes_within(np.array([[0.0, 0.0], [400.0, 0.0], [5000.0, 0.0]]), metres=1000.0).tolist()
    [2.0, 2.0, 1.0]
    """
    cells = _Cells.of(points, side=metres / CELLS_TO_RADIUS, margin=CELLS_TO_RADIUS)
    rows, columns = cells.counts.shape
    found = np.zeros_like(cells.counts)
    for up in range(-CELLS_TO_RADIUS, CELLS_TO_RADIUS + 1):
        half = math.isqrt(CELLS_TO_RADIUS**2 - up**2)
        along = np.cumsum(np.pad(cells.counts, ((0, 0), (half + 1, half))), axis=1)
        row = along[:, 2 * half + 1 :] - along[:, :columns]
        source = slice(max(up, 0), rows + min(up, 0))
        target = slice(max(-up, 0), rows + min(-up, 0))
        found[target] += row[source]
    return found[cells.row, cells.column]


def metres_to_centre(points: Numbers) -> Numbers:
    """Return for each point the distance to the nearest settlement centre, in metres; shape (n,).

    A centre is a cell of 250 m in which postcodes, smoothed by 400 m, lie more densely than anywhere in the square of
    3 km round it. Where there is none, the densest cell of all is taken.
    """
    side = SETTLEMENT_CELL.value
    half = round(SETTLEMENT_WINDOW.value / side / 2)
    cells = _Cells.of(points, side=side, margin=half)
    smooth = _smoothed(cells.counts, sigma=SETTLEMENT_SMOOTHING.value / side)
    peak = (smooth == _densest_within(smooth, half)) & (smooth > SETTLEMENT_LEAST.value)
    if not peak.any():
        peak = smooth == smooth.max()
    row, column = np.nonzero(peak)
    centres = np.column_stack([cells.west + (column + 0.5) * side, cells.south + (row + 0.5) * side])
    return metres_to_nearest(points, centres)


def _smoothed(counts: Numbers, *, sigma: float) -> Numbers:
    """Smooth by a Gaussian, in cells."""
    reach = math.ceil(4 * sigma)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    for axis in (0, 1):
        padded = np.pad(counts, [(reach, reach) if axis == one else (0, 0) for one in (0, 1)])
        size, total = counts.shape[axis], np.zeros_like(counts)
        for step, weight in enumerate(weights):
            total += weight * padded.take(np.arange(step, step + size), axis=axis)
        counts = total
    return counts


def _densest_within(values: Numbers, half: int) -> Numbers:
    """Give each cell the largest value of the square round it."""
    for axis in (0, 1):
        padded = np.pad(values, [(half, half) if axis == one else (0, 0) for one in (0, 1)])
        size, most = values.shape[axis], values
        for step in range(2 * half + 1):
            most = np.maximum(most, padded.take(np.arange(step, step + size), axis=axis))
        values = most
    return values
