"""Names people know: the ward, and which part of it, instead of a code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from layers.boundaries import repaired
from layers.errors import LayerError, examples
from layers.lookups import WARD_NAMES
from layers.manifest import Ledger
from layers.outlines.coordinates import BRITISH_NATIONAL_GRID
from layers.outlines.shapes import read_shapes, text_of
from layers.quality import Unused
from layers.tabular.tables import normalised


def ward_names(
    paths: Sequence[Path], *, postcodes: pd.DataFrame, areas: pd.Index, ledger: Ledger, member: str | None = None
) -> pd.Series:
    """Name each area after the ward that holds most of its live postcodes.

    Parameters
    ----------
    paths
        Ward outlines in any format :func:`layers.outlines.shapes.read_shapes` knows.
    postcodes
        ``area_code``, ``easting``, ``northing`` in metres.
    areas
        The spine's area codes.
    ledger
        Where the files and the areas without a ward are recorded.
    member
        The file inside each zip, the layer inside each file, or both, as ``read_shapes`` takes it.

    Returns
    -------
    pandas.Series
        Index `areas`, named ``ward_name``; missing where no live postcode lies in a ward. Equal counts go to the
        name that comes first in the alphabet.
    """
    wards = pd.concat([_read_wards(path, member, ledger) for path in paths], ignore_index=True)
    located = postcodes.dropna(subset=["easting", "northing"])
    located = located[located["area_code"].isin(areas)]
    points = gpd.GeoDataFrame(
        {"area_code": located["area_code"].to_numpy()},
        geometry=gpd.points_from_xy(located["easting"], located["northing"]),
        crs=BRITISH_NATIONAL_GRID,
    )
    inside = points.sjoin(gpd.GeoDataFrame(wards, crs=BRITISH_NATIONAL_GRID), predicate="within")
    counts = inside.groupby(["area_code", "ward_name"]).size().rename("count").reset_index()
    most = counts.sort_values(["area_code", "count", "ward_name"], ascending=[True, False, True])
    named = most.drop_duplicates("area_code").set_index("area_code")["ward_name"].reindex(areas)
    bare = named.index[named.isna()]
    held = int(wards["ward_name"].isin(inside["ward_name"]).sum())
    elsewhere = Unused.of("no live postcode of the study lies in them", len(wards) - held, harmless=True)
    ledger.rows("", rows_in=len(wards), rows_used=held, unused=[elsewhere], kind="wards", noun="outlines")
    ledger.check(
        "",
        "every area has a live postcode in a ward, to be named by",
        rows=len(areas),
        failing=len(bare),
        examples=bare,
        then="kept",
        kind="wards",
    )
    if len(bare):
        ledger.warn(
            f"{examples(path.name for path in paths)}: {len(bare):,} of {len(areas):,} areas have no postcode in a "
            f"ward ({examples(bare)}) and keep their official name."
        )
    return named


def place_names(areas: gpd.GeoDataFrame) -> pd.Series:
    """Name areas by ward and part, the northernmost part first.

    Parameters
    ----------
    areas
        ``ward_name`` (missing allowed), ``official_name``, ``district_code``, ``district_name``, geometry in metres.

    Returns
    -------
    pandas.Series
        Named ``area_name``, unique: "Marshwood Vale" where a ward is one area, "Bridport, part 2" where it is more;
        the district stands in brackets where two districts have a ward of that name; the official name where the
        ward is not known.
    """
    known = areas["ward_name"].fillna("").ne("")
    ward = areas["ward_name"].where(known, areas["official_name"]).astype(str)
    districts = areas.groupby(ward)["district_code"].transform("nunique")
    ward = ward.where(districts == 1, ward + " (" + areas["district_name"].astype(str) + ")")
    order = pd.DataFrame({"ward": ward, "north": -areas.geometry.centroid.y, "code": areas.index}, index=areas.index)
    order = order.sort_values(["ward", "north", "code"])
    part = order.groupby("ward").cumcount() + 1
    many = order.groupby("ward")["code"].transform("size") > 1
    named = order["ward"].where(~many, order["ward"] + ", part " + part.astype(str))
    return named.reindex(areas.index).rename("area_name")


def _read_wards(path: Path, member: str | None, ledger: Ledger) -> pd.DataFrame:
    shapes = read_shapes(path, member=member)
    found = {normalised(str(column)): str(column) for column in shapes.columns}
    column = next((found[normalised(name)] for name in WARD_NAMES if normalised(name) in found), None)
    if column is None:
        raise LayerError(
            "The ward outlines have no column of names.",
            file=path.name,
            column=WARD_NAMES[0],
            expected=f"one of {', '.join(WARD_NAMES)}",
            found=", ".join(str(c) for c in shapes.columns if c != "geometry"),
            next_step="use ONS ward outlines, or rename the column of names",
        )
    shapes[column] = text_of(shapes, column, path)
    shapes = repaired(shapes, path=path, codes=shapes[column], ledger=ledger)
    ledger.used(path, kind="wards", rows=len(shapes))
    return shapes.rename(columns={column: "ward_name"})[["ward_name", "geometry"]]
