"""Where the money should go: choice, frontier, draws, regret and cover, beside tuned HiGHS, scipy.milp and greedy."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.measuring import SEED, Result, comparison, target
from connectivity.investment.choice import WITHIN, Candidates, Choice, PortfolioLimits, choose_portfolio
from connectivity.investment.covering import cover, reach_within
from connectivity.investment.frontier import frontier, inclusion, least_regret
from connectivity.investment.solver import THOUSAND, Deadline, LinearProgram, maximise

Floats = npt.NDArray[np.float64]
T = TypeVar("T")

REGION, COUNTRY = 1_650, 35_000
"""Areas of the demo, and of England and Wales."""
GROUPS, MASTS, DRAWS, SITES = 300, 1_000, 200, 500
"""Councils with a floor, shared masts, draws of counts and costs, sites of hubs."""
PATIENCE = 60.0
"""Seconds that others get for one choice."""
RANGE = 5_000
"""Metres within which a hub is reached."""


@dataclass(frozen=True)
class Taken(Generic[T]):
    """What some work gave, and the seconds it took of a processor and by the clock."""

    answer: T
    processor: float
    clock: float


def taken(work: Callable[[], T]) -> Taken[T]:
    """Do some work once; the machine is shared, so the processor's seconds are the figure."""
    clock, processor = time.perf_counter(), time.process_time()
    answer = work()
    return Taken(answer, time.process_time() - processor, time.perf_counter() - clock)


def run(*, quick: bool) -> Result:
    """Choose at the size of a region and of a country, ours and others'; every gap is checked.

    Parameters
    ----------
    quick
        A tenth of the areas, councils, masts, draws and sites.
    """
    part = 10 if quick else 1
    region, country = REGION // part, COUNTRY // part
    cases = {
        f"{region:,} areas × 4": (world(region), 0.3),
        f"{country:,} areas × 4": (world(country), 1.0),
        f"{country:,} areas × 4, {GROUPS // part} floors": (world(country, groups=GROUPS // part), 5.0),
        f"{country:,} areas × 4, {MASTS // part:,} masts": (world(country, masts=MASTS // part), 15.0),
    }
    comparisons, targets, notes = [], [], []
    for words, ((candidates, limits), most) in cases.items():
        ours = taken(lambda made=candidates, kept=limits: choose_portfolio(made, limits=kept, deadline=None))
        found = ours.answer
        assert found.gap <= WITHIN, words  # noqa: S101 - a benchmark that does not do the work measures nothing
        targets.append(target(f"{words}, proved to {WITHIN:g} (processor)", value=ours.processor, limit=most, unit="s"))
        notes.append(said(words, found, ours.clock))
        others = {"HiGHS as tuned here": tuned, "scipy.milp": plain} if not limits.spend_floor else {}
        for name, other in others.items():
            if len(candidates.facility_cost):
                continue
            theirs = taken(lambda solver=other, made=candidates, kept=limits: solver(made, kept))
            note = "no answer in time" if theirs.answer is None else f"its gap {theirs.answer:.1e}"
            comparisons.append(comparison(words, ours=ours.processor, other=name, theirs=theirs.processor, note=note))
    robust = robustness(region, draws=DRAWS // part)
    targets.append(
        target(
            f"frontier, {DRAWS // part} draws and regret at {region:,} areas (processor)",
            value=robust.processor,
            limit=15,
            unit="s",
        )
    )
    notes.append(f"frontier, draws and regret: {robust.clock:.1f} s by the clock; {robust.answer}")
    hubs = covering(region, SITES // part)
    targets.append(
        target(f"cover, {region:,} points × {SITES // part} sites (processor)", value=hubs.processor, limit=3, unit="s")
    )
    notes.append(f"cover: gap {hubs.answer:.1e}, {hubs.clock:.1f} s by the clock")
    return {"comparisons": comparisons, "targets": [] if quick else targets, "notes": notes}


def said(words: str, found: Choice, clock: float) -> str:
    """Say the proof of a choice, and how far greedy stays behind it."""
    greedy = (
        "greedy breaks a limit"
        if np.isnan(found.greedy_value)
        else (f"greedy has {1 - found.greedy_value / found.bound:.2e} less than the bound")
    )
    return f"{words}: gap {found.gap:.1e}, {clock:.1f} s by the clock; {greedy}"


def world(areas: int, *, groups: int = 0, masts: int = 0) -> tuple[Candidates, PortfolioLimits]:
    """Draw areas with four interventions each; the budget pays a tenth of the first, fibre."""
    random = np.random.default_rng(SEED)
    premises = np.maximum(1, np.round(random.integers(200, 900, areas) * random.beta(0.6, 6, areas)))
    unit = 1_655 * np.exp(random.normal(0, 0.4, areas))
    cheaper, reached = np.array([1, 0.45, 0.25, 0.6]), np.array([0.97, 0.7, 0.4, 0.55])
    cost = (premises * unit)[:, None] * cheaper * np.exp(random.normal(0, 0.2, (areas, 4)))
    cost += random.uniform(5_000, 40_000, (areas, 4))
    value = premises[:, None] * reached * np.exp(random.normal(0, 0.1, (areas, 4)))
    budget = float(cost[:, 0].sum()) / 10
    facility, opening = np.full((areas, 4), -1), np.empty(0)
    if masts:
        facility[:, 2] = random.integers(0, masts, areas)
        cost[:, 2] *= 0.2
        opening = random.uniform(100_000, 250_000, masts)
    place, kind = np.repeat(np.arange(areas), 4), np.tile(np.arange(4), areas)
    made = Candidates(place, cost.ravel(), value.ravel(), kind, facility.ravel(), opening)
    limits = PortfolioLimits(budget=budget)
    if groups:
        floors = dict.fromkeys(range(groups), 0.8 * budget / groups)
        limits = replace(limits, group=np.sort(random.integers(0, groups, areas)), spend_floor=floors)
    return made, limits


def rows(candidates: Candidates, limits: PortfolioLimits) -> tuple[sparse.csc_array, Floats]:
    """Write one row an area and one for the budget."""
    size, areas = len(candidates), candidates.areas
    entries = np.concatenate([np.ones(size), candidates.cost / THOUSAND])
    places = (np.concatenate([candidates.area, np.full(size, areas)]), np.tile(np.arange(size), 2))
    return sparse.csc_array((entries, places)), np.append(np.ones(areas), limits.budget / THOUSAND)


def tuned(candidates: Candidates, limits: PortfolioLimits) -> float | None:
    """Give the whole choice to HiGHS with our own options; return its gap."""
    matrix, high = rows(candidates, limits)
    size = len(candidates)
    program = LinearProgram(candidates.value, matrix, np.full(len(high), -np.inf), high, np.zeros(size), np.ones(size))
    missing = WITHIN * float(choose_bound(candidates, limits))
    solved = maximise(program, whole=np.ones(size, dtype=np.bool_), missing=missing, deadline=Deadline(PATIENCE))
    return None if solved.x is None else 1 - float(candidates.value @ solved.x) / solved.bound


def choose_bound(candidates: Candidates, limits: PortfolioLimits) -> float:
    """Return what no portfolio exceeds, to turn a share into an amount."""
    return choose_portfolio(candidates, limits=limits).bound


def plain(candidates: Candidates, limits: PortfolioLimits) -> float | None:
    """Give the whole choice to scipy.milp; return its gap."""
    matrix, high = rows(candidates, limits)
    size = len(candidates)
    found = milp(
        -candidates.value,
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, ub=high),
        options={"time_limit": PATIENCE, "mip_rel_gap": WITHIN},
    )
    return None if found.x is None else float(found.mip_gap)


def robustness(areas: int, *, draws: int) -> Taken[str]:
    """Take a frontier of 20 budgets, the best of every draw, and the plan of least regret."""
    candidates, limits = world(areas)
    random = np.random.default_rng(SEED)
    level = np.exp(random.normal(0, 0.36, (draws, 1)))  # contracts' 90 % range, drawn once for a draw
    cost = candidates.cost * level
    value = candidates.value * np.repeat(np.exp(random.normal(0, 0.3, (draws, areas))), 4, axis=1)

    def work() -> str:
        curve = frontier(candidates, limits=limits)
        drawn = inclusion(candidates, limits=limits, value=value, cost=cost)
        regret = least_regret(candidates, limits=limits, value=value, cost=cost, best=drawn.value)
        assert all(one.gap <= WITHIN for one in curve.choices)  # noqa: S101 - as above
        assert (drawn.bound - drawn.value <= WITHIN * drawn.bound).all()  # noqa: S101 - as above
        return f"worst regret {regret.worst[0]:,.0f} instead of {regret.worst[1]:,.0f}, at least {regret.least:,.0f}"

    return taken(work)


def covering(points: int, sites: int) -> Taken[float]:
    """Open 40 of the sites in a region of scattered villages and some towns; return the gap."""
    random = np.random.default_rng(SEED)
    towns = random.uniform(0, 90_000, (60, 2))
    near = towns[random.integers(0, 60, points // 2)] + random.normal(0, 3_000, (points // 2, 2))
    places = np.concatenate([near, random.uniform(0, 90_000, (points - points // 2, 2))])
    people = np.round(random.gamma(1.2, 40, points))
    at = places[random.integers(0, points, sites)] + random.normal(0, 500, (sites, 2))
    reach = reach_within(places, at, metres=RANGE)
    done = taken(lambda: cover(people, reach=reach, sites=min(40, sites // 4), deadline=None))
    assert done.answer.gap <= WITHIN  # noqa: S101 - as above
    return Taken(done.answer.gap, done.processor, done.clock)
