"""Ofcom's fixed coverage by output area (2018, 2024 on), summed to small areas: published counts, nothing modelled."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from layers.availability import in_bands, read_counts
from layers.coverage import Coverage, checked
from layers.errors import LayerError, examples
from layers.manifest import Ledger, release_of
from layers.tables import Column, line_numbers

OUTPUT_AREA = Column("output_area", ("output_area", "oa21", "oa11"), "code")
HOMES_ONLY = re.compile(r"(^|_)res(_|\b)")
"""Ofcom marks files that count homes and leave businesses out by ``_res_`` in their name."""


def read_output_area_coverage(
    path: Path,
    *,
    output_areas: pd.DataFrame,
    areas: pd.Index,
    ledger: Ledger,
    member: str | None = None,
    release: str | None = None,
) -> Coverage:
    """Read premises in speed bands by output area and sum them to the study's areas.

    Parameters
    ----------
    path
        A file in Ofcom's ``oa`` headings; 2018's output areas nest in LSOA 2011, those from 2024 in LSOA 2021.
    output_areas
        Index ``output_area``; ``area_code``: which area each is in.
    areas
        The spine's area codes.
    ledger
        Told of output areas without a row (not known, never zero) and of rows without an area.
    release
        In words, when the file name does not begin with its year and month.

    Returns
    -------
    Coverage
        One row per area that has any figure. An area of which an output area has no row keeps what is known of the
        rest, and is named in a warning.
    """
    table = read_counts(path, key=OUTPUT_AREA, member=member)
    words = release_in_words(member or path.name, release)
    ledger.used(path, kind="ofcom_oa", rows=len(table), release=words)
    refuse_doubled(table, path, "output_area")
    placed = table.assign(area_code=table["code"].map(output_areas["area_code"]))
    lost = int(placed["area_code"].isna().sum())
    if lost:
        ledger.warn(f"{path.name}: {lost:,} of {len(table):,} output areas are not in the lookup and were not used.")
    ours = placed[placed["area_code"].isin(areas)]
    if ours.empty:
        raise LayerError(
            "No output area of the file is in the study.",
            file=path.name,
            column=OUTPUT_AREA.headings[0],
            expected=f"codes such as {output_areas.index[0]}, which the lookup puts in the study's areas",
            found=examples(table["code"]),
            next_step="check the year: 2018 is on output areas of 2011, 2024 and later on those of 2021",
        )
    wanted = output_areas.index[output_areas["area_code"].isin(areas)]
    absent = wanted.difference(pd.Index(ours["code"]))
    if len(absent):
        ledger.warn(
            f"{path.name}: no row for {len(absent):,} output areas of the study ({examples(absent)}): not known."
        )
    counts, bands = in_bands(ours, path=path, ledger=ledger)
    summed = counts.groupby(ours.set_index("code")["area_code"]).sum(min_count=1)
    summed.index.name = "area_code"
    ledger.premises_in = float(summed["premises"].sum())
    coverage = Coverage(summed, bands, words, unit="premises", basis="availability", modelled=False)
    return checked(coverage, file=path.name)


def release_in_words(name: str, release: str | None) -> str:
    """Say which release a file is, and whether it counts homes only.

    >>> release_in_words("202601_fixed_oa_res_coverage_r1.csv", None)
    'January 2026, homes only'
    """
    base = Path(name).name
    words = release or release_of(base) or "release not stated"
    return f"{words}, homes only" if HOMES_ONLY.search(base.removesuffix(".csv")) else words


def refuse_doubled(table: pd.DataFrame, path: Path, column: str) -> None:
    """Refuse a file in which a code stands twice."""
    twice = table["code"].duplicated(keep=False)
    if twice.any():
        raise LayerError(
            f"{table['code'][twice].nunique():,} codes stand more than once.",
            file=path.name,
            column=column,
            rows=line_numbers(twice),
            expected="one row for each",
            found=examples(table["code"][twice].unique()),
            next_step="remove the copies; all premises and homes only are separate files",
        )
