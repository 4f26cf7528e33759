"""What holds for the index as a whole, ready for JSON: methods, importance, dominance, and what moves the headlines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd

from connectivity.method.goalposts import DIMENSIONS
from connectivity.method.kernel import AGGREGATIONS
from connectivity.method.scoring import Weights
from connectivity.robustness.headlines import headlines
from connectivity.robustness.kept import Kept
from connectivity.robustness.overall import CALLED, CORRELATED, overall
from connectivity.robustness.sobol import Indices
from layers.figures import Figure

SAMPLES = Figure(128, "rows of each sample", "enough to tell the inputs that matter from the rest", "assumption")
DIGITS = 4


def whole_of(areas: pd.DataFrame, *, kept: Kept) -> dict[str, Any]:
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
    found = overall(areas.loc[kept.scored], weights=weights, aggregation=aggregation, absent=absent, seed=kept.seed)
    moved = headlines(
        kept.evidence(), inputs=kept.plan.inputs, weights=kept.weights, seed=kept.seed, samples=int(SAMPLES.value)
    )
    alternatives = found.alternatives.assign(label=[CALLED[str(name)] for name in found.alternatives.index])
    return {
        "dominance": asdict(found.dominance),
        "alternatives": records(alternatives, named="method"),
        "importance": records(found.importance, named="dimension"),
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
        "inputs": records(listed, named="input"),
    }


def records(table: pd.DataFrame, *, named: str) -> list[dict[str, Any]]:
    """Turn a table into records, what is not a number into nothing.

    Examples
    --------
    >>> records(pd.DataFrame({"first": [0.25, float("nan")]}, index=["a", "b"]), named="input")
    [{'input': 'a', 'first': 0.25}, {'input': 'b', 'first': None}]
    """
    rounded = table.round(DIGITS).astype(object).where(table.notna(), None)
    return [{named: str(name)} | dict(zip(table.columns, row, strict=True)) for name, *row in rounded.itertuples()]
