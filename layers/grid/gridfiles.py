"""British National Grid: recognised by its parameters, and any other grid laid on it.

Grids written as text (ESRI ASCII grid), parsed strictly and handed on as a GeoTIFF in memory.

GDAL reads a word among the heights as 0 and shifts every row when the heading counts the columns wrongly, so the text
is parsed here: as many numbers as the heading promises, and nothing else.

Grid files, opened safely and laid on British National Grid.

A GeoTIFF or an ASCII grid, plain, gzipped or in a zip. Whatever the file, what comes out has square-on cells, rows
from the north and a known place; a file that does not say where it lies or what it leaves out is refused.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio  # type: ignore[import-untyped]
from rasterio._err import CPLE_BaseError  # type: ignore[import-untyped]  # what GDAL raises past rasterio's own errors
from rasterio.crs import CRS  # type: ignore[import-untyped]
from rasterio.enums import ColorInterp, MaskFlags  # type: ignore[import-untyped]
from rasterio.errors import (  # type: ignore[import-untyped]
    CRSError,
    NotGeoreferencedWarning,
    RasterioError,
)
from rasterio.io import MemoryFile  # type: ignore[import-untyped]
from rasterio.transform import Affine  # type: ignore[import-untyped]
from rasterio.vrt import WarpedVRT  # type: ignore[import-untyped]
from rasterio.warp import transform_bounds  # type: ignore[import-untyped]

from layers.errors import LayerError, UnsafeFileError, examples
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES_BOUNDS, GREAT_BRITAIN_METRES, Bounds, within
from layers.intake.files import Limit, read_bytes

PARAMETERS = {"lat_0": 49.0, "lon_0": -2.0, "k": 0.9996012717, "x_0": 400_000.0, "y_0": -100_000.0}
"""Ordnance Survey, A guide to coordinate systems in Great Britain, annexe C."""
CODES = (27700, 7405)
"""EPSG's codes: the grid, and the same grid with heights above Newlyn."""
SAME_SCALE = 1e-8
"""Difference of scale factors that is rounding (it moves Shetland by 1 cm)."""
FULL_CIRCLE: Bounds = (-361.0, -361.0, 361.0, 361.0)
"""Degrees beyond which a coordinate is none; worldwide grids overlap by a cell."""
SQUARE_M = 10_000
"""Side of the squares Ordnance Survey cuts its tiles to, metres."""
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
"""Of the squares of 500 km and 100 km; there is no I."""
WIDE = ("float64", "int32", "uint32", "int64", "uint64")
"""Numbers a float32 would round."""


def is_british_national_grid(crs: CRS) -> bool:
    """Tell whether a coordinate system is British National Grid; many of its files carry no EPSG code.

    >>> is_british_national_grid(CRS.from_epsg(27700)), is_british_national_grid(CRS.from_epsg(3857))
    (True, False)
    """
    return _is_ours(crs.to_wkt())


@lru_cache(maxsize=64)
def _is_ours(wkt: str) -> bool:
    """Compare a coordinate system's parameters; remembered, as 152 tiles say the same and the search takes 7 ms."""
    crs = CRS.from_wkt(wkt)
    stated = crs.to_dict()
    if crs.to_epsg(confidence_threshold=20) not in CODES or stated.get("proj") != "tmerc":
        return False
    alike = all(abs(float(stated.get(key, math.nan)) - value) <= SAME_SCALE for key, value in PARAMETERS.items())
    return alike and stated.get("ellps") == "airy" and stated.get("units") == "m"


def square_name(easting: float, northing: float) -> str:
    """Name the 10 km square a place lies in (Ordnance Survey, Guide to the National Grid).

    >>> square_name(365_000, 95_000), square_name(530_000, 180_000), square_name(450_000, 1_150_000)
    ('SY69', 'TQ38', 'HU55')
    """
    column, row = int(easting // 100_000), int(northing // 100_000)
    first = (19 - row) - (19 - row) % 5 + (column + 10) // 5
    second = (19 - row) * 5 % 25 + column % 5
    tens = int(easting % 100_000 // SQUARE_M), int(northing % 100_000 // SQUARE_M)
    return f"{LETTERS[first]}{LETTERS[second]}{tens[0]}{tens[1]}"


def squares_of(bounds: Bounds) -> dict[str, Bounds]:
    """Name the 10 km squares that bounds on the National Grid reach into, each with its own bounds.

    >>> list(squares_of((355_000, 90_000, 365_000, 95_000)))
    ['SY59', 'SY69']
    """
    west, south = (int(edge // SQUARE_M) for edge in bounds[:2])
    east, north = (math.ceil(edge / SQUARE_M) for edge in bounds[2:])
    corners = [(x * SQUARE_M, y * SQUARE_M) for x in range(west, east) for y in range(south, north)]
    return {square_name(x, y): (x, y, x + SQUARE_M, y + SQUARE_M) for x, y in corners}


def refuse_no_place(dataset: Any, *, file: str) -> None:  # noqa: ANN401  # rasterio has no types
    """Refuse a dataset without a coordinate system, or with numbers that cannot be in its units.

    Raises
    ------
    LayerError
        Saying whether the numbers look like degrees or like metres.
    """
    bounds: Bounds = tuple(dataset.bounds)
    like_degrees = within(bounds, DEGREES_BOUNDS)
    if not dataset.crs:
        raise LayerError(
            "The grid does not say which coordinate system it is on.",
            file=file,
            expected="British National Grid (EPSG:27700), named in the file or in a .prj beside it",
            found=f"none; its numbers look like {'degrees' if like_degrees else 'metres'}",
            next_step="export it with its coordinate system, or put the publisher's .prj beside it",
        )
    in_degrees = bool(dataset.crs.is_geographic)
    if in_degrees != like_degrees and not (in_degrees and within(bounds, FULL_CIRCLE)):
        raise LayerError(
            "The grid's coordinates are not in the units it declares.",
            file=file,
            expected="degrees of longitude and latitude" if in_degrees else "metres",
            found="degrees" if like_degrees else "metres or another grid",
            next_step="export it again with the right coordinate system",
        )


def refuse_other_grid(dataset: Any, *, file: str) -> None:  # noqa: ANN401
    """Refuse a dataset that is not on British National Grid.

    Raises
    ------
    LayerError
        Naming what it is on.
    """
    if not is_british_national_grid(dataset.crs):
        raise LayerError(
            "The grid is not on British National Grid.",
            file=file,
            expected="British National Grid (EPSG:27700), metres",
            found="degrees" if dataset.crs.is_geographic else dataset.crs.to_string()[:60],
            next_step="take the publisher's edition on British National Grid",
        )


def laid_on_it(dataset: Any, *, band: int, nodata: float | None, most: int, file: str) -> WarpedVRT:  # noqa: ANN401
    """Lay a dataset on British National Grid while it is read: nearest cell, so that no value is made up.

    Cells the source does not cover are NaN; left to itself the library fills them with 0. Without Ordnance Survey's
    shift file, which is not shipped, the change of datum is good to about 5 m.

    Parameters
    ----------
    band
        The band that will be read; decides how wide a number is needed.
    nodata
        The source's value for “not known”, or None.
    most
        Cells the result may have.

    Raises
    ------
    LayerError
        When no part of it is in Great Britain, or the result would be too large.
    """
    west, south, east, north = _within_britain(dataset, file=file)
    width, height = max(1, round((east - west) / dataset.res[0])), max(1, round((north - south) / dataset.res[1]))
    # As many cells as the source has there: rasterio's own proposal warns under the affine library it comes with.
    left, bottom, right, top = transform_bounds(dataset.crs, BRITISH_NATIONAL_GRID, west, south, east, north)
    if width * height > most:
        raise LayerError(
            "The grid is too large on British National Grid.",
            file=file,
            expected=f"at most {most:,} cells",
            found=f"{width * height:,}",
            next_step="cut the grid to the study first",
        )
    return WarpedVRT(
        dataset,
        crs=BRITISH_NATIONAL_GRID,
        transform=Affine((right - left) / width, 0, left, 0, -(top - bottom) / height, top),
        width=width,
        height=height,
        src_nodata=nodata,
        nodata=math.nan,
        dtype="float64" if dataset.dtypes[band - 1] in WIDE else "float32",
    )


def _within_britain(dataset: Any, *, file: str) -> Bounds:  # noqa: ANN401
    """Cut a dataset's bounds to Great Britain, in its own coordinate system: a world map becomes a small one."""
    box = transform_bounds(BRITISH_NATIONAL_GRID, dataset.crs, *GREAT_BRITAIN_METRES)
    theirs = dataset.bounds
    west, east = max(box[0], min(theirs.left, theirs.right)), min(box[2], max(theirs.left, theirs.right))
    south, north = max(box[1], min(theirs.bottom, theirs.top)), min(box[3], max(theirs.bottom, theirs.top))
    if west >= east or south >= north:
        raise LayerError(
            "The grid is not in Great Britain.",
            file=file,
            expected="cells between Scilly and Shetland",
            found=f"{theirs.left:,.1f}, {theirs.bottom:,.1f} to {theirs.right:,.1f}, {theirs.top:,.1f}",
            next_step="check that it is the right file, and that longitude and latitude are not swapped",
        )
    return west, south, east, north


HEADING = re.compile(
    rb"\s*(?:(?:ncols|nrows|[xy]ll(?:corner|center)|cellsize|nodata_value)[ \t]+\S+\s+)+", re.IGNORECASE
)
NEEDED = ("ncols", "nrows", "cellsize")


def is_ascii_grid(content: bytes) -> bool:
    r"""Tell whether bytes start like an ASCII grid.

    >>> is_ascii_grid(b"ncols 200\r\nnrows 200\r\n"), is_ascii_grid(b"<html>")
    (True, False)
    """
    return HEADING.match(content) is not None


def as_geotiff(content: bytes, *, projection: bytes | None, file: str) -> bytes:
    """Turn an ASCII grid into an uncompressed GeoTIFF with the same cells.

    Parameters
    ----------
    content
        The text of the grid: heading, then a number for each cell, row by row from the north.
    projection
        The text of the ``.prj`` beside it (ESRI's words for a coordinate system), or None.
    file
        Its name, for messages.

    Returns
    -------
    bytes
        One band of float64; the coordinate system and the nodata value are those the grid states, or none.

    Raises
    ------
    LayerError
        For a heading that lacks a key, cells that are not numbers or not as many as the heading says, or a ``.prj``
        that cannot be understood.
    """
    match = HEADING.match(content)
    heading = _heading(match[0] if match else b"", file)
    cells = _cells(content[match.end() if match else 0 :], heading, file)
    half = heading["cellsize"] / 2
    west = heading["xllcorner"] if "xllcorner" in heading else heading["xllcenter"] - half
    south = heading["yllcorner"] if "yllcorner" in heading else heading["yllcenter"] - half
    north = south + cells.shape[0] * heading["cellsize"]
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            height=cells.shape[0],
            width=cells.shape[1],
            count=1,
            dtype="float64",
            crs=_coordinate_system(projection, file),
            transform=Affine(heading["cellsize"], 0, west, 0, -heading["cellsize"], north),
            nodata=heading.get("nodata_value"),
        ) as dataset:
            dataset.write(cells, 1)
        written: bytes = memory.read()
    return written


def _heading(text: bytes, file: str) -> dict[str, float]:
    """Read the heading's numbers, keys in small letters."""
    words = text.decode("ascii", errors="replace").split()
    stated = {key.lower(): number for key, number in zip(words[::2], words[1::2], strict=True)}
    lacking = [key for key in NEEDED if key not in stated]
    lacking += [f"{axis}llcorner" for axis in "xy" if not {f"{axis}llcorner", f"{axis}llcenter"} & set(stated)]
    try:
        numbers = {key: float(number) for key, number in stated.items()}
    except ValueError:
        numbers = {}
    placed = [value for key, value in numbers.items() if key != "nodata_value"]
    sizes = [numbers.get(key, 0.0) for key in NEEDED]
    if lacking or not np.isfinite([*placed, *sizes]).all() or min(sizes) <= 0 or sizes[0] % 1 or sizes[1] % 1:
        raise _broken(
            file,
            expected="ncols, nrows, xllcorner, yllcorner and cellsize, each with a number",
            found=f"no {examples(lacking)}" if lacking else " ".join(words),
        )
    return numbers


def _cells(text: bytes, heading: dict[str, float], file: str) -> npt.NDArray[np.float64]:
    rows, columns = int(heading["nrows"]), int(heading["ncols"])
    try:
        cells = np.fromstring(text, dtype=np.float64, sep=" ")
    except (ValueError, DeprecationWarning) as error:
        raise _broken(file, expected="a number in each cell", found=str(error)) from error
    if len(cells) != rows * columns:
        raise _broken(
            file, expected=f"{rows:,} rows of {columns:,} numbers, {rows * columns:,} in all", found=f"{len(cells):,}"
        )
    return cells.reshape(rows, columns)


def _coordinate_system(projection: bytes | None, file: str) -> CRS | None:
    if projection is None:
        return None
    try:
        return CRS.from_wkt(projection.decode("utf-8-sig").strip(), morph_from_esri_dialect=True)
    except (CRSError, UnicodeDecodeError) as error:
        raise LayerError(
            "The grid's coordinate system cannot be understood.",
            file=file,
            expected="a .prj beside the grid that names one",
            found=str(error)[:80],
            next_step="download the grid and its .prj again",
        ) from error


def _broken(file: str, *, expected: str, found: str) -> LayerError:
    return LayerError(
        "The grid cannot be read.", file=file, expected=expected, found=found, next_step="download the grid again"
    )


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
