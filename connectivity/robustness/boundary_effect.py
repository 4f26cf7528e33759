"""The boundary effect: would the same places come out worst if the lines on the map were drawn otherwise?

Counts are added up, or taken apart, to another unit; infeasibility and the score are reckoned there from the counts;
and each small area takes the value of the unit it is in. (Openshaw 1984, The modifiable areal unit problem.)

Need and the lack of alternatives stay those of the small area, as nothing finer is published for all of them; a larger
unit takes their mean, weighed by premises (assumption).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.method import feasibility
from connectivity.method.kernel import Aggregation
from connectivity.method.records import ESSENTIAL, HOME_WORKER, SIDE, Dimension
from connectivity.method.scoring import Weights, score
from connectivity.robustness.ranks import worst_tenth
from connectivity.robustness.whole_index import kendall
from layers.coverage import Coverage
from layers.intake.cells import is_one_of

SIDE_COLUMNS = [f"score_{side}" for side in SIDE]
MOBILE = "indoor_4g"


@dataclass(frozen=True, slots=True)
class Scoring:
    """How a study scores: what it counts, and how it weighs."""

    weights: Weights
    aggregation: Aggregation = "geometric"
    absent: Collection[Dimension] = ()
    count_fwa: bool = False
    count_mobile: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What another unit does to the ranking of small areas.

    Attributes
    ----------
    unit
        What it is called, such as "ward".
    units
        How many are scored.
    areas
        Small areas that have both scores and are compared.
    tau
        Kendall's tau-b of the two rankings. Areas that share a unit share its value: with few units it cannot reach 1.
    worst
        Small areas in the worst tenth by their own score.
    enters, leaves
        Codes of those that are in the worst tenth by the unit's score only, and by their own only; sorted. Ties at the
        edge of a tenth are all in it, so that one list may be longer.
    """

    unit: str
    units: int
    areas: int
    tau: float
    worst: int
    enters: list[str]
    leaves: list[str]


def effect(own: pd.Series, implied: pd.Series, *, unit: str, units: int) -> Effect:
    """Compare the ranking of small areas with the one another unit implies.

    Parameters
    ----------
    own, implied
        Scores by ``area_code``; those without both are left out.
    unit, units
        What the other unit is called, and how many of it are scored.
    """
    both = pd.DataFrame({"own": own, "implied": implied}).dropna()
    first, second = worst_tenth(both["own"]), worst_tenth(both["implied"])
    return Effect(
        unit=unit,
        units=units,
        areas=len(both),
        tau=kendall(both["own"], both["implied"]),
        worst=len(first),
        enters=sorted(map(str, second.difference(first))),
        leaves=sorted(map(str, first.difference(second))),
    )


def effect_claim(found: Mapping[str, Any], *, basis: Basis) -> Claim:
    """Return the claim on how many places another unit would move out of the worst tenth.

    Parameters
    ----------
    found
        An `Effect` as a build's report has it.
    basis
        What the ranking rests on.
    """
    return Claim.of_places(
        "certainty.boundary",
        basis.place,
        len(found["leaves"]),
        of=found["worst"],
        basis=basis,
        details={"unit": found["unit"], "enters": len(found["enters"]), "tau": found["tau"]},
        provenance=Provenance("robustness.json", "boundaries", tuple(map(str, found["leaves"])), decimals=0),
    )


def by_larger(
    areas: pd.DataFrame, *, coverage: Coverage, inside: pd.DataFrame, scoring: Scoring, unit: str
) -> tuple[Effect, pd.Series]:
    """Score larger units, such as wards, and give each small area its unit's score.

    Parameters
    ----------
    areas
        A build's areas, index ``area_code``: ``score``, ``score_need``, ``score_alternative``.
    coverage
        Premises in bands by small area.
    inside
        ``area_code, key, share``: which part of each area's premises lies in which unit, as
        :class:`layers.reporting.Shares` has it. An area in several takes their mean, weighed by its parts.
    scoring
        As the study has it.
    unit
        What the units are called.

    Returns
    -------
    effect : Effect
    scores : pandas.Series
        The units' own scores by key; NaN where too little is known.
    """
    parts = inside[is_one_of(inside["area_code"], coverage.table.index)].reset_index(drop=True)
    summed = added_up(coverage, parts=parts)
    weight = parts["share"] * coverage.table["premises"].reindex(parts["area_code"]).to_numpy()
    sides = {}
    for column in SIDE_COLUMNS:
        values = areas[column].reindex(parts["area_code"]).reset_index(drop=True)
        kept = weight.where(values.notna()).groupby(parts["key"]).sum()
        sides[column] = (values * weight).groupby(parts["key"]).sum(min_count=1) / kept.where(kept > 0)
    scores = rescored(summed, sides=pd.DataFrame(sides), scoring=scoring)
    taken = parts["key"].map(scores)
    kept_share = parts["share"].where(taken.notna()).groupby(parts["area_code"]).sum()
    implied = (taken * parts["share"]).groupby(parts["area_code"]).sum(min_count=1) / kept_share.where(kept_share > 0)
    return effect(areas["score"], implied, unit=unit, units=int(scores.notna().sum())), scores


def added_up(coverage: Coverage, *, parts: pd.DataFrame) -> Coverage:
    """Add up premises in bands by larger unit; what is not known of one part is not known of the whole.

    Parameters
    ----------
    coverage
        By small area.
    parts
        ``area_code, key, share``.
    """
    shares = {name for name in coverage.table if str(name).startswith(MOBILE)}

    def sums(table: pd.DataFrame) -> pd.DataFrame:
        spread = table.reindex(parts["area_code"]).mul(parts["share"].to_numpy(), axis=0)
        keys = parts["key"].to_numpy()
        found = spread.groupby(keys).sum()
        gaps = spread.isna().groupby(keys).any()
        return found.mask(gaps)

    table = coverage.table.astype(float)
    counts = sums(table.drop(columns=list(shares)))
    for name in shares:
        counts[name] = sums(table[[name]].mul(table["premises"], axis=0))[name] / counts["premises"]
    able = None if coverage.able is None else sums(coverage.able)
    return replace(coverage, table=counts, able=able, by_postcode=None, by_output_area=None)


def rescored(coverage: Coverage, *, sides: pd.DataFrame, scoring: Scoring) -> pd.Series:
    """Score any units from their premises in bands and their need and alternatives; NaN where too little is known."""
    shares = {
        profile.key: feasibility.infeasible(
            coverage, profile, count_fwa=scoring.count_fwa, count_mobile=scoring.count_mobile
        )["share"]
        for profile in (HOME_WORKER, ESSENTIAL)
    }
    status = feasibility.status(coverage, areas=coverage.table.index)
    dimensions = pd.DataFrame({f"score_{key}": share * 100 for key, share in shares.items()}).clip(0, 100).join(sides)
    found = score(dimensions, weights=scoring.weights, aggregation=scoring.aggregation, absent=scoring.absent)
    return found.where(status.eq(feasibility.SCORED))
