"""Do the draws find the chances that can be worked out? All ways to count, one by one, beside random draws of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from benchmarks.rescoring import Case
from connectivity.method.kernel import AGGREGATIONS
from connectivity.robustness.draws import Draws, drawn_values, inputs_of, scored_areas
from connectivity.robustness.ranks import in_worst, worst_tenth, worst_tenth_size
from connectivity.robustness.run import Model

DRAWS, SEED = 1000, 6
SWITCHED = ("fwa", "aggregation")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Chances of the worst tenth by enumeration and by draws: how far apart, beside what chance allows."""

    ways: int
    areas: int
    between: int
    furthest: float
    furthest_errors: float


def exact(case: Case) -> pd.Series:
    """Give each area's chance of the worst tenth over all ways to count, each as likely, by the build's functions."""
    routes = (False, True) if case.coverage.has_fwa else (False,)
    inside = []
    for fwa, aggregation in product(routes, AGGREGATIONS):
        scores = replace(case, count_fwa=fwa, aggregation=aggregation).scores().dropna().sort_index()
        inside.append(pd.Series(scores.index.isin(worst_tenth(scores)), index=scores.index))
    return pd.concat(inside, axis=1).mean(axis=1)


def drawn(case: Case, *, draws: int = DRAWS, seed: int = SEED) -> pd.Series:
    """Estimate the same by the robustness run's draws and model, everything else at its centre."""
    scored = case.scores().dropna().index
    evidence = scored_areas(case.coverage, joined=case.facts, scored=scored, indicators=case.chosen)
    evidence = replace(evidence, spread=None)
    place = AGGREGATIONS.index(case.aggregation)
    inputs = inputs_of(case.coverage, indicators=case.chosen, count_fwa=case.count_fwa, aggregation=place)
    varied = tuple(one if one.key in SWITCHED else one.held() for one in inputs)
    weights = np.repeat(np.float32([case.normalised]), draws, axis=0)
    model = Model.of(evidence, inputs=varied, weights=case.normalised)
    _, score = model.scores(Draws(drawn_values(varied, count=draws, seed=seed), weights))
    return pd.Series(in_worst(score, places=worst_tenth_size(len(evidence))).mean(axis=0), index=evidence.areas)


def agreement(case: Case, *, draws: int = DRAWS, seed: int = SEED) -> Agreement:
    """Hold one against the other."""
    chance, found = exact(case), drawn(case, draws=draws, seed=seed)
    gap = (found - chance).abs()
    error = np.sqrt(chance * (1 - chance) / draws)
    between = error > 0
    if (gap[~between] > 0).any():
        raise RuntimeError("an area that is always or never among the worst is not so in the draws")
    return Agreement(
        ways=len(AGGREGATIONS) * (2 if case.coverage.has_fwa else 1),
        areas=len(chance),
        between=int(between.sum()),
        furthest=float(gap.max()),
        furthest_errors=float((gap[between] / error[between]).max()) if between.any() else 0.0,
    )


def section(cases: dict[str, Case]) -> str:
    """Write the section of docs/validation.md."""
    rows = []
    for words, case in cases.items():
        found = agreement(case)
        rows.append(
            f"| {words} | {found.ways} | {found.areas:,} | {found.between:,} | {found.furthest:.3f} | "
            f"{found.furthest_errors:.1f} |"
        )
    return "\n".join([HEAD.format(draws=DRAWS), *rows, "", TAIL, ""])


HEAD = """# Do the draws find chances that can be worked out?

With everything else at its centre, fixed wireless counted or not and three ways to join make a few ways to count, each
as likely. The build's own functions go through all of them; the robustness run draws {draws:,} times. Compared is each
area's chance to be in the worst tenth.

| | ways | areas | with a chance between 0 and 1 | furthest apart | in standard errors |
|---|--:|--:|--:|--:|--:|"""
TAIL = """Areas share their draws, so that the gaps are not independent: one way drawn a little too often moves all
that depend on it. Areas that are always, or never, among the worst are so in every draw.
`tests/robustness/test_robustness_model.py` holds the model against the method one draw at a time."""
