"""Two places side by side: how often one is worse, from the same draws as the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from connectivity.method.uncertain import Doubles, Floats
from connectivity.robustness.engine import Plan, scores_of
from connectivity.robustness.evidence import Evidence
from connectivity.robustness.tiers import SURE

SEPARATED = SURE
"""A place is called worse than another from this chance on (method §6)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Chances that one of two places is worse; the three add up to 1.

    Attributes
    ----------
    first, second
        Codes.
    first_worse, second_worse, tie
        Chances.
    """

    first: str
    second: str
    first_worse: float
    second_worse: float
    tie: float

    @property
    def worse(self) -> str | None:
        """Code of the one that is worse; None when they cannot be separated.

        >>> Comparison("A", "B", 0.93, 0.07, 0.0).worse, Comparison("A", "B", 0.89, 0.11, 0.0).worse
        ('A', None)
        """
        if self.first_worse >= SEPARATED.value:
            return self.first
        return self.second if self.second_worse >= SEPARATED.value else None


def sentence(found: Comparison, *, first: str, second: str, draws: int) -> str:
    """Say a comparison in words, with whole counts of draws: they add up, and nothing is rounded into certainty.

    Parameters
    ----------
    found
        The chances.
    first, second
        Names of the two places.
    draws
        How many draws the chances are shares of.

    Examples
    --------
    >>> sentence(Comparison("A", "B", 0.576, 0.421, 0.003), first="Alder", second="Birch", draws=1000)
    'We cannot tell Alder and Birch apart: of 1,000 fair sets of assumptions (draws), Alder is worse in 576, Birch in \
421, and they are level in 3.'
    >>> sentence(Comparison("A", "B", 0.02, 0.98, 0.0), first="Alder", second="Birch", draws=100)
    'Birch is worse than Alder in 98 of 100 fair sets of assumptions (draws).'
    """
    names, chances = {found.first: first, found.second: second}, (found.first_worse, found.second_worse)
    if found.worse is None:
        here, there, both = (f"{round(draws * chance):,}" for chance in (*chances, found.tie))
        rest = f", {second} in {there}, and they are level in {both}" if found.tie > 0 else f" and {second} in {there}"
        counts = f"{first} is worse in {here}{rest}"
        return f"We cannot tell {first} and {second} apart: of {draws:,} fair sets of assumptions (draws), {counts}."
    other = second if found.worse == found.first else first
    often = f"{round(draws * max(chances)):,} of {draws:,}"
    return f"{names[found.worse]} is worse than {other} in {often} fair sets of assumptions (draws)."


def compare(evidence: Evidence, *, plan: Plan, first: str, second: str) -> Comparison:
    """Compare two areas.

    Parameters
    ----------
    evidence
        Of both at least, with their councils whole where they are modelled
        (:func:`connectivity.robustness.evidence.gather` sees to that).
    plan
        As in the run of all areas: the draws are the same.
    first, second
        Codes.
    """
    scores = scores_of(evidence, plan=plan)
    return compared(
        scores, [int(place) for place in evidence.areas.get_indexer(pd.Index([first, second]))], codes=(first, second)
    )


def compared(scores: Floats, places: Sequence[int], *, codes: tuple[str, str]) -> Comparison:
    """Compare two columns of scores, shape (draws, areas)."""
    one, other = scores[:, places[0]], scores[:, places[1]]
    first, second, draws = int((one > other).sum()), int((one < other).sum()), len(scores)
    return Comparison(*codes, first / draws, second / draws, (draws - first - second) / draws)


def matrix(scores: Floats) -> Doubles:
    """Give the chance that the row's area is worse than the column's; shape (areas, areas), 0 on the diagonal.

    Examples
    --------
    >>> matrix(np.float32([[3, 2], [3, 3], [1, 2], [4, 2]])).tolist()
    [[0.0, 0.5], [0.25, 0.0]]
    """
    return np.stack([(scores[:, [place]] > scores).mean(axis=0) for place in range(scores.shape[1])])
