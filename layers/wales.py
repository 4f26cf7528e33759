"""Welsh Index of Multiple Deprivation 2019: a lens for Welsh areas, never ranked together with English ones.

Its domain scores are ranks put on an exponential scale, not rates: they have no place on England's goalposts.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.boundaries import CODE_HEADINGS
from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.tabular.columns import read_by_area
from layers.tabular.tables import Column, line_numbers

AREAS_OF_WALES = 1909
COLUMNS = (
    Column("wimd_income_rank", ("Income_rank",), "whole"),
    Column("wimd_employment_rank", ("Employment_rank",), "whole"),
    Column("wimd_income_decile", ("Income_decile",), "whole"),
)


def read_wimd(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the income and employment ranks of WIMD 2019 (1 is the most deprived of 1,909).

    Returns
    -------
    pandas.DataFrame
        Index ``area_code`` (LSOA 2011); ``wimd_income_rank``, ``wimd_employment_rank``, ``wimd_income_decile``.
    """
    table = read_by_area(path, COLUMNS, kind="wimd", geography=geography, ledger=ledger, member=member)
    english = ~table.index.str.startswith("W")
    ranks = table[["wimd_income_rank", "wimd_employment_rank"]]
    outside = (ranks.gt(AREAS_OF_WALES) | ranks.lt(1)).any(axis=1)
    for bad, column, expected in (
        (pd.Series(english, index=table.index), CODE_HEADINGS[geography][0], "Welsh codes (W01…)"),
        (outside, "Income_rank, Employment_rank", f"ranks 1 to {AREAS_OF_WALES:,}"),
    ):
        if bad.any():
            raise LayerError(
                "The file is not the Welsh index of 2019.",
                file=path.name,
                column=column,
                rows=line_numbers(bad),
                expected=expected,
                found=examples(table.index[bad]),
                next_step="use WIMD 2019 on LSOA 2011; nations are never ranked together",
            )
    ledger.check(path, f"all areas are Welsh, with ranks from 1 to {AREAS_OF_WALES:,}", rows=len(table))
    return table
