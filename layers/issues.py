"""Which issue of the English Indices of Deprivation 2025 a file is: the first, or the corrected one.

Files 7 and 8 were published on 30 October 2025 and put out again on 13 November 2025. The note in the corrected File 8
says that the district of one small area was put right and that no figure changed (as described in public notes on
that workbook; the note itself was not seen here). In a copy we take for the first issue, one area alone stands in
another district than in ONS's lookup of 2024: E01027305, in West Northamptonshire where ONS has Cherwell. That it is
the one which was put right is our inference.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pandas as pd

from layers.manifest import Ledger
from layers.tabular.tables import Column

DISTRICT = Column("district_code", ("Local Authority District code (2024)",), "code", required=False)
AREA = "E01027305"
FIRST, CORRECTED = "E06000062", "E07000177"
"""West Northamptonshire and Cherwell: where the first and the corrected issue put the area."""
WHOLE = 30_000
"""Rows above which a file is taken for the whole of England, which has 33,755 areas."""
Issue = Literal["first", "corrected"]


def issue_of(table: pd.DataFrame) -> Issue | None:
    """Tell the issue by the district of one area.

    Parameters
    ----------
    table
        Index ``area_code``; ``district_code`` where the file gives it.

    Returns
    -------
    str or None
        None when the file does not say.

    Examples
    --------
    >>> issue_of(pd.DataFrame({"district_code": ["E06000062"]}, index=["E01027305"]))
    'first'
    """
    if DISTRICT.name not in table or AREA not in table.index:
        return None
    found: dict[str, Issue] = {FIRST: "first", CORRECTED: "corrected"}
    return found.get(table[DISTRICT.name].loc[AREA])


def tell_issue(table: pd.DataFrame, *, path: Path, ledger: Ledger) -> pd.DataFrame:
    """Record which issue the file is, and take its districts off: a study's own lookup gives them.

    A file that is not of the whole of England, and does not hold the area, says nothing.
    """
    issue = issue_of(table)
    if issue is not None:
        ledger.check(
            path,
            "it is the corrected issue of 13 November 2025",
            rows=1,
            failing=int(issue == "first"),
            examples=[AREA],
            then="kept",
        )
    if issue == "first":
        ledger.warn(
            f"{path.name}: it looks like the first issue of 30 October 2025: {AREA} stands in West Northamptonshire. "
            "In the next one, of 13 November 2025, it stands in Cherwell. No figure changed."
        )
    elif issue is None and len(table) > WHOLE:
        ledger.warn(
            f"{path.name}: it may be the first issue or the corrected one of 13 November 2025. We cannot tell. The "
            "council of one area was put right. No figure changed."
        )
    return table.drop(columns=DISTRICT.name, errors="ignore")
