"""Weights changed: score, parts and rank of 35,000 areas again, beside a loop over the rows."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from benchmarks.measuring import SEED, Result, comparison, target, timed
from connectivity.method.ranking import severity_rank
from connectivity.method.records import DIMENSIONS
from connectivity.method.scoring import Weights, contributions, score

AREAS = 35_000
"""Small areas of England and Wales, 35,672 in 2021, as round as the target names them."""
WEIGHTS = Weights(0.4, 0.3, 0.2, 0.1)


def run(*, quick: bool) -> Result:
    """Score and rank again, ours and row by row; the answers must agree.

    Parameters
    ----------
    quick
        A tenth of the areas.
    """
    size = AREAS // 10 if quick else AREAS
    table = dimensions(size)
    ours, ranked = timed(lambda: rerank(table), repeat=5 if quick else 31)
    theirs, looped = timed(lambda: loop(table), repeat=1 if quick else 3)
    pd.testing.assert_frame_equal(ranked, looped, check_dtype=False)
    what = f"{size:,} areas scored, split into parts and ranked again"
    return {
        "comparisons": [comparison(what, ours=ours, other="a loop over rows", theirs=theirs, note="same answers")],
        "targets": [] if quick else [target("35,000 areas ranked again", value=1000 * ours, limit=50, unit="ms")],
    }


def dimensions(size: int) -> pd.DataFrame:
    """Draw the four dimensions of `size` areas: skewed as in the 2025 study, most with little wrong."""
    random = np.random.default_rng(SEED)
    skewed = 100 * random.beta(0.4, 12, (size, 2))
    even = random.uniform(0, 100, (size, 2))
    return pd.DataFrame(np.hstack([skewed, even]), columns=[f"score_{name}" for name in DIMENSIONS])


def rerank(table: pd.DataFrame) -> pd.DataFrame:
    """Do what the app does when a weight changes."""
    scored = score(table, weights=WEIGHTS)
    parts = contributions(table, weights=WEIGHTS)
    return pd.concat([scored, parts, severity_rank(scored).rename("severity_rank")], axis=1)


def loop(table: pd.DataFrame) -> pd.DataFrame:
    """Do the same with the formula row by row and ranks from a sorted list."""
    share = WEIGHTS.normalised()
    both = share.remote + share.digital
    rows = []
    for _, remote, digital, need, alternative in table.itertuples(name=None):
        log_remote = share.remote * math.log(100 / max(1, 100 - remote))
        log_digital = share.digital * math.log(100 / max(1, 100 - digital))
        total = 100 - 100 * math.exp(-(log_remote + log_digital) / both)
        core = total * both / (log_remote + log_digital) if log_remote + log_digital else 0.0
        side = (total * share.need * need / 100, total * share.alternative * alternative / 100)
        parts = (core * log_remote, core * log_digital, *side)
        rows.append((sum(parts), *parts))
    ordered = sorted((row[0] for row in rows), reverse=True)
    first: dict[float, int] = {}
    for position, value in enumerate(ordered, start=1):
        first.setdefault(value, position)
    columns = ["score", *(f"part_{name}" for name in DIMENSIONS), "severity_rank"]
    return pd.DataFrame([(*row, first[row[0]]) for row in rows], columns=columns)
