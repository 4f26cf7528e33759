"""Where coordinates may lie, and shapes brought onto British National Grid whatever their file declares."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.errors import LayerError, examples

BRITISH_NATIONAL_GRID = "EPSG:27700"
DEGREES = "EPSG:4326"
Bounds = tuple[float, float, float, float]
CRS = Any
"""A coordinate system as geopandas gives it, which is pyproj's."""
GREAT_BRITAIN_METRES: Bounds = (-100_000.0, -100_000.0, 800_000.0, 1_300_000.0)
"""Loose bounds of British National Grid (Ordnance Survey: 0–700,000 m east, 0–1,300,000 m north)."""
DEGREES_BOUNDS: Bounds = (-180.0, -90.0, 180.0, 90.0)
GRID_CODES = (27700, 7405)
"""EPSG's codes: the grid, and the same grid with heights above Newlyn."""
LOOKS_ALIKE = 20
"""Percent of confidence at which PROJ may name a system that carries no code, as many of the grid's files do not."""


def on_the_grid(table: gpd.GeoDataFrame, *, file: str) -> gpd.GeoDataFrame:
    """Bring shapes onto British National Grid, refusing units that do not fit what they declare.

    Parameters
    ----------
    table
        Shapes with the coordinate system their file declares.
    file
        The file's name, for messages.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows in EPSG:27700, flat; shapes not yet checked.

    Raises
    ------
    LayerError
        When no coordinate system is declared, or coordinates are not numbers, or not where and what they should be.
    """
    shapes = table.set_geometry(shapely.force_2d(table.geometry.to_numpy()))
    if (shapes.geometry.isna() | shapes.geometry.is_empty).all():
        return shapes.set_crs(BRITISH_NATIONAL_GRID, allow_override=True)  # nothing to measure; refused as no areas
    crs = _declared(table.crs, file)
    _refuse_no_numbers(shapes, file)
    _refuse_wrong_units(shapes, crs, file)
    placed = shapes.set_crs(crs, allow_override=True).to_crs(BRITISH_NATIONAL_GRID)
    _refuse_elsewhere(placed, shapes, crs, file)
    return placed


def shape_numbers(bad: pd.Series) -> str:
    """Name the shapes at which a mask is true, counted from 1 in the order of the file."""
    return f"shape {examples(position for position, is_bad in enumerate(bad, start=1) if is_bad)}"


def within(bounds: npt.NDArray[np.float64] | Bounds, limits: Bounds) -> bool:
    """Tell whether bounds (west, south, east, north) lie inside limits.

    >>> within((0, 0, 1, 1), (0, 0, 2, 2)), within((0, 0, float("nan"), 1), (0, 0, 2, 2))
    (True, False)
    """
    west, south, east, north = (float(value) for value in bounds)
    return west >= limits[0] and south >= limits[1] and east <= limits[2] and north <= limits[3]


def _declared(crs: CRS | None, file: str) -> CRS:
    """Return the declared coordinate system, or refuse none and those that stand for none."""
    # GDAL gives a GeoPackage's srs_id 0 and -1 names of their own, and the first would pass for WGS 84.
    if crs is None or crs.name.startswith("Undefined ") or not (crs.is_geographic or crs.is_projected):
        raise LayerError(
            "The outlines do not say which coordinates they are in.",
            file=file,
            expected="a coordinate system such as EPSG:27700 or EPSG:4326",
            found="none" if crs is None else crs.name,
            next_step="set the layer's coordinate system, and export it again",
        )
    if crs.is_bound and _is_grid(crs.source_crs):
        # The shift to WGS 84 that such a file carries would take its metres off the grid by metres, or, where it
        # names a grid file that is not at hand, to infinity.
        return crs.source_crs
    return crs


def _is_grid(crs: CRS | None) -> bool:
    return crs is not None and crs.to_epsg(min_confidence=LOOKS_ALIKE) in GRID_CODES


def _refuse_no_numbers(shapes: gpd.GeoDataFrame, file: str) -> None:
    # An invalid shape is mended later, and mending would drop such a corner without a word.
    points, owners = shapely.get_coordinates(shapes.geometry.to_numpy(), return_index=True)
    bad = np.zeros(len(shapes), dtype=bool)
    bad[owners[~np.isfinite(points).all(axis=1)]] = True
    if bad.any():
        raise LayerError(
            "A coordinate of the outlines is no number.",
            file=file,
            rows=shape_numbers(pd.Series(bad)),
            expected="two numbers for each corner",
            found="NaN or infinity where a number is needed",
            next_step="repair those shapes, or download the file again",
        )


def _refuse_wrong_units(shapes: gpd.GeoDataFrame, crs: CRS, file: str) -> None:
    bounds, in_metres = shapes.total_bounds, _is_grid(crs)
    if not in_metres and not crs.is_geographic:
        return  # any other grid: whether it fits is seen once it is transformed
    tiny = in_metres and abs(bounds).max() <= DEGREES_BOUNDS[2]
    if within(bounds, GREAT_BRITAIN_METRES if in_metres else DEGREES_BOUNDS) and not tiny:
        return
    raise LayerError(
        "The coordinates are not in the units the file declares.",
        file=file,
        rows=_span(shapes),
        expected="metres on British National Grid" if in_metres else "degrees of longitude and latitude",
        found="degrees" if tiny else "metres or another grid",
        next_step="export the layer again with the right coordinate system, or correct its `crs` member",
    )


def _refuse_elsewhere(placed: gpd.GeoDataFrame, shapes: gpd.GeoDataFrame, crs: CRS, file: str) -> None:
    if within(placed.total_bounds, GREAT_BRITAIN_METRES):
        return
    west, south, *_ = shapes.total_bounds
    raise LayerError(
        "The outlines are not in Great Britain.",
        file=file,
        rows=_span(shapes),
        expected="longitude -9 to 2 and latitude 49 to 61, in this order",
        found=f"longitude {west:,.1f} and latitude {south:,.1f}"
        if crs.is_geographic
        else f"{west:,.1f}, {south:,.1f} on {crs.name}",
        next_step="check that longitude and latitude are not swapped, and export the layer again"
        if crs.is_geographic
        else "check the coordinate system the file declares, and export the layer again",
    )


def _span(table: gpd.GeoDataFrame) -> str:
    return f"all {len(table):,} shapes together span {', '.join(f'{value:,.1f}' for value in table.total_bounds)}"
