"""The counts that are followed over time, read off a finished build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from connectivity.change.sides import Side
from connectivity.method.feasibility import infeasible
from connectivity.method.kernel import DECENT_DOWNLOAD
from connectivity.method.profiles import ESSENTIAL, HOME_WORKER, Profile
from connectivity.outputs import Build
from layers.coverage import Band, Coverage, bands_between

PLACES = ("area_name", "district_code", "district_name")


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted: premises that cannot do an activity, by every route the study counts or by line alone."""

    key: str
    profile: Profile
    line_only: bool


COUNTS = {
    count.key: count
    for count in (
        Count("remote", HOME_WORKER, line_only=False),
        Count("digital", ESSENTIAL, line_only=False),
        Count("remote_line", HOME_WORKER, line_only=True),
        Count("digital_line", ESSENTIAL, line_only=True),
    )
}
"""The two by line alone rest on speed bands only, whose meaning has not changed since 2018."""


def counts_of(build: Build, *, sides: Sequence[Side], count: Count) -> pd.DataFrame | None:
    """Take a count off a build.

    Parameters
    ----------
    build
        As read back.
    sides
        Every build of the comparison: a count by line alone uses the edges of bands that all of them have.
    count
        Which one.

    Returns
    -------
    pandas.DataFrame or None
        Index ``area_code``; ``premises, unknown, low, best, high``; NaN where the build has no figure.
        None when the bands cannot answer.
    """
    areas = build.areas
    key = count.profile.key
    table = pd.DataFrame(
        {
            "premises": areas["premises"],
            "unknown": areas["premises_unknown"],
            "low": areas[f"{key}_infeasible_low"],
            "best": areas[f"{key}_infeasible"],
            "high": areas[f"{key}_infeasible_high"],
        }
    ).astype(float)
    known = table["best"].notna()
    if not count.line_only:
        return table.where(known)
    coverage = _by_line(build, sides)
    if coverage is None or count.profile.download.value not in {band.low for band in coverage.bands}:
        return None
    found = infeasible(coverage, count.profile, count_fwa=False)
    return table.assign(**{name: found[name] for name in ("low", "best", "high")}).where(known)


def _by_line(build: Build, sides: Sequence[Side]) -> Coverage | None:
    """Put a build's bands together again, cut at the edges that every build has."""
    own = Side.of(build.manifest)
    shared = set.intersection(*({band.low for band in side.bands} for side in sides))
    edges = sorted(edge for edge in shared if edge >= DECENT_DOWNLOAD)
    if own.basis != "availability" or not edges:
        return None
    bands = bands_between(*edges)
    areas = build.areas
    table = pd.DataFrame({"premises": areas["premises"], "unknown": areas["premises_unknown"]}, dtype=float)
    table["matched"] = table["premises"] - table["unknown"]
    for band in bands:
        table[band.column] = areas[[part.column for part in own.bands if _within(part, band)]].sum(axis=1, skipna=False)
    table = table.assign(below_decent=np.nan, fwa=np.nan)
    return Coverage(table, bands, own.release, unit="premises", basis="availability", modelled=own.modelled)


def _within(part: Band, whole: Band) -> bool:
    return whole.low <= part.low and part.high <= whole.high
