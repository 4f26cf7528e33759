"""Ofcom's fixed coverage by postcode: 2018 with counts; 2025 and 2026 in percentages only, which need a weight."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.availability import BANDS, BANDS_2019
from layers.coverage import Coverage, checked
from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.lookups import without_spaces
from layers.manifest import Ledger
from layers.ofcom_small import refuse_doubled, release_in_words
from layers.tables import Column, line_numbers, read_tables

WHOLE = 100.0
ROUNDED = Figure(0.35, "percentage points", "six bands rounded to one decimal may miss 100 by so much", "assumption")
DECENT = (
    "% of premises unable to receive decent broadband from fixed or FWA",
    "% of premises below the USO",
    "% of premises unable meet USO",
)
SPEEDS = ["0<2", "2<5", "5<10", "10<30", "30<300", ">=300"]
COLUMNS = (
    Column("code", ("postcode",), "code"),
    Column("premises", ("All Premises",), "whole", required=False),
    *(Column(name, (f"% of premises with {name}Mbit/s download speed",), "count") for name in SPEEDS),
    Column("from_100", ("UFBB (100Mbit/s) availability (% premises)",), "count", required=False),
    Column("below_decent", DECENT, "count", required=False),
    Column("fwa", ("% of premises able to receive decent broadband from FWA",), "count", required=False),
)


def read_postcode_coverage(
    path: Path,
    *,
    postcodes: pd.DataFrame,
    weights: pd.Series | None,
    areas: pd.Index,
    ledger: Ledger,
    member: str | None = None,
    release: str | None = None,
) -> Coverage:
    """Read premises in speed bands by postcode and sum them to the study's areas.

    Parameters
    ----------
    path
        A CSV, or a zip of one CSV for each postcode area; `member` may be a pattern that matches many, and ``!``
        steps into a zip inside it.
    postcodes
        Index postcode without spaces; ``area_code``.
    weights
        Premises by postcode, from elsewhere; needed where the release gives percentages only.
    areas
        The spine's area codes.

    Returns
    -------
    Coverage
        Fractions of premises are kept: percentages are rounded by the publisher. Postcodes that have a weight and no
        row are not known, never zero.

    Raises
    ------
    LayerError
        When a release without counts has no weights, or percentages do not make sense.
    """
    table = read_tables(path, COLUMNS, member=member)
    words = release_in_words(member or path.name, release)
    ledger.used(path, kind="ofcom_postcode", rows=len(table), release=words)
    table["code"] = without_spaces(table["code"])
    refuse_doubled(table, path, "postcode")
    _refuse_nonsense(table, path)
    table = table.set_index("code")
    premises = _premises(table, weights, path, words)
    ours = postcodes["area_code"].reindex(premises.index.union(table.index))
    outside = int((premises.reindex(table.index).isna() & ours.reindex(table.index).isin(areas)).sum())
    if outside:
        ledger.warn(f"{path.name}: {outside:,} postcodes of the study have no premises weight and are not counted.")
    counts = _counts(table, premises[ours.reindex(premises.index).isin(areas)])
    summed = counts.groupby(ours.reindex(counts.index)).sum(min_count=1)
    summed.index.name = "area_code"
    for column in ("below_decent", "fwa"):
        if column not in table:
            summed[column] = float("nan")
    ledger.premises_in = float(summed["premises"].sum())
    absent = int((~counts.index.isin(table.index)).sum())
    if absent:
        ledger.warn(f"{path.name}: no row for {absent:,} postcodes that have premises: their speeds are not known.")
    if "premises" not in table:
        ledger.modelled.append("Premises at each postcode: Ofcom gives shares only, times premises from elsewhere.")
    bands = BANDS if "from_100" in table else BANDS_2019
    coverage = Coverage(summed, bands, words, unit="premises", basis="availability", modelled=False)
    return checked(coverage, file=path.name, tolerance=1e-3)


def _premises(table: pd.DataFrame, weights: pd.Series | None, path: Path, release: str) -> pd.Series:
    if "premises" in table:
        return table["premises"]
    if weights is None:
        raise LayerError(
            f"Ofcom's postcode file of {release} gives percentages and no premises.",
            file=path.name,
            column="All Premises",
            expected="a layer of kind postcode_premises beside it, with premises for each postcode",
            found="percentages only",
            next_step="add that layer, or use the file by output area, which has counts",
        )
    return weights


def _counts(table: pd.DataFrame, premises: pd.Series) -> pd.DataFrame:
    """Turn shares into premises; what the six bands leave of 100 % is not known."""
    share = table.reindex(premises.index).drop(columns="premises", errors="ignore") / WHOLE
    said = share[SPEEDS].sum(axis=1)  # 0 for a postcode without a row: all of it becomes not known
    known = said.where((said - 1).abs() > ROUNDED.value / WHOLE, 1.0)
    bands = share[SPEEDS].where(share[SPEEDS].notna(), 0.0).mul(known / said.where(said > 0, 1.0), axis=0)
    parts: dict[str, pd.Series] = {"matched": known, "unknown": 1 - known}
    parts |= {f"premises_{name.replace('<', '_')}": bands[name] for name in SPEEDS[:4]}
    if "from_100" in share:
        fast = (share["from_100"] - share[">=300"]).clip(lower=0, upper=bands["30<300"]).where(known > 0, 0.0)
        parts |= {"premises_30_100": bands["30<300"] - fast, "premises_100_300": fast}
    else:
        parts["premises_30_300"] = bands["30<300"]
    parts["premises_300_plus"] = bands[">=300"]
    parts |= {name: share[name] for name in ("below_decent", "fwa") if name in share}
    return pd.DataFrame({name: values * premises for name, values in parts.items()}).assign(premises=premises)


def _refuse_nonsense(table: pd.DataFrame, path: Path) -> None:
    shares = table[SPEEDS]
    over = (shares.sum(axis=1) > WHOLE + ROUNDED.value) | (shares > WHOLE).any(axis=1)
    blank = shares.isna().any(axis=1)
    for bad, expected in (
        (over, "at most 100 % in the six bands together"),
        (blank, "a share in each of the six bands"),
    ):
        if bad.any():
            raise LayerError(
                f"The speed bands of {int(bad.sum()):,} postcodes do not make sense.",
                file=path.name,
                column="% of premises with … download speed",
                rows=line_numbers(bad),
                expected=expected,
                found=f"{examples(table['code'][bad])}: {shares.loc[bad].sum(axis=1).iloc[0]:g} % in the first",
                next_step="compare those rows with the publisher's file",
            )
