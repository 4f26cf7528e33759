"""How sure we are of a place: tiers, in the order of method §6, and how far the share of few premises could swing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from connectivity.method.records import FEWEST
from layers.figures import Figure

Key = Literal["insufficient", "alike", "feasible", "robust", "likely", "depends", "some"]
UNRANKED: frozenset[Key] = frozenset({"insufficient", "alike"})
"""Tiers of places that have no rank: of one nothing is known, the other is counted with its council."""

SURE = Figure(0.9, "chance", "from here on it is said without a doubt word", "method §6")
EVEN = Figure(0.5, "chance", "from here on it is called likely", "method §6")
SOME = Figure(0.1, "chance", "from here on it depends on the assumptions", "method §6")
RANGE = Figure(0.9, "share of draws", "a rank’s range leaves out as many draws below it as above", "method §6")
BELOW = Figure(0.05, "share of premises", "under it a place is called feasible", "method §6: assumption")
WORTH = Figure(
    0.10, "share of premises", "from here on a place in the worst tenth is infeasible", "method §6: assumption"
)


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier; how it is drawn, by disc, lines and colour, is :mod:`connectivity.maps.symbology`'s affair.

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


def of_draws(chance: Figure) -> str:
    """Say a threshold of chances as so many of ten draws, which readers know as tries.

    >>> of_draws(SURE), of_draws(EVEN)
    ('9 of 10 tries', 'half of the tries')
    """
    return "half of the tries" if chance.value == 1 / 2 else f"{of_ten(chance)} of 10 tries"


def of_ten(chance: Figure) -> str:
    """Say how many of ten draws a threshold of chances is.

    >>> of_ten(SURE), of_ten(SOME)
    ('9', '1')
    """
    return f"{10 * chance.value:g}"


def range_ends() -> tuple[float, float]:
    """Return the shares of draws below which the lower and the upper end of a rank's range lie.

    >>> range_ends()
    (0.05, 0.95)
    """
    left_out = round((1 - RANGE.value) / 2, 9)
    return left_out, 1 - left_out


def worded_tiers() -> dict[Key, Tier]:
    """Return every tier with its meaning, whose numbers are those of the constants above."""
    bad = f"{WORTH.value:.0%} of premises or more infeasible"
    worded = (
        Tier(
            "insufficient",
            "insufficient data",
            "Too little is known to rank this place; it may be good or bad.",
        ),
        Tier(
            "alike",
            "not told apart",
            "The model cannot tell the areas of this council apart, so this place has no rank: it is counted with its "
            "council, and may be better or worse than it.",
        ),
        Tier(
            "feasible",
            "feasible",
            f"In {of_draws(SURE)}, fewer than {BELOW.value:.0%} of premises are out of a home worker's reach.",
        ),
        Tier(
            "robust",
            "robustly infeasible",
            f"In {of_draws(SURE)} this place is in the worst tenth, with {bad}.",
        ),
        Tier(
            "likely",
            "likely infeasible",
            f"In at least {of_draws(EVEN)} this place is in the worst tenth, with {bad}.",
        ),
        Tier(
            "depends",
            "depends on assumptions",
            f"In {of_ten(SOME)} to {of_ten(EVEN)} of 10 tries this place is in the worst tenth, with {bad}.",
        ),
        Tier(
            "some",
            "some premises infeasible, not among the worst",
            f"Some premises are out of reach; in under {of_draws(SOME)} is it in the worst tenth with "
            f"{WORTH.value:.0%} of them or more.",
        ),
    )
    return {tier.key: tier for tier in worded}


TIERS = worded_tiers()
"""In the order of method §6."""


def tiers_of(feasible: pd.Series, worst_and_bad: pd.Series, *, alike: pd.Series) -> pd.Series:
    """Give each area its tier.

    Parameters
    ----------
    feasible
        Chance that fewer than 5 % of premises are infeasible for a home worker; NaN for an area that is not scored.
    worst_and_bad
        Chance to be in the worst tenth with at least 10 % infeasible.
    alike
        Whether an area is not told apart from the others of its council.

    Examples
    --------
    >>> chances = pd.Series([float("nan"), float("nan"), 0.95, 0.0, 0.0, 0.2, 0.3])
    >>> bad = pd.Series([float("nan"), float("nan"), 0.99, 0.9, 0.5, 0.1, 0.09])
    >>> tiers_of(chances, bad, alike=pd.Series([False, True] + [False] * 5)).tolist()
    ['insufficient', 'alike', 'feasible', 'robust', 'likely', 'depends', 'some']
    """
    rules = [
        (feasible.isna() | worst_and_bad.isna()) & ~alike,
        alike,
        feasible >= SURE.value,
        worst_and_bad >= SURE.value,
        worst_and_bad >= EVEN.value,
        worst_and_bad >= SOME.value,
    ]
    keys = np.array(list(TIERS), dtype=object)
    found = np.select([rule.to_numpy() for rule in rules], list(keys[:-1]), keys[-1])
    return pd.Series(found, index=feasible.index, name="tier", dtype=object)


def tier_counts(tiers: pd.Series) -> dict[str, int]:
    """Count the areas of each tier, in order, those without an area too.

    >>> tier_counts(pd.Series(["some", "some", "robust"]))["some"]
    2
    """
    return {key: int((tiers == key).sum()) for key in TIERS}


Steadiness = Literal["not ranked", "swings", "fairly steady", "steady"]
STANDARD_ERRORS = Figure(1.96, "standard errors", "width of the band: 95 of 100", "Wilson (1927)")
SWINGS = Figure(50, "premises", "under it, one premises moves the share by more than 2 points", "assumption")
STEADY = Figure(200, "premises", "from here on, one premises moves the share by at most half a point", "assumption")
WORDS: dict[Steadiness, str] = {
    "not ranked": f"fewer than {FEWEST.value:g} premises: not ranked",
    "swings": f"fewer than {SWINGS.value:g} premises: one of them moves the share by over 2 points",
    "fairly steady": f"fewer than {STEADY.value:g} premises: one of them moves the share by over half a point",
    "steady": f"{STEADY.value:g} premises or more: one of them hardly moves the share",
}


def steadiness(premises: pd.Series) -> pd.Series:
    """Say of each area how steady a share of its premises can be.

    Examples
    --------
    >>> steadiness(pd.Series([9, 10, 50, 200])).tolist()
    ['not ranked', 'swings', 'fairly steady', 'steady']
    """
    limits = [FEWEST.value, SWINGS.value, STEADY.value]
    found = np.array(list(WORDS), dtype=object)[np.searchsorted(limits, premises.fillna(0), side="right")]
    return pd.Series(found, index=premises.index, name="steadiness", dtype=object)


def stability_band(share: pd.Series, *, premises: pd.Series) -> pd.DataFrame:
    """Give the stability band of a share: Wilson's interval, as if premises like these had been built again.

    The published counts are not a sample; the band says how far chance alone could move so small a share, so that two
    hamlets are not told apart by one house.

    Parameters
    ----------
    share
        0 to 1.
    premises
        Of the area; under ten there is no band (method §3).

    Returns
    -------
    pandas.DataFrame
        ``low, high``, 0 to 1, with the share between them; NaN where there is no share or there are too few premises.

    Examples
    --------
    >>> stability_band(pd.Series([0.5, 0.5, 0.5]), premises=pd.Series([9, 20, 2000])).round(2).to_numpy().tolist()
    [[nan, nan], [0.3, 0.7], [0.48, 0.52]]
    """
    count = premises.where(premises >= FEWEST.value)
    z = STANDARD_ERRORS.value
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return pd.DataFrame({"low": (centre - half).clip(lower=0), "high": (centre + half).clip(upper=1)})
