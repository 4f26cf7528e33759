"""What moves the two numbers a report opens with: how many premises, and which places are worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectivity.method.profiles import CONCENTRATION
from connectivity.method.uncertain import Doubles, Uncertain
from connectivity.robustness.evidence import Evidence
from connectivity.robustness.inputs import NOISE, NOISE_LABEL, WEIGHTS, WEIGHTS_LABEL, Draws, central
from connectivity.robustness.ranks import in_worst, tenth
from connectivity.robustness.score import Model
from connectivity.robustness.sobol import Draw, Indices, Values, indices, spread_evenly
from layers.estimate import RESIDUAL

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


def headlines(
    evidence: Evidence, *, inputs: Sequence[Uncertain], weights: Sequence[float], seed: int, samples: int = SAMPLES
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
    usual = central(inputs, weights=weights, areas=areas)
    places = tenth(len(evidence))
    worst = in_worst(model.scores(usual)[1], places=places)[0]

    def both(values: Values) -> Doubles:
        remote, score = model.scores(_draws(values, usual))
        stays = in_worst(score, places=places)[:, worst].mean(axis=1)
        return np.column_stack([remote.astype(float) @ evidence.figures.premises, stays])

    infeasible, stays = indices(both, inputs=_inputs(inputs, weights, areas), samples=samples, seed=seed)
    return Headlines(infeasible, stays)


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
        return {NOISE: random.standard_normal((count, areas), dtype=np.float32) * np.float32(RESIDUAL.value)}

    return draw


def _draws(values: Mapping[str, npt.NDArray[np.floating]], usual: Draws) -> Draws:
    """Put drawn values and those that never move into draws."""
    count = len(next(iter(values.values())))
    known = {key: values.get(key, np.repeat(value, count)) for key, value in usual.inputs.items()}
    single = {key: value.astype(np.float32, copy=False) for key, value in known.items()}
    weights = values.get(WEIGHTS, np.repeat(usual.weights, count, axis=0)).astype(np.float32, copy=False)
    noise = values.get(NOISE)
    return Draws(single, weights, None if noise is None else noise.astype(np.float32, copy=False))
