"""Authority totals spread over small areas, so that every published total is met exactly. Always labelled modelled.

Ofcom publishes how many premises of an authority are slow, not where. Slow lines are long lines, and lines are long
where postcodes lie far apart: each area's share below a speed follows a logistic curve on that spacing, and the
curve's height is set so that the areas sum to the authority's published count.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.coverage import Band
from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.rounding import controlled_rounding, largest_remainder

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
"""Halvings of the bisection: more than the precision of a float needs."""
MET = 1e-9
"""Premises: margins count as met within this."""


def spread(
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
    parts = [_spread_one(pd.Series(published[code]), bands, part, beta) for code, part in by_district]
    return pd.concat(parts).loc[areas.index]


def _spread_one(published: pd.Series, bands: tuple[Band, ...], areas: pd.DataFrame, beta: float) -> pd.DataFrame:
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
    wanted = np.minimum(premises * chances(premises, key, below, beta), matched)
    table["below_decent"] = largest_remainder(wanted, below, limit=matched).astype(float)
    table["fwa"] = largest_remainder(premises.astype(float), int(published["fwa"]), limit=premises).astype(float)
    return table


def _expected(premises: Whole, key: Floats, totals: Floats, beta: float) -> Floats:
    """Expect premises by band and unknown, both margins met before rounding."""
    everyone = max(totals.sum(), 1.0)
    below = np.cumsum(totals[:-1])[:-1]
    shares = [chances(premises, key, total, beta) for total in below]
    cumulative = np.stack([np.zeros(len(key)), *shares, np.ones(len(key)) * totals[:-1].sum() / everyone], axis=1)
    cells = np.diff(np.maximum.accumulate(cumulative, axis=1), axis=1) * premises[:, None]
    cells = np.column_stack([cells, premises * totals[-1] / everyone])
    return _fitted(np.asarray(cells, dtype=float), premises.astype(float), totals)


def chances(premises: Whole, key: Floats, total: float, beta: float) -> Floats:
    """Logistic chance for each area, its height set by bisection so that the areas sum to `total`.

    Returns
    -------
    ndarray, shape (areas,)
        Between 0 and 1; ``sum(premises · chance) = total``.
    """
    everyone = premises.sum()
    if total <= 0 or total >= everyone:
        return np.full(len(key), 1.0 if total > 0 else 0.0)
    low, high = -60.0, 60.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        chance = 1 / (1 + np.exp(-np.clip(middle + beta * key, -700, 700)))
        low, high = (middle, high) if (premises * chance).sum() < total else (low, middle)
    return np.asarray(chance, dtype=float)


def _fitted(cells: Floats, rows: Floats, columns: Floats) -> Floats:
    """Scale rows and columns in turn until both meet their totals (iterative proportional fitting)."""
    seed = np.where(columns[None, :] > 0, np.maximum(cells, 1e-12), 0.0) * (rows[:, None] > 0)
    for _ in range(STEPS):
        seed *= np.divide(rows, seed.sum(axis=1), out=np.zeros_like(rows), where=rows > 0)[:, None]
        seed *= np.divide(columns, seed.sum(axis=0), out=np.zeros_like(columns), where=columns > 0)[None, :]
        if np.abs(seed.sum(axis=1) - rows).max() < MET:
            break
    return seed
