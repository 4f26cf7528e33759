"""Underlying indicators of the English Indices of Deprivation 2025 (File 8): travel, and the broadband indicator.

The publisher's workbook has a sheet of notes and one for each domain; both indicators stand in the sheet
``IoD25 Barriers Domain``, headings in its first row (seen in public code that reads it). A table made of it works too.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.errors import LayerError
from layers.issues import DISTRICT, tell_issue
from layers.manifest import Ledger
from layers.tabular.columns import read_by_area
from layers.tabular.tables import Column, line_numbers

BEST = 100.0
COLUMNS = (
    Column("connectivity_score", ("Connectivity Score",), "count"),
    Column(
        "broadband_indicator",
        (
            "Digital Connectivity (Broadband download and upload speeds)",
            "digital_connectivity_broadband_download_and_upload_speeds",
        ),
        "number",
        required=False,
    ),
)
SHEET = "*Barriers*"


def read_underlying_2025(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the two indicators that say how far and how well connected a place is.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; ``connectivity_score`` (DfT, 0 to 100, high is good: how easily people reach jobs, shops,
        schools and doctors by any means), ``travel_badness`` (100 less that) and ``broadband_indicator`` (standard
        score, high is bad; absent when the file lacks it). The broadband indicator only helps to spread authority
        totals; it never enters the score.
    """
    table = read_by_area(
        path,
        [*COLUMNS, DISTRICT],
        kind="underlying_2025",
        geography=geography,
        ledger=ledger,
        member=member,
        sheet=SHEET,
    )
    table = tell_issue(table, path=path, ledger=ledger)
    over = table["connectivity_score"] > BEST
    if over.any():
        raise LayerError(
            "A connectivity score is above 100.",
            file=path.name,
            column="connectivity_score",
            rows=line_numbers(over),
            expected="0 to 100",
            found=f"{table['connectivity_score'].max():g}",
            next_step="check that the column is DfT's connectivity score",
        )
    ledger.check(path, "connectivity scores are from 0 to 100", rows=len(table))
    return table.assign(travel_badness=BEST - table["connectivity_score"])
