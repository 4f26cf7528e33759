"""The index as a whole: how far its ranking depends on how it is made, and what drives it.

OECD and JRC (2008), Handbook on Constructing Composite Indicators, steps 4 and 7; Paruolo, Saisana and Saltelli (2013),
Ratings and rankings: voodoo or science?, JRSS A 176(3); Becker, Saisana, Paruolo and Vandecasteele (2017), Weights and
importance in composite indicators: closing the gap, Ecological Indicators 80; Knight (1966), A computer method for
calculating Kendall's tau with ungrouped data, JASA 61.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.method.kernel import AGGREGATIONS, Aggregation
from connectivity.method.records import DIMENSIONS, Dimension
from connectivity.method.scoring import Weights, contributions, score
from connectivity.robustness.pairs import Dominance, dominance
from connectivity.robustness.ranks import worst_tenth_shared
from connectivity.robustness.sobol import Indices, headline_indices
from connectivity.robustness.stored_run import StoredRun
from layers.figures import Figure

Integers = npt.NDArray[np.int64]


def kendall(one: pd.Series, other: pd.Series) -> float:
    """Give Kendall's tau-b of two columns: 1 for the same order, -1 for the opposite, ties taken into account.

    ``(agreeing − opposed pairs) / √(pairs not tied in one × pairs not tied in the other)`` (Kendall 1945). Where only
    one of two columns has ties, tau-b stays below 1 whatever the order.

    Parameters
    ----------
    one, other
        Same length, without gaps.

    Returns
    -------
    float
        NaN where a column does not vary.

    Raises
    ------
    ValueError
        For columns of different length, or with a gap.

    Examples
    --------
    >>> round(kendall(pd.Series([1, 2, 3, 4]), pd.Series([1, 2, 4, 3])), 4)
    0.6667
    """
    if len(one) != len(other) or one.isna().any() or other.isna().any():
        raise ValueError("tau-b needs two columns of the same length without gaps")
    first, second = (np.unique(column.to_numpy(), return_inverse=True)[1].astype(np.int64) for column in (one, other))
    pairs = len(first) * (len(first) - 1) // 2
    together = first * (int(second.max(initial=0)) + 1) + second
    tied_first, tied_second, tied_both = (_tied(column) for column in (first, second, together))
    free_first, free_second = pairs - tied_first, pairs - tied_second
    if free_first == 0 or free_second == 0:
        return math.nan
    opposed = inversions(second[np.lexsort((second, first))])
    agreeing_and_opposed = pairs - tied_first - tied_second + tied_both
    return (agreeing_and_opposed - 2 * opposed) / math.sqrt(free_first) / math.sqrt(free_second)


def inversions(numbers: Integers) -> int:
    """Count the pairs where a larger number stands before a smaller one.

    Numbers are sorted bit by bit from the highest; a pair is out of order at the one bit where the two first differ.

    Examples
    --------
    >>> inversions(np.array([3, 1, 2, 1]))
    4
    """
    found, row = 0, np.asarray(numbers, dtype=np.int64)
    for bit in range(int(row.max(initial=0)).bit_length() - 1, -1, -1):
        group = row >> (bit + 1)
        high = (row >> bit) & 1
        before = np.cumsum(high) - high
        start = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
        before -= np.repeat(before[start], np.diff(np.r_[start, len(row)]))
        found += int(before[high == 0].sum())
        row = row[np.argsort(row >> bit, kind="stable")]
    return found


def _tied(column: Integers) -> int:
    sizes = np.unique(column, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


CORRELATED = Figure(
    0.9, "correlation of two dimensions", "from here on they say nearly the same, and count twice", "assumption"
)
CALLED = {
    "geometric": "as the method has it: geometric",
    "arithmetic": "arithmetic instead of geometric",
    "worst": "the worse of home working and online services",
    "equal weights": "all dimensions weigh the same",
    "plain mean": "plain weighted mean: need alone can make a place bad",
    "least to most": "each dimension from its least to its most in the study, averaged (as DERI is)",
    "worst dimension": "the worst dimension alone",
}


@dataclass(frozen=True, slots=True)
class Overall:
    """What holds for the index as a whole.

    Attributes
    ----------
    areas
        How many areas were scored.
    dominance
        Pairs whose order no weights can reverse.
    alternatives
        Index: name of the method; ``spearman`` with the score, ``worst_tenth_shared`` (0 to 1). NaN where all areas
        score the same.
    importance
        Index: dimension in the study; ``weight``, ``share_of_variance`` (they add up to 1), ``correlation_ratio``.
    correlated
        Pairs of dimensions that correlate beyond `CORRELATED` either way, with Pearson's r.
    """

    areas: int
    dominance: Dominance
    alternatives: pd.DataFrame
    importance: pd.DataFrame
    correlated: list[tuple[Dimension, Dimension, float]]


def index_overall(
    areas: pd.DataFrame,
    *,
    weights: Weights,
    aggregation: Aggregation = "geometric",
    absent: Collection[Dimension] = (),
    seed: int = 0,
) -> Overall:
    """Look at the index as a whole.

    Parameters
    ----------
    areas
        ``score_remote, score_digital, score_need, score_alternative``, 0 good to 100 bad. Areas without one of the
        study's dimensions are left out.
    weights, aggregation, absent
        As the study has them.
    seed
        Of the sample of pairs, where there are too many areas to compare all.
    """
    names = [name for name in DIMENSIONS if name not in absent]
    scored = areas.dropna(subset=[f"score_{name}" for name in names])
    share = weights.normalised(absent=absent)
    found = score(scored, weights=share, aggregation=aggregation, absent=absent)
    return Overall(
        areas=len(scored),
        dominance=dominance(scored[[f"score_{name}" for name in names]], seed=seed),
        alternatives=other_methods(scored, found, weights=share, aggregation=aggregation, absent=absent),
        importance=importance(scored, found, weights=share, aggregation=aggregation, absent=absent),
        correlated=correlated(scored, names=names),
    )


def other_methods(
    scored: pd.DataFrame,
    found: pd.Series,
    *,
    weights: Weights,
    aggregation: Aggregation,
    absent: Collection[Dimension] = (),
) -> pd.DataFrame:
    """Compare the ranking with that of each other way to score; the index is the keys of `CALLED`, less the own."""
    others: dict[str, pd.Series] = {
        name: score(scored, weights=weights, aggregation=name, absent=absent)
        for name in AGGREGATIONS
        if name != aggregation
    }
    even = Weights().normalised(absent=absent)
    share = pd.Series({f"score_{name}": value for name, value in weights.as_dict().items() if name not in absent})
    table = scored[list(share.index)]
    spread = (table.max() - table.min()).replace(0, 1.0)
    others["equal weights"] = score(scored, weights=even, aggregation=aggregation, absent=absent)
    others["plain mean"] = (table * share).sum(axis=1)
    others["least to most"] = ((table - table.min()) / spread).mean(axis=1)
    others["worst dimension"] = table.max(axis=1)
    rows = {
        name: {"spearman": spearman(found, other), "worst_tenth_shared": worst_tenth_shared(found, other)}
        for name, other in others.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def importance(
    scored: pd.DataFrame,
    found: pd.Series,
    *,
    weights: Weights,
    aggregation: Aggregation,
    absent: Collection[Dimension] = (),
) -> pd.DataFrame:
    """Put what each dimension does beside what its weight says.

    ``share_of_variance`` is the covariance of its part with the score over the score's variance: the parts add up to
    the score (method §5), so the shares add up to 1; one may be negative. ``correlation_ratio`` is Pearson's,
    ``Var(E[score | dimension]) / Var(score)``: how much of the score's variance knowing the dimension alone explains,
    whether through its own weight or through what it goes along with.
    """
    parts = contributions(scored, weights=weights, aggregation=aggregation, absent=absent)
    variance = float(found.var())
    rows = {
        name: {
            "weight": share,
            "share_of_variance": float(parts[f"part_{name}"].cov(found)) / variance if variance > 0 else np.nan,
            "correlation_ratio": correlation_ratio(scored[f"score_{name}"], found),
        }
        for name, share in weights.as_dict().items()
        if name not in absent
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def correlation_ratio(given: pd.Series, result: pd.Series) -> float:
    """Share of a result's variance that lies between classes of equal size of what is given.

    As many classes as the cube root of twice the count (Rice's rule); equal values stay together. As classes explain
    some variance by chance, the degrees of freedom are taken off (Kelley's epsilon squared), never below 0.

    Examples
    --------
    >>> ramp = pd.Series(range(1000), dtype=float)
    >>> round(correlation_ratio(ramp, ramp), 2), correlation_ratio(ramp * 0, ramp)
    (0.99, 0.0)
    """
    count = len(result)
    classes = max(2, round((2 * count) ** (1 / 3)))
    place = np.ceil(given.rank(method="average") / count * classes)
    within = result.groupby(place.to_numpy()).transform("mean")
    total, left = float(((result - result.mean()) ** 2).sum()), float(((result - within) ** 2).sum())
    kept = count - place.nunique()
    if total == 0 or kept <= 0:
        return float("nan")
    return max(0.0, 1 - left / total * (count - 1) / float(kept))


def correlated(scored: pd.DataFrame, *, names: Collection[Dimension]) -> list[tuple[Dimension, Dimension, float]]:
    """List the pairs of dimensions that say nearly the same."""
    listed = list(names)
    pairs = [(one, other) for place, one in enumerate(listed) for other in listed[place + 1 :]]
    found = [(one, other, pearson(scored[f"score_{one}"], scored[f"score_{other}"])) for one, other in pairs]
    return [(one, other, r) for one, other, r in found if abs(r) > CORRELATED.value]


def pearson(one: pd.Series, other: pd.Series) -> float:
    """Correlate two columns; NaN where one of them does not vary."""
    if len(one) == 0 or one.min() == one.max() or other.min() == other.max():
        return float("nan")
    return float(one.corr(other))


def spearman(one: pd.Series, other: pd.Series) -> float:
    """Correlate two columns by rank; NaN where one of them does not vary.

    Examples
    --------
    >>> spearman(pd.Series([1.0, 2.0, 3.0]), pd.Series([1.0, 4.0, 9.0]))
    1.0
    """
    return pearson(one.rank(), other.rank())


SAMPLES = Figure(128, "rows of each sample", "enough to tell the inputs that matter from the rest", "assumption")
DIGITS = 4


def whole_index_report(areas: pd.DataFrame, *, kept: StoredRun) -> dict[str, Any]:
    """Look at the index as a whole.

    Parameters
    ----------
    areas
        ``score_remote, score_digital, score_need, score_alternative``, 0 good to 100 bad.
    kept
        What the draws are made from.
    """
    weights = Weights(*kept.weights)
    absent = [name for name in DIMENSIONS if areas[f"score_{name}"].isna().all()]
    aggregation = AGGREGATIONS[kept.aggregation]
    found = index_overall(
        areas.loc[kept.scored], weights=weights, aggregation=aggregation, absent=absent, seed=kept.seed
    )
    moved = headline_indices(
        kept.evidence(), inputs=kept.plan.inputs, weights=kept.weights, seed=kept.seed, samples=int(SAMPLES.value)
    )
    alternatives = found.alternatives.assign(label=[CALLED[str(name)] for name in found.alternatives.index])
    return {
        "dominance": asdict(found.dominance),
        "alternatives": json_records(alternatives, named="method"),
        "importance": json_records(found.importance, named="dimension"),
        "correlated": [{"one": one, "other": other, "r": round(r, DIGITS)} for one, other, r in found.correlated],
        "correlated_from": CORRELATED.value,
        "headlines": {"infeasible": _moved(moved.infeasible), "stays_in_worst_tenth": _moved(moved.stays)},
    }


def _moved(found: Indices) -> dict[str, Any]:
    listed = found.table.sort_values("total", ascending=False, kind="stable")
    return {
        "mean": found.mean,
        "deviation": found.deviation,
        "runs": found.runs,
        "inputs": json_records(listed, named="input"),
    }


def json_records(table: pd.DataFrame, *, named: str) -> list[dict[str, Any]]:
    """Turn a table into records, what is not a number into nothing.

    Examples
    --------
    >>> json_records(pd.DataFrame({"first": [0.25, float("nan")]}, index=["a", "b"]), named="input")
    [{'input': 'a', 'first': 0.25}, {'input': 'b', 'first': None}]
    """
    rounded = table.round(DIGITS).astype(object).where(table.notna(), None)
    return [{named: str(name)} | dict(zip(table.columns, row, strict=True)) for name, *row in rounded.itertuples()]


def doubt_claim(found: Mapping[str, Any], *, basis: Basis) -> Claim | None:
    """Return the claim on how much of a headline's doubt an input makes; None where too few draws could say.

    Parameters
    ----------
    found
        One input of a headline, as a build's report has it: ``input``, ``first`` and ``total`` Sobol index. An index
        may come out a little under 0 or over 1, by the noise of its sample.
    basis
        What the draws rest on.
    """
    if found["total"] is None:
        return None
    alone, together = (min(max(float(share), 0.0), 1.0) for share in (found["first"] or 0, found["total"]))
    return _share("certainty.doubt", str(found["input"]), together, low=min(alone, together), basis=basis)


def part_claim(found: Mapping[str, Any], *, called: str, basis: Basis) -> Claim:
    """Return the claim on what a part of the score makes of the scores' differences, beside its weight.

    Parameters
    ----------
    found
        One dimension, as a build's report has it: ``weight``, ``share_of_variance``.
    called
        What the part is called.
    basis
        What the scores rest on.
    """
    made = found["share_of_variance"]
    made = float("nan") if made is None else min(max(float(made), 0.0), 1.0)
    claim = _share("certainty.part", called, made, low=made, basis=basis)
    return replace(claim, details={"weight": found["weight"]})


def correlated_claim(found: Mapping[str, Any], *, called: tuple[str, str], basis: Basis) -> Claim:
    """Return the claim that two parts of the score say nearly the same.

    Parameters
    ----------
    found
        A pair of dimensions, as a build's report has it: ``r``.
    called
        What the two parts are called.
    basis
        What the scores rest on.
    """
    claim = _share("certainty.correlated", called[0], float(found["r"]), low=float(found["r"]), basis=basis)
    return replace(claim, details={"other": called[1]})


def _share(key: str, place: str, share: float, *, low: float, basis: Basis) -> Claim:
    return Claim(
        key, place, low, share, share, 1, basis, unit="share", provenance=Provenance("robustness.json", "whole")
    )
