"""The run: scores for many draws at a time, by chunks, two at once, added up in order: one seed gives the same ranks.

The arithmetic is :mod:`connectivity.method.kernel`'s; here stands what no draw changes, worked out once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from threading import Lock
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.method import kernel
from connectivity.method.kernel import AGGREGATIONS, AreaFigures, Array
from connectivity.method.records import CONCENTRATION, DIMENSIONS, ESSENTIAL, HOME_WORKER, SIDE, Dimension, Profile
from connectivity.method.uncertain import Floats, Uncertain
from connectivity.robustness.draws import (
    NOISE_LABEL,
    WEIGHTS_LABEL,
    Draws,
    ScoredAreas,
    central_draw,
    drawn_noise,
    drawn_values,
    drawn_weights,
    redistributed,
)
from connectivity.robustness.ranks import ChunkSums, Tally, chunk_sums, ranks_of

CELLS = 131_072
"""Draws × areas worked on at once: few enough for the processor's own memory."""
SWITCHES = ("fwa", "mobile", "aggregation")
"""Inputs that choose between ways of reckoning: draws of one way are reckoned together."""
SIDE_INPUTS = ("good ", "bad ", "detour")
"""How the keys of those inputs begin that change need and alternatives, and nothing else."""
LATE = (*SIDE_INPUTS, "aggregation")
"""The same of those that do not change who cannot do what."""


@dataclass(frozen=True, slots=True)
class InfeasibleShares:
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

    evidence: ScoredAreas
    sides: Mapping[Dimension, Array | None]
    shares: InfeasibleShares | None

    @classmethod
    def of(cls, evidence: ScoredAreas, *, inputs: Sequence[Uncertain], weights: Sequence[float]) -> Model:
        """Work out what the inputs leave as it is; a side that weighs nothing is never looked at."""
        vary = [one.key for one in inputs if one.varies]
        usual = central_draw(inputs, weights=weights, areas=0 if evidence.spread is None else len(evidence.spread))
        posts = [key for key in vary if key.startswith(SIDE_INPUTS)]
        sides: dict[Dimension, Array | None] = {}
        for place, side in enumerate(DIMENSIONS):
            if side in SIDE and weights[place] > 0:
                sides[side] = None if posts else _side(evidence, side, usual.inputs)
        if evidence.spread is not None or set(vary) - set(posts) - {"aggregation"}:
            return cls(evidence, sides, None)
        shares = _shares(evidence, usual, _chances(evidence, usual))
        return cls(evidence, sides, replace(shares, logs=kernel.comfort_logs(shares.remote, shares.digital)))

    def scores(self, draws: Draws, *, below: Floats | None = None) -> tuple[Floats, Floats]:
        """Score every area in every draw.

        Parameters
        ----------
        draws
            What was drawn.
        below
            What :meth:`below` gives for these draws, where it is at hand.

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
            shares = self.shares or _shares(
                self.evidence,
                some,
                {key: table[rows] for key, table in known.items()},
                below=None if below is None else below[:, rows],
            )
            score[rows] = self._score(shares, some)
            if self.shares is None:
                remote[rows] = shares.remote
        return remote, score

    def shares_of(self, draws: Draws, *, profiles: Sequence[Profile] = (HOME_WORKER, ESSENTIAL)) -> tuple[Floats, ...]:
        """Give the shares infeasible for each of some activities; each of shape (draws, areas)."""
        found = tuple(np.empty((len(draws), len(self.evidence)), dtype=np.float32) for _ in profiles)
        known = [_chance(self.evidence, profile, draws) for profile in profiles]
        for rows in self._blocks(draws):
            some = draws.rows(rows)
            figures = figures_of(self.evidence, some)
            for shares, profile, chance in zip(found, profiles, known, strict=True):
                shares[rows] = infeasible_of_all(figures, profile, some, chance=chance[rows])
        return found

    def below(self, draws: Draws) -> Floats | None:
        """Return the shares below each speed where councils' totals are spread again, shape (speeds, draws, areas)."""
        spread = self.evidence.spread
        if spread is None or draws.noise is None:
            return None
        found = np.empty((len(spread.told), len(draws), len(self.evidence)), dtype=np.float32)
        for rows in self._blocks(draws):
            some = draws.rows(rows)
            found[:, rows] = redistributed(spread, some.inputs, draws.noise[rows])
        return found

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
        return draws_alike(draws.inputs, most=max(1, CELLS // max(1, len(self.evidence))))

    def _score(self, shares: InfeasibleShares, draws: Draws) -> Array:
        sides = {
            side: _side(self.evidence, side, draws.inputs) if known is None else known
            for side, known in self.sides.items()
        }
        aggregation = AGGREGATIONS[int(draws.inputs["aggregation"][0])]
        total = kernel.joined_infeasibility(
            shares.remote, shares.digital, weights=draws.weights, aggregation=aggregation, logs=shares.logs
        )
        return kernel.scored(total, sides, weights=draws.weights)


def draws_alike(values: Mapping[str, Floats], *, most: int) -> Iterator[npt.NDArray[np.intp]]:
    """Group draws that count the same routes and join alike, at most so many at a time."""
    chosen = np.stack([values[key] for key in SWITCHES if key in values], axis=1)
    _, group = np.unique(chosen, axis=0, return_inverse=True)
    for one in range(int(group.max()) + 1):
        rows = np.flatnonzero(group.ravel() == one)
        yield from (rows[start : start + most] for start in range(0, len(rows), most))


def figures_of(evidence: ScoredAreas, draws: Draws, *, below: Floats | None = None) -> AreaFigures:
    """Return the figures of each draw: as published, or spread over the areas again, unless that was done (`below`)."""
    figures = evidence.figures
    if evidence.spread is None or draws.noise is None:
        return figures
    shares = redistributed(evidence.spread, draws.inputs, draws.noise) if below is None else below
    counts = shares * figures.matched
    speeds = list(counts[:-1] if evidence.spread.decent else counts)
    edges = [np.zeros_like(counts[0]), *speeds, figures.matched]
    bands = [upper - lower for lower, upper in pairwise(edges)]
    return replace(figures, lines=bands, below_decent=None if figures.below_decent is None else counts[-1])


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


def _side(evidence: ScoredAreas, side: Dimension, values: Mapping[str, Floats]) -> Array:
    return kernel.side_dimension([one for one in evidence.indicators if one[0].dimension == side], values)


def _chance(evidence: ScoredAreas, profile: Profile, draws: Draws) -> Array:
    figures = evidence.figures
    return kernel.upload_chances(profile, draws.inputs, bands=figures.bands, basis=figures.basis)


def _chances(evidence: ScoredAreas, draws: Draws) -> dict[str, Array]:
    return {profile.key: _chance(evidence, profile, draws) for profile in (HOME_WORKER, ESSENTIAL)}


def _shares(
    evidence: ScoredAreas, draws: Draws, known: Mapping[str, Array], *, below: Floats | None = None
) -> InfeasibleShares:
    figures = figures_of(evidence, draws, below=below)
    remote, digital = (
        infeasible_of_all(figures, profile, draws, chance=known[profile.key]) for profile in (HOME_WORKER, ESSENTIAL)
    )
    return InfeasibleShares(remote, digital)


def _counts(values: Mapping[str, Floats], route: str) -> bool:
    return route in values and bool(values[route][0] > 0)


Found = TypeVar("Found")
CHUNK = 50
"""Draws at a time: few enough for memory. Modelled areas would have other draws with another number."""
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn, how often, and from which seed.

    Attributes
    ----------
    inputs
        What is uncertain; those that are held keep their central value.
    weights
        The four chosen weights, normalised over the dimensions the study has.
    draws
        How many.
    seed
        The same seed, inputs and files give the same result, whatever the machine does meanwhile.
    vary_weights
        Whether weights are drawn round the chosen ones, or are these.
    """

    inputs: tuple[Uncertain, ...]
    weights: tuple[float, ...]
    draws: int
    seed: int
    vary_weights: bool = True

    @property
    def sizes(self) -> list[int]:
        """Draws of each chunk."""
        return [min(CHUNK, self.draws - start) for start in range(0, self.draws, CHUNK)]

    def all_values(self) -> Draws:
        """Draw everything but the noise of modelled areas: small, whatever the number of areas."""
        values = drawn_values(self.inputs, count=self.draws, seed=self.seed)
        if not self.vary_weights:
            return Draws(values, np.tile(np.array(self.weights, dtype=np.float32), (self.draws, 1)))
        weights = drawn_weights(self.weights, concentration=CONCENTRATION.value, count=self.draws, seed=self.seed)
        return Draws(values, weights)

    def labels(self) -> list[str]:
        """Name the driver of each column of :meth:`columns`."""
        of_inputs = [one.label for one in self.inputs if one.varies for _ in range(_levels(one))]
        return of_inputs + [WEIGHTS_LABEL] * sum(weight > 0 for weight in self.weights)

    def columns(self, draws: Draws) -> Floats:
        """Put what was drawn side by side, each on its range; a choice among several has a column for each but one."""
        found = []
        for one in self.inputs:
            if one.varies and _levels(one) > 1:
                found += [draws.inputs[one.key] == one.low + level for level in range(_levels(one))]
            elif one.varies:
                found.append((draws.inputs[one.key] - (one.low + one.high) / 2) / (one.high - one.low))
        found += [draws.weights[:, place] for place, weight in enumerate(self.weights) if weight > 0]
        return np.stack(found, axis=1).astype(np.float32)


def _levels(one: Uncertain) -> int:
    return max(1, round(one.high - one.low)) if one.law == "choice" else 1


@dataclass(frozen=True, slots=True)
class Chunks:
    """The draws of a plan, some at a time; areas that two sets of evidence share have the same draws in both."""

    plan: Plan
    evidence: ScoredAreas
    drawn: Draws

    @classmethod
    def of(cls, plan: Plan, *, evidence: ScoredAreas) -> Chunks:
        """Draw what is the same for all areas."""
        return cls(plan, evidence, plan.all_values())

    def __len__(self) -> int:
        """Count the chunks."""
        return len(self.plan.sizes)

    def chunk(self, place: int) -> Draws:
        """Give the draws of a chunk, noise and all."""
        count, spread = self.plan.sizes[place], self.evidence.spread
        some = self.drawn.rows(np.arange(place * CHUNK, place * CHUNK + count))
        councils = {} if spread is None else spread.councils
        noise = drawn_noise(councils, count=count, chunk=place, seed=self.plan.seed)
        return replace(some, noise=noise)


def rank_draws(
    evidence: ScoredAreas,
    *,
    plan: Plan,
    worst: Sequence[int] = (10, 20),
    follow: Sequence[str] = (),
) -> Tally:
    """Draw every input, rank every area each time, and keep what that adds up to.

    Parameters
    ----------
    evidence
        Figures of the scored areas.
    plan
        What is drawn.
    worst
        Numbers of places whose chance to be among the worst is kept.
    follow
        Codes of the areas whose scores are kept for every draw.
    """
    model = Model.of(evidence, inputs=plan.inputs, weights=plan.weights)
    chunks = Chunks.of(plan, evidence=evidence)
    columns = evidence.areas.get_indexer(pd.Index(list(follow)))
    tally = Tally.empty(
        len(evidence),
        labels=plan.labels(),
        worst=worst,
        draws=plan.draws,
        noise_label=NOISE_LABEL,
        followed=len(columns),
    )
    counting = Lock()

    def one(place: int) -> ChunkSums:
        draws = chunks.chunk(place)
        remote, score = model.scores(draws)
        ranks = ranks_of(score)
        tally.followed[place * CHUNK : place * CHUNK + len(score)] = score[:, columns]
        with counting:
            tally.see(ranks)
        noise = None if draws.noise is None or evidence.spread is None else draws.noise[:, evidence.spread.chosen]
        return chunk_sums(ranks, remote, drawn=plan.columns(draws), noise=noise, worst=worst)

    for part in results_in_order(one, len(chunks)):
        tally.add(part)
    return tally


def scores_of(evidence: ScoredAreas, *, plan: Plan) -> Floats:
    """Give the scores of a few areas in every draw, the same as in a run of all; shape (draws, areas)."""
    model = Model.of(evidence, inputs=plan.inputs, weights=plan.weights)
    chunks = Chunks.of(plan, evidence=evidence)

    def one(place: int) -> Floats:
        return np.asarray(model.scores(chunks.chunk(place))[1], dtype=np.float32)

    return np.concatenate(list(results_in_order(one, len(chunks))))


def results_in_order(work: Callable[[int], Found], count: int) -> Iterator[Found]:
    """Yield the results of `work` in order, at most `WORKERS` of them being made or waiting."""
    workers = min(WORKERS, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(work, place) for place in range(min(workers, count))]
        for place in range(count):
            result = waiting.pop(0).result()
            if place + workers < count:
                waiting.append(pool.submit(work, place + workers))
            yield result
