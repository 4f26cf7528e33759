"""Change between releases: parts that add up, directions that are sure or not, areas left behind."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from hand_builds import code, hand_build, source
from hypothesis import example, given, settings
from hypothesis import strategies as st
from manifests import changed
from releases import NEW, OLD, A, B, C, built

from connectivity.change.change_claims import explanation, moved
from connectivity.change.comparability import NotComparableError
from connectivity.change.comparison import COMPARED, COUNTS, EFFECTS, MODELLED, areas_accounted, compare_builds, effects
from connectivity.claims.claim import WHOLE

JULY, JANUARY = "July 2025", "January 2026"
NEAR = 1e-9


def pair(old, new, **changes):
    """Compare two hand-made builds of July 2025 and January 2026."""
    return compare_builds([hand_build(old, release=JULY, **changes), hand_build(new, release=JANUARY, **changes)])


def rows(comparison, count="remote", table="areas", key="area_code"):
    found = getattr(comparison, table)
    return found[found["count"].eq(count)].set_index(key)


def test_the_worked_example_is_what_paper_says():
    # 100 homes, 20 of them stuck; then 110 homes, 11 stuck: the share halves from .2 to .1
    row = rows(pair({0: (100, 0, 20, 20, 20)}, {0: (110, 0, 11, 11, 11)})).loc[code(0)]
    assert row["change"] == pytest.approx(-9)
    assert row["speed_effect"] == pytest.approx(105 * -0.1)
    assert row["premises_effect"] == pytest.approx(0.15 * 10)
    assert (row["unknown_effect"], row["definition_effect"]) == (0, 0)
    assert (row["newly_able_at_least"], row["newly_unable_at_least"]) == (pytest.approx(10.5), 0)


def test_premises_of_unknown_speed_have_a_part_of_their_own():
    # the share doubles from .1 to .2; 90 and 70 premises are known, 10 and 30 are not
    row = rows(pair({0: (100, 10, 9, 10, 19)}, {0: (100, 30, 14, 20, 44)})).loc[code(0)]
    assert row["speed_effect"] == pytest.approx(80 * 0.1)
    assert row["unknown_effect"] == pytest.approx(20 * 0.1)
    assert row["premises_effect"] == 0


def test_more_unknown_premises_alone_move_the_range_and_not_the_best_estimate():
    row = rows(pair({0: (100, 0, 10, 10, 10)}, {0: (100, 20, 8, 10, 28)})).loc[code(0)]
    assert [row[name] for name in ("change", *EFFECTS)] == pytest.approx([0, 0, 0, 0, 0])
    assert row["new_high"] - row["old_high"] == pytest.approx(18)
    assert row["certainty"] == "no change"


@st.composite
def counts(draw):
    """Draw an area's counts: any premises, unknown ones among them, low ≤ best ≤ high."""
    premises = draw(st.integers(10, 500))
    unknown = draw(st.integers(0, premises))
    low, best, high = sorted(draw(st.tuples(*[st.floats(0, premises)] * 3)))
    return premises, unknown, low, best, high


def frame(*drawn):
    return pd.DataFrame(drawn, columns=["premises", "unknown", "low", "best", "high"], dtype=float)


@given(counts(), counts(), st.booleans())
def test_the_parts_add_up_to_the_change(old, new, redefined):
    split = effects(frame(old), frame(new), redefined=redefined).iloc[0]
    assert math.isclose(split[list(EFFECTS)].sum(), new[3] - old[3], abs_tol=NEAR)
    assert math.isclose(split["change"], new[3] - old[3], abs_tol=NEAR)


@given(counts(), counts())
def test_changing_places_changes_every_sign(old, new):
    there, back = effects(frame(old), frame(new)).iloc[0], effects(frame(new), frame(old)).iloc[0]
    for name in ("change", *EFFECTS):
        assert math.isclose(there[name], -back[name], abs_tol=NEAR)
    assert math.isclose(there["newly_able_at_least"], back["newly_unable_at_least"], abs_tol=NEAR)


@given(counts(), counts())
def test_what_became_able_and_unable_is_the_change_without_new_premises(old, new):
    split = effects(frame(old), frame(new)).iloc[0]
    net = split["newly_unable_at_least"] - split["newly_able_at_least"]
    assert math.isclose(net, split["speed_effect"] + split["unknown_effect"], abs_tol=NEAR)
    assert min(split["newly_able_at_least"], split["newly_unable_at_least"]) == 0


@settings(max_examples=25)
@given(st.lists(st.tuples(counts(), counts()), min_size=1, max_size=5))
def test_areas_add_up_to_councils_and_councils_to_the_total(drawn):
    found = pair({n: old for n, (old, _) in enumerate(drawn)}, {n: new for n, (_, new) in enumerate(drawn)})
    areas, councils = rows(found), rows(found, table="councils", key="district_code")
    for name in ("old", "new", "change", *EFFECTS, "newly_able_at_least", "old_premises"):
        assert math.isclose(areas[name].sum(), councils[name].sum(), abs_tol=1e-6)
        assert math.isclose(found.totals.loc["remote", name], councils[name].sum(), abs_tol=1e-6)
    total = found.totals.loc["remote"]
    assert math.isclose(total[list(EFFECTS)].sum(), total["new"] - total["old"], abs_tol=1e-6)


@settings(max_examples=25)
@given(counts(), counts(), st.booleans())
@example((500, 428, 0.0, 500.0, 500.0), (10, 0, 0.0, 0.0, 9.0), True)
def test_whatever_changed_is_claimed_safely(old, new, modelled):
    found = pair({0: old}, {0: new}, coverage_modelled=modelled)
    for count in (COUNTS["remote"], COUNTS["digital"]):
        claim = moved(found, count)
        assert claim.low - NEAR <= claim.best <= claim.high + NEAR
        assert claim.modelled == (modelled and claim.high - claim.low >= WHOLE)  # else it is what was published
        for one in (claim, *explanation(found, count)):
            assert one.say()


def test_gains_and_losses_do_not_cancel_across_areas():
    found = pair({0: (100, 0, 20, 20, 20), 2: (100, 0, 5, 5, 5)}, {0: (100, 0, 5, 5, 5), 2: (100, 0, 20, 20, 20)})
    total = found.totals.loc["remote"]
    assert total["change"] == 0
    assert (total["newly_able_at_least"], total["newly_unable_at_least"]) == pytest.approx((15, 15))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ((20, 25, 30), (10, 12, 19), "sure fall"),
        ((10, 12, 19), (20, 25, 30), "sure rise"),
        ((20, 25, 30), (15, 20, 25), "likely fall"),
        ((15, 20, 25), (20, 25, 30), "likely rise"),
        ((20, 25, 30), (15, 20, 35), "unclear"),
        ((20, 25, 30), (20, 25.4, 30), "no change"),
        ((20, 25, 30), (19, 25.4, 60), "no change"),
    ],
)
def test_a_direction_is_sure_only_when_the_ranges_do_not_touch(old, new, said):
    assert rows(pair({0: (100, 0, *old)}, {0: (100, 0, *new)}))["certainty"].tolist() == [said]


def test_an_area_without_a_figure_at_one_time_is_listed_with_its_reason():
    found = pair(
        {0: (100, 0, 20, 20, 20), 2: (8, 0), 4: (50, 0, 5, 5, 5)}, {0: (100, 0, 10, 10, 10), 2: (20, 0, 9, 9, 9)}
    )
    status = rows(found)["status"]
    assert status[code(0)] == COMPARED
    assert status[code(2)] == "older build: fewer than 10 premises"
    assert status[code(4)] == "only in the older build"
    assert rows(found).loc[[code(2), code(4)], ["old", "new", "change"]].isna().all(axis=None)
    assert found.totals.loc["remote", "old"] == 20
    assert rows(found, table="councils", key="district_name").loc["Northshire", "areas_not_compared"] == 2


def test_every_premises_of_both_builds_is_accounted_for():
    old = {0: (100, 0, 20, 20, 20), 2: (8, 0), 1: (50, 0, 5, 5, 5)}
    new = {0: (110, 0, 10, 10, 10), 2: (20, 0, 9, 9, 9), 4: (30, 0, 1, 1, 1)}
    found = areas_accounted(pair(old, new))
    assert found.loc[COMPARED].tolist() == [1, 100, 110]
    assert found["areas"].sum() == 4
    assert found[["premises_old", "premises_new"]].sum().tolist() == [158, 160]


def test_councils_of_one_build_only_are_left_out_and_named():
    found = pair({0: (100, 0, 20, 20, 20), 1: (100, 0, 20, 20, 20)}, {0: (100, 0, 10, 10, 10)})
    assert found.comparability.left_out == {"E06000902": "Southshire"}
    assert rows(found)["status"][code(1)] == "its council is in one build only"
    assert found.councils["district_name"].unique().tolist() == ["Northshire"]


def test_of_modelled_builds_only_the_councils_are_compared():
    old = {0: (100, 0, 20, 20, 20), 2: (100, 0, 10, 10, 10)}
    new = {0: (100, 0, 2, 2, 2), 2: (110, 0, 19, 19, 19)}
    found = pair(old, new, coverage_modelled=True)
    assert rows(found)["status"].unique().tolist() == [MODELLED]
    assert rows(found)["change"].isna().all()
    north = rows(found, table="councils", key="district_name").loc["Northshire"]
    assert (north["old"], north["new"]) == (30, 21)
    # shares of the whole council, 30/200 and 21/210: what the model moved between its areas plays no part
    assert north["speed_effect"] == pytest.approx(205 * (0.1 - 0.15))
    assert north["premises_effect"] == pytest.approx(0.125 * 10)
    assert north["newly_unable_at_least"] == 0
    assert found.left_behind.empty
    assert "modelled" in found.behind_refused


def test_one_modelled_build_is_enough_to_leave_the_areas_alone():
    old = hand_build({0: (100, 0, 20, 20, 20)}, release=JULY, coverage_modelled=True)
    found = compare_builds([old, hand_build({0: (100, 0, 10, 10, 10)}, release=JANUARY)])
    assert found.comparability.level == "councils"
    assert found.totals.loc["remote", "change"] == -10


def test_across_a_new_definition_nothing_is_called_better_or_worse_but_lines_alone_are():
    slow, less = {0: (100, 0, 20, 20, 20)}, {0: (100, 0, 12, 12, 12)}
    old = hand_build(slow, release=JULY, counts_fwa=True)
    new = hand_build(less, release=JANUARY, counts_fwa=True, definition="unable to receive decent broadband")
    found = compare_builds([old, new])
    total = found.totals
    for profile in ("remote", "digital"):
        assert total.loc[profile, "definition_effect"] == total.loc[profile, "change"] == -8
        assert total.loc[profile, ["speed_effect", "premises_effect", "newly_able_at_least"]].isna().all()
        assert total.loc[profile, "certainty"] == "definition changed"
        assert total.loc[f"{profile}_line", "speed_effect"] == pytest.approx(-8)
        assert total.loc[f"{profile}_line", "certainty"] == "sure fall"


def test_a_release_without_a_split_at_100_is_compared_by_the_edges_both_have():
    old = hand_build({0: (100, 0, 20, 20, 20)}, release="September 2019", edges=(2, 5, 10, 30, 300))
    found = compare_builds([old, hand_build({0: (100, 0, 12, 12, 12)}, release=JANUARY)])
    assert set(found.comparability.definitions) == {"remote"}
    assert found.totals.loc["remote_line", "change"] == pytest.approx(-8)
    assert found.totals.loc["digital", "speed_effect"] == pytest.approx(-8)


def test_4g_that_counts_from_another_speed_is_another_definition():
    def build(release, mobile):
        listed = [source("ofcom_oa", digest=release), source("mobile", release=mobile)]
        return hand_build({0: (100, 0, 20, 20, 20)}, release=release, counts_mobile=True, sources=listed)

    found = compare_builds([build("July 2024", "July 2024"), build(JULY, JULY)])
    assert "4G from 2 Mbit/s, then 4G from 5 Mbit/s" in found.comparability.definitions["digital"]
    assert compare_builds([build(JULY, JULY), build(JANUARY, JANUARY)]).comparability.definitions == {}


def test_an_area_is_left_behind_when_no_release_brought_a_fall():
    def series(*best):
        return [(100, 0, value, value, value) for value in best]

    places = {
        0: series(20, 20, 20),  # never
        2: series(20, 25, 22),  # a fall in the second
        4: series(20, 19.8, 30),  # less than half a premises is none
        6: series(9, 9, 9),  # too few
        8: series(5, 8, 40),  # rising
    }
    releases = ["July 2024", JULY, JANUARY]
    builds = [
        hand_build({place: row[time] for place, row in places.items()}, release=release)
        for time, release in enumerate(releases)
    ]
    found = compare_builds(builds)
    remote = found.left_behind[found.left_behind["count"].eq("remote")]
    assert remote["area_code"].tolist() == [code(8), code(4), code(0)]
    assert remote.iloc[0][releases].tolist() == [5, 8, 40]
    assert [(old, new) for old, new, _ in found.steps] == [("July 2024", JULY), (JULY, JANUARY)]
    changes = [part.loc["remote", "change"] for _, _, part in found.steps]
    assert sum(changes) == pytest.approx(found.totals.loc["remote", "change"])


def test_a_step_that_cannot_be_compared_refuses_the_whole():
    builds = [hand_build({0: (100, 0, 20, 20, 20)}, release=release) for release in ("July 2024", JULY, JANUARY)]
    builds[1] = replace(builds[1], manifest=changed(builds[1].manifest, geography="lsoa11"))
    with pytest.raises(NotComparableError, match="different years"):
        compare_builds(builds)


def test_a_correction_is_no_time_in_which_to_improve():
    old = hand_build({0: (100, 0, 20, 20, 20)})
    new = hand_build({0: (100, 0, 20, 20, 20)}, fingerprint="f" * 64, sources=[source("ofcom_oa", digest="r02")])
    found = compare_builds([old, new])
    assert found.comparability.correction
    assert found.left_behind.empty
    assert "correction" in found.behind_refused


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases")
    return {
        fwa: [
            built(folder / f"{fwa}-{month}", month=month, places=places, fwa=fwa)
            for month, places in (("202507", OLD), ("202601", NEW))
        ]
        for fwa in (False, True)
    }


def test_two_official_releases_are_compared_as_paper_says(official):
    found = compare_builds(official[False])
    digital = rows(found, "digital")
    # A: 20 lines under 10, and 3 % of 20 slow lines fail upload; then 10 and 3 % of 10; premises 100 → 110
    assert (digital.loc[A, "old"], digital.loc[A, "new"]) == (pytest.approx(20.6), pytest.approx(10.3))
    step = 10.3 / 110 - 20.6 / 100
    assert digital.loc[A, "speed_effect"] == pytest.approx(105 * step)
    assert digital.loc[A, "premises_effect"] == pytest.approx((10.3 / 110 + 0.206) / 2 * 10)
    # C: 100 of 110 known; 20 slow lines, then 4 under 10 and 26 slow ones
    assert digital.loc[C, "change"] == pytest.approx((4 + 0.03 * 26 - 0.03 * 20) * 110 / 100)
    assert digital.loc[C, "unknown_effect"] == pytest.approx(digital.loc[C, "change"] / 11)
    assert found.left_behind.set_index(["count", "area_code"]).index.tolist() == [
        ("remote", C),
        ("remote", B),
        ("digital", B),
    ]


def test_official_releases_on_both_sides_of_the_renaming_keep_the_definition_apart(official):
    found = compare_builds(official[True])
    assert set(found.comparability.definitions) == {"remote", "digital"}
    assert (
        "“below the USO” to “unable to receive decent broadband from fixed or FWA”"
        in found.comparability.definitions["digital"]
    )
    digital = rows(found, "digital").loc[A]
    assert (digital["old"], digital["new"], digital["definition_effect"]) == (10, 4, -6)
    assert math.isnan(digital["speed_effect"])
    lines = compare_builds(official[False])
    for count in ("remote", "digital"):
        by_line, without = rows(found, f"{count}_line"), rows(lines, count)
        for name in ("old_low", "old", "old_high", "new", *EFFECTS):
            assert by_line[name].to_list() == pytest.approx(without[name].to_list())


def test_official_releases_before_the_renaming_share_a_definition(official, tmp_path):
    earlier = built(tmp_path / "2024", month="202407", places=OLD, fwa=True)
    found = compare_builds([earlier, official[True][0]])
    assert found.comparability.definitions == {}
    assert found.totals["change"].tolist() == [0, 0]
