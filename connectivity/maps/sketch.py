"""The outlines a map draws, simplified once when a study is built and kept beside it.

Outlines in full detail take seconds to simplify, and a browser chokes on tens of thousands of shapes. So a study with
more places than a map can hold is drawn by council first, and a council's own places when it is chosen.

The areas' shapes made light enough to send: simplified together, named, in degrees for the browser.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.errors import OutputError

SKETCH = "outlines.parquet"
MOST_PLACES = 5_000
"""Places one map draws (technology.md: at most about 5,000 polygons; 34,753 took a browser 30 to 60 seconds)."""
MOST_CORNERS = 20_000
"""Corners of all councils together: some 400 KB sent (assumption: a map of a country needs no more)."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """Outlines ready to draw, on the British National Grid.

    Attributes
    ----------
    areas
        By ``area_code``; None for a study with more places than a map draws at once.
    districts
        By ``district_code``.
    """

    areas: gpd.GeoSeries | None
    districts: gpd.GeoSeries


def sketch(areas: gpd.GeoDataFrame) -> Sketch:
    """Simplify a study's outlines for the map.

    Parameters
    ----------
    areas
        A build's areas, index ``area_code``, with ``district_code``, EPSG:27700.
    """
    if len(areas) > MOST_PLACES:
        whole = joined_shapes(gpd.GeoSeries(areas.geometry), by=areas["district_code"])
        return Sketch(None, simplified(whole, most_points=MOST_CORNERS))
    simple = simplified(gpd.GeoSeries(areas.geometry))
    return Sketch(simple, joined_shapes(simple, by=areas["district_code"]))


def write_sketch(areas: gpd.GeoDataFrame, *, folder: Path) -> None:
    """Write a study's outlines into a folder that is not yet public: ``level`` (area or district), ``code``, shape."""
    drawn = sketch(areas)
    levels = {"area": drawn.areas, "district": drawn.districts}
    parts = [
        gpd.GeoDataFrame({"level": level, "code": shapes.index.astype(str)}, geometry=shapes.array)
        for level, shapes in levels.items()
        if shapes is not None
    ]
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True))
    table.to_parquet(folder / SKETCH, index=False, compression="zstd")


def read_sketch(folder: Path) -> Sketch | None:
    """Read outlines back; None for a build without them.

    Raises
    ------
    OutputError
        When the file is there and cannot be read.
    """
    path = folder / SKETCH
    if not path.exists():
        return None
    try:
        table = gpd.read_parquet(path).set_index("code")
        levels = {level: gpd.GeoSeries(part.geometry) for level, part in table.groupby("level")}
        return Sketch(levels.get("area"), levels["district"])
    except (OSError, ValueError, KeyError) as error:
        raise OutputError(
            "The outlines of the map cannot be read.",
            file=path,
            expected="the GeoParquet file a build writes",
            found=str(error)[:120],
            next_step="build the study again",
        ) from error


def around(shapes: gpd.GeoSeries, *, shown: gpd.GeoSeries) -> gpd.GeoSeries:
    """Keep the shapes on or around those that are shown, as far out as these are wide or high."""
    left, bottom, right, top = shown.total_bounds
    out = max(right - left, top - bottom)
    box = shapely.box(left - out, bottom - out, right + out, top + out)
    return gpd.GeoSeries(shapes[np.asarray(shapely.intersects(shapes.to_numpy(), box))], crs=shapes.crs)


GRID = 27700
DEGREES = 4326


MOST_POINTS = 36_000
"""Corners a map may send: about 20 bytes each, so that 1,700 areas stay under the megabyte of technology.md."""

FIRST_TOLERANCE = 10.0
"""Metres. Finer than a pixel at the closest useful zoom; raised until the map is light enough."""

HEAVY, COARSE = 5, 0.1
"""Outlines with this many times too many corners start at a tenth of the distance between those that may stay, which
saves most steps and loses nothing that a later step would keep (assumption; seen at England's size)."""

LAST_TOLERANCE = 10_000.0
"""Metres: every shape is a few corners by now (assumption)."""

MAP_PIXELS = (640, 560)
"""The map on a desk screen, for placing names."""

LETTER_PIXELS, LINE_PIXELS = 7.5, 22
"""Room for one letter of a name and for its line."""


def simplified(shapes: gpd.GeoSeries, *, most_points: int = MOST_POINTS) -> gpd.GeoSeries:
    """Simplify shapes together, so that borders they share stay shared.

    Parameters
    ----------
    shapes
        Polygons on the British National Grid that touch but do not overlap. Small overlaps are cleaned away first.
    most_points
        Keep simplifying until no more corners than this are left.

    Returns
    -------
    geopandas.GeoSeries
        The same index, on the same grid.
    """
    require_metres(shapes)
    whole = np.asarray(shapes.to_numpy(), dtype=object)
    if not shapely.coverage_is_valid(whole):
        cleaned = shapely.coverage_clean(whole)  # type: ignore[attr-defined]  # newer than its stubs
        whole = np.where(shapely.is_empty(cleaned) | shapely.is_missing(cleaned), whole, cleaned)
    simple, tolerance = whole, FIRST_TOLERANCE
    if shapely.get_num_coordinates(whole).sum() > HEAVY * most_points:
        tolerance = max(tolerance, float(np.sqrt(shapely.area(whole).sum() / most_points)) * COARSE)
    while shapely.get_num_coordinates(simple).sum() > most_points and tolerance <= LAST_TOLERANCE:
        simple = shapely.coverage_simplify(simple, tolerance)  # from the last step: the whole once, not at every step
        tolerance *= 1.5
    return gpd.GeoSeries(simple, index=shapes.index, crs=shapes.crs)


def joined_shapes(shapes: gpd.GeoSeries, *, by: pd.Series) -> gpd.GeoSeries:
    """Join shapes from `simplified` that carry the same code into one, for instance areas into districts."""
    places = by.reset_index(drop=True).groupby(by.to_numpy()).indices
    codes = sorted(map(str, places))
    kept = np.asarray(shapes.to_numpy(), dtype=object)
    whole = [shapely.coverage_union_all(kept[places[code]]) for code in codes]
    return gpd.GeoSeries(whole, index=codes, crs=shapes.crs)


def require_metres(shapes: gpd.GeoSeries) -> None:
    """Refuse shapes that are not on the British National Grid."""
    if shapes.crs is None or shapes.crs.to_epsg() != GRID:
        found = "no coordinate system" if shapes.crs is None else shapes.crs.to_string()
        raise ValueError(f"The map needs shapes on the British National Grid (EPSG:{GRID}); found {found}.")


def geometries(shapes: gpd.GeoSeries, *, digits: int = 4) -> list[dict[str, Any]]:
    """Turn shapes on the grid into GeoJSON geometries in degrees, rounded (4 digits are about 10 metres)."""
    turned = shapely.transform(shapes.to_crs(DEGREES).to_numpy(), lambda corners: np.round(corners, digits))
    return [shapely.geometry.mapping(shape) for shape in turned]


def texts(shapes: gpd.GeoSeries) -> list[str]:
    """Write each shape on the grid as the GeoJSON text of its geometry in degrees."""
    return [json.dumps(shape, separators=(",", ":")) for shape in geometries(shapes)]


def bounds(shapes: gpd.GeoSeries) -> list[list[float]]:
    """South-west and north-east corner in degrees, as Leaflet wants them."""
    left, bottom, right, top = shapes.to_crs(DEGREES).total_bounds
    return [[round(float(bottom), 4), round(float(left), 4)], [round(float(top), 4), round(float(right), 4)]]


def place_labels(areas: pd.DataFrame, *, shapes: gpd.GeoSeries, column: str, most: int = 14) -> list[dict[str, Any]]:
    """Choose place names to print: the largest by premises, none on top of another.

    Parameters
    ----------
    areas
        Scored areas; `column` names the place each belongs to, for instance its ward or district.
    shapes
        Their outlines from `simplified`.
    most
        How many names at most; the bigger half survives on a small screen.
    """
    totals = areas.groupby(column)["premises"].sum().sort_values(ascending=False, kind="stable")
    outlines = np.asarray(shapes.to_numpy(), dtype=object)
    left, bottom, right, top = shapes.total_bounds
    pixel = max((right - left) / MAP_PIXELS[0], (top - bottom) / MAP_PIXELS[1])
    spots: list[tuple[float, float, float]] = []
    chosen: list[dict[str, Any]] = []
    for name in totals.index[: most * 4]:
        point = shapely.point_on_surface(shapely.coverage_union_all(outlines[(areas[column] == name).to_numpy()]))
        half = LETTER_PIXELS / 2 * len(str(name)) * pixel
        spot = (min(max(point.x, left + half), right - half), point.y, half)
        if all(_apart(spot, other, pixel=pixel) for other in spots):
            first = [other for other, label in zip(spots, chosen, strict=True) if label["big"]]
            big = len(first) < most / 2 and all(_apart(spot, other, pixel=pixel, small=True) for other in first)
            spots.append(spot)
            chosen.append({"name": str(name), "big": big})
        if len(chosen) == most:
            break
    places = gpd.GeoSeries(shapely.points(np.array(spots).reshape(-1, 3)[:, :2]), crs=shapes.crs).to_crs(DEGREES)
    for label, place in zip(chosen, places, strict=True):
        label["at"] = [round(float(shapely.get_y(place)), 4), round(float(shapely.get_x(place)), 4)]
    return chosen


def _apart(
    spot: tuple[float, float, float], other: tuple[float, float, float], *, pixel: float, small: bool = False
) -> bool:
    """Say whether two names leave each other room, on a desk screen or on a small one of half its width."""
    scale = 2 if small else 1
    beside = abs(spot[0] - other[0]) > scale * (spot[2] + other[2])
    return beside or abs(spot[1] - other[1]) > scale * LINE_PIXELS * pixel
