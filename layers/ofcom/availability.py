"""Ofcom's availability counts, whatever they are counted by: headings, invariants, and the cut into speed bands.

The same counts stand in the files by authority and by output area. Their headings changed little since 2018; the
columns are found by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.coverage import Band, bands_between
from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.manifest import Ledger
from layers.ofcom.records import in_words
from layers.tabular.tables import Column, heading_of, line_numbers, read_table

ROUNDING = Figure(2, "premises", "largest difference between two published counts of the same thing", "assumption")

BANDS = bands_between(2, 5, 10, 30, 100, 300)
BANDS_2019 = bands_between(2, 5, 10, 30, 300)
"""The 2019 release has no 100 Mbit/s column."""

UNABLE_TO_GET_DECENT = (
    "Number of premises unable to receive decent broadband from fixed or FWA",
    "Number of premises below the USO",
)
FIXED_ONLY = "Number of premises unable meet USO"
"""So it is called in 2018, before fixed wireless was counted (method §3): read, and never taken for the two above."""
COLUMNS = (
    Column("premises", ("All Premises",), "whole"),
    Column("matched", ("All Matched Premises",), "whole"),
    Column("superfast", ("Number of premises with SFBB availability",), "whole"),
    Column("from_100", ("Number of premises with UFBB (100Mbit/s) availability",), "whole", required=False),
    Column("from_300", ("Number of premises with UFBB availability",), "whole"),
    Column("gigabit", ("Number of premises with Gigabit availability",), "whole", required=False),
    Column("under_2", ("Number of premises unable to receive 2Mbit/s",), "whole"),
    Column("under_5", ("Number of premises unable to receive 5Mbit/s",), "whole"),
    Column("under_10", ("Number of premises unable to receive 10Mbit/s",), "whole"),
    Column("under_30", ("Number of premises unable to receive 30Mbit/s",), "whole"),
    Column("below_decent", UNABLE_TO_GET_DECENT, "whole", required=False),
    Column("fixed_only", (FIXED_ONLY,), "whole", required=False),
    Column("fwa", ("Number of premises able to receive decent broadband from FWA",), "whole", required=False),
    *(
        Column(f"published_{low}", (f"Number of premises with {words}Mbit/s download speed",), "whole", required=False)
        for low, words in ((0, "0<2"), (2, "2<5"), (5, "5<10"), (10, "10<30"), (30, "30<300"), (300, ">=300"))
    ),
)
FWA = {"below_decent", "fwa"}
MAY_BE_BLANK = {"gigabit", *(column.name for column in COLUMNS if column.name.startswith("published_"))}
BY_NAME = {column.name: column for column in COLUMNS}


def read_counts(
    path: Path, *, key: Column, names: Column | None = None, fwa: bool = False, member: str | None = None
) -> pd.DataFrame:
    """Read availability counts by some code.

    Parameters
    ----------
    key
        The column of codes.
    names
        A column of names, to speak of rows by; the codes when there is none.
    fwa
        Whether a release without the fixed-wireless columns is refused.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``row_name``, ``line`` (of the file) and the columns of ``COLUMNS`` that the release has; all rows.
    """
    wanted = [replace(column, required=column.required or (fwa and column.name in FWA)) for column in COLUMNS]
    table = read_table(path, [key, *([names] if names else []), *wanted], member=member)
    table = table.rename(columns={key.name: "code", **({names.name: "row_name"} if names else {})})
    if "row_name" not in table:
        table["row_name"] = table["code"]
    return table.assign(line=range(2, len(table) + 2))


def in_bands(table: pd.DataFrame, *, path: Path, ledger: Ledger) -> tuple[pd.DataFrame, tuple[Band, ...]]:
    """Check counts and cut them into exclusive bands.

    Parameters
    ----------
    table
        From :func:`read_counts`, only the rows that are used.

    Returns
    -------
    table : pandas.DataFrame
        Index ``code``; ``premises, matched, unknown``, the bands, ``below_decent`` and ``fwa`` (NaN when the release
        does not say).
    bands : tuple of Band
        The bands, slowest first.

    Raises
    ------
    LayerError
        When a count is blank or a published invariant is broken.
    """
    _refuse_blank(table, path)
    _refuse_broken(table, path, ledger)
    _warn_of_exceptions(table, path, ledger)
    bands = BANDS if "from_100" in table else BANDS_2019
    return _cut(table, bands), bands


def refuse_doubled(codes: pd.Series, *, path: Path, column: str) -> None:
    """Refuse a file in which a code stands twice.

    Parameters
    ----------
    codes
        In the file's order.
    column
        The heading they stand under.
    """
    twice = codes.duplicated(keep=False)
    if twice.any():
        raise LayerError(
            f"{codes[twice].nunique():,} codes stand more than once.",
            file=path.name,
            column=column,
            rows=line_numbers(twice),
            expected="one row for each",
            found=examples(codes[twice].unique()),
            next_step="remove the copies; all premises and homes only are separate files",
        )


def _cut(table: pd.DataFrame, bands: tuple[Band, ...]) -> pd.DataFrame:
    """Difference nested counts: below each edge, less below the edge before it.

    Rounding may leave a premises or two under 30 Mbit/s and over 100 at once, or more of them than were matched.
    """
    matched = table["matched"]
    slow = {float(edge): table[f"under_{edge}"].clip(upper=matched) for edge in (2, 5, 10, 30)}
    below = {0.0: 0.0 * matched, **slow, float("inf"): matched}
    for edge in (100, 300):
        if f"from_{edge}" in table:
            below[float(edge)] = (matched - table[f"from_{edge}"]).clip(lower=slow[30.0])
    cut = {band.column: below[band.high] - below[band.low] for band in bands}
    whole = table[["premises", "matched"]].assign(unknown=table["premises"] - matched)
    decent = table.reindex(columns=["below_decent", "fwa"])
    if "fixed_only" in table:
        decent = decent.assign(below_decent=table["fixed_only"], fwa=float("nan"))
    result = pd.concat([whole, pd.DataFrame(cut), decent], axis=1)
    return result.set_index(table["code"]).sort_index()


def _refuse_blank(table: pd.DataFrame, path: Path) -> None:
    needed = table[[column.name for column in COLUMNS if column.name in table and column.name not in MAY_BE_BLANK]]
    blank = needed.isna()
    if blank.to_numpy().any():
        column = str(needed.columns[blank.any()][0])
        raise LayerError(
            "A published total is blank.",
            file=path.name,
            column=heading_of(table, BY_NAME[column]),
            rows=examples(table["code"][blank[column]]),
            expected="a count: a blank is not known, and not zero",
            found="blank",
            next_step="leave that place out of the study, or use a release that has the figure",
        )


def _refuse_broken(table: pd.DataFrame, path: Path, ledger: Ledger) -> None:
    ledger.check(path, "no published total is blank", rows=len(table))
    for columns, rule, holds in _rules(table):
        if not holds.all():
            broken = table[~holds]
            first = broken[columns].iloc[0]
            raise LayerError(
                "Published counts contradict each other.",
                file=path.name,
                column=", ".join(heading_of(table, BY_NAME[column]) for column in columns),
                rows=f"{examples(broken['code'])} (line {examples(broken['line'])})",
                expected=rule,
                found=f"{', '.join(f'{count:,.0f}' for count in first)} in the first of {len(broken):,} rows",
                next_step="compare those rows with the publisher's file; a column may have moved",
            )
        ledger.check(path, in_words(columns), rows=len(table))


def _rules(table: pd.DataFrame) -> Iterator[tuple[list[str], str, pd.Series]]:
    """Give each published invariant: its columns, its words, and where it holds."""
    near = f", within {ROUNDING.value:g} premises of rounding"
    ascending = [
        (["under_2", "under_5", "under_10", "under_30"], "unable to receive 2 ≤ 5 ≤ 10 ≤ 30 Mbit/s"),
        (["fwa", "premises"], "decent broadband from FWA ≤ All Premises"),
        (["below_decent", "matched"], "below decent broadband ≤ All Matched Premises"),
        (["fixed_only", "matched"], "unable to meet the USO ≤ All Matched Premises"),
        (["matched", "premises"], "All Matched Premises ≤ All Premises"),
        (["from_300", "from_100", "superfast"], "UFBB ≤ UFBB (100Mbit/s) ≤ SFBB")
        if "from_100" in table
        else (["from_300", "superfast"], "UFBB ≤ SFBB"),
    ]
    for columns, rule in ascending:
        if not set(columns) <= set(table.columns):
            continue  # 2018 has no fixed wireless
        yield columns, rule, (table[columns].diff(axis=1).iloc[:, 1:] >= 0).all(axis=1)
    gap = table["matched"] - table["superfast"] - table["under_30"]
    rule = "unable to receive 30 Mbit/s = matched − SFBB" + near
    yield ["under_30", "matched", "superfast"], rule, gap.abs() <= ROUNDING.value
    published = [column.name for column in COLUMNS if column.name.startswith("published_") and column.name in table]
    if len(published) == len(BANDS_2019):
        gap = table[published].sum(axis=1) - table["matched"]
        rule = "the six speed bands sum to All Matched Premises" + near
        blank = table[published].isna().any(axis=1)  # then the nested counts alone say how many
        yield [*published, "matched"], rule, (gap.abs() <= ROUNDING.value) | blank


def _warn_of_exceptions(table: pd.DataFrame, path: Path, ledger: Ledger) -> None:
    """Keep the two exceptions Ofcom's own files show, and say so."""
    for column, limit, words in (
        ("gigabit", "from_300", "more premises with gigabit than with 300 Mbit/s"),
        ("below_decent", "under_10", "more premises below decent broadband than below 10 Mbit/s"),
    ):
        if column in table:
            excess = (table[column] - table[limit]).set_axis(table["row_name"])
            excess = excess[excess > 0].sort_values(ascending=False)
            rule = "no " + words
            ledger.check(path, rule, rows=len(table), failing=len(excess), examples=excess.index, then="kept")
            if len(excess):
                names = examples(f"{name} by {count:,.0f}" for name, count in excess.items())
                ledger.warn(f"{path.name}: {words}, kept as published: {names}.")
