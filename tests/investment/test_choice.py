"""The choice equals enumeration on small worlds, keeps every limit, and says which limit cannot be kept."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectivity.investment import exact_core
from connectivity.investment.choice import (
    Candidates,
    CandidatesError,
    ImpossibleChoiceError,
    PortfolioLimits,
    choose_portfolio,
    compare_choices,
)

EXAMPLES = 120
NEAR = 1e-6


def portfolios(candidates: Candidates, limits: PortfolioLimits):
    """List every portfolio that keeps the limits, by going through all of them: (value, spend, candidates)."""
    by_area = {}
    for place, area in enumerate(candidates.area.tolist()):
        by_area.setdefault(area, [None]).append(place)
    for picked in itertools.product(*by_area.values()):
        chosen = [one for one in picked if one is not None]
        if allowed(candidates, limits, chosen):
            yield value_of(candidates, chosen), spend_of(candidates, chosen), chosen


def value_of(candidates, chosen):
    return math.fsum(candidates.value[chosen])


def spend_of(candidates, chosen):
    opened = {one for one in candidates.facility[chosen].tolist() if one >= 0}
    return math.fsum([*candidates.cost[chosen], *candidates.facility_cost[sorted(opened)]])


def allowed(candidates, limits, chosen):
    """Say whether a portfolio keeps every limit, written without the code under test."""
    areas = candidates.area[chosen].tolist()
    if len(set(areas)) < len(areas) or spend_of(candidates, chosen) > limits.budget + NEAR:
        return False
    if not set(limits.must) <= set(areas) or set(limits.must_not) & set(areas):
        return False
    if limits.at_least and sum(bool(limits.flagged[area]) for area in areas) < limits.at_least:
        return False
    for floors, ceilings, column in (
        (limits.spend_floor, limits.spend_ceiling, candidates.cost),
        (limits.value_floor, limits.value_ceiling, candidates.value),
    ):
        for group in floors.keys() | ceilings.keys():
            amount = math.fsum(column[one] for one in chosen if limits.group[candidates.area[one]] == group)
            if not floors.get(group, 0) - NEAR <= amount <= ceilings.get(group, math.inf) + NEAR:
                return False
    return True


@st.composite
def worlds(draw, *, whole=True, limited=True):
    """Draw a small world: up to 7 areas, 3 candidates each, 2 masts, 2 groups, and limits that may bite."""
    areas = draw(st.integers(1, 7))
    masts = draw(st.integers(0, 2))
    number = st.integers(1, 12) if whole else st.floats(0.5, 12, allow_nan=False)
    columns = []
    for area in range(areas):
        for kind in range(draw(st.integers(0 if area else 1, 3))):
            facility = draw(st.integers(-1, masts - 1)) if limited else -1
            columns.append((area, draw(number), draw(number), kind, facility))
    area, cost, value, kind, facility = (list(part) for part in zip(*columns, strict=True))
    candidates = Candidates(area, cost, value, kind, facility, draw(st.lists(number, min_size=masts, max_size=masts)))
    total = sum(cost)
    limits = {"budget": draw(st.integers(0, math.ceil(total)))}
    if limited:
        places = st.integers(0, areas - 1)
        limits["must"] = draw(st.sets(places, max_size=1))
        limits["must_not"] = draw(st.sets(places, max_size=1)) - limits["must"]
        limits["group"] = np.array(draw(st.lists(st.integers(-1, 1), min_size=areas, max_size=areas)))
        limits["flagged"] = np.array(draw(st.lists(st.booleans(), min_size=areas, max_size=areas)))
        limits["at_least"] = draw(st.integers(0, 2))
        groups = range(limits["group"].max() + 1)
        for name, top in (("spend_floor", 12), ("spend_ceiling", 30), ("value_floor", 12), ("value_ceiling", 30)):
            asked = draw(st.sets(st.sampled_from(groups), max_size=2)) if groups else set()
            limits[name] = {one: draw(st.integers(0, top)) for one in sorted(asked)}
        limits["must"], limits["must_not"] = sorted(limits["must"]), sorted(limits["must_not"])
    return candidates, PortfolioLimits(**limits)


def agree_with_enumeration(candidates, limits):
    """Hold the choice against all portfolios; return it, or None where there is none."""
    every = list(portfolios(candidates, limits))
    if not every:
        with pytest.raises(ImpossibleChoiceError):
            choose_portfolio(candidates, limits=limits, within=0, deadline=None)
        return None
    best = max(value for value, _, _ in every)
    found = choose_portfolio(candidates, limits=limits, within=0, deadline=None)
    assert allowed(candidates, limits, found.chosen.tolist())
    assert found.value == pytest.approx(best, abs=NEAR)
    assert found.bound >= best - NEAR
    assert found.gap <= NEAR
    assert found.spend == pytest.approx(spend_of(candidates, found.chosen.tolist()))
    return found


@given(worlds())
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_choice_is_the_best_of_all_portfolios_with_floors_ceilings_masts_and_flags(world):
    candidates, limits = world
    found = agree_with_enumeration(candidates, limits)
    if found is None:
        return
    every = [one for one in portfolios(candidates, limits) if one[0] >= found.value - NEAR]
    assert found.spend == pytest.approx(min(spend for _, spend, _ in every))
    tied = [chosen for _, spend, chosen in every if spend <= found.spend + NEAR]
    key = lambda chosen: [  # noqa: E731 - read once, beside its only use
        (candidates.area[one], candidates.kind[one], candidates.facility[one]) for one in chosen
    ]
    assert key(found.chosen[np.argsort(candidates.area[found.chosen])].tolist()) == min(map(key, tied), key=ordered)


def ordered(keys):
    """Sort key of the earliest portfolio: the one that has the earlier column where two first differ."""
    return [*keys, (math.inf,)]


@given(worlds(whole=False))
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_choice_is_the_best_where_costs_and_values_are_not_whole(world):
    agree_with_enumeration(*world)


@given(worlds())
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_tolerated_gap_is_proved_and_never_larger(world):
    candidates, limits = world
    every = [value for value, _, _ in portfolios(candidates, limits)]
    if not every:
        return
    found = choose_portfolio(candidates, limits=limits, within=0.2, deadline=None)
    assert allowed(candidates, limits, found.chosen.tolist())
    assert found.gap <= 0.2 + NEAR
    assert found.value <= max(every) + NEAR <= found.bound + 2 * NEAR


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_order_of_the_candidates_does_not_matter(world, random):
    candidates, limits = world
    if not any(True for _ in portfolios(candidates, limits)):
        return
    order = list(range(len(candidates)))
    random.shuffle(order)
    names = ("area", "cost", "value", "kind", "facility")
    shuffled = Candidates(
        **{name: getattr(candidates, name)[order] for name in names}, facility_cost=candidates.facility_cost
    )
    for within in (0, 1e-4):
        one = choose_portfolio(candidates, limits=limits, within=within, deadline=None)
        other = choose_portfolio(shuffled, limits=limits, within=within, deadline=None)
        assert sorted(np.array(order)[other.chosen].tolist()) == one.chosen.tolist()
        assert (other.value, other.bound, other.price) == (one.value, one.bound, one.price)


@given(worlds(limited=False), st.integers(0, 40))
@settings(max_examples=EXAMPLES, deadline=None)
def test_more_money_never_buys_less(world, more):
    candidates, limits = world
    richer = PortfolioLimits(budget=limits.budget + more)
    less, most = (choose_portfolio(candidates, limits=one, within=0, deadline=None) for one in (limits, richer))
    assert most.value >= less.value
    assert less.spend <= limits.budget


def test_groups_at_a_national_size_are_solved_by_themselves(monkeypatch):
    """Without the common core: what is left is the portfolio and the bound made of the groups' own searches."""
    candidates, limits = many(areas=400, groups=8)
    alone = choose_portfolio(candidates, limits=limits, within=1e-3)
    monkeypatch.setattr(exact_core, "_closed", lambda _program, solution, **_: solution)
    apart = choose_portfolio(candidates, limits=limits, within=1e-3)
    assert allowed(candidates, limits, apart.chosen.tolist())
    assert apart.gap <= 1e-3
    best = choose_portfolio(candidates, limits=limits, within=0)
    assert apart.value <= best.value + NEAR <= apart.bound + 2 * NEAR
    assert alone.value <= best.value + NEAR


def many(*, areas, groups, masts=0, seed=7):
    """Make a world of four candidates an area, with floors that bite."""
    random = np.random.default_rng(seed)
    cost = random.uniform(20_000, 200_000, (areas, 4)) * [1.0, 0.5, 0.3, 0.6]
    value = random.uniform(10, 150, (areas, 1)) * [1.0, 0.7, 0.4, 0.6] * random.uniform(0.8, 1.2, (areas, 4))
    facility = np.full((areas, 4), -1)
    if masts:
        facility[:, 2] = random.integers(0, masts, areas)
    place = np.repeat(np.arange(areas), 4)
    kind = np.tile(np.arange(4), areas)
    candidates = Candidates(place, cost.ravel(), value.ravel(), kind, facility.ravel(), random.uniform(2e5, 4e5, masts))
    budget = float(cost[:, 0].sum()) / 10
    group = np.arange(areas) * groups // areas
    floors = dict.fromkeys(range(groups), 0.8 * budget / groups)
    return candidates, PortfolioLimits(budget=budget, group=group, spend_floor=floors)


@pytest.mark.parametrize("masts", [0, 20])
def test_hundreds_of_areas_are_proved_to_one_in_ten_thousand(masts):
    candidates, limits = many(areas=400, groups=8, masts=masts)
    found = choose_portfolio(candidates, limits=limits)
    assert allowed(candidates, limits, found.chosen.tolist())
    assert found.gap <= 1e-4
    assert found.price > 0


def test_a_deadline_in_the_past_never_claims_a_proof():
    candidates, limits = many(areas=400, groups=8, masts=20)
    with pytest.raises(ImpossibleChoiceError, match="in time"):
        choose_portfolio(candidates, limits=limits, within=0, deadline=0.0)


def test_a_short_deadline_gives_the_best_so_far_and_the_gap_proved_so_far(monkeypatch):
    candidates, limits = many(areas=400, groups=8)
    monkeypatch.setattr(exact_core.Deadline, "passed", property(lambda _: True))
    # Prices are there at once; the groups' own searches are interrupted before they have anything.
    plain = PortfolioLimits(budget=limits.budget)
    found = choose_portfolio(candidates, limits=plain, within=0)
    monkeypatch.undo()
    best = choose_portfolio(candidates, limits=plain, within=0)
    assert found.value <= best.value <= found.bound
    assert 0 < found.gap < 0.01


# --- Prices -------------------------------------------------------------------------------------------------------


def test_the_price_of_the_budget_is_what_one_pound_more_buys():
    candidates = Candidates(np.arange(50), np.full(50, 100.0), np.arange(50, 0, -1.0), np.zeros(50), np.full(50, -1))
    found = choose_portfolio(candidates, limits=PortfolioLimits(budget=1_000), within=0)
    assert found.value == sum(range(41, 51))
    assert found.price == pytest.approx(40 / 100)


def test_each_limit_has_its_price():
    candidates = Candidates([0, 1, 2, 3], [10.0] * 4, [9.0, 7.0, 5.0, 3.0], [0] * 4, [-1] * 4)
    limits = PortfolioLimits(budget=20, must=[3], must_not=[0])
    prices = choose_portfolio(candidates, limits=limits, within=0).prices
    # Of 20, 10 go to area 3; the next best after area 1 is area 2, at .5 for a pound.
    assert prices.budget == pytest.approx(0.5)
    assert prices.must[3] == pytest.approx(10 * 0.5 - 3)
    assert prices.must_not[0] == pytest.approx(9 - 10 * 0.5)
    grouped = PortfolioLimits(budget=25, group=np.array([0, 0, 0, 1]), spend_floor={1: 8})
    assert choose_portfolio(candidates, limits=grouped, within=0).prices.spend_floor[1] > 0
    flagged = PortfolioLimits(budget=25, flagged=np.array([False, False, False, True]), at_least=1)
    assert choose_portfolio(candidates, limits=flagged, within=0).prices.at_least > 0


def test_greedy_is_never_better_and_is_said_where_it_keeps_the_limits():
    candidates = Candidates([0, 1, 2], [50.0, 60.0, 50.0], [50.0, 66.0, 50.0], [0, 0, 0], [-1, -1, -1])
    assert choose_portfolio(candidates, limits=PortfolioLimits(budget=100)).greedy_value == 66
    limits = PortfolioLimits(budget=100, group=np.array([0, 1, 0]), spend_floor={0: 50})
    assert math.isnan(choose_portfolio(candidates, limits=limits).greedy_value)


def test_a_shared_mast_is_paid_once():
    candidates = Candidates([0, 1, 2], [1.0, 1.0, 5.0], [4.0, 4.0, 5.0], [0, 0, 0], [0, 0, -1], [6.0])
    found = choose_portfolio(candidates, limits=PortfolioLimits(budget=8), within=0)
    assert (found.chosen.tolist(), found.opened.tolist(), found.spend) == ([0, 1], [0], 8)
    assert choose_portfolio(candidates, limits=PortfolioLimits(budget=7), within=0).chosen.tolist() == [2]


def test_nothing_affordable_is_proved_to_be_nothing():
    candidates = Candidates([0], [1.0], [2.0], [0], [0], [1.0, 1.0])
    found = choose_portfolio(candidates, limits=PortfolioLimits(budget=1), within=0.2)
    assert (found.chosen.tolist(), found.bound, found.gap) == ([], 0, 0)


def test_who_loses_when_an_area_is_forced_in():
    candidates = Candidates([0, 1, 2], [5.0, 4.0, 1.0], [9.0, 6.0, 1.0], [0, 0, 0], [-1, -1, -1])
    group = np.array([0, 1, 1])
    limits = PortfolioLimits(budget=5, group=group)
    free = choose_portfolio(candidates, limits=limits, within=0)
    forced = choose_portfolio(candidates, limits=PortfolioLimits(budget=5, group=group, must=[1]), within=0)
    change = compare_choices(candidates, free, forced, limits=limits)
    assert (change.served.tolist(), change.dropped.tolist(), change.changed.tolist()) == ([1, 2], [0], [])
    assert (change.value, change.spend, change.by_group.tolist()) == (-2, 0, [-9, 7])


# --- Input that cannot be -----------------------------------------------------------------------------------------

FIVE = Candidates(np.arange(5), np.full(5, 10.0), np.ones(5), np.zeros(5), np.full(5, -1))
GROUP = np.array([0, 0, 1, 1, -1])


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"budget": math.nan}, "budget is no amount"),
        ({"budget": -1}, "budget is no amount"),
        ({"budget": 15, "must": [0, 1]}, "areas that have to be served cost more than the budget"),
        ({"budget": 50, "must": [9], "area_names": ["Ash", "Box"]}, "no candidate is there"),
        ({"budget": 50, "must": [1], "must_not": [1], "area_names": ["Ash", "Box"]}, "Box"),
        ({"budget": 50, "group": GROUP, "spend_floor": {0: 21}}, "spend floor of group 0"),
        ({"budget": 50, "group": GROUP, "value_floor": {1: 3}, "group_names": ["X", "Dorset"]}, "floor of Dorset"),
        ({"budget": 25, "group": GROUP, "spend_floor": {0: 15, 1: 15}}, "add up to more than the budget"),
        ({"budget": 50, "group": GROUP, "spend_floor": {0: 15}, "spend_ceiling": {0: 12}}, "above its spend ceiling"),
        ({"budget": 50, "group": GROUP, "must": [0, 1], "spend_ceiling": {0: 12}}, "cost more than its spend ceiling"),
        ({"budget": 50, "group": GROUP, "spend_floor": {7: 1}}, "no area belongs to"),
        ({"budget": 50, "group": GROUP, "spend_ceiling": {0: math.nan}}, "is no amount"),
        ({"budget": 50, "group": GROUP[:3], "spend_floor": {0: 1}}, "one entry an area"),
        ({"budget": 50, "flagged": np.eye(5, dtype=bool)[0], "at_least": 2}, "cannot be served"),
        ({"budget": 15, "flagged": np.ones(5, dtype=bool), "at_least": 2}, "cost more than the budget"),
        ({"budget": 20, "group": GROUP, "value_floor": {0: 2}, "must": [4]}, "budget is too small"),
        ({"budget": 50, "group": GROUP, "spend_floor": {0: 5}, "spend_ceiling": {0: 8}}, "floors cannot be kept"),
    ],
)
def test_limits_that_cannot_be_kept_say_which_bites(limits, said):
    with pytest.raises(ImpossibleChoiceError, match=said):
        choose_portfolio(FIVE, limits=PortfolioLimits(**limits))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cost": [1.0, -1.0]}, "the column cost"),
        ({"cost": [1.0, math.nan]}, "the column cost"),
        ({"cost": [1.0, 0.0]}, "the column cost"),
        ({"cost": [1.0, math.inf]}, "the column cost"),
        ({"value": [1.0, math.nan]}, "the column value"),
        ({"value": [1.0, -2.0]}, "the column value"),
        ({"facility": [0, 3]}, "the column facility"),
        ({"facility_cost": [math.nan]}, "the column facility_cost"),
        ({"area": [-1, 0]}, "the column area"),
        ({"area": [0]}, "differ in length"),
        ({"area": [1, 1]}, "more than once"),
    ],
)
def test_candidates_that_cannot_be_are_refused(change, said):
    good = {"area": [0, 1], "cost": [1.0, 2.0], "value": [1.0, 2.0], "kind": [0, 0], "facility": [0, 0]}
    with pytest.raises(CandidatesError, match=said):
        Candidates(**({**good, "facility_cost": [1.0]} | change))
