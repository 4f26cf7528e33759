"""Reports on disk: `by_<name>.csv` for people and other programs, `reports.parquet` for the pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from connectivity.quality.notice import noted
from connectivity.reporting.report import COUNTS, INFEASIBLE, PLACE, Report, percent
from layers.errors import OutputError
from layers.shares import Method, Shares

SHARES = "reports.parquet"
CSV_COLUMNS = (
    *("row", "code", "name", "premises", "premises_unknown", "premises_not_scored", *INFEASIBLE),
    *("remote_percent", "digital_percent", "areas", "areas_whole", "premises_whole", "how", "worst_areas"),
)
WHOLE, DIVIDED, BEST_FIT = "whole areas", "divided by {} (modelled)", "best fit (modelled)"
"""The words of the column `how`."""


def file_of(name: str) -> str:
    """Name the file of a report.

    >>> file_of("ward")
    'by_ward.csv'
    """
    return f"by_{name}.csv"


def report_csv(report: Report, *, notice: str | None = None) -> str:
    """Write a report as CSV: places by name, then the rows that make the sum; rounded here and nowhere else.

    Parameters
    ----------
    report
        By one boundary.
    notice
        Why it must not be published, as a last column; a build's own tables have no such column, so that other
        programs find in them what they always found.
    """
    rows = report.rows
    table = rows.assign(premises_not_scored=rows["premises"] - rows["premises_scored"], worst_areas=rows["worst"])
    place = rows["row"].eq(PLACE)
    table.loc[rows["premises_scored"].isna(), "premises_not_scored"] = float("nan")
    for profile in ("remote", "digital"):
        shares = [percent(row, profile=profile) if is_place else None for row, is_place in _each(rows, place)]
        table[f"{profile}_percent"] = shares
    table["how"] = [how(row, method=report.method) if is_place else "" for row, is_place in _each(rows, place)]
    for column in ("areas", "areas_whole"):
        table[column] = table[column].astype("Int64")
    for column in (*COUNTS, "premises_not_scored", "premises_whole"):
        table[column] = table[column].map(lambda value: "" if pd.isna(value) else f"{value:.2f}")
    for column in ("remote_percent", "digital_percent"):
        table[column] = table[column].map(lambda value: "" if pd.isna(value) else f"{value:.1f}")
    return noted(table[list(CSV_COLUMNS)], notice=notice).to_csv(index=False, lineterminator="\n")


def how(row: dict[str, object], *, method: Method) -> str:
    """Say in words how a place's figures were made up of small areas."""
    if method == "best fit":
        return BEST_FIT
    return WHOLE if row["areas"] == row["areas_whole"] else DIVIDED.format(method)


def write_reports(reports: Sequence[tuple[Report, Shares]], *, folder: Path) -> None:
    """Write each report's table, and all their shares, into a folder that is not yet public."""
    parts = []
    for report, shares in reports:
        name = report.family.name
        (folder / file_of(name)).write_bytes(report_csv(report).encode())
        keyed = report.places.assign(
            key=report.places["code"].where(report.places["code"].ne(""), report.places["name"])
        )
        inside = keyed[["key", "code", "name"]].merge(shares.inside, on="key", how="left")
        inside = inside.assign(area_code=inside["area_code"].fillna(""), share=inside["share"].fillna(0.0), reason="")
        outside = shares.outside.assign(key="", code="", name="")
        parts.append(pd.concat([inside, outside]).assign(report=name, method=report.method))
    if parts:
        columns = ["report", "method", "key", "code", "name", "area_code", "share", "reason"]
        pd.concat(parts)[columns].to_parquet(folder / SHARES, index=False, compression="zstd")


def read_shares(folder: Path) -> dict[str, tuple[pd.DataFrame, Shares]]:
    """Read back which part of each area lies in which place.

    Returns
    -------
    dict
        By report: its places (index ``key``; ``code``, ``name``) and the shares. Empty for a build without reports.

    Raises
    ------
    OutputError
        When the file is there and cannot be read.
    """
    path = folder / SHARES
    if not path.exists():
        return {}
    try:
        table = pd.read_parquet(path)
        return {str(name): _parts(part) for name, part in table.groupby("report", sort=False)}
    except (OSError, ValueError, KeyError) as error:
        raise OutputError(
            "The reports by boundary cannot be read.",
            file=path,
            expected="the table a build writes",
            found=str(error)[:120],
            next_step="build the study again",
        ) from error


def _parts(table: pd.DataFrame) -> tuple[pd.DataFrame, Shares]:
    inside = table[table["reason"].eq("")]
    places = inside.drop_duplicates("key").set_index("key")[["code", "name"]].sort_index()
    within = inside.loc[inside["area_code"].ne(""), ["area_code", "key", "share"]].reset_index(drop=True)
    outside = table.loc[table["reason"].ne(""), ["area_code", "reason", "share"]].reset_index(drop=True)
    return places, Shares(within, outside, table["method"].iloc[0])


def _each(rows: pd.DataFrame, place: pd.Series) -> list[tuple[dict[str, object], bool]]:
    return [
        ({str(key): value for key, value in row.items()}, bool(is_place))
        for row, is_place in zip(rows.to_dict("records"), place, strict=True)
    ]
