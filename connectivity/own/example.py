"""Example files a reader can fill in, made of the places of the study on show when they are asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import geopandas as gpd

from layers.geography import geography_of

ROWS = 5
"""Rows of an example (assumption: enough to see how a file goes on)."""


def points_example(areas: gpd.GeoDataFrame) -> str:
    """Write a CSV of points, one inside each of a few places across the study; the names say that they are examples."""
    middles = gpd.GeoSeries(_spread(areas).geometry).representative_point()
    rows = [
        (f"Example point {number}", round(east), round(north))
        for number, (east, north) in enumerate(zip(middles.x, middles.y, strict=True), start=1)
    ]
    return _csv(("Name", "Easting", "Northing"), rows)


def figures_example(areas: gpd.GeoDataFrame, *, geography: str) -> str:
    """Write a CSV of figures for a few places across the study; the last has none, and its cell is blank."""
    figures = [*(str(10 * number) for number in range(1, ROWS)), ""]
    return _csv((geography_of(geography).codes[0], "Example figure"), zip(_spread(areas).index, figures, strict=False))


def _spread(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return areas.sort_index().iloc[:: max(len(areas) // ROWS, 1)].iloc[:ROWS]


def _csv(headings: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue()
