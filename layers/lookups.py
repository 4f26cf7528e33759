"""Codes to codes: area → district and ward, postcode → area."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from layers.boundaries import CODE_HEADINGS
from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.outlines.coordinates import DEGREES_BOUNDS, GREAT_BRITAIN_METRES
from layers.quality import OUTSIDE, Unused
from layers.tabular.columns import read_with_codes
from layers.tabular.tables import Column, line_numbers, read_table

DISTRICT_CODES = ("LAD25CD", "LAD24CD", "LAD23CD", "LAD22CD", "ladcd", "ltla24_code")
DISTRICT_NAMES = ("LAD25NM", "LAD24NM", "LAD23NM", "LAD22NM", "ladnm", "ltla24_name")
WARD_NAMES = ("WD25NM", "WD24NM", "WD23NM", "WD22NM", "WDNM", "ward24_name")


DIRECTORY = "*Data/*SP*_UK.csv"
"""The one table of the United Kingdom in ONS's postcode directories (ONSPD, NSPL), beside one for each area."""
DIRECTORY_CODES = {"lsoa11": ("lsoa11",), "lsoa21": ("lsoa21",)}
"""What those directories head small areas with, besides the usual headings."""


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
    columns = [
        Column("district_code", DISTRICT_CODES, "code"),
        Column("district_name", DISTRICT_NAMES, "text"),
        Column("ward_name", WARD_NAMES, "text", required=False),
    ]
    table = read_with_codes(path, columns, geography=geography, member=member)
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
            column=CODE_HEADINGS[geography][0],
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


def read_postcodes(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read postcodes with the area each is assigned to and, for live ones, where it is.

    Postcodes join to areas by this code alone: near a border one may lie outside its own area's outline (10.6 % do on
    the demo's simplified outlines, 0.65 % of 76,429 on ONS's own).

    Returns
    -------
    pandas.DataFrame
        Index ``postcode`` (no spaces, upper case, unique); ``area_code``, ``easting`` and ``northing`` in metres
        (NaN for postcodes without a location, such as terminated ones and those at 0, 0), ``district_code``
        (missing when the file does not give it), ``ended`` (when the postcode was terminated, as the file writes it,
        such as 200403; missing for live ones and where the file does not say).
    """
    columns = [
        Column("spaced", ("pcds",), "code", required=False),
        Column("postcode", ("postcode", "pcd", "pcd7"), "code", required=False),
        Column("district_code", (*DISTRICT_CODES, "oslaua", "laua"), "code", required=False),
        Column("terminated", ("doterm",), "text", required=False),
        Column("easting", ("easting", "oseast1m", "east1m", "Eastings"), "number"),
        Column("northing", ("northing", "osnrth1m", "north1m", "Northings"), "number"),
    ]
    codes = DIRECTORY_CODES[geography]
    table = read_with_codes(path, columns, geography=geography, member=member, usual=DIRECTORY, codes=codes)
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
        read_table(path, [Column("postcode", ("pcds", "postcode", "pcd"), "code")], member=member)  # raises: missing
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
