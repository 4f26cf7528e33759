"""Modelled areas: a council's totals spread again in every draw, so that they always add up to what was published.

Of the council's matched premises, each area's share below a speed follows a logistic curve on its key, as in
:mod:`layers.estimate`, here with another slope and with what the key leaves unexplained added to the log-odds: one
number for each area and draw, the same for every speed, so that the bands nest. The curve's height is found again for
each council, speed and draw. What rounding to whole premises did to the central estimate is kept in every draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.method.uncertain import Floats
from layers.coverage import Coverage

STEPS, CLOSE = 8, 1e-4
"""Newton's steps at most, and the change of log-odds after which the next would change nothing that single precision
knows, as each squares what is left (assumptions; a test holds the totals)."""
SURE = 30.0
"""Log-odds further from 0 than this are taken for certain: single precision knows no more."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What councils' totals are spread by; areas in the order of their councils.

    Attributes
    ----------
    councils
        By code, how many areas each has.
    key
        Higher where lines are slower.
    parts
        Shape (2, areas): spacing and indicator, where an input mixes them; None where the key is one of them.
    varies
        Variances of spacing, indicator and key over all areas of the study, and covariance of the first two.
    matched
        Premises of each area.
    totals
        Shape (speeds, councils): premises below each speed, the last row those below decent broadband.
    beta
        Central slope.
    rounding
        Shape (speeds, areas): what the build's whole premises are above the curve, as a share of the matched.
    chosen
        Places of the areas whose figures are wanted.
    """

    councils: Mapping[str, int]
    key: Floats
    parts: Floats | None
    varies: tuple[float, float, float, float]
    matched: Floats
    totals: Floats
    beta: float
    rounding: Floats
    chosen: npt.NDArray[np.intp]

    def __len__(self) -> int:
        """Count the areas of the councils."""
        return len(self.matched)

    @property
    def starts(self) -> npt.NDArray[np.intp]:
        """Place of each council's first area."""
        return np.cumsum([0, *self.councils.values()])[:-1].astype(np.intp)

    @property
    def council(self) -> npt.NDArray[np.intp]:
        """Place of each area's council."""
        return np.repeat(np.arange(len(self.councils)), list(self.councils.values()))


def spread_of(coverage: Coverage, *, areas: pd.Index) -> Spread | None:
    """Take what a modelled coverage was spread by; None when it is not modelled.

    Parameters
    ----------
    coverage
        With its councils whole.
    areas
        Codes of the areas whose figures are wanted; only their councils are kept.
    """
    if coverage.spreading is None:
        return None
    by = coverage.spreading.areas
    ours = by[by["district_code"].isin(by["district_code"].reindex(areas).unique())]
    ours = ours.rename_axis("area_code").sort_values(["district_code", "area_code"])
    table = coverage.table.loc[ours.index]
    below = table[coverage.columns].cumsum(axis=1).iloc[:, :-1].assign(decent=table["below_decent"].fillna(0.0))
    totals = below.groupby(ours["district_code"], sort=True).sum()
    parts = by[["spacing", "indicator"]] if "indicator" in by else None
    usual = by["key"].var(ddof=0)
    spread = Spread(
        councils={str(code): int(size) for code, size in ours.groupby("district_code", sort=True).size().items()},
        key=ours["key"].to_numpy(dtype=np.float32),
        parts=None if parts is None else _rows(parts.loc[ours.index]),
        varies=(0, 0, usual, 0) if parts is None else (*parts.var(ddof=0), usual, parts.cov(ddof=0).iloc[0, 1]),
        matched=table["matched"].to_numpy(dtype=np.float32),
        totals=_rows(totals),
        beta=coverage.spreading.beta.value,
        rounding=np.zeros((len(totals.columns), len(ours)), dtype=np.float32),
        chosen=ours.index.get_indexer(areas).astype(np.intp),
    )
    slope = np.full(1, spread.beta, dtype=np.float32)
    curve = _solved(spread, slope, None, np.zeros((1, len(ours)), dtype=np.float32))[:, 0]
    return replace(spread, rounding=_rows(below.div(table["matched"].clip(lower=1), axis=0)) - curve)


def below(spread: Spread, values: Mapping[str, Floats], noise: Floats) -> Floats:
    """Spread the totals again.

    Parameters
    ----------
    spread
        What by.
    values
        ``beta`` and, where two keys are mixed, ``key mix``, shape (draws,).
    noise
        Log-odds, shape (draws, areas).

    Returns
    -------
    ndarray, shape (speeds, draws, chosen areas)
        Share of the matched premises below each speed, 0 to 1; the last row those below decent broadband.
    """
    drawn = _solved(spread, values["beta"], values.get("key mix"), noise)
    drawn += spread.rounding[:, None, :]
    np.clip(drawn, 0, 1, out=drawn)
    np.maximum.accumulate(drawn[:-1], axis=0, out=drawn[:-1])
    return drawn[:, :, spread.chosen]


def mixed(spread: Spread, mix: Floats | None) -> Floats:
    """Join spacing and indicator as the draw says, as widely spread as the key is; shape (draws or 1, areas)."""
    if mix is None or spread.parts is None:
        return spread.key[None, :]
    share = mix[:, None]
    spacing, indicator, key, both = spread.varies
    square = (1 - share) ** 2 * spacing + share**2 * indicator + 2 * share * (1 - share) * both
    joined = (1 - share) * spread.parts[0] + share * spread.parts[1]
    return np.asarray(joined * np.sqrt(key / np.maximum(square, 1e-9)), dtype=np.float32)


def _solved(spread: Spread, beta: Floats, mix: Floats | None, noise: Floats) -> Floats:
    """Find the height of each curve by Newton's method on the log-odds of the total, in which it is nearly straight."""
    slope = np.clip(beta[:, None] * mixed(spread, mix) + noise, -SURE, SURE)
    odds = np.exp(slope)
    starts, council = spread.starts, spread.council
    weight = spread.matched
    everyone = np.maximum(np.add.reduceat(weight, starts), 1)
    result = np.empty((len(spread.totals), *odds.shape), dtype=np.float32)
    for speed, total in enumerate(spread.totals):
        wanted = np.clip(total / everyone, 0, 1)
        inside = (wanted > 0) & (wanted < 1)
        aim = np.where(inside, wanted, 0.5)
        target = np.log(aim / (1 - aim)).astype(np.float32)
        height = np.broadcast_to(target, (len(odds), len(aim))).copy()
        for _ in range(STEPS):
            share = odds * np.exp(height)[:, council]
            share /= 1 + share
            got = np.add.reduceat(weight * share, starts, axis=1) / everyone
            moved = np.add.reduceat(weight * share * (1 - share), starts, axis=1) / everyone
            got = np.clip(got, 1e-9, 1 - 1e-7)
            rate = np.maximum(moved / (got * (1 - got)), 0.05)
            step = np.clip((np.log(got / (1 - got)) - target) / rate, -4, 4)
            height = np.clip(height - step, -2 * SURE, 2 * SURE)
            if np.abs(step).max() < CLOSE:
                break
        share = odds * np.exp(height)[:, council]
        result[speed] = np.where(inside[council], share / (1 + share), wanted[council])
    return result


def _rows(table: pd.DataFrame) -> Floats:
    return np.ascontiguousarray(table.to_numpy(dtype=np.float32).T)
