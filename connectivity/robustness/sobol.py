"""What moves the headlines (how many premises, which places are worst): first-order and total Sobol indices.

First order: Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer Physics
Communications 181, table 2 (b); total: Jansen (1999), Analysis of variance designs for model output, Computer Physics
Communications 117. Both from two samples A and B and, for each input, A with that input's values taken from B:
``samples × (inputs + 2)`` runs. How sure the indices are is found by drawing the rows again (bootstrap).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.method.records import CONCENTRATION
from connectivity.method.uncertain import Doubles, Floats, Uncertain
from connectivity.robustness.draws import (
    NOISE,
    NOISE_LABEL,
    SLOPES,
    WEIGHTS,
    WEIGHTS_LABEL,
    Draws,
    ScoredAreas,
    central_draw,
)
from connectivity.robustness.ranks import in_worst, worst_tenth_size
from connectivity.robustness.run import Model

Values = Mapping[str, npt.NDArray[np.floating]]
Draw = Callable[[np.random.Generator, int], Values]
"""Gives an input that many times over: one array, or several that vary together, by key; the first axis is the draw."""
REPEATS = 500
"""Times the rows are drawn again (assumption: the ends of a 90 % interval then stand on 25 repeats each)."""
INTERVAL = (0.05, 0.95)
AT_A_TIME = 4096
"""Runs given to the function at once."""


@dataclass(frozen=True, slots=True)
class Indices:
    """What moves a headline.

    Attributes
    ----------
    table
        Index: input; ``first, first_low, first_high, total, total_low, total_high``. First order: share of the
        headline's variance that the input explains on its own; total: with all it does together with others. The low
        and high ends hold 90 % of the repeats. Estimates may lie a little outside 0 to 1; NaN when nothing varies.
    mean, deviation
        Of the headline, over both samples.
    runs
        How often the function was run.
    """

    table: pd.DataFrame
    mean: float
    deviation: float
    runs: int


def sobol_indices(
    function: Callable[[Values], npt.NDArray[np.floating]],
    *,
    inputs: Mapping[str, Draw],
    samples: int,
    seed: int,
    repeats: int = REPEATS,
) -> list[Indices]:
    """Estimate the Sobol indices of one or more headlines.

    Parameters
    ----------
    function
        Takes the values of all inputs and gives the headline of each run, shape (runs,), or several, (runs, headlines).
    inputs
        By label; each is drawn apart from the others. Keys of all inputs differ.
    samples
        Rows of A and of B.
    seed
        Of PCG64; each input has a stream of its own, so that their order changes nothing.
    repeats
        Times the rows are drawn again for the intervals.

    Returns
    -------
    list of Indices
        One for each headline.
    """
    one, other = (
        {label: _drawn(draw, label, samples, (seed, side)) for label, draw in inputs.items()} for side in "AB"
    )
    first, second = _run(function, one), _run(function, other)
    mixed = np.stack([_run(function, {**one, label: other[label]}) for label in inputs])
    again = np.random.Generator(np.random.PCG64(_entropy("again", (seed, "")))).integers(
        samples, size=(repeats, samples), dtype=np.int32
    )
    return [
        _of_headline(list(inputs), first[:, at], second[:, at], mixed[:, :, at], again) for at in range(first.shape[1])
    ]


def spread_evenly(random: np.random.Generator, count: int) -> Doubles:
    """Draw numbers between 0 and 1, one in each of `count` equal parts, in random order (a Latin hypercube's column).

    Examples
    --------
    >>> np.sort(spread_evenly(np.random.default_rng(1), 4) * 4).astype(int).tolist()
    [0, 1, 2, 3]
    """
    return np.asarray((random.permutation(count) + random.random(count)) / count)


def _drawn(draw: Draw, label: str, count: int, key: tuple[int, str]) -> Values:
    return draw(np.random.Generator(np.random.PCG64(_entropy(label, key))), count)


def _entropy(label: str, key: tuple[int, str]) -> np.random.SeedSequence:
    return np.random.SeedSequence(key[0], spawn_key=tuple(f"{key[1]} {label}".encode()))


def _run(function: Callable[[Values], npt.NDArray[np.floating]], drawn: Mapping[str, Values]) -> Doubles:
    """Run the function on all rows, some at a time; shape (rows, headlines)."""
    values = {key: column for some in drawn.values() for key, column in some.items()}
    count = len(next(iter(values.values())))
    parts = [
        np.asarray(function({key: column[at : at + AT_A_TIME] for key, column in values.items()}), dtype=float)
        for at in range(0, count, AT_A_TIME)
    ]
    whole = np.concatenate(parts)
    return whole if whole.ndim > 1 else whole[:, None]


def _of_headline(
    labels: list[str], one: Doubles, other: Doubles, mixed: Doubles, again: npt.NDArray[np.int32]
) -> Indices:
    both = np.concatenate([one, other])
    middle = float(both.mean())
    estimate = _estimated(one - middle, other - middle, mixed - middle, None)
    repeated = np.stack([_estimated(one - middle, other - middle, mixed - middle, rows) for rows in again])
    low, high = np.quantile(repeated, INTERVAL, axis=0)
    table = pd.DataFrame(index=pd.Index(labels, name="input"))
    for place, name in enumerate(("first", "total")):
        table[name], table[f"{name}_low"], table[f"{name}_high"] = estimate[place], low[place], high[place]
    runs = (len(labels) + 2) * len(one)
    return Indices(table, middle, float(both.std()), runs)


def _estimated(one: Doubles, other: Doubles, mixed: Doubles, rows: npt.NDArray[np.int32] | None) -> Doubles:
    """Estimate first-order and total indices, shape (2, inputs), from some rows, or all."""
    if rows is not None:
        one, other, mixed = one[rows], other[rows], mixed[:, rows]
    variance = (one.var() + other.var()) / 2
    if not variance > 0:
        return np.full((2, len(mixed)), np.nan)
    moved = mixed - one
    return np.asarray(np.stack([moved @ other / len(one), np.square(moved).mean(axis=1) / 2]) / variance)


SAMPLES = 512
"""Rows of each of the two samples (assumption: intervals of about ±.05 for the indices that matter)."""


@dataclass(frozen=True, slots=True)
class Headlines:
    """What moves each headline.

    Attributes
    ----------
    infeasible
        Premises (or lines) that cannot support a home worker, in all scored areas.
    stays
        Of the places in the worst tenth with everything at its centre, the share still in it.
    """

    infeasible: Indices
    stays: Indices


def headline_indices(
    evidence: ScoredAreas, *, inputs: Sequence[Uncertain], weights: Sequence[float], seed: int, samples: int = SAMPLES
) -> Headlines:
    """Estimate which inputs move the headlines.

    Parameters
    ----------
    evidence
        Figures of the scored areas.
    inputs
        What is uncertain; those of one label are one input, and drawn together.
    weights
        The four chosen weights, normalised over the dimensions the study has.
    seed
        The same seed gives the same indices.
    samples
        Rows of each sample: ``samples × (inputs + 2)`` runs of the model.
    """
    model = Model.of(evidence, inputs=inputs, weights=weights)
    areas = 0 if evidence.spread is None else len(evidence.spread)
    usual = central_draw(inputs, weights=weights, areas=areas)
    places = worst_tenth_size(len(evidence))
    worst = in_worst(model.scores(usual)[1], places=places)[0]

    spread = _OnceSpread(model)

    def both(values: Values) -> Doubles:
        draws = _draws(values, usual)
        remote, score = model.scores(draws, below=spread.below(draws))
        stays = in_worst(score, places=places)[:, worst].mean(axis=1)
        return np.column_stack([remote.astype(float) @ evidence.figures.premises, stays])

    infeasible, stays = sobol_indices(both, inputs=_inputs(inputs, weights, areas), samples=samples, seed=seed)
    return Headlines(infeasible, stays)


AT_HAND = 4_000_000
"""Shares that are kept at most: 16 MB. Of a whole country's areas none are, and each run spreads them anew."""


@dataclass(slots=True)
class _OnceSpread:
    """Councils' totals spread over their areas for the first sample, and kept: most inputs do not move them.

    Attributes
    ----------
    model
        Of the areas.
    first
        Draws of the first sample.
    shares
        What the model gives for them.
    """

    model: Model
    first: Draws | None = None
    shares: Floats | None = None

    def below(self, draws: Draws) -> Floats | None:
        """Return the shares below each speed where the draws spread as the first ones did, or are the first."""
        spread = self.model.evidence.spread
        if spread is None or draws.noise is None or draws.noise.size * len(spread.told) > AT_HAND:
            return None
        if self.first is None or self.first.noise is None:
            self.first, self.shares = draws, self.model.below(draws)
            return self.shares
        moving = [(draws.inputs[key], self.first.inputs[key]) for key in SLOPES.keys() & draws.inputs.keys()]
        alike = all(np.array_equal(one, other) for one, other in [(draws.noise, self.first.noise), *moving])
        return self.shares if alike else None


def _inputs(inputs: Sequence[Uncertain], weights: Sequence[float], areas: int) -> dict[str, Draw]:
    """Make one input of all that share a label, of the weights, and of the noise of modelled areas."""
    labels = dict.fromkeys(one.label for one in inputs if one.varies)
    found: dict[str, Draw] = {
        label: _together([one for one in inputs if one.label == label and one.varies]) for label in labels
    }
    if np.count_nonzero(weights) > 1:
        found[WEIGHTS_LABEL] = _weights(np.asarray(weights, dtype=float))
    if areas:
        found[NOISE_LABEL] = _noise(areas)
    return found


def _together(some: Sequence[Uncertain]) -> Draw:
    def draw(random: np.random.Generator, count: int) -> Values:
        return {one.key: one.drawn(spread_evenly(random, count)) for one in some}

    return draw


def _weights(chosen: Doubles) -> Draw:
    def draw(random: np.random.Generator, count: int) -> Values:
        drawn = np.zeros((count, len(chosen)), dtype=np.float32)
        drawn[:, chosen > 0] = random.dirichlet(CONCENTRATION.value * chosen[chosen > 0], count)
        return {WEIGHTS: drawn}

    return draw


def _noise(areas: int) -> Draw:
    def draw(random: np.random.Generator, count: int) -> Values:
        return {NOISE: random.standard_normal((count, areas), dtype=np.float32)}

    return draw


def _draws(values: Mapping[str, npt.NDArray[np.floating]], usual: Draws) -> Draws:
    """Put drawn values and those that never move into draws."""
    count = len(next(iter(values.values())))
    known = {key: values.get(key, np.repeat(value, count)) for key, value in usual.inputs.items()}
    single = {key: value.astype(np.float32, copy=False) for key, value in known.items()}
    weights = values.get(WEIGHTS, np.repeat(usual.weights, count, axis=0)).astype(np.float32, copy=False)
    noise = values.get(NOISE)
    return Draws(single, weights, None if noise is None else noise.astype(np.float32, copy=False))
