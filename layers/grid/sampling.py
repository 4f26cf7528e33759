"""Sampling: a raster read off at each postcode, and signal strength turned into availability."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.errors import LayerError
from layers.figures import Figure
from layers.grid.rasters import AT_ONCE, Raster
from layers.outlines.coordinates import DEGREES_BOUNDS, within


def sample(raster: Raster, *, x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Read the cell each point lies in; a point on a border belongs to the cell east or south of it.

    Parameters
    ----------
    x, y
        Eastings and northings in metres, shape (n,); NaN for a point without a location.

    Returns
    -------
    ndarray, shape (n,)
        NaN where the cell is not known, the point is outside or has no location.

    Raises
    ------
    LayerError
        When the points are degrees.
    """
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    values = np.full(east.shape, np.nan)
    located = np.isfinite(east) & np.isfinite(north)
    if located.any() and within(
        (east[located].min(), north[located].min(), east[located].max(), north[located].max()), DEGREES_BOUNDS
    ):
        raise LayerError(
            "The points to sample are in degrees.",
            file=raster.name,
            expected="metres on British National Grid",
            found="longitude and latitude",
            next_step="use eastings and northings",
        )
    column = np.floor((east - float(raster.transform.c)) / float(raster.transform.a))
    row = np.floor((north - float(raster.transform.f)) / float(raster.transform.e))
    rows, columns = raster.shape
    inside = np.flatnonzero(located & (column >= 0) & (column < columns) & (row >= 0) & (row < rows))
    down, across = row[inside].astype(np.intp), column[inside].astype(np.intp)
    strip = max(1, AT_ONCE // columns)
    for top in np.unique(down // strip) * strip:
        here = (down >= top) & (down < top + strip)
        left, right = int(across[here].min()), int(across[here].max()) + 1
        first, last = int(down[here].min()), int(down[here].max()) + 1
        block = raster.read(rows=slice(first, last), columns=slice(left, right))
        values[inside[here]] = block[down[here] - first, across[here] - left]
    return values


def availability(
    values: pd.Series, *, area_codes: pd.Series, areas: pd.Index, threshold: Figure, at_least: bool = True
) -> pd.DataFrame:
    """Share of an area's live postcodes whose value meets a threshold; what is not known is counted apart.

    Parameters
    ----------
    values
        A value for each live postcode, in the threshold's unit, such as from :func:`sample`; NaN where
        not known.
    area_codes
        The area of each, on the same index.
    areas
        The spine's area codes.
    threshold
        Where the service begins, with its unit and source.
    at_least
        Whether the service needs this much (signal strength) or no more than this (distance, loss).

    Returns
    -------
    pandas.DataFrame
        Index `areas`. ``share``: of the postcodes with a known value, those that meet the threshold, 0 to 1; NaN where
        none is known. ``unknown_share``: of all, those without a value; NaN for an area without a live postcode.
        ``postcodes``: how many live postcodes it rests on. The share of all lies between ``share × (1 −
        unknown_share)`` and that plus ``unknown_share``.

    Raises
    ------
    ValueError
        When the two do not share an index.

    Examples
    --------
    >>> line = Figure(-105.0, "dBm", "4G outdoors", "Ofcom, Connected Nations: methodology")
    >>> signal = pd.Series([-90.0, -120.0, float("nan")])
    >>> availability(signal, area_codes=pd.Series(["A", "A", "A"]), areas=pd.Index(["A"]), threshold=line).round(2)
       share  unknown_share  postcodes
    A    0.5           0.33          3
    """
    if not values.index.equals(area_codes.index):
        raise ValueError("a value and an area code for each postcode, on the same index")
    met = values >= threshold.value if at_least else values <= threshold.value
    each = pd.DataFrame({"share": met.astype("float64").where(values.notna()), "unknown_share": values.isna()})
    by_area = each.groupby(area_codes.to_numpy())
    table = by_area.mean().reindex(areas).astype("float64")
    return table.assign(postcodes=by_area.size().reindex(areas, fill_value=0))
