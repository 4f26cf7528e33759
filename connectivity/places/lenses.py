"""What a build knows about a place's ground and of any raster a study names, in plain words. Never in the score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from connectivity.claims.claim import Basis
from connectivity.claims.grammar import number
from connectivity.manifest import CoastRecord
from connectivity.places.parts import COASTAL

LENSES = (
    *("premises_per_km2", "relief_m", "ruggedness_m", "elevation_mean_m", "terrain_covered", "wimd_income_rank"),
    *("no_car_share", "home_working_share", "coastal"),
)
LENS_PREFIXES = ("raster_", "bduk_", "measured_")
"""Columns of the joined table, or how they begin, that pages may show and that never enter the score."""
RASTER = "raster_"
ENDINGS = ("_covered", "_share", "_unknown")


def lens_columns(names: Iterable[object]) -> list[str]:
    """Choose the columns of a joined table that are lenses.

    >>> lens_columns(["premises", "relief_m", "bduk_white"])
    ['relief_m', 'bduk_white']
    """
    return [name for name in map(str, names) if name in LENSES or name.startswith(LENS_PREFIXES)]


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
    if _known(row, COASTAL):
        said.append(("Coastal (sea or tidal water)", "yes" if row[COASTAL] else "no"))
    said += [*_plans(row), *_measured(row)]
    for column in (name for name in row if name.startswith(RASTER) and not name.endswith(ENDINGS)):
        name = column.removeprefix(RASTER).replace("_", " ").capitalize()
        if _known(row, column):
            said.append((f"{name} (mean of the raster)", f"{row[column]:,.1f}"))
        if _known(row, f"{column}_share"):
            said.append((f"{name}: share of postcodes with enough", f"{row[f'{column}_share']:.0%}"))
        if _known(row, f"{column}_unknown") and row[f"{column}_unknown"] > 0:
            said.append((f"{name}: share of postcodes not known", f"{row[f'{column}_unknown']:.0%}"))
    return said


def coast_record(areas: pd.DataFrame, *, how: str) -> CoastRecord:
    """Say for the manifest how many areas are coastal, how many are not, and how that was decided or why it was not.

    Examples
    --------
    >>> coast_record(pd.DataFrame({"coastal": pd.array([True, pd.NA, False, False], dtype="boolean")}), how="By hand.")
    CoastRecord(how='By hand.', yes=1, no=2, not_known=1)
    """
    said = areas[COASTAL] if COASTAL in areas else pd.Series(pd.NA, index=areas.index, dtype="boolean")
    return CoastRecord(
        how=how,
        yes=int(said.eq(True).sum()),  # noqa: FBT003 - compared with, not passed as a switch
        no=int(said.eq(False).sum()),  # noqa: FBT003 - likewise
        not_known=int(said.isna().sum()),
    )


def _plans(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what BDUK plans: its addresses, how many wait for something, and for what."""
    if not _known(row, "bduk_premises"):
        return []
    every = number(row["bduk_premises"])
    said = [
        (words, f"{number(row[column])} of {every} addresses")
        for column, words in (
            ("bduk_gigabit_now", "Gigabit broadband already there (BDUK)"),
            ("bduk_planned", "No gigabit broadband yet, but planned (BDUK)"),
            ("bduk_deferred", "of these, only if the contract is extended"),
            ("bduk_not_planned", "No gigabit broadband and no plan (BDUK)"),
            ("bduk_white_not_planned", "of these, public money may be spent on"),
        )
        if _known(row, column) and (row[column] > 0 or not words.startswith("of these"))
    ]
    if _known(row, "bduk_suppliers"):
        said.append(("Who is to build it", str(row["bduk_suppliers"])))
    if _known(row, "bduk_latest_date"):
        said.append(("Latest date in a contract", str(row["bduk_latest_date"])))
    return said


def _measured(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what speeds the lines have that people bought, which are not the speeds on sale."""
    if not _known(row, "measured_mean_mbps"):
        return []
    lines = number(row["measured_lines"])
    return [
        ("Speed of the lines people have, on average", f"{row['measured_mean_mbps']:,.0f} Mbit/s ({lines} lines)"),
        ("Lines people have that are under 10 Mbit/s", f"{number(row['measured_under_10_lines'])} of {lines}"),
    ]


def _known(row: Mapping[str, Any], column: str) -> bool:
    return column in row and bool(pd.notna(row[column]))
