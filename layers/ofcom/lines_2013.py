"""Ofcom's postcode file of June–July 2013: measured sync speeds of the lines people had bought.

Measured speed is not availability: a slow line may stand where a fast one is on sale. Everything built from this file
says "lines" and "did not achieve".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.coverage import Coverage, bands_between, checked
from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.intake.published import published_columns
from layers.intake.tables import line_numbers, read_table
from layers.ledger import Ledger
from layers.lookups import without_spaces
from layers.ofcom.releases import record_lines
from layers.reconciled import postcodes_then, reconciled

Floats = npt.NDArray[np.float64]

RELEASE = "June–July 2013"
BANDS = bands_between(2, 5, 10, 30)
CENSORED = Figure(30, "Mbit/s", "speeds at and above this are published as this", "Ofcom, UK fixed broadband 2013")
TOP = Figure(120, "Mbit/s", "fastest line assumed above the published ceiling", "assumption")
SLOW = 2.0
"""Mbit/s: Ofcom's line for its "less than 2" flag."""

STATUSES = {"OK", "Insufficient Premises", "No premises", "Insufficient Data", "No Data"}
UNKNOWN = {"Insufficient Premises", "Insufficient Data"}
TRUE, FALSE = {"true", "t", "y", "yes", "1"}, {"false", "f", "n", "no", "0", "", "na"}

COLUMNS = published_columns("ofcom_2013")
HEADINGS = {column.name: column.headings[0] for column in COLUMNS}
FLAGS = {name: HEADINGS[name] for name in ("under_2", "superfast")}


def read_postcodes_2013(
    path: Path,
    *,
    postcodes: pd.DataFrame,
    areas: pd.Index,
    districts: Sequence[str],
    ledger: Ledger,
    member: str | None = None,
    allowed: float = 1.0,
) -> Coverage:
    """Read the 2013 file and sum its lines, by speed band, to areas.

    Parameters
    ----------
    path
        The postcode file.
    postcodes
        From :func:`layers.lookups.read_postcode_lookup`; joined by code, terminated postcodes included.
    areas
        The spine's area codes.
    districts
        The study's districts; lines elsewhere are not counted.
    ledger
        Where rows and what reached no area are recorded.
    member
        Name of the file inside a zip.
    allowed
        Share of the study's areas of which the file may hold nothing.

    Returns
    -------
    Coverage
        Unit ``lines``; `able` holds the lines in postcodes that Ofcom flags superfast. `by_postcode` has the postcodes
        with lines, those of which nothing else is known included.
    """
    table = read_table(path, COLUMNS, member=member)
    ledger.used(path, kind="ofcom_postcode_2013", rows=len(table), release=RELEASE)
    table["postcode"] = without_spaces(table["postcode"])
    _refuse_unreadable(table, path)
    flags = {name: _flag(table[name], path, FLAGS[name]) for name in FLAGS}
    placed = table.join(postcodes[["area_code", "district_code"]], on="postcode")
    ours = placed["district_code"].isin(districts) | placed["area_code"].isin(areas)
    elsewhere = placed["area_code"].isna()
    if elsewhere.any():
        ledger.warn(
            f"{path.name}: {int(elsewhere.sum()):,} postcodes are not in the postcode lookup and are not counted."
        )
    record_lines(
        placed,
        counted=placed["status"].isin({"OK", *UNKNOWN}),
        known=placed["status"].eq("OK"),
        areas=areas,
        ours=ours,
        path=path,
        ledger=ledger,
    )
    placed = placed[ours]
    speeds = placed["status"].eq("OK")
    unknown = placed["status"].isin(UNKNOWN)
    ledger.premises_in = float(placed["lines"][speeds | unknown].sum())
    inside = placed["area_code"].isin(areas)
    lost = float(placed["lines"][(speeds | unknown) & ~inside].sum())
    if lost:
        ledger.excluded["unmatched"] = lost

    lines = placed["lines"].where(speeds & inside, 0.0).to_numpy()
    shares = np.zeros((len(placed), len(BANDS)))
    shares[speeds.to_numpy()] = band_shares(
        median=placed.loc[speeds, "median"].to_numpy(),
        average=placed.loc[speeds, "average"].to_numpy(),
        maximum=placed.loc[speeds, "maximum"].to_numpy(),
        under_2=flags["under_2"].loc[placed.index][speeds].to_numpy(),
    )
    columns = [band.column for band in BANDS]
    counted = pd.DataFrame(shares * lines[:, None], index=placed.index, columns=columns)
    flagged = counted.mul(flags["superfast"].loc[placed.index].astype(float), axis=0)
    missing = placed["lines"].where(unknown & inside, 0.0)

    def to_areas(values: pd.DataFrame | pd.Series) -> pd.DataFrame:
        return pd.DataFrame(values).groupby(placed["area_code"]).sum().reindex(areas)

    known = to_areas(counted)
    whole = pd.DataFrame({"matched": known.sum(axis=1, min_count=1), "unknown": to_areas(missing).iloc[:, 0]})
    whole.insert(0, "premises", whole["matched"] + whole["unknown"])
    whole["below_decent"] = np.nan
    whole["fwa"] = np.nan
    joined = pd.concat([whole, known], axis=1).dropna(subset=["premises"])
    coverage = Coverage(
        table=joined,
        bands=BANDS,
        release=RELEASE,
        unit="lines",
        basis="measured sync speeds",
        modelled=False,
        able=to_areas(flagged).loc[joined.index],
    )
    kept = inside & (speeds | unknown)
    fine = replace(
        coverage,
        table=_by_postcode(counted[kept], unknown=missing[kept], codes=placed.loc[kept, "postcode"]),
        able=flagged[kept].set_axis(pd.Index(placed.loc[kept, "postcode"], name="postcode")).sort_index(),
    )
    listed, most = postcodes_then(postcodes, areas=areas, release=RELEASE)
    coverage = reconciled(
        checked(coverage, file=path.name, tolerance=1e-3),
        listed=listed,
        held=pd.Index(table["postcode"]),
        most=most,
        noun="postcode",
        allowed=allowed,
        path=path,
        ledger=ledger,
    )
    return replace(coverage, by_postcode=fine)


def _by_postcode(bands: pd.DataFrame, *, unknown: pd.Series, codes: pd.Series) -> pd.DataFrame:
    """Lay out the lines of each postcode as those of an area are."""
    matched = bands.sum(axis=1)
    whole = pd.DataFrame({"premises": matched + unknown, "matched": matched, "unknown": unknown})
    table = pd.concat([whole.assign(below_decent=np.nan, fwa=np.nan), bands], axis=1)
    return table.set_axis(pd.Index(codes, name="postcode")).sort_index()


def band_shares(*, median: Floats, average: Floats, maximum: Floats, under_2: npt.NDArray[np.bool_]) -> Floats:
    """Share of a postcode's lines in each band, from its median, mean and maximum (method §2).

    Half the lines lie evenly between `lo` and the median, half between the median and `top`. The published maximum is
    cut off at 30; there the mean tells how far up the faster half goes.

    Parameters
    ----------
    median, average, maximum
        Mbit/s, one per postcode.
    under_2
        Whether Ofcom flags lines under 2 Mbit/s.

    Returns
    -------
    ndarray, shape (postcodes, 5)
        Rows sum to 1.
    """
    low = np.where(under_2 | (median < SLOW), 0.0, SLOW)
    upper_mean = 2 * average - (low + median) / 2
    censored = maximum >= CENSORED.value
    top = np.where(censored, np.clip(2 * upper_mean - median, CENSORED.value, TOP.value), maximum)
    top = np.maximum(top, median)
    edges = [band.high for band in BANDS]
    lower_half = np.stack([_share_below(low, median, edge) for edge in edges], axis=1)
    upper_half = np.stack([_share_below(median, top, edge) for edge in edges], axis=1)
    fast = median >= CENSORED.value
    upper_half[fast] = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    return np.diff((lower_half + upper_half) / 2, axis=1, prepend=0.0)


def _share_below(start: Floats, end: Floats, edge: float) -> Floats:
    """Share of lines spread evenly over start–end that are slower than `edge`; a zero width is a point."""
    width = end - start
    spread = np.clip((edge - start) / np.where(width > 0, width, 1.0), 0.0, 1.0)
    return np.where(width > 0, spread, (start < edge).astype(float))


def _refuse_unreadable(table: pd.DataFrame, path: Path) -> None:
    strange = ~table["status"].isin(STATUSES)
    if strange.any():
        raise LayerError(
            "A postcode has a status that is not known.",
            file=path.name,
            column=HEADINGS["status"],
            rows=line_numbers(strange),
            expected=", ".join(sorted(STATUSES)),
            found=examples(table["status"][strange].unique()),
            next_step="check that this is Ofcom's 2013 file",
        )
    ok = table["status"].eq("OK")
    blank = ok & table[["average", "median", "maximum", "lines"]].isna().any(axis=1)
    blank |= table["status"].isin(UNKNOWN) & table["lines"].isna()
    twice = table["postcode"].duplicated(keep=False)
    for bad, words in ((blank, "a speed or count in each row that is counted"), (twice, "each postcode once")):
        if bad.any():
            raise LayerError(
                "The 2013 file has rows that cannot be counted.",
                file=path.name,
                column=HEADINGS["postcode"],
                rows=line_numbers(bad),
                expected=words,
                found=examples(table["postcode"][bad]),
                next_step="compare those rows with the publisher's file",
            )


def _flag(cells: pd.Series, path: Path, heading: str) -> pd.Series:
    folded = cells.str.casefold()
    strange = ~folded.isin(TRUE | FALSE)
    if strange.any():
        raise LayerError(
            "A yes-or-no column holds something else.",
            file=path.name,
            column=heading,
            rows=line_numbers(strange),
            expected="TRUE or FALSE, Y or N",
            found=examples(cells[strange].unique()),
            next_step="correct those cells",
        )
    return folded.isin(TRUE)
