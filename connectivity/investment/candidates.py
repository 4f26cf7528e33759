"""From a build to what could be done in it: schemes that an engineer would recognise, each a candidate with its cost.

A scheme is neighbouring areas of one council, put together until enough premises would be passed for anyone to bid.
Interventions are weighed scheme by scheme, at most one each, so no premises is counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.claims.claim import Basis
from connectivity.investment.choice import NO_FACILITY, Candidates
from connectivity.investment.costs import LEAST_SIZE, CostError, cost_level, drawn_exponents, relative_costs
from connectivity.investment.eligibility import Eligibility, eligibility
from connectivity.investment.interventions import Intervention
from connectivity.method.records import PEOPLE_PER_PREMISES
from connectivity.outputs import Build
from connectivity.postcode.postcode_tables import POSTCODES
from layers.covariates import fifth_nearest, postcodes_within, rural
from layers.errors import LayerError
from layers.figures import Figure

Floats = npt.NDArray[np.float64]
Activity = Literal["remote", "digital"]
Counted = Literal["premises", "people"]

NEAR = 25.0
"""Metres between outlines that count as neighbours: generalised ones do not meet (assumption)."""
LEAST_COST = 1.0
"""GBP: in a draw in which nobody is left to ask for it, an offer costs nothing, and is no candidate then."""
OUT_OF_SCOPE = "out of scope"
NO_FIGURE = "not enough data"
ALIKE = "only the council’s figure is known"
TOO_SMALL = "too few premises for a scheme, with no neighbour in scope"
NOT_WHITE = "no premises that public money may be spent on"
NOT_LISTED = "BDUK’s list does not say whether public money may be spent there"


@dataclass(frozen=True, eq=False)
class Ground:
    """What does not change with a budget: an area's remoteness and how far apart its postcodes lie.

    Attributes
    ----------
    rural
        Index ``area_code``.
    spacing
        Mean metres between a postcode and the fifth nearest; NaN where an area has none.
    """

    rural: pd.Series
    spacing: pd.Series


def ground_of(build: Build, *, folder: Path) -> Ground:
    """Read off a build's postcodes how its areas lie.

    Raises
    ------
    LayerError
        If the build's postcodes cannot be read.
    """
    areas = build.areas
    try:
        postcodes = pd.read_parquet(folder / POSTCODES, columns=["area_code", "easting", "northing", "live"])
    except (OSError, ValueError) as error:
        raise LayerError(
            "The postcodes of the build cannot be read; costs go by how far apart they lie.",
            file=folder / POSTCODES,
            expected="the table a build writes",
            found=str(error)[:120],
            next_step="build the study again",
        ) from error
    live = postcodes[postcodes["live"].astype(bool)].dropna(subset=["easting", "northing"])
    points = live[["easting", "northing"]].to_numpy(dtype=float)
    each = pd.DataFrame(
        {"spacing": fifth_nearest(points), "near": postcodes_within(points, metres=3000.0)},
        index=live["area_code"].to_numpy(),
    )
    mean = each.groupby(level=0).mean().reindex(areas.index)
    classes = areas["rural_urban"] if areas["rural_urban"].notna().any() else None
    return Ground(rural(classes, within_3km=np.log(mean["near"])), mean["spacing"])


@dataclass(frozen=True, eq=False)
class Opportunities:
    """What could be done in a build, and what cannot be weighed.

    Attributes
    ----------
    schemes
        Index a scheme's place; ``name, district_code, district_name, areas`` (codes), ``passed`` (premises a full
        fibre scheme passes), ``relative`` (how dear one is beside the mean), ``gap`` (premises or lines that cannot, of
        those that may be helped), ``people`` (the same in people; NaN where not known).
    offers
        One row a candidate, in the candidates' order: ``scheme, intervention, units`` (what the unit cost is paid
        for), ``share`` (of the scheme's gap that is newly able), ``scheme_cost``.
    candidates
        The same as numbers for the choice; `area` is the scheme's place.
    areas
        Index ``area_code`` of all areas of the build: ``scheme`` (−1 for none), ``reason`` (why none; empty), the
        columns of `Eligibility.by_area`, ``gap_low, gap, gap_high``, ``people``, ``cannot`` (best estimate of all who
        cannot there), ``weight`` (share of these that may be helped).
    eligibility
        Where public money may go.
    counted
        What is maximised.
    activity
        What those counted cannot do.
    people_estimated
        Whether residents of any area were estimated from premises.
    """

    schemes: pd.DataFrame
    offers: pd.DataFrame
    candidates: Candidates
    areas: pd.DataFrame
    eligibility: Eligibility
    interventions: tuple[Intervention, ...]
    counted: Counted
    activity: Activity
    people_estimated: bool


def opportunities(
    build: Build,
    *,
    ground: Ground,
    interventions: Sequence[Intervention],
    counted: Counted = "people",
    activity: Activity = "remote",
    scope: str | None = None,
    assumed: float = 1.0,
) -> Opportunities:
    """Return what could be done in a build.

    Raises
    ------
    CostError
        If nothing in scope could be done, or people are asked for in a study of measured lines.
    """
    if counted == "people" and Basis.of(build.manifest).measured:
        raise CostError(
            "This study counts lines that people bought; what share of residents they are is not known.",
            expected="--maximise premises, which counts lines here",
            found="--maximise people",
            next_step="run it again with --maximise premises",
        )
    allowed = eligibility(build, rural=ground.rural, scope=scope, assumed=assumed)
    areas, estimated = _areas(build, allowed=allowed, activity=activity)
    least = max((one.least_size.value for one in interventions if one.least_size), default=0.0)
    _group(areas, build.areas, least=least)
    schemes = _schemes(areas, build.areas, spacing=ground.spacing)
    offers = _offers(schemes, interventions, activity=activity)
    if offers.empty:
        raise CostError(
            "Nothing could be done: no area in scope can be made a scheme.",
            expected=f"neighbouring areas in scope in which {LEAST_SIZE.value:g} premises or more would be passed",
            found="; ".join(f"{reason}: {count:,} areas" for reason, count in areas["reason"].value_counts().items()),
            next_step="widen the scope (--scope everywhere), or choose other interventions",
        )
    return Opportunities(
        schemes,
        offers,
        candidates_of(offers, schemes, interventions=interventions, counted=counted),
        areas,
        allowed,
        tuple(interventions),
        counted,
        activity,
        estimated,
    )


def _areas(build: Build, *, allowed: Eligibility, activity: Activity) -> tuple[pd.DataFrame, bool]:
    """Lay out each area: what cannot there, how much of that may be helped, and why it is none of a scheme."""
    source = build.areas
    table = allowed.by_area.copy()
    table["weight"] = table["share"]
    table["cannot"] = source[f"{activity}_infeasible"]
    for end in ("_low", "", "_high"):
        table[f"gap{end}"] = source[f"{activity}_infeasible{end}"] * table["weight"]
    residents = source["residents"].astype(float)
    each = residents / source["premises"].where(source["premises"] > 0)
    estimated = bool(each.isna().any())
    table["each"] = each.fillna(PEOPLE_PER_PREMISES.value)  # as for ranks (method §5), and flagged
    table["people"] = table["gap"] * table["each"]
    table["reason"] = ""
    apart = source["separable"].fillna(value=True).astype(bool)
    for reason, mask in (
        (ALIKE, ~apart),
        (NOT_WHITE, table["passed"].le(0)),
        (OUT_OF_SCOPE, ~table["in_scope"] & table["passed"].gt(0)),
        (NOT_LISTED, table["share"].isna()),
        (NO_FIGURE, table["cannot"].isna()),
    ):
        table.loc[mask, "reason"] = reason  # the last that holds is said: what no budget could change comes first
    table["scheme"] = -1
    return table, estimated


def _group(areas: pd.DataFrame, source: gpd.GeoDataFrame, *, least: float) -> None:
    """Put neighbouring areas of one council together until `least` premises are passed; mark what cannot reach it."""
    free = areas.index[areas["reason"].eq("")]
    if not len(free):
        return
    near = _neighbours(source.loc[free])
    passed = areas.loc[free, "passed"].to_numpy(dtype=float)
    group = grouped(passed, near, least=least)
    whole = pd.Series(passed).groupby(group).transform("sum").to_numpy()
    small = whole < least
    areas.loc[free[small], "reason"] = TOO_SMALL
    numbers = {one: place for place, one in enumerate(dict.fromkeys(group[~small].tolist()))}
    areas.loc[free[~small], "scheme"] = [numbers[one] for one in group[~small].tolist()]


def _neighbours(areas: gpd.GeoDataFrame) -> list[set[int]]:
    """Return for each area the places of its neighbours in the same council."""
    wide = gpd.GeoDataFrame({"council": areas["district_code"].to_numpy()}, geometry=areas.buffer(NEAR).to_numpy())
    left, right = wide.sindex.query(wide.geometry, predicate="intersects")
    council = wide["council"].to_numpy()
    near: list[set[int]] = [set() for _ in range(len(wide))]
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        if one != other and council[one] == council[other]:
            near[one].add(other)
    return near


def grouped(passed: Floats, near: Sequence[set[int]], *, least: float) -> npt.NDArray[np.int64]:
    """Return the group of each place: the smallest joins its smallest neighbour until all have enough or none is left.

    Parameters
    ----------
    passed
        Premises of each place.
    near
        Places next to each.
    least
        What a group should have.

    Returns
    -------
    ndarray
        The lowest place of each place's group.

    Examples
    --------
    >>> grouped(np.array([300.0, 900.0, 250.0, 100.0]), [{1, 2}, {0}, {0}, set()], least=500).tolist()
    [0, 1, 0, 3]
    """
    size = dict(enumerate(passed.tolist()))
    beside = {place: set(ones) for place, ones in enumerate(near)}
    group = np.arange(len(passed))
    small = {place for place, many in size.items() if many < least}
    while small:
        one = min(small, key=lambda place: (size[place], place))
        if not beside[one]:
            small.discard(one)
            continue
        other = min(beside[one], key=lambda place: (size[place], place))
        first, second = min(one, other), max(one, other)
        group[group == second] = first
        size[first] += size.pop(second)
        beside[first] = (beside[first] | beside.pop(second)) - {first, second}
        for place in beside[first]:
            beside[place] = (beside[place] - {second}) | {first}
        small -= {one, other}
        if size[first] < least:
            small.add(first)
    return group


def _schemes(areas: pd.DataFrame, source: gpd.GeoDataFrame, *, spacing: pd.Series) -> pd.DataFrame:
    inside = areas[areas["scheme"] >= 0].copy()
    inside["code"] = inside.index
    inside["spacing"] = spacing.reindex(inside.index)
    inside["name"] = source["area_name"].reindex(inside.index)
    for column in ("district_code", "district_name"):
        inside[column] = source[column].reindex(inside.index)
    inside["weighted"] = inside["spacing"] * inside["passed"]
    inside = inside.sort_values(["scheme", "gap", "code"], ascending=[True, False, True])
    by = inside.groupby("scheme")
    table = by[["passed", "gap", "people"]].sum()
    table["spacing"] = by["weighted"].sum() / table["passed"]
    table["areas"] = by["code"].agg(tuple)
    for column in ("name", "district_code", "district_name"):
        table[column] = by[column].first()
    table["relative"] = relative_costs(
        table["spacing"].to_numpy(dtype=float), premises=table["passed"].to_numpy(dtype=float)
    )
    return table


def _offers(schemes: pd.DataFrame, interventions: Sequence[Intervention], *, activity: Activity) -> pd.DataFrame:
    rows = []
    for place, scheme in schemes.iterrows():
        for kind, one in enumerate(interventions):
            chance = one.fixes[activity].central
            share = one.share_reached.value * chance
            units = {
                "passed": float(scheme["passed"]) * float(scheme["relative"]),
                "asked": float(scheme["gap"]) * one.share_reached.value,
            }.get(one.reach, 1.0)
            if units > 0 and scheme["gap"] > 0:
                fixed = one.scheme_cost.value if one.scheme_cost else 0.0
                rows.append({"scheme": place, "kind": kind, "intervention": one.key, "units": units, "share": share})
                rows[-1]["scheme_cost"] = fixed
    columns = ["scheme", "kind", "intervention", "units", "share", "scheme_cost"]
    return pd.DataFrame(rows, columns=columns)


def candidates_of(
    offers: pd.DataFrame, schemes: pd.DataFrame, *, interventions: Sequence[Intervention], counted: Counted
) -> Candidates:
    """Return the offers at their best cost and best count, as numbers for the choice."""
    unit = np.array([one.cost.best for one in interventions])[offers["kind"].to_numpy(dtype=int)]
    gap = schemes["gap" if counted == "premises" else "people"].to_numpy(dtype=float)
    place = offers["scheme"].to_numpy(dtype=np.int64)
    return Candidates(
        area=place,
        cost=offers["units"].to_numpy(dtype=float) * unit + offers["scheme_cost"].to_numpy(dtype=float),
        value=gap[place] * offers["share"].to_numpy(dtype=float),
        kind=offers["kind"].to_numpy(dtype=np.int64),
        facility=np.full(len(offers), NO_FACILITY, dtype=np.int64),
    )


# --- Draws --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class DrawnOffers:
    """What each offer costs and brings, in each draw; shape (offers, draws).

    A level, an exponent and a scheme's own cost are drawn once for all offers of a draw: they are of one market.

    Attributes
    ----------
    cost
        GBP.
    value
        Newly able, in what is counted.
    """

    cost: Floats
    value: Floats


def drawn_offers(found: Opportunities, *, build: Build, draws: int, seed: int) -> DrawnOffers:
    """Return the offers' costs and results in each draw of costs, counts and what an intervention does.

    Parameters
    ----------
    draws
        How many, at most those the build's counts were drawn in.
    seed
        The same seed gives the same draws.
    """
    random = np.random.default_rng([seed, 8])
    offers, place = found.offers, found.offers["scheme"].to_numpy(dtype=int)
    gap = _drawn_gaps(found, build=build, draws=draws, seed=seed)
    each = (found.schemes["people"] / found.schemes["gap"].where(found.schemes["gap"] > 0)).to_numpy()
    passed, spacing = (found.schemes[name].to_numpy(dtype=float) for name in ("passed", "spacing"))
    exponents = drawn_exponents(draws=draws, seed=seed)[:, None]
    relative = relative_costs(spacing, premises=passed, exponent=exponents).T
    cost, value = np.empty((len(offers), draws)), np.empty((len(offers), draws))
    for kind, one in enumerate(found.interventions):
        rows = np.flatnonzero(offers["kind"].to_numpy() == kind)
        share = drawn_figure(one.share_reached, random=random, draws=draws)
        chance = one.fixes[found.activity]
        works = _triangular(chance.low, chance.central, chance.high, random=random, draws=draws)
        gaps = gap[place[rows]]
        value[rows] = gaps * share * works
        if one.reach == "passed":
            level = cost_level().drawn(draws=draws, seed=seed)
            cost[rows] = passed[place[rows], None] * relative[place[rows]] * level
        else:
            level = _triangular(one.cost.low, one.cost.best, one.cost.high, random=random, draws=draws)
            units = gaps * share if one.reach == "asked" else np.ones_like(gaps)
            cost[rows] = units * level
        if one.scheme_cost:
            cost[rows] += drawn_figure(one.scheme_cost, random=random, draws=draws)
    if found.counted == "people":
        value *= each[place, None]
    return DrawnOffers(np.maximum(cost, LEAST_COST), value)


def drawn_figure(figure: Figure, *, random: np.random.Generator, draws: int) -> Floats:
    """Return a figure for each draw, a triangle over its range."""
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    return _triangular(low, figure.value, high, random=random, draws=draws)


def _triangular(low: float, best: float, high: float, *, random: np.random.Generator, draws: int) -> Floats:
    return np.full(draws, best) if low >= high else np.asarray(random.triangular(low, best, high, size=draws))


def _drawn_gaps(found: Opportunities, *, build: Build, draws: int, seed: int) -> Floats:
    """Return each scheme's gap in each draw; shape (schemes, draws)."""
    inside = found.areas[found.areas["scheme"] >= 0]
    if build.drawn is not None:
        total = np.zeros((len(found.schemes), draws))
        parts = pd.DataFrame({"area_code": inside.index, "share": inside["weight"].to_numpy(dtype=float)})
        known = build.drawn.of_parts(parts, profile=found.activity)
        np.add.at(total, inside["scheme"].to_numpy(dtype=int), known[:, np.arange(draws) % known.shape[1]])
        return total
    ends = inside.groupby("scheme")[["gap_low", "gap", "gap_high"]].sum().to_numpy(dtype=float).T[:, :, None]
    return _between_ends(*ends, draws=draws, seed=seed)


def drawn_whole(found: Opportunities, *, build: Build, draws: int, seed: int) -> Floats:
    """Return how many of the whole build cannot in each draw, in what is counted; shape (draws,).

    The draws are those of `drawn_offers`, so what a plan leaves is their difference.
    """
    each = found.areas["each"] if found.counted == "people" else pd.Series(1.0, index=found.areas.index)
    if build.drawn is not None:
        whole = build.drawn.sums(each, profile=found.activity)
        return whole[np.arange(draws) % len(whole)]
    names = [f"{found.activity}_infeasible{end}" for end in ("_low", "", "_high")]
    return _between_ends(*build.areas[names].mul(each, axis=0).sum().to_numpy(dtype=float), draws=draws, seed=seed)


def _between_ends(low: Floats, best: Floats, high: Floats, *, draws: int, seed: int) -> Floats:
    """Draw published counts: where between its ends each lies is not known, and is taken to be alike for all."""
    at = np.random.default_rng([seed, 9]).triangular(-1, 0, 1, size=draws)
    return np.asarray(np.where(at < 0, best + at * (best - low), best + at * (high - best)))


def scheme_of(found: Opportunities, code: str) -> int | None:
    """Return the place of the scheme that an area is part of; None where it is in none."""
    place = int(found.areas["scheme"].loc[code])
    return place if place >= 0 else None


def areas_left_out(found: Opportunities) -> Mapping[str, tuple[int, float]]:
    """Return why areas are in no scheme: by reason, how many, and how many premises there cannot."""
    out = found.areas[found.areas["reason"].ne("")]
    return {str(reason): (len(rows), float(rows["cannot"].sum())) for reason, rows in out.groupby("reason", sort=True)}
