"""Ofcom's fixed coverage by output area (2018, 2024 on), summed to small areas: published counts, nothing modelled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.coverage import Band, Coverage, checked
from layers.errors import LayerError, MissingColumnError, examples, several
from layers.figures import Figure
from layers.files import names_of
from layers.manifest import Ledger
from layers.ofcom import shares
from layers.ofcom.availability import in_bands, read_counts, refuse_doubled
from layers.ofcom.members import member_meant
from layers.ofcom.records import SHARES, record_output_areas
from layers.ofcom.releases import release_in_words, warn_of_homes_only
from layers.tabular.tables import Column, heading_of, normalised, read_headings, read_table

COUNTED = "Number of premises unable to receive 10Mbit/s"
OLD_NAME = re.compile(r"_oa11_", re.IGNORECASE)
SHARED = (
    Column("premises", ("All Premises",), "whole"),
    Column("matched", ("All Matched Premises",), "whole", required=False),
    *shares.COLUMNS,
)
"""A release without counts: premises and percentages. So 2018's seems to be (its postcode file is; not seen here)."""
MOST_LACKING = Figure(0.20, "share of an area's output areas", "more without a row: not enough data", "assumption")
OUTPUT_AREA = {
    "lsoa11": Column("output_area", ("oa11",), "code"),
    "lsoa21": Column("output_area", ("output_area", "oa21"), "code"),
}
"""Ofcom's 2018 file is by output areas of 2011, which nest in LSOA 2011; those from 2024 on by output areas of 2021.
Releases between (2021's is ``202109_fixed_oa11_…``) say ``output_area`` and mean 2011's: their name has ``oa11``."""
OLD_KEY = Column("output_area", ("oa11", "output_area"), "code")
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
    counted = normalised(COUNTED) in map(normalised, read_headings(path, member=member))
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
    rule = "every output area of the study has a row"
    ledger.check(path, rule, rows=len(wanted), failing=len(absent), examples=absent, then="kept")
    if len(absent):
        places = several(len(absent), "output area")
        ledger.warn(f"{path.name}: no row for {places} of the study ({examples(absent)}): not known.")
    counts, bands = (in_bands if counted else _shared_in_bands)(ours, path=path, ledger=ledger)
    summed = counts.groupby(ours.set_index("code")["area_code"]).sum(min_count=1)
    summed.index.name = "area_code"
    summed = _without_gaps(summed, bands, lacking=output_areas.loc[absent], lookup=output_areas, ledger=ledger)
    ledger.premises_in = float(summed["premises"].sum())
    coverage = Coverage(summed, bands, words, unit="premises", basis="availability", modelled=False)
    fine = replace(coverage, table=counts.rename_axis("output_area"))
    return replace(checked(coverage, file=path.name, tolerance=WHOLE if counted else FRACTIONS), by_output_area=fine)


def _shared_in_bands(table: pd.DataFrame, *, path: Path, ledger: Ledger) -> tuple[pd.DataFrame, tuple[Band, ...]]:
    """Cut percentages of the file's own premises into bands, as those by postcode are; fractions are kept."""
    some = shares.of_premises(table, file=path.name, noun="output areas").set_index("code", drop=False)
    shares.refuse_nonsense(some, file=path.name, noun="output areas")
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
    part, bands = shares.in_bands(some)
    counts = part.mul(some["premises"], axis=0).assign(premises=some["premises"])
    nobody = pd.Index(table["code"]).difference(counts.index)
    empty = pd.DataFrame(0.0, index=nobody, columns=[*shares.band_columns(bands), "premises", "unknown"])
    ledger.modelled.append("Premises by speed: this release gives percentages, times its own premises.")
    return pd.concat([counts, empty]).sort_index().rename_axis("code"), bands


def _without_gaps(
    table: pd.DataFrame, bands: Sequence[Band], *, lacking: pd.DataFrame, lookup: pd.DataFrame, ledger: Ledger
) -> pd.DataFrame:
    """Call all premises of an area not known where too many of its output areas have no row."""
    all_of_it = lookup.groupby("area_code").size().reindex(table.index)
    gone = lacking.groupby("area_code").size().reindex(table.index, fill_value=0)
    holes = gone > MOST_LACKING.value * all_of_it
    if not holes.any():
        return table
    lack = several(int(holes.sum()), "area lacks", "areas lack")
    ledger.warn(f"{lack} too many output areas to be scored ({examples(table.index[holes])}).")
    known = ["matched", *(band.column for band in bands)]
    return table.assign(
        **{name: table[name].where(~holes, 0.0) for name in known},
        unknown=table["unknown"].where(~holes, table["premises"]),
    )


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
    old = any(OLD_NAME.search(name) for name in names_of(path, member=member))
    keys = {"lsoa11": OLD_KEY} if old else OUTPUT_AREA
    for year, key in keys.items():
        there = [found[normalised(name)] for name in key.headings if normalised(name) in found]
        if there and year == geography:
            return key
        if there:
            raise LayerError(
                f"The file is by output areas that nest in {year}, and the study is on {geography}.",
                file=path.name,
                column=OUTPUT_AREA[geography].headings[0],
                expected=f"a column {OUTPUT_AREA[geography].headings[0]}"
                + (", in a file whose name does not say oa11" if old else ""),
                found=f"a column {there[0]}",
                next_step="use the 2018 file in a study on lsoa11, and 2024 or later in one on lsoa21",
            )
    raise MissingColumnError(path.name, OUTPUT_AREA[geography].headings, list(found.values()))
