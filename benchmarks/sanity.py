"""Is the index what it claims to be? Correlations, importance, ceilings, what the gate and the aggregation change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from connectivity.method.kernel import AGGREGATIONS
from connectivity.method.records import DIMENSIONS
from connectivity.method.scoring import Weights, score

NAMES = [f"score_{name}" for name in DIMENSIONS]


def correlations(areas: pd.DataFrame) -> pd.DataFrame:
    """Spearman correlations of the four dimensions and the score."""
    return areas[[*NAMES, "score"]].dropna().rank().corr()


def importance(areas: pd.DataFrame) -> pd.DataFrame:
    """Nominal weight beside the share of the score's variance that each part carries.

    The parts sum to the score, so the covariances of each part with the score sum to its variance: the shares add
    up to 1, and say what drives differences between places rather than what the weights intend.
    """
    scored = areas.dropna(subset=["score"])
    variance = scored["score"].var()
    parts = {name: scored[f"part_{name}"].cov(scored["score"]) / variance for name in DIMENSIONS}
    return pd.DataFrame({"share_of_variance": parts})


def ends(areas: pd.DataFrame) -> pd.DataFrame:
    """Count the areas at the good and the bad end of each dimension, where it cannot tell them apart."""
    scored = areas.dropna(subset=["score"])
    return pd.DataFrame(
        {
            "at_0": {name: int((scored[f"score_{name}"] <= 0).sum()) for name in DIMENSIONS},
            "at_100": {name: int((scored[f"score_{name}"] >= 99).sum()) for name in DIMENSIONS},  # noqa: PLR2004
        }
    )


def alternatives(areas: pd.DataFrame) -> pd.DataFrame:
    """Rank correlation and overlap of the worst tenth with each other way of scoring.

    ``no gate`` is the plain weighted mean of the four dimensions, in which need alone can make a place bad.
    """
    scored = areas.dropna(subset=["score"])
    worst = set(_worst_tenth(scored["score"]))
    others = {name: score(scored[NAMES], weights=Weights(), aggregation=name) for name in AGGREGATIONS}
    others["no gate"] = scored[NAMES].mean(axis=1)
    rows = {
        name: {
            "spearman": float(scored["score"].rank().corr(other.rank())),
            "worst_tenth_shared": len(worst & set(_worst_tenth(other))) / len(worst),
        }
        for name, other in others.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def broadband_share_without_gate(areas: pd.DataFrame) -> float:
    """Share of the variance of the plain mean that the two broadband dimensions carry."""
    scored = areas.dropna(subset=["score"])[NAMES]
    mean = scored.mean(axis=1)
    broadband = (scored["score_remote"] + scored["score_digital"]) / len(NAMES)
    return float(broadband.cov(mean) / mean.var())


def _worst_tenth(values: pd.Series) -> pd.Index:
    return values.sort_values(ascending=False, kind="stable").index[: int(np.ceil(len(values) / 10))]
