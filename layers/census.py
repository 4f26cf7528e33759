"""Census 2021 by small area: residents, ages, disability, households, cars, and working from home.

Two kinds of file are read: one table already put together, and Nomis's bulk downloads (see :mod:`layers.nomis`), of
which a study lists as many as it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.nomis import WORDS, is_bulk, read_bulk
from layers.tabular.columns import read_by_area, refuse_over
from layers.tabular.tables import Column

COLUMNS = (
    Column("residents", ("usual_residents",), "count"),
    Column("disabled_residents", ("disabled_residents",), "count"),
    Column("households", ("households",), "count"),
    Column("deprived_households", ("households_deprived_2plus_dimensions",), "count"),
)
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
    table = read_by_area(path, COLUMNS, kind="census", geography=geography, ledger=ledger, member=member)
    published = {column.name: column.headings[0] for column in COLUMNS}
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
