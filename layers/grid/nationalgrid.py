"""British National Grid: recognised by its parameters, and any other grid laid on it."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from rasterio.crs import CRS  # type: ignore[import-untyped]
from rasterio.transform import Affine  # type: ignore[import-untyped]
from rasterio.vrt import WarpedVRT  # type: ignore[import-untyped]
from rasterio.warp import transform_bounds  # type: ignore[import-untyped]

from layers.errors import LayerError
from layers.outlines.coordinates import BRITISH_NATIONAL_GRID, DEGREES_BOUNDS, GREAT_BRITAIN_METRES, Bounds, within

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
