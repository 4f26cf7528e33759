"""Welsh Index of Multiple Deprivation 2019: a lens for Welsh areas, never ranked together with English ones.

Its domain scores are ranks put on an exponential scale, not rates: they have no place on England's goalposts.

The publisher gives two workbooks, one of ranks (sheet ``WIMD_2019_ranks``) and one of scores (sheet ``Data``); in both
two lines of title stand above headings such as ``Income``, with a blank after some (seen in public code that reads
them). Ranks follow from scores, as the scale keeps their order. A table put together of both works too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from layers.boundaries import CODE_HEADINGS
from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.tabular.columns import read_by_area
from layers.tabular.tables import Column, line_numbers

AREAS_OF_WALES = 1909
TENTH = 191
"""Areas in each of the publisher's tenths, but for the last, which has 190 (counted in the published file)."""
CODE = "LSOA code"
RANKS = {"wimd_income_rank": "Income", "wimd_employment_rank": "Employment"}
COLUMNS = (
    *(Column(name, (f"{domain}_rank", domain), "count") for name, domain in RANKS.items()),
    Column("wimd_income_decile", ("Income_decile",), "whole", required=False),
)


def read_wimd(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the income and employment ranks of WIMD 2019 (1 is the most deprived of 1,909).

    Returns
    -------
    pandas.DataFrame
        Index ``area_code`` (LSOA 2011); ``wimd_income_rank``, ``wimd_employment_rank``, ``wimd_income_decile`` (1 for
        the most deprived tenth).

    Raises
    ------
    LayerError
        When areas are not Welsh, ranks are not ranks, or scores are not of the whole of Wales.
    """
    table = read_by_area(path, COLUMNS, kind="wimd", geography=geography, ledger=ledger, member=member, codes=(CODE,))
    english = pd.Series(~table.index.str.startswith("W"), index=table.index)
    _refuse(english, table, path, CODE_HEADINGS[geography][0], "Welsh codes (W01…)")
    ranks = table[list(RANKS)]
    if (ranks % 1 > 0).any(axis=None):
        ranks = _ranked(ranks, path=path, ledger=ledger)
    outside = (ranks.gt(AREAS_OF_WALES) | ranks.lt(1)).any(axis=1)
    _refuse(outside, table, path, "Income_rank, Employment_rank", f"ranks 1 to {AREAS_OF_WALES:,}")
    ledger.check(path, f"all areas are Welsh, with ranks from 1 to {AREAS_OF_WALES:,}", rows=len(table))
    tenths = np.ceil(ranks["wimd_income_rank"] / TENTH)
    return ranks.assign(wimd_income_decile=table.get("wimd_income_decile", tenths))


def _ranked(scores: pd.DataFrame, *, path: Path, ledger: Ledger) -> pd.DataFrame:
    """Make ranks of scores, which needs every area: a rank is among all of Wales."""
    if len(scores) != AREAS_OF_WALES or scores.isna().any(axis=None):
        whole = scores % 1 > 0
        raise LayerError(
            "A rank is not a whole number, or scores are not of the whole of Wales.",
            file=path.name,
            column=RANKS["wimd_income_rank"] + "_rank",
            rows=line_numbers(whole.any(axis=1)),
            expected=f"whole ranks, or scores of all {AREAS_OF_WALES:,} areas",
            found=f"{len(scores):,} areas; such as {examples(scores.to_numpy()[whole.to_numpy()])}",
            next_step="use the publisher's workbook of ranks as it is",
        )
    ledger.warn(f"{path.name}: holds scores; ranks were made of them, highest score first.")
    return scores.rank(ascending=False, method="min")


def _refuse(bad: pd.Series, table: pd.DataFrame, path: Path, column: str, expected: str) -> None:
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
