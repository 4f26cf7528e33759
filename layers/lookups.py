"""Codes to codes: area → district and ward, postcode → area.

Names people know: the ward that holds most of an area.

LSOA 2011 and LSOA 2021: they meet only through the exact ONS lookup.

The lookup says of each pair how it changed: ``U`` unchanged, ``S`` split, ``M`` merged, ``X`` complex.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.area_outlines import repaired
from layers.errors import LayerError, examples
from layers.geography import geography_of
from layers.intake.cells import is_one_of
from layers.intake.columns import read_with_codes
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES_BOUNDS, GREAT_BRITAIN_METRES
from layers.intake.published import published_column, published_columns
from layers.intake.shapes import read_shapes, text_of
from layers.intake.tables import Column, line_numbers, normalised, read_table
from layers.ledger import OUTSIDE, Ledger, Unused
from layers.points import shapely_points

DISTRICT_CODES, DISTRICT_NAMES, WARD_NAMES = (
    published_column("places", name).headings for name in ("district_code", "district_name", "ward_name")
)


def read_lookup(
    path: Path, *, geography: str, districts: Sequence[str], ledger: Ledger, member: str | None = None
) -> pd.DataFrame:
    """Read which district, and ward where given, each area of the study is in.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code`` (unique); columns ``district_code``, ``district_name`` and, when the file has it,
        ``ward_name``. Only areas of `districts`.

    Raises
    ------
    LayerError
        When the file is on another year's codes, an area is in two districts, or a district has no areas.
    """
    columns = [published_column("places", name) for name in ("district_code", "district_name", "ward_name")]
    table = read_with_codes(path, columns, kind="lookup", geography=geography, member=member)
    ledger.used(path, kind="lookup", rows=len(table))
    ours = table["district_code"].isin(districts)
    _refuse_blank(table, ours, path)
    table, rows = table[ours].drop_duplicates(), len(table)
    known = set(table["district_code"])
    empty = [code for code in districts if code not in known]
    if empty:
        raise LayerError(
            f"{len(empty):,} of the study's districts have no areas.",
            file=path.name,
            column=DISTRICT_CODES[0],
            rows=examples(empty),
            expected="at least one area in each district of the study file",
            found="none",
            next_step="check the codes (counties such as E10000014 are not districts; old districts have old codes)",
        )
    twice = table["area_code"][table["area_code"].duplicated()].unique()
    if len(twice):
        raise LayerError(
            f"{len(twice):,} areas stand in more than one district or ward.",
            file=path.name,
            column=geography_of(geography).codes[0],
            rows=examples(twice),
            expected="one row for each area",
            found=f"{int(table['area_code'].isin(twice).sum()):,} rows for {len(twice):,} areas",
            next_step="use a lookup that gives each area one district, the one with most of its people",
        )
    again = Unused.of("the same row once more", int(ours.sum()) - len(table), harmless=True)
    beyond = Unused.of(OUTSIDE, rows - int(ours.sum()), harmless=True)
    ledger.rows(path, rows_in=rows, rows_used=len(table), unused=[beyond, again])
    ledger.check(
        path, "every area of the study is in one district, and in one ward where wards are given", rows=len(table)
    )
    ledger.check(path, "every district of the study has an area", rows=len(districts))
    return table.set_index("area_code").sort_index()


def read_postcode_lookup(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read postcodes with the area each is assigned to and, for live ones, where it is.

    Postcodes join to areas by this code alone: near a border one may lie outside its own area's outline (10.6 % do on
    the demo's simplified outlines, 0.65 % of 76,429 on ONS's own).

    Returns
    -------
    pandas.DataFrame
        Index ``postcode`` (no spaces, upper case, unique); ``area_code``, ``easting`` and ``northing`` in metres
        (NaN for postcodes without a location, such as terminated ones and those at 0, 0), ``district_code``
        (missing when the file does not give it), where the file says so ``introduced`` (as it writes it) and
        ``user_type`` (1 for a firm's own), and ``ended`` (when the postcode was terminated, as the file writes it,
        such as 200403; missing for live ones and where the file does not say).
    """
    columns = [
        replace(column, headings=(*DISTRICT_CODES, *column.headings)) if column.name == "district_code" else column
        for column in published_columns("postcodes")
    ]
    codes = geography_of(geography).directory
    table = read_with_codes(path, columns, kind="postcodes", geography=geography, member=member, codes=codes)
    table = _of_one_spelling(table, path, member)
    ledger.used(path, kind="postcodes", rows=len(table))
    table["postcode"] = without_spaces(table["postcode"])
    twice = table["postcode"].duplicated(keep=False)
    if twice.any():
        raise LayerError(
            f"{table['postcode'][twice].nunique():,} postcodes stand more than once.",
            file=path.name,
            column="pcds",
            rows=examples(table["postcode"][twice].unique()),
            expected="one row for each postcode",
            found=f"{int(twice.sum()):,} rows",
            next_step="keep the newest row of each",
        )
    ledger.check(path, "no postcode stands twice", rows=len(table))
    table = _located(table, path)
    located = int(table["easting"].notna().sum())
    ledger.check(path, "every location is in metres and in Great Britain", rows=located)
    table = _with_end(table, path, ledger)
    if "district_code" not in table:
        table["district_code"] = pd.NA
    return table.set_index("postcode")


def _of_one_spelling(table: pd.DataFrame, path: Path, member: str | None) -> pd.DataFrame:
    """Keep one of the up to three ways in which ONS's directories spell a postcode."""
    if "spaced" in table:
        table["postcode"] = table["spaced"]
    if "postcode" not in table:
        ways = [published_column("postcodes", name).headings for name in ("spaced", "postcode")]
        read_table(path, [Column("postcode", sum(ways, ()), "code")], member=member)  # raises: missing
    return table.drop(columns="spaced", errors="ignore")


def _with_end(table: pd.DataFrame, path: Path, ledger: Ledger) -> pd.DataFrame:
    """Say when postcodes ended, and take the location off those: theirs is that of a later street, elsewhere perhaps.

    They keep their area, so that old files still join by code.
    """
    if "terminated" not in table:
        return table.assign(ended=pd.Series(pd.NA, index=table.index, dtype="str"))
    over = table["terminated"].ne("")
    moved = over & table["easting"].notna()
    if moved.any():
        ledger.warn(
            f"{path.name}: {int(moved.sum()):,} postcodes that have ended still have a place. We did not use it."
        )
        ledger.repair(
            path,
            "postcodes that have ended lent their location to a later street; it was taken off",
            count=moved.sum(),
            examples=table.loc[moved, "postcode"],
        )
        table.loc[moved, ["easting", "northing"]] = float("nan")
    return table.assign(ended=table["terminated"].where(over)).drop(columns="terminated")


def without_spaces(postcodes: pd.Series) -> pd.Series:
    """Write postcodes without spaces, in capitals, the one form they are joined by.

    >>> without_spaces(pd.Series(["bh1 1aa"])).item()
    'BH11AA'
    """
    return postcodes.str.replace(" ", "", regex=False).str.upper()


def _refuse_blank(table: pd.DataFrame, ours: pd.Series, path: Path) -> None:
    for column in ("area_code", "district_name"):
        blank = ours & table[column].eq("")
        if blank.any():
            raise LayerError(
                "An area of the study has no code or no district name.",
                file=path.name,
                column=column,
                rows=line_numbers(blank),
                expected="a code and a name in each row of the study's districts",
                found="blank",
                next_step="fill in or remove those rows",
            )


def _located(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Blank the locations that stand for none, and refuse those that are not metres in Great Britain."""
    east, north = table["easting"], table["northing"]
    nowhere = east.eq(0) & north.eq(0)  # Code-Point Open writes 0, 0 where it has no location
    located = east.notna() & north.notna() & ~nowhere
    degrees = located & (east.abs() <= DEGREES_BOUNDS[2]) & (north.abs() <= DEGREES_BOUNDS[3])
    west, south, east_end, north_end = GREAT_BRITAIN_METRES
    beyond = located & ~(east.between(west, east_end) & north.between(south, north_end))
    for bad, found in ((degrees, "degrees"), (beyond, "a place outside Great Britain")):
        if bad.any():
            raise LayerError(
                "The postcodes' coordinates are not metres in Great Britain.",
                file=path.name,
                column="easting, northing",
                rows=line_numbers(bad),
                expected="metres on British National Grid",
                found=found,
                next_step="use the easting and northing columns, not longitude and latitude",
            )
    if not located.any():
        raise LayerError(
            "No postcode has a location.",
            file=path.name,
            column="easting, northing",
            expected="metres on British National Grid for live postcodes",
            found="blank",
            next_step="use a postcode file with coordinates",
        )
    return table.assign(easting=east.where(located), northing=north.where(located))


def ward_names(
    paths: Sequence[Path], *, postcodes: pd.DataFrame, areas: pd.Index, ledger: Ledger, member: str | None = None
) -> pd.Series:
    """Name each area after the ward that holds most of its live postcodes.

    Parameters
    ----------
    paths
        Ward outlines in any format :func:`layers.intake.shapes.read_shapes` knows.
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
    located = located[is_one_of(located["area_code"], areas)]
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


COLUMNS = published_columns("lsoa_changes")
CHANGES = ("U", "S", "M", "X")


def read_changes(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the exact lookup of LSOA 2011 to 2021.

    Returns
    -------
    pandas.DataFrame
        ``old`` and ``new`` codes and ``change`` (U, S, M or X), one row for each pair.
    """
    del geography  # the file is about both
    table = read_table(path, COLUMNS, member=member)
    strange = ~table["change"].isin(CHANGES)
    if strange.any():
        raise LayerError(
            "The lookup has a kind of change that is not known.",
            file=path.name,
            column="CHGIND",
            rows=line_numbers(strange),
            expected=", ".join(CHANGES),
            found=examples(table["change"][strange].unique()),
            next_step="use ONS's exact-fit lookup of LSOA 2011 to LSOA 2021",
        )
    ledger.used(path, kind="lsoa_changes", rows=len(table))
    ledger.check(path, "every change is one that ONS uses: unchanged, split, merged, complex", rows=len(table))
    return table.drop_duplicates()


def postcodes_on_2021(
    postcodes: pd.DataFrame, *, changes: pd.DataFrame, shapes: pd.Series, ledger: Ledger
) -> pd.DataFrame:
    """Give postcodes assigned to LSOA 2011 their LSOA 2021.

    Where the old area has one successor, the code decides. Where it was split, the successor whose outline holds the
    postcode does, or the nearest of its successors: never an area that is not one of them.

    Parameters
    ----------
    postcodes
        ``area_code`` (LSOA 2011), ``easting``, ``northing`` in metres.
    changes
        From :func:`read_changes`.
    shapes
        The study's LSOA 2021 outlines, metres, indexed by code.
    ledger
        Told how many postcodes were placed by location.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``area_code`` on LSOA 2021; a split area's postcodes without a location have none.
    """
    successors = changes.groupby("old")["new"].agg(lambda codes: sorted(set(codes)))
    single = successors[successors.map(len) == 1].map(lambda codes: codes[0])
    split = successors[successors.map(len) > 1]
    result = postcodes["area_code"].map(single).astype(postcodes["area_code"].dtype)
    points = postcodes[postcodes["area_code"].isin(split.index) & postcodes["easting"].notna()]
    placed, old_areas = 0, 0
    for old, group in points.groupby("area_code"):
        codes = [code for code in split[str(old)] if code in shapes.index]
        if codes:
            result[group.index] = _nearest(group, shapes.loc[codes])
            placed, old_areas = placed + len(group), old_areas + 1
    if placed:
        many = "1 postcode" if placed == 1 else f"{placed:,} postcodes"
        areas = "1 split area" if old_areas == 1 else f"{old_areas:,} split areas"
        they = "it lies" if placed == 1 else "they lie"
        ledger.warn(f"{many} of {areas} went to the new area {they} in (LSOA 2021).")
        ledger.modelled.append(
            "Postcodes of areas that were split after 2011: each is in the new area (LSOA 2021) whose outline holds "
            "it. We use that in place of an official list."
        )
        what = "postcodes of split areas were put into the new area whose outline holds them, or the nearest"
        located = points.index[result.reindex(points.index).notna()]
        ledger.repair("", what, count=placed, examples=located, kind="lsoa_changes")
    return postcodes.assign(area_code=result)


def _nearest(points: pd.DataFrame, shapes: pd.Series) -> list[str]:
    there = shapely_points(points[["easting", "northing"]].to_numpy(dtype=float))
    metres = np.stack([shapely.distance(shape, there) for shape in shapes.to_numpy()])
    return [str(shapes.index[place]) for place in metres.argmin(axis=0)]
