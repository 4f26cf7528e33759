"""Can this service go online only: the rules on a world done by hand, what must always hold, and the words."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manifests import hand_manifest, indicator

from connectivity import online_only as decisions
from connectivity.claims import about_services
from connectivity.claims.claim import Basis
from connectivity.claims.linter import UnsafeClaimError
from connectivity.method.feasibility import NOT_TOLD_APART
from connectivity.method.records import INDICATORS
from connectivity.online_only import (
    ALIKE,
    COUNTER,
    FEW,
    HELP,
    LOOSE,
    MANY,
    ONLINE,
    SERVICES,
    STEPS,
    STRICT,
    UNKNOWN,
    USUAL,
    alternatives,
    decide,
    decisions_csv,
    helping,
)

TODAY = Basis("Two shires", "July 2025", "premises", "availability", False, False, True)
THEN = replace(TODAY, release="June–July 2013", unit="lines", basis="measured sync speeds", modelled=False)
ACCOUNT, VIDEO = SERVICES["account"], SERVICES["gp_video"]
UNIT = {"post_office": "km", "library": "km", "gp": "km", "shop": "km", "rail_station": "km", "connectivity": "points"}


def study(*keys, **more):
    """Make the part of a manifest that says which alternatives a study knows."""
    known = [indicator(key, label=INDICATORS[key].label, unit=UNIT[key]) for key in keys]
    return hand_manifest(indicators=known, **more)


def world(**places):
    """Make areas of 500 premises and 1,000 residents: who cannot (low, best, high), km to library and post office."""
    rows = []
    for name, (low, best, high, library, post_office) in places.items():
        rows.append(
            {
                "area_code": name,
                "area_name": name.capitalize(),
                "district_name": "Westshire",
                "status": "scored",
                "premises": 500.0,
                "residents": 1000.0,
                "digital_infeasible_low": low,
                "digital_infeasible": best,
                "digital_infeasible_high": high,
                "value_library": library,
                "value_post_office": post_office,
            }
        )
    return pd.DataFrame(rows).set_index("area_code")


def affected(found, *, areas=None, place="Westshire", basis=None):
    """Return the claim on those who could not use forms and accounts."""
    areas = WORLD if areas is None else areas
    return decisions.affected(found, areas=areas, place=place, service=ACCOUNT, basis=basis or TODAY)


def joined(found, areas=None):
    """Give each area's row of the build and of the decision together."""
    return (WORLD if areas is None else areas).join(found).to_dict("index")


BOTH = study("post_office", "library")
WORLD = world(
    village=(3, 10, 20, 9.0, 5.0),  # the example of docs/service.md
    town=(0, 1, 4, 1.0, 1.0),
    edge=(0, 1, 5, 1.0, 1.0),
    heath=(3, 10, 20, 12.0, 5.0),
    moor=(20, 25, 60, 1.0, 1.0),
    dale=(2, 24, 25, 1.0, 1.0),
    fen=(0, 1, 4, 30.0, 30.0),
    isle=(10, 10, 10, np.nan, np.nan),
    lane=(10, 10, 10, np.nan, 4.83),
)


def test_each_decision_is_reached_on_a_world_done_by_hand():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    assert found["decision"].to_dict() == {
        "village": HELP,  # highest 4%, best 2%, library 9.0 of 9.66 km
        "town": ONLINE,  # highest 0.8%
        "edge": HELP,  # highest exactly 1%: not under it
        "heath": COUNTER,  # as the village, and nothing within reach
        "moor": COUNTER,  # best exactly 5%
        "dale": HELP,  # best 4.8%, highest 5%
        "fen": ONLINE,  # few, however far help is
        "isle": COUNTER,  # a distance that is not known is not near
        "lane": HELP,  # a post office at its very limit
    }


def test_where_low_and_high_straddle_a_mark_the_other_decisions_are_named():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    assert {code: decisions.could_be(row) for code, row in found.to_dict("index").items()} == {
        "village": [ONLINE],
        "town": [],
        "edge": [ONLINE],
        "heath": [ONLINE],
        "moor": [HELP],
        "dale": [ONLINE, COUNTER],
        "fen": [],
        "isle": [],
        "lane": [],
    }
    assert "any of the three" in about_services.left_open(found.loc["dale"].to_dict(), basis=TODAY)
    assert about_services.left_open(found.loc["town"].to_dict(), basis=TODAY) == ""


def test_people_are_residents_by_the_share_and_totals_are_sums():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    assert found.loc["village", ["people_low", "people", "people_high"]].tolist() == pytest.approx([6, 20, 40])
    total = affected(found)
    assert (total.key, total.unit) == ("services.people", "people")
    assert (total.low, total.best, total.high) == pytest.approx((96, 184, 316))  # twice the premises
    premises = total.details["premises"]
    assert (premises.low, premises.best, premises.high, premises.of) == pytest.approx((48, 92, 158, 4500))
    assert not premises.details["from_premises"]
    assert (total.provenance.column, total.provenance.areas) == ("digital_infeasible", tuple(WORLD.index))


def test_one_areas_row_makes_the_claim_that_its_table_makes():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    alone = affected(found.loc[["village"]], place="Village")
    row = joined(found)["village"]
    there = decisions.affected_there(row, service=ACCOUNT, basis=TODAY)
    assert (there.key, there.place, there.low, there.best, there.high) == (
        *(alone.key, alone.place, alone.low, alone.best, alone.high),
    )
    assert there.details["premises"].of == alone.details["premises"].of == 500
    assert there.details["places"] == alone.details["places"]


@pytest.mark.parametrize("absent", ["column", "values"])
def test_without_residents_people_are_estimated_from_premises_and_flagged(absent):
    areas = WORLD.drop(columns="residents") if absent == "column" else WORLD.assign(residents=np.nan)
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    row = found.loc["village", ["people_low", "people", "people_high"]].tolist()
    assert row == pytest.approx([3 * 2.2, 10 * 2.4, 20 * 2.6])
    premises = affected(found, areas=areas).details["premises"]
    assert premises.details["from_premises"]
    assert "2.4 people" in about_services.people_counted(from_premises=True)


def test_people_are_about_even_where_the_premises_were_published():
    areas = WORLD.loc[["isle"]]
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    there = affected(found, areas=areas, basis=replace(TODAY, modelled=False))
    assert (there.details["premises"].lead, there.estimate) == (("10", "500"), "about 20")


@pytest.mark.parametrize(
    "spoilt",
    [{"status": "not enough data: more than 20% of premises unknown"}, {"premises": 9.0}],
    ids=["not scored", "under ten premises"],
)
def test_what_is_not_known_is_never_fine(spoilt):
    areas = WORLD.assign(**spoilt)
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    assert set(found["decision"]) == set(found["least"]) == {UNKNOWN}
    total = affected(found, areas=areas)
    assert (total.details["places"].of, total.details["places"].details[UNKNOWN]) == (0, 9)
    for form in ("headline", "quotation"):
        assert "We do not have enough data about Westshire" in total.say(form)
        assert "We do not say it is fine" in total.say(form)
    row = joined(found, areas)["town"]
    there = decisions.affected_there(row, service=ACCOUNT, basis=TODAY)
    assert "not enough data" in about_services.decision_tip(there, decision=row["decision"]).lower()


def test_an_area_without_a_figure_is_in_no_total():
    areas = WORLD.copy()
    areas.loc["moor", "status"] = "no figure"
    areas.loc["moor", ["digital_infeasible_low", "digital_infeasible", "digital_infeasible_high"]] = np.nan
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    total = affected(found, areas=areas)
    assert (total.best, total.details["premises"].of) == pytest.approx((134, 4000))


def test_a_study_without_distances_never_offers_help():
    for manifest in (study(), study("connectivity")):
        found = decide(WORLD, service=ACCOUNT, manifest=manifest)
        assert set(found["decision"]) == {ONLINE, COUNTER}
        assert found["nearest"].eq("").all()
    said = about_services.help_near([], helpers=[])
    assert "no distances" in said
    assert "people need another way in" in said


def test_who_helps_depends_on_the_service_and_a_shop_helps_nobody():
    known = alternatives(study("post_office", "shop", "gp", "library"))
    assert [one.key for one in helping(known, service=ACCOUNT)] == ["post_office", "library"]
    assert [one.key for one in helping(known, service=VIDEO)] == ["gp", "library"]
    shops = alternatives(study("shop"))
    assert helping(shops, service=ACCOUNT) == []
    assert "only how far away a shop is" in about_services.help_near(shops, helpers=[])


def test_a_stand_in_counts_only_where_nothing_else_is_known_and_is_called_one():
    alone = alternatives(study("rail_station"))
    beside = alternatives(study("rail_station", "library"))
    assert [one.key for one in helping(alone, service=ACCOUNT)] == ["rail_station"]
    assert [one.key for one in helping(beside, service=ACCOUNT)] == ["library"]
    assert "in place of" in about_services.help_near(alone, helpers=alone)
    (station,) = alone
    far = decisions.distance_of(station, 4.0, place="Ash", basis=TODAY)
    assert far.provenance.column == "value_rail_station"
    assert "in place of" in far.say()
    assert "no better place" in far.say("card")


def test_roads_and_straight_lines_are_told_apart_and_what_is_not_known_is_said():
    post_office, library = alternatives(BOTH)
    assert "4.1 km away by road" in decisions.distance_of(post_office, 4.06, place="Ash", basis=TODAY).say()
    assert "in a straight line" in decisions.distance_of(library, 7.4, place="Ash", basis=TODAY).say()
    assert "We do not know" in decisions.distance_of(post_office, float("nan"), place="Ash", basis=TODAY).say()


def test_the_one_named_is_the_nearer_beside_its_own_limit():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    assert found.loc["village", ["nearest", "nearest_km"]].tolist() == ["library", 9.0]  # 9.0/9.66 < 5.0/4.83


counts = st.tuples(*(st.floats(0, 500) for _ in range(3))).map(sorted)
distance = st.one_of(st.just(float("nan")), st.floats(0, 30))


@given(unable=counts, better=st.floats(0, 1), library=distance, post_office=distance)
def test_improving_lines_never_moves_a_place_towards_the_counter(unable, better, library, post_office):
    before = world(place=(*unable, library, post_office))
    after = world(place=(*(better * count for count in unable), library, post_office))
    found = [decide(areas, service=ACCOUNT, manifest=BOTH).loc["place"] for areas in (before, after)]
    for column in ("decision", "least", "most"):
        assert STEPS.index(found[1][column]) <= STEPS.index(found[0][column])


@given(unable=counts, library=distance, post_office=distance)
def test_the_range_holds_the_best_estimate_and_the_decision(unable, library, post_office):
    row = decide(world(place=(*unable, library, post_office)), service=ACCOUNT, manifest=BOTH).loc["place"]
    assert row["people_low"] <= row["people"] <= row["people_high"]
    assert row["unable_low"] <= row["unable"] <= row["unable_high"]
    assert STEPS.index(row["least"]) <= STEPS.index(row["decision"]) <= STEPS.index(row["most"])


@given(unable=counts, library=distance, post_office=distance)
def test_stricter_marks_never_let_go_of_a_counter(unable, library, post_office):
    areas = world(place=(*unable, library, post_office))
    steps = [
        STEPS.index(decide(areas, service=ACCOUNT, manifest=BOTH, marks=marks).loc["place", "decision"])
        for marks in (LOOSE, USUAL, STRICT)
    ]
    assert steps == sorted(steps)


def test_the_headline_goes_on_to_where_the_counter_stays_and_the_quotation_says_what_it_rests_on():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    total = affected(found)
    places = total.details["places"]
    assert (places.unit, places.best, places.of) == ("places", 3, 9)
    assert total.say().endswith(places.say())
    quote = total.say("quotation")
    assert f"“{total.say()}”" in quote
    for part in ("10 megabits", "modelled from Ofcom, July 2025", "fixed wireless not counted", "mobile not counted"):
        assert part in quote


def test_no_place_is_ever_said_to_need_no_other_way():
    areas = WORLD.loc[["town", "fen"]].assign(**{f"digital_infeasible{end}": 0.0 for end in ("_low", "", "_high")})
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    total = affected(found, areas=areas)
    assert "no one" in total.say()
    assert "the few who cannot need another way" in total.say()
    assert "none" not in total.say("cell")
    assert "still need another way" in about_services.advice(found.loc["town", "decision"], service=ACCOUNT)


def test_lines_of_2013_are_counted_as_lines_spoken_of_in_the_past_and_decide_nothing():
    then = study("post_office", "library", unit="lines", basis="measured sync speeds", coverage_modelled=False)
    found = decide(WORLD, service=ACCOUNT, manifest=then)
    assert not [column for column in found if column.startswith("people")]
    counts = decisions.count_decisions(found)
    total = affected(found, basis=THEN)
    assert (total.key, total.unit, total.estimated) == ("services.lines", "lines", False)
    assert (total.low, total.best, total.high, total.of) == pytest.approx((48, 92, 158, 4500))
    assert "premises" not in total.details
    moor = joined(found)["moor"]
    keeping = found[found["decision"] == COUNTER]
    stay = decisions.staying(keeping, areas=WORLD, place="Westshire", service=ACCOUNT, basis=THEN, counts=counts)
    reason = decisions.decision_of(moor, known=alternatives(BOTH), service=ACCOUNT, basis=THEN)
    there = decisions.affected_there(moor, service=ACCOUNT, basis=THEN)
    everything = [
        *(total.say(), total.say("quotation"), there.say("card"), reason.say(), reason.say("card"), stay.say()),
        about_services.decision_tip(there, decision=COUNTER),
        about_services.decision_cell(reason),
    ]
    for never in ("premises", "homes", "people", "person", "could not use", "Needs another way in", "must stay"):
        assert never not in " ".join(everything), never
    assert "says nothing about today" in total.say("quotation")
    assert "To decide, open a study of what is on offer now." in about_services.cannot_decide(THEN)
    assert about_services.cannot_decide(TODAY) == ""
    text = decisions_csv(found, areas=WORLD, service=ACCOUNT, known=alternatives(BOTH), basis=THEN)
    header = text.partition("\n")[0]
    assert "lines_unable" in header
    assert "people" not in header


def test_residents_are_never_claimed_of_lines():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    people = affected(found)
    with pytest.raises(UnsafeClaimError, match="lines as premises"):
        replace(people, basis=THEN).say()


def test_a_place_says_why_it_keeps_the_counter():
    found = joined(decide(WORLD, service=ACCOUNT, manifest=BOTH))
    known = alternatives(BOTH)
    why = {
        code: decisions.decision_of(found[code], known=known, service=ACCOUNT, basis=TODAY)
        for code in ("moor", "heath", "isle")
    }
    assert {code: (claim.best, claim.of) for code, claim in why.items()} == {
        "moor": (25, 500),
        "heath": (10, 500),
        "isle": (10, 500),
    }
    assert why["moor"].details["in_reach"]
    assert why["heath"].details["nearest"].best == 5.0
    assert why["isle"].details["nearest"] is None
    for code, part in (("moor", "too many for help nearby"), ("heath", "5.0 km away"), ("isle", "is not known")):
        assert part in why[code].say("card")


def test_a_place_s_reason_is_whole_sentences_what_fails_what_is_nearest_how_far_and_how_measured():
    found, known = joined(decide(WORLD, service=ACCOUNT, manifest=BOTH)), alternatives(BOTH)
    claims = {
        code: decisions.decision_of(row, known=known, service=ACCOUNT, basis=TODAY) for code, row in found.items()
    }
    said = {code: str(claim.say()) for code, claim in claims.items()}
    assert "5 in every 100 or more" in said["moor"]
    assert "no help nearby. The nearest post office is 5.0 km away by road. We take up to 4.8 km" in said["heath"]
    assert "help is near. The nearest staffed library is 9.0 km away, in a straight line" in said["village"]
    assert said["edge"].startswith("By the highest estimate in 9 of 10 tries that is more than can be helped")
    assert said["isle"].endswith("How far help is, is not known.")
    assert said["town"].startswith("By the highest estimate in 9 of 10 tries that is no more than can be helped")
    named = {code: about_services.names_distance(claim) for code, claim in claims.items()}
    assert (named["moor"], named["heath"], named["isle"], named["town"]) == ("", "post_office", "", "")


def test_a_table_s_cell_gives_the_reason_in_short():
    found, known = joined(decide(WORLD, service=ACCOUNT, manifest=BOTH)), alternatives(BOTH)
    cells = {
        code: about_services.decision_cell(decisions.decision_of(row, known=known, service=ACCOUNT, basis=TODAY)).split(
            "|"
        )
        for code, row in found.items()
    }
    assert cells["moor"][2] == "too many fall short"
    assert cells["heath"][2] == "help is far: post office 5.0\u00a0km"
    assert cells["village"][2] == "help is near: staffed library 9.0\u00a0km"
    assert cells["isle"][2] == "distance to help not known"
    assert cells["town"][2] == "few or none fall short"


def test_the_marks_at_either_end_bracket_the_places_that_keep_the_counter():
    counts = {
        name: decisions.count_decisions(decide(WORLD, service=ACCOUNT, manifest=BOTH, marks=marks))
        for name, marks in (("strict", STRICT), ("usual", USUAL), ("loose", LOOSE))
    }
    claim = decisions.marks_moved(**counts, basis=TODAY)
    assert claim.low <= claim.best <= claim.high
    assert f"it would be {claim.high:g}, at the loose end {claim.low:g}" in claim.say()


def test_every_mark_is_a_record_with_its_range_and_source():
    for figure in (FEW, MANY):
        assert figure.low < figure.value < figure.high
        assert figure.source.startswith("assumption")
    rows = about_services.figures_used(ACCOUNT, helpers=helping(alternatives(BOTH), service=ACCOUNT), basis=TODAY)
    assert ("farther away than this, a post office is out of reach", "4.83 km", "not varied",
            "Post Office access criterion: 3 miles") in rows  # fmt: skip
    assert all(all(part for part in row) for row in rows)


def test_the_words_avoid_what_is_never_said():
    everything = [*about_services.NOT_CONSIDERED, about_services.PAST]
    for service in SERVICES.values():
        everything += [*about_services.decision_steps(service, basis=TODAY), service.examples, service.kept]
    for never in ("customer", "user", "digital divide", "infeasible", "LSOA", "±", "confidence interval"):
        assert never not in " ".join(everything), never


def test_services_rest_on_counts_that_a_build_has():
    assert {service.needs for service in SERVICES.values()} <= {"digital", "remote"}
    assert all(set(service.helped_at) <= set(INDICATORS) for service in SERVICES.values())


def test_the_file_holds_every_place_and_no_name_that_runs():
    areas = WORLD.copy()
    areas.loc["moor", "area_name"] = "=HYPERLINK(1)"
    areas.loc["town", "status"] = "no figure"
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    text = decisions_csv(found, areas=areas, service=ACCOUNT, known=alternatives(BOTH), basis=TODAY)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert "\r" not in text
    assert [row["area_code"] for row in rows] == [
        *("moor", "heath", "isle"), *("dale", "lane", "village", "edge"), "fen", "town",
    ]  # fmt: skip
    assert rows[0]["area_name"] == "'=HYPERLINK(1)"
    assert (rows[-1]["decision"], rows[-1]["people"]) == ("Not enough data", "")
    assert (rows[1]["people"], rows[1]["library_km"], rows[2]["library_km"]) == ("20.0", "12.0", "")
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_areas_that_are_not_told_apart_count_and_decide_nothing():
    areas = WORLD.assign(status=["scored"] * 3 + [NOT_TOLD_APART] * 6)
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    assert set(found["decision"][3:]) == set(found["least"][3:]) == set(found["most"][3:]) == {ALIKE}
    whole, before = affected(found, areas=areas), affected(decide(WORLD, service=ACCOUNT, manifest=BOTH))
    assert (whole.low, whole.best, whole.high) == (before.low, before.best, before.high)
    places = whole.details["places"]
    assert (places.best, places.of, places.details[ALIKE], places.details[UNKNOWN]) == (0, 3, 6, 0)
    assert "In 6 more only the council’s figure is known." in whole.say()
    assert "decide for the whole council" in places.say("card")
    alike = areas.iloc[3:]
    council = affected(found.iloc[3:], areas=alike)
    assert "decide for the whole council" in council.say()
    assert "another way in" not in council.say()
    assert "not have enough data" not in council.say()
    assert (
        about_services.council_cell(council.details["places"])
        == "alike|Council figure only|decide for the whole council"
    )
    kept = decisions.staying(
        found[found["decision"] == COUNTER],
        areas=areas,
        place="Westshire",
        service=ACCOUNT,
        basis=TODAY,
        counts=decisions.count_decisions(found),
    )
    assert "6 places are not in the list" in kept.say()
    table = pd.read_csv(
        io.StringIO(decisions_csv(found, areas=areas.assign(area_name="A", district_name="B"), service=ACCOUNT,
                                  known=alternatives(BOTH), basis=TODAY))
    )  # fmt: skip
    assert table["decision"].tolist()[-6:] == ["Council figure only"] * 6
