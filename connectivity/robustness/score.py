"""Scores for many draws at a time, step by step those of :mod:`connectivity.method.scoring` and `scoring`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from connectivity.method.goalposts import DIMENSIONS, SIDE, Dimension, Indicator
from connectivity.method.profiles import ESSENTIAL, HOME_WORKER
from connectivity.method.scoring import AGGREGATIONS, LEAST_COMFORT
from connectivity.method.uncertain import Floats, Uncertain
from connectivity.robustness.evidence import Evidence
from connectivity.robustness.inputs import Draws, central
from connectivity.robustness.model import chances, infeasible, lines_of
from layers.people.alternatives import DETOUR

REMOTE, DIGITAL = DIMENSIONS.index("remote"), DIMENSIONS.index("digital")
CELLS = 131_072
"""Draws × areas worked on at once: few enough for the processor's own memory."""
WORST_SHARE = np.float32(1 - LEAST_COMFORT / 100)
SWITCHES = ("fwa", "mobile", "aggregation")
"""Inputs that choose between ways of reckoning: draws of one way are reckoned together."""
SIDE_INPUTS = ("good ", "bad ", "detour")
"""How the keys of those inputs begin that change need and alternatives, and nothing else."""
LATE = (*SIDE_INPUTS, "aggregation")
"""The same of those that do not change who cannot do what."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares infeasible for a home worker and for an essential service; where they are asked for often, `_logs`."""

    remote: Floats
    digital: Floats
    logs: tuple[Floats, Floats] | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """The method as a function of the draws, with what no draw changes worked out once.

    Attributes
    ----------
    evidence
        The areas' figures.
    sides
        How little need there is and how near alternatives are where no input moves them, 0 to 1; None where one does.
    shares
        Shares infeasible where no input moves them.
    """

    evidence: Evidence
    sides: Mapping[Dimension, Floats | None]
    shares: Shares | None

    @classmethod
    def of(cls, evidence: Evidence, *, inputs: Sequence[Uncertain], weights: Sequence[float]) -> Model:
        """Work out what the inputs leave as it is; a side that weighs nothing is never looked at."""
        vary = [one.key for one in inputs if one.varies]
        usual = central(inputs, weights=weights, areas=0 if evidence.spread is None else len(evidence.spread))
        posts = [key for key in vary if key.startswith(SIDE_INPUTS)]
        sides: dict[Dimension, Floats | None] = {}
        for place, side in enumerate(DIMENSIONS):
            if side in SIDE and weights[place] > 0:
                sides[side] = None if posts else goodness(evidence, side, usual.inputs)
        if evidence.spread is not None or set(vary) - set(posts) - {"aggregation"}:
            return cls(evidence, sides, None)
        shares = _shares(evidence, usual, _chances(evidence, usual))
        return cls(evidence, sides, replace(shares, logs=_logs(shares)))

    def scores(self, draws: Draws) -> tuple[Floats, Floats]:
        """Score every area in every draw.

        Returns
        -------
        tuple of ndarray
            Share infeasible for a home worker (0 to 1) and score (0 to 99), each of shape (draws, areas).
        """
        score = np.empty((len(draws), len(self.evidence)), dtype=np.float32)
        remote = np.empty_like(score) if self.shares is None else np.broadcast_to(self.shares.remote, score.shape)
        if self.shares is not None:  # the others change nothing
            draws = replace(draws, inputs={key: draws.inputs[key] for key in draws.inputs if key.startswith(LATE)})
        known = {} if self.shares is not None else _chances(self.evidence, draws)
        for rows in self._blocks(draws):
            some = draws.rows(rows)
            shares = self.shares or _shares(self.evidence, some, {key: table[rows] for key, table in known.items()})
            score[rows] = self._score(shares, some)
            if self.shares is None:
                remote[rows] = shares.remote
        return remote, score

    def remote(self, draws: Draws) -> Floats:
        """Give the share infeasible for a home worker alone; shape (draws, areas)."""
        result = np.empty((len(draws), len(self.evidence)), dtype=np.float32)
        for rows in self._blocks(draws):
            some = draws.rows(rows)
            result[rows] = infeasible(self.evidence, HOME_WORKER, some, lines=lines_of(self.evidence, some))
        return result

    def _blocks(self, draws: Draws) -> Iterator[npt.NDArray[np.intp]]:
        return alike(draws.inputs, most=max(1, CELLS // max(1, len(self.evidence))))

    def _score(self, shares: Shares, draws: Draws) -> Floats:
        """Score, 0 to 99: `joined` gives at most .99, and need and alternatives only take off."""
        weights = 100 * draws.weights
        total = joined(shares, aggregation=int(draws.inputs["aggregation"][0]), weights=draws.weights)
        left = weights.sum(axis=1, keepdims=True)
        for side, known in self.sides.items():
            good = goodness(self.evidence, side, draws.inputs) if known is None else known
            left = left - weights[:, DIMENSIONS.index(side), None] * good
        total *= left
        return total


def alike(values: Mapping[str, Floats], *, most: int) -> Iterator[npt.NDArray[np.intp]]:
    """Group draws that count the same routes and join alike, at most so many at a time."""
    chosen = np.stack([values[key] for key in SWITCHES if key in values], axis=1)
    _, group = np.unique(chosen, axis=0, return_inverse=True)
    for one in range(int(group.max()) + 1):
        rows = np.flatnonzero(group.ravel() == one)
        yield from (rows[start : start + most] for start in range(0, len(rows), most))


def joined(shares: Shares, *, aggregation: int, weights: Floats) -> Floats:
    """Join the two kinds of infeasibility, each a share of 0 to 1; shape (draws, areas).

    Near 0, where most areas lie, ``log1p`` and ``expm1`` keep the digits that a power of 0.999 would lose.
    """
    part = (weights[:, REMOTE] / (weights[:, REMOTE] + weights[:, DIGITAL]))[:, None]
    if AGGREGATIONS[aggregation] == "geometric" and shares.logs is not None:
        digital, more = shares.logs
        total = part * more
        total += digital
        return np.asarray(np.negative(np.expm1(total, out=total), out=total))
    one, other = np.minimum(shares.remote, WORST_SHARE), np.minimum(shares.digital, WORST_SHARE)
    if AGGREGATIONS[aggregation] == "arithmetic":
        return np.asarray(part * one + (1 - part) * other)
    if AGGREGATIONS[aggregation] == "worst":
        return np.broadcast_to(np.maximum(one, other), (len(weights), one.shape[1])).copy()
    return joined(replace(shares, logs=_logs(shares)), aggregation=aggregation, weights=weights)


def _logs(shares: Shares) -> tuple[Floats, Floats]:
    """Give the log of digital comfort, and how much that of remote comfort is more: one step fewer for each draw."""
    remote, digital = (np.log1p(-np.minimum(share, WORST_SHARE)) for share in (shares.remote, shares.digital))
    return digital, np.subtract(remote, digital, out=remote)


def goodness(evidence: Evidence, side: Dimension, values: Mapping[str, Floats]) -> Floats:
    """1 less need, or the lack of alternatives: mean of the indicators that are known; shape (draws or 1, areas)."""
    ours = [(indicator, raw) for indicator, raw in evidence.indicators if indicator.dimension == side]
    parts, known = [], np.zeros(len(evidence), dtype=np.float32)
    for indicator, raw in ours:
        part = _on_posts(indicator, raw, values)
        gaps = np.isnan(raw).any(axis=0)
        if gaps.any():
            part[:, gaps] = 0
        known += ~gaps
        parts.append(part)
    return np.asarray(1 - sum(parts[1:], start=parts[0]) / np.maximum(known, 1))


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


def _chances(evidence: Evidence, draws: Draws) -> dict[str, Floats]:
    return {profile.key: chances(evidence, profile, draws.inputs) for profile in (HOME_WORKER, ESSENTIAL)}


def _shares(evidence: Evidence, draws: Draws, known: Mapping[str, Floats]) -> Shares:
    lines = lines_of(evidence, draws)
    remote, digital = (
        infeasible(evidence, profile, draws, lines=lines, chance=known[profile.key])
        for profile in (HOME_WORKER, ESSENTIAL)
    )
    return Shares(remote, digital)
