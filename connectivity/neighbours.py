"""Which small areas share a border with one of them, and which way each lies. Outlines may be drawn with slivers."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from connectivity.outlines import require_metres
from layers.figures import Figure

APART = Figure(
    1.0,
    "metres",
    "two outlines that come closer than this are drawn on one border",
    "assumption: outlines of one release share their corners to the centimetre; a redrawn one may leave a sliver",
)
ALONG = Figure(
    10.0,
    "metres",
    "least border in common: less is a corner that touches",
    "assumption: corners that meet in one point run within a metre of each other for less, but at very sharp angles",
)
WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def neighbours(shapes: gpd.GeoSeries, code: str) -> pd.DataFrame:
    """Find the areas that share a border with one, along a line and not in a point.

    Parameters
    ----------
    shapes
        Outlines on the British National Grid by code. Its spatial index is built once, and kept with it.
    code
        The one area.

    Returns
    -------
    pandas.DataFrame
        Index: the neighbours' codes, the longest border first; ``metres`` of border in common, and the ``side`` on
        which each lies, from middle to middle: one of `WINDS`. Empty where no other area of the study is beside it.

    Examples
    --------
    >>> squares = [shapely.box(x, y, x + 100, y + 100) for x, y in ((0, 0), (100, 0), (100, 100))]
    >>> drawn = gpd.GeoSeries(squares, index=["a", "b", "c"], crs=27700)
    >>> neighbours(drawn, "a")["side"].to_dict()
    {'b': 'east'}
    """
    require_metres(shapes)
    here = shapes.loc[code]
    near = shapes.sindex.query(here, predicate="dwithin", distance=APART.value)
    others = shapes.iloc[near[shapes.index[near] != code]]
    drawn = np.asarray(others.array, dtype=object)
    lines = shapely.intersection(shapely.boundary(drawn), shapely.buffer(here, APART.value))
    found = pd.DataFrame({"metres": shapely.length(lines)}, index=others.index)
    middle, middles = shapely.centroid(here), shapely.centroid(drawn)
    found["side"] = [_side(shapely.get_x(one) - middle.x, shapely.get_y(one) - middle.y) for one in middles]
    beside = found[found["metres"] >= ALONG.value]
    return beside.sort_values("metres", ascending=False, kind="stable")


def _side(east: float, north: float) -> str:
    """Name the way by the nearest of eight winds.

    >>> _side(0, 1), _side(1, 1), _side(-5, 1), _side(1, -9)
    ('north', 'north-east', 'west', 'south')
    """
    turns = np.degrees(np.arctan2(east, north)) / (360 / len(WINDS))
    return WINDS[round(float(turns)) % len(WINDS)]
