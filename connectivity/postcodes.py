"""The table of postcodes a build writes: where each is, how many premises stand there, and when it ended.

It is what a postcode look-up reads, and what a report by any boundary adds up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from layers.joined import Joined

POSTCODES = "postcodes.parquet"
COLUMNS = ("postcode", "area_code", "easting", "northing", "premises", "live", "ended")
ENCODING: dict[str, Any] = {
    "use_dictionary": ["area_code", "premises", "ended"],
    "column_encoding": {"postcode": "DELTA_BYTE_ARRAY"},  # sorted codes share their beginnings
}


def located_premises(joined: Joined) -> pd.DataFrame | None:
    """Share each area's premises among its live postcodes that have a location.

    Only postcodes of the study's areas are given; those of the edge around it are not.

    Parameters
    ----------
    joined
        A study's joined layers.

    Returns
    -------
    pandas.DataFrame or None
        One row for each postcode, sorted: ``postcode`` (no spaces, capitals), ``area_code``, ``easting`` and
        ``northing`` (metres on British National Grid, NaN where not known), ``premises`` (or lines: the area's,
        shared equally; NaN for a postcode that has ended or has no location), ``live`` and ``ended`` (when it was
        terminated, as the file writes it, such as 200403; missing for live ones). Premises add up to the area's in
        every area with a live, located postcode; where an area has none, its premises are in no row. None when the
        study has no postcodes.
    """
    if joined.postcodes is None:
        return None
    table = joined.postcodes[joined.postcodes["area_code"].isin(joined.areas.index)].sort_index()
    live = table["ended"].isna()
    counted = live & table["easting"].notna()
    area = table["area_code"].astype("str")
    each = joined.coverage.table["premises"] / area[counted].value_counts()
    table = table.assign(area_code=area, premises=area.map(each).where(counted), live=live)
    return table.rename_axis("postcode").reset_index()[list(COLUMNS)].astype({"postcode": "str", "ended": "str"})


def write_postcodes(joined: Joined, *, folder: Path) -> None:
    """Write the table into a folder that is not yet public; nothing when the study has no postcodes."""
    table = located_premises(joined)
    if table is not None:
        table.to_parquet(folder / POSTCODES, index=False, compression="zstd", **ENCODING)


def read_postcodes(folder: Path) -> pd.DataFrame | None:
    """Read the table back from a build; None when the build has none."""
    path = folder / POSTCODES
    return pd.read_parquet(path) if path.exists() else None
