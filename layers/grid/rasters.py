"""Rasters: values on a grid of cells, opened whatever they come in.

Heights, signal strength, population. A cell without a value is NaN from here on, never 0.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from rasterio.transform import Affine  # type: ignore[import-untyped]
from rasterio.windows import Window  # type: ignore[import-untyped]

from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.grid.gridfiles import Grid, open_grid, readable
from layers.grid.nationalgrid import WIDE
from layers.outlines.coordinates import Bounds

Cells = npt.NDArray[np.floating]
AT_ONCE = 16_000_000
"""Cells held in memory at a time (assumption: 128 MB)."""
INSIDE = Figure(0.5, "share of the area", "the least of an area a grid must reach to cover it", "assumption")


@dataclass(frozen=True, slots=True)
class Raster:
    """An opened grid on British National Grid.

    Attributes
    ----------
    name
        The file's name, for messages.
    transform
        Where it lies: ``a`` and ``-e`` are a cell's width and height, ``c`` and ``f`` the north-western corner, metres.
    shape
        Rows and columns; row 0 is the northernmost.
    cells
        Gives a block of rows and columns (two slices with start and stop) as floats, NaN where not known.
    nodata
        The value that stood for “not known” in the file; None when it has none.
    closer
        Lets go of the file.
    """

    name: str
    transform: Affine
    shape: tuple[int, int]
    cells: Callable[[slice, slice], Cells]
    nodata: float | None = None
    closer: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, array: Cells, *, west: float, north: float, cell_m: float, name: str) -> Raster:
        """Make a raster of an array in memory, NaN where not known."""
        rows, columns = array.shape
        place = Affine(cell_m, 0, west, 0, -cell_m, north)
        return cls(name, place, (rows, columns), lambda down, across: array[down, across], nodata=np.nan)

    def read(self, *, rows: slice = slice(None), columns: slice = slice(None)) -> Cells:
        """Read a block of cells, or all of them.

        Returns
        -------
        ndarray, shape (rows, columns)
            Floats; NaN where not known.

        Raises
        ------
        LayerError
            When the file is broken there.
        """
        down, across = (slice(*part.indices(n)[:2]) for part, n in zip((rows, columns), self.shape, strict=True))
        return self.cells(down, across)

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in metres."""
        west, north = float(self.transform.c), float(self.transform.f)
        rows, columns = self.shape
        return west, north + rows * float(self.transform.e), west + columns * float(self.transform.a), north

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        self.closer()


def open_raster(  # each is one thing a file may leave out
    path: Path,
    *,
    member: str | None = None,
    band: int | None = None,
    nodata: float | None = None,
    allow_missing_nodata: bool = False,
    reproject: bool = True,
    areas: gpd.GeoSeries | None = None,
    allowed: float = 0.0,
) -> Raster:
    """Open a GeoTIFF or ASCII grid.

    Parameters
    ----------
    path
        The file; ``.zip`` and ``.gz`` are read in place.
    member
        Which file of a zip: a name or pattern. May be left out when the zip holds one ``.asc`` or ``.tif``.
    band
        Which band, from 1; may be left out when there is one.
    nodata
        The value that stands for “not known”, when the file does not say or says it wrongly.
    allow_missing_nodata
        Whether a file may have no such value (OS Terrain 50: every cell of a tile has a height).
    reproject
        Whether a file on another coordinate system is laid on British National Grid (nearest cell) or refused.
    areas
        The study's areas (EPSG:27700), when the raster must cover them.
    allowed
        Share of the areas it may miss.

    Returns
    -------
    Raster
        To be used in a ``with`` block.

    Raises
    ------
    LayerError
        For a file that cannot be read, does not say where it lies or what it leaves out, or misses the study.
    """
    with ExitStack() as stack:
        grid = open_grid(
            path,
            member=member,
            band=band,
            nodata=nodata,
            allow_missing_nodata=allow_missing_nodata,
            reproject=reproject,
            stack=stack,
        )
        place, shape = grid.dataset.transform, grid.dataset.shape
        raster = Raster(path.name, place, shape, _reader(grid, path.name), grid.nodata)
        if areas is not None:
            refuse_elsewhere(raster, areas=areas, allowed=allowed)
        return Raster(path.name, place, shape, raster.cells, grid.nodata, stack.pop_all().close)
    raise AssertionError  # pragma: no cover  # an ExitStack of ours hides no error


def refuse_elsewhere(raster: Raster, *, areas: gpd.GeoSeries, allowed: float = 0.0) -> None:
    """Refuse a raster whose extent misses more of the areas than allowed.

    Raises
    ------
    LayerError
        With how many it misses and an example.
    """
    shapes = in_metres(areas, file=raster.name)
    inside = shapely.area(shapely.clip_by_rect(shapes.to_numpy(), *raster.bounds)) / shapes.area.to_numpy()
    missed = shapes.index[~(inside >= INSIDE.value)]
    if len(missed) > allowed * len(shapes):
        raise LayerError(
            f"The grid does not cover {len(missed):,} of the study's {len(shapes):,} areas.",
            file=raster.name,
            rows=f"missing: {examples(missed)}",
            expected=f"at most {allowed:.0%} of the areas missing",
            found=f"cells from {', '.join(f'{edge:,.0f}' for edge in raster.bounds)} (west, south, east, north)",
            next_step="take the tiles or the edition that cover the study's districts",
        )


def in_metres(areas: gpd.GeoSeries, *, file: str) -> gpd.GeoSeries:
    """Give areas back once they are known to be on British National Grid.

    Raises
    ------
    LayerError
        For degrees, another grid, or none named.
    """
    if areas.crs is None or areas.crs.to_epsg() != 27700:  # noqa: PLR2004  # the code of British National Grid
        on = "no coordinate system" if areas.crs is None else areas.crs.name
        raise LayerError(
            "The areas are not on British National Grid.",
            file=file,
            expected="areas in EPSG:27700, metres",
            found=f"{on}, degrees" if areas.crs is not None and areas.crs.is_geographic else on,
            next_step="convert the areas with to_crs(27700) before they are measured",
        )
    return areas


def _reader(grid: Grid, file: str) -> Callable[[slice, slice], Cells]:
    """Read blocks of a file's cells as floats: gaps, and what is not a number, become NaN."""
    dataset, band = grid.dataset, grid.band
    scale, offset = float(dataset.scales[band - 1]), float(dataset.offsets[band - 1])
    kind = np.float64 if dataset.dtypes[band - 1] in WIDE else np.float32

    def cells(rows: slice, columns: slice) -> Cells:
        with readable(file):
            block = dataset.read(band, window=Window.from_slices(rows, columns), masked=True)
        known = np.isfinite(block.data) & ~np.ma.getmaskarray(block)
        if grid.nodata is not None:
            known &= block.data != grid.nodata
        values: Cells = block.data.astype(kind) * kind(scale) + kind(offset)
        values[~known] = np.nan
        return values

    return cells
