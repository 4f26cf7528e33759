"""The draws' model is the method: its central draw, lowest and highest are those of the build."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand import BANDS, coverages
from hypothesis import given
from hypothesis import strategies as st

from connectivity.method import feasibility, kernel, scoring
from connectivity.method.records import ESSENTIAL, HOME_WORKER, INDICATORS, PROFILES, UNCERTAIN
from connectivity.method.uncertain import Uncertain, triangle
from connectivity.robustness.count_draws import count_draws, read_count_draws, write_count_draws
from connectivity.robustness.draws import Draws, central_draw, inputs_of, redistributed, scored_areas
from connectivity.robustness.run import Model, Plan, figures_of, infeasible_of_all
from layers.coverage import Coverage, Disaggregation, bands_between
from layers.errors import LayerError
from layers.estimate import disaggregated, not_told_apart

KEYS = ("older_residents", "disabled_residents", "library", "post_office")
CHOSEN = [INDICATORS[key] for key in KEYS]
EVEN = [0.25, 0.25, 0.25, 0.25]


def facts(areas, seed=1):
    random = np.random.default_rng(seed)
    columns = {"older_share": 0.5, "disabled_share": 0.4, "library_km": 15, "post_office_km": 7}
    return pd.DataFrame({name: random.uniform(0, top, len(areas)) for name, top in columns.items()}, index=areas)


def leaning(world, chosen, *, count_fwa, way):
    """Put every input of the counts at its lowest (-1), central (0) or highest (1) count."""
    inputs = inputs_of(world, indicators=chosen, count_fwa=count_fwa, aggregation=0)
    draws = central_draw(inputs, weights=EVEN)
    values = dict(draws.inputs)
    for key in values if way else ():
        if key.startswith("uploads") or key.endswith("chance"):
            values[key] = np.float32([0 if way > 0 else 1])
        elif key in {"unknown", "fwa overlap", "mobile overlap"}:
            values[key] = np.float32([way])
    return Draws(values, draws.weights)


def share_of(evidence, profile, draws):
    """Give the share of the first area in the first draw."""
    figures = figures_of(evidence, draws)
    chance = kernel.upload_chances(profile, draws.inputs, bands=figures.bands, basis=figures.basis)
    return infeasible_of_all(figures, profile, draws, chance=chance)[0, 0]


def build_scores(world, joined, *, count_fwa, aggregation, weights=EVEN, count_mobile=False):
    shares = pd.DataFrame(
        {
            profile.key: feasibility.infeasible(world, profile, count_fwa=count_fwa, count_mobile=count_mobile)["share"]
            for profile in (HOME_WORKER, ESSENTIAL)
        }
    )
    dimensions = scoring.dimensions(joined, shares=shares, indicators=CHOSEN)
    return shares["remote"], scoring.score(dimensions, weights=scoring.Weights(*weights), aggregation=aggregation)


@given(coverages(), st.booleans(), st.sampled_from([0, 1, 2]), st.integers(0, 99))
def test_the_central_draw_is_the_build(world, count_fwa, aggregation, seed):
    joined = facts(world.table.index, seed)
    inputs = inputs_of(world, indicators=CHOSEN, count_fwa=count_fwa, aggregation=aggregation)
    evidence = scored_areas(world, joined=joined, scored=world.table.index, indicators=CHOSEN)
    model = Model.of(evidence, inputs=inputs, weights=EVEN)
    remote, score = model.scores(central_draw(inputs, weights=EVEN))
    share, wanted = build_scores(world, joined, count_fwa=count_fwa, aggregation=kernel.AGGREGATIONS[aggregation])
    assert remote[0] == pytest.approx(share.to_numpy(), rel=1e-5, abs=1e-6)
    assert score[0] == pytest.approx(wanted.to_numpy(), rel=1e-4, abs=1e-4)


@given(coverages(), st.booleans(), st.sampled_from(["remote", "digital"]))
def test_lowest_and_highest_draws_are_the_builds_low_and_high(world, count_fwa, key):
    found = feasibility.infeasible(world, PROFILES[key], count_fwa=count_fwa).iloc[0]
    evidence = scored_areas(world, joined=facts(world.table.index), scored=world.table.index, indicators=CHOSEN)
    everyone = world.table["premises"].iloc[0]
    for way, name in ((-1, "low"), (1, "high")):
        draws = leaning(world, CHOSEN, count_fwa=count_fwa, way=way)
        share = share_of(evidence, PROFILES[key], draws)
        assert share * everyone == pytest.approx(found[name], rel=1e-4, abs=1e-3)


@given(coverages(), st.booleans(), st.sampled_from(["remote", "digital"]))
def test_in_double_precision_they_are_the_builds_to_the_last_digit(world, count_fwa, key):
    profile, figures = PROFILES[key], feasibility.area_figures(world)
    found = feasibility.infeasible(world, profile, count_fwa=count_fwa).iloc[0]
    for way, name in ((-1, "low"), (0, "best"), (1, "high")):
        inputs = leaning(world, CHOSEN, count_fwa=count_fwa, way=way).inputs
        values = {key: value.astype(np.float64) for key, value in inputs.items()}
        chance = kernel.upload_chances(profile, values, bands=figures.bands, basis=figures.basis)
        failing = kernel.failures(
            figures, profile, values, chance=chance, count_fwa=count_fwa, count_mobile=False
        ).total
        counts = kernel.of_all_premises(failing, figures, position=values["unknown"][:, None])
        assert counts.item() == found[name]


@pytest.mark.parametrize(("way", "name"), [(-1, "low"), (0, "best"), (1, "high")])
@given(world=coverages(), count_fwa=st.booleans(), key=st.sampled_from(["remote", "digital"]))
def test_mobile_bounds_the_draws_as_it_bounds_the_build(world, count_fwa, key, way, name):
    world = replace(world, table=world.table.assign(indoor_4g=0.8, indoor_4g_low=0.7, indoor_4g_high=0.95))
    found = feasibility.infeasible(world, PROFILES[key], count_fwa=count_fwa, count_mobile=True).iloc[0]
    evidence = scored_areas(world, joined=facts(world.table.index), scored=world.table.index, indicators=CHOSEN)
    draws = leaning(world, CHOSEN, count_fwa=count_fwa, way=way)
    share = share_of(evidence, PROFILES[key], draws)
    assert share * world.table["premises"].iloc[0] == pytest.approx(found[name], rel=1e-4, abs=1e-3)


def test_lines_of_2013_use_their_own_chances_and_never_believe_the_flag():
    bands = bands_between(2, 5, 10, 30)
    columns = [band.column for band in bands]
    row = pd.DataFrame([[0, 0, 10, 40, 50.0]], columns=columns, index=["E01000001"])
    whole = row.assign(premises=110.0, matched=100.0, unknown=10.0, below_decent=np.nan, fwa=np.nan)
    able = pd.DataFrame([[0, 0, 4, 10, 20.0]], columns=columns, index=["E01000001"])
    world = Coverage(whole, bands, "2013", unit="lines", basis="measured sync speeds", modelled=False, able=able)
    found = feasibility.infeasible(world, HOME_WORKER, count_fwa=False).iloc[0]
    evidence = scored_areas(world, joined=facts(row.index), scored=row.index, indicators=CHOSEN)
    for way, name in ((-1, "low"), (0, "best"), (1, "high")):
        draws = leaning(world, CHOSEN, count_fwa=False, way=way)
        share = share_of(evidence, HOME_WORKER, draws)
        assert share * 110 == pytest.approx(found[name], rel=1e-5)
    inputs = inputs_of(world, indicators=CHOSEN, count_fwa=False, aggregation=0)
    assert not {"fwa", "fwa chance", "mobile", "flag", "slope"} & {one.key for one in inputs}


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_triangle_rises_from_low_to_high(one, other):
    below, above = triangle(np.sort([one, other]), 0.1, 0.3, 0.6)
    assert 0.1 - 1e-12 <= below <= above <= 0.6 + 1e-12


def test_every_input_has_a_range_and_says_who_says_so():
    assert [one.key for one in UNCERTAIN if not one.source or not one.varies] == []
    assert len({one.key for one in UNCERTAIN}) == len(UNCERTAIN)
    with pytest.raises(ValueError, match="does not hold"):
        Uncertain("x", "x", 2, 1, 3, "triangle", "", "assumption")


def modelled_world(*, councils=3, areas=12, seed=5, structure=False):
    """Make councils whose totals are spread: the last one's areas cannot be told apart."""
    random = np.random.default_rng(seed)
    codes = [f"E0100{number:04d}" for number in range(councils * areas)]
    district = [f"E0600000{number // areas}" for number in range(len(codes))]
    table = pd.DataFrame({"district_code": district, "weight": random.uniform(0.6, 1.4, len(codes))}, index=codes)
    for name in ("below_2", "below_5", "below_10", *(["structure"] if structure else [])):
        table[name] = random.normal(size=len(codes)) * np.where(table["district_code"] == district[-1], 0.001, 1.0)
    table["rural"] = random.random(len(codes)) < 0.4
    table = not_told_apart(table)
    cells = random.multinomial(areas * 700, [0.02, 0.03, 0.05, 0.1, 0.2, 0.2, 0.4], councils)
    totals = pd.DataFrame(cells, columns=[band.column for band in BANDS], index=sorted(set(district)))
    totals = totals.assign(unknown=30, below_decent=(totals.iloc[:, :3].sum(axis=1) * 0.7).round(), fwa=areas * 350)
    totals.insert(0, "premises", totals[[band.column for band in BANDS]].sum(axis=1) + 30)
    made = disaggregated(totals, bands=BANDS, areas=table)
    by = Disaggregation(table.drop(columns="weight"))
    world = Coverage(made, BANDS, "July 2025", unit="premises", basis="availability", modelled=True, disaggregation=by)
    return world, totals


@pytest.mark.parametrize("structure", [False, True])
def test_the_central_draw_of_modelled_areas_is_the_build(structure):
    world, _ = modelled_world(structure=structure)
    joined = facts(world.table.index)
    inputs = inputs_of(world, indicators=CHOSEN, count_fwa=True, aggregation=0)
    slopes = {"slope", "fast slope", "structure"} & {one.key for one in inputs}
    assert slopes == ({"slope", "fast slope", "structure"} if structure else {"slope", "fast slope"})
    evidence = scored_areas(world, joined=joined, scored=world.table.index, indicators=CHOSEN)
    model = Model.of(evidence, inputs=inputs, weights=EVEN)
    remote, score = model.scores(central_draw(inputs, weights=EVEN, areas=len(evidence.spread)))
    share, wanted = build_scores(world, joined, count_fwa=True, aggregation="geometric")
    assert remote[0] == pytest.approx(share.to_numpy(), abs=2e-5)
    assert score[0] == pytest.approx(wanted.to_numpy(), rel=1e-3, abs=2e-3)


@pytest.mark.parametrize("structure", [False, True])
def test_councils_keep_their_totals_in_every_draw_and_bands_nest(structure):
    world, totals = modelled_world(structure=structure)
    evidence = scored_areas(world, joined=facts(world.table.index), scored=world.table.index, indicators=CHOSEN)
    random = np.random.default_rng(3)
    values = {
        "slope": np.float32(random.uniform(0.7, 1.4, 40)),
        "fast slope": np.float32(random.uniform(0, 1, 40)),
        "structure": np.float32(random.uniform(0.3, 0.9, 40)),
    }
    noise = np.float32(random.normal(0, 1, (40, len(evidence.spread))))
    shares = redistributed(evidence.spread, values, noise)
    assert (np.diff(shares[:-1], axis=0) >= 0).all()
    matched = world.table["matched"].to_numpy()
    by = world.disaggregation.areas["district_code"].to_numpy()
    for place, code in enumerate(totals.index):
        ours = by == code
        got = (shares[:, :, ours] * matched[ours]).sum(axis=2)
        cumulative = totals.loc[code, [band.column for band in BANDS]].cumsum().to_numpy()[:-1]
        wanted = [*cumulative, totals.loc[code, "below_decent"]]
        assert got == pytest.approx(np.repeat(np.array(wanted)[:, None], 40, axis=1), rel=1e-3), place


@pytest.mark.usefixtures("real_councils_are_told_apart_by_the_rule")
def test_areas_that_cannot_be_told_apart_have_their_councils_shares_and_a_range_round_them():
    world, totals = modelled_world()
    last = world.disaggregation.areas.query("not separable").index
    assert world.disaggregation.areas.loc[last, "district_code"].unique().tolist() == [totals.index[-1]]
    ours, council = world.table.loc[last], totals.iloc[-1]
    column = BANDS[3].column
    assert (ours[column] / ours["premises"]).to_numpy() == pytest.approx(
        council[column] / council["premises"], abs=2e-3
    )
    evidence = scored_areas(world, joined=facts(world.table.index), scored=world.table.index, indicators=CHOSEN)
    inputs = inputs_of(world, indicators=CHOSEN, count_fwa=True, aggregation=0)
    drawn = count_draws(evidence, plan=Plan(inputs, tuple(EVEN), draws=200, seed=1))
    each = drawn.of_areas(profile="digital").loc[last]
    assert (each["low"] < each["high"]).all()


def test_a_count_below_decent_that_some_areas_lack_is_refused_and_never_zero():
    world, _ = modelled_world()
    holed = world.table.copy()
    holed.loc[holed.index[0], "below_decent"] = np.nan
    with pytest.raises(LayerError, match="1 of 36 areas have no count of premises below decent broadband"):
        scored_areas(replace(world, table=holed), joined=facts(holed.index), scored=holed.index, indicators=CHOSEN)
    with_none = replace(world, table=world.table.assign(below_decent=np.nan, fwa=np.nan))
    evidence = scored_areas(with_none, joined=facts(holed.index), scored=holed.index, indicators=CHOSEN)
    assert not evidence.spread.decent
    assert len(evidence.spread.told) == len(BANDS) - 1


def test_drawn_counts_hold_a_councils_published_total_and_their_sums_are_narrower_than_the_sum_of_ranges(tmp_path):
    world, totals = modelled_world()
    evidence = scored_areas(world, joined=facts(world.table.index), scored=world.table.index, indicators=CHOSEN)
    inputs = inputs_of(world, indicators=CHOSEN, count_fwa=True, aggregation=0)
    drawn = count_draws(evidence, plan=Plan(inputs, tuple(EVEN), draws=300, seed=1))
    first = world.disaggregation.areas["district_code"].eq(totals.index[0])
    weights = pd.Series(1.0, index=first.index[first])
    # with fixed wireless an essential service fails where the council has no decent line: its published count, and of
    # the 30 premises not known anything from none to all
    low, high = drawn.range_of(weights, profile="digital")
    published = totals["below_decent"].iloc[0]
    assert published - 0.5 <= low < high <= published + 30.5
    assert low < published * (1 + 30 / totals["premises"].iloc[0]) < high  # the best estimate lies between
    each = drawn.of_areas(profile="digital").loc[weights.index]
    assert each["low"].sum() < low
    assert each["high"].sum() > high
    half = drawn.range_of(weights * 0.5, profile="digital")
    assert half == pytest.approx((low / 2, high / 2))
    write_count_draws(drawn, folder=tmp_path)
    again = read_count_draws(tmp_path)
    assert again.range_of(weights, profile="remote") == drawn.range_of(weights, profile="remote")
    assert read_count_draws(tmp_path / "none") is None


def test_what_is_counted_is_held_while_counts_are_drawn():
    """The range of a figure that counts fixed wireless is of that figure, whatever a draw of ranks would count."""
    world, _ = modelled_world()
    evidence = scored_areas(world, joined=facts(world.table.index), scored=world.table.index, indicators=CHOSEN)
    found = {}
    for count_fwa in (True, False):
        inputs = inputs_of(world, indicators=CHOSEN, count_fwa=count_fwa, aggregation=0)
        drawn = count_draws(evidence, plan=Plan(inputs, tuple(EVEN), draws=200, seed=1))
        found[count_fwa] = drawn.range_of(pd.Series(1.0, index=evidence.areas), profile="digital")
    assert found[True][1] < found[False][0]
