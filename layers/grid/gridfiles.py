"""Grid files, opened safely and laid on British National Grid.

A GeoTIFF or an ASCII grid, plain, gzipped or in a zip. Whatever the file, what comes out has square-on cells, rows
from the north and a known place; a file that does not say where it lies or what it leaves out is refused.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rasterio  # type: ignore[import-untyped]
from rasterio._err import CPLE_BaseError  # type: ignore[import-untyped]  # what GDAL raises past rasterio's own errors
from rasterio.enums import ColorInterp, MaskFlags  # type: ignore[import-untyped]
from rasterio.errors import NotGeoreferencedWarning, RasterioError  # type: ignore[import-untyped]
from rasterio.io import MemoryFile  # type: ignore[import-untyped]

from layers.errors import LayerError, UnsafeFileError
from layers.files import read_bytes
from layers.grid.asciigrid import as_geotiff, is_ascii_grid
from layers.grid.nationalgrid import is_british_national_grid, laid_on_it, refuse_no_place, refuse_other_grid
from layers.opening import Limit

CELLS = Limit(1_000_000_000, "cells", "one grid", "assumption: Great Britain in squares of 50 m has 364 million")
BLOCK = Limit(64_000_000, "cells", "a block that is unpacked whole", "assumption: half a gigabyte of memory")
PLAIN = (".tif", ".tiff")
ANY_GRID, ANY_PROJECTION = "*.[aAtT][sSiI][cCfF]", "*.[pP][rR][jJ]"
"""The one .asc or .tif of a zip, and its .prj, where no member is named."""


@dataclass(frozen=True, slots=True)
class Grid:
    """An opened grid file on British National Grid.

    Attributes
    ----------
    dataset
        A rasterio dataset: rows from the north, cells square-on, metres.
    band
        The band that is meant, from 1.
    nodata
        The value that stands for “not known”, or None.
    """

    dataset: Any
    band: int
    nodata: float | None


def open_grid(  # each is one thing a file may leave out
    path: Path,
    *,
    member: str | None,
    band: int | None,
    nodata: float | None,
    allow_missing_nodata: bool,
    reproject: bool,
    stack: ExitStack,
) -> Grid:
    """Open a grid file; `stack` closes it. See :func:`layers.grid.rasters.open_raster` for the other parameters.

    Raises
    ------
    LayerError
        For a file that cannot be read, has no coordinate system or one that is not wanted, does not say what it
        leaves out, holds several bands, or lies outside Great Britain.
    """
    with readable(path.name):
        dataset = _opened(path, member=member, stack=stack)
        _refuse_too_large(dataset, path.name)
        band = _band(dataset, band, path.name)
        nodata = _nodata(dataset, band, nodata, path.name, allow_missing=allow_missing_nodata)
        refuse_no_place(dataset, file=path.name)
        if not reproject:
            refuse_other_grid(dataset, file=path.name)
        place = dataset.transform
        square_on = place.b == place.d == 0 and place.a > 0 > place.e
        if not (square_on and is_british_national_grid(dataset.crs)):
            laid = laid_on_it(dataset, band=band, nodata=nodata, most=CELLS.value, file=path.name)
            return Grid(stack.enter_context(laid), band, math.nan)
    return Grid(dataset, band, nodata)


@contextmanager
def readable(file: str) -> Iterator[None]:
    """Turn every way the cells of a grid can fail to be read into one message."""
    try:
        yield
    except (RasterioError, CPLE_BaseError, OSError, ValueError) as error:
        raise UnsafeFileError(
            "The grid cannot be read.",
            file=file,
            expected="a whole GeoTIFF or ASCII grid",
            found=str(error.__cause__ or error)[:120] or type(error).__name__,
            next_step="download the file again; it may be cut short",
        ) from error


def _opened(path: Path, *, member: str | None, stack: ExitStack) -> Any:  # noqa: ANN401  # rasterio has no types
    if path.suffix.lower() in PLAIN and member is None and path.is_file():
        return _placed(lambda: rasterio.open(path, driver="GTiff"), path.name, stack)  # read window by window
    zipped = path.suffix.lower() == ".zip"
    content = read_bytes(path, member=member or (ANY_GRID if zipped else None))
    if is_ascii_grid(content):
        content = as_geotiff(content, projection=_projection(path, member, zipped=zipped), file=path.name)
    memory = stack.enter_context(MemoryFile(content))
    return _placed(lambda: memory.open(driver="GTiff"), path.name, stack)


def _placed(opener: Any, file: str, stack: ExitStack) -> Any:  # noqa: ANN401
    """Open a GeoTIFF that says where it lies."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # said below, and as an error
        dataset = stack.enter_context(opener())
        if not dataset.transform.is_identity:
            return dataset
    raise LayerError(
        "The grid does not say where it lies.",
        file=file,
        expected="the place of a corner and the size of a cell",
        found="neither",
        next_step="export it again as GeoTIFF or ASCII grid with its position",
    )


def _projection(path: Path, member: str | None, *, zipped: bool) -> bytes | None:
    """Read the .prj that goes with an ASCII grid; None when there is none."""
    if not zipped:
        inner = path.with_suffix("") if path.suffix.lower() == ".gz" else path
        beside = [inner.with_suffix(ending) for ending in (".prj", ".PRJ")]
        return next((read_bytes(prj) for prj in beside if prj.is_file()), None)
    try:
        return read_bytes(path, member=ANY_PROJECTION if member is None else f"{member[:-3]}[pP][rR][jJ]")
    except UnsafeFileError:
        raise
    except LayerError:
        return None  # no such member: refused later, as a grid without a coordinate system


def _band(dataset: Any, band: int | None, file: str) -> int:  # noqa: ANN401
    bands = [number for number, colour in enumerate(dataset.colorinterp, start=1) if colour != ColorInterp.alpha]
    chosen = bands[0] if band is None and len(bands) == 1 else band
    if chosen in bands:
        return int(chosen)
    raise LayerError(
        "Which band of the grid is meant is not clear." if band is None else "The grid has no such band.",
        file=file,
        expected="a file with one band, or the number of one" if band is None else f"a band {band}",
        found=f"{len(bands):,} bands",
        next_step="name the band, or export the one that is meant; a picture of a map is no grid",
    )


def _nodata(dataset: Any, band: int, nodata: float | None, file: str, *, allow_missing: bool) -> float | None:  # noqa: ANN401
    """Find the value that stands for “not known”; a mask in the file does as well."""
    nodata = dataset.nodatavals[band - 1] if nodata is None else nodata
    masked = MaskFlags.all_valid not in dataset.mask_flag_enums[band - 1]
    if nodata is None and not masked and not allow_missing:
        raise LayerError(
            "The grid does not say which value stands for “not known”.",
            file=file,
            expected="a nodata value in the file, or named by whoever reads it",
            found="none",
            next_step="set the file's nodata value; a gap would otherwise pass for a figure",
        )
    return nodata


def _refuse_too_large(dataset: Any, file: str) -> None:  # noqa: ANN401
    for limit, cells in ((CELLS, dataset.width * dataset.height), (BLOCK, max(h * w for h, w in dataset.block_shapes))):
        if cells > limit.value:
            raise UnsafeFileError(
                "The grid is too large.",
                file=file,
                expected=f"at most {limit.value:,} {limit.unit} ({limit.meaning})",
                found=f"{cells:,}",
                next_step="cut the grid to the study, or export it in tiles or larger cells",
            )
