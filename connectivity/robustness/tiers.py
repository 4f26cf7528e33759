"""How sure we are of a place, in six words: tiers in the order of method §6, the first that fits wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from layers.figures import Figure

Key = Literal["insufficient", "feasible", "robust", "likely", "depends", "some"]
Shape = Literal["hatched", "empty circle", "filled diamond", "filled triangle", "half circle", "dot"]
Pattern = Literal["hatching", "plain", "solid", "dense lines", "wide lines", "dots"]

SURE = Figure(0.9, "chance", "from here on it is said without a doubt word", "method §6")
EVEN = Figure(0.5, "chance", "from here on it is called likely", "method §6")
SOME = Figure(0.1, "chance", "from here on it depends on the assumptions", "method §6")
BELOW = Figure(0.05, "share of premises", "under it a place is called feasible", "method §6: assumption")
WORTH = Figure(
    0.10, "share of premises", "from here on a place in the worst tenth is infeasible", "method §6: assumption"
)


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier, as it is written and drawn; no tier is told by its colour alone.

    Attributes
    ----------
    key
        In ``areas.parquet``.
    label
        In words.
    meaning
        One sentence, for legends.
    shape
        Of its mark in tables and charts.
    pattern
        Of its areas on a map.
    colour
        Name of the colour in the app's style sheet.
    """

    key: Key
    label: str
    meaning: str
    shape: Shape
    pattern: Pattern
    colour: str


TIERS: dict[Key, Tier] = {
    tier.key: tier
    for tier in (
        Tier(
            "insufficient",
            "insufficient data",
            "Too little is known to rank this place; it may be good or bad.",
            *("hatched", "hatching", "no-data"),
        ),
        Tier(
            "feasible",
            "feasible",
            "In 9 of 10 draws, fewer than 5% of premises are out of a home worker's reach.",
            *("empty circle", "plain", "tier-feasible"),
        ),
        Tier(
            "robust",
            "robustly infeasible",
            "In 9 of 10 draws this place is in the worst tenth, with 10% of premises or more infeasible.",
            *("filled diamond", "solid", "tier-robust"),
        ),
        Tier(
            "likely",
            "likely infeasible",
            "In at least half of the draws this place is in the worst tenth, with 10% of premises or more infeasible.",
            *("filled triangle", "dense lines", "tier-likely"),
        ),
        Tier(
            "depends",
            "depends on assumptions",
            "In 1 to 5 of 10 draws this place is in the worst tenth, with 10% of premises or more infeasible.",
            *("half circle", "wide lines", "tier-depends"),
        ),
        Tier(
            "some",
            "some premises infeasible, not among the worst",
            "Some premises here are out of reach, but this place is hardly ever in the worst tenth.",
            *("dot", "dots", "tier-some"),
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
