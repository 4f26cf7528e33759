"""Income and employment deprivation, from the English Indices. Never the overall index: it holds broadband itself.

Underlying indicators of the English Indices of Deprivation 2025 (File 8): travel, and the broadband indicator.

The publisher's workbook has a sheet of notes and one for each domain; both indicators stand in the sheet ``IoD25
Barriers Domain``, headings in its first row (seen in public code that reads it). A table made of it works too.

DfT's transport connectivity metric of 2025: how easily people reach jobs, shops, schools and doctors, 0 to 100.

An ODS workbook of 68 MB, 1 GB unpacked, with a sheet for each kind of area. In the sheet ``LSOA`` the headings stand
in the third row: ``LSOA21CD``, a score for each purpose and way of travel, such as ``Overall (walking)``, and last
``Overall``: all ways but driving (seen in public code and notes about the workbook). England and Wales.

File 8 of the Indices of Deprivation 2025 carries the overall score for England. Where a study has both, File 8's
stays, so that its figures are of one source with its goalposts; this workbook then adds the ways of travel as lenses.

Welsh Index of Multiple Deprivation 2019: a lens for Welsh areas, never ranked together with English ones.

Its domain scores are ranks put on an exponential scale, not rates: they have no place on England's goalposts.

The publisher gives two workbooks, one of ranks (sheet ``WIMD_2019_ranks``) and one of scores (sheet ``Data``); in
both two lines of title stand above headings such as ``Income``, with a blank after some (seen in public code that
reads them). Ranks follow from scores, as the scale keeps their order. A table put together of both works too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.geography import geography_of
from layers.intake.columns import read_by_area
from layers.intake.published import published_columns
from layers.intake.tables import line_numbers
from layers.ledger import Ledger
from layers.reading import StudyReading
from layers.revisions import DISTRICT, tell_issue

PERCENT = 100.0
FRACTION = 1.0
HALF = 0.5
ONE_UNIT = "all rates in percent, or all as fractions"
FEW_UNDER_ONE = Figure(0.05, "share of areas", "a file in percent may have so many rates under 1", "assumption")

DEPRIVATION_COLUMNS = published_columns("deprivation")


def read_deprivation(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the income and employment rates of File 7.

    Some copies give the rates in percent, some as fractions: any rate above 1 means the file is in percent, and it
    is divided and recorded (method §4). A file that mixes the two is refused.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; ``income_rate`` and ``employment_rate`` as fractions.
    """
    columns = [*DEPRIVATION_COLUMNS, DISTRICT]
    table = read_by_area(path, columns, kind="deprivation", geography=geography, ledger=ledger, member=member)
    table = tell_issue(table, path=path, geography=geography, ledger=ledger)
    for column in DEPRIVATION_COLUMNS:
        rates = table[column.name]
        if (rates > PERCENT).any():
            raise _wrong(path, column.headings[0], rates > PERCENT, "rates of at most 100 %", f"{rates.max():g}")
    ledger.check(path, "income and employment rates are in one unit, and none is above 100 %", rows=len(table))
    percent = {column: bool((table[column.name] > FRACTION).any()) for column in DEPRIVATION_COLUMNS}
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


BEST = 100.0
UNDERLYING_COLUMNS = published_columns("underlying_2025")


def read_underlying_2025(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the two indicators that say how far and how well connected a place is.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; ``connectivity_score`` (DfT, 0 to 100, high is good: how easily people reach jobs, shops,
        schools and doctors by any means), ``travel_badness`` (100 less that) and ``broadband_indicator`` (standard
        score, high is bad; absent when the file lacks it). The broadband indicator only helps to spread authority
        totals; it never enters the score.
    """
    table = read_by_area(
        path,
        [*UNDERLYING_COLUMNS, DISTRICT],
        kind="underlying_2025",
        geography=geography,
        ledger=ledger,
        member=member,
    )
    table = tell_issue(table, path=path, geography=geography, ledger=ledger)
    over = table["connectivity_score"] > BEST
    if over.any():
        raise LayerError(
            "A connectivity score is above 100.",
            file=path.name,
            column="connectivity_score",
            rows=line_numbers(over),
            expected="0 to 100",
            found=f"{table['connectivity_score'].max():g}",
            next_step="check that the column is DfT's connectivity score",
        )
    ledger.check(path, "connectivity scores are from 0 to 100", rows=len(table))
    return table.assign(travel_badness=BEST - table["connectivity_score"])


WAYS = ("walking", "cycling", "public transport", "driving")
OVERALL = "connectivity_score"
METRIC_COLUMNS = published_columns("dft_connectivity")


def read_connectivity(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the overall scores, and those for each way of travel where the file gives them.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code`` (LSOA 2021); ``connectivity_score``, ``travel_badness`` (100 less that), and
        ``connectivity_walking, …_cycling, …_public_transport, …_driving``: all 0 to 100, high is good but for
        ``travel_badness``. DfT says that scores of different ways are not to be compared with each other.

    Raises
    ------
    LayerError
        When a score is above 100.
    """
    table = read_by_area(
        path,
        METRIC_COLUMNS,
        kind="dft_connectivity",
        geography=geography,
        ledger=ledger,
        member=member,
    )
    for column in METRIC_COLUMNS:
        if column.name in table and (table[column.name] > BEST).any():
            over = table[column.name] > BEST
            raise LayerError(
                "A connectivity score is above 100.",
                file=path.name,
                column=column.headings[0],
                rows=line_numbers(over),
                expected="0 to 100",
                found=f"{table[column.name].max():g}",
                next_step="check that this is DfT's connectivity metric",
            )
    ledger.check(path, "connectivity scores are from 0 to 100", rows=len(table))
    return table.assign(travel_badness=BEST - table[OVERALL])


def connectivity_columns(reading: StudyReading) -> pd.DataFrame | None:
    """Give each area DfT's own scores, but File 8's where the study has both; None when the study has none."""
    table = reading.by_area("dft_connectivity", read_connectivity)
    if table is None or reading.study.layer("underlying_2025") is None:
        return table
    reading.ledger.warn(
        "How hard it is to reach places: both File 8 of the Indices of 2025 and DfT's own workbook give a score; File "
        "8's is used, and of the workbook the ways of travel alone."
    )
    return table.drop(columns=[OVERALL, "travel_badness"])


AREAS_OF_WALES = 1909
TENTH = 191
"""Areas in each of the publisher's tenths, but for the last, which has 190 (counted in the published file)."""
RANKS = {"wimd_income_rank": "Income", "wimd_employment_rank": "Employment"}
WALES_COLUMNS = published_columns("wimd")


def read_wimd(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the income and employment ranks of WIMD 2019 (1 is the most deprived of 1,909).

    Returns
    -------
    pandas.DataFrame
        Index ``area_code`` (LSOA 2011); ``wimd_income_rank``, ``wimd_employment_rank``, ``wimd_income_decile`` (1 for
        the most deprived tenth).

    Raises
    ------
    LayerError
        When areas are not Welsh, ranks are not ranks, or scores are not of the whole of Wales.
    """
    table = read_by_area(path, WALES_COLUMNS, kind="wimd", geography=geography, ledger=ledger, member=member)
    english = pd.Series(~table.index.str.startswith("W"), index=table.index)
    _refuse(english, table, path, geography_of(geography).codes[0], "Welsh codes (W01…)")
    ranks = table[list(RANKS)]
    if (ranks % 1 > 0).any(axis=None):
        ranks = _ranked(ranks, path=path, ledger=ledger)
    outside = (ranks.gt(AREAS_OF_WALES) | ranks.lt(1)).any(axis=1)
    _refuse(outside, table, path, "Income_rank, Employment_rank", f"ranks 1 to {AREAS_OF_WALES:,}")
    ledger.check(path, f"all areas are Welsh, with ranks from 1 to {AREAS_OF_WALES:,}", rows=len(table))
    tenths = np.ceil(ranks["wimd_income_rank"] / TENTH)
    return ranks.assign(wimd_income_decile=table.get("wimd_income_decile", tenths))


def _ranked(scores: pd.DataFrame, *, path: Path, ledger: Ledger) -> pd.DataFrame:
    """Make ranks of scores, which needs every area: a rank is among all of Wales."""
    if len(scores) != AREAS_OF_WALES or scores.isna().any(axis=None):
        whole = scores % 1 > 0
        raise LayerError(
            "A rank is not a whole number, or scores are not of the whole of Wales.",
            file=path.name,
            column=RANKS["wimd_income_rank"] + "_rank",
            rows=line_numbers(whole.any(axis=1)),
            expected=f"whole ranks, or scores of all {AREAS_OF_WALES:,} areas",
            found=f"{len(scores):,} areas; such as {examples(scores.to_numpy()[whole.to_numpy()])}",
            next_step="use the publisher's workbook of ranks as it is",
        )
    ledger.warn(f"{path.name}: holds scores; ranks were made of them, highest score first.")
    return scores.rank(ascending=False, method="min")


def _refuse(bad: pd.Series, table: pd.DataFrame, path: Path, column: str, expected: str) -> None:
    if bad.any():
        raise LayerError(
            "The file is not the Welsh index of 2019.",
            file=path.name,
            column=column,
            rows=line_numbers(bad),
            expected=expected,
            found=examples(table.index[bad]),
            next_step="use WIMD 2019 on LSOA 2011; nations are never ranked together",
        )
