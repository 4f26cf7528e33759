"""The spine: one row per small area, in metres, with a valid shape."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from layers.errors import LayerError, MissingColumnError, examples
from layers.files import read_bytes
from layers.manifest import Ledger
from layers.tables import normalised, refuse_hostile

BRITISH_NATIONAL_GRID = "EPSG:27700"
DEGREES = "EPSG:4326"
GREAT_BRITAIN_METRES = (-100_000.0, -100_000.0, 800_000.0, 1_300_000.0)
"""Loose bounds of British National Grid (Ordnance Survey: 0–700,000 m east, 0–1,300,000 m north)."""
DEGREES_BOUNDS = (-180.0, -90.0, 180.0, 90.0)

CODE_HEADINGS = {
    "lsoa11": ("LSOA11CD", "lsoa11_code", "LSOA code (2011)"),
    "lsoa21": ("LSOA21CD", "lsoa21_code", "LSOA code (2021)"),
}
NAME_HEADINGS = {
    "lsoa11": ("LSOA11NM", "lsoa11_name", "LSOA name (2011)"),
    "lsoa21": ("LSOA21NM", "lsoa21_name", "LSOA name (2021)"),
}


def read_boundaries(
    paths: Sequence[Path], *, geography: str, ledger: Ledger, member: str | None = None
) -> gpd.GeoDataFrame:
    """Read small area outlines.

    Parameters
    ----------
    paths
        GeoJSON files (degrees, or metres with a ``crs`` member).
    geography
        ``lsoa11`` or ``lsoa21``; decides which code column is asked for.
    ledger
        Where files and repairs are recorded.
    member
        Name of the GeoJSON inside each zip, when they are zips.

    Returns
    -------
    geopandas.GeoDataFrame
        Index ``area_code`` (unique, sorted), columns ``official_name`` and ``geometry`` in EPSG:27700.

    Raises
    ------
    LayerError
        For another year's codes, duplicate codes, shapes that are not polygons, or units that are not what they say.
    """
    parts = [_read_one(path, geography, member, ledger) for path in paths]
    areas = pd.concat(parts, ignore_index=True)
    twice = areas["area_code"][areas["area_code"].duplicated()].unique()
    if len(twice):
        raise LayerError(
            f"{len(twice):,} area codes stand more than once in the outlines.",
            file=examples(path.name for path in paths),
            column=CODE_HEADINGS[geography][0],
            rows=examples(twice),
            expected="one shape for each code",
            found=f"{int(areas['area_code'].isin(twice).sum()):,} shapes for {len(twice):,} codes",
            next_step="remove the copies, or dissolve the parts of one area into one shape",
        )
    return gpd.GeoDataFrame(areas, crs=BRITISH_NATIONAL_GRID).set_index("area_code").sort_index()


def read_shapes(path: Path, *, member: str | None = None) -> gpd.GeoDataFrame:
    """Read a GeoJSON file into British National Grid, refusing units that do not fit what it declares.

    Returns
    -------
    geopandas.GeoDataFrame
        The features in their order, properties as columns, EPSG:27700; shapes not yet checked.
    """
    content = read_bytes(path, member=member)
    try:
        document = json.loads(content.decode("utf-8-sig"))
        named = str(document.get("crs", {}).get("properties", {}).get("name", "CRS84"))
        features = document["features"]
        table = gpd.read_file(io.BytesIO(content))
    except (ValueError, KeyError, AttributeError, TypeError, OSError, RuntimeError) as error:
        raise LayerError(
            "The outlines cannot be read.",
            file=path.name,
            expected="a GeoJSON FeatureCollection",
            found=str(error)[:120] or type(error).__name__,
            next_step="export the layer as GeoJSON again",
        ) from error
    if not features:
        raise LayerError(
            "The outlines file holds no shapes.",
            file=path.name,
            expected="at least one feature",
            found="none",
            next_step="download the file again",
        )
    in_metres = "27700" in named
    _refuse_wrong_units(table, path, in_metres=in_metres)
    return table.set_crs(BRITISH_NATIONAL_GRID if in_metres else DEGREES, allow_override=True).to_crs(
        BRITISH_NATIONAL_GRID
    )


def repaired(shapes: gpd.GeoDataFrame, *, path: Path, codes: pd.Series, ledger: Ledger) -> gpd.GeoDataFrame:
    """Keep polygons, mend invalid ones and count them, refuse anything else.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows; every shape a valid Polygon or MultiPolygon.
    """
    invalid = ~shapes.geometry.is_valid & shapes.geometry.notna()
    if invalid.any():
        mended = shapes.geometry.make_valid(method="structure", keep_collapsed=False)
        shapes = shapes.set_geometry(shapes.geometry.where(~invalid, mended))
        ledger.warn(f"{path.name}: {int(invalid.sum()):,} invalid shapes were repaired ({examples(codes[invalid])}).")
    polygonal = shapes.geom_type.isin(["Polygon", "MultiPolygon"]) & ~shapes.geometry.is_empty
    if not polygonal.all():
        raise LayerError(
            f"{int((~polygonal).sum()):,} shapes are not areas.",
            file=path.name,
            rows=examples(codes[~polygonal]),
            expected="a Polygon or MultiPolygon for each",
            found=examples(shapes.geom_type[~polygonal].fillna("no shape").unique()),
            next_step="use the publisher's area outlines, not points or lines",
        )
    return shapes


def _read_one(path: Path, geography: str, member: str | None, ledger: Ledger) -> gpd.GeoDataFrame:
    shapes = read_shapes(path, member=member)
    code = _property(shapes, CODE_HEADINGS[geography], path, other=CODE_HEADINGS, geography=geography)
    name = _property(shapes, NAME_HEADINGS[geography], path)
    for column in (code, name):
        refuse_hostile(shapes[column].astype(object).fillna(""), path=path, column=column)
    shapes = repaired(shapes, path=path, codes=shapes[code], ledger=ledger)
    ledger.used(path, kind="boundaries", rows=len(shapes))
    return shapes.rename(columns={code: "area_code", name: "official_name"})[["area_code", "official_name", "geometry"]]


def _property(
    shapes: gpd.GeoDataFrame,
    headings: Sequence[str],
    path: Path,
    *,
    other: Mapping[str, tuple[str, ...]] | None = None,
    geography: str = "",
) -> str:
    found = {normalised(str(column)): str(column) for column in shapes.columns}
    for heading in headings:
        if normalised(heading) in found:
            return found[normalised(heading)]
    for year, others in (other or {}).items():
        if year != geography and any(normalised(heading) in found for heading in others):
            raise LayerError(
                f"The outlines hold {year} codes, and the study is on {geography}.",
                file=path.name,
                column=headings[0],
                expected=f"{geography} codes ({headings[0]})",
                found=f"{year} codes ({others[0]})",
                next_step=f'set geography = "{year}" in the study file, or give the {geography} outlines',
            )
    raise MissingColumnError(path.name, headings[0], [c for c in shapes.columns if c != "geometry"])


def _refuse_wrong_units(table: gpd.GeoDataFrame, path: Path, *, in_metres: bool) -> None:
    bounds = table.total_bounds
    limits = GREAT_BRITAIN_METRES if in_metres else DEGREES_BOUNDS
    inside = bounds[0] >= limits[0] and bounds[1] >= limits[1] and bounds[2] <= limits[2] and bounds[3] <= limits[3]
    tiny = in_metres and abs(bounds).max() <= DEGREES_BOUNDS[2]
    if inside and not tiny:
        return
    raise LayerError(
        "The coordinates are not in the units the file declares.",
        file=path.name,
        rows=f"all {len(table):,} shapes together span {', '.join(f'{value:,.1f}' for value in bounds)}",
        expected="metres on British National Grid" if in_metres else "degrees of longitude and latitude",
        found="degrees" if tiny else "metres or another grid",
        next_step="export the layer again with the right coordinate system, or correct its `crs` member",
    )
