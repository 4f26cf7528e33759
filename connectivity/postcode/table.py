"""The tables of postcodes a build writes: where each is, how many premises stand there, and when it ended.

They are what a postcode look-up reads, and what a report by any boundary adds up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from connectivity.method import feasibility
from connectivity.method.profiles import ESSENTIAL, HOME_WORKER
from connectivity.postcode.files import BEYOND, INWARD, POSTCODES, ROUTES
from layers.coverage import Coverage
from layers.joined import Joined
from layers.study import Study
from layers.subsidy import PREFIX

COLUMNS = ("postcode", "area_code", "easting", "northing", "premises", "live", "ended")
ENCODING: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": ["area_code", "premises", "ended"],
    "column_encoding": {"postcode": "DELTA_BYTE_ARRAY"},  # sorted codes share their beginnings
    "row_group_size": 100_000,  # rows: a look-up reads one group of a national table
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
        shared in proportion to those the release gives each postcode, else equally; NaN for a postcode that has
        ended, has no location or, where the release counts postcodes, is not in it), ``live`` and ``ended`` (when it
        was terminated, as the file writes it, such as 200403; missing for live ones). Premises add up to the area's
        in every area with a live, located postcode; where an area has none, its premises are in no row. None when
        the study has no postcodes.
    """
    if joined.postcodes is None:
        return None
    table = joined.postcodes[joined.postcodes["area_code"].isin(joined.areas.index)].sort_index()
    live = table["ended"].isna()
    area = table["area_code"].astype("str")
    weight = _weights(table, area, counted=live & table["easting"].notna(), fine=joined.coverage.by_postcode)
    each = joined.coverage.table["premises"] / weight.groupby(area).sum()
    table = table.assign(area_code=area, premises=area.map(each) * weight, live=live)
    return table.rename_axis("postcode").reset_index()[list(COLUMNS)].astype({"postcode": "str", "ended": "str"})


def own_figures(fine: Coverage, *, study: Study) -> pd.DataFrame:
    """Count what is infeasible at each postcode of a release that has figures for postcodes.

    Returns
    -------
    pandas.DataFrame
        Index ``postcode``; ``own_premises``, ``own_unknown`` and ``own_status`` (whether there is enough to say),
        then for each profile the counts as an area has them. Mobile is never in them: no release has it by postcode.
    """
    columns: dict[str, pd.Series] = {
        "own_premises": fine.table["premises"],
        "own_unknown": fine.table["unknown"],
        "own_status": feasibility.status(fine, areas=fine.table.index).astype("str"),
    }
    for profile in (HOME_WORKER, ESSENTIAL):
        counts = feasibility.infeasible(fine, profile, count_fwa=study.switches.fwa)
        for name, column in (("low", "infeasible_low"), ("best", "infeasible"), ("high", "infeasible_high")):
            columns[f"{profile.key}_{column}"] = counts[name]
        for name in ("download_fails", "upload_fails"):
            columns[f"{profile.key}_{name}"] = counts[name]
    return pd.DataFrame(columns)


def other_routes(coverage: Coverage, *, study: Study) -> pd.DataFrame | None:
    """Count each area with fixed wireless the other way round than the study counts it.

    Returns
    -------
    pandas.DataFrame or None
        Index ``area_code``, only areas of which enough is known to score them; ``remote_low, remote, remote_high`` and
        the same of ``digital``. None when the release does not give fixed wireless.
    """
    if not coverage.has_fwa:
        return None
    parts = []
    for profile in (HOME_WORKER, ESSENTIAL):
        counts = feasibility.infeasible(
            coverage, profile, count_fwa=not study.switches.fwa, count_mobile=study.switches.mobile
        )[["low", "best", "high"]]
        parts.append(counts.set_axis([f"{profile.key}_low", profile.key, f"{profile.key}_high"], axis=1))
    scored = feasibility.status(coverage, areas=coverage.table.index).eq(feasibility.SCORED)
    return pd.concat(parts, axis=1)[scored]


def write_postcodes(joined: Joined, *, study: Study, folder: Path) -> None:
    """Write the tables into a folder that is not yet public; nothing when the study has no postcodes."""
    table = located_premises(joined)
    if table is None or joined.postcodes is None:
        return
    fine = joined.coverage.by_postcode
    if fine is not None and not study.switches.mobile:
        own = own_figures(fine, study=study)
        floats = dict.fromkeys(own.select_dtypes("float").columns, "float32")  # half the room, six figures are plenty
        table = table.join(own.astype(floats), on="postcode", validate="one_to_one")
    if joined.subsidy is not None:
        table = table.join(joined.subsidy.by_postcode.add_prefix(PREFIX), on="postcode", validate="one_to_one")
    table.to_parquet(folder / POSTCODES, index=False, **ENCODING)
    beyond = postcodes_beyond(joined.postcodes, ours=table["postcode"])
    beyond.to_frame().to_parquet(folder / BEYOND, index=False, **ENCODING | {"use_dictionary": False})
    routes = other_routes(joined.coverage, study=study)
    if routes is not None:
        routes.rename_axis("area_code").reset_index().to_parquet(folder / ROUTES, index=False, compression="zstd")


def postcodes_beyond(postcodes: pd.DataFrame, *, ours: pd.Series) -> pd.Series:
    """List the live postcodes next to the study: outside it, with a first half that the study has too."""
    others = (
        postcodes.index[postcodes["ended"].isna()].difference(pd.Index(ours)).astype("str").to_series(name="postcode")
    )
    halves = others.str[:-INWARD].isin(ours.str[:-INWARD].unique())
    return others[halves].reset_index(drop=True)


def read_postcodes(folder: Path) -> pd.DataFrame | None:
    """Read the table of the study's postcodes back from a build; None when the build has none."""
    path = folder / POSTCODES
    return pd.read_parquet(path) if path.exists() else None


def _weights(table: pd.DataFrame, area: pd.Series, *, counted: pd.Series, fine: Coverage | None) -> pd.Series:
    """Give the weight by which postcodes share: the release's own premises, equal where an area has none of them."""
    equal = pd.Series(1.0, index=table.index).where(counted)
    if fine is None:
        return equal
    own = fine.table["premises"].reindex(table.index).where(counted)
    return own.where(own.groupby(area).transform("sum") > 0, equal)
