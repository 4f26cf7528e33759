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
from layers.estimate import calibrated, relative_odds


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
    """Find each curve again, speed by speed."""
    odds = relative_odds(beta[:, None] * mixed(spread, mix) + noise)
    everyone = np.maximum(np.add.reduceat(spread.matched, spread.starts), 1)
    return np.stack(
        [
            calibrated(odds, weight=spread.matched, wanted=total / everyone, starts=spread.starts)
            for total in spread.totals
        ]
    )


def _rows(table: pd.DataFrame) -> Floats:
    return np.ascontiguousarray(table.to_numpy(dtype=np.float32).T)
