"""Census 2021 in Nomis's bulk downloads: a zip for each census table, in it a CSV for each kind of area.

The member whose name ends in ``-lsoa.csv`` is read. Its headings are ``date, geography, geography code`` and then one
long label for each figure. Some tables add "; measures: Value" to the labels, others do not: both are taken.

Which tables are read, and under which headings, stands in ``layers/sources/census.toml`` (seen in public code that
reads the downloads).

Census 2021 by small area: residents, ages, disability, households, cars, and working from home.

Two kinds of file are read: one table already put together, and Nomis's bulk downloads, of which a study lists as many
as it has.

Residents, and how many of them are 65 or over.

A stand-in for need, from the 2011 output area classification: what kind of neighbourhoods an area is made of.

The names are ONS's own (2011 Area Classification for Output Areas). It describes 2011, in classes and not in counts
of people; every page that shows it says "proxy".
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.geography import geography_of
from layers.intake.cells import is_one_of
from layers.intake.columns import read_by_area, refuse_over
from layers.intake.published import published_columns
from layers.intake.tables import Column, normalised, read_headings
from layers.kinds import KINDS
from layers.ledger import Ledger, Unused
from layers.people.dwellings import read_output_areas
from layers.reading import StudyReading

RECORDS = Path(__file__).parents[1] / "sources" / "census.toml"
MEMBER = KINDS["census"].member
(CODE,) = KINDS["census"].codes
CUT_SHORT = 25_000
"""Rows at which Nomis's query service stops without saying so (Nomis, API help); no bulk download has exactly so many:
there are 35,672 small areas in England and Wales."""


@dataclass(frozen=True, slots=True)
class CensusTable:
    """What one census table tells: parts of a whole.

    Attributes
    ----------
    number
        The office's number of it, such as ``007A``.
    whole, whole_heading
        The column of everybody, or every household.
    parts
        Column → the published columns that are added up to it.
    """

    number: str
    whole: str
    whole_heading: str
    parts: dict[str, tuple[str, ...]]


TABLES = tuple(
    CensusTable(
        table["number"],
        table["whole"],
        table["whole_heading"],
        {part: tuple(headings) for part, headings in table.get("parts", {}).items()},
    )
    for table in tomllib.loads(RECORDS.read_text(encoding="utf-8"))["table"]
)
"""Told apart by their headings and never by the file's name."""
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
    if geography != (own := KINDS["census"].geography):
        raise LayerError(
            f"Census 2021 is on {own} codes, and the study is on {geography}.",
            file=path.name,
            column=CODE,
            expected=f"{geography} codes",
            found=f"{own} codes",
            next_step=f'set geography = "{own}" in the study file, or leave the census out',
        )
    columns = [Column(name, _aliases(name), "count") for name in _asked(part)]
    table = read_by_area(path, columns, kind="census", geography=geography, ledger=ledger, member=member)
    _refuse_cut_short(table, path)
    _refuse_larger_areas(table, path, geography=geography)
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


def _asked(part: CensusTable) -> tuple[str, ...]:
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


def _refuse_larger_areas(table: pd.DataFrame, path: Path, *, geography: str) -> None:
    others = ~table.index.str.fullmatch(geography_of(geography).pattern.pattern)
    if others.any():
        raise LayerError(
            "The census table is of larger or smaller areas than the study's.",
            file=path.name,
            column=CODE,
            expected="codes of LSOA 2021, such as E01020634",
            found=examples(table.index[others]),
            next_step=f"name the member whose name ends in -lsoa.csv: member = “{MEMBER}”",
        )


CENSUS_COLUMNS = published_columns("census_table")
SHARES = {
    "disabled_share": ("disabled_residents", "residents_by_disability"),
    "deprived_households_share": ("deprived_2_plus", "households"),
    "older_share": ("residents_65_over", "residents_by_age"),
    "no_car_share": ("households_without_car", "households_by_cars"),
    "home_working_share": ("working_from_home", "workers"),
}
"""Share → part and whole of one and the same table: the census office moves single people between areas a little,
each table on its own, so wholes of different tables differ by a few."""


def read_census(
    paths: Path | Sequence[Path], *, geography: str, ledger: Ledger, member: str | None = None
) -> pd.DataFrame:
    """Read census counts and make shares of them.

    Parameters
    ----------
    paths
        One table already put together, or any number of Nomis's bulk downloads, one for each census table.
    member
        The member of each zip; the one of small areas where it is left out.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``. Shares from 0 to 1, NaN where there is nobody or no household: ``disabled_share``,
        ``deprived_households_share`` (two or more dimensions), ``older_share`` (65 and over), ``no_car_share``,
        ``home_working_share`` (of those in work in March 2021, a lockdown). From bulk downloads also the counts they
        are made of. Always ``residents`` where known (people). Only what the files hold.

    Raises
    ------
    LayerError
        When a part is larger than its whole, a file is cut short, or two files hold the same table.
    """
    files = [paths] if isinstance(paths, Path) else list(paths)
    if len(files) == 1 and not is_bulk(files[0], member):
        return _put_together(files[0], geography=geography, ledger=ledger, member=member)
    counts = pd.DataFrame()
    for path in files:
        table = read_bulk(path, geography=geography, ledger=ledger, member=member)
        _refuse_same(counts, table, path)
        counts = table if counts.empty else counts.join(table, how="outer", validate="one_to_one")
    counts.index.name = "area_code"
    for name in ("residents_by_age", "residents_by_disability"):
        if "residents" not in counts and name in counts:
            counts["residents"] = counts[name]
    present = {share: pair for share, pair in SHARES.items() if set(pair) <= set(counts)}
    shares = {share: counts[part] / counts[whole].where(counts[whole] > 0) for share, (part, whole) in present.items()}
    return counts.assign(**shares)


def _put_together(path: Path, *, geography: str, ledger: Ledger, member: str | None) -> pd.DataFrame:
    """Read the table that holds residents, disabled residents, households and deprived households together."""
    table = read_by_area(path, CENSUS_COLUMNS, kind="census", geography=geography, ledger=ledger, member=member)
    published = {column.name: column.headings[0] for column in CENSUS_COLUMNS}
    for part, whole in (("disabled_residents", "residents"), ("deprived_households", "households")):
        named = (WORDS.get(part, part), whole)
        refuse_over(table[part], table[whole], column=published[part], words=named, path=path, ledger=ledger)
    people, households = (table[whole].where(table[whole] > 0) for whole in ("residents", "households"))
    return table[["residents"]].assign(
        disabled_share=table["disabled_residents"] / people,
        deprived_households_share=table["deprived_households"] / households,
    )


def _refuse_same(before: pd.DataFrame, table: pd.DataFrame, path: Path) -> None:
    same = before.columns.intersection(table.columns)
    if len(same):
        raise LayerError(
            "Two files hold the same census table.",
            file=path.name,
            expected="each table once",
            found=f"{examples(name.replace('_', ' ') for name in same)} a second time",
            next_step="take one of the files out of the study",
        )


def census_columns(reading: StudyReading) -> pd.DataFrame | None:
    """Give each area what the census counts, from one file or one for each of its tables; None when there is none."""
    layer = reading.study.layer("census")
    if layer is None:
        return None
    study = reading.study
    table = read_census(study.paths(layer), geography=study.geography, ledger=reading.ledger, member=layer.member)
    if "older_share" in table and "older_residents" in study.indicators and study.layer("population") is None:
        reading.ledger.warn(
            "Residents aged 65 or over: counted in the census of March 2021, and held against the goalposts of the "
            "mid-2020 estimates, nine months before. Both count usual residents."
        )
    return reading.recorded(table, "census")


POPULATION_COLUMNS = published_columns("population")


def read_population(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read residents by area.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; ``residents`` (people) and ``older_share`` (65 and over, 0 to 1; NaN without residents).
    """
    table = read_by_area(path, POPULATION_COLUMNS, kind="population", geography=geography, ledger=ledger, member=member)
    over = table["residents_65_plus"] > table["residents"]
    if over.any():
        raise LayerError(
            f"{int(over.sum()):,} areas have more residents aged 65 and over than residents.",
            file=path.name,
            column="age_65_plus",
            rows=examples(table.index[over]),
            expected="at most the residents of the area",
            found=examples(table["residents_65_plus"][over]),
            next_step="check that the columns were not swapped",
        )
    ledger.check(path, "no more residents aged 65 and over than residents", rows=len(table))
    older = table["residents_65_plus"] / table["residents"].where(table["residents"] > 0)
    return table[["residents"]].assign(older_share=older)


HARD_PRESSED = ("7", "8")
"""Supergroups 7 "Constrained city dwellers" and 8 "Hard-pressed living" (assumption: these stand for low income)."""
AGEING = ("1C", "5B", "7D", "8C")
"""Groups ONS names ageing: ageing rural dwellers, ageing urban living, ageing city dwellers, hard-pressed ageing
workers (assumption: these stand for older residents)."""


def need_proxy(output_areas: pd.DataFrame, *, areas: pd.Index) -> pd.DataFrame:
    """Share of an area's classified output areas that are hard-pressed, and that are ageing.

    Parameters
    ----------
    output_areas
        Columns ``area_code`` and ``group`` (blank where unknown).
    areas
        The spine's area codes.

    Returns
    -------
    pandas.DataFrame
        Index `areas`; ``hard_pressed_share`` and ``ageing_share`` between 0 and 1; NaN when no output area of the
        area is classified.
    """
    known = output_areas[output_areas["group"].str.match(r"^[1-8][A-D]")]
    shares = pd.DataFrame(
        {
            "hard_pressed_share": known["group"].str[:1].isin(HARD_PRESSED),
            "ageing_share": known["group"].str[:2].isin(AGEING),
        }
    )
    return shares.groupby(known["area_code"]).mean().reindex(areas)


def classification_columns(reading: StudyReading) -> pd.DataFrame | None:
    """Give each area the stand-in for need; None when the study has no classes of output areas."""
    reader = partial(read_output_areas, kind="area_classification")
    output_areas = reading.read("area_classification", reader)
    if output_areas is None:
        return None
    ours = output_areas[is_one_of(output_areas["area_code"], reading.areas)]
    bare = ours.index[ours["group"].eq("")]
    unused = [Unused.of("their class is not known", len(bare), examples=bare)]
    used, noun = len(ours) - len(bare), "output areas"
    reading.placed("area_classification", output_areas["area_code"], noun=noun, unused=unused, used=used)
    reading.ledger.modelled.append(
        "Need: a proxy, from the kinds of neighbourhood ONS found in 2011, not counts of people."
    )
    return need_proxy(output_areas, areas=reading.areas)
