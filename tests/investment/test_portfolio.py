"""A plan for a budget: schemes of neighbours, three states of eligibility, limits that hold, and files all or none."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hand_builds import NORTH, SOUTH, code, hand_build
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from connectivity import cli
from connectivity.claims.about_investment import portfolio_claims, portfolio_table, who_can_act
from connectivity.investment import portfolio as portfolio_module
from connectivity.investment.candidates import (
    ALIKE,
    NO_FIGURE,
    NOT_LISTED,
    NOT_WHITE,
    OUT_OF_SCOPE,
    TOO_SMALL,
    Ground,
    areas_left_out,
    drawn_offers,
    drawn_whole,
    grouped,
    opportunities,
)
from connectivity.investment.choice import ImpossibleChoiceError
from connectivity.investment.costs import LEAST_SIZE, CostError
from connectivity.investment.eligibility import NOT_KNOWN, ScopeError, eligibility
from connectivity.investment.interventions import INTERVENTIONS, interventions_named
from connectivity.investment.portfolio import (
    AmountError,
    PlaceNameError,
    PortfolioRequest,
    named,
    plan_portfolio,
    pounds_of,
)
from connectivity.robustness.count_draws import WHOLE, CountDraws
from layers.errors import LayerError

COUNTS = {
    0: (900, 0, 200, 300, 400),
    2: (900, 0, 150, 250, 380),
    4: (900, 0, 400, 600, 700),
    1: (900, 0, 300, 520, 700),
    3: (900, 0, 100, 110, 130),
    5: (900, 300),
}
"""Boxes in a row: three of Northshire, then three of Southshire, the last without figures."""


def world(**changes):
    build = hand_build(COUNTS, **changes)
    build.areas["rural_urban"], build.areas["premises_per_km2"] = "Rural village", 100.0
    build.areas["residents"] = 1800.0
    return build


def ground(build, rural=True):
    index = build.areas.index
    return Ground(pd.Series(rural, index=index), pd.Series(np.linspace(200, 900, len(index)), index=index))


def possible(build=None, *, keys=("full-fibre",), **asked):
    build = build or world()
    chosen = interventions_named(list(keys), profile=asked.get("activity", "remote"))
    return opportunities(build, ground=ground(build), interventions=chosen, **({"counted": "premises"} | asked))


@pytest.fixture
def planned(monkeypatch):
    """Plan over the hand-made world."""

    def plan(build=None, **asked):
        build = build or world()
        monkeypatch.setattr(portfolio_module, "ground_of", lambda build, folder: ground(build))  # noqa: ARG005
        request = PortfolioRequest(**({"budget": 1.6e6, "counted": "premises"} | asked))
        return plan_portfolio(build, folder=None, request=request, draws=40)

    return plan


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        *(("5m", 5e6), ("£500k", 5e5), ("5,000,000", 5e6), ("1.25M", 1.25e6)),
        *((text, None) for text in ("£ 5m", "5 mil", "", "-5m", "0", "5,00", "nan", "five")),
    ],
)
def test_a_budget_is_read_or_refused_with_what_was_expected(text, pounds):
    if pounds is not None:
        assert pounds_of(text, option="--budget") == pounds
        return
    with pytest.raises(AmountError) as refused:
        pounds_of(text, option="--budget")
    assert "5m, £500k or 5,000,000" in str(refused.value)
    assert "--budget" in str(refused.value)


def test_schemes_are_neighbours_of_one_council_with_enough_premises():
    found = possible()
    assert [sorted(codes) for codes in found.schemes["areas"]] == [[code(0), code(2)], [code(4)], [code(1), code(3)]]
    assert (found.schemes["passed"] >= LEAST_SIZE.value).all()
    assert found.schemes["gap"].tolist() == [550, 600, 630]
    assert found.areas.loc[code(5), "reason"] == NO_FIGURE
    assert areas_left_out(found)[NO_FIGURE][0] == 1


def test_what_cannot_reach_the_least_size_or_cannot_be_told_apart_is_named_and_left_out():
    build = hand_build({0: (900, 0, 20, 60, 90), 1: (900, 0, 500, 600, 700), 3: (900, 0, 500, 650, 700)})
    build.areas["residents"], build.areas["rural_urban"] = 1800.0, "Rural"
    build.areas.loc[code(3), "separable"] = False
    found = possible(build)
    assert found.areas["reason"].to_dict() == {code(0): TOO_SMALL, code(1): "", code(3): ALIKE}
    assert areas_left_out(found)[TOO_SMALL] == (1, 60)


@given(
    passed=st.lists(st.floats(1, 900), min_size=1, max_size=12),
    links=st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20),
)
def test_grouping_loses_no_place_joins_only_neighbours_and_leaves_small_groups_only_without_any(passed, links):
    count = len(passed)
    near = [set() for _ in passed]
    for one, other in links:
        if one != other and max(one, other) < count:
            near[one].add(other)
            near[other].add(one)
    group = grouped(np.array(passed), near, least=500)
    for name in set(group.tolist()):
        inside = set(np.flatnonzero(group == name).tolist())
        reached, edge = {name}, [name]
        while edge:
            edge = [one for one in near[edge.pop()] & inside - reached if not reached.add(one)] + edge
        assert reached == inside
        if sum(passed[place] for place in inside) < 500:
            assert not set().union(*(near[place] for place in inside)) - inside


def test_without_the_list_of_white_premises_eligibility_is_not_known_and_scope_is_rural():
    build = world()
    rural = pd.Series([True, False, True, False, True, True], index=build.areas.index)
    found = eligibility(build, rural=rural)
    assert set(found.by_area["standing"]) == {"not known"}
    assert found.heading == NOT_KNOWN
    assert found.by_area["in_scope"].tolist() == rural.tolist()
    half = eligibility(build, rural=rural, assumed=0.5)
    assert (half.by_area["passed"] == found.by_area["passed"] / 2).all()


def with_list(build):
    columns = ("premises", "white_not_planned", "planned", "deferred", "not_planned", "plan_not_known")
    table = {0: (900, 0, 300, 50, 0, 0), 2: (900, 250, 0, 0, 250, 0), 4: (900, 450, 0, 0, 600, 0)}
    table |= {1: (900, 0, 0, 0, 520, 0), 3: (900, 0, 0, 0, 110, 0)}
    for place, name in enumerate(columns):
        build.areas[f"bduk_{name}"] = pd.Series({code(area): row[place] for area, row in table.items()}, dtype=float)
    for name in ("under_review", "not_stated"):
        build.areas[f"bduk_{name}"] = pd.Series({code(area): 0.0 for area in table})
    build.areas.loc[code(3), "bduk_under_review"] = 110.0
    return build


def test_with_the_list_only_white_counts_and_what_is_promised_stands_beside():
    build = with_list(world())
    found = eligibility(build, rural=pd.Series(False, index=build.areas.index))
    table = found.by_area
    standing = {code(0): "not white", code(2): "white", code(4): "white", code(1): "not white"}
    assert table["standing"].to_dict() == standing | {code(3): "not known", code(5): "not known"}
    assert found.heading == ""
    assert table.loc[code(4), "passed"] == 450
    assert table.loc[code(0), "promised"] == 250
    assert not table.loc[code(0), "in_scope"]
    assert math.isnan(table.loc[code(5), "promised"])
    assert table.loc[[code(3), code(5)], "passed"].isna().all()  # not known, which is never none
    possible_there = possible(build)
    assert possible_there.areas.loc[code(3), "reason"] == NOT_LISTED
    assert possible_there.areas.loc[code(1), "reason"] == NOT_WHITE
    assert possible_there.schemes["gap"].sum() == pytest.approx(250 + 600 * 450 / 600)


@pytest.mark.parametrize("asked", [{"scope": "urban"}, {"assumed": 1.5}, {"assumed": float("nan")}])
def test_a_rule_that_cannot_be_read_is_refused(asked):
    build = world()
    with pytest.raises(ScopeError):
        eligibility(build, rural=pd.Series(True, index=build.areas.index), **asked)


def test_a_rule_of_the_readers_own_sets_the_scope():
    build = world()
    build.areas.loc[code(4), "premises_per_km2"] = 400.0
    found = possible(build, scope="under:150")
    assert found.areas.loc[code(4), "reason"] == OUT_OF_SCOPE


def test_people_are_not_made_of_lines():
    build = world(unit="lines", basis="measured sync speeds")
    with pytest.raises(CostError, match="counts lines") as refused:
        possible(build, counted="people")
    assert "--maximise premises" in str(refused.value)


def test_people_come_from_residents_where_they_are_known_and_the_plan_says_where_not():
    build = world()
    assert possible(build, counted="people").schemes["people"].iloc[0] == pytest.approx(550 * 2)
    build.areas["residents"] = float("nan")
    found = possible(build, counted="people")
    assert found.people_estimated
    assert found.schemes["people"].iloc[0] == pytest.approx(550 * 2.4)


def test_a_scheme_costs_its_premises_at_the_level_and_its_own_cost_and_no_premises_counts_twice():
    found = possible(keys=("full-fibre", "voucher"))
    fibre = found.offers["intervention"].eq("full-fibre").to_numpy()
    unit, own = INTERVENTIONS["full-fibre"].cost.best, INTERVENTIONS["full-fibre"].scheme_cost.value
    total = found.schemes["passed"].sum() * unit + len(found.schemes) * own
    assert found.candidates.cost[fibre].sum() == pytest.approx(total)
    assert found.candidates.value[fibre].tolist() == found.schemes["gap"].tolist()
    assert (found.candidates.value[~fibre] < found.candidates.value[fibre]).all()
    assert len(found.candidates) == 2 * len(found.schemes)


def test_draws_move_all_schemes_of_a_draw_together_and_repeat():
    build = world()
    found = possible(build)
    drawn = drawn_offers(found, build=build, draws=400, seed=3)
    assert np.corrcoef(drawn.cost)[0, 1] > 0.9
    assert (drawn.cost > 0).all()
    inside = found.areas[found.areas["scheme"] >= 0].groupby("scheme")
    low, high = (inside[end].sum().to_numpy()[:, None] for end in ("gap_low", "gap_high"))
    assert ((drawn.value >= low - 1e-9) & (drawn.value <= high + 1e-9)).all()
    again = drawn_offers(found, build=build, draws=400, seed=3)
    assert (again.cost == drawn.cost).all()


def test_of_a_modelled_build_schemes_and_the_whole_are_the_sums_of_the_drawn_counts():
    build = world()
    shares = np.linspace(0, WHOLE, len(build.areas) * 7).reshape(len(build.areas), 7).astype(np.uint16)
    drawn = CountDraws(build.areas["premises"], {"remote": shares, "digital": shares})
    build = replace(build, drawn=drawn)
    found = possible(build)
    offers = drawn_offers(found, build=build, draws=7, seed=3)
    for place, codes in enumerate(found.schemes["areas"]):
        there = pd.Series(1.0, index=list(codes))
        assert offers.value[place] == pytest.approx(drawn.sums(there, profile="remote"), rel=1e-5)
    whole = drawn_whole(found, build=build, draws=7, seed=3)
    assert whole == pytest.approx(drawn.sums(pd.Series(1.0, index=build.areas.index), profile="remote"))


def test_a_plan_keeps_its_budget_proves_its_gap_and_buys_more_for_more(planned):
    values = []
    for budget in (1.2e6, 1.6e6, 2.4e6, 4e6):
        plan = planned(budget=budget)
        assert plan.choice.spend <= budget
        assert 0 <= plan.choice.gap <= 1e-4
        values.append(plan.choice.value)
    assert values == sorted(values)
    assert values[-1] == pytest.approx(1780)
    assert plan.choice.spend == pytest.approx(plan.schemes["cost"].sum())


def test_must_have_must_not_and_floors_hold(planned):
    free = {scheme for codes in planned().schemes["areas"] for scheme in codes}
    other = next(one for one in (code(0), code(4), code(3)) if one not in free)
    assert other in {scheme for codes in planned(must=[other]).schemes["areas"] for scheme in codes}
    for one in sorted(free):
        assert one not in {scheme for codes in planned(must_not=[one]).schemes["areas"] for scheme in codes}
    south = planned(budget=3e6, floors={"Southshire": 1e6}).schemes
    assert south.loc[south["district_code"] == SOUTH, "cost"].sum() >= 1e6


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"must": ["E0109999"]}, PlaceNameError, "no area “E0109999”"),
        ({"must": ["Place"]}, PlaceNameError, "could be several"),
        ({"must": [code(5)]}, PlaceNameError, "not enough data"),
        ({"budget": 1e5, "must": [code(4)]}, ImpossibleChoiceError, "100,000"),
        ({"floors": {"Eastshire": 1.0}}, PlaceNameError, "no council “Eastshire”"),
        ({"floors": {NORTH: 9e6}}, ImpossibleChoiceError, "Northshire"),
        ({"interventions": ("full-fibre", "mobile-infill")}, CostError, "different kinds"),
        ({"scope": "towns"}, ScopeError, "under:N"),
    ],
)
def test_what_cannot_be_is_refused_with_what_bites(planned, asked, error, said):
    with pytest.raises(error) as refused:
        planned(**asked)
    assert said in str(refused.value)


def test_a_place_is_meant_by_code_then_name_then_the_beginning_of_one():
    names = pd.Series({"E06000059": "Dorset", "E07000052": "West Dorset", "E07000142": "West Lindsey"})
    asked = {"option": "--floor", "what": "council"}
    assert named("Dorset", names, **asked) == "E06000059"
    assert named("west d", names, **asked) == "E07000052"
    for text in ("west", "", "Kent"):
        with pytest.raises(PlaceNameError):
            named(text, names, **asked)


def test_every_claim_of_a_plan_can_be_said_and_heads_with_what_is_not_known(planned):
    for asked in ({}, {"counted": "people"}, {"budget": 5e4}, {"interventions": ("full-fibre", "voucher")}):
        plan = planned(**asked)
        said = [str(claim.say()) for claim in portfolio_claims(plan)]
        assert said[0].startswith(NOT_KNOWN)
        assert "the inputs are not that sure" in said[0]
        assert all("value for money" not in one for one in said)
        assert any("If only a share" in one for one in said)
    assert planned(budget=5e4).schemes.empty
    known = [str(claim.say()) for claim in portfolio_claims(planned(with_list(world())))]
    assert not any("If only a share" in one for one in known)
    assert any("counts neither as a build" in one for one in known)


def test_lines_of_the_past_are_worded_as_lines(planned):
    plan = planned(world(unit="lines", basis="measured sync speeds", release="June 2013"))
    for claim in portfolio_claims(plan):
        assert "premises" not in str(claim.say()).replace("share of the premises", "")


def test_fewer_than_ten_people_are_named_nowhere(planned):
    plan = planned(counted="people")
    few = plan.schemes.assign(able=4.0, able_low=1.0, able_high=9.0)
    small = replace(plan, schemes=few)
    assert portfolio_table(small)["newly_able"].eq("").all()
    assert all(claim.unit != "people" or not 0 < claim.best < 10 for claim in portfolio_claims(small))


def test_who_can_act_names_the_councils_and_says_that_promises_are_not_known(planned):
    said = " ".join(who_can_act(planned(budget=4e6)))
    assert "the council (Northshire and Southshire)" in said
    assert "Route:" in said
    assert "not known in this study" in said


def test_the_command_writes_a_plan_all_or_none_and_the_same_each_time(demo_build, tmp_path):
    run = CliRunner()
    words = ["invest", str(demo_build), "--budget", "£5m", "--maximise", "people", "--out", str(tmp_path / "plan")]
    done = run.invoke(cli.app, words)
    assert done.exit_code == 0, done.output
    files = {path.name: path.read_bytes() for path in (tmp_path / "plan").iterdir()}
    assert set(files) == {"portfolio.csv", "portfolio.gpkg", "portfolio.json", "sentences.txt"}
    shapes = gpd.read_file(tmp_path / "plan" / "portfolio.gpkg", layer="areas")
    assert shapes.crs.to_epsg() == 27700
    assert shapes.is_valid.all()
    record = json.loads(files["portfolio.json"])
    assert record["spend"] <= 5e6
    assert record["proven_gap"] <= 1e-4
    assert record["value"] <= record["bound"] * (1 + 1e-9)
    table = pd.read_csv(tmp_path / "plan" / "portfolio.csv")
    assert (table["passed"] >= LEAST_SIZE.value).all()
    assert 2 <= len(table) <= 12, "schemes an engineer would recognise, not crumbs"
    assert shapes["name"].tolist() == table["name"].tolist()
    codes = "; ".join(table["area_codes"]).split("; ")
    assert len(codes) == len(set(codes))
    assert run.invoke(cli.app, words).exit_code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "plan").iterdir()} == files


def test_the_command_refuses_a_budget_and_a_floor_it_cannot_read(demo_build):
    for words, said in (
        (["--budget", "5 mil"], "5m, £500k or 5,000,000"),
        (["--budget", "5m", "--floor", "Dorset"], "Dorset=1m"),
        (["--budget", "5m", "--floor", "Dorset=lots"], "5m, £500k"),
    ):
        done = CliRunner().invoke(cli.app, ["invest", str(demo_build), *words])
        assert isinstance(done.exception, LayerError)
        assert said in str(done.exception)
