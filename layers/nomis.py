"""Census 2021 in Nomis's bulk downloads: a zip for each census table, in it a CSV for each kind of area.

The member whose name ends in ``-lsoa.csv`` is read. Its headings are ``date, geography, geography code`` and then one
long label for each figure. Some tables add "; measures: Value" to the labels, others do not: both are taken.

Seen in public code that reads the downloads: tables 001, 007A, 011, 038, 044, 045 and 061. Table 007 is by single
years with sums between; Nomis does not give it by small area, so it is read only where somebody made it so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.tabular.columns import read_by_area, refuse_over
from layers.tabular.tables import Column, normalised, read_headings

MEMBER = "*-lsoa.csv"
CODE = "geography code"
CUT_SHORT = 25_000
"""Rows at which Nomis's query service stops without saying so (Nomis, API help); no bulk download has exactly so many:
there are 35,672 small areas in England and Wales."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one census table tells: parts of a whole.

    Attributes
    ----------
    whole, whole_heading
        The column of everybody, or every household.
    parts
        Column → the published columns that are added up to it.
    """

    whole: str
    whole_heading: str
    parts: dict[str, tuple[str, ...]]


DIMENSIONS = "Household deprivation: Household is deprived in {} dimensions"
FIVES = ("65 to 69 years", "70 to 74 years", "75 to 79 years", "80 to 84 years", "85 years and over")
TENS = ("65 to 74 years", "75 to 84 years", "85 years and over")
WORKERS = "Total: All usual residents aged 16 years and over in employment the week before the census"
TABLES = (
    Part("residents", "Residence type: Total", {}),
    Part("residents_by_age", "Age: Total", {"residents_65_over": tuple(f"Age: Aged {years}" for years in FIVES)}),
    Part("residents_by_age", "Age: Total", {"residents_65_over": tuple(f"Age: Aged {years}" for years in TENS)}),
    Part(
        "households",
        "Household deprivation: Total: All households",
        {"deprived_2_plus": tuple(DIMENSIONS.format(count) for count in ("two", "three", "four"))},
    ),
    Part(
        "residents_by_disability",
        "Disability: Total: All usual residents",
        {"disabled_residents": ("Disability: Disabled under the Equality Act",)},
    ),
    Part("households_by_accommodation", "Accommodation type: Total: All households", {}),
    Part(
        "households_by_cars",
        "Number of cars or vans: Total: All households",
        {"households_without_car": ("Number of cars or vans: No cars or vans in household",)},
    ),
    Part(
        "workers",
        f"Method of travel to workplace: {WORKERS}",
        {"working_from_home": ("Method of travel to workplace: Work mainly at or from home",)},
    ),
)
"""Tables 001, 007A, 007, 011, 038, 044, 045 and 061, told apart by their headings and never by the file's name."""
WORDS = {
    "residents_65_over": "residents aged 65 or over",
    "residents_by_age": "residents",
    "deprived_2_plus": "households deprived in two or more ways",
    "deprived_households": "households deprived in two or more ways",
    "residents_by_disability": "residents",
    "households_without_car": "households without a car",
    "households_by_cars": "households",
    "working_from_home": "people working from home",
    "workers": "people in work",
}
"""What a column counts, where its name does not say it to a reader."""


def is_bulk(path: Path, member: str | None) -> bool:
    """Tell a bulk download by its headings."""
    headings = read_headings(path, member=member, usual=MEMBER)
    return CODE in {normalised(heading) for heading in headings}


def read_bulk(path: Path, *, geography: str, ledger: Ledger, member: str | None) -> pd.DataFrame:
    """Read one bulk download: the whole and the parts of its table.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; the columns of one of `TABLES`.

    Raises
    ------
    LayerError
        When the table is another one, of other areas, cut short, or a part is larger than its whole.
    """
    headings = {normalised(heading) for heading in read_headings(path, member=member, usual=MEMBER)}
    part = next((part for part in TABLES if all(headings & _folded(name) for name in _asked(part))), None)
    if part is None:
        raise LayerError(
            "The census table is not one that is read, or a heading has changed.",
            file=path.name,
            expected=f"{CODE} and the headings of table 001, 007A, 011, 038, 044, 045 or 061, such as “Age: Total”",
            found=examples(sorted(headings)),
            next_step="take Nomis's bulk download of one of those tables, as it is",
        )
    if geography != "lsoa21":
        raise LayerError(
            f"Census 2021 is on lsoa21 codes, and the study is on {geography}.",
            file=path.name,
            column=CODE,
            expected=f"{geography} codes",
            found="lsoa21 codes",
            next_step='set geography = "lsoa21" in the study file, or leave the census out',
        )
    columns = [Column(name, _aliases(name), "count") for name in _asked(part)]
    table = read_by_area(
        path, columns, kind="census", geography=geography, ledger=ledger, member=member, codes=(CODE,), usual=MEMBER
    )
    _refuse_cut_short(table, path)
    _refuse_larger_areas(table, path)
    counts = {name: table[list(added)].sum(axis=1, skipna=False) for name, added in part.parts.items()}
    for name, added in part.parts.items():
        refuse_over(
            counts[name],
            table[part.whole_heading],
            column=examples(added),
            words=(WORDS.get(name, name), WORDS.get(part.whole, part.whole)),
            path=path,
            ledger=ledger,
        )
    return pd.DataFrame({part.whole: table[part.whole_heading], **counts})


def _asked(part: Part) -> tuple[str, ...]:
    return (part.whole_heading, *(name for added in part.parts.values() for name in added))


def _aliases(label: str) -> tuple[str, str]:
    """Give both ways a label is published."""
    return label, f"{label}; measures: Value"


def _folded(label: str) -> set[str]:
    return {normalised(name) for name in _aliases(label)}


def _refuse_cut_short(table: pd.DataFrame, path: Path) -> None:
    if len(table) == CUT_SHORT:
        raise LayerError(
            f"The census table has exactly {CUT_SHORT:,} rows, so the rest is most likely missing.",
            file=path.name,
            expected="a row for each of the 35,672 small areas of England and Wales",
            found=f"{CUT_SHORT:,} rows: Nomis's query service stops there without saying so",
            next_step="take the bulk download, census2021-tsNNN.zip, instead of a query",
        )


def _refuse_larger_areas(table: pd.DataFrame, path: Path) -> None:
    others = ~table.index.str.fullmatch(r"[EW]01[0-9]{6}")
    if others.any():
        raise LayerError(
            "The census table is of larger or smaller areas than the study's.",
            file=path.name,
            column=CODE,
            expected="codes of LSOA 2021, such as E01020634",
            found=examples(table.index[others]),
            next_step=f"name the member whose name ends in -lsoa.csv: member = “{MEMBER}”",
        )
