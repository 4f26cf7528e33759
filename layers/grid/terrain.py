"""Terrain: how hilly each area is, from OS Terrain 50 tiles read in their zips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.grid.gridfiles import CELLS, squares_of
from layers.grid.rasters import Cells, Raster, in_metres, open_raster, zonal
from layers.intake.coordinates import Bounds
from layers.ledger import OUTSIDE, Ledger, Unused
from layers.reading import StudyReading

LEAST_COVERED = Figure(
    0.8, "share of the area", "below it an area has no terrain figures", "assumption", low=0.5, high=0.95
)
WHOLE = 1 - 1e-6
"""Share from which an area counts as wholly covered (assumption: the rest is rounding)."""
NEIGHBOURS = [(down, across) for down in (0, 1, 2) for across in (0, 1, 2) if (down, across) != (1, 1)]


def read_terrain(paths: Sequence[Path], *, areas: gpd.GeoSeries, ledger: Ledger) -> pd.DataFrame:
    """Summarise the heights of each area.

    Parameters
    ----------
    paths
        OS Terrain 50 tiles: a zip, or an ASCII grid with its ``.prj``, for each 10 km square. Tiles elsewhere do no
        harm. Where there is no tile, heights are not known (open sea has none), never 0 m.
    areas
        The spine's shapes, index ``area_code``, EPSG:27700.
    ledger
        Told how many areas lie partly on ground without a tile, which tiles that would be, and how many areas are
        left without figures.

    Returns
    -------
    pandas.DataFrame
        Index as `areas`. ``relief_m``: highest minus lowest height, metres. ``ruggedness_m``: mean terrain ruggedness
        index, metres (see :func:`ruggedness`). ``elevation_mean_m``: metres above the mean level of the sea at Newlyn.
        ``terrain_covered``: share of the area with heights, 0 to 1. The first three are NaN where that share is below
        `LEAST_COVERED`.

    Raises
    ------
    LayerError
        For a tile that cannot be read or does not fit the others, or tiles that all lie elsewhere.
    """
    shapes = in_metres(areas, file="OS Terrain 50")
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    heights, squares = mosaic(paths, bounds=(west, south, east, north), ledger=ledger)
    table = zonal(heights, areas=shapes, statistics=("mean", "min", "max"))
    rough = zonal(ruggedness(heights), areas=shapes, statistics=("mean",))
    enough = table["covered"] >= LEAST_COVERED.value
    _say_gaps(shapes, covered=table["covered"], enough=enough, squares=squares, ledger=ledger)
    figures = pd.DataFrame(
        {
            "relief_m": table["max"] - table["min"],
            "ruggedness_m": rough["mean"],
            "elevation_mean_m": table["mean"],
        }
    )
    return figures.where(enough).assign(terrain_covered=table["covered"])


def terrain_columns(reading: StudyReading) -> pd.DataFrame | None:
    """Give each area of the spine its heights; None when the study has no tiles."""
    layer = reading.study.layer("terrain")
    if layer is None:
        return None
    paths = reading.study.paths(layer)
    for path in paths:
        reading.ledger.used(path, kind="terrain", rows=1)
    reading.ledger.check(
        "", "tiles fit together: one size of cell, one height for each", rows=len(paths), kind="terrain"
    )
    return read_terrain(paths, areas=reading.spine.geometry, ledger=reading.ledger)


def mosaic(paths: Sequence[Path], *, bounds: Bounds, ledger: Ledger) -> tuple[Raster, set[str]]:
    """Put tiles together; cells without a tile are NaN.

    Parameters
    ----------
    bounds
        West, south, east, north in metres; tiles wholly outside are left out.
    ledger
        Told how many tiles are used.

    Returns
    -------
    tuple of Raster and set of str
        The heights in metres, in memory, and the 10 km squares that have a tile, such as ``{"SY69"}``.

    Raises
    ------
    LayerError
        When cells differ in size or do not line up, two tiles disagree, or no tile touches the bounds.
    """
    tiles = [tile for tile in map(_tile, paths) if _touches(tile.bounds, bounds)]
    ledger.rows(
        "",
        rows_in=len(paths),
        rows_used=len(tiles),
        unused=[Unused.of(OUTSIDE, len(paths) - len(tiles), harmless=True)],
        kind="terrain",
        noun="tiles",
    )
    if not tiles:
        raise LayerError(
            "No terrain tile covers any of the study's areas.",
            file=examples(path.name for path in paths),
            expected=f"the tiles of squares {examples(sorted(squares_of(bounds)))}",
            found=f"{len(paths):,} tiles, all elsewhere",
            next_step="take the tiles of the study's 10 km squares",
        )
    cell = float(tiles[0].transform.a)
    west, north = min(tile.bounds[0] for tile in tiles), max(tile.bounds[3] for tile in tiles)
    columns = round((max(tile.bounds[2] for tile in tiles) - west) / cell)
    rows = round((north - min(tile.bounds[1] for tile in tiles)) / cell)
    if rows * columns > CELLS.value:
        raise _misfit(tiles[0], expected=f"tiles of {CELLS.value:,} cells together", found=f"{rows * columns:,}")
    heights = np.full((rows, columns), np.nan, dtype=np.float32)
    for tile in tiles:
        down, across = (north - tile.bounds[3]) / cell, (tile.bounds[0] - west) / cell
        if (tile.transform.a, -tile.transform.e) != (cell, cell) or down % 1 or across % 1:
            raise _misfit(tile, expected=f"cells of {cell:g} m that line up with {tiles[0].name}", found="others")
        part = heights[int(down) : int(down) + tile.shape[0], int(across) : int(across) + tile.shape[1]]
        new = tile.read().astype(np.float32)
        if (np.isfinite(part) & np.isfinite(new) & (part != new)).any():
            raise _misfit(tile, expected="one tile for each square", found="another tile with other heights")
        np.copyto(part, new, where=np.isfinite(new))
    squares = {square for tile in tiles for square in squares_of(tile.bounds)}
    return Raster.of(heights, west=west, north=north, cell_m=cell, name="OS Terrain 50"), squares


def ruggedness(heights: Raster) -> Raster:
    """Terrain ruggedness index: how much a cell's height differs from that of the eight around it.

    The square root of the sum of the eight squared differences, metres. NaN where any of the nine is not known.

    References
    ----------
    Riley, S. J., DeGloria, S. D., Elliot, R. (1999). A terrain ruggedness index that quantifies topographic
    heterogeneity. Intermountain Journal of Sciences 5, 23-27. (Their classes are for cells of 1 km: not used here.)
    """
    rows, columns = heights.shape

    def cells(down: slice, across: slice) -> Cells:
        tall, wide = down.stop - down.start, across.stop - across.start
        around = np.full((tall + 2, wide + 2), np.nan, dtype=np.float32)
        top, left = max(down.start - 1, 0), max(across.start - 1, 0)
        known = heights.read(
            rows=slice(top, min(down.stop + 1, rows)), columns=slice(left, min(across.stop + 1, columns))
        )
        y, x = top - down.start + 1, left - across.start + 1
        around[y : y + known.shape[0], x : x + known.shape[1]] = known
        middle = around[1:-1, 1:-1]
        total = np.zeros((tall, wide), dtype=np.float32)
        for y, x in NEIGHBOURS:
            total += (around[y : y + tall, x : x + wide] - middle) ** 2
        rough: Cells = np.sqrt(total)
        return rough

    return Raster(heights.name, heights.transform, heights.shape, cells, np.nan)


def _tile(path: Path) -> Raster:
    """Read one tile. It has no nodata value, and needs none: each of its cells has a height, the sea's among them."""
    with open_raster(path, allow_missing_nodata=True, reproject=False) as tile:
        west, _, _, north = tile.bounds
        array = tile.read()
        if float(tile.transform.a) != -float(tile.transform.e):
            raise _misfit(tile, expected="square cells", found="oblong ones")
        return Raster.of(array, west=west, north=north, cell_m=float(tile.transform.a), name=tile.name)


def _touches(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _misfit(tile: Raster, *, expected: str, found: str) -> LayerError:
    return LayerError(
        "A terrain tile does not fit the others.",
        file=tile.name,
        expected=expected,
        found=found,
        next_step="take all tiles from one release of OS Terrain 50, each once",
    )


def _say_gaps(
    shapes: gpd.GeoSeries, *, covered: pd.Series, enough: pd.Series, squares: set[str], ledger: Ledger
) -> None:
    """Record areas that lie on ground without a tile, and the tiles that would help."""
    partly = shapes[covered < WHOLE]
    rule = "every area lies wholly on ground with heights"
    ledger.check("", rule, rows=len(shapes), failing=len(partly), examples=partly.index, then="kept", kind="terrain")
    if partly.empty:
        return
    needed = {
        name
        for shape in partly
        for name, box in squares_of(shape.bounds).items()
        if name not in squares and shape.intersects(shapely.box(*box))
    }
    lost = enough.index[~enough]
    ledger.warn(
        f"OS Terrain 50: {len(partly):,} of {len(shapes):,} areas lie partly on ground without heights"
        + (f" (no tile for {examples(sorted(needed))})" if needed else "")
        + f"; {len(lost):,} of them less than {LEAST_COVERED.value:.0%} covered and without terrain figures"
        + (f" ({examples(lost)})." if len(lost) else ".")
    )
