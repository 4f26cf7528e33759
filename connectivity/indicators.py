"""The joined table → four dimensions, each from 0 (good) to 100 (bad) on fixed goalposts (method §4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from connectivity.goalposts import INDICATORS, INDICATORS_NEEDED, SIDE, Dimension, Indicator
from layers.errors import StudyError, did_you_mean, examples

FEWEST_DECLARED = 2
"""Indicators a side dimension needs, unless one of them is enough alone (method §4)."""


def declared(keys: Sequence[str], *, columns: Sequence[str]) -> list[Indicator]:
    """Look up the indicators a study declares.

    Parameters
    ----------
    keys
        From the study file.
    columns
        Columns of the joined table: every declared indicator must have its own there.

    Raises
    ------
    StudyError
        For a key that is not known (the nearest is named), stands twice, or whose layer the study lacks.
    """
    for key in keys:
        if key not in INDICATORS:
            raise StudyError(
                f"The study declares an indicator that is not known: {key}.",
                column="indicators",
                expected=did_you_mean(key, INDICATORS) or f"one of {', '.join(sorted(INDICATORS))}",
                found=key,
                next_step="correct the name; docs/study-file.md lists the indicators",
            )
    if len(set(keys)) < len(keys):
        raise StudyError(
            "The study declares an indicator twice.",
            column="indicators",
            expected="each once",
            found=examples(sorted({key for key in keys if keys.count(key) > 1})),
            next_step="remove the copy",
        )
    chosen = [INDICATORS[key] for key in keys]
    for indicator in chosen:
        lacking = [column for column in indicator.columns if column not in columns]
        if lacking:
            raise StudyError(
                f"The study declares {indicator.key}, and has no layer that gives it.",
                column="indicators",
                expected=f"a layer with {examples(lacking)} ({indicator.source})",
                found="none",
                next_step="add the layer, or leave the indicator out; docs/study-file.md says which layer gives which",
            )
    return chosen


def absent_dimensions(indicators: Sequence[Indicator]) -> list[Dimension]:
    """Name the side dimensions with too few indicators to stand: "not in this study"."""
    absent: list[Dimension] = []
    for dimension in SIDE:
        ours = [indicator for indicator in indicators if indicator.dimension == dimension]
        if len(ours) < FEWEST_DECLARED and not any(indicator.enough_alone for indicator in ours):
            absent.append(dimension)
    return absent


def badness(areas: pd.DataFrame, *, indicator: Indicator) -> pd.Series:
    """Put one indicator on its goalposts.

    Returns
    -------
    pandas.Series
        0 (at or better than the good post) to 100 (at or worse than the bad one); the mean of its columns; NaN when
        any of them is not known.
    """
    parts = []
    for column, (good, bad) in zip(indicator.columns, indicator.goalposts, strict=True):
        parts.append(((areas[column] - good.value) / (bad.value - good.value) * 100).clip(0, 100))
    return pd.concat(parts, axis=1).mean(axis=1, skipna=False)


def dimensions(areas: pd.DataFrame, *, shares: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Make the four dimensions.

    Parameters
    ----------
    areas
        The joined table, with the indicators' columns.
    shares
        ``remote`` and ``digital``: shares infeasible, 0–1.
    indicators
        The declared ones.

    Returns
    -------
    pandas.DataFrame
        ``score_remote, score_digital, score_need, score_alternative``, 0 to 100; NaN where an area has fewer than two
        thirds of the declared indicators, and throughout for a dimension that is not in the study.
    """
    result = pd.DataFrame(
        {"score_remote": shares["remote"] * 100, "score_digital": shares["digital"] * 100}, index=areas.index
    ).clip(0, 100)
    absent = absent_dimensions(indicators)
    for dimension in SIDE:
        ours = [indicator for indicator in indicators if indicator.dimension == dimension]
        if dimension in absent:
            result[f"score_{dimension}"] = np.nan
            continue
        parts = pd.concat([badness(areas, indicator=indicator) for indicator in ours], axis=1)
        enough = parts.notna().sum(axis=1) >= INDICATORS_NEEDED.value * len(ours) - 1e-9
        result[f"score_{dimension}"] = parts.mean(axis=1).where(enough)
    return result
