"""Two sets of weights held against each other: which places change rank, and which enter or leave the worst tenth.

The four dimensions stay as they were built: only how much each counts differs. Need and the lack of alternatives raise
a score and never make one (method §5), so a place where nothing falls short scores 0 by any weights.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from connectivity.method.feasibility import SCORED
from connectivity.method.goalposts import Dimension
from connectivity.method.kernel import Aggregation
from connectivity.method.ranking import severity_rank
from connectivity.method.scoring import Weights, score
from connectivity.robustness.overall import worst_tenth

Group = Literal["enters", "leaves", "rises", "falls"]
LISTED = 8
"""Places that each list names (assumption: a list one reads at a glance)."""


@dataclass(frozen=True, slots=True)
class Reweighing:
    """Two rankings of the same places.

    Attributes
    ----------
    places
        Index ``area_code``, scored areas only. Ranks by the ``first`` and the ``second`` weights among all of the
        study, ties sharing the lowest; ``moved``, above 0 towards the worst; whether each is ``worst_first`` and
        ``worst_second``, in the worst tenth; ``separable``; ``low`` and ``high``, between which 9 of 10 of the draws
        rank it round the study's own weights, NaN where nothing was drawn; ``beyond``, whether one of its two ranks
        lies outside these and its rank by the study's own weights, <NA> where they are not known.
    """

    places: pd.DataFrame

    @property
    def before(self) -> int:
        """How many are in the worst tenth by the first weights."""
        return int(self.places["worst_first"].sum())

    @property
    def shared(self) -> int:
        """How many of them are in it by the second, too."""
        return int((self.places["worst_first"] & self.places["worst_second"]).sum())

    @property
    def entering(self) -> int:
        """How many are in the worst tenth by the second weights only."""
        return int(self.places["worst_second"].sum()) - self.shared

    @property
    def told_apart(self) -> pd.DataFrame:
        """The places that may be ranked against each other: those of councils whose small areas can be told apart."""
        return self.places[self.places["separable"]]

    def group(self, name: Group) -> pd.DataFrame:
        """List places that may be ranked: those that enter or leave the worst tenth, or rise or fall, most first.

        A rise is towards the worst. Those that enter stand by their second rank, those that leave by their first.
        """
        known = self.told_apart
        if name == "enters":
            return known[known["worst_second"] & ~known["worst_first"]].sort_values(["second", "first"], kind="stable")
        if name == "leaves":
            return known[known["worst_first"] & ~known["worst_second"]].sort_values(["first", "second"], kind="stable")
        moved = known[known["moved"] > 0] if name == "rises" else known[known["moved"] < 0]
        order = moved["moved"].abs().sort_values(ascending=False, kind="stable").index
        return moved.loc[order]

    def among(self, codes: Collection[str]) -> Reweighing:
        """Keep some of the places, with their ranks in the whole study."""
        return Reweighing(self.places[self.places.index.isin(codes)])


def reweigh(
    areas: pd.DataFrame,
    *,
    first: Weights,
    second: Weights,
    aggregation: Aggregation = "geometric",
    absent: Collection[Dimension] = (),
) -> Reweighing:
    """Rank a build's areas by two sets of weights.

    Parameters
    ----------
    areas
        Index ``area_code``: ``status``, the four dimensions ``score_…`` (0 good to 100 bad), ``separable``, the rank
        by the study's own weights as ``severity_rank``, and with draws ``rank_p05`` and ``rank_p95``.
    first, second
        In any scale.
    aggregation, absent
        As the study has them.

    Raises
    ------
    StudyError
        When weights cannot make a score of the dimensions in the study.
    """
    scored = areas[areas["status"].eq(SCORED)]
    table = pd.DataFrame({"separable": scored["separable"].astype(bool)}, index=scored.index)
    for name, weights in (("first", first), ("second", second)):
        scores = score(scored, weights=weights, aggregation=aggregation, absent=absent)
        table[name] = severity_rank(scores)
        table[f"worst_{name}"] = table.index.isin(worst_tenth(scores.dropna()))
    table = table[table["first"].notna() & table["second"].notna()].astype({"first": int, "second": int})
    table["moved"] = table["first"] - table["second"]
    for name, column in (("low", "rank_p05"), ("high", "rank_p95")):
        table[name] = scored[column].astype(float) if column in scored else float("nan")
    own = scored["severity_rank"].astype(float)
    low, high = table["low"].where(table["low"] < own, own), table["high"].where(table["high"] > own, own)
    ranks = table[["first", "second"]]
    outside = (ranks.lt(low, axis=0) | ranks.gt(high, axis=0)).any(axis=1)
    table["beyond"] = outside.astype("boolean").mask(table["low"].isna())
    return Reweighing(table)
