"""Codes to codes: area → district and ward, postcode → area."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from layers.boundaries import CODE_HEADINGS, DEGREES_BOUNDS
from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.tables import Column, read_table

DISTRICT_CODES = ("LAD25CD", "LAD24CD", "LAD23CD", "LAD22CD", "ladcd")
DISTRICT_NAMES = ("LAD25NM", "LAD24NM", "LAD23NM", "LAD22NM", "ladnm")
WARD_NAMES = ("WD25NM", "WD24NM", "WD23NM", "WD22NM", "WDNM")


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
        Column("area_code", CODE_HEADINGS[geography], "code", required=False),
        Column("district_code", DISTRICT_CODES, "code"),
        Column("district_name", DISTRICT_NAMES, "text"),
        Column("ward_name", WARD_NAMES, "text", required=False),
    ]
    table = read_table(path, columns, member=member)
    _refuse_other_year(table, path, geography, member)
    ledger.used(path, kind="lookup", rows=len(table))
    table = table[table["district_code"].isin(districts)].drop_duplicates()
    empty = [code for code in districts if code not in set(table["district_code"])]
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
    return table.set_index("area_code").sort_index()


def read_postcodes(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read postcodes with the area each is assigned to and, for live ones, where it is.

    Postcodes join to areas by this code alone: one in ten lies outside its own generalised outline.

    Returns
    -------
    pandas.DataFrame
        Index ``postcode`` (no spaces, upper case, unique); ``area_code``, ``easting`` and ``northing`` in metres
        (NaN for postcodes without a location, such as terminated ones), ``district_code`` (missing when the file
        does not give it).
    """
    columns = [
        Column("postcode", ("pcds", "postcode", "pcd"), "code"),
        Column("area_code", CODE_HEADINGS[geography], "code", required=False),
        Column("district_code", DISTRICT_CODES, "code", required=False),
        Column("easting", ("easting", "oseast1m", "Eastings"), "number"),
        Column("northing", ("northing", "osnrth1m", "Northings"), "number"),
    ]
    table = read_table(path, columns, member=member)
    _refuse_other_year(table, path, geography, member)
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
    _refuse_degrees(table, path)
    if "district_code" not in table:
        table["district_code"] = pd.NA
    return table.set_index("postcode")


def without_spaces(postcodes: pd.Series) -> pd.Series:
    """Write postcodes without spaces, in capitals, the one form they are joined by.

    >>> without_spaces(pd.Series(["bh1 1aa"])).item()
    'BH11AA'
    """
    return postcodes.str.replace(" ", "", regex=False).str.upper()


def _refuse_other_year(table: pd.DataFrame, path: Path, geography: str, member: str | None) -> None:
    if "area_code" in table:
        return
    other = "lsoa21" if geography == "lsoa11" else "lsoa11"
    probe = read_table(path, [Column("area_code", CODE_HEADINGS[other], "code", required=False)], member=member)
    if "area_code" not in probe:
        read_table(path, [Column("area_code", CODE_HEADINGS[geography], "code")], member=member)
    raise LayerError(
        f"The file holds {other} codes, and the study is on {geography}.",
        file=path.name,
        column=CODE_HEADINGS[geography][0],
        expected=f"a column {CODE_HEADINGS[geography][0]}",
        found=f"a column {CODE_HEADINGS[other][0]}",
        next_step=f'give the file on {geography}, or set geography = "{other}" in the study file',
    )


def _refuse_degrees(table: pd.DataFrame, path: Path) -> None:
    located = table.dropna(subset=["easting", "northing"])
    if located.empty or (located[["easting", "northing"]].abs() <= DEGREES_BOUNDS[2]).all(axis=None):
        raise LayerError(
            "The postcodes' coordinates are not metres." if len(located) else "No postcode has a location.",
            file=path.name,
            column="easting, northing",
            rows=f"all {len(located):,} with a location",
            expected="metres on British National Grid",
            found="degrees" if len(located) else "blank",
            next_step="use the easting and northing columns, not longitude and latitude",
        )
