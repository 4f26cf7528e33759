"""The spine: one row per small area, in metres, with a valid shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from layers.errors import LayerError, MissingColumnError, examples, several
from layers.geography import GEOGRAPHIES, geography_of
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, shape_numbers
from layers.intake.shapes import read_shapes, text_of
from layers.intake.tables import normalised
from layers.ledger import Ledger


def read_boundaries(
    paths: Sequence[Path], *, geography: str, ledger: Ledger, member: str | None = None
) -> gpd.GeoDataFrame:
    """Read small area outlines.

    Parameters
    ----------
    paths
        GeoJSON, TopoJSON, GeoPackage or GeoParquet; see :func:`layers.intake.shapes.read_shapes`.
    geography
        The study's small areas; decides which code column is asked for.
    ledger
        Where files and repairs are recorded.
    member
        The file inside each zip, the layer inside each file, or both, as ``read_shapes`` takes it.

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
            column=geography_of(geography).codes[0],
            rows=examples(twice),
            expected="one shape for each code",
            found=f"{int(areas['area_code'].isin(twice).sum()):,} shapes for {len(twice):,} codes",
            next_step="remove the copies, or dissolve the parts of one area into one shape",
        )
    ledger.check("", "no area has two outlines", rows=len(areas), kind="boundaries")
    return gpd.GeoDataFrame(areas, crs=BRITISH_NATIONAL_GRID).set_index("area_code").sort_index()


def repaired(shapes: gpd.GeoDataFrame, *, path: Path, codes: pd.Series, ledger: Ledger) -> gpd.GeoDataFrame:
    """Keep polygons, mend invalid ones and count them, refuse anything else.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows; every shape a valid Polygon or MultiPolygon.
    """
    invalid = ~shapes.geometry.is_valid & ~shapely.is_missing(shapes.geometry.to_numpy())
    if invalid.any():
        mended = shapes.geometry.make_valid(method="structure", keep_collapsed=False)
        shapes = shapes.set_geometry(shapes.geometry.where(~invalid, mended))
        many = int(invalid.sum())
        said = (
            "1 outline crossed itself and was mended"
            if many == 1
            else f"{many:,} outlines crossed themselves and were mended"
        )
        ledger.warn(f"{path.name}: {said} ({examples(codes[invalid])}).")
        ledger.repair(
            path,
            "outlines that crossed or touched themselves were mended",
            count=invalid.sum(),
            examples=codes[invalid],
        )
    ledger.check(path, "after mending, every outline is a valid area", rows=len(shapes))
    polygonal = shapes.geom_type.isin(["Polygon", "MultiPolygon"]) & ~shapes.geometry.is_empty
    if not polygonal.all():
        found = shapes.geom_type.mask(shapes.is_empty, "an empty shape").fillna("no shape")
        raise LayerError(
            f"{several(int((~polygonal).sum()), 'shape is not an area', 'shapes are not areas')}.",
            file=path.name,
            rows=examples(codes[~polygonal]),
            expected="a Polygon or MultiPolygon for each",
            found=examples(found[~polygonal].unique()),
            next_step="use the publisher's area outlines, not points or lines",
        )
    return shapes


def _read_one(path: Path, geography: str, member: str | None, ledger: Ledger) -> gpd.GeoDataFrame:
    shapes = read_shapes(path, member=member)
    here = geography_of(geography)
    others = {key: other.codes for key, other in GEOGRAPHIES.items()}
    code = _property(shapes, here.codes, path, other=others, geography=geography)
    name = _property(shapes, here.names, path)
    shapes[code], shapes[name] = text_of(shapes, code, path), text_of(shapes, name, path)
    bare = shapes[code].eq("")
    if bare.any():
        raise LayerError(
            f"{int(bare.sum()):,} shapes have no code.",
            file=path.name,
            column=code,
            rows=shape_numbers(bare),
            expected="a code for each shape",
            found="blank",
            next_step="give each shape its code, or remove it",
        )
    shapes = repaired(shapes, path=path, codes=shapes[code], ledger=ledger)
    ledger.used(path, kind="boundaries", rows=len(shapes))
    ledger.check(path, "every outline has a code of the study's year", rows=len(shapes))
    ledger.check(path, "every outline lies in Great Britain, in metres or degrees as its file says", rows=len(shapes))
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
    matches = [str(column) for column in shapes.columns if normalised(str(column)) in map(normalised, headings)]
    if len(matches) > 1:
        raise LayerError(
            f"The column {headings[0]} stands {len(matches)} times.",
            file=path.name,
            column=headings[0],
            expected="one column of that name",
            found=examples(matches),
            next_step="remove or rename the one that is not meant",
        )
    if matches:
        return matches[0]
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
    raise MissingColumnError(path.name, headings, [c for c in shapes.columns if c != "geometry"])
