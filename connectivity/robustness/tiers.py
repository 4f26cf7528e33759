"""How sure we are of a place, in six words: tiers in the order of method §6, the first that fits wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from layers.figures import Figure

Key = Literal["insufficient", "feasible", "robust", "likely", "depends", "some"]

SURE = Figure(0.9, "chance", "from here on it is said without a doubt word", "method §6")
EVEN = Figure(0.5, "chance", "from here on it is called likely", "method §6")
SOME = Figure(0.1, "chance", "from here on it depends on the assumptions", "method §6")
BELOW = Figure(0.05, "share of premises", "under it a place is called feasible", "method §6: assumption")
WORTH = Figure(
    0.10, "share of premises", "from here on a place in the worst tenth is infeasible", "method §6: assumption"
)


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier; how it is drawn, by disc, lines and colour, is :mod:`connectivity.measures`'s affair.

    Attributes
    ----------
    key
        In ``areas.parquet``.
    label
        In words.
    meaning
        One sentence.
    """

    key: Key
    label: str
    meaning: str


TIERS: dict[Key, Tier] = {
    tier.key: tier
    for tier in (
        Tier(
            "insufficient",
            "insufficient data",
            "Too little is known to rank this place; it may be good or bad.",
        ),
        Tier(
            "feasible",
            "feasible",
            "In 9 of 10 draws, fewer than 5% of premises are out of a home worker's reach.",
        ),
        Tier(
            "robust",
            "robustly infeasible",
            "In 9 of 10 draws this place is in the worst tenth, with 10% of premises or more infeasible.",
        ),
        Tier(
            "likely",
            "likely infeasible",
            "In at least half of the draws this place is in the worst tenth, with 10% of premises or more infeasible.",
        ),
        Tier(
            "depends",
            "depends on assumptions",
            "In 1 to 5 of 10 draws this place is in the worst tenth, with 10% of premises or more infeasible.",
        ),
        Tier(
            "some",
            "some premises infeasible, not among the worst",
            "Some premises are out of reach; in under 1 of 10 draws is it in the worst tenth with 10% of them or more.",
        ),
    )
}
"""In the order of method §6."""


def tiers_of(feasible: pd.Series, worst_and_bad: pd.Series) -> pd.Series:
    """Give each area its tier.

    Parameters
    ----------
    feasible
        Chance that fewer than 5 % of premises are infeasible for a home worker; NaN for an area that is not scored.
    worst_and_bad
        Chance to be in the worst tenth with at least 10 % infeasible.

    Examples
    --------
    >>> chances = pd.Series([float("nan"), 0.95, 0.0, 0.0, 0.2, 0.3])
    >>> tiers_of(chances, pd.Series([float("nan"), 0.99, 0.9, 0.5, 0.1, 0.09])).tolist()
    ['insufficient', 'feasible', 'robust', 'likely', 'depends', 'some']
    """
    rules = [
        feasible.isna() | worst_and_bad.isna(),
        feasible >= SURE.value,
        worst_and_bad >= SURE.value,
        worst_and_bad >= EVEN.value,
        worst_and_bad >= SOME.value,
    ]
    keys = np.array(list(TIERS), dtype=object)
    found = np.select([rule.to_numpy() for rule in rules], list(keys[:-1]), keys[-1])
    return pd.Series(found, index=feasible.index, name="tier", dtype=object)


def counted(tiers: pd.Series) -> dict[str, int]:
    """Count the areas of each tier, in order, those without an area too.

    >>> counted(pd.Series(["some", "some", "robust"]))["some"]
    2
    """
    return {key: int((tiers == key).sum()) for key in TIERS}
