"""The checks behind docs/validation.md do what they say, on worlds small enough to see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand import coverage
from hypothesis import given
from hypothesis import strategies as st
from worlds import world_2013, world_today

from benchmarks import boundary_effect, drivers, enumerated, held_out, paper, perturbed
from benchmarks.rescoring import Case
from connectivity.build import assess
from layers.joined import join_layers
from layers.study import read_study


@pytest.fixture(scope="module", params=[world_today, world_2013])
def built(request, tmp_path_factory):
    study = read_study(request.param(tmp_path_factory.mktemp("world")).study())
    joined = join_layers(study)
    joined = replace(joined, areas=joined.areas.assign(separable=True))  # what ranks them is checked here, not if
    return study, joined, assess(joined, study)[0]


def case_of(built) -> Case:
    study, joined, _ = built
    return Case.of(joined, study)


def test_the_checks_score_as_a_build_does(built):
    scores = case_of(built).scores()
    assert scores.tolist() == pytest.approx(built[2]["score"].tolist(), nan_ok=True)


def test_the_world_on_paper_comes_out_as_on_paper():
    found = paper.computed()
    assert found.to_dict() == pytest.approx({name: value for name, (_, value) in paper.PAPER.items()})
    assert "| Birch | 75 and 3 fail" in paper.section()


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2).filter(lambda r: len({g for _, g in r}) == 2))
def test_the_chance_to_be_worse_is_that_of_all_pairs(rows):
    score = pd.Series([float(value) for value, _ in rows])
    group = pd.Series([inside for _, inside in rows])
    pairs = [(a > b) + (a == b) / 2 for a in score[group] for b in score[~group]]
    assert held_out.chance_worse(score, group=group) == pytest.approx(np.mean(pairs))


def test_a_release_without_a_flag_cannot_be_held_against_it():
    with pytest.raises(ValueError, match="no such flag"):
        held_out.flagged(coverage({"alder": [1] * 7}))


def test_the_share_in_flagged_postcodes_is_of_the_lines_that_are_known():
    table = coverage({"alder": [10, 0, 0, 0, 0, 0, 30]}, unknown=60)
    assert held_out.flagged(replace(table, able=table.table[table.columns] / 2)).tolist() == [0.5]


def test_lines_that_become_faster_are_neither_lost_nor_made():
    table = coverage({f"area {i}": [10, 20, 30, 40, 50, 60, 70] for i in range(50)}, below_decent=12)
    random = np.random.default_rng(1)
    by = pd.Series(random.random(50), index=table.table.index)
    faster = perturbed.with_faster_lines(table, by, random)
    before, after = table.table[table.columns], faster.table[table.columns]
    assert after.sum(axis=1).tolist() == pytest.approx(before.sum(axis=1).tolist())
    assert (after.cumsum(axis=1) <= before.cumsum(axis=1) + 1e-9).all(axis=None)  # never slower
    assert (faster.table["below_decent"] <= 12).all()
    assert (faster.table["below_decent"] < 12).any()


def test_fixed_wireless_serves_and_reaches_more_and_never_more_than_there_are():
    table = coverage({"alder": [10, 0, 0, 0, 0, 0, 30], "birch": [10, 0, 0, 0, 0, 0, 30]}, below_decent=8, fwa=20)
    half = pd.Series([0.5, 0.0], index=table.table.index)
    better = perturbed.with_more_wireless(table, decent=half, reach=half).table
    assert better["below_decent"].tolist() == [4, 8]
    assert better["fwa"].tolist() == [30, 20]


def test_no_improvement_raises_a_score_or_a_count(built):
    case = case_of(built)
    found = perturbed.outcome(case, passes=15)
    assert found.total == 15 * len(case.counts().dropna())
    assert found.rose == {}
    assert set(perturbed.ROUTES) <= set(found.made) or not case.coverage.has_fwa
    assert perturbed.outcome(replace(case, count_fwa=False), passes=15).rose == {}


def test_a_count_that_rises_is_noticed(built, monkeypatch):
    case, right = case_of(built), Case.counts
    monkeypatch.setattr(Case, "counts", lambda self: -right(self))
    found = perturbed.outcome(case, passes=10)
    assert found.counts
    assert not found.scores


def test_areas_that_cannot_be_told_apart_have_counts_and_no_score(built):
    case = case_of(built)
    alike = replace(case, facts=case.facts.assign(separable=False))
    assert alike.scores().isna().all()
    assert alike.counts().equals(case.counts())


def test_a_wrong_score_would_be_noticed(built, monkeypatch):
    case = case_of(built)
    right = Case.scores
    monkeypatch.setattr(Case, "scores", lambda self: 99 - right(self))
    assert perturbed.outcome(case, passes=10).rose


def test_chances_by_enumeration_are_found_by_draws(built):
    found = enumerated.agreement(case_of(built), draws=600)
    assert found.ways == (6 if built[1].coverage.has_fwa else 3)
    assert found.areas == 6
    assert found.furthest <= 0.09  # the seed is fixed; four standard errors of a chance of one half are .082


def test_a_study_is_scored_again_by_its_wards(built):
    study, joined, areas = built
    found = boundary_effect.effects(study, joined, areas)
    wards = found[-1]
    assert wards.unit.startswith("ward")
    assert wards.areas == 6
    assert -1 <= wards.tau <= 1
    assert "| world | ward" in boundary_effect.section({"world": found})


def test_drivers_are_written_for_every_headline(built, monkeypatch):
    found = drivers.section({"world": (case_of(built), built[2])})
    assert found.count("| world |") == 1 + 2 * drivers.SHOWN
    assert ("fell short" in found) == (built[1].coverage.unit == "lines")
