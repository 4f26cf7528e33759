"""How far apart postcodes lie: the key that says where, inside an authority, lines are likely to be long."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.figures import Figure

NEIGHBOUR = 5
"""The neighbour whose distance is taken (method §2)."""
FIRST_RADIUS = 100.0
"""Metres searched first; doubled for the postcodes that have too few neighbours within."""
CENTRE = Figure(5.017, "ln metres", "mean of ln spacing", "computed on the 1,646 LSOA 2011 of the six authorities")
SPREAD = Figure(0.500, "ln metres", "standard deviation of ln spacing", "computed on the same areas")


def spacing_key(postcodes: pd.DataFrame, *, areas: pd.Index) -> pd.Series:
    """Standardise the mean spacing of each area's live postcodes.

    Parameters
    ----------
    postcodes
        Columns ``area_code``, ``easting``, ``northing`` (metres); rows without a location are left out. Postcodes
        beyond the study's edge count as neighbours.
    areas
        The spine's area codes.

    Returns
    -------
    pandas.Series
        ``(ln s − 5.017) / 0.500`` with `s` the mean metres to the 5th nearest other postcode location; NaN for an
        area without a live postcode.
    """
    live = postcodes.dropna(subset=["easting", "northing"])
    points = live[["easting", "northing"]].to_numpy(dtype=float)
    metres = pd.Series(fifth_nearest(points), index=live["area_code"])
    mean = metres.groupby(level=0).mean().reindex(areas)
    return ((mean.map(math.log) - CENTRE.value) / SPREAD.value).rename("key")


def dots(places: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Make one shapely point of each row of x and y."""
    return np.atleast_1d(np.asarray(shapely.points(places)))


def fifth_nearest(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
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
    result = np.full(len(places), np.nan)
    if len(places) <= NEIGHBOUR:
        return result[which.ravel()]
    points_there = dots(places)
    tree = shapely.STRtree(points_there)
    waiting = np.arange(len(places))
    radius = FIRST_RADIUS
    while len(waiting):
        source, other = tree.query(points_there[waiting], predicate="dwithin", distance=radius)
        metres = np.hypot(*(places[waiting[source]] - places[other]).T)
        order = np.lexsort((metres, source))
        source, metres = source[order], metres[order]
        start = np.searchsorted(source, np.arange(len(waiting)))
        count = np.bincount(source, minlength=len(waiting))
        found = count > NEIGHBOUR
        result[waiting[found]] = metres[start[found] + NEIGHBOUR]
        waiting = waiting[~found]
        radius *= 2
    return result[which.ravel()]
