"""Does spacing of postcodes find the slow lines? The 2013 postcode file says where they were.

Each authority is left out in turn: beta is fitted on the others, the authority is given only its own total, as for a
release of today, and its areas' shares under 10 Mbit/s are compared with the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.estimate import NOT_SEPARABLE, logistic_chances
from layers.joined import Joined

BETAS = np.round(np.arange(0.30, 1.31, 0.01), 2)
SEPARABLE_FROM = 0.3
"""Spearman correlation under which an authority's areas cannot be separated (method §2)."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Lines of each area, and how many of them ran under 10 Mbit/s; with the key that should tell where."""

    table: pd.DataFrame

    @classmethod
    def of(cls, joined: Joined, key: pd.Series) -> Truth:
        """Take the truth from a joined 2013 study."""
        coverage = joined.coverage
        slow = coverage.table[[band.column for band in coverage.bands if band.high <= 10]].sum(axis=1)  # noqa: PLR2004
        table = pd.DataFrame(
            {
                "district_code": joined.areas["district_code"],
                "district_name": joined.areas["district_name"],
                "lines": coverage.table["matched"],
                "slow": slow,
                "key": key,
            }
        )
        return cls(table.dropna())


def left_out(truth: Truth) -> pd.DataFrame:
    """Validate the estimator, one authority left out at a time.

    Returns
    -------
    pandas.DataFrame
        One row per authority: ``district_name, areas, beta`` (fitted on the others), ``error`` (mean absolute error of
        the share under 10 Mbit/s), ``error_naive`` (the authority's own mean everywhere), ``spearman`` (of estimate
        and truth within the authority), ``separable`` and ``listed`` (whether the code says so too).
    """
    groups = {str(code): part for code, part in truth.table.groupby("district_code")}
    fits = {code: np.array([_log_likelihood(part, beta) for beta in BETAS]) for code, part in groups.items()}
    everyone = sum(fits.values())
    rows = []
    for code, part in groups.items():
        beta = float(BETAS[int(np.argmax(everyone - fits[code]))])
        share = part["slow"] / part["lines"]
        estimate = pd.Series(_estimate(part, beta), index=part.index)
        naive = part["slow"].sum() / part["lines"].sum()
        rank_correlation = float(estimate.rank().corr(share.rank()))
        rows.append(
            {
                "district_name": part["district_name"].iloc[0],
                "areas": len(part),
                "beta": beta,
                "error": float((estimate - share).abs().mean()),
                "error_naive": float((naive - share).abs().mean()),
                "spearman": rank_correlation,
                "separable": rank_correlation >= SEPARABLE_FROM,
                "listed": code in NOT_SEPARABLE,
            }
        )
    return pd.DataFrame(rows)


def fitted_beta(truth: Truth) -> float:
    """Fit beta on all authorities."""
    parts = [part for _, part in truth.table.groupby("district_code")]
    likelihood = sum(np.array([_log_likelihood(part, beta) for beta in BETAS]) for part in parts)
    return float(BETAS[int(np.argmax(likelihood))])


def _estimate(part: pd.DataFrame, beta: float) -> np.ndarray:
    lines, key = part["lines"].to_numpy(), part["key"].to_numpy()
    return logistic_chances(lines, key, float(part["slow"].sum()), beta)


def _log_likelihood(part: pd.DataFrame, beta: float) -> float:
    chance = np.clip(_estimate(part, float(beta)), 1e-9, 1 - 1e-9)
    slow, lines = part["slow"].to_numpy(), part["lines"].to_numpy()
    return float((slow * np.log(chance) + (lines - slow) * np.log(1 - chance)).sum())
