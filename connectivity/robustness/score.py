"""Scores for many draws at a time, step by step those of :mod:`connectivity.indicators` and `scoring`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectivity.goalposts import DIMENSIONS, SIDE, Dimension, Indicator
from connectivity.profiles import ESSENTIAL, HOME_WORKER
from connectivity.robustness.evidence import Evidence
from connectivity.robustness.inputs import Draws, central
from connectivity.robustness.model import infeasible, lines_of
from connectivity.scoring import AGGREGATIONS, LEAST_COMFORT
from connectivity.uncertain import Floats, Uncertain
from layers.alternatives import DETOUR

REMOTE, DIGITAL = DIMENSIONS.index("remote"), DIMENSIONS.index("digital")
CELLS = 65_536
"""Draws × areas worked on at once: few enough for the processor's own memory."""
WORST_SHARE = np.float32(1 - LEAST_COMFORT / 100)
SWITCHES = ("fwa", "mobile", "aggregation")
"""Inputs that choose between ways of reckoning: draws of one way are reckoned together."""
SIDE_INPUTS = ("good ", "bad ", "detour")
"""How the keys of those inputs begin that change need and alternatives, and nothing else."""


@dataclass(frozen=True, slots=True)
class Model:
    """The method as a function of the draws, with what no draw changes worked out once.

    Attributes
    ----------
    evidence
        The areas' figures.
    sides
        Need and alternatives where no input moves them, 0 to 1; None where one does.
    shares
        Shares infeasible for a home worker and for an essential service where no input moves them.
    """

    evidence: Evidence
    sides: Mapping[Dimension, Floats | None]
    shares: tuple[Floats, Floats] | None

    @classmethod
    def of(cls, evidence: Evidence, *, inputs: Sequence[Uncertain], weights: Sequence[float]) -> Model:
        """Work out what the inputs leave as it is; a side that weighs nothing is never looked at."""
        vary = [one.key for one in inputs if one.varies]
        areas = 0 if evidence.spread is None else len(evidence.spread)
        usual = central(inputs, weights=weights, areas=areas)
        posts = [one for one in vary if one.startswith(SIDE_INPUTS)]
        sides: dict[Dimension, Floats | None] = {}
        for place, side in enumerate(DIMENSIONS):
            if side in SIDE and weights[place] > 0:
                sides[side] = None if posts else badness(evidence, side, usual.values)
        held = evidence.spread is None and not set(vary) - set(posts) - {"aggregation"}
        return cls(evidence, sides, _shares(evidence, usual) if held else None)

    def scores(self, draws: Draws) -> tuple[Floats, Floats]:
        """Score every area in every draw.

        Returns
        -------
        tuple of ndarray
            Share infeasible for a home worker (0 to 1) and score (0 to 99), each of shape (draws, areas).
        """
        remote = np.empty((len(draws), len(self.evidence)), dtype=np.float32)
        score = np.empty_like(remote)
        for rows in alike(draws.values, most=max(1, CELLS // max(1, len(self.evidence)))):
            remote[rows], score[rows] = self._block(draws.rows(rows))
        return remote, score

    def remote(self, draws: Draws) -> Floats:
        """Give the share infeasible for a home worker alone; shape (draws, areas)."""
        result = np.empty((len(draws), len(self.evidence)), dtype=np.float32)
        for rows in alike(draws.values, most=max(1, CELLS // max(1, len(self.evidence)))):
            some = draws.rows(rows)
            result[rows] = infeasible(self.evidence, HOME_WORKER, some, lines=lines_of(self.evidence, some))
        return result

    def _block(self, draws: Draws) -> tuple[Floats, Floats]:
        remote, digital = self.shares or _shares(self.evidence, draws)
        weights = draws.weights
        total = joined(remote, digital, aggregation=int(draws.values["aggregation"][0]), weights=weights)
        relief: Floats | None = None
        for side, known in self.sides.items():
            bad = badness(self.evidence, side, draws.values) if known is None else known
            part = weights[:, DIMENSIONS.index(side), None] * (1 - bad)
            relief = part if relief is None else np.add(relief, part, out=relief)
        if relief is not None:
            total *= np.subtract(1, relief, out=relief)
        total *= 100
        return remote, np.clip(total, 0, 100 - LEAST_COMFORT, out=total)


def alike(values: Mapping[str, Floats], *, most: int) -> Iterator[npt.NDArray[np.intp]]:
    """Group draws that count the same routes and join alike, at most so many at a time."""
    chosen = np.stack([values[key] for key in SWITCHES if key in values], axis=1)
    _, group = np.unique(chosen, axis=0, return_inverse=True)
    for one in range(int(group.max()) + 1):
        rows = np.flatnonzero(group.ravel() == one)
        yield from (rows[start : start + most] for start in range(0, len(rows), most))


def joined(remote: Floats, digital: Floats, *, aggregation: int, weights: Floats) -> Floats:
    """Join the two kinds of infeasibility, each a share of 0 to 1; shape (draws, areas).

    Near 0, where most areas lie, ``log1p`` and ``expm1`` keep the digits that a power of 0.999 would lose.
    """
    part = (weights[:, REMOTE] / (weights[:, REMOTE] + weights[:, DIGITAL]))[:, None]
    one, other = np.minimum(remote, WORST_SHARE), np.minimum(digital, WORST_SHARE)
    if AGGREGATIONS[aggregation] == "arithmetic":
        return np.asarray(part * one + (1 - part) * other)
    if AGGREGATIONS[aggregation] == "worst":
        return np.broadcast_to(np.maximum(one, other), (len(weights), one.shape[1])).copy()
    total = part * np.log1p(-one)
    total += (1 - part) * np.log1p(-other)
    return np.asarray(np.negative(np.expm1(total, out=total), out=total))


def badness(evidence: Evidence, side: Dimension, values: Mapping[str, Floats]) -> Floats:
    """Need, or the lack of alternatives, 0 to 1: mean of the indicators that are known; shape (draws or 1, areas)."""
    ours = [(indicator, raw) for indicator, raw in evidence.indicators if indicator.dimension == side]
    parts, known = [], np.zeros(len(evidence), dtype=np.float32)
    for indicator, raw in ours:
        part = _on_posts(indicator, raw, values)
        gaps = np.isnan(raw).any(axis=0)
        if gaps.any():
            part[:, gaps] = 0
        known += ~gaps
        parts.append(part)
    return np.asarray(sum(parts[1:], start=parts[0]) / np.maximum(known, 1))


def _on_posts(indicator: Indicator, raw: Floats, values: Mapping[str, Floats]) -> Floats:
    """Put an indicator on the goalposts of each draw, 0 to 1: the mean of its columns."""
    columns = []
    for place, (good, bad) in enumerate(indicator.goalposts):
        low = values.get(f"good {indicator.key} {place}", np.full(1, good.value, dtype=np.float32))[:, None]
        high = values.get(f"bad {indicator.key} {place}", np.full(1, bad.value, dtype=np.float32))[:, None]
        if indicator.straight and "detour" in values:  # a longer road is a nearer post
            stretch = values["detour"][:, None] / np.float32(DETOUR.value)
            low, high = low / stretch, high / stretch
        column = (raw[place] - low) / (high - low)
        columns.append(np.clip(column, 0, 1, out=column))
    return np.asarray(sum(columns[1:], start=columns[0]) / np.float32(len(columns)))


def _shares(evidence: Evidence, draws: Draws) -> tuple[Floats, Floats]:
    lines = lines_of(evidence, draws)
    return infeasible(evidence, HOME_WORKER, draws, lines=lines), infeasible(evidence, ESSENTIAL, draws, lines=lines)
