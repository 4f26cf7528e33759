"""Scores for many draws at a time: the method's arithmetic, with what no draw changes worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from connectivity.method import kernel
from connectivity.method.goalposts import DIMENSIONS, SIDE, Dimension
from connectivity.method.kernel import AGGREGATIONS, AreaFigures, Array
from connectivity.method.profiles import ESSENTIAL, HOME_WORKER, Profile
from connectivity.method.uncertain import Floats, Uncertain
from connectivity.robustness.evidence import Evidence
from connectivity.robustness.inputs import Draws, central
from connectivity.robustness.spread import below

CELLS = 131_072
"""Draws × areas worked on at once: few enough for the processor's own memory."""
SWITCHES = ("fwa", "mobile", "aggregation")
"""Inputs that choose between ways of reckoning: draws of one way are reckoned together."""
SIDE_INPUTS = ("good ", "bad ", "detour")
"""How the keys of those inputs begin that change need and alternatives, and nothing else."""
LATE = (*SIDE_INPUTS, "aggregation")
"""The same of those that do not change who cannot do what."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares infeasible for a home worker and for an essential service; where they are asked for often, with logs."""

    remote: Array
    digital: Array
    logs: tuple[Array, Array] | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """The method as a function of the draws, with what no draw changes worked out once.

    Attributes
    ----------
    evidence
        The areas' figures.
    sides
        Need and the lack of alternatives where no input moves them, 0 to 1; None where one does.
    shares
        Shares infeasible where no input moves them.
    """

    evidence: Evidence
    sides: Mapping[Dimension, Array | None]
    shares: Shares | None

    @classmethod
    def of(cls, evidence: Evidence, *, inputs: Sequence[Uncertain], weights: Sequence[float]) -> Model:
        """Work out what the inputs leave as it is; a side that weighs nothing is never looked at."""
        vary = [one.key for one in inputs if one.varies]
        usual = central(inputs, weights=weights, areas=0 if evidence.spread is None else len(evidence.spread))
        posts = [key for key in vary if key.startswith(SIDE_INPUTS)]
        sides: dict[Dimension, Array | None] = {}
        for place, side in enumerate(DIMENSIONS):
            if side in SIDE and weights[place] > 0:
                sides[side] = None if posts else _side(evidence, side, usual.inputs)
        if evidence.spread is not None or set(vary) - set(posts) - {"aggregation"}:
            return cls(evidence, sides, None)
        shares = _shares(evidence, usual, _chances(evidence, usual))
        return cls(evidence, sides, replace(shares, logs=kernel.comfort_logs(shares.remote, shares.digital)))

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
            figures = figures_of(self.evidence, some)
            chance = _chance(self.evidence, HOME_WORKER, some)
            result[rows] = infeasible_of_all(figures, HOME_WORKER, some, chance=chance)
        return result

    def _blocks(self, draws: Draws) -> Iterator[npt.NDArray[np.intp]]:
        return alike(draws.inputs, most=max(1, CELLS // max(1, len(self.evidence))))

    def _score(self, shares: Shares, draws: Draws) -> Array:
        sides = {
            side: _side(self.evidence, side, draws.inputs) if known is None else known
            for side, known in self.sides.items()
        }
        aggregation = AGGREGATIONS[int(draws.inputs["aggregation"][0])]
        total = kernel.joined_infeasibility(
            shares.remote, shares.digital, weights=draws.weights, aggregation=aggregation, logs=shares.logs
        )
        return kernel.scored(total, sides, weights=draws.weights)


def alike(values: Mapping[str, Floats], *, most: int) -> Iterator[npt.NDArray[np.intp]]:
    """Group draws that count the same routes and join alike, at most so many at a time."""
    chosen = np.stack([values[key] for key in SWITCHES if key in values], axis=1)
    _, group = np.unique(chosen, axis=0, return_inverse=True)
    for one in range(int(group.max()) + 1):
        rows = np.flatnonzero(group.ravel() == one)
        yield from (rows[start : start + most] for start in range(0, len(rows), most))


def figures_of(evidence: Evidence, draws: Draws) -> AreaFigures:
    """Return the figures of each draw: as published, or spread over the areas again."""
    figures = evidence.figures
    if evidence.spread is None or draws.noise is None:
        return figures
    *speeds, decent = below(evidence.spread, draws.inputs, draws.noise) * figures.matched
    bands = [upper - lower for lower, upper in zip([0 * decent, *speeds], [*speeds, figures.matched], strict=True)]
    return replace(figures, lines=bands, below_decent=None if figures.below_decent is None else decent)


def infeasible_of_all(figures: AreaFigures, profile: Profile, draws: Draws, *, chance: Array) -> Array:
    """Return the share of all premises that cannot do an activity, shape (draws, areas).

    In all the draws fixed wireless counts or does not, and mobile likewise.
    """
    values = draws.inputs
    failing = kernel.failures(
        figures,
        profile,
        values,
        chance=chance,
        count_fwa=_counts(values, "fwa"),
        count_mobile=_counts(values, "mobile"),
    )
    counts = kernel.of_all_premises(failing.total, figures, position=values["unknown"][:, None])
    counts /= figures.premises
    return counts


def _side(evidence: Evidence, side: Dimension, values: Mapping[str, Floats]) -> Array:
    return kernel.side_dimension([one for one in evidence.indicators if one[0].dimension == side], values)


def _chance(evidence: Evidence, profile: Profile, draws: Draws) -> Array:
    figures = evidence.figures
    return kernel.upload_chances(profile, draws.inputs, bands=figures.bands, basis=figures.basis)


def _chances(evidence: Evidence, draws: Draws) -> dict[str, Array]:
    return {profile.key: _chance(evidence, profile, draws) for profile in (HOME_WORKER, ESSENTIAL)}


def _shares(evidence: Evidence, draws: Draws, known: Mapping[str, Array]) -> Shares:
    figures = figures_of(evidence, draws)
    remote, digital = (
        infeasible_of_all(figures, profile, draws, chance=known[profile.key]) for profile in (HOME_WORKER, ESSENTIAL)
    )
    return Shares(remote, digital)


def _counts(values: Mapping[str, Floats], route: str) -> bool:
    return route in values and bool(values[route][0] > 0)
