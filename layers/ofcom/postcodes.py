"""Ofcom's fixed coverage by postcode: 2018 with premises; 2025 and 2026 in percentages only, which need a weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.coverage import Coverage, checked
from layers.errors import LayerError, examples, several
from layers.layer import Kind
from layers.lookups import without_spaces
from layers.manifest import Ledger
from layers.ofcom import shares
from layers.ofcom.availability import refuse_doubled
from layers.ofcom.members import member_meant
from layers.ofcom.records import record_postcodes
from layers.ofcom.releases import release_in_words, warn_of_homes_only
from layers.tabular.tables import Column, read_tables

COLUMNS = (
    Column("code", ("postcode",), "code"),
    Column("premises", ("All Premises",), "whole", required=False),
    Column("matched", ("All Matched Premises",), "whole", required=False),
    *shares.COLUMNS,
)
TOLERANCE = 1e-3
"""Premises: sums of fractions may miss their whole by so much (assumption)."""

StandIn = Callable[[pd.Index], tuple[pd.Series, str, Kind] | None]
"""Gives premises by postcode, a sentence about them and the kind of layer they are from, or None."""


def _none(_postcodes: pd.Index) -> None:
    return None


def read_postcode_coverage(
    path: Path,
    *,
    postcodes: pd.DataFrame,
    weights: pd.Series | None,
    areas: pd.Index,
    ledger: Ledger,
    stand_in: StandIn = _none,
    member: str | None = None,
    release: str | None = None,
) -> Coverage:
    """Read premises in speed bands by postcode and sum them to the study's areas.

    Parameters are those of :func:`postcode_coverage`, which gives what is summed here and kept as `by_postcode`.
    """
    fine = postcode_coverage(
        path,
        postcodes=postcodes,
        weights=weights,
        areas=areas,
        ledger=ledger,
        stand_in=stand_in,
        member=member,
        release=release,
    )
    summed = fine.table.groupby(postcodes["area_code"].reindex(fine.table.index)).sum(min_count=1)
    summed.index.name = "area_code"
    coverage = replace(fine, table=summed, by_postcode=fine)
    return checked(coverage, file=path.name, tolerance=TOLERANCE)


def postcode_coverage(
    path: Path,
    *,
    postcodes: pd.DataFrame,
    weights: pd.Series | None,
    areas: pd.Index,
    ledger: Ledger,
    stand_in: StandIn = _none,
    member: str | None = None,
    release: str | None = None,
) -> Coverage:
    """Read premises in speed bands for each postcode of the study.

    Parameters
    ----------
    path
        A CSV, or a zip of one CSV for each postcode area, also inside the zip of the whole release. Which is meant is
        found by name, homes only left out; `member` may say so instead, with a pattern that matches many.
    postcodes
        Index postcode without spaces; ``area_code``.
    weights
        Premises by postcode, from elsewhere; needed where the release gives percentages only.
    areas
        The spine's area codes.
    stand_in
        Asked for weights, given the file's postcodes, where percentages have none; its sentence is recorded.

    Returns
    -------
    Coverage
        Index ``postcode``, without spaces. Fractions of premises are kept: percentages are rounded by the publisher.
        Postcodes that have a weight and no row are not known, never zero.

    Raises
    ------
    LayerError
        When a release without counts has no weights, or percentages do not make sense.
    """
    member = member_meant(path, level="postcode", member=member)
    table = read_tables(path, COLUMNS, member=member)
    words = release_in_words(path, member=member, stated=release)
    ledger.used(path, kind="ofcom_postcode", rows=len(table), release=words)
    warn_of_homes_only(words, path=path, ledger=ledger)
    table["code"] = without_spaces(table["code"])
    refuse_doubled(table["code"], path=path, column="postcode")
    rows, table = len(table), shares.of_premises(table, file=path.name)
    shares.refuse_nonsense(table, file=path.name)
    table = table.set_index("code")
    counted_by: Kind | None = None
    if "premises" not in table and weights is None:
        weights, counted_by = _stood_in(stand_in(table.index), path=path, release=words, ledger=ledger)
    elif "premises" not in table:
        counted_by = "postcode_premises"
        ledger.modelled.append("Premises at each postcode: Ofcom gives shares only, times premises from elsewhere.")
    premises = _premises(table, weights, path, ledger)
    area = postcodes["area_code"].reindex(premises.index.union(table.index))
    _tell_of_the_lost(table, premises, area, areas, path, ledger)
    record_postcodes(table, premises=premises, area=area, areas=areas, rows=rows, path=path, ledger=ledger)
    ours = premises[area.reindex(premises.index).isin(areas) & premises.notna()]
    part, bands = shares.in_bands(table.reindex(ours.index.intersection(table.index)))
    counts = part.reindex(ours.index).fillna(dict.fromkeys(shares.band_columns(bands), 0.0) | {"unknown": 1.0})
    table = counts.mul(ours, axis=0).assign(premises=ours).rename_axis("postcode").sort_index()
    ledger.premises_in = float(ours.sum())
    return Coverage(
        table, bands, words, unit="premises", basis="availability", modelled=False, premises_from=counted_by
    )


def _premises(table: pd.DataFrame, weights: pd.Series | None, path: Path, ledger: Ledger) -> pd.Series:
    """Give each postcode's premises: the release's own, or else those from elsewhere."""
    if "premises" in table or weights is None:
        if weights is not None:
            ledger.warn(f"{path.name}: has its own premises; those of the layer postcode_premises were not used.")
        return table["premises"]
    return weights


def _stood_in(
    found: tuple[pd.Series, str, Kind] | None, *, path: Path, release: str, ledger: Ledger
) -> tuple[pd.Series, Kind]:
    """Take premises from other layers of the study, saying which; refuse to go on without any."""
    if found is None:
        raise LayerError(
            f"Ofcom's postcode file of {release} gives percentages and no premises.",
            file=path.name,
            column="All Premises",
            expected="premises for each postcode: a layer of kind postcode_premises, subsidy or dwellings beside it",
            found="percentages only",
            next_step="add one of those layers, or use the file by output area, which has counts",
        )
    weights, whence, kind = found
    ledger.modelled.append(whence)
    return weights, kind


def _tell_of_the_lost(
    table: pd.DataFrame, premises: pd.Series, area: pd.Series, areas: pd.Index, path: Path, ledger: Ledger
) -> None:
    """Say which postcodes and premises reach no area, or reach it without speeds; refuse a file of other places."""
    inside = area.isin(areas)
    rows = inside.reindex(table.index)
    if not rows.any():
        raise LayerError(
            "No postcode of the file is in the study.",
            file=path.name,
            column="postcode",
            expected=f"postcodes such as {examples(area.index[inside])}" if inside.any() else "the study's postcodes",
            found=examples(table.index) or "no postcode with premises",
            next_step="use the files of the study's postcode areas, and a postcode lookup that holds them",
        )
    if premises[inside.reindex(premises.index)].notna().sum() == 0:
        raise LayerError(
            "No postcode of the study has a count of premises.",
            file=path.name,
            column="All Premises" if "premises" in table else "premises",
            expected=f"premises at postcodes such as {examples(area.index[inside])}",
            found=f"premises at {examples(premises.dropna().index) or 'none'}",
            next_step="give a layer of kind postcode_premises for the study's postcodes",
        )
    unplaced = premises[area.reindex(premises.index).isna()]
    if len(unplaced):
        ledger.warn(
            f"{path.name}: {len(unplaced):,} postcodes with {unplaced.sum():,.0f} premises are not in the postcode "
            "lookup and were not used."
        )
    bare = int((premises.reindex(table.index).isna() & rows).sum())
    if bare:
        ledger.warn(f"{path.name}: {bare:,} postcodes of the study have no count of premises and are not counted.")
    absent = premises[inside.reindex(premises.index)].index.difference(table.index)
    if len(absent):
        places = several(len(absent), "postcode")
        ledger.warn(f"{path.name}: no row for {places} with premises ({examples(absent)}): speeds not known there.")
