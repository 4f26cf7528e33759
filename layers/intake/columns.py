"""Small tables keyed by area code: one reader for the layers that are just a column or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, MissingAreasError, examples, several
from layers.geography import GEOGRAPHIES, geography_of
from layers.intake.cells import WITHHELD
from layers.intake.published import published_columns
from layers.intake.tables import Column, line_numbers, read_table
from layers.kinds import KINDS
from layers.ledger import Ledger


def read_by_area(
    path: Path,
    columns: Sequence[Column],
    *,
    kind: str,
    geography: str,
    ledger: Ledger,
    member: str | None = None,
) -> pd.DataFrame:
    """Read a table that has one row for each area.

    Parameters
    ----------
    kind
        The kind of layer, whose record says which member or sheet is meant where none is named, and what the area codes
        may stand under.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``, unique; the asked-for columns. All the file's areas, not only the study's.

    Raises
    ------
    LayerError
        When the codes are of another year or an area stands twice.
    """
    table = read_with_codes(path, columns, kind=kind, geography=geography, member=member)
    ledger.used(path, kind=kind, rows=len(table))
    tell_withheld(table, path=path, ledger=ledger)
    refuse_doubled_areas(table["area_code"], path=path, geography=geography)
    ledger.check(path, "no area stands twice", rows=len(table))
    return table.set_index("area_code")


def read_published(path: Path, *, kind: str, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read a layer whose columns are as published, by its headings in ``layers/sources/headings.toml`` alone.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; the columns of that kind.
    """
    return read_by_area(path, published_columns(kind), kind=kind, geography=geography, ledger=ledger, member=member)


def refuse_doubled_areas(codes: pd.Series, *, path: Path, geography: str) -> None:
    """Refuse a table in which an area stands more than once."""
    twice = codes.duplicated(keep=False)
    if twice.any():
        raise LayerError(
            f"{codes[twice].nunique():,} areas stand more than once.",
            file=path.name,
            column=geography_of(geography).codes[0],
            rows=line_numbers(twice),
            expected="one row for each area",
            found=examples(codes[twice].unique()),
            next_step="remove the copies",
        )


def tell_withheld(table: pd.DataFrame, *, path: Path, ledger: Ledger) -> None:
    """Say how many cells hold a mark such as ``[x]`` where a figure would stand: they are not known, and not zero."""
    for heading, count in table.attrs.get(WITHHELD, {}).items():
        ledger.warn(f"{path.name}: {count:,} cells of “{heading}” hold a mark in place of a figure: kept as not known.")


def read_with_codes(
    path: Path,
    columns: Sequence[Column],
    *,
    kind: str,
    geography: str,
    member: str | None = None,
    codes: Sequence[str] = (),
) -> pd.DataFrame:
    """Read a table with a column of area codes, saying so when it is on another year's.

    Parameters
    ----------
    kind
        As :func:`read_by_area` takes it.
    codes
        Headings of the area codes besides the usual ones and those of its record.

    Returns
    -------
    pandas.DataFrame
        ``area_code`` and the asked-for columns, in the file's order.

    Raises
    ------
    LayerError
        When the file has only another year's codes.
    MissingColumnError
        When it has none.
    """
    headings = {key: Column("area_code", one.codes, "code", required=False) for key, one in GEOGRAPHIES.items()}
    record = KINDS[kind]
    own = replace(headings[geography], headings=(*headings[geography].headings, *record.codes, *codes))

    def read(asked: Sequence[Column]) -> pd.DataFrame:
        return read_table(path, asked, member=member, usual=record.member, sheet=record.sheet)

    table = read([own, *columns])
    if "area_code" in table:
        return table
    for year, column in headings.items():
        if "area_code" in read([column]):
            raise LayerError(
                f"The file holds {year} codes, and the study is on {geography}.",
                file=path.name,
                column=geography_of(geography).codes[0],
                expected=f"a column {geography_of(geography).codes[0]}",
                found=f"a column {geography_of(year).codes[0]}",
                next_step=f'give the file on {geography}, or set geography = "{year}" in the study file',
            )
    return read([replace(own, required=True)])  # raises: it is missing


def refuse_over(
    part: pd.Series, whole: pd.Series, *, column: str, words: tuple[str, str], path: Path, ledger: Ledger
) -> None:
    """Refuse a table in which a part is larger than its whole, naming the areas."""
    part_words, whole_words = (word.replace("_", " ") for word in words)
    over = part > whole
    if over.any():
        raise LayerError(
            f"{several(int(over.sum()), 'area has', 'areas have')} more {part_words} than {whole_words}.",
            file=path.name,
            column=column,
            rows=examples(part.index[over]),
            expected=f"at most the {whole_words} of the area",
            found=examples(part[over]),
            next_step="check that the columns were not swapped",
        )
    ledger.check(path, f"no more {part_words} than {whole_words}", rows=len(part))


def aligned(
    table: pd.DataFrame, *, areas: pd.Index, kind: str, file: str, allowed: float, ledger: Ledger
) -> pd.DataFrame:
    """Give every area of the spine its row; areas the layer lacks stay unknown and are counted.

    Parameters
    ----------
    table
        Index ``area_code``.
    areas
        The spine's area codes.
    allowed
        Share of areas that may be missing (assumption, in the study file) before the build is refused.

    Raises
    ------
    MissingAreasError
        When more are missing: most likely another year's codes.
    """
    missing = areas.difference(table.index)
    if len(missing) > allowed * len(areas):
        raise MissingAreasError(KINDS[kind].title, list(missing), len(areas), file=file, allowed=allowed)
    rule = "every area of the study has a figure"
    ledger.check(file, rule, rows=len(areas), failing=len(missing), examples=missing, then="kept", kind=kind)
    if len(missing):
        ledger.warn(
            f"{file}: no row for {len(missing):,} of {len(areas):,} areas ({examples(missing)}): kept as not known."
        )
    return table.reindex(areas)
