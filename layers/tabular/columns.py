"""Small tables keyed by area code: one reader for the layers that are just a column or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.boundaries import CODE_HEADINGS
from layers.catalogue import SOURCES
from layers.errors import LayerError, MissingAreasError, examples
from layers.layer import Kind
from layers.manifest import Ledger
from layers.tabular.tables import Column, line_numbers, read_table


def read_by_area(
    path: Path, columns: Sequence[Column], *, kind: Kind, geography: str, ledger: Ledger, member: str | None = None
) -> pd.DataFrame:
    """Read a table that has one row for each area.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``, unique; the asked-for columns. All the file's areas, not only the study's.

    Raises
    ------
    LayerError
        When the codes are of another year or an area stands twice.
    """
    table = read_with_codes(path, columns, geography=geography, member=member)
    ledger.used(path, kind=kind, rows=len(table))
    twice = table["area_code"].duplicated(keep=False)
    if twice.any():
        raise LayerError(
            f"{table['area_code'][twice].nunique():,} areas stand more than once.",
            file=path.name,
            column=CODE_HEADINGS[geography][0],
            rows=line_numbers(twice),
            expected="one row for each area",
            found=examples(table["area_code"][twice].unique()),
            next_step="remove the copies",
        )
    ledger.check(path, "no area stands twice", rows=len(table))
    return table.set_index("area_code")


def read_with_codes(
    path: Path, columns: Sequence[Column], *, geography: str, member: str | None = None
) -> pd.DataFrame:
    """Read a table with a column of area codes, saying so when it is on another year's.

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
    headings = {year: Column("area_code", names, "code", required=False) for year, names in CODE_HEADINGS.items()}
    table = read_table(path, [headings[geography], *columns], member=member)
    if "area_code" in table:
        return table
    for year, column in headings.items():
        if "area_code" in read_table(path, [column], member=member):
            raise LayerError(
                f"The file holds {year} codes, and the study is on {geography}.",
                file=path.name,
                column=CODE_HEADINGS[geography][0],
                expected=f"a column {CODE_HEADINGS[geography][0]}",
                found=f"a column {CODE_HEADINGS[year][0]}",
                next_step=f'give the file on {geography}, or set geography = "{year}" in the study file',
            )
    return read_table(path, [replace(headings[geography], required=True)], member=member)  # raises: it is missing


def aligned(
    table: pd.DataFrame, *, areas: pd.Index, kind: Kind, file: str, allowed: float, ledger: Ledger
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
        raise MissingAreasError(SOURCES[kind].title, list(missing), len(areas), file=file, allowed=allowed)
    rule = "every area of the study has a figure"
    ledger.check(file, rule, rows=len(areas), failing=len(missing), examples=missing, then="kept", kind=kind)
    if len(missing):
        ledger.warn(
            f"{file}: no row for {len(missing):,} of {len(areas):,} areas ({examples(missing)}): kept as not known."
        )
    return table.reindex(areas)
