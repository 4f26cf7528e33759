"""The joined table → four dimensions, each from 0 (good) to 100 (bad) on fixed goalposts (method §4)."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from connectivity.method.goalposts import DIMENSIONS, INDICATORS, INDICATORS_NEEDED, SIDE, Dimension, Indicator
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


# --- The score: infeasibility first, raised by need and by the lack of alternatives, never created by them (method §5).


Aggregation = Literal["geometric", "arithmetic", "worst"]
AGGREGATIONS: tuple[Aggregation, ...] = ("geometric", "arithmetic", "worst")
LEAST_COMFORT = 1.0
"""Comfort (100 − badness) never falls below 1, so the logarithm holds and no score exceeds 99 (method §5)."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each dimension counts; any scale.

    Raises
    ------
    StudyError
        For a weight that is negative or not a number, and when working from home and online services both weigh 0.

    Examples
    --------
    >>> Weights(2, 2, 0, 0).normalised()
    Weights(remote=0.5, digital=0.5, need=0.0, alternative=0.0)
    """

    remote: float = 0.25
    digital: float = 0.25
    need: float = 0.25
    alternative: float = 0.25

    def __post_init__(self) -> None:
        """Refuse weights that cannot be weighed."""
        bad = [name for name, value in self.as_dict().items() if not math.isfinite(value) or value < 0]
        if bad:
            raise _weights_error(f"A weight is not a number of at least 0: {bad[0]}.", getattr(self, bad[0]))
        if not any(astuple(self)):
            raise _weights_error("All weights are 0.", "0, 0, 0, 0")
        if self.remote + self.digital == 0:
            raise _weights_error(
                "Working from home and online services both weigh 0: nothing is left to score.", "0, 0"
            )

    def as_dict(self) -> dict[Dimension, float]:
        """Name the weights by dimension."""
        return {"remote": self.remote, "digital": self.digital, "need": self.need, "alternative": self.alternative}

    def normalised(self, *, absent: Collection[Dimension] = ()) -> Weights:
        """Scale to a sum of 1; dimensions that are not in the study weigh 0."""
        kept = {name: 0.0 if name in absent else value for name, value in self.as_dict().items()}
        largest = max(kept.values())  # first, so that neither huge nor tiny weights over- or underflow
        if largest == 0:
            raise _weights_error("All weights of the dimensions in this study are 0.", "0")
        shares = {name: value / largest for name, value in kept.items()}
        total = sum(shares.values())
        return replace(self, **{name: share / total for name, share in shares.items()})


def score(
    dimensions: pd.DataFrame,
    *,
    weights: Weights,
    aggregation: Aggregation = "geometric",
    absent: Collection[Dimension] = (),
) -> pd.Series:
    """Score areas.

    ``I = 100 − c_remote^a · c_digital^b`` with comfort ``c = max(1, 100 − badness)``, and
    ``score = I · [1 − w_need(1 − need/100) − w_alternative(1 − alternative/100)]``.
    The ``arithmetic`` and ``worst`` switches act on I only.

    Parameters
    ----------
    dimensions
        ``score_remote, score_digital, score_need, score_alternative``: 0 good to 100 bad.
    weights
        In any scale.
    aggregation
        How the two kinds of infeasibility are joined.
    absent
        Dimensions that are not in the study; their weight goes to the others. Any other that is NaN unscores an area.

    Returns
    -------
    pandas.Series
        Named ``score``: 0 to 99, 0 only where I is 0; NaN where a dimension of the study is not known.
    """
    share = weights.normalised(absent=absent).as_dict()
    total = _infeasibility(dimensions, share, aggregation)
    relief = sum(share[side] * (1 - _side(dimensions, side, share[side]) / 100) for side in SIDE)
    result: pd.Series = total * (1 - relief)
    return result.clip(0, 100 - LEAST_COMFORT).rename("score")


def contributions(
    dimensions: pd.DataFrame,
    *,
    weights: Weights,
    aggregation: Aggregation = "geometric",
    absent: Collection[Dimension] = (),
) -> pd.DataFrame:
    """Split each score into its four parts, exactly.

    Returns
    -------
    pandas.DataFrame
        ``part_remote, part_digital, part_need, part_alternative``; each row sums to the score; all 0 where nothing
        is infeasible.
    """
    share = weights.normalised(absent=absent).as_dict()
    total = _infeasibility(dimensions, share, aggregation)
    parts = {side: total * share[side] * _side(dimensions, side, share[side]) / 100 for side in SIDE}
    pull = _pull(dimensions, share, aggregation)
    both = pull["remote"] + pull["digital"]
    core = total * (share["remote"] + share["digital"])
    for name in ("remote", "digital"):
        parts[name] = (core * pull[name] / both.where(both > 0, 1.0)).where(both.notna())
    return pd.DataFrame({f"part_{name}": parts[name] for name in DIMENSIONS})


def _side(dimensions: pd.DataFrame, name: Dimension, weight: float) -> pd.Series | float:
    """Take a side dimension's badness; 0 when it carries no weight, so that its gaps do not unscore an area."""
    return dimensions[f"score_{name}"] if weight > 0 else 0.0


def _comfort(dimensions: pd.DataFrame, name: Dimension) -> pd.Series:
    return (100 - dimensions[f"score_{name}"]).clip(lower=LEAST_COMFORT)


def _infeasibility(dimensions: pd.DataFrame, share: dict[Dimension, float], aggregation: Aggregation) -> pd.Series:
    remote, digital = _comfort(dimensions, "remote"), _comfort(dimensions, "digital")
    part = share["remote"] / (share["remote"] + share["digital"])
    if aggregation == "geometric":
        total: pd.Series = 100 - remote**part * digital ** (1 - part)
    elif aggregation == "arithmetic":
        total = 100 - (part * remote + (1 - part) * digital)
    else:
        return 100 - pd.concat([remote, digital], axis=1).min(axis=1, skipna=False)
    # Two powers or parts of 100 may leave dust where there is no gap, and need would rank the dust.
    return total.mask(remote.eq(100) & digital.eq(100), 0.0)


def _pull(
    dimensions: pd.DataFrame, share: dict[Dimension, float], aggregation: Aggregation
) -> dict[Dimension, pd.Series]:
    """How strongly each kind of infeasibility pulls, in the terms of its aggregation."""
    comfort: dict[Dimension, pd.Series] = {
        "remote": _comfort(dimensions, "remote"),
        "digital": _comfort(dimensions, "digital"),
    }
    if aggregation == "geometric":
        return {name: share[name] * np.log(100 / value) for name, value in comfort.items()}
    if aggregation == "arithmetic":
        return {name: share[name] * (100 - value) for name, value in comfort.items()}
    lowest = pd.concat(comfort.values(), axis=1).min(axis=1, skipna=False)
    return {name: (value == lowest).astype(float).where(lowest.notna()) for name, value in comfort.items()}


def _weights_error(what: str, found: object) -> StudyError:
    return StudyError(
        what,
        column="weights",
        expected="numbers of at least 0, with working from home or online services above 0",
        found=str(found),
        next_step="change the weights",
    )
