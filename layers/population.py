"""Residents, and how many of them are 65 or over."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.tabular.columns import read_by_area
from layers.tabular.tables import Column

COLUMNS = (
    Column("residents", ("population", "usual_residents", "All Ages"), "count"),
    Column("residents_65_plus", ("age_65_plus",), "count"),
)


def read_population(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read residents by area.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; ``residents`` (people) and ``older_share`` (65 and over, 0 to 1; NaN without residents).
    """
    table = read_by_area(path, COLUMNS, kind="population", geography=geography, ledger=ledger, member=member)
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
