"""Hidden need: the tail inside an average, and bounds for gap and need at once, by numbers that fit on paper."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand_builds import NORTH, SOUTH, code, hand_build
from hypothesis import given
from hypothesis import strategies as st
from manifests import hand_manifest, indicator

from connectivity.claims import about_need
from connectivity.claims.claim import Basis
from connectivity.places import hidden_need
from connectivity.places.hidden_need import NEEDS, Known, both
from connectivity.places.need_claims import NeedClaims
from connectivity.robustness.count_draws import CountDraws
from layers.families import family_of

TODAY = Basis(
    "Two shires", "July 2025", "premises", "availability", counts_fwa=False, counts_mobile=False, modelled=True
)
THEN = Basis("Then", "June–July 2013", "lines", "measured sync speeds", False, False, modelled=False)
COUNCIL = family_of("district")
NEVER_SAID = re.compile(r"customer|user|postcode lottery|digital divide|infeasible|LSOA|±|confidence interval|times")


def world(**changes):
    """Northshire is well off: 18 easy areas, and two bad and poor ones. Southshire is poor, its gaps even."""
    counts, shares = {}, {}
    for place in range(20):
        bad = place < 2
        counts[2 * place] = (100, 0, 30, 40, 60) if bad else (100, 0, 1, 2, 4)
        shares[code(2 * place)] = 0.30 if bad else 0.05
        counts[2 * place + 1] = (100, 0, 5, 10, 20)
        shares[code(2 * place + 1)] = 0.20
    return hand_build(counts | changes.pop("counts", {})).areas, pd.Series(shares)


def summed(areas, share):
    table = hidden_need.pieces(areas, parts=hidden_need.parts_by_council(areas), profile="remote", share=share)
    return table, hidden_need.need_by_place(table, study=hidden_need.study_share(table))


def claims_on(row, *, basis=TODAY, known=None, study=0.1375, family=COUNCIL):
    """Claim what there is to claim of a place of the hand-made world."""
    return NeedClaims({"name": "Northshire"} | dict(row), family, "remote", basis, known or need(), study)


def need(key="low_income", *, proxy=False):
    return Known(NEEDS[key], pd.Series(dtype=float), "Indices of Deprivation 2025", proxy=proxy)


def test_a_well_off_council_hides_a_bad_corner():
    areas, share = world()
    table, found = summed(areas, share)
    north, south = found.loc[NORTH], found.loc[SOUTH]
    # 18 areas with 2 and two with 40 of 100 each; 18 × 5% and 2 × 30% in need, of 2,000 premises.
    assert (north["gap_low"], north["gap"], north["gap_high"], north["premises"]) == (78, 116, 192, 2000)
    assert north["share"] == pytest.approx((18 * 5 + 2 * 30) / 2000)
    assert hidden_need.study_share(table) == pytest.approx((150 + 400) / 4000)
    # The worst tenth is the two bad areas: 80 of 200, so 40 in every 100 against 5.8.
    assert north[list(hidden_need.TAILS)].tolist() == [2, 200, 60, 80, 120]
    assert north["contrast"] == pytest.approx(0.40 - 0.058)
    assert south["contrast"] == pytest.approx(0)
    # Both: in an easy area at most min(4, 5), in a bad one min(60, 30); at least max(0, 30 + 30 − 100).
    assert (north["both_low"], north["both_high"]) == (0, 18 * 4 + 2 * 30)
    assert (south["both_low"], south["both_high"]) == (0, 20 * 20)
    # Only the bad areas have more need than the study's 13.75%.
    assert north[list(hidden_need.ELSEWHERE)].tolist() == [60, 80, 120]
    assert hidden_need.first_shown(found, study=hidden_need.study_share(table)) == NORTH


def test_a_whole_council_without_a_range_is_what_was_published():
    even = {2 * place: (100, 0, 2, 2, 2) for place in range(20)}
    for counts, modelled in ((even, False), (even | {0: (100, 60)}, True)):
        areas, share = world(counts=counts)
        assert claims_on(summed(areas, share)[1].loc[NORTH]).gap().modelled == modelled
    areas, share = world(counts=even)
    ward = claims_on(summed(areas, share)[1].loc[NORTH], family=family_of("ward"))
    assert ward.gap().modelled


def test_the_tenths_hold_every_premises_once_and_start_with_the_worst():
    table, found = summed(*world())
    tenths = hidden_need.need_tenths(table[table["key"] == NORTH])
    assert tenths["premises"].tolist() == [200] * 10
    assert tenths["gap"].tolist() == [80, *[4] * 9]
    assert tenths["share"].round(3).tolist() == [0.30, *[0.05] * 9]
    assert tenths["gap"].sum() == found.loc[NORTH, "gap"]


def test_a_gap_so_common_that_some_in_need_must_have_it():
    areas, share = world(counts={0: (100, 0, 80, 85, 90)})
    _, found = summed(areas, share)
    assert found.loc[NORTH, "both_low"] == pytest.approx(80 + 30 - 100)


def test_the_claims_on_the_well_off_council():
    table, found = summed(*world())
    here = claims_on(found.loc[NORTH], study=hidden_need.study_share(table))
    gap, looks, bounds, tail, average = here.gap(), here.standing(), here.both(), here.tail(), here.average()
    assert (gap.low, gap.best, gap.high, gap.of, gap.place) == (78, 116, 192, 2000, "Northshire")
    assert looks.details == {"looks": "well off", "proxy": False, "contrary": True}
    assert looks.say().endswith(" Yet")
    assert gap.say().startswith("about 116")
    assert (bounds.low, bounds.high, bounds.combines) == (0, 132, "bounds")
    assert np.isnan(bounds.best)
    assert (tail.low, tail.best, tail.high, tail.of, tail.percent) == (60, 80, 120, 200, True)
    assert (tail.details["apart_gap"], tail.details["apart"]) == (116, 2000)
    assert (average.best, average.details["study"]) == pytest.approx((0.075, 0.1375))
    assert [claim.key for claim in gap.details["more"]] == ["need.tail", "need.both", "need.average"]
    assert gap.provenance.column == "remote_infeasible"
    assert claims_on(found.loc[NORTH], study=0.05).standing().details["looks"] == "not well off"
    without = NeedClaims({**found.loc[NORTH], "name": "Northshire"}, COUNCIL, "remote", TODAY, None, 0.1)
    assert without.standing() is without.both() is without.average() is None
    assert without.gap().say().startswith("About 116")


@st.composite
def joint_tables(draw):
    """Draw premises, a range for the gap, one gap inside it, who is in need, and which premises have the gap."""
    premises = draw(st.integers(1, 60))
    low, gap, high = sorted(draw(st.lists(st.integers(0, premises), min_size=3, max_size=3)))
    needy = draw(st.integers(0, premises))
    first = draw(st.integers(0, premises - 1))
    order = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).permutation(premises)
    return premises, low, gap, high, needy, first, order


def bounds(premises, low, high, needy):
    fewest, most = both(
        pd.Series([float(premises)]),
        gap_low=pd.Series([float(low)]),
        gap_high=pd.Series([float(high)]),
        share=pd.Series([needy / premises]),
    )
    return fewest.iloc[0], most.iloc[0]


@given(joint_tables())
def test_the_bounds_hold_any_joint_count(table):
    premises, low, gap, high, needy, first, order = table
    fewest, most = bounds(premises, low, high, needy)
    assert 0 <= fewest <= most + 1e-9 <= premises + 1e-6
    in_need = set(range(needy))
    nested = {at % premises for at in range(first, first + gap)}
    for with_gap in (set(order[:gap].tolist()), nested, set(range(gap)), set(range(premises - gap, premises))):
        assert fewest - 1e-9 <= len(with_gap & in_need) <= most + 1e-9


@given(joint_tables())
def test_no_narrower_bounds_would_do(table):
    premises, low, _, high, needy, _, _ = table
    fewest, most = bounds(premises, low, high, needy)
    in_need = set(range(needy))
    assert len(set(range(premises - low, premises)) & in_need) == pytest.approx(fewest, abs=1e-9)
    assert len(set(range(high)) & in_need) == pytest.approx(most, abs=1e-9)


@given(joint_tables(), st.integers(0, 5))
def test_more_gap_or_more_need_never_lowers_a_bound(table, more):
    premises, low, _, high, needy, _, _ = table
    before = bounds(premises, low, high, needy)
    for after in (
        bounds(premises, min(premises, low + more), min(premises, high + more), needy),
        bounds(premises, low, high, min(premises, needy + more)),
    ):
        assert all(new >= old - 1e-9 for old, new in zip(before, after, strict=True))


def test_no_sentence_gives_the_product_of_two_shares():
    row = summed(*world())[1].loc[NORTH]
    product = 116 * 150 / 2000
    for key in NEEDS:
        for basis in (TODAY, THEN):
            said = str(claims_on(row, known=need(key), basis=basis).both().say())
            assert re.findall(r"\d+", said.replace("65 or over", "")) == ["0", "132"]
            assert f"{product:.0f}" not in said
            assert "about" not in said.lower()


def test_an_area_without_a_figure_is_counted_listed_and_in_no_sum():
    areas, share = world(counts={0: (100, 60)})
    table, found = summed(areas, share)
    north = found.loc[NORTH]
    assert (north["areas"], north["areas_left_out"], north["premises"], north["premises_left_out"]) == (
        19,
        1,
        1900,
        100,
    )
    assert north["gap"] == 40 + 18 * 2
    assert np.isnan(north["contrast"])  # 19 small areas are too few for a tail
    assert hidden_need.areas_listed(table[table["key"] == NORTH])["area_code"].iloc[-1] == code(0)
    (left,) = claims_on(north).left_out()
    assert (left.key, left.best, left.of, left.details["areas"]) == ("need.left_out", 100, 2000, 1)
    assert not left.modelled  # premises are counted


def test_no_more_are_both_than_have_a_gap_when_areas_are_drawn_together():
    areas, share = world()
    table, alone = summed(areas, share)
    random = np.random.default_rng(1)  # each area anywhere between its ends, apart from the others
    ends = areas[["remote_infeasible_low", "remote_infeasible_high"]].to_numpy().T[:, :, None]
    packed = np.round(random.uniform(*ends, (len(areas), 500)) / 100 * np.iinfo(np.uint16).max).astype(np.uint16)
    drawn = CountDraws(areas["premises"], {"remote": packed})
    together = hidden_need.need_by_place(table, study=hidden_need.study_share(table), drawn=drawn)
    assert alone.loc[NORTH, "both_high"] == 132
    assert together.loc[NORTH, "both_high"] < 132
    assert together.loc[NORTH, "both_high"] <= together.loc[NORTH, "gap_high"] < alone.loc[NORTH, "gap_high"]


def test_an_area_whose_need_is_not_known_is_not_bounded_as_if_it_had_none():
    areas, share = world()
    share[code(0)] = np.nan
    _, found = summed(areas, share)
    north = found.loc[NORTH].to_dict()
    assert (north["gap"], north["premises_need"], north["both_high"]) == (116, 1900, 18 * 4 + 30)
    (left,) = claims_on(north).left_out()
    assert (left.key, left.best, left.of) == ("need.unknown", 100, 2000)


def test_a_place_without_any_figure_makes_no_claim():
    areas, share = world(counts={2 * place: (100, 60) for place in range(20)})
    _, found = summed(areas, share)
    row = found.loc[NORTH].to_dict()
    here = claims_on(row, study=0.2)
    assert here.gap() is here.both() is here.standing() is here.average() is None
    assert row["premises_left_out"] == 2000
    assert np.isnan(row["both_high"])
    assert hidden_need.standing(row["share"], study=0.2) is None


def test_a_study_without_need_has_its_tail_and_no_bounds():
    areas, _ = world()
    table, found = summed(areas, None)
    assert found["both_high"].isna().all()
    assert found["elsewhere"].isna().all()
    assert found.loc[NORTH, "tail_gap"] == 80
    assert hidden_need.first_shown(found, study=hidden_need.study_share(table)) == NORTH


def test_small_areas_that_cannot_be_told_apart_make_no_tail_and_are_bounded_together():
    areas, share = world()
    areas["separable"] = areas["district_code"] != NORTH
    table, found = summed(areas, share)
    north = found.loc[NORTH].to_dict()
    assert np.isnan(north["contrast"])
    assert (north["both_low"], north["both_high"]) == (0, 150)  # min(192, 150 in need), as one area
    assert hidden_need.areas_listed(table[table["key"] == NORTH]).empty
    none = claims_on(north).no_tail(["Northshire"])
    assert none.details["districts"] == ("Northshire",)
    assert "For Northshire we know only the council’s figure" in none.say()
    assert claims_on(north).elsewhere() is None


def test_a_place_of_few_small_areas_has_no_tail():
    areas, share = world()
    _, found = summed(areas[areas["district_code"].eq(NORTH)].head(4), share)
    row = found.loc[NORTH].to_dict()
    assert row["gap"] == 84
    none = claims_on(row).no_tail(["Northshire"])
    assert (none.best, none.unit, none.details["districts"]) == (4, "places", ())


def test_a_border_that_cuts_areas_shares_gaps_and_need_alike():
    areas, share = world()
    parts = hidden_need.parts_by_council(areas)
    half = pd.concat([parts.assign(key=key, share=0.5) for key in ("one", "other")])
    table = hidden_need.pieces(areas, parts=half, profile="remote", share=share)
    found = hidden_need.need_by_place(table, study=0.1375)
    assert found["premises"].tolist() == [2000, 2000]
    assert found["gap"].sum() == 116 + 200
    assert found["both_high"].sum() == pytest.approx(132 + 400)


def test_the_order_of_rows_changes_nothing():
    areas, share = world()
    _, found = summed(areas, share)
    _, again = summed(areas.sample(frac=1, random_state=7), share.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(found, again)


def declared(key, column, *, proxy=False):
    return indicator(key, column=column, unit="%", dimension="need", proxy=proxy)


def test_a_mean_of_two_rates_is_no_share_but_the_rate_a_build_keeps_is():
    areas = pd.DataFrame({"value_income_employment_2025": [12.0]}, index=["a"])
    manifest = hand_manifest(indicators=[declared("income_employment_2025", "value_income_employment_2025")])
    assert hidden_need.known_needs(manifest, areas=areas, facts=None) == {}
    kept = hidden_need.known_needs(manifest, areas=areas, facts=pd.DataFrame({"income_rate": [0.16]}, index=["a"]))
    assert kept["low_income"].shares.tolist() == [0.16]
    said = about_need.need_unmarked([one.label for one in hidden_need.declared_needs(manifest)], basis=TODAY)
    assert "That is no share of people or homes" in said


def test_a_share_in_percent_is_read_off_the_areas_and_a_stand_in_says_so():
    areas = pd.DataFrame({"value_hard_pressed_proxy": [40.0, np.nan]}, index=["a", "b"])
    manifest = hand_manifest(indicators=[declared("hard_pressed_proxy", "value_hard_pressed_proxy", proxy=True)])
    one = hidden_need.known_needs(manifest, areas=areas, facts=None)["hard_pressed"]
    assert one.shares["a"] == 0.4
    assert np.isnan(one.shares["b"])
    here = claims_on(summed(*world())[1].loc[NORTH], known=one, study=0.1)
    assert here.standing().details["proxy"]
    assert here.average().details["proxy"]
    assert here.both().details["which"] == "neighbourhoods classed as hard-pressed"
    assert "no figure on need" in about_need.need_unmarked([], basis=TODAY)


def test_an_indicator_in_another_unit_is_not_taken_for_a_share():
    areas = pd.DataFrame({"value_disabled_residents": [12.0]}, index=["a"])
    one = declared("disabled_residents", "value_disabled_residents") | {"unit": "per 1,000"}
    assert hidden_need.known_needs(hand_manifest(indicators=[one]), areas=areas, facts=None) == {}


def every_sentence(basis, key="low_income"):
    table, found = summed(*world())
    row, study = found.loc[NORTH], hidden_need.study_share(table)
    here = claims_on(row, basis=basis, known=need(key), study=study)
    less = claims_on(
        row.to_dict() | {"contrast": float("nan"), "areas_left_out": 2, "premises_need": 1900}, basis=basis
    )
    claims = [here.standing(), here.gap(), here.both(), here.limits(), here.tail(), here.elsewhere(), here.average()]
    return [
        here.gap().say("quotation"),
        *(str(claim.say()) for claim in [*claims, less.no_tail([]), *less.left_out()]),
        about_need.tenths_drawn("Northshire", basis=basis),
        about_need.need_unmarked(["a class of its own"], basis=basis),
        *about_need.need_method(known=need(key), basis=basis, divided=True),
    ]


@pytest.mark.parametrize("key", NEEDS)
@pytest.mark.parametrize("basis", [TODAY, THEN])
def test_no_sentence_says_what_is_never_said(key, basis):
    for said in every_sentence(basis, key):
        assert said
        assert not NEVER_SAID.search(str(said)), said


def test_lines_of_2013_are_never_called_premises_nor_said_to_be_unable():
    said = " ".join(every_sentence(THEN))
    assert "lines there fell short and serve homes on a low income by our estimates." in said
    assert not re.search(r"premises|cannot support|could not|have a gap\.|businesses", said)


def test_the_citation_has_place_range_source_date_bounds_and_what_is_not_counted():
    quote = every_sentence(TODAY)[0]
    for part in (
        "“About 116 of 2,000 premises in Northshire, in the study “Two shires”,",
        "(could be 78 to 192; modelled from Ofcom, July 2025; upload inferred;",
        "fixed wireless and mobile are not counted)",
        "It could be that 0 to 132 premises there have this gap and are homes on a low income by our estimates",
        "No file says how many.",
        "(Indices of Deprivation 2025).”",
    ):
        assert part in quote


def test_under_ten_premises_there_is_no_share():
    row = summed(*world())[1].loc[NORTH].to_dict()
    assert claims_on(row | {"premises_need": 9.9}).average() is None
    assert claims_on(row | {"premises_need": 10.0}).average().percent
    assert (
        not claims_on(row | {"tail_premises": 9.0, "tail_gap_high": 9.0, "tail_gap": 3.0, "tail_gap_low": 1.0})
        .tail()
        .percent
    )


def test_none_is_said_as_none():
    none = claims_on({"both_low": 0.0, "both_high": 0.2, "premises_need": 40.0})
    assert none.both().say().startswith("No or almost no premises there")
    assert none.limits() is None


def test_every_rule_is_a_record_with_its_source():
    for rule in (
        hidden_need.TAIL,
        hidden_need.FEWEST_AREAS,
        hidden_need.WELL_OFF,
        hidden_need.NOT_WELL_OFF,
        about_need.WIDE,
    ):
        assert rule.source.startswith("assumption")
        assert rule.unit
        assert rule.meaning
    made = " ".join(about_need.need_method(known=need(), basis=TODAY, divided=False))
    assert made.count("assumption") == 3
    assert "We never multiply the two shares" in made
    assert "those between which 9 of 10 tries lie" in made
    assert "so these bounds are as wide as they can be" in " ".join(
        about_need.need_method(known=need(), basis=replace(TODAY, modelled=False), divided=False)
    )


def test_a_place_close_to_the_study_is_not_called_well_off():
    here = claims_on(summed(*world())[1].loc[NORTH], known=need("hard_pressed", proxy=True), study=0.075)
    assert here.standing().details["looks"] == "about average"
    assert here.gap().say().startswith("About 116 of 2,000")
    looks = [hidden_need.standing(share, study=0.23) for share in (0.20, 0.22, 0.23, 0.25, 0.26)]
    assert looks == ["well off", *["about average"] * 3, "not well off"]  # 22 against 23 in every 100 is no difference


@pytest.mark.parametrize(
    ("low", "high", "weak", "limited"), [(7, 3900, True, True), (500, 900, False, True), (30, 30, False, False)]
)
def test_the_limits_are_said_to_be_no_estimate_and_weak_where_they_lie_far_apart(low, high, weak, limited):
    row = {"both_low": float(low), "both_high": float(high), "premises_need": 5000.0}
    said = claims_on(row).limits().say()
    assert ("weak evidence" in said) == weak
    assert ("Both ends are estimates" in said) == limited
    assert "lines have both" in claims_on(row, basis=THEN).limits().say()


def test_bounds_that_are_not_known_are_not_claimed():
    none = claims_on({"both_low": float("nan"), "both_high": float("nan"), "premises_need": 0.0})
    assert none.both() is none.limits() is None


def test_a_worst_tenth_is_held_against_those_alone_that_can_be_told_apart():
    areas, share = world()
    areas["separable"] = areas["district_code"].eq(NORTH)
    parts = hidden_need.parts_by_council(areas).assign(key="LEP")
    row = hidden_need.need_by_place(
        hidden_need.pieces(areas, parts=parts, profile="remote", share=share), study=0.2
    ).loc["LEP"].to_dict() | {"name": "Both shires"}
    assert (row["premises"], row["apart"], row["apart_gap"], row["gap"]) == (4000, 2000, 116, 316)
    tail = claims_on(row, family=family_of("lep")).tail()
    assert (tail.best, tail.of) == (80, 200)
    assert (tail.details["apart_gap"], tail.details["apart"], tail.details["premises"]) == (116, 2000, 4000)
    assert "in small areas with a figure of their own" in tail.say()
    assert tail.say().endswith("it is about 5.8 in every 100.")  # 116 of 2,000, not 316 of 4,000
