"""LSOA 2011 and LSOA 2021: they meet only through the exact ONS lookup.

The lookup says of each pair how it changed: ``U`` unchanged, ``S`` split, ``M`` merged, ``X`` complex.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from layers.errors import LayerError, examples
from layers.manifest import Ledger
from layers.spacing import dots
from layers.tabular.tables import Column, line_numbers, read_table

COLUMNS = (
    Column("old", ("LSOA11CD",), "code"),
    Column("new", ("LSOA21CD",), "code"),
    Column("change", ("CHGIND", "CHNGIND"), "code"),
)
CHANGES = ("U", "S", "M", "X")
NO_SUCCESSOR = "no exact successor in 2021"


def read_changes(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the exact lookup of LSOA 2011 to 2021.

    Returns
    -------
    pandas.DataFrame
        ``old`` and ``new`` codes and ``change`` (U, S, M or X), one row for each pair.
    """
    del geography  # the file is about both
    table = read_table(path, COLUMNS, member=member)
    strange = ~table["change"].isin(CHANGES)
    if strange.any():
        raise LayerError(
            "The lookup has a kind of change that is not known.",
            file=path.name,
            column="CHGIND",
            rows=line_numbers(strange),
            expected=", ".join(CHANGES),
            found=examples(table["change"][strange].unique()),
            next_step="use ONS's exact-fit lookup of LSOA 2011 to LSOA 2021",
        )
    ledger.used(path, kind="lsoa_changes", rows=len(table), usual="2022")
    ledger.check(path, "every change is one that ONS uses: unchanged, split, merged, complex", rows=len(table))
    return table.drop_duplicates()


def postcodes_on_2021(
    postcodes: pd.DataFrame, *, changes: pd.DataFrame, shapes: pd.Series, ledger: Ledger
) -> pd.DataFrame:
    """Give postcodes assigned to LSOA 2011 their LSOA 2021.

    Where the old area has one successor, the code decides. Where it was split, the successor whose outline holds the
    postcode does, or the nearest of its successors: never an area that is not one of them.

    Parameters
    ----------
    postcodes
        ``area_code`` (LSOA 2011), ``easting``, ``northing`` in metres.
    changes
        From :func:`read_changes`.
    shapes
        The study's LSOA 2021 outlines, metres, indexed by code.
    ledger
        Told how many postcodes were placed by location.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``area_code`` on LSOA 2021; a split area's postcodes without a location have none.
    """
    successors = changes.groupby("old")["new"].agg(lambda codes: sorted(set(codes)))
    single = successors[successors.map(len) == 1].map(lambda codes: codes[0])
    split = successors[successors.map(len) > 1]
    result = postcodes["area_code"].map(single).astype(postcodes["area_code"].dtype)
    points = postcodes[postcodes["area_code"].isin(split.index) & postcodes["easting"].notna()]
    placed, old_areas = 0, 0
    for old, group in points.groupby("area_code"):
        codes = [code for code in split[str(old)] if code in shapes.index]
        if codes:
            result[group.index] = _nearest(group, shapes.loc[codes])
            placed, old_areas = placed + len(group), old_areas + 1
    if placed:
        many = "1 postcode" if placed == 1 else f"{placed:,} postcodes"
        areas = "1 split area" if old_areas == 1 else f"{old_areas:,} split areas"
        they = "it lies" if placed == 1 else "they lie"
        ledger.warn(f"{many} of {areas} went to the new area {they} in (LSOA 2021).")
        ledger.modelled.append(
            "Postcodes of areas that were split after 2011: each is in the new area (LSOA 2021) whose outline holds "
            "it. That stands in for an official list."
        )
        what = "postcodes of split areas were put into the new area whose outline holds them, or the nearest"
        located = points.index[result.reindex(points.index).notna()]
        ledger.repair("", what, count=placed, examples=located, kind="lsoa_changes")
    return postcodes.assign(area_code=result)


def counts_on_2021(counts: pd.Series, *, changes: pd.DataFrame, residents: pd.Series, ledger: Ledger) -> pd.Series:
    """Move counts from LSOA 2011 to LSOA 2021 without losing any.

    Unchanged and merged areas keep or add up their counts; split areas share theirs by residents. Areas that changed
    in a complex way are listed and left out, with their count.

    Parameters
    ----------
    counts
        Index LSOA 2011; at least 0; NaN where not known.
    changes
        From :func:`read_changes`.
    residents
        Index LSOA 2021, people; shares a split area among its successors.
    ledger
        Told of merged and complex areas; what could not be moved is added to its ``excluded``.

    Returns
    -------
    pandas.Series
        Index LSOA 2021; sums to `counts` less what is complex or not in the lookup. Not known where a count that goes
        into it is not.
    """
    pairs = changes[changes["old"].isin(counts.index)]
    complex_old = set(pairs.loc[pairs["change"] == "X", "old"])
    lost = counts.index.difference(pd.Index(pairs["old"])).union(pd.Index(sorted(complex_old)))
    kept = pairs[~pairs["old"].isin(complex_old)].copy()
    kept["weight"] = kept["new"].map(residents).astype(float)
    alone = ~kept["old"].duplicated(keep=False)
    kept.loc[alone, "weight"] = 1.0
    missing = kept["weight"].isna()
    if missing.any():
        raise LayerError(
            f"{kept.loc[missing, 'new'].nunique():,} successors of split areas have no residents to share by.",
            rows=examples(kept.loc[missing, "new"].unique()),
            expected="residents of every LSOA 2021 of the study",
            found="none",
            next_step="give a census or population layer on LSOA 2021",
        )
    whole = kept.groupby("old")["weight"].transform("sum")
    equal = 1 / kept.groupby("old")["new"].transform("size")
    share = (kept["weight"] / whole.where(whole > 0, 1.0)).where(whole > 0, equal)
    merged = kept.loc[kept["change"] == "M", "new"].unique()
    if len(merged):
        ledger.warn(f"{len(merged):,} areas of 2021 were merged from several of 2011: {examples(merged)}.")
    if len(lost):
        ledger.warn(f"{len(lost):,} areas of 2011 cannot be moved to 2021: {examples(lost)}.")
        ledger.excluded[NO_SUCCESSOR] = ledger.excluded.get(NO_SUCCESSOR, 0.0) + float(counts.loc[lost].sum())
    moved = kept["old"].map(counts).astype(float) * share
    known = moved.notna().groupby(kept["new"]).all()
    return moved.groupby(kept["new"]).sum().where(known)


def _nearest(points: pd.DataFrame, shapes: pd.Series) -> list[str]:
    there = dots(points[["easting", "northing"]].to_numpy(dtype=float))
    metres = np.stack([shapely.distance(shape, there) for shape in shapes.to_numpy()])
    return [str(shapes.index[place]) for place in metres.argmin(axis=0)]
