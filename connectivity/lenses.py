"""What a build knows about a place's ground and of any raster a study names, in plain words. Never in the score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from connectivity.claims import Basis
from connectivity.words import number

RASTER = "raster_"
ENDINGS = ("_covered", "_share", "_unknown")


def lenses(row: Mapping[str, Any], *, basis: Basis) -> list[tuple[str, str]]:
    """Name each lens of an area with its value and unit; what the study does not have is left out.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> lenses({"relief_m": 41.6, "raster_signal": -88.42, "raster_signal_share": 0.25}, basis=here)
    [('Highest ground above the lowest', '42 m'), ('Signal (mean of the raster)', '-88.4'), \
('Signal: share of postcodes with enough', '25%')]
    """
    noun = "Lines" if basis.measured else "Homes and businesses"
    said: list[tuple[str, str]] = []
    if _known(row, "premises_per_km2"):
        said.append((f"{noun} per square kilometre around here (modelled)", number(row["premises_per_km2"])))
    if _known(row, "relief_m"):
        said.append(("Highest ground above the lowest", f"{number(row['relief_m'])} m"))
    if _known(row, "ruggedness_m"):
        said.append(("Ruggedness: rise or fall between neighbouring spots", f"{row['ruggedness_m']:.1f} m"))
    for column in (name for name in row if name.startswith(RASTER) and not name.endswith(ENDINGS)):
        name = column.removeprefix(RASTER).replace("_", " ").capitalize()
        if _known(row, column):
            said.append((f"{name} (mean of the raster)", f"{row[column]:,.1f}"))
        if _known(row, f"{column}_share"):
            said.append((f"{name}: share of postcodes with enough", f"{row[f'{column}_share']:.0%}"))
        if _known(row, f"{column}_unknown") and row[f"{column}_unknown"] > 0:
            said.append((f"{name}: share of postcodes not known", f"{row[f'{column}_unknown']:.0%}"))
    return said


def _known(row: Mapping[str, Any], column: str) -> bool:
    return column in row and bool(pd.notna(row[column]))
