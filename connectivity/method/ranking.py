"""Severity and scale ranks: how bad a place is, and how many people it affects (method §5)."""

from __future__ import annotations

import pandas as pd

from connectivity.method.records import PEOPLE_PER_PREMISES


def severity_rank(score: pd.Series) -> pd.Series:
    """Rank by score, worst first; equal scores share the lowest rank.

    Examples
    --------
    >>> severity_rank(pd.Series([5.0, 9.0, 5.0, 1.0, float("nan")])).tolist()
    [2, 1, 2, 4, <NA>]
    """
    return score.rank(method="min", ascending=False).astype("Int64")


def people(
    residents: pd.Series, *, premises: pd.Series, share: pd.Series, need: pd.Series, multiplier: float
) -> pd.DataFrame:
    """Count the people a place's gap affects, those in need counting more.

    ``people = residents × best remote share × (1 + multiplier · need/100)``.

    Parameters
    ----------
    residents
        People; NaN where none are published: premises × 2.4 stands in, and is flagged.
    premises
        All premises.
    share
        Share infeasible for a home worker, best estimate, 0–1.
    need
        0–100; NaN throughout when need is not in the study (then it adds nothing).
    multiplier
        Between 0 and 3.

    Returns
    -------
    pandas.DataFrame
        ``people`` and ``people_estimated`` (whether residents were estimated from premises).
    """
    estimated = residents.isna()
    there = residents.where(~estimated, premises * PEOPLE_PER_PREMISES.value)
    extra = 1.0 if need.isna().all() else 1 + multiplier * need / 100
    return pd.DataFrame({"people": there * share * extra, "people_estimated": estimated})


def scale_rank(affected: pd.Series) -> pd.Series:
    """Rank by people affected, most first; equal counts share the lowest rank."""
    return severity_rank(affected)
