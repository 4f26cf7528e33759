"""The joined table → four dimensions, from 0 (good) to 100 (bad), their weights, and the score (method §4–§5).

Tables come in, tables go out; the arithmetic between is :mod:`connectivity.method.kernel`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
import pandas as pd

from connectivity.method import kernel
from connectivity.method.kernel import Aggregation, Array
from connectivity.method.records import DIMENSIONS, INDICATORS, SIDE, Dimension, Indicator
from layers.errors import StudyError, did_you_mean, examples

PERCENT = 100
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
    raw = areas[list(indicator.columns)].to_numpy(dtype=float).T
    return pd.Series(kernel.on_goalposts(indicator, raw, {})[0], index=areas.index)


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
    absent = absent_dimensions(indicators)
    columns: dict[str, Array | float] = {
        f"score_{name}": np.clip(PERCENT * shares[name].to_numpy(dtype=float), 0, PERCENT)
        for name in ("remote", "digital")
    }
    for side in SIDE:
        ours = [one for one in indicators if one.dimension == side]
        raw = [(one, areas[list(one.columns)].to_numpy(dtype=float).T) for one in ours]
        columns[f"score_{side}"] = np.nan if side in absent else kernel.side_dimension(raw, {})[0]
    return pd.DataFrame(columns, index=areas.index)


def of_councils(table: pd.DataFrame, *, districts: pd.Series, premises: pd.Series, alike: pd.Series) -> pd.DataFrame:
    """Return a table in which areas that cannot be told apart have their council's figures, weighted by premises."""
    weights = premises.where(alike)
    sums = table.mul(weights, axis=0).groupby(districts).transform("sum", min_count=1)
    mean = sums.div(weights.groupby(districts).transform("sum"), axis=0)
    return table.mask(alike, mean)


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

    def as_row(self, *, absent: Collection[Dimension] = ()) -> Array:
        """Give them normalised, as one draw of the kernel: shape (1, 4)."""
        return np.array([list(self.normalised(absent=absent).as_dict().values())])


def score(
    dimensions: pd.DataFrame,
    *,
    weights: Weights,
    aggregation: Aggregation = "geometric",
    absent: Collection[Dimension] = (),
) -> pd.Series:
    """Score areas.

    The formulae are :func:`connectivity.method.kernel.joined_infeasibility` and
    :func:`connectivity.method.kernel.scored`.

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
    row = weights.as_row(absent=absent)
    total = kernel.joined_infeasibility(*_shares(dimensions), weights=row, aggregation=aggregation)
    found = kernel.scored(total, _sides(dimensions, row), weights=row)[0]
    return pd.Series(found, index=dimensions.index, name="score")


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
    row = weights.as_row(absent=absent)
    sides = _sides(dimensions, row)
    parts = kernel.contributions_to_score(*_shares(dimensions), sides, weights=row, aggregation=aggregation)
    return pd.DataFrame({f"part_{name}": parts[name][0] for name in DIMENSIONS}, index=dimensions.index)


def _shares(dimensions: pd.DataFrame) -> tuple[Array, Array]:
    """Take the two kinds of infeasibility as shares, each of shape (1, areas)."""
    remote, digital = (_row(dimensions[f"score_{name}"]) / PERCENT for name in ("remote", "digital"))
    return remote, digital


def _sides(dimensions: pd.DataFrame, row: Array) -> dict[Dimension, Array]:
    """Take the side dimensions that weigh anything, so that the gaps of one that does not unscore no area."""
    return {side: _row(dimensions[f"score_{side}"]) for side in SIDE if row[0, DIMENSIONS.index(side)] > 0}


def _row(values: pd.Series) -> Array:
    return values.to_numpy(dtype=float)[None, :]


def _weights_error(what: str, found: object) -> StudyError:
    return StudyError(
        what,
        column="weights",
        expected="numbers of at least 0, with working from home or online services above 0",
        found=str(found),
        next_step="change the weights",
    )
