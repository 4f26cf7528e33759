"""Ofcom's availability in percentages, as its postcode files have it: headings, invariants, and the cut into bands.

Since 2019 the six speed bands are published; in 2018 only how many premises cannot receive a speed, and how many can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from layers.coverage import Band
from layers.errors import LayerError, examples, several
from layers.figures import Figure
from layers.ofcom.availability import BANDS, BANDS_2019
from layers.tabular.tables import Column, heading_of

WHOLE = 100.0
ROUNDED = Figure(0.35, "percentage points", "six bands rounded to one decimal may miss 100 by so much", "assumption")
NESTED = Figure(0.45, "percentage points", "the six may miss the two nested shares by so much", "assumption")
FRACTIONS = Figure(1.01, "percent", "where no postcode has more, a file gives fractions", "assumption")
SPEEDS = ["0<2", "2<5", "5<10", "10<30", "30<300", ">=300"]
UNDER = ["under_2", "under_5", "under_10", "under_30"]
COLUMNS = (
    *(Column(f"under_{low}", (f"% of premises unable to receive {low}Mbit/s",), "count") for low in (2, 5, 10, 30)),
    Column("superfast", ("SFBB availability (% premises)",), "count"),
    Column("from_100", ("UFBB (100Mbit/s) availability (% premises)",), "count", required=False),
    Column("from_300", ("UFBB availability (% premises)",), "count"),
    *(Column(name, (f"% of premises with {name}Mbit/s download speed",), "count", required=False) for name in SPEEDS),
    Column(
        "below_decent",
        (
            "% of premises unable to receive decent broadband from fixed or FWA",
            "% of premises below the USO",
        ),
        "count",
        required=False,
    ),
    Column("fixed_only", ("% of premises unable meet USO",), "count", required=False),
    Column("fwa", ("% of premises able to receive decent broadband from FWA",), "count", required=False),
)
"""`fixed_only` is 2018's, before fixed wireless was counted (method §3), and is never taken for `below_decent`."""
BY_NAME = {column.name: column for column in COLUMNS}


def of_premises(table: pd.DataFrame, *, file: str, noun: str = "postcodes") -> pd.DataFrame:
    """Leave out rows that have no premises, and refuse more matched premises than there are.

    Parameters
    ----------
    table
        ``code`` and, where the release has them, ``premises`` and ``matched``.
    file, noun
        The file's name and what its rows are, for the message.
    """
    if "premises" not in table:
        return table.drop(columns="matched", errors="ignore")
    if "matched" in table:
        over = table["matched"] > table["premises"]
        if over.any():
            raise LayerError(
                f"{int(over.sum()):,} {noun} have more matched premises than premises.",
                file=file,
                column="All Matched Premises, All Premises",
                rows=examples(table["code"][over]),
                expected="All Matched Premises ≤ All Premises",
                found=examples(f"{row.matched:,.0f} of {row.premises:,.0f}" for row in table[over].itertuples()),
                next_step="compare those rows with the publisher's file; a column may have moved",
            )
    return table[table["premises"] != 0]  # their shares are blank: there is nothing to share


def refuse_nonsense(table: pd.DataFrame, *, file: str, noun: str = "postcodes") -> None:
    """Refuse shares that are blank, above 100 %, or contradict each other.

    Parameters
    ----------
    table
        ``code`` and the columns of ``COLUMNS`` that the release has, in percent.
    file, noun
        The file's name and what its rows are, for the message.
    """
    for columns, expected, holds in _rules(table):
        if not holds.all():
            broken = table[~holds]
            raise LayerError(
                f"The shares of {several(len(broken), noun.removesuffix('s'))} do not make sense.",
                file=file,
                column=", ".join(heading_of(table, BY_NAME[name]) for name in columns),
                rows=examples(broken["code"]),
                expected=expected,
                found=f"{', '.join(f'{share:g}' for share in broken[columns].iloc[0])} in the first",
                next_step="compare those rows with the publisher's file",
            )


def _rules(table: pd.DataFrame) -> Iterator[tuple[list[str], str, pd.Series]]:
    """Give each rule that shares keep: its columns, its words, and where it holds."""
    for name in (column.name for column in COLUMNS if column.name in table):
        yield [name], "a share in each row: a blank is not known, and not zero", table[name].notna()
        yield [name], "at most 100 %", table[name] <= WHOLE
    fast = ["from_300", *(["from_100"] if "from_100" in table else []), "superfast"]
    for columns, words in ((UNDER, "unable to receive 2 ≤ 5 ≤ 10 ≤ 30 Mbit/s"), (fast, "UFBB ≤ UFBB (100) ≤ SFBB")):
        yield columns, words, (table[columns].diff(axis=1).iloc[:, 1:] >= 0).all(axis=1)
    nested = table["under_30"] + table["superfast"]
    yield ["under_30", "superfast"], "at most 100 % together", nested <= WHOLE + ROUNDED.value
    words = "percentages: all of these are at most 1, as fractions would be"
    yield ["under_30", "superfast"], words, nested.eq(0) | (nested.max() > FRACTIONS.value)
    if has_bands(table):
        six = table[SPEEDS].sum(axis=1)
        yield SPEEDS, "at most 100 % in the six bands together", six <= WHOLE + ROUNDED.value
        words = f"six bands that make up the other two together, within {NESTED.value:g} points of rounding"
        yield [*SPEEDS, "under_30", "superfast"], words, (six - nested).abs() <= NESTED.value
    if "matched" in table:
        known = WHOLE * table["matched"] / table["premises"].where(table["premises"] > 0)
        words = "under 30 Mbit/s and SFBB together the matched of all premises, within rounding"
        yield ["under_30", "superfast"], words, ((nested - known).abs() <= NESTED.value) | known.isna()


def has_bands(table: pd.DataFrame) -> bool:
    """Tell whether the six speed bands are published."""
    return set(SPEEDS) <= set(table.columns)


def in_bands(table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Band, ...]]:
    """Cut each postcode's premises into exclusive bands, as shares of all its premises.

    What the bands leave of the whole is not known; a whole missed by no more than rounding is taken for whole.

    Returns
    -------
    shares : pandas.DataFrame
        Index as `table`, 0 to 1: ``matched``, ``unknown``, the bands (together ``matched``), ``below_decent``, ``fwa``
        (NaN when the release does not say).
    bands : tuple of Band
        The bands, slowest first.
    """
    if has_bands(table):
        six = [table[name] for name in SPEEDS]
    else:
        slow = table[UNDER].diff(axis=1).assign(under_2=table["under_2"])
        six = [*(slow[name] for name in UNDER), table["superfast"] - table["from_300"], table["from_300"]]
    said = sum(six, start=0.0 * table["under_2"])
    known = said.where((said - WHOLE).abs() > ROUNDED.value, WHOLE) / WHOLE
    if "matched" in table:
        known = (table["matched"] / table["premises"].where(table["premises"] > 0)).fillna(known)
    scale = known / said.where(said > 0, 1.0)
    parts = [share * scale for share in six]
    bands = BANDS_2019
    if "from_100" in table:
        fast = ((table["from_100"] - six[-1]) * scale).clip(lower=0.0, upper=parts[4])
        parts[4:5] = [parts[4] - fast, fast]
        bands = BANDS
    shares = pd.DataFrame({band.column: part for band, part in zip(bands, parts, strict=True)})
    decent = table.reindex(columns=["below_decent", "fwa"]) / WHOLE
    if "fixed_only" in table:
        decent = decent.assign(below_decent=table["fixed_only"] / WHOLE, fwa=float("nan"))
    return pd.concat([shares.assign(matched=known, unknown=1 - known), decent], axis=1), bands


def band_columns(bands: Sequence[Band]) -> list[str]:
    """Name what is nothing where a postcode has no row: each band, and matched."""
    return [*(band.column for band in bands), "matched"]
