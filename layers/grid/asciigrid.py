"""Grids written as text (ESRI ASCII grid), parsed strictly and handed on as a GeoTIFF in memory.

GDAL reads a word among the heights as 0 and shifts every row when the heading counts the columns wrongly, so the text
is parsed here: as many numbers as the heading promises, and nothing else.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
from rasterio.crs import CRS  # type: ignore[import-untyped]
from rasterio.errors import CRSError  # type: ignore[import-untyped]
from rasterio.io import MemoryFile  # type: ignore[import-untyped]
from rasterio.transform import Affine  # type: ignore[import-untyped]

from layers.errors import LayerError, examples

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
