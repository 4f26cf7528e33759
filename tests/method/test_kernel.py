"""The method's arithmetic: paper answers for each function, and what must hold of any figures, on plain arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand import BANDS
from hypothesis import given
from hypothesis import strategies as st

from connectivity.method import kernel
from connectivity.method.feasibility import CORNERS, three_draws
from connectivity.method.kernel import AGGREGATIONS, AreaFigures, Failures
from connectivity.method.records import (
    BUSINESS,
    DIMENSIONS,
    ESSENTIAL,
    HOME_WORKER,
    HOUSEHOLD,
    INDICATORS,
    PROFILES,
    SIDE,
)
from connectivity.method.scoring import Weights

LOW, BEST, HIGH = range(len(CORNERS))
BASIS = "availability"
keys = st.sampled_from(sorted(PROFILES))
reaches = st.floats(0, 1)
badness = st.floats(0, 100)
places = st.lists(st.tuples(badness, badness, badness, badness), min_size=1, max_size=8).map(np.array)
weight = st.floats(0, 10).map(lambda w: 0.0 if w < 1e-3 else w)
weights = st.tuples(weight, weight, weight, weight).filter(lambda w: w[0] + w[1] > 0)
rows = weights.map(lambda w: Weights(*w).as_row())
aggregations = st.sampled_from(AGGREGATIONS)


def figures(*bands, unknown=0.0, below_decent=0.0, fwa=0.0, reach=None) -> AreaFigures:
    """Make areas from their premises by band, slowest first."""
    lines = np.array(bands, dtype=float).T
    areas, matched = lines.shape[1], lines.sum(axis=0)
    missing = np.full(areas, unknown, dtype=float)
    return AreaFigures(
        bands=BANDS,
        basis=BASIS,
        premises=matched + missing,
        matched=np.where(matched > 0, matched, np.nan),
        unknown=missing,
        lines=tuple(lines),
        below_decent=np.minimum(np.full(areas, below_decent, dtype=float), matched),
        fwa=np.full(areas, fwa, dtype=float),
        mobile=None if reach is None else np.full((3, areas), reach),
    )


ALDER = figures([4, 6, 10, 40, 60, 20, 40], unknown=20, below_decent=8, fwa=50)
"""200 premises, 20 of them not known, 20 under 10 Mbit/s, 40 from 10 to 30."""
counts = st.lists(st.integers(0, 400), min_size=len(BANDS), max_size=len(BANDS)).filter(lambda c: sum(c) > 0)


@st.composite
def any_area(draw):
    bands = draw(counts)
    unknown = draw(st.integers(0, sum(bands)))
    fwa = draw(st.integers(0, sum(bands) + unknown))
    return figures(bands, unknown=unknown, below_decent=draw(st.integers(0, sum(bands))), fwa=fwa)


def failures(some, profile, *, fwa, mobile=False) -> Failures:
    values = three_draws(BANDS)
    chance = kernel.upload_chances(profile, values, bands=BANDS, basis=BASIS)
    return kernel.failures(some, profile, values, chance=chance, count_fwa=fwa, count_mobile=mobile)


def infeasible(some, profile, *, fwa, mobile=False):
    """Count low, best and high, shape (3, areas)."""
    found = failures(some, profile, fwa=fwa, mobile=mobile).total
    return kernel.of_all_premises(found, some, position=three_draws(BANDS)["unknown"][:, None])


def infeasibility(table, row, aggregation):
    return kernel.joined_infeasibility(
        table[:, 0][None] / 100, table[:, 1][None] / 100, weights=row, aggregation=aggregation
    )


def sides(table, row):
    return {side: table[:, 2 + place][None] for place, side in enumerate(SIDE) if row[0, 2 + place] > 0}


def scores(table, row, aggregation="geometric"):
    return kernel.scored(infeasibility(table, row, aggregation), sides(table, row), weights=row)[0]


# --- Routes on paper ----------------------------------------------------------------------------------------------


def test_upload_chances_on_paper():
    found = kernel.upload_chances(HOME_WORKER, three_draws(BANDS), bands=BANDS, basis=BASIS)
    assert found.tolist() == [[0, 0, 0, 0.6, 1, 1, 1], [0, 0, 0, 0.25, 0.97, 1, 1], [0, 0, 0, 0, 0.9, 1, 1]]
    found = kernel.upload_chances(BUSINESS, three_draws(BANDS), bands=BANDS, basis=BASIS)
    assert found[:, -2:].tolist() == [[1, 1], [0.85, 0.95], [0.5, 0.7]]


def test_a_need_between_two_profiles_has_a_chance_between_theirs():
    values = {"unknown": np.zeros(3), "upload": np.array([4.0, 5.0, 6.0])}
    found = kernel.upload_chances(HOME_WORKER, values, bands=BANDS, basis=BASIS)
    assert found[:, 3].tolist() == pytest.approx([0.25, 0.15, 0.05])


def test_a_profile_that_is_changed_is_read_as_it_is_changed():
    easier = replace(HOME_WORKER, uploads=ESSENTIAL.uploads)
    found = kernel.upload_chances(easier, three_draws(BANDS), bands=BANDS, basis=BASIS)
    assert found[:, 3].tolist() == [1, 0.97, 0.9]


def test_fixed_lines_on_paper():
    chance = kernel.upload_chances(HOME_WORKER, three_draws(BANDS), bands=BANDS, basis=BASIS)
    found = kernel.fixed_line(ALDER, HOME_WORKER, chance=chance)
    assert found.download.tolist() == [20]
    assert found.upload[:, 0].tolist() == pytest.approx([16, 30 + 1.8, 40 + 6])


def test_fixed_wireless_on_paper():
    fixed = Failures(np.array([[20.0]]), np.array([[16.0], [31.8], [46.0]]))
    chance = kernel.upload_chances(HOME_WORKER, three_draws(BANDS), bands=BANDS, basis=BASIS)
    found = kernel.with_fixed_wireless(ALDER, HOME_WORKER, three_draws(BANDS), fixed, chance=chance)
    # it leaves 8 of the 20 slow lines, meets the need for .8, .5, .2 of those it reaches, and reaches a quarter of all;
    # the 12 it serves do no better than lines of 10 to 30 there, of which .75 · (1 − .5 · .25) fail, at most all
    assert found.download[:, 0].tolist() == pytest.approx([20 * (1 - 0.8 * 0.6), 8 + 12 * 0.75 * 0.875, 20])
    assert found.upload[:, 0].tolist() == pytest.approx([0, 31.8 * (1 - 0.5 * 0.25), 46])


def test_where_fixed_wireless_has_no_reach_its_certificate_is_worth_a_line_of_10_to_30():
    bare = figures([20, 0, 0, 40, 0, 0, 40], below_decent=8, fwa=0)
    values = three_draws(BANDS)
    chance = kernel.upload_chances(HOME_WORKER, values, bands=BANDS, basis=BASIS)
    found = kernel.failures(bare, HOME_WORKER, values, chance=chance, count_fwa=True, count_mobile=False)
    # of lines of 10 to 30 .4, .75, 1 fail: more than the .2, .5, .8 of the 12 it serves would by its own chance
    assert found.download[:, 0].tolist() == pytest.approx([8 + 12 * 0.4, 8 + 12 * 0.75, 20])


@given(any_area(), st.sampled_from(sorted(PROFILES)), st.data())
def test_faster_lines_never_raise_a_count_where_fixed_wireless_counts(some, key, data):
    """Whatever moves from one band to a faster one, and whatever the columns of fixed wireless hold."""
    slow = sum(band.high <= kernel.DECENT_DOWNLOAD for band in BANDS)
    start = data.draw(st.integers(0, len(BANDS) - 2))
    end = data.draw(st.integers(start + 1, len(BANDS) - 1))
    lines = [band.copy() for band in some.lines]
    moved = lines[start] * data.draw(st.floats(0, 1))
    under = sum(lines[:slow])
    leaving = np.where(under > 0, moved / np.where(under > 0, under, 1), 0) if start < slow <= end else 0
    lines[start] -= moved
    lines[end] += moved
    better = replace(some, lines=tuple(lines), below_decent=some.below_decent * (1 - leaving))
    profile, values = PROFILES[key], three_draws(BANDS)
    chance = kernel.upload_chances(profile, values, bands=BANDS, basis=BASIS)
    before, after = (
        kernel.failures(one, profile, values, chance=chance, count_fwa=True, count_mobile=False).total
        for one in (some, better)
    )
    known = ~np.isnan(some.matched)
    assert (after <= before + 1e-9)[:, known].all()


def test_mobile_on_paper():
    """20 of 100 fail; 4G reaches 85 % and meets the need for .85, .6, .3 of them."""
    some = figures([0, 0, 20, 0, 0, 0, 80], reach=0.85)
    found = kernel.with_mobile(some, ESSENTIAL, three_draws(BANDS), Failures(np.array([[20.0]]), np.zeros((1, 1))))
    assert found.total[:, 0].tolist() == pytest.approx([0, 20 * (1 - 0.85 * 0.6), 20])


def test_premises_that_are_not_known_fail_never_as_the_others_or_all():
    position = np.array([[-1.0], [-0.5], [0.0], [0.5], [1.0]])
    found = kernel.of_all_premises(np.array([[90.0]]), ALDER, position=position)
    assert found[:, 0].tolist() == pytest.approx([90, 95, 100, 105, 110])


def test_depth_on_paper():
    # 4 lines at 1, 6 at 3.5 and 10 at 7.5 of 10 Mbit/s: short by .9, .65 and .25; upload alone counts half
    found = kernel.depth(ALDER, HOME_WORKER, Failures(np.array([[20.0]]), np.array([[30.0]])))
    assert found.item() == pytest.approx((4 * 0.9 + 6 * 0.65 + 10 * 0.25 + 30 * 0.5) / 180)


# --- Dimensions and score on paper --------------------------------------------------------------------------------


def test_a_longer_road_is_a_nearer_post():
    library = INDICATORS["library"]
    found = kernel.on_goalposts(library, np.array([[4.83, np.nan]]), {"detour": np.array([1.3, 1.4])})
    assert found[:, 0].tolist() == pytest.approx([50, 50 * 1.4 / 1.3])
    assert np.isnan(found[:, 1]).all()


def test_a_goalpost_of_its_own_for_each_draw():
    library = INDICATORS["library"]
    found = kernel.on_goalposts(library, np.array([[4.83]]), {"bad library 0": np.array([4.83, 9.66, 19.32])})
    assert found[:, 0].tolist() == pytest.approx([100, 50, 25])


def test_a_side_dimension_is_the_mean_of_what_is_known_if_two_thirds_are():
    chosen = [INDICATORS[key] for key in ("post_office", "shop", "gp")]
    raw = [(one, np.array([column])) for one, column in zip(chosen, (4.83, 0, np.nan), strict=True)]
    wide = [(one, np.array([[figure.item(), np.nan]])) for one, figure in raw]
    found = kernel.side_dimension(wide, {})
    assert found[0, 0] == pytest.approx(50)
    assert np.isnan(found[0, 1])


@pytest.mark.parametrize(
    ("aggregation", "joined", "parts"),
    [
        ("geometric", 0.4, [20, 0, 10, 10]),
        ("arithmetic", 0.32, [16, 0, 8, 8]),
        ("worst", 0.64, [32, 0, 16, 16]),
    ],
)
def test_one_score_on_paper(aggregation, joined, parts):
    # comfort 36 and 100: 1 − √(.36 · 1) = .4, 1 − (.36 + 1)/2 = .32, 1 − .36 = .64
    world, even = np.array([[64.0, 0, 100, 100]]), Weights().as_row()
    assert infeasibility(world, even, aggregation).item() == pytest.approx(joined)
    assert scores(world, even, aggregation).item() == pytest.approx(sum(parts))
    found = kernel.contributions_to_score(
        world[:, 0] / 100, world[:, 1] / 100, sides(world, even), weights=even, aggregation=aggregation
    )
    assert [found[name].item() for name in DIMENSIONS] == pytest.approx(parts)


def test_every_draw_has_its_own_weights():
    world, three = np.array([[64.0, 0, 0, 0]]), np.array([[0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0], [0.5, 0, 0.5, 0]])
    total = infeasibility(world, three, "geometric")
    assert kernel.scored(total, {}, weights=three).ravel().tolist() == pytest.approx([20, 64, 32])


# --- What must hold of any figures ---------------------------------------------------------------------------------


@given(st.floats(0, 1), st.floats(0, 1))
def test_two_shares_bound_their_overlap(a, b):
    low, high = kernel.frechet_bounds(np.array(a), np.array(b))
    assert max(0.0, a + b - 1) - 1e-12 <= low <= a * b + 1e-12
    assert a * b <= high + 1e-12
    assert high <= min(a, b) + 1e-12


@given(any_area(), keys, st.booleans(), st.one_of(st.none(), reaches))
def test_low_best_high_stay_in_order_and_inside_the_premises(some, key, fwa, reach):
    profile, mobile = PROFILES[key], reach is not None
    covered = replace(some, mobile=np.full((3, 1), reach)) if mobile else some
    low, best, high = infeasible(covered, profile, fwa=fwa, mobile=mobile)[:, 0]
    assert -1e-9 <= low <= best + 1e-9
    assert best <= high + 1e-9
    assert high <= some.premises[0] + 1e-9
    failing = failures(covered, profile, fwa=fwa, mobile=mobile)
    share = (np.broadcast_to(failing.total, (3, 1)) / some.matched)[BEST, 0]
    depth = np.broadcast_to(kernel.depth(covered, profile, failing), (3, 1))[BEST, 0]
    assert -1e-9 <= depth <= share + 1e-9
    plain = infeasible(some, profile, fwa=fwa)[:, 0]
    assert (np.array([low, best, high]) <= plain + 1e-9).all()


@given(any_area(), keys, st.booleans(), st.integers(0, len(BANDS) - 2))
def test_a_faster_line_never_raises_a_count(some, key, fwa, band):
    """Where a line crosses 10 Mbit/s and fixed wireless counts, it is one of those below decent (decision 0002)."""
    lines, below = np.array(some.lines), some.below_decent.copy()
    moved = min(1.0, lines[band, 0])
    if BANDS[band].high == kernel.DECENT_DOWNLOAD and fwa:
        moved = min(moved, below[0])
        below -= moved
    lines[band] -= moved
    lines[band + 1] += moved
    better = replace(some, lines=tuple(lines), below_decent=below)
    before, after = (infeasible(one, PROFILES[key], fwa=fwa) for one in (some, better))
    assert (after <= before + 1e-9).all()


@given(any_area(), keys)
def test_counting_fixed_wireless_never_raises_the_count_of_a_home_worker(some, key):
    if key == "digital":
        return  # two published figures, of which either may be the larger (Havant)
    without, counted = (infeasible(some, PROFILES[key], fwa=fwa) for fwa in (False, True))
    assert (counted <= without + 1e-9).all()


@given(st.lists(counts, min_size=2, max_size=6), keys, st.booleans(), reaches)
def test_mobile_never_changes_the_order_of_areas_within_an_authority(bands, key, fwa, reach):
    some = figures(*bands, below_decent=1, fwa=1, reach=reach)
    before, after = (infeasible(some, PROFILES[key], fwa=fwa, mobile=mobile)[BEST] for mobile in (False, True))
    shares = [(before / some.premises, after / some.premises), (before, after)]
    for plain, counted in shares:
        for first in range(len(bands)):
            strictly = plain[first] > plain + 1e-9
            assert (counted[first] >= counted[strictly] - 1e-9).all()
            same = np.abs(plain - plain[first]) < 1e-12
            assert np.abs(counted[same] - counted[first]).max() < 1e-9


@given(any_area(), keys, reaches, reaches)
def test_more_mobile_never_raises_a_count(some, key, one_reach, other_reach):
    less, more = sorted((one_reach, other_reach))
    before, after = (
        infeasible(replace(some, mobile=np.full((3, 1), reach)), PROFILES[key], fwa=False, mobile=True)
        for reach in (less, more)
    )
    assert (after <= before + 1e-9).all()


@given(st.sampled_from([HOME_WORKER, HOUSEHOLD]), st.floats(0, 1), st.floats(1.5, 6.5), st.floats(0, 5))
def test_a_higher_need_is_never_likelier_met(profile, quantile, upload, more):
    values = {f"uploads {band.column}": np.float32([quantile, quantile]) for band in BANDS}
    values |= {"upload": np.float32([upload, upload + more]), "unknown": np.float32([0, 0])}
    easy, hard = kernel.upload_chances(profile, values, bands=BANDS, basis=BASIS)
    assert (hard <= easy + 1e-6).all()


@given(places, rows, aggregations)
def test_contributions_sum_to_the_score(table, row, aggregation):
    found = kernel.contributions_to_score(
        table[:, 0][None] / 100,
        table[:, 1][None] / 100,
        sides(table, row),
        weights=row,
        aggregation=aggregation,
    )
    assert sum(found.values())[0].tolist() == pytest.approx(scores(table, row, aggregation).tolist(), abs=1e-9)
    assert min(part.min() for part in found.values()) >= -1e-12


@given(places, rows, aggregations)
def test_score_is_zero_only_where_nothing_is_infeasible_and_never_above_it(table, row, aggregation):
    total = scores(table, row, aggregation)
    worst_sides = table.copy()
    worst_sides[:, 2:] = 100
    assert ((total >= 0) & (total <= 99 + 1e-12)).all()
    assert (total <= scores(worst_sides, row, aggregation) + 1e-9).all()
    assert (total[(table[:, 0] == 0) & (table[:, 1] == 0)] == 0).all()


@given(places, rows, aggregations, st.integers(0, 3), st.floats(0, 1))
def test_improving_any_dimension_never_raises_a_score(table, row, aggregation, dimension, by):
    better = table.copy()
    better[:, dimension] *= by
    assert (scores(better, row, aggregation) <= scores(table, row, aggregation) + 1e-9).all()


@given(places, rows, aggregations)
def test_single_precision_gives_the_same_to_its_own_precision(table, row, aggregation):
    single = scores(table.astype(np.float32), row.astype(np.float32), aggregation)
    assert single.dtype == np.float32
    assert single == pytest.approx(scores(table, row, aggregation), rel=2e-5, abs=2e-4)
