"""The outlines a map draws, simplified once when a study is built and kept beside it.

Outlines in full detail take seconds to simplify, and a browser chokes on tens of thousands of shapes. So a study with
more places than a map can hold is drawn by council first, and a council's own places when it is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from connectivity import outlines
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
        whole = outlines.joined(gpd.GeoSeries(areas.geometry), by=areas["district_code"])
        return Sketch(None, outlines.simplified(whole, most_points=MOST_CORNERS))
    simple = outlines.simplified(gpd.GeoSeries(areas.geometry))
    return Sketch(simple, outlines.joined(simple, by=areas["district_code"]))


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
