"""Where premises are likely to be inside an authority: real counts to share published totals by."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.columns import read_by_area, read_with_codes
from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.tables import Column, line_numbers


def read_output_areas(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read 2011 output areas with the small area each is in and its class.

    Returns
    -------
    pandas.DataFrame
        Index ``output_area``; ``area_code`` and ``group``, the class of ONS's 2011 output area classification
        (such as ``8C1``; blank where unknown).
    """
    columns = [
        Column("output_area", ("oa11cd", "OA11CD"), "code"),
        Column("group", ("oac11", "OAC11CD"), "code", required=False),
    ]
    table = read_with_codes(path, columns, geography=geography, member=member)
    ledger.used(path, kind="output_areas", rows=len(table), release="2011")
    twice = table["output_area"].duplicated(keep=False)
    if twice.any():
        raise LayerError(
            "An output area stands more than once.",
            file=path.name,
            column="oa11cd",
            rows=line_numbers(twice),
            expected="one row for each output area",
            found=examples(table["output_area"][twice].unique()),
            next_step="remove the copies",
        )
    return table.set_index("output_area")


def output_area_weight(output_areas: pd.DataFrame, *, areas: pd.Index) -> pd.Series:
    """Count 2011 output areas in each area: each was drawn for about 125 households (ONS).

    Returns
    -------
    pandas.Series
        Named ``weight``, float; NaN for an area with none.
    """
    return output_areas.groupby("area_code").size().reindex(areas).astype(float).rename("weight")


def read_dwellings(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.Series:
    """Read dwellings on the council tax list by area, rounded to 10 by the publisher, as a premises weight."""
    dwellings = Column("weight", ("dwellings", "all_properties"), "count")
    return read_by_area(path, [dwellings], kind="dwellings", geography=geography, ledger=ledger, member=member)[
        "weight"
    ]
