"""The run itself: chunks of draws, two at a time, added up in their order: the same seed gives the same ranks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar

import numpy as np

from connectivity.method.profiles import CONCENTRATION
from connectivity.method.uncertain import Doubles, Floats, Uncertain
from connectivity.robustness.evidence import Evidence
from connectivity.robustness.inputs import (
    NOISE_LABEL,
    WEIGHTS_LABEL,
    Draws,
    drawn_noise,
    drawn_values,
    drawn_weights,
)
from connectivity.robustness.ranks import ranks_of, tenth, times_in_worst
from connectivity.robustness.score import Model
from connectivity.robustness.tallies import Part, Tally, part_of

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
    evidence: Evidence
    drawn: Draws

    @classmethod
    def of(cls, plan: Plan, *, evidence: Evidence) -> Chunks:
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


def run(
    evidence: Evidence,
    *,
    plan: Plan,
    worst: Sequence[int] = (10, 20),
    progress: Callable[[float], None] | None = None,
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
    progress
        Called with the share done.
    """
    model = Model.of(evidence, inputs=plan.inputs, weights=plan.weights)
    chunks = Chunks.of(plan, evidence=evidence)
    tally = Tally.empty(len(evidence), labels=plan.labels(), worst=worst, draws=plan.draws, noise_label=NOISE_LABEL)
    counting = Lock()

    def one(place: int) -> Part:
        draws = chunks.chunk(place)
        remote, score = model.scores(draws)
        ranks = ranks_of(score)
        with counting:
            tally.see(ranks)
        noise = None if draws.noise is None or evidence.spread is None else draws.noise[:, evidence.spread.chosen]
        return part_of(ranks, remote, drawn=plan.columns(draws), noise=noise, worst=worst)

    for place, part in enumerate(ahead(one, len(chunks))):
        tally.add(part)
        if progress:
            progress((place + 1) / len(chunks))
    return tally


def chance_of_worst_tenth(evidence: Evidence, *, plan: Plan) -> Doubles:
    """Give each area's chance to be in the worst tenth, without ranks: the quick answer to other weights."""
    model = Model.of(evidence, inputs=plan.inputs, weights=plan.weights)
    chunks = Chunks.of(plan, evidence=evidence)

    def one(place: int) -> Doubles:
        _, score = model.scores(chunks.chunk(place))
        return times_in_worst(score, places=tenth(len(evidence))).astype(float)

    return np.asarray(sum(ahead(one, len(chunks)), start=np.zeros(len(evidence))) / plan.draws)


def scores_of(evidence: Evidence, *, plan: Plan) -> Floats:
    """Give the scores of a few areas in every draw, the same as in a run of all; shape (draws, areas)."""
    model = Model.of(evidence, inputs=plan.inputs, weights=plan.weights)
    chunks = Chunks.of(plan, evidence=evidence)

    def one(place: int) -> Floats:
        return np.asarray(model.scores(chunks.chunk(place))[1], dtype=np.float32)

    return np.concatenate(list(ahead(one, len(chunks))))


def ahead(work: Callable[[int], Found], count: int) -> Iterator[Found]:
    """Yield the results of `work` in order, at most `WORKERS` of them being made or waiting."""
    workers = min(WORKERS, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(work, place) for place in range(min(workers, count))]
        for place in range(count):
            result = waiting.pop(0).result()
            if place + workers < count:
                waiting.append(pool.submit(work, place + workers))
            yield result
