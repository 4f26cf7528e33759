"""DfT's transport connectivity metric of 2025: how easily people reach jobs, shops, schools and doctors, 0 to 100.

An ODS workbook of 68 MB, 1 GB unpacked, with a sheet for each kind of area. In the sheet ``LSOA`` the headings stand
in the third row: ``LSOA21CD``, a score for each purpose and way of travel, such as ``Overall (walking)``, and last
``Overall``: all ways but driving (seen in public code and notes about the workbook). England and Wales.

File 8 of the Indices of Deprivation 2025 carries the overall score for England. Where a study has both, File 8's stays,
so that its figures are of one source with its goalposts; this workbook then adds the ways of travel as lenses.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.errors import LayerError
from layers.manifest import Ledger
from layers.tabular.columns import read_by_area
from layers.tabular.tables import Column, line_numbers
from layers.underlying import BEST

SHEET = "*LSOA*"
WAYS = ("walking", "cycling", "public transport", "driving")
OVERALL = "connectivity_score"
COLUMNS = (
    Column(OVERALL, ("Overall",), "count"),
    *(Column(f"connectivity_{way.replace(' ', '_')}", (f"Overall ({way})",), "count", required=False) for way in WAYS),
)


def read_connectivity(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the overall scores, and those for each way of travel where the file gives them.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code`` (LSOA 2021); ``connectivity_score``, ``travel_badness`` (100 less that), and
        ``connectivity_walking, …_cycling, …_public_transport, …_driving``: all 0 to 100, high is good but for
        ``travel_badness``. DfT says that scores of different ways are not to be compared with each other.

    Raises
    ------
    LayerError
        When a score is above 100.
    """
    table = read_by_area(
        path, COLUMNS, kind="dft_connectivity", geography=geography, ledger=ledger, member=member, sheet=SHEET
    )
    for column in COLUMNS:
        if column.name in table and (table[column.name] > BEST).any():
            over = table[column.name] > BEST
            raise LayerError(
                "A connectivity score is above 100.",
                file=path.name,
                column=column.headings[0],
                rows=line_numbers(over),
                expected="0 to 100",
                found=f"{table[column.name].max():g}",
                next_step="check that this is DfT's connectivity metric",
            )
    ledger.check(path, "connectivity scores are from 0 to 100", rows=len(table))
    return table.assign(travel_badness=BEST - table[OVERALL])
