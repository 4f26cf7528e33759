"""The cover equals enumeration on small worlds, and cannot be asked for what cannot be."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from connectivity.investment.covering import CoveringError, cover, reach_within


@st.composite
def worlds(draw):
    points, sites = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    whole = lambda size, top: draw(st.lists(st.integers(0, top), min_size=size, max_size=size))  # noqa: E731 - short
    reach = np.array(whole(points * sites, 1), dtype=bool).reshape(points, sites)
    already = np.array(whole(points, 4)) == 4
    return np.array(whole(points, 20), dtype=float), reach, np.array(whole(sites, 9), dtype=float), already


def best_of_all(people, reach, cost, already, *, sites, budget):
    """Go through every set of sites."""
    best = -1.0
    for count in range(sites + 1):
        for opened in itertools.combinations(range(reach.shape[1]), count):
            if cost[list(opened)].sum() <= budget:
                best = max(best, people[already | reach[:, list(opened)].any(axis=1)].sum())
    return best


@given(worlds(), st.integers(0, 4), st.integers(0, 25))
@settings(max_examples=100, deadline=None)
def test_the_cover_is_the_best_of_all(world, sites, budget):
    people, reach, cost, already = world
    found = cover(
        people, reach=sparse.csr_array(reach), sites=sites, cost=cost, budget=budget, already=already, within=0
    )
    best = best_of_all(people, reach, cost, already, sites=min(sites, reach.shape[1]), budget=budget)
    assert found.people == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    assert len(found.opened) <= sites
    assert cost[found.opened].sum() <= budget
    assert (found.covered == (already | reach[:, found.opened].any(axis=1))).all()
    assert found.people == people[found.covered].sum()


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_points_does_not_change_how_many_are_reached(world, random):
    people, reach, _, _ = world
    order = list(range(len(people)))
    random.shuffle(order)
    one, other = (cover(people[o], reach=sparse.csr_array(reach[o]), sites=2, within=0) for o in (slice(None), order))
    assert one.people == other.people


def test_more_sites_never_reach_fewer():
    random = np.random.default_rng(3)
    reach = reach_within(random.uniform(0, 20_000, (200, 2)), random.uniform(0, 20_000, (40, 2)), metres=3_000)
    people = random.integers(1, 100, 200).astype(float)
    found = [cover(people, reach=reach, sites=sites) for sites in range(1, 8)]
    assert all(one.gap <= 1e-4 for one in found)
    assert np.diff([one.people for one in found]).min() >= 0


def test_reach_is_by_the_way_not_as_the_crow_flies():
    points, sites = np.array([[0.0, 0.0]]), np.array([[1_000.0, 0.0]])
    assert reach_within(points, sites, metres=1_000).nnz == 1
    assert reach_within(points, sites, metres=1_000, detour=1.3).nnz == 0


def test_nobody_within_reach_opens_nothing():
    found = cover(np.array([5.0, 0.0]), reach=sparse.csr_array(np.array([[False], [True]])), sites=1)
    assert (found.opened.tolist(), found.people, found.gap) == ([], 0, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"people": np.array([math.nan, 1.0])}, "of people cannot be"),
        ({"people": np.array([-1.0, 1.0])}, "of people cannot be"),
        ({"cost": np.array([math.nan])}, "of cost cannot be"),
        ({"people": np.array([1.0])}, "do not fit together"),
        ({"sites": -1}, "below nothing"),
        ({"budget": math.nan}, "below nothing"),
    ],
)
def test_what_cannot_be_is_refused(change, said):
    given = {"people": np.ones(2), "sites": 1} | change
    with pytest.raises(CoveringError, match=said):
        cover(given.pop("people"), reach=sparse.csr_array(np.ones((2, 1), dtype=bool)), **given)
