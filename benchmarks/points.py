"""Premises to areas: 30 million points round the demo's postcodes, ours beside geopandas.sjoin, same answers."""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from benchmarks.measuring import DEMO, SEED, Result, alone, comparison, target, timed
from layers.intake.coordinates import BRITISH_NATIONAL_GRID
from layers.points import areas_of_points

Outlines = Literal["areas", "detailed", "many"]
Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]

CHUNK = 1_000_000
SPREAD = 150.0
"""Metres a premises lies from its postcode's centre (standard deviation; assumption: towns closer, farms farther)."""
CORNER_EVERY = 20.0
"""Metres between corners of the detailed outlines: some 360 corners an area, as in full-resolution ones."""
CELLS = 20_000
"""Areas of the third comparison: Voronoi cells round that many postcodes."""
EARLIER = 29.0
"""Seconds 30 M points took with a tree of bounding boxes, on two cores: what the grid must not fall behind."""
KINDS: dict[Outlines, tuple[str, int]] = {
    "areas": ("the demo's areas", 30_000_000),
    "detailed": (f"the same areas with a corner every {CORNER_EVERY:g} m", 3_000_000),
    "many": ("cells round postcodes", 3_000_000),
}


def run(*, quick: bool) -> Result:
    """Compare on the demo's areas, on detailed outlines and on many more areas.

    Parameters
    ----------
    quick
        A hundredth of the points.
    """
    comparisons = []
    for kind, (words, full) in KINDS.items():
        points = full // 100 if quick else full
        (ours, counted), peak = alone(measure, kind, points=points, sjoin=False)
        (theirs, expected), other_peak = alone(measure, kind, points=points, sjoin=True)
        if not np.array_equal(counted, expected):
            raise AssertionError(f"Ours and sjoin count differently on {words}.")
        comparisons.append(
            comparison(
                f"{points:,} points on {words} ({len(counted) - 1:,})",
                ours=ours,
                other="geopandas.sjoin",
                theirs=theirs,
                note=f"same counts; peak memory {peak:,} MB beside {other_peak:,} MB" if peak and other_peak else "",
                outside=int(counted[0]),
            )
        )
    return {
        "comparisons": comparisons,
        "targets": [] if quick else [target("30 M points", value=comparisons[0]["ours"], limit=EARLIER, unit="s")],
        "notes": [
            f"sjoin took the same points, all of them, {CHUNK:,} at a time; making its points is in its time.",
            "Peak memory includes the two columns of the points.",
        ],
    }


def measure(kind: Outlines, *, points: int, sjoin: bool) -> tuple[float, Counts]:
    """Time one way, and count the points outside and in each area."""
    areas = outlines(kind)
    x, y = premises(points)
    seconds, found = timed(lambda: by_sjoin(x, y, areas=areas) if sjoin else areas_of_points(x, y, areas=areas))
    return seconds, np.bincount(found + 1, minlength=len(areas) + 1)


def by_sjoin(x: Numbers, y: Numbers, *, areas: gpd.GeoSeries) -> npt.NDArray[np.int32]:
    """Do the same with geopandas.sjoin, in chunks, as one would; the lowest position where there are several."""
    frame = gpd.GeoDataFrame(geometry=areas.to_numpy(), crs=areas.crs)
    result = np.full(len(x), -1, dtype=np.int32)
    for start in range(0, len(x), CHUNK):
        part = slice(start, start + CHUNK)
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x[part], y[part]), crs=areas.crs)
        hits = points.sjoin(frame, predicate="intersects")["index_right"]
        lowest = hits.sort_values(kind="stable")
        lowest = lowest[~lowest.index.duplicated()]
        result[start + lowest.index.to_numpy()] = lowest.to_numpy()
    return result


def premises(count: int) -> tuple[Numbers, Numbers]:
    """Scatter points round the demo's postcodes, in chunks; the same ones every time."""
    centres = _postcodes()
    random = np.random.default_rng(SEED)
    x, y = np.empty(count), np.empty(count)
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        middle = centres[random.integers(0, len(centres), size)]
        east, north = (middle + random.normal(0, SPREAD, (size, 2))).T
        x[start : start + size], y[start : start + size] = east, north
    return x, y


def outlines(kind: Outlines) -> gpd.GeoSeries:
    """Give the demo's areas as they are, or with many corners, or many small cells in their place."""
    if kind == "many":
        centres = np.unique(_postcodes(), axis=0)
        chosen = np.random.default_rng(SEED).choice(len(centres), CELLS, replace=False)
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(centres[chosen])))
        return gpd.GeoSeries(cells, crs=BRITISH_NATIONAL_GRID)
    areas = gpd.read_file(DEMO / "areas.geojson").to_crs(BRITISH_NATIONAL_GRID).geometry
    return areas if kind == "areas" else areas.segmentize(CORNER_EVERY)


def _postcodes() -> Numbers:
    table = pd.read_csv(DEMO / "postcodes.csv", usecols=["easting", "northing"])
    return table.dropna().to_numpy(dtype=float)
