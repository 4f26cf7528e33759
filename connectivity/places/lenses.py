"""What a build knows about a place's ground and of any raster a study names, in plain words. Never in the score."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.manifest import CoastRecord
from connectivity.places.parts import COASTAL

LENSES = (
    *("premises_per_km2", "relief_m", "ruggedness_m", "elevation_mean_m", "terrain_covered", "wimd_income_rank"),
    *("no_car_share", "home_working_share", "coastal"),
)
LENS_PREFIXES = ("raster_", "bduk_", "measured_")
"""Columns of the joined table, or how they begin, that pages may show and that never enter the score."""
RASTER = "raster_"
OF_THESE = ("bduk_deferred", "bduk_white_not_planned")
"""Parts of the count before them: said only where there are any."""
ENDINGS = ("_covered", "_share", "_unknown")


def lens_columns(names: Iterable[object]) -> list[str]:
    """Choose the columns of a joined table that are lenses.

    >>> lens_columns(["premises", "relief_m", "bduk_white"])
    ['relief_m', 'bduk_white']
    """
    return [name for name in map(str, names) if name in LENSES or name.startswith(LENS_PREFIXES)]


def lens_claims(row: Mapping[str, Any], *, basis: Basis) -> list[Claim]:
    """Return a claim for each lens of an area; what the study does not have is left out.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> row = {"relief_m": 41.6, "raster_signal": -88.42, "raster_signal_share": 0.25}
    >>> [(str(claim.say("card")), str(claim.say("cell"))) for claim in lens_claims(row, basis=here)]
    [('Highest ground above the lowest', '42 m'), ('Signal (mean of the raster)', '-88.4'), \
('Signal: share of postcodes with enough', '25%')]
    """
    ground = (("premises_per_km2", "density"), ("relief_m", "metres"), ("ruggedness_m", "fine_metres"))
    found = [_claim(f"lenses.{kind}", row, column, basis=basis) for column, kind in ground if _known(row, column)]
    if _known(row, COASTAL):
        found.append(_named(row, COASTAL, "yes" if row[COASTAL] else "no", basis=basis))
    found += [*_plans(row, basis=basis), *_measured(row, basis=basis)]
    for column in (name for name in row if name.startswith(RASTER) and not name.endswith(ENDINGS)):
        for ending, kind in (("", "mean"), ("_share", "share"), ("_unknown", "share")):
            name = f"{column}{ending}"
            if _known(row, name) and (ending != "_unknown" or row[name] > 0):
                called = column.removeprefix(RASTER).replace("_", " ").capitalize()
                told = {"label": f"raster{ending}", "raster": called}
                found.append(_claim(f"lenses.{kind}", row, name, basis=basis, told=told))
    return found


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


def _plans(row: Mapping[str, Any], *, basis: Basis) -> list[Claim]:
    """Claim what BDUK plans: its addresses, how many wait for something, and for what."""
    if not _known(row, "bduk_premises"):
        return []
    every = float(row["bduk_premises"])
    found = [
        _claim("lenses.addresses", row, column, basis=basis, of=every)
        for column in (
            "bduk_gigabit_now",
            "bduk_planned",
            "bduk_deferred",
            "bduk_not_planned",
            "bduk_white_not_planned",
        )
        if _known(row, column) and (row[column] > 0 or column not in OF_THESE)
    ]
    texts = ("bduk_suppliers", "bduk_latest_date")
    return found + [_named(row, column, str(row[column]), basis=basis) for column in texts if _known(row, column)]


def _measured(row: Mapping[str, Any], *, basis: Basis) -> list[Claim]:
    """Claim what speeds the lines have that people bought, which are not the speeds on sale."""
    if not _known(row, "measured_mean_mbps"):
        return []
    lines = float(row["measured_lines"])
    return [
        _claim("lenses.speed", row, "measured_mean_mbps", basis=basis, of=lines),
        _claim("lenses.lines", row, "measured_under_10_lines", basis=basis, of=lines),
    ]


def _claim(
    key: str,
    row: Mapping[str, Any],
    column: str,
    *,
    basis: Basis,
    of: float = math.nan,
    told: Mapping[str, str] | None = None,
) -> Claim:
    value = float(row[column])
    details = told or {"label": column, "raster": ""}
    codes = (str(row["area_code"]),) if "area_code" in row else ()
    where = Provenance(column=column, areas=codes)
    place = str(row.get("area_name", ""))
    return Claim(key, place, value, value, value, of, basis, unit=column, details=details, provenance=where)


def _named(row: Mapping[str, Any], column: str, value: str, *, basis: Basis) -> Claim:
    details = {"label": column, "raster": "", "value": value}
    return Claim(
        "lenses.named",
        str(row.get("area_name", "")),
        math.nan,
        math.nan,
        math.nan,
        math.nan,
        basis,
        "words",
        details=details,
    )


def _known(row: Mapping[str, Any], column: str) -> bool:
    return column in row and bool(pd.notna(row[column]))
