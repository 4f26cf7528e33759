"""Where people live, as dots: one for each square kilometre of a build's density grid. Knows no Streamlit.

The grid is modelled, so a dot has one of three sizes and no figure of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np

from layers.errors import OutputError

GRID, DEGREES = 27700, 4326


@dataclass(frozen=True, slots=True)
class Size:
    """One size of dot.

    Attributes
    ----------
    least
        Premises (or lines) in the square kilometre, at least.
    metres
        The dot's radius; a square holds a circle of 500.
    label
        What the legend says.
    """

    least: float
    metres: int
    label: str


SIZES = (
    Size(10, 170, "10 to 99"),
    Size(100, 300, "100 to 999"),
    Size(1000, 460, "1,000 or more"),
)
"""Ten times as many for each size (assumption); under 10 no dot, as no figure is given for so few (method §3)."""

FINE = 1000
"""Steps in a degree: about 100 m, a tenth of a cell."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Dots ready to send.

    Attributes
    ----------
    corner
        Latitude and longitude from which they are counted, in whole steps of a `FINE`th of a degree.
    sizes
        For each size of dot its radius in metres, and steps north and east of each, one after the other.
    """

    corner: tuple[int, int]
    sizes: list[tuple[int, list[int]]]


def read_dots(path: Path, *, near: gpd.GeoSeries) -> Dots:
    """Read the dots around some shapes.

    Parameters
    ----------
    path
        A build's `density.tif`.
    near
        Shapes on the British National Grid; dots beyond their bounds are left out.

    Raises
    ------
    OutputError
        When the grid cannot be read.
    """
    import rasterio  # type: ignore[import-untyped]  # noqa: PLC0415 - 0.2 s that only a reader of the dots pays

    try:
        with rasterio.open(path) as grid:
            cells, turn, found = grid.read(1), grid.transform, grid.crs
    except rasterio.errors.RasterioError as error:
        raise _unreadable(path, found=type(error).__name__) from error
    if found is None or found.to_epsg(confidence_threshold=20) != GRID:
        raise _unreadable(path, found="no British National Grid")
    left, bottom, right, top = near.total_bounds
    rows, columns = np.nonzero(np.nan_to_num(cells) >= SIZES[0].least)
    x, y = turn.c + turn.a * (columns + 0.5), turn.f + turn.e * (rows + 0.5)
    kept = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    places = gpd.GeoSeries(gpd.points_from_xy(x[kept], y[kept]), crs=GRID).to_crs(DEGREES)
    spots = np.rint(np.column_stack([places.y, places.x]) * FINE).astype(int)
    south, west = spots.min(axis=0).tolist() if len(spots) else (0, 0)
    spots -= [south, west]
    size = np.searchsorted([size.least for size in SIZES], cells[rows, columns][kept], side="right") - 1
    sizes = [(one.metres, spots[size == number].ravel().tolist()) for number, one in enumerate(SIZES)]
    return Dots((south, west), sizes)


def _unreadable(path: Path, *, found: str) -> OutputError:
    return OutputError(
        "The map of where people live cannot be read.",
        file=path,
        expected="the GeoTIFF a build writes",
        found=found,
        next_step="build the study again",
    )
