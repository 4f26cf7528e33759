"""The run: its chances, its seeds, its error, and exact enumeration on a tiny world."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand import COLUMNS, coverage
from hypothesis import given, settings
from hypothesis import strategies as st

from connectivity.method.records import INDICATORS
from connectivity.method.uncertain import Uncertain
from connectivity.robustness import run as engine
from connectivity.robustness.draws import WEIGHTS_LABEL, Draws, inputs_of, scored_areas
from connectivity.robustness.ranks import EXACT, Tally, bins, chunk_sums, in_worst, ranks_of, worst_tenth_size
from connectivity.robustness.run import Model, Plan, rank_draws, scores_of

CHOSEN = [INDICATORS[key] for key in ("older_residents", "disabled_residents", "rail_station")]
EVEN = (0.25, 0.25, 0.25, 0.25)


def world(areas=12, *, seed=1):
    random = np.random.default_rng(seed)
    counts = {f"E0100{number:04d}": random.integers(0, 60, len(COLUMNS)) + 1 for number in range(areas)}
    made = coverage(counts, unknown=9, below_decent=4, fwa=40)
    columns = {"older_share": 0.5, "disabled_share": 0.4, "station_km": 12}
    facts = pd.DataFrame({name: random.uniform(0, top, areas) for name, top in columns.items()}, index=list(counts))
    evidence = scored_areas(made, joined=facts, scored=facts.index, indicators=CHOSEN)
    return evidence, inputs_of(made, indicators=CHOSEN, count_fwa=True, aggregation=0)


def test_the_same_seed_gives_the_same_figures_whatever_the_threads_do(monkeypatch):
    evidence, inputs = world(40)
    plan = Plan(inputs, EVEN, draws=170, seed=7)
    first = rank_draws(evidence, plan=plan)
    monkeypatch.setattr(engine, "WORKERS", 1)
    second = rank_draws(evidence, plan=plan)
    assert (first.seen == second.seen).all()
    assert (first.influence()[1] == second.influence()[1]).all()
    third = rank_draws(evidence, plan=replace(plan, seed=8))
    assert (first.seen != third.seen).any()


def test_another_input_changes_no_other_draws():
    evidence, inputs = world()
    more = Uncertain("new", "something new", 0, 1, 2, "triangle", "", "assumption")
    one = Plan(inputs, EVEN, draws=60, seed=7).all_values()
    other = Plan((more, *inputs), EVEN, draws=90, seed=7).all_values()
    for key, value in one.inputs.items():
        assert (value == other.inputs[key][:60]).all(), key
    assert (one.weights == other.weights[:60]).all()
    tally = rank_draws(evidence, plan=Plan((more, *inputs), EVEN, draws=60, seed=7))  # the engine takes it as it is
    assert "something new" in tally.influence()[0]


@given(st.integers(2, 30), st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_chances_are_chances_and_ranks_are_ranks(areas, seed):
    evidence, inputs = world(areas, seed=seed)
    tally = rank_draws(evidence, plan=Plan(inputs, EVEN, draws=60, seed=seed), worst=(1, 5))
    for what in range(5):
        assert ((tally.chance(what) >= 0) & (tally.chance(what) <= 1)).all()
    assert (tally.chance(3) <= tally.chance(2)).all()
    assert (tally.seen.sum(axis=1) == 60).all()
    low, middle, high = tally.quantiles(0.05, 0.5, 0.95)
    assert ((low >= 1) & (low <= middle) & (middle <= high) & (high <= areas)).all()
    names, influence = tally.influence()
    assert influence.shape == (len(names), areas)
    assert ((influence >= 0) & (influence <= 1)).all()
    assert WEIGHTS_LABEL in names


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), st.integers(1, 40))
def test_ranks_are_pandas_ranks_and_the_threshold_agrees_with_them(scores, places):
    row = np.array([scores], dtype=np.float32)
    ranks = ranks_of(row)
    assert ranks[0].tolist() == pd.Series(scores).rank(method="min", ascending=False).tolist()
    places = min(places, len(scores))
    assert (in_worst(row, places=places) == (ranks <= places)).all()


@given(st.integers(1, 4_000), st.integers(0, 20), st.booleans())
@settings(max_examples=30, deadline=None)
def test_the_quick_threshold_is_exact_for_many_areas(areas, seed, tied):
    row = np.random.default_rng(seed).exponential(size=(1, areas)).astype(np.float32)
    row = np.round(row, 1) if tied else row
    assert (in_worst(row, places=worst_tenth_size(areas)) == (ranks_of(row) <= worst_tenth_size(areas))).all()


def test_fixed_wireless_is_not_switched_on_where_an_area_has_no_figure():
    evidence, inputs = world()
    made = coverage({code: [5, 5, 5, 20, 50, 50, 50] for code in evidence.areas}, unknown=9, below_decent=4, fwa=40)
    made.table.loc[evidence.areas[0], ["below_decent", "fwa"]] = float("nan")
    facts = pd.DataFrame({"older_share": 0.2, "disabled_share": 0.2, "station_km": 3}, index=evidence.areas)
    gathered = scored_areas(made, joined=facts, scored=facts.index, indicators=CHOSEN)
    less = inputs_of(made, indicators=CHOSEN, count_fwa=False, aggregation=0, areas=facts.index)
    assert {one.key for one in inputs} - {one.key for one in less} == {"fwa", "fwa chance", "fwa overlap"}
    assert np.isfinite(scores_of(gathered, plan=Plan(less, EVEN, draws=60, seed=1))).all()
    rest = inputs_of(made, indicators=CHOSEN, count_fwa=True, aggregation=0, areas=facts.index[1:])
    assert "fwa" in {one.key for one in rest}


def test_inputs_that_are_held_may_be_worked_out_once():
    evidence, inputs = world(30)
    held = Plan(tuple(one.held() for one in inputs), EVEN, draws=120, seed=3)  # weights alone vary
    model = Model.of(evidence, inputs=held.inputs, weights=EVEN)
    assert model.shares is not None
    anew = replace(model, shares=None, sides=dict.fromkeys(model.sides))
    known, found = (one.scores(held.all_values()) for one in (model, anew))
    assert found[0] == pytest.approx(known[0], rel=1e-5)
    assert found[1] == pytest.approx(known[1], rel=1e-4, abs=1e-4)


def test_bins_beyond_the_exact_ones_are_narrow():
    areas = 35_000
    of_rank = bins(areas)[1:]
    assert (np.diff(of_rank) >= 0).all()
    edges = np.flatnonzero(np.diff(of_rank)) + 1
    first = np.arange(1, areas + 1)[edges]
    first = first[first > 256]
    assert (np.diff(first) / first[:-1]).max() <= 0.02 + 1 / 257  # a bin holds whole ranks
    assert bins(EXACT)[1:].tolist() == list(range(EXACT))


def test_monte_carlo_agrees_with_every_case_counted():
    """Six cases, each as likely: two ways to count fixed wireless, three to join.

    A share of 6,000 draws misses its chance by more than 4 standard errors in 1 of 15,000 trials; some 40 shares are
    held, of a fixed seed: the alarm would have been false with a chance under 1 in 300, once.
    """
    evidence, inputs = world(14, seed=4)
    kept = tuple(one if one.key in {"fwa", "aggregation"} else one.held() for one in inputs)
    draws = 6_000
    tally = rank_draws(evidence, plan=Plan(kept, EVEN, draws=draws, seed=11, vary_weights=False), worst=(1, 3))
    cases = list(itertools.product((0, 1), (0, 1, 2)))
    usual = Plan(tuple(one.held() for one in inputs), EVEN, draws=len(cases), seed=0, vary_weights=False).all_values()
    values = dict(usual.inputs)
    values["fwa"], values["aggregation"] = np.float32(cases).T
    _, score = Model.of(evidence, inputs=kept, weights=EVEN).scores(Draws(values, usual.weights))
    ranks = ranks_of(score)
    assert len({tuple(row) for row in ranks}) > 1, "the world must have more than one ranking"
    for place, worst in enumerate((1, 3)):
        exact = (ranks <= worst).mean(axis=0)
        error = 4 * np.sqrt(exact * (1 - exact) / draws)
        assert (np.abs(tally.chance(place) - exact) <= error).all()


def test_four_times_the_draws_halve_the_error():
    """Root mean square error of a chance falls as 1/√n.

    Forty runs of 100 and of 400 draws: the ratio of the two mean squares, 4 in expectation, follows F with at least
    40 and 40 degrees of freedom if the areas were one: within 4/2.6 and 4·2.6 it raises a false alarm in under 1 of
    300 seeds (F(40, 40) beyond 2.6 either way: 0.3 %); the seeds are fixed, so it was drawn once.
    """
    evidence, inputs = world(20, seed=2)
    truth = rank_draws(evidence, plan=Plan(inputs, EVEN, draws=40_000, seed=999)).chance(2)
    place = int(np.abs(truth - 0.5).argmin())
    assert 0.05 < truth[place] < 0.95
    error = {}
    for draws in (100, 400):
        plans = [Plan(inputs, EVEN, draws=draws, seed=seed) for seed in range(40)]
        found = np.array([rank_draws(evidence, plan=plan).chance(2)[place] for plan in plans])
        error[draws] = float(np.mean((found - truth[place]) ** 2))
    assert 4 / 2.6 <= error[100] / error[400] <= 4 * 2.6


def test_scores_of_a_few_are_those_of_all():
    evidence, inputs = world(20)
    plan = Plan(inputs, EVEN, draws=60, seed=5)
    every = scores_of(evidence, plan=plan)
    assert every.shape == (60, 20)
    assert math.isfinite(float(every.max()))


def test_the_driver_is_what_moves_the_rank():
    draws, areas = 4_000, 5
    random = np.random.default_rng(1)
    inputs = random.normal(size=(draws, 3)).astype(np.float32)
    noise = random.normal(size=(draws, areas)).astype(np.float32)
    signal = np.stack([inputs[:, 0], inputs[:, 1] + inputs[:, 2], noise[:, 2], 0 * inputs[:, 0], inputs[:, 0]], axis=1)
    ranks = np.round(200 + 20 * signal + random.normal(size=(draws, areas))).astype(np.int32)
    ranks[:, 3] = 7
    tally = Tally.empty(1_000, labels=["a", "b", "b"], worst=(), draws=draws, noise_label="own")
    tally.areas = areas
    tally.add(chunk_sums(ranks, np.zeros((draws, areas), np.float32), drawn=inputs, noise=noise, worst=()))
    names, influence = tally.influence()
    assert names == ("a", "b", "own")
    assert [names[place] for place in influence.argmax(axis=0)[[0, 1, 2, 4]]] == ["a", "b", "own", "a"]
    assert influence[:, 3].tolist() == [0, 0, 0]
    assert influence.max(axis=0)[[0, 1, 2, 4]] == pytest.approx(1, abs=0.01)
