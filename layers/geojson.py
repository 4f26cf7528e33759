"""Outlines from GeoJSON files, in British National Grid whatever the file declares."""

from __future__ import annotations

import io
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.errors import LayerError, examples
from layers.files import read_bytes
from layers.tables import refuse_hostile

BRITISH_NATIONAL_GRID = "EPSG:27700"
DEGREES = "EPSG:4326"
Bounds = tuple[float, float, float, float]
GREAT_BRITAIN_METRES: Bounds = (-100_000.0, -100_000.0, 800_000.0, 1_300_000.0)
"""Loose bounds of British National Grid (Ordnance Survey: 0–700,000 m east, 0–1,300,000 m north)."""
DEGREES_BOUNDS: Bounds = (-180.0, -90.0, 180.0, 90.0)


def read_shapes(path: Path, *, member: str | None = None) -> gpd.GeoDataFrame:
    """Read a GeoJSON file into British National Grid, refusing units that do not fit what it declares.

    Returns
    -------
    geopandas.GeoDataFrame
        The features in their order, properties as columns, EPSG:27700; shapes not yet checked.

    Raises
    ------
    LayerError
        When the file is not GeoJSON or holds no shapes, or its coordinates are not where and what they should be.
    """
    content = read_bytes(path, member=member)
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
        in_metres = _in_metres(document)
        table = gpd.read_file(io.BytesIO(content)) if document["features"] else gpd.GeoDataFrame()
    except (ValueError, TypeError, OSError, RuntimeError, shapely.errors.ShapelyError) as error:
        raise LayerError(
            "The outlines cannot be read.",
            file=path.name,
            expected="a GeoJSON FeatureCollection in degrees, or in British National Grid with a `crs` member",
            found=str(error)[:120] or type(error).__name__,
            next_step="export the layer as GeoJSON again",
        ) from error
    if table.empty:
        raise LayerError(
            "The outlines file holds no shapes.",
            file=path.name,
            expected="at least one feature",
            found="none",
            next_step="download the file again",
        )
    if table.geometry.isna().all():
        return table.set_crs(BRITISH_NATIONAL_GRID, allow_override=True)  # nothing to measure; refused as no areas
    _refuse_wrong_units(table, path, in_metres=in_metres)
    shapes = table.set_crs(BRITISH_NATIONAL_GRID if in_metres else DEGREES, allow_override=True).to_crs(
        BRITISH_NATIONAL_GRID
    )
    _refuse_elsewhere(shapes, table, path)
    return shapes


def text_of(shapes: gpd.GeoDataFrame, column: str, path: Path) -> pd.Series:
    """Give a property of the shapes as text, blank where it is missing; refuse lists and hostile names."""
    cells = shapes[column].astype(object)
    cells = cells.where(cells.notna(), "")
    strange = ~cells.map(lambda cell: isinstance(cell, str | int | float))
    if strange.any():
        raise LayerError(
            "A property of the outlines is not text.",
            file=path.name,
            column=column,
            rows=shape_numbers(strange),
            expected="text",
            found=examples(cells[strange]),
            next_step="export the layer again with that property as text",
        )
    text: pd.Series = cells.astype(str).str.strip()
    refuse_hostile(text, path=path, column=column, number=shape_numbers)
    return text


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


def _in_metres(document: object) -> bool:
    """Tell what a document declares: metres, or degrees where it has no `crs` member (RFC 7946)."""
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise TypeError("no list of features")
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if crs is None or name.endswith(("CRS84", ":4326")):
        return False
    if name.endswith(":27700"):
        return True
    raise ValueError(f"a coordinate system that is not known: {name or crs}")


def _refuse_constant(word: str) -> float:
    """Refuse NaN and Infinity, which are no JSON, although many programs read and write them."""
    raise ValueError(f"{word} where a number is needed")


def _refuse_wrong_units(table: gpd.GeoDataFrame, path: Path, *, in_metres: bool) -> None:
    bounds = table.total_bounds
    tiny = in_metres and abs(bounds).max() <= DEGREES_BOUNDS[2]
    if within(bounds, GREAT_BRITAIN_METRES if in_metres else DEGREES_BOUNDS) and not tiny:
        return
    raise LayerError(
        "The coordinates are not in the units the file declares.",
        file=path.name,
        rows=_span(table),
        expected="metres on British National Grid" if in_metres else "degrees of longitude and latitude",
        found="degrees" if tiny else "metres or another grid",
        next_step="export the layer again with the right coordinate system, or correct its `crs` member",
    )


def _refuse_elsewhere(shapes: gpd.GeoDataFrame, table: gpd.GeoDataFrame, path: Path) -> None:
    if within(shapes.total_bounds, GREAT_BRITAIN_METRES):
        return
    west, south, *_ = table.total_bounds
    raise LayerError(
        "The outlines are not in Great Britain.",
        file=path.name,
        rows=_span(table),
        expected="longitude -9 to 2 and latitude 49 to 61, in this order",
        found=f"longitude {west:,.1f} and latitude {south:,.1f}",
        next_step="check that longitude and latitude are not swapped, and export the layer again",
    )


def _span(table: gpd.GeoDataFrame) -> str:
    return f"all {len(table):,} shapes together span {', '.join(f'{value:,.1f}' for value in table.total_bounds)}"
