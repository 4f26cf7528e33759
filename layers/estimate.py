"""Authority totals spread over small areas, so that every published total is met exactly. Always labelled modelled.

Ofcom publishes how many premises of an authority are slow, not where. Slow lines are long lines, and lines are long
where postcodes lie far apart: each area's share below a speed follows a logistic curve on that spacing, and the
curve's height is set so that the areas sum to the authority's published count.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.coverage import Band
from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.rounding import controlled_rounding, largest_remainder

Array = npt.NDArray[np.floating[Any]]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

BETA = Figure(0.67, "log-odds per unit of key", "how fast slow lines grow with spacing", "fitted on 2013", 0.45, 1.5)
BETA_COMBINED = Figure(0.9, "log-odds per unit of key", "the same, for the combined key", "assumption", 0.45, 1.5)
RESIDUAL = Figure(0.9, "log-odds", "standard deviation of what the key leaves unexplained", "method §2, fitted on 2013")
NOT_SEPARABLE = {
    "E06000044": "Portsmouth",
    "E06000045": "Southampton",
    "E07000088": "Gosport",
    "E07000090": "Havant",
    "E07000092": "Rushmoor",
}
"""Authorities where, in 2013, the key ranked areas with a Spearman correlation under .3 (method §2)."""
STEPS = 200
"""Rounds at most, of fitting margins or of finding a curve's height: more than the precision of a float needs."""
CERTAIN = 30.0
"""Log-odds further from 0 than this are taken for certain: single precision knows no more."""
MET = 1e-9
"""Premises: margins count as met within this."""


def disaggregated(
    authorities: pd.DataFrame, *, bands: tuple[Band, ...], areas: pd.DataFrame, beta: float = BETA.value
) -> pd.DataFrame:
    """Spread each authority's premises in bands over its areas.

    Parameters
    ----------
    authorities
        Index ``district_code``; ``premises, unknown``, the band columns, ``below_decent``, ``fwa``: whole premises.
    bands
        The bands, slowest first.
    areas
        Index ``area_code``; ``district_code``, ``weight`` (any scale, at least 0), ``key`` (higher = slower).
    beta
        Log-odds per unit of key; one value for every speed, so that the bands nest.

    Returns
    -------
    pandas.DataFrame
        Index as `areas`; ``premises, matched, unknown``, the bands, ``below_decent``, ``fwa``: whole premises. For
        every authority each column sums to the published total, and for every area the bands and the unknown sum
        to its premises.

    Raises
    ------
    LayerError
        When an authority's areas have no weight or no key.
    """
    missing = areas["key"].isna() | areas["weight"].isna()
    if missing.any():
        raise LayerError(
            f"{int(missing.sum()):,} areas have no postcode spacing or no premises weight, so nothing can be spread.",
            rows=examples(areas.index[missing]),
            expected="at least one live postcode and one output area in each area",
            found="none",
            next_step="use postcode and premises layers that cover the study's areas",
        )
    empty = authorities.index.difference(pd.Index(areas["district_code"]))
    if len(empty):
        raise LayerError(
            f"{len(empty):,} districts have no area left to spread their premises over.",
            rows=examples(empty),
            expected="at least one area with postcodes and a premises weight in each district",
            found="none",
            next_step="use postcode and premises layers that cover the study's areas",
        )
    published = authorities.to_dict("index")
    by_district = areas.sort_index().groupby("district_code", sort=True)
    parts = [_disaggregated_one(pd.Series(published[code]), bands, part, beta) for code, part in by_district]
    return pd.concat(parts).loc[areas.index]


def _disaggregated_one(published: pd.Series, bands: tuple[Band, ...], areas: pd.DataFrame, beta: float) -> pd.DataFrame:
    columns = [band.column for band in bands]
    weight = areas["weight"].to_numpy(dtype=float)
    if weight.sum() <= 0:
        raise LayerError(
            f"The areas of {areas['district_code'].iloc[0]} have no premises weight.",
            rows=examples(areas.index),
            expected="a weight above 0 in at least one area",
            found="0",
            next_step="check the premises layer",
        )
    premises = largest_remainder(weight, int(published["premises"]))
    key = areas["key"].to_numpy(dtype=float)
    totals = published[[*columns, "unknown"]].to_numpy(dtype=float)
    expected = _expected(premises, key, totals, beta)
    cells = controlled_rounding(expected, rows=premises, columns=totals.astype(np.int64))
    table = pd.DataFrame(cells.astype(float), index=areas.index, columns=[*columns, "unknown"])
    table.insert(0, "premises", premises.astype(float))
    table.insert(1, "matched", table[columns].sum(axis=1))
    matched = table["matched"].to_numpy(dtype=np.int64)
    below = int(published["below_decent"])
    wanted = np.minimum(premises * logistic_chances(premises, key, below, beta), matched)
    table["below_decent"] = largest_remainder(wanted, below, limit=matched).astype(float)
    table["fwa"] = largest_remainder(premises.astype(float), int(published["fwa"]), limit=premises).astype(float)
    return table


def _expected(premises: Whole, key: Floats, totals: Floats, beta: float) -> Floats:
    """Expect premises by band and unknown, both margins met before rounding."""
    everyone = max(totals.sum(), 1.0)
    below = np.cumsum(totals[:-1])[:-1]
    shares = [logistic_chances(premises, key, total, beta) for total in below]
    cumulative = np.stack([np.zeros(len(key)), *shares, np.ones(len(key)) * totals[:-1].sum() / everyone], axis=1)
    cells = np.diff(np.maximum.accumulate(cumulative, axis=1), axis=1) * premises[:, None]
    cells = np.column_stack([cells, premises * totals[-1] / everyone])
    return _fitted(np.asarray(cells, dtype=float), premises.astype(float), totals)


def logistic_chances(premises: Whole, key: Floats, total: float, beta: float) -> Floats:
    """Return each area's logistic chance, its height such that the areas sum to `total`.

    Returns
    -------
    ndarray, shape (areas,)
        Between 0 and 1; ``sum(premises · chance) = total``.
    """
    odds = relative_odds(np.asarray(beta * key, dtype=float)[None, :])
    wanted = np.array([total / max(float(premises.sum()), 1.0)])
    found = calibrated(odds, weight=premises.astype(float), wanted=wanted, starts=np.zeros(1, dtype=np.intp))
    return np.asarray(found[0], dtype=float)


def relative_odds(log_odds: Array) -> Array:
    """Return each area's odds beside its council's, from their logarithm; those that are certain are cut off."""
    return np.asarray(np.exp(np.clip(log_odds, -CERTAIN, CERTAIN)))


def calibrated(odds: Array, *, weight: Array, wanted: Array, starts: npt.NDArray[np.intp]) -> Array:
    """Return each area's chance on its council's logistic curve, whose height meets the council's share.

    ``chance = x / (1 + x)`` with ``x = exp(height) · odds``, and the height at which ``sum(weight · chance)`` of a
    council is its share of ``sum(weight)``. It is found by Newton's method on the log-odds of the sum, in which it is
    nearly straight, kept between bounds that close in at every step, so that no curve escapes it.

    Parameters
    ----------
    odds
        From :func:`relative_odds`; shape (draws, areas), the areas of a council together.
    weight
        Premises of each area.
    wanted
        Share of each council's premises, 0 to 1; beyond either end it is that end, for all areas.
    starts
        Place of each council's first area.

    Returns
    -------
    ndarray, shape (draws, areas)
        In the precision of `odds`.

    Examples
    --------
    >>> one = np.zeros(1, dtype=np.intp)
    >>> calibrated(np.array([[1.0, 3.0]]), weight=np.ones(2), wanted=np.array([0.625]), starts=one).round(3).tolist()
    [[0.5, 0.75]]
    """
    exact = np.finfo(odds.dtype)
    close = np.sqrt(exact.eps)  # each step squares what is left
    council = np.repeat(np.arange(len(starts)), np.diff([*starts, len(weight)]))
    everyone = np.maximum(np.add.reduceat(weight, starts), 1)
    inside = (wanted > 0) & (wanted < 1)
    aim = np.where(inside, wanted, 0.5)
    target = np.log(aim / (1 - aim)).astype(odds.dtype)
    height = np.broadcast_to(target, (len(odds), len(target))).copy()
    low, high = height - CERTAIN, height + CERTAIN
    for _ in range(STEPS):
        share = odds * np.exp(height)[:, council]
        share /= 1 + share
        got = np.add.reduceat(weight * share, starts, axis=1) / everyone
        moved = np.add.reduceat(weight * share * (1 - share), starts, axis=1) / everyone
        got = np.clip(got, exact.tiny, 1 - exact.eps)
        gap = np.log(got / (1 - got)) - target
        low, high = np.where(gap <= 0, height, low), np.where(gap >= 0, height, high)
        step = gap * (got * (1 - got)) / np.maximum(moved, exact.tiny)
        done = np.abs(step) < close
        newton = height - step
        height = np.where(done | ((low <= newton) & (newton <= high)), newton, (low + high) / 2)
        if done.all():
            break
    share = odds * np.exp(height)[:, council]
    return np.where(inside[council], share / (1 + share), np.clip(wanted, 0, 1)[council]).astype(odds.dtype)


def _fitted(cells: Floats, rows: Floats, columns: Floats) -> Floats:
    """Scale rows and columns in turn until both meet their totals (iterative proportional fitting)."""
    seed = np.where(columns[None, :] > 0, np.maximum(cells, 1e-12), 0.0) * (rows[:, None] > 0)
    for _ in range(STEPS):
        seed *= np.divide(rows, seed.sum(axis=1), out=np.zeros_like(rows), where=rows > 0)[:, None]
        seed *= np.divide(columns, seed.sum(axis=0), out=np.zeros_like(columns), where=columns > 0)[None, :]
        if np.abs(seed.sum(axis=1) - rows).max() < MET:
            break
    return seed
