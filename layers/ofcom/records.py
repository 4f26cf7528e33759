"""What Ofcom's files were held against, in plain words, and what became of their rows: told to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from layers.manifest import Ledger
from layers.quality import OUTSIDE, Unused

NOT_IN_LOOKUP = "not in the postcode lookup"
RULES = {
    ("under_2", "under_5", "under_10", "under_30"): "no more premises under 2 Mbit/s than under 5, under 10, under 30",
    ("fwa", "premises"): "no more premises with decent fixed wireless than there are premises",
    ("below_decent", "matched"): "no more premises below decent broadband than Ofcom could match",
    ("fixed_only", "matched"): "no more premises below the universal service than Ofcom could match",
    ("matched", "premises"): "no more premises matched than there are",
    ("from_300", "from_100", "superfast"): "no more premises with 300 Mbit/s than with 100, nor with 100 than with 30",
    ("from_300", "superfast"): "no more premises with 300 Mbit/s than with 30",
    ("under_30", "matched", "superfast"): "premises under 30 Mbit/s and premises with 30 or more make all that matched",
}
"""The invariants of method §2 by their columns; the error a broken one raises names the columns themselves."""
BANDS_MAKE_MATCHED = "the six speed bands together make all premises that Ofcom could match"
SHARES = (
    "no share of premises is blank or above 100 %",
    "shares rise from under 2 to under 30 Mbit/s, and fall from 30 or more to 300 or more",
    "shares that belong together make no more than 100 %, within rounding",
)


def in_words(columns: Sequence[str]) -> str:
    """Say one of Ofcom's invariants in plain words.

    >>> in_words(["matched", "premises"])
    'no more premises matched than there are'
    """
    return RULES.get(tuple(columns), BANDS_MAKE_MATCHED)


def record_output_areas(
    codes: pd.Series,
    *,
    area: pd.Series,
    areas: pd.Index,
    path: Path,
    ledger: Ledger,
    abroad: pd.Series | None = None,
) -> None:
    """Record the rows of a file by output area.

    Parameters
    ----------
    codes, area
        Each row's output area, and the small area it is in; missing where the lookup does not have it.
    areas
        The spine's area codes.
    abroad
        Whether it is of a nation the lookup is not about: Ofcom's file is of the United Kingdom, ONS's lookup of
        England and Wales.
    """
    lost, inside = area.isna(), area.isin(areas)
    if abroad is not None:
        lost &= ~abroad
    unused = [
        Unused.of("not in the lookup of output areas", lost.sum(), examples=codes[lost]),
        Unused.of(OUTSIDE, (~lost & ~inside).sum(), harmless=True),
    ]
    ledger.rows(path, rows_in=len(codes), rows_used=int(inside.sum()), unused=unused, noun="output areas")
    ledger.check(path, "no output area stands twice", rows=len(codes))


def record_postcodes(
    table: pd.DataFrame,
    *,
    premises: pd.Series,
    area: pd.Series,
    areas: pd.Index,
    rows: int,
    path: Path,
    ledger: Ledger,
) -> None:
    """Record the rows of a file by postcode.

    Parameters
    ----------
    table
        Index postcode: the rows that have premises, or whose premises come from elsewhere.
    premises, area
        Index postcode: premises, and the small area each is in.
    rows
        Rows of the file.
    """
    place = area.reindex(table.index)
    inside, known = place.isin(areas), premises.reindex(table.index).notna()
    lost, bare = place.isna(), inside & ~known
    unused = [
        Unused.of("without premises", rows - len(table), harmless=True),
        Unused.of(NOT_IN_LOOKUP, lost.sum(), examples=table.index[lost]),
        Unused.of("no count of premises for them", bare.sum(), examples=table.index[bare]),
        Unused.of(OUTSIDE, (~lost & ~inside).sum(), harmless=True),
    ]
    ledger.rows(path, rows_in=rows, rows_used=int((inside & known).sum()), unused=unused, noun="postcodes")
    ledger.check(path, "no postcode stands twice", rows=rows)
    for rule in SHARES:
        ledger.check(path, rule, rows=len(table))
    wanted = premises.index[area.reindex(premises.index).isin(areas)]
    absent = wanted.difference(table.index)
    rule = "every postcode of the study with premises has speeds"
    ledger.check(path, rule, rows=len(wanted), failing=len(absent), examples=absent, then="kept")


def record_lines(
    placed: pd.DataFrame,
    *,
    counted: pd.Series,
    known: pd.Series,
    areas: pd.Index,
    ours: pd.Series,
    ledger: Ledger,
    path: Path,
) -> None:
    """Record the rows of the 2013 file.

    Parameters
    ----------
    placed
        One row for each postcode: ``postcode, area_code`` (missing where the lookup does not have it).
    counted, known
        Where lines are published; where their speeds are too.
    ours
        Where the postcode is in one of the study's districts or areas.
    """
    inside = placed["area_code"].isin(areas)
    used, lost = inside & counted, placed["area_code"].isna()
    between = ours & ~inside & ~lost
    unused = [
        Unused.of("no line counted there", (inside & ~counted).sum(), harmless=True),
        Unused.of(NOT_IN_LOOKUP, lost.sum(), examples=placed.loc[lost, "postcode"]),
        Unused.of(
            "in the study's councils but in none of its small areas",
            between.sum(),
            examples=placed.loc[between, "postcode"],
        ),
        Unused.of(OUTSIDE, (~inside & ~lost & ~between).sum(), harmless=True),
    ]
    ledger.rows(path, rows_in=len(placed), rows_used=int(used.sum()), unused=unused, noun="postcodes")
    ledger.check(path, "no postcode stands twice", rows=len(placed))
    ledger.check(path, "every status and every yes-or-no is one that Ofcom uses", rows=len(placed))
    hidden = used & ~known
    rule = "the speeds of a postcode's lines are published (too few lines hide them)"
    names = placed.loc[hidden, "postcode"]
    ledger.check(path, rule, rows=int(used.sum()), failing=int(hidden.sum()), examples=names, then="kept")
