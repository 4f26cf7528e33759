"""Hand-sized coverage tables whose answers can be done on paper."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from layers.coverage import Coverage, bands_between

BANDS = bands_between(2, 5, 10, 30, 100, 300)
COLUMNS = [band.column for band in BANDS]


def coverage(
    counts: dict[str, list[float]], *, unknown: float = 0, below_decent: float = 0, fwa: float = 0
) -> Coverage:
    """Make a coverage table of one release with a 100 Mbit/s split; each list is premises by band, slowest first."""
    table = pd.DataFrame.from_dict(counts, orient="index", columns=COLUMNS, dtype=float)
    table.index.name = "area_code"
    table.insert(0, "matched", table.sum(axis=1))
    table.insert(0, "unknown", float(unknown))
    table.insert(0, "premises", table["matched"] + table["unknown"])
    table["below_decent"] = float(below_decent)
    table["fwa"] = float(fwa)
    return Coverage(table, BANDS, "July 2025", unit="premises", basis="availability", modelled=False)


def alder() -> Coverage:
    """Make Alder: 200 premises, 20 of them not known, 20 under 10 Mbit/s, 40 from 10 to 30."""
    return coverage({"E01000001": [4, 6, 10, 40, 60, 20, 40]}, unknown=20, below_decent=8, fwa=50)


counts = st.lists(st.integers(0, 400), min_size=len(BANDS), max_size=len(BANDS)).filter(lambda c: sum(c) > 0)


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    """Draw one area: any bands, any unknown up to as many again, fixed wireless figures that can be."""
    bands = draw(counts)
    unknown = draw(st.integers(0, sum(bands)))
    everyone = sum(bands) + unknown
    below = draw(st.integers(0, sum(bands)))
    return coverage({"E01000001": bands}, unknown=unknown, below_decent=below, fwa=draw(st.integers(0, everyone)))
