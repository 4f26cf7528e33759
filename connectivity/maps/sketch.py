"""The outlines a map draws, made once when a study is built and kept beside it as packed text.

A browser chokes on tens of thousands of shapes. So a study with more places than a map can hold is drawn by council
first, and a council's own places when it is chosen.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from connectivity.maps.arcs import pack
from layers.errors import OutputError

SHAPES = "shapes.json"
MOST_PLACES = 5_000
"""Places one map draws (technology.md: at most about 5,000 polygons; 34,753 took a browser 30 to 60 seconds)."""
MOST_CORNERS = 20_000
"""Corners of all councils together, where they stand for places (assumption: a map of a country needs no more)."""
KEYS = {"codes", "names", "councils", "council_of", "areas"}
"""What the text of a map's outlines holds."""


def outlines_text(areas: gpd.GeoDataFrame) -> str:
    """Write the outlines of areas, or of their councils where there are too many areas, as the map's script reads them.

    Parameters
    ----------
    areas
        A build's areas, index ``area_code``, with ``area_name``, ``district_code`` and ``district_name``, EPSG:27700.

    Returns
    -------
    str
        JSON: ``codes`` in order and ``names`` of what is drawn, ``councils`` (code and name of each), for each shape
        the number of its council (``council_of``), and ``areas``, as :func:`connectivity.maps.arcs.pack` writes them.
    """
    names = areas.groupby("district_code")["district_name"].first().sort_index()
    councils = [[str(code), str(name)] for code, name in names.items()]
    if len(areas) > MOST_PLACES:
        whole = joined_shapes(gpd.GeoSeries(areas.geometry), by=areas["district_code"])
        return _written(simplified(whole, most_points=MOST_CORNERS), list(names), councils, list(range(len(names))))
    ordered = areas.sort_index()
    council_of = names.index.get_indexer(pd.Index(ordered["district_code"])).tolist()
    return _written(simplified(gpd.GeoSeries(ordered.geometry)), list(ordered["area_name"]), councils, council_of)


def _written(shapes: gpd.GeoSeries, names: list[str], councils: list[list[str]], council_of: list[int]) -> str:
    codes = [str(code) for code in shapes.index]
    packed = pack(list(shapes.to_crs(DEGREES)))
    content = {"codes": codes, "names": names, "councils": councils, "council_of": council_of, "areas": packed}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def write_outlines(areas: gpd.GeoDataFrame, *, folder: Path) -> None:
    """Write a study's outlines into a folder that is not yet public."""
    (folder / SHAPES).write_text(outlines_text(areas), encoding="utf-8")


def read_outlines(folder: Path) -> str | None:
    """Read the text of the outlines back; None for a build without them.

    Raises
    ------
    OutputError
        When the file is there and cannot be read.
    """
    path = folder / SHAPES
    if not path.exists():
        return None
    try:
        text = path.read_text(encoding="utf-8")
        content: Any = json.loads(text)
        found = sorted(content) if isinstance(content, dict) else type(content).__name__
    except (OSError, ValueError) as error:
        text, found = "", str(error)[:120]
    if not isinstance(found, list) or not KEYS.issubset(found):
        raise OutputError(
            "The outlines of the map cannot be read.",
            file=path,
            expected=f"the JSON a build writes, with {', '.join(sorted(KEYS))}",
            found=str(found)[:120],
            next_step="build the study again",
        )
    return text


GRID = 27700
DEGREES = 4326


MOST_POINTS = 200_000
"""Corners a map may send: about three bytes each, so that 1,700 areas keep every corner of their outlines."""

FIRST_TOLERANCE = 10.0
"""Metres. Finer than a pixel at the closest useful zoom; raised until the map is light enough."""

HEAVY, COARSE = 5, 0.1
"""Outlines with this many times too many corners start at a tenth of the distance between those that may stay, which
saves most steps and loses nothing that a later step would keep (assumption; seen at England's size)."""

LAST_TOLERANCE = 10_000.0
"""Metres: every shape is a few corners by now (assumption)."""


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
    whole = np.asarray(clean(shapes).to_numpy(), dtype=object)
    simple, tolerance = whole, FIRST_TOLERANCE
    if shapely.get_num_coordinates(whole).sum() > HEAVY * most_points:
        tolerance = max(tolerance, float(np.sqrt(shapely.area(whole).sum() / most_points)) * COARSE)
    while shapely.get_num_coordinates(simple).sum() > most_points and tolerance <= LAST_TOLERANCE:
        simple = shapely.coverage_simplify(simple, tolerance)  # from the last step: the whole once, not at every step
        tolerance *= 1.5
    return gpd.GeoSeries(simple, index=shapes.index, crs=shapes.crs)


def clean(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Clean away small overlaps and gaps, so that shapes that touch share their border."""
    whole: npt.NDArray[np.object_] = np.asarray(shapes.to_numpy(), dtype=object)
    if shapely.coverage_is_valid(whole):
        return shapes
    cleaned = shapely.coverage_clean(whole)  # type: ignore[attr-defined]  # newer than its stubs
    kept = np.where(shapely.is_empty(cleaned) | shapely.is_missing(cleaned), whole, cleaned)
    return gpd.GeoSeries(kept, index=shapes.index, crs=shapes.crs)


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
