"""Authority totals spread over small areas, so that every published total is met exactly. Always labelled modelled.

Ofcom publishes how many premises of an authority are slow, not where. Slow lines are long lines, and lines are long
where postcodes lie far apart and far from where people go: each area's share below a speed follows a logistic curve on
its covariates (:mod:`layers.covariates`), and the curve's height is set so that the areas sum to the authority's
published count. What the covariates do not tell is the residual, drawn anew in every draw of the robustness run.

The numbers of the fit stand in ``layers/sources/estimator.toml``, which ``python -m benchmarks.estimator`` writes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.covariates import RECORDS
from layers.coverage import Band
from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.rounding import controlled_rounding, largest_remainder

Array = npt.NDArray[np.floating[Any]]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

SLOPE = Figure(
    1.0,
    "times the fitted coefficients",
    "how fast slow lines grow with the covariates",
    "fits of single councils whose areas can be told apart run from .7 to 1.4 times the common one",
    0.7,
    1.4,
)
FAST_SLOPE = Figure(
    0.5,
    "times the coefficients under 10 Mbit/s",
    "the same for lines under 30 Mbit/s and faster",
    "assumption (method §2): in 2013 lines of 30 and more were those that people chose to pay for",
    0.0,
    1.0,
)
STRUCTURE_SLOPE = Figure(
    0.6,
    "log-odds per spread of log-odds in 2013",
    "how far slow lines today stand where they stood in 2013",
    "assumption: about as much as the covariates tell together within a rural council",
    0.3,
    0.9,
)
SEPARABLE_FROM = Figure(
    0.7,
    "log-odds",
    "standard deviation of what the covariates say within a council, from which on its areas can be told apart",
    "docs/validation.md: in 2013 councils under .6 gained .02 of a share at most, those from .7 on .06 and more",
    0.6,
    0.88,
)
SLOWEST_FAST = 30.0
"""Mbit/s: speeds from this on take :data:`FAST_SLOPE`."""
STEPS = 200
"""Rounds at most, of fitting margins or of finding a curve's height: more than the precision of a float needs."""
CERTAIN = 30.0
"""Log-odds further from 0 than this are taken for certain: single precision knows no more."""
MET = 1e-9
"""Premises: margins count as met within this."""

_RECORDS = tomllib.loads(RECORDS.read_text(encoding="utf-8"))
FITTED_BELOW = (2.0, 5.0, 10.0)
"""Mbit/s: speeds for which the share of lines below was fitted."""


@dataclass(frozen=True, slots=True)
class Residual:
    """What the covariates leave unexplained, for areas of a class in councils of which a certain share is below.

    Attributes
    ----------
    share
        Share of the class's lines that ran below the speed in 2013.
    deviation
        Standard deviation on the log-odds with which nine of ten shares lie within the range.
    """

    share: float
    deviation: float


RESIDUALS: Mapping[str, tuple[Residual, ...]] = {
    name: tuple(Residual(**one) for one in rows) for name, rows in _RECORDS["residual"].items()
}
"""By class, ``urban`` and ``rural``, smallest share first."""


def residual(*, rural: bool, share: float | None = None) -> float:
    """Return the standard deviation of the residual on the log-odds, for areas of a class.

    Parameters
    ----------
    rural
        The class.
    share
        Share of the class's premises that are below the speed, 0 to 1. From the smallest share that could be tested on
        2013 the deviation is the one found there; under it, as today, and where it is not given, the widest found.

    Examples
    --------
    >>> residual(rural=True) > residual(rural=False)
    True
    """
    found = RESIDUALS["rural" if rural else "urban"]
    shares, deviations = [one.share for one in found], [one.deviation for one in found]
    if share is None or share < shares[0]:
        return max(deviations)
    return float(np.interp(share, shares, deviations))


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients of one set of covariates, in log-odds for each spread of a covariate.

    Attributes
    ----------
    covariates
        Keys.
    below
        By speed, Mbit/s, the coefficients in the order of `covariates`.
    """

    covariates: tuple[str, ...]
    below: Mapping[float, tuple[float, ...]]


FITS: Mapping[frozenset[str], Fit] = {
    frozenset(one["covariates"]): Fit(
        tuple(one["covariates"]), {speed: tuple(one[f"below_{speed:g}"]) for speed in FITTED_BELOW}
    )
    for one in _RECORDS["fit"]
}
"""By the covariates a study has: a fit for each set, as coefficients of a larger set say nothing of a smaller one."""


def fit_of(covariates: Collection[str]) -> Fit:
    """Return the fit for a set of covariates.

    Raises
    ------
    KeyError
        When one that comes with the postcodes is not among them.
    """
    return FITS[frozenset(covariates)]


def predictors(covariates: pd.DataFrame) -> pd.DataFrame:
    """Return what the covariates say of each area: log-odds, beside its council's, of lines below each fitted speed.

    Parameters
    ----------
    covariates
        Index ``area_code``; standardised, a column for each at hand.

    Returns
    -------
    pandas.DataFrame
        Index as `covariates`; ``below_2, below_5, below_10``.
    """
    fit = fit_of(covariates.columns)
    values = covariates[list(fit.covariates)].to_numpy(dtype=float)
    told = {f"below_{speed:g}": values @ np.array(fit.below[speed]) for speed in FITTED_BELOW}
    return pd.DataFrame(told, index=covariates.index)


def predictor_of(speed: float) -> tuple[str, bool]:
    """Return the column of :func:`predictors` for lines below a speed, and whether :data:`FAST_SLOPE` comes to it.

    >>> predictor_of(5.0), predictor_of(10.0), predictor_of(100.0)
    (('below_5', False), ('below_10', False), ('below_10', True))
    """
    slower = [fitted for fitted in FITTED_BELOW if fitted <= speed]
    return f"below_{(slower or [FITTED_BELOW[0]])[-1]:g}", speed >= SLOWEST_FAST


def not_told_apart(areas: pd.DataFrame) -> pd.DataFrame:
    """Return the areas with the covariates left out of councils whose areas they do not tell apart (method §2).

    There each area is given its council's shares: in 2013 the covariates came hardly nearer to the truth than these.

    Parameters
    ----------
    areas
        Index ``area_code``; ``district_code``, what :func:`predictors` says and, where the study takes it,
        ``structure``.

    Returns
    -------
    pandas.DataFrame
        As `areas`, with ``separable``, the same for all areas of a council; where it is false all predictors are 0.
    """
    told = pd.Series(log_odds(areas, speeds=[FITTED_BELOW[-1]])[0], index=areas.index)
    wide = told.groupby(areas["district_code"]).std(ddof=0).ge(SEPARABLE_FROM.value)
    apart = areas["district_code"].map(wide).astype(bool)
    columns = [name for name in (*(f"below_{speed:g}" for speed in FITTED_BELOW), "structure") if name in areas]
    return areas.assign(**{name: areas[name].where(apart, 0.0) for name in columns}, separable=apart)


def disaggregated(authorities: pd.DataFrame, *, bands: tuple[Band, ...], areas: pd.DataFrame) -> pd.DataFrame:
    """Spread each authority's premises in bands over its areas.

    Parameters
    ----------
    authorities
        Index ``district_code``; ``premises, unknown``, the band columns, ``below_decent``, ``fwa``: whole premises.
    bands
        The bands, slowest first.
    areas
        As :class:`layers.coverage.Disaggregation` holds them, and ``weight`` (any scale, at least 0).

    Returns
    -------
    pandas.DataFrame
        Index as `areas`; ``premises, matched, unknown``, the bands, ``below_decent``, ``fwa``: whole premises. For
        every authority each column sums to the published total, and for every area the bands and the unknown sum
        to its premises.

    Raises
    ------
    LayerError
        When an authority's areas have no weight or no predictor, or its count below decent broadband is not known.
    """
    missing = areas[["weight", *(f"below_{speed:g}" for speed in FITTED_BELOW)]].isna().any(axis=1)
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
    _refuse_unsaid(authorities)
    published = authorities.to_dict("index")
    by_district = areas.sort_index().groupby("district_code", sort=True)
    parts = [_of_authority(pd.Series(published[code]), bands, part) for code, part in by_district]
    return pd.concat(parts).loc[areas.index]


def _refuse_unsaid(authorities: pd.DataFrame) -> None:
    """Refuse a count below decent broadband that is given for some districts and not for others: it is not 0."""
    unsaid = authorities.index[authorities["below_decent"].isna()]
    if 0 < len(unsaid) < len(authorities):
        raise LayerError(
            f"{len(unsaid):,} of {len(authorities):,} districts have no count of premises below decent broadband.",
            rows=examples(unsaid),
            expected="a count for every district of the study, or for none",
            found="blank, which is not known and never 0",
            next_step="leave these districts out of the study, or use a release that gives the count for all",
        )


def _of_authority(published: pd.Series, bands: tuple[Band, ...], areas: pd.DataFrame) -> pd.DataFrame:
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
    totals = published[[*columns, "unknown"]].to_numpy(dtype=float)
    expected = _expected(premises, log_odds(areas, speeds=[band.high for band in bands[:-1]]), totals)
    cells = controlled_rounding(expected, rows=premises, columns=totals.astype(np.int64))
    table = pd.DataFrame(cells.astype(float), index=areas.index, columns=[*columns, "unknown"])
    table.insert(0, "premises", premises.astype(float))
    table.insert(1, "matched", table[columns].sum(axis=1))
    matched = table["matched"].to_numpy(dtype=np.int64)
    table["below_decent"] = np.nan
    if pd.notna(published["below_decent"]):
        below = int(published["below_decent"])
        decent = log_odds(areas, speeds=[FITTED_BELOW[-1]])[0]
        wanted = np.minimum(premises * logistic_chances(premises, decent, below), matched)
        table["below_decent"] = largest_remainder(wanted, below, limit=matched).astype(float)
    table["fwa"] = largest_remainder(premises.astype(float), int(published["fwa"]), limit=premises).astype(float)
    return table


def log_odds(areas: pd.DataFrame, *, speeds: Collection[float]) -> Floats:
    """Return the central log-odds of lines below each speed; shape (speeds, areas)."""
    rows = []
    for speed in speeds:
        column, fast = predictor_of(speed)
        told = areas[column].to_numpy(dtype=float)
        if "structure" in areas:
            told = told + STRUCTURE_SLOPE.value * areas["structure"].to_numpy(dtype=float)
        rows.append(told * (FAST_SLOPE.value if fast else 1.0))
    return np.stack(rows) if rows else np.empty((0, len(areas)))


def _expected(premises: Whole, odds: Floats, totals: Floats) -> Floats:
    """Expect premises by band and unknown, both margins met before rounding."""
    everyone = max(totals.sum(), 1.0)
    below = np.cumsum(totals[:-1])[:-1]
    shares = [logistic_chances(premises, told, total) for told, total in zip(odds, below, strict=True)]
    ends = np.zeros(len(premises)), np.full(len(premises), totals[:-1].sum() / everyone)
    cumulative = np.stack([ends[0], *shares, ends[1]], axis=1)
    cells = np.diff(np.sort(cumulative, axis=1), axis=1) * premises[:, None]  # sorted, so that the bands nest
    cells = np.column_stack([cells, premises * totals[-1] / everyone])
    return _fitted(np.asarray(cells, dtype=float), premises.astype(float), totals)


def logistic_chances(premises: Whole, told: Floats, total: float) -> Floats:
    """Return each area's logistic chance, its height such that the areas sum to `total`.

    Returns
    -------
    ndarray, shape (areas,)
        Between 0 and 1; ``sum(premises · chance) = total``.
    """
    odds = relative_odds(np.asarray(told, dtype=float)[None, :])
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
    sizes = np.diff([*starts, len(weight)])
    council = np.repeat(np.arange(len(starts)), sizes)
    everyone = np.maximum(np.add.reduceat(weight, starts), 1)
    inside = (wanted > 0) & (wanted < 1)
    aim = np.where(inside, wanted, 0.5)
    target = np.log(aim / (1 - aim)).astype(odds.dtype)
    height = np.broadcast_to(target, (len(odds), len(target))).copy()
    low, high = height - CERTAIN, height + CERTAIN
    for _ in range(STEPS):
        share = _share_of_odds(odds, height, sizes)
        many = weight * share
        got = np.add.reduceat(many, starts, axis=1) / everyone
        many *= np.subtract(1, share, out=share)
        moved = np.add.reduceat(many, starts, axis=1) / everyone
        got = np.clip(got, exact.tiny, 1 - exact.eps)
        gap = np.log(got / (1 - got)) - target
        low, high = np.where(gap <= 0, height, low), np.where(gap >= 0, height, high)
        step = gap * (got * (1 - got)) / np.maximum(moved, exact.tiny)
        done = np.abs(step) < close
        newton = height - step
        height = np.where(done | ((low <= newton) & (newton <= high)), newton, (low + high) / 2)
        if done.all():
            break
    share = _share_of_odds(odds, height, sizes)
    if inside.all():
        return share
    return np.where(inside[council], share, np.clip(wanted, 0, 1)[council]).astype(odds.dtype)


def _share_of_odds(odds: Array, height: Array, sizes: npt.NDArray[np.int64]) -> Array:
    """Return ``x / (1 + x)`` of each area's odds at the height of its council; every step in one array's place."""
    share = np.repeat(np.exp(height), sizes, axis=1)
    share *= odds
    share /= 1 + share
    return share


def _fitted(cells: Floats, rows: Floats, columns: Floats) -> Floats:
    """Scale rows and columns in turn until both meet their totals (iterative proportional fitting)."""
    seed = np.where(columns[None, :] > 0, np.maximum(cells, 1e-12), 0.0) * (rows[:, None] > 0)
    for _ in range(STEPS):
        seed *= np.divide(rows, seed.sum(axis=1), out=np.zeros_like(rows), where=rows > 0)[:, None]
        seed *= np.divide(columns, seed.sum(axis=0), out=np.zeros_like(columns), where=columns > 0)[None, :]
        if np.abs(seed.sum(axis=1) - rows).max() < MET:
            break
    return seed
