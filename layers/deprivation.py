"""Income and employment deprivation, from the English Indices. Never the overall index: it holds broadband itself."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.issues import DISTRICT, tell_issue
from layers.manifest import Ledger
from layers.tabular.columns import read_by_area
from layers.tabular.tables import Column, line_numbers

PERCENT = 100.0
FRACTION = 1.0
HALF = 0.5
ONE_UNIT = "all rates in percent, or all as fractions"
FEW_UNDER_ONE = Figure(0.05, "share of areas", "a file in percent may have so many rates under 1", "assumption")

COLUMNS = (
    Column("income_rate", ("Income Score (rate)",), "count"),
    Column("employment_rate", ("Employment Score (rate)",), "count"),
)


def read_deprivation(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the income and employment rates of File 7.

    Some copies give the rates in percent, some as fractions: any rate above 1 means the file is in percent, and it
    is divided and recorded (method §4). A file that mixes the two is refused.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; ``income_rate`` and ``employment_rate`` as fractions.
    """
    columns = [*COLUMNS, DISTRICT] if geography == "lsoa21" else COLUMNS
    table = read_by_area(path, columns, kind="deprivation", geography=geography, ledger=ledger, member=member)
    if geography == "lsoa21":
        table = tell_issue(table, path=path, ledger=ledger)
    for column in COLUMNS:
        rates = table[column.name]
        if (rates > PERCENT).any():
            raise _wrong(path, column.headings[0], rates > PERCENT, "rates of at most 100 %", f"{rates.max():g}")
    ledger.check(path, "income and employment rates are in one unit, and none is above 100 %", rows=len(table))
    percent = {column: bool((table[column.name] > FRACTION).any()) for column in COLUMNS}
    if not any(percent.values()):
        return table
    for column, is_percent in percent.items():
        if not is_percent:
            raise _wrong(path, column.headings[0], table[column.name] <= FRACTION, ONE_UNIT, "fractions beside percent")
        _refuse_mixed(table[column.name], path, column.headings[0])
    ledger.warn(f"{path.name}: rates are in percent and were divided by 100.")
    ledger.repair(path, "rates in percent were divided by 100", count=len(table))
    return table / PERCENT


def _refuse_mixed(rates: pd.Series, path: Path, column: str) -> None:
    """Tell a percent file with some fractions in it: far more rates under 1 than a percent file can have.

    In England's own file in percent, 1 % of the areas have an income rate under 1.6 % (method §4, P1), so few lie
    under 1; a twentieth is the limit (assumption).
    """
    fractions = (rates < FRACTION) & (rates > 0)
    if fractions.mean() > FEW_UNDER_ONE.value:
        fewer = fractions if fractions.mean() < HALF else rates > FRACTION
        raise _wrong(path, column, fewer, ONE_UNIT, f"both units; such as {examples(rates[fewer])}")


def _wrong(path: Path, column: str, bad: pd.Series, expected: str, found: str) -> LayerError:
    return LayerError(
        "Rates are not in one unit.",
        file=path.name,
        column=column,
        rows=line_numbers(bad),
        expected=expected,
        found=found,
        next_step="use the publisher's File 7 as it is, without mixing copies",
    )
