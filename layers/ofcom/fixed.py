"""Ofcom's fixed coverage files by local authority, 2019 to 2026: availability to premises, FWA beside it.

Ofcom's fixed coverage by output area (2018, 2024 on), summed to small areas: published counts, nothing modelled.

Ofcom's fixed coverage by postcode: 2018 with premises; 2025 and 2026 in percentages only, which need a weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.coverage import Band, Coverage, checked
from layers.errors import LayerError, MissingColumnError, examples, several
from layers.geography import GEOGRAPHIES
from layers.intake.files import names_of
from layers.intake.published import published_columns
from layers.intake.tables import Column, heading_of, normalised, read_headings, read_table, read_tables
from layers.ledger import Ledger, Unused
from layers.lookups import DISTRICT_CODES, without_spaces
from layers.ofcom import availability
from layers.ofcom.availability import in_bands, read_counts, refuse_doubled
from layers.ofcom.releases import (
    SHARES,
    member_meant,
    record_output_areas,
    record_postcodes,
    release_in_words,
    warn_of_homes_only,
)
from layers.reconciled import MOST_LACKING, postcodes_then, reconciled

CODE, NAME = published_columns("ofcom_authorities")


def read_authorities(
    path: Path, *, districts: Sequence[str], ledger: Ledger, member: str | None = None, release: str | None = None
) -> tuple[pd.DataFrame, tuple[Band, ...], str]:
    """Read published totals by authority and cut them into exclusive bands.

    Parameters
    ----------
    path
        A file in Ofcom's ``laua`` headings, any release from 2019.
    districts
        The study's district codes; other rows are not read further.
    ledger
        Where the file, its rows and the exceptions kept are recorded.
    member
        The file inside a zip; found by its name where it is not said.
    release
        The release in words, when the file name does not begin with its year and month.

    Returns
    -------
    table : pandas.DataFrame
        Index ``district_code``; ``premises, matched, unknown``, the bands, ``below_decent``, ``fwa``; in premises.
    bands : tuple of Band
        The bands, slowest first.
    release : str
        The release in words.

    Raises
    ------
    LayerError
        When a district has no row or a published invariant is broken.
    """
    member = member_meant(path, level="authority", member=member)
    every = read_counts(path, key=CODE, names=NAME, fwa=True, member=member)
    words = release_in_words(path, member=member, stated=release)
    ledger.used(path, kind="ofcom_authority", rows=len(every), release=words)
    warn_of_homes_only(words, path=path, ledger=ledger)
    ours = every[every["code"].isin(districts)]
    _refuse_missing_or_doubled(ours, districts, path)
    elsewhere = Unused.of("councils outside the study", len(every) - len(ours), harmless=True)
    ledger.rows(path, rows_in=len(every), rows_used=len(ours), unused=[elsewhere], noun="councils")
    ledger.check(path, "every council of the study has exactly one row", rows=len(districts))
    table, bands = in_bands(ours, path=path, ledger=ledger)
    ledger.premises_in = float(table["premises"].sum())
    return table, bands, words


def _refuse_missing_or_doubled(table: pd.DataFrame, districts: Sequence[str], path: Path) -> None:
    counts = table["code"].value_counts()
    wrong = [code for code in districts if counts.get(code, 0) != 1]
    if wrong:
        raise LayerError(
            f"{len(wrong):,} of the study's districts do not have exactly one row.",
            file=path.name,
            column=CODE.headings[0],
            rows=examples(wrong),
            expected="one row for each district of the study file",
            found=examples(f"{code} {counts.get(code, 0)} times" for code in wrong),
            next_step=f"use a release that covers these districts, under these codes ({DISTRICT_CODES[0]})",
        )


COUNTED = availability.BY_NAME["under_10"].headings
"""By which a release with counts is told from one of percentages."""
SHARED = (*published_columns("ofcom_output_areas"), *availability.SHARE_COLUMNS)
WHOLE, FRACTIONS = 1e-6, 1e-3
"""Premises: sums of counts, and of fractions of premises, may miss their whole by so much (assumption)."""


def read_output_area_coverage(
    path: Path,
    *,
    output_areas: pd.DataFrame,
    areas: pd.Index,
    ledger: Ledger,
    geography: str = "lsoa21",
    member: str | None = None,
    release: str | None = None,
    allowed: float = 1.0,
) -> Coverage:
    """Read premises in speed bands by output area and sum them to the study's areas.

    Parameters
    ----------
    path
        A file in Ofcom's ``oa`` headings.
    output_areas
        Index ``output_area``; ``area_code``: which area each is in.
    areas
        The spine's area codes.
    ledger
        Told of output areas without a row (not known, never zero) and of rows without an area.
    geography
        ``lsoa11`` or ``lsoa21``: which year's areas the study is on.
    release
        In words, when the file name does not begin with its year and month.
    allowed
        Share of the study's areas of which the file may hold nothing.

    Returns
    -------
    Coverage
        One row per area that has any figure; `by_output_area` has the rows they are summed from. An area of which an
        output area has no row keeps what is known of the rest, and the output area is named in a warning; where more
        than a fifth of them have none, all its premises are called not known.

    Raises
    ------
    LayerError
        When the file is of another year, a code stands twice, or a published invariant is broken.
    """
    member = member_meant(path, level="output area", member=member)
    key = replace(output_area_key(path, geography=geography, member=member), name="code")
    there = {normalised(heading) for heading in read_headings(path, member=member)}
    counted = any(normalised(heading) in there for heading in COUNTED)
    table = read_counts(path, key=key, member=member) if counted else read_table(path, [key, *SHARED], member=member)
    words = release_in_words(path, member=member, stated=release)
    ledger.used(path, kind="ofcom_oa", rows=len(table), release=words)
    warn_of_homes_only(words, path=path, ledger=ledger)
    refuse_doubled(table["code"], path=path, column=heading_of(table, key))
    placed = table.assign(area_code=table["code"].map(output_areas["area_code"]))
    abroad = ~table["code"].str[:1].isin(output_areas.index.str[:1])  # the lookup is not one of that nation
    lost = int((placed["area_code"].isna() & ~abroad).sum())
    if lost:
        ledger.warn(f"{path.name}: {lost:,} of {len(table):,} output areas are not in the lookup and were not used.")
    ours = placed[placed["area_code"].isin(areas)]
    wanted = output_areas.index[output_areas["area_code"].isin(areas)]
    if ours.empty:
        raise LayerError(
            "No output area of the file is in the study.",
            file=path.name,
            column=heading_of(table, key),
            expected=f"codes such as {examples(wanted) or 'none: the lookup has no output area of the study'}",
            found=examples(table["code"]),
            next_step="check the year: 2018 is on output areas of 2011, 2024 and later on those of 2021",
        )
    record_output_areas(placed["code"], area=placed["area_code"], abroad=abroad, areas=areas, path=path, ledger=ledger)
    absent = wanted.difference(pd.Index(ours["code"]))
    if len(absent):
        places = several(len(absent), "output area")
        ledger.warn(f"{path.name}: no row for {places} of the study ({examples(absent)}): not known.")
    counts, bands = (in_bands if counted else _shared_in_bands)(ours, path=path, ledger=ledger)
    summed = counts.groupby(ours.set_index("code")["area_code"]).sum(min_count=1)
    summed.index.name = "area_code"
    ledger.premises_in = float(summed["premises"].sum())
    coverage = Coverage(summed, bands, words, unit="premises", basis="availability", modelled=False)
    fine = replace(coverage, table=counts.rename_axis("output_area"))
    coverage = reconciled(
        checked(coverage, file=path.name, tolerance=WHOLE if counted else FRACTIONS),
        listed=output_areas.loc[wanted, "area_code"],
        held=pd.Index(ours["code"]),
        most=MOST_LACKING,
        noun="output area",
        allowed=allowed,
        path=path,
        ledger=ledger,
    )
    return replace(coverage, by_output_area=fine)


def _shared_in_bands(table: pd.DataFrame, *, path: Path, ledger: Ledger) -> tuple[pd.DataFrame, tuple[Band, ...]]:
    """Cut percentages of the file's own premises into bands, as those by postcode are; fractions are kept."""
    some = availability.of_premises(table, file=path.name, noun="output areas").set_index("code", drop=False)
    availability.refuse_nonsense(some, file=path.name, noun="output areas")
    if some["premises"].isna().any():
        raise LayerError(
            "A published total is blank.",
            file=path.name,
            column="All Premises",
            rows=examples(some.index[some["premises"].isna()]),
            expected="a count: a blank is not known, and not zero",
            found="blank",
            next_step="leave that place out of the study, or use a release that has the figure",
        )
    for rule in SHARES:
        ledger.check(path, rule, rows=len(some))
    part, bands = availability.shares_in_bands(some)
    counts = part.mul(some["premises"], axis=0).assign(premises=some["premises"])
    nobody = pd.Index(table["code"]).difference(counts.index)
    empty = pd.DataFrame(0.0, index=nobody, columns=[*availability.band_columns(bands), "premises", "unknown"])
    ledger.modelled.append("Premises by speed: this release gives percentages, times its own premises.")
    return pd.concat([counts, empty]).sort_index().rename_axis("code"), bands


def output_area_key(path: Path, *, geography: str, member: str | None) -> Column:
    """Find the column of output areas; refuse another year's: nine in ten codes stayed, so codes would not show it.

    Parameters
    ----------
    geography
        ``lsoa11`` or ``lsoa21``: which year's areas the study is on.
    member
        One file of an archive.

    Raises
    ------
    LayerError
        When the file is by output areas of another year, or by none.
    """
    found = {normalised(heading): heading for heading in read_headings(path, member=member)}
    names = [name.casefold() for name in names_of(path, member=member)]
    usual = {year: one.ofcom for year, one in GEOGRAPHIES.items() if one.ofcom}
    named = {
        year: one.ofcom_old
        for year, one in GEOGRAPHIES.items()
        if one.ofcom_old_name and any(one.ofcom_old_name in name for name in names)
    }
    for year, headings in (named or usual).items():
        there = [found[normalised(name)] for name in headings if normalised(name) in found]
        if there and year == geography:
            return Column("output_area", headings, "code")
        if there:
            raise LayerError(
                f"The file is by output areas that nest in {year}, and the study is on {geography}.",
                file=path.name,
                column=usual[geography][0],
                expected=f"a column {usual[geography][0]}"
                + (", in a file whose name does not say oa11" if named else ""),
                found=f"a column {there[0]}",
                next_step="use the 2018 file in a study on lsoa11, and 2024 or later in one on lsoa21",
            )
    raise MissingColumnError(path.name, usual[geography], list(found.values()))


COLUMNS = (*published_columns("ofcom_postcodes"), *availability.SHARE_COLUMNS)
TOLERANCE = 1e-3
"""Premises: sums of fractions may miss their whole by so much (assumption)."""

StandIn = Callable[[pd.Index], tuple[pd.Series, str, str] | None]
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
    allowed: float = 1.0,
) -> Coverage:
    """Read premises in speed bands by postcode and sum them to the study's areas.

    Parameters are those of :func:`postcode_coverage`, which gives what is summed here and kept as `by_postcode`, and
    `allowed`, the share of the study's areas of which the file may hold nothing.
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
    coverage = checked(replace(fine, table=summed), file=path.name, tolerance=TOLERANCE)
    if weights is None and fine.premises_from is None:  # else a postcode that lacks is counted by its premises
        listed, most = postcodes_then(postcodes, areas=areas, release=fine.release)
        coverage = reconciled(
            coverage,
            listed=listed,
            held=fine.table.index,
            most=most,
            noun="postcode",
            allowed=allowed,
            path=path,
            ledger=ledger,
        )
    return replace(coverage, by_postcode=fine)


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
    rows, table = len(table), availability.of_premises(table, file=path.name)
    availability.refuse_nonsense(table, file=path.name)
    table = table.set_index("code")
    counted_by: str | None = None
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
    part, bands = availability.shares_in_bands(table.reindex(ours.index.intersection(table.index)))
    counts = part.reindex(ours.index).fillna(dict.fromkeys(availability.band_columns(bands), 0.0) | {"unknown": 1.0})
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
    found: tuple[pd.Series, str, str] | None, *, path: Path, release: str, ledger: Ledger
) -> tuple[pd.Series, str]:
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
