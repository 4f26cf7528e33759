"""Ofcom's availability counts, whatever they are counted by: headings, invariants, and the cut into speed bands.

The same counts stand in the files by authority and by output area. Their headings changed little since 2018; the
columns are found by name.

Ofcom's availability in percentages, as its postcode files have it: headings, invariants, and the cut into bands.

Since 2019 the six speed bands are published; in 2018 only how many premises cannot receive a speed, and how many can.

What a release calls the premises below decent broadband: the words changed, so the words are kept.

They tell, when two releases are compared, whether a count that rests on them can be called a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.coverage import Band, bands_between
from layers.errors import LayerError, examples, several
from layers.figures import Figure
from layers.intake.files import names_of
from layers.intake.published import published_columns
from layers.intake.tables import Column, heading_of, line_numbers, normalised, read_headings, read_table
from layers.ledger import Ledger
from layers.ofcom.releases import in_words

ROUNDING = Figure(2, "premises", "largest difference between two published counts of the same thing", "assumption")

BANDS = bands_between(2, 5, 10, 30, 100, 300)
BANDS_2019 = bands_between(2, 5, 10, 30, 300)
"""The 2019 release has no 100 Mbit/s column."""

COLUMNS = published_columns("ofcom_counts")
FWA = {"below_decent", "fwa"}
MAY_BE_BLANK = {"gigabit", *(column.name for column in COLUMNS if column.name.startswith("published_"))}
BY_NAME = {column.name: column for column in COLUMNS}
"""`fixed_only` is 2018's, before fixed wireless was counted (method §3): read, and never taken for `below_decent`."""


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


WHOLE = 100.0
ROUNDED = Figure(0.35, "percentage points", "six bands rounded to one decimal may miss 100 by so much", "assumption")
NESTED = Figure(0.45, "percentage points", "the six may miss the two nested shares by so much", "assumption")
FRACTIONS = Figure(1.01, "percent", "where no postcode has more, a file gives fractions", "assumption")
SPEEDS = ["0<2", "2<5", "5<10", "10<30", "30<300", ">=300"]
UNDER = ["under_2", "under_5", "under_10", "under_30"]
SHARE_COLUMNS = published_columns("ofcom_shares")
"""`fixed_only` is 2018's, before fixed wireless was counted (method §3), and is never taken for `below_decent`."""
SHARES_BY_NAME = {column.name: column for column in SHARE_COLUMNS}


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
    for columns, expected, holds in _shares_rules(table):
        if not holds.all():
            broken = table[~holds]
            raise LayerError(
                f"The shares of {several(len(broken), noun.removesuffix('s'))} do not make sense.",
                file=file,
                column=", ".join(heading_of(table, SHARES_BY_NAME[name]) for name in columns),
                rows=examples(broken["code"]),
                expected=expected,
                found=f"{', '.join(f'{share:g}' for share in broken[columns].iloc[0])} in the first",
                next_step="compare those rows with the publisher's file",
            )


def _shares_rules(table: pd.DataFrame) -> Iterator[tuple[list[str], str, pd.Series]]:
    """Give each rule that shares keep: its columns, its words, and where it holds."""
    for name in (column.name for column in SHARE_COLUMNS if column.name in table):
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


def shares_in_bands(table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Band, ...]]:
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


HEADINGS = (*BY_NAME["below_decent"].headings, *BY_NAME["fixed_only"].headings)
"""As counts; the postcode files have the same words as percentages."""


def decent_definition(path: Path, *, member: str | None = None) -> str | None:
    """Read off a release's headings what it calls the premises below decent broadband.

    Parameters
    ----------
    path, member
        The file; of several members that a pattern matches, the last speaks for all.

    Returns
    -------
    str or None
        Ofcom's own words, such as ``below the USO``; None when the release has no such column (2013).
    """
    names = names_of(path, member=member)
    if member and len(names) > 1:
        outer, cut, _ = member.rpartition("!")
        member = f"{outer}{cut}{names[-1]}"
    there = {normalised(heading) for heading in read_headings(path, member=member)}
    for heading in HEADINGS:
        words = decent_in_words(heading)
        if {normalised(heading), normalised(f"% of premises {words}")} & there:
            return words
    return None


def decent_in_words(heading: str) -> str:
    """Leave the beginning off that counts and percentages do not share.

    >>> decent_in_words("Number of premises below the USO")
    'below the USO'
    """
    return heading.removeprefix("Number of premises ")
