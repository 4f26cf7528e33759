"""Ofcom's mobile coverage by authority: it may bound an area's figure, never rank areas within an authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.intake.published import published_column, published_columns
from layers.intake.tables import normalised, read_headings, read_table
from layers.ledger import Ledger, Unused
from layers.ofcom.releases import member_meant

DISTRICT = replace(published_column("ofcom_authorities", "code"), name="district_code")
OPERATORS = published_columns("ofcom_mobile")
"""Premises where the 4G of none to all operators reaches indoors; "4G" there means at least 2 Mbit/s, from mid-2025 at
least 5."""
FAMILY = OPERATORS[0].headings[0].rpartition("_")[0]
WHOLE = 100.0
ROUNDING = Figure(0.5, "percentage points", "five figures rounded to one decimal may miss 100 by so much", "assumption")


def read_mobile(
    path: Path, *, districts: Sequence[str], ledger: Ledger, member: str | None = None, release: str | None = None
) -> pd.Series:
    """Read the share of premises that at least one operator's 4G reaches indoors.

    In a family such as ``4G_prem_in_0 … _4`` each figure is the percentage covered by exactly that many operators;
    they sum to 100, a blank is 0, and a family that is blank throughout does not apply. In 2023 the first and last
    are called ``_None`` and ``_All``.

    Returns
    -------
    pandas.Series
        Index district code, named ``indoor_4g``: share of premises, 0 to 1. Districts without a row are missing.

    Raises
    ------
    LayerError
        When the family is absent, blank throughout, or does not sum to 100.
    """
    member = member_meant(path, level="mobile", member=member)
    headings = read_headings(path, member=member)
    there = {normalised(heading) for heading in headings}
    if not any(normalised(heading) in there for heading in OPERATORS[0].headings):
        raise LayerError(
            "The mobile file does not say how many premises 4G reaches indoors.",
            file=path.name,
            column=f"{FAMILY}_0",
            expected=f"columns {FAMILY}_0, {FAMILY}_1, … or {FAMILY}_None … {FAMILY}_All",
            found=f"{len(headings):,} columns, none of them",
            next_step="use Ofcom's mobile coverage file by local authority",
        )
    table = read_table(path, [DISTRICT, *OPERATORS], member=member)
    family = [column.name for column in OPERATORS if column.name in table]
    ledger.used(path, kind="mobile", rows=len(table), release=release)
    rows, table = len(table), table[table["district_code"].isin(districts)].set_index("district_code")
    elsewhere = Unused.of("councils outside the study", rows - len(table), harmless=True)
    ledger.rows(path, rows_in=rows, rows_used=len(table), unused=[elsewhere], noun="councils")
    applies = table[family].notna().any(axis=1)
    exact = table[family].where(table[family].notna(), 0.0)  # the publisher's own convention inside a family
    wrong = applies & ((exact.sum(axis=1) - WHOLE).abs() > ROUNDING.value)
    if wrong.any() or table.index.has_duplicates:
        bad = table.index[wrong] if wrong.any() else table.index[table.index.duplicated()]
        raise LayerError(
            "The mobile figures of an authority do not make a whole.",
            file=path.name,
            column=f"{FAMILY}_…",
            rows=examples(bad),
            expected="one row for each authority, and percentages that sum to 100",
            found=examples(f"{total:g}" for total in exact.loc[bad].sum(axis=1)),
            next_step="compare those rows with the publisher's file",
        )
    ledger.check(path, "the shares reached by no, one, two, three and four operators make 100 %", rows=len(table))
    return ((WHOLE - exact["none"]) / WHOLE).clip(0.0, 1.0).where(applies).rename("indoor_4g")
