"""A study's score from its counts and facts alone, as a build makes it: what the checks change and reckon again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from connectivity.method import feasibility, scoring
from connectivity.method.kernel import Aggregation
from connectivity.method.records import ESSENTIAL, HOME_WORKER, Dimension, Indicator
from connectivity.method.scoring import Weights
from layers.coverage import Coverage
from layers.joined import Joined
from layers.study import Study


@dataclass(frozen=True, slots=True)
class Case:
    """A study's figures, and how it scores them."""

    coverage: Coverage
    facts: pd.DataFrame
    chosen: list[Indicator]
    weights: Weights
    aggregation: Aggregation
    count_fwa: bool

    @classmethod
    def of(cls, joined: Joined, study: Study) -> Case:
        """Take the figures of a study's areas."""
        facts = pd.DataFrame(joined.areas.drop(columns="geometry"))
        chosen = scoring.declared(study.indicators, columns=list(facts.columns))
        weights = Weights(**study.weights.model_dump())
        return cls(joined.coverage, facts, chosen, weights, study.switches.aggregation, study.switches.fwa)

    @property
    def absent(self) -> list[Dimension]:
        """Dimensions that are not in the study."""
        return scoring.absent_dimensions(self.chosen)

    @property
    def normalised(self) -> tuple[float, ...]:
        """The four weights, adding up to 1."""
        return tuple(self.weights.normalised(absent=self.absent).as_dict().values())

    def without_fwa(self) -> Case:
        """Give the same with fixed wireless not counted."""
        return replace(self, count_fwa=False)

    def scores(self) -> pd.Series:
        """Score the areas that are ranked; NaN where too little is known, or a council's cannot be told apart."""
        shares = {
            profile.key: feasibility.infeasible(self.coverage, profile, count_fwa=self.count_fwa)["share"]
            for profile in (HOME_WORKER, ESSENTIAL)
        }
        status = feasibility.status(self.coverage, areas=self.facts.index)
        table = scoring.dimensions(
            self.facts, shares=pd.DataFrame(shares).reindex(self.facts.index), indicators=self.chosen
        )
        found = scoring.score(table, weights=self.weights, aggregation=self.aggregation, absent=self.absent)
        return found.where(status.eq(feasibility.SCORED) & self.facts["separable"].astype(bool))

    def counts(self) -> pd.DataFrame:
        """Count the premises of every area that fail each profile: columns such as ``remote low``, ``digital best``."""
        found = {}
        for profile in (HOME_WORKER, ESSENTIAL):
            table = feasibility.infeasible(self.coverage, profile, count_fwa=self.count_fwa)
            found |= {f"{profile.key} {corner}": table[corner] for corner in feasibility.CORNERS}
        return pd.DataFrame(found)
