"""Where premises are likely to be inside an authority: real counts to share published totals by.

How many premises a postcode has, where Ofcom gives shares only: counted by somebody, or said to be assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.geography import geography_of
from layers.intake.columns import read_with_codes, refuse_doubled_areas
from layers.intake.published import published_columns
from layers.intake.tables import line_numbers, read_table
from layers.ledger import Ledger
from layers.lookups import without_spaces
from layers.plans.subsidy import COVERS, subsidy_of
from layers.reading import StudyReading


def read_output_areas(
    path: Path, *, geography: str, ledger: Ledger, member: str | None = None, kind: str = "output_areas"
) -> pd.DataFrame:
    """Read output areas, of 2011 or 2021, with the small area each is in and, for 2011, its class.

    Returns
    -------
    pandas.DataFrame
        Index ``output_area``; ``area_code`` and ``group``, the class of ONS's 2011 output area classification
        (such as ``8C1``; blank where unknown).
    """
    table = read_with_codes(path, published_columns("output_areas"), kind=kind, geography=geography, member=member)
    here = geography_of(geography)
    ledger.used(path, kind=kind, rows=len(table), usual=here.year)
    twice = table["output_area"].duplicated(keep=False)
    if twice.any():
        raise LayerError(
            "An output area stands more than once.",
            file=path.name,
            column=here.output_areas,
            rows=line_numbers(twice),
            expected="one row for each output area",
            found=examples(table["output_area"][twice].unique()),
            next_step="remove the copies",
        )
    ledger.check(path, "no output area stands twice", rows=len(table))
    return table.set_index("output_area")


def read_postcode_premises(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.Series:
    """Read how many premises each postcode has, from whoever counted them.

    Returns
    -------
    pandas.Series
        Index postcode without spaces; premises, at least 0.
    """
    del geography  # postcodes are in no year's areas
    table = read_table(path, published_columns("postcode_premises"), member=member)
    ledger.used(path, kind="postcode_premises", rows=len(table))
    table["postcode"] = without_spaces(table["postcode"])
    wrong = table["postcode"].duplicated(keep=False) | table["premises"].isna()
    if wrong.any():
        raise LayerError(
            "The premises of a postcode are blank, or stand twice.",
            file=path.name,
            column="premises",
            rows=line_numbers(wrong),
            expected="one count for each postcode",
            found=examples(table["postcode"][wrong].unique()),
            next_step="add up or correct those rows",
        )
    ledger.check(path, "every postcode has one count of premises", rows=len(table))
    return table.set_index("postcode")["premises"]


def output_area_weight(output_areas: pd.DataFrame, *, areas: pd.Index) -> pd.Series:
    """Count 2011 output areas in each area: each was drawn for about 125 households (ONS).

    Returns
    -------
    pandas.Series
        Named ``weight``, float; NaN for an area with none.
    """
    return output_areas.groupby("area_code").size().reindex(areas).astype(float).rename("weight")


def read_dwellings(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.Series:
    """Read dwellings on the council tax list by area, rounded to 10 by the publisher, as a premises weight.

    The Valuation Office's own table (CTSOP1.1, a zip with one CSV) has rows for every kind of area under ``geography``
    and their codes under ``ecode``: those of small areas are used. Its ``-`` stands for 1 to 4 dwellings: not known,
    and not zero. A table of areas and ``dwellings`` works too.

    Returns
    -------
    pandas.Series
        Index ``area_code``; dwellings, NaN where not given.
    """
    columns = published_columns("dwellings")
    table = read_with_codes(path, columns, kind="dwellings", geography=geography, member=member)
    ledger.used(path, kind="dwellings", rows=len(table))
    if "level" in table:
        table = _of_small_areas(table, path)
    refuse_doubled_areas(table["area_code"], path=path, geography=geography)
    ledger.check(path, "no area stands twice", rows=len(table))
    bare = table["weight"].isna()
    if bare.any():
        ledger.warn(
            f"{path.name}: {int(bare.sum()):,} areas have no count of dwellings "
            f"({examples(table['area_code'][bare])}): kept as not known."
        )
    return table.set_index("area_code")["weight"]


def _of_small_areas(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    small = table[table["level"].str.casefold() == "lsoa"]
    if small.empty:
        raise LayerError(
            "The table has no row of a small area.",
            file=path.name,
            column="geography",
            expected="rows whose geography is LSOA",
            found=examples(table["level"].unique()),
            next_step="use table CTSOP1.1, which has small areas, as it is",
        )
    return small.reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class PremisesWeights:
    """Premises by postcode, and in one sentence where they come from.

    Attributes
    ----------
    premises
        Index postcode without spaces; at least 0, fractions where they are assumed.
    whence
        For the manifest's list of what is modelled.
    kind
        The layer they are from.
    """

    premises: pd.Series
    whence: str
    kind: str


def stand_in_weights(reading: StudyReading, *, postcodes: pd.Index) -> PremisesWeights | None:
    """Find premises by postcode in the study's other layers, when it has no layer of kind ``postcode_premises``.

    First BDUK's list, one row a premises; else the dwellings of each small area, shared equally among its postcodes in
    Ofcom's file (assumption: dwellings of one area are spread evenly, and homes stand for businesses too).

    Parameters
    ----------
    postcodes
        Those in Ofcom's file, without spaces: it has a row for each postcode with premises.

    Returns
    -------
    Weights or None
        None when the study has neither layer: premises are never invented.
    """
    subsidy = subsidy_of(reading)
    if subsidy is not None:
        listed = subsidy.by_postcode
        counted = (listed["premises"] - listed["not_recognised"]).astype(float)
        return PremisesWeights(
            counted,
            f"Premises at each postcode: Ofcom gives shares only, times the premises BDUK lists ({subsidy.release}). "
            f"{COVERS}",
            "subsidy",
        )
    dwellings = reading.read("dwellings", read_dwellings)
    if dwellings is None or reading.postcodes is None:
        return None
    area = reading.postcodes["area_code"].reindex(postcodes).dropna()
    area = area[area.isin(reading.areas)]
    each = dwellings.reindex(area.unique()) / area.value_counts()
    return PremisesWeights(
        area.map(each).astype(float),
        "Premises at each postcode: Ofcom gives shares only, times the dwellings of the small area, shared equally "
        "among its postcodes. Homes stand for businesses too.",
        "dwellings",
    )
