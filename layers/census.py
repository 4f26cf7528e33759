"""Census 2021 by small area: residents, disabled residents, households deprived in two or more dimensions."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.tabular.columns import read_by_area
from layers.tabular.tables import Column

COLUMNS = (
    Column("residents", ("usual_residents",), "count"),
    Column("disabled_residents", ("disabled_residents",), "count"),
    Column("households", ("households",), "count"),
    Column("deprived_households", ("households_deprived_2plus_dimensions",), "count"),
)
HEADING = {column.name: column.headings[0] for column in COLUMNS}
PARTS = (("disabled_residents", "residents"), ("deprived_households", "households"))


def read_census(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read census counts and make shares of them.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; ``residents`` (people), ``disabled_share`` and ``deprived_households_share`` (0 to 1; NaN
        where there is nobody, or no household).

    Raises
    ------
    LayerError
        When a part is larger than its whole.
    """
    table = read_by_area(path, COLUMNS, kind="census", geography=geography, ledger=ledger, member=member)
    shares = table[["residents"]].copy()
    for part, whole in PARTS:
        over = table[part] > table[whole]
        if over.any():
            raise LayerError(
                f"{int(over.sum()):,} areas have more {part.replace('_', ' ')} than {whole}.",
                file=path.name,
                column=HEADING[part],
                rows=examples(table.index[over]),
                expected=f"at most the {whole} of the area",
                found=examples(table[part][over]),
                next_step="check that the columns were not swapped",
            )
        ledger.check(path, f"no more {part.replace('_', ' ')} than {whole}", rows=len(table))
        name = part.replace("_residents", "_share") if part == "disabled_residents" else f"{part}_share"
        shares[name] = table[part] / table[whole].where(table[whole] > 0)
    return shares
