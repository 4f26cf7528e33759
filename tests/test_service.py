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

from connectivity import service as decisions
from connectivity.claims import about_services
from connectivity.claims.claim import Basis
from connectivity.method.goalposts import INDICATORS
from connectivity.service import (
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


def study(*keys):
    """Make the part of a manifest that says which alternatives a study knows."""
    return hand_manifest(indicators=[indicator(key, label=INDICATORS[key].label, unit=UNIT[key]) for key in keys])


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
    said = about_services.open_to(found.loc["dale"].to_dict(), basis=TODAY)
    assert said == (
        "It could be any of the three: the lowest figure would make it “Can go online”, and the highest figure would "
        "make it “Keep the counter”."
    )


def test_people_are_residents_by_the_share_and_totals_are_sums():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    assert found.loc["village", ["people_low", "people", "people_high"]].tolist() == pytest.approx([6, 20, 40])
    total = decisions.affected(found, areas=WORLD, place="Westshire")
    assert (total.low, total.best, total.high) == pytest.approx((96, 184, 316))  # twice the premises
    assert total.premises == pytest.approx((48, 92, 158))
    assert (total.of, total.estimated) == (4500, False)


@pytest.mark.parametrize("absent", ["column", "values"])
def test_without_residents_people_are_estimated_from_premises_and_flagged(absent):
    areas = WORLD.drop(columns="residents") if absent == "column" else WORLD.assign(residents=np.nan)
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    row = found.loc["village", ["people_low", "people", "people_high"]].tolist()
    assert row == pytest.approx([3 * 2.2, 10 * 2.4, 20 * 2.6])
    total = decisions.affected(found, areas=areas, place="Westshire")
    assert total.estimated
    assert "2.4 people" in about_services.rests(total, basis=TODAY)


@pytest.mark.parametrize(
    "spoilt",
    [{"status": "not enough data: more than 20% of premises unknown"}, {"premises": 9.0}],
    ids=["not scored", "under ten premises"],
)
def test_what_is_not_known_is_never_fine(spoilt):
    areas = WORLD.assign(**spoilt)
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    assert set(found["decision"]) == set(found["least"]) == {UNKNOWN}
    counts = decisions.counted(found)
    total = decisions.affected(found, areas=areas, place="Westshire")
    before, sentence = about_services.headline(total, service=ACCOUNT, counts=counts, basis=TODAY)
    assert before + str(sentence) == (
        "We do not have enough data about Westshire to say who could not use forms and accounts from home. "
        "We do not say it is fine."
    )
    assert "not enough data" in about_services.tooltip(found.loc["town"].to_dict(), basis=TODAY).lower()


def test_an_area_without_a_figure_is_in_no_total():
    areas = WORLD.copy()
    areas.loc["moor", "status"] = "no figure"
    areas.loc["moor", ["digital_infeasible_low", "digital_infeasible", "digital_infeasible_high"]] = np.nan
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    total = decisions.affected(found, areas=areas, place="Westshire")
    assert (total.best, total.of) == pytest.approx((134, 4000))


def test_a_study_without_distances_never_offers_help():
    for manifest in (study(), study("connectivity")):
        found = decide(WORLD, service=ACCOUNT, manifest=manifest)
        assert set(found["decision"]) == {ONLINE, COUNTER}
        assert found["nearest"].eq("").all()
    said = about_services.near([], helpers=[])
    assert "no distances" in said
    assert "keep the counter" in said


def test_who_helps_depends_on_the_service_and_a_shop_helps_nobody():
    known = alternatives(study("post_office", "shop", "gp", "library"))
    assert [one.key for one in helping(known, service=ACCOUNT)] == ["post_office", "library"]
    assert [one.key for one in helping(known, service=VIDEO)] == ["gp", "library"]
    shops = alternatives(study("shop"))
    assert helping(shops, service=ACCOUNT) == []
    assert "only how far away a shop is" in about_services.near(shops, helpers=[])


def test_a_stand_in_counts_only_where_nothing_else_is_known_and_is_called_one():
    alone = alternatives(study("rail_station"))
    beside = alternatives(study("rail_station", "library"))
    assert [one.key for one in helping(alone, service=ACCOUNT)] == ["rail_station"]
    assert [one.key for one in helping(beside, service=ACCOUNT)] == ["library"]
    assert "stands in" in about_services.near(alone, helpers=alone)
    row = {"value_rail_station": 4.0}
    (said,) = about_services.nearest(row, known=alone)
    assert said == (
        "The nearest rail station is 4.0 km away, in a straight line made 1.3 times as long, as roads bend. "
        "It stands in for a place that helps."
    )


def test_roads_and_straight_lines_are_told_apart():
    said = about_services.nearest({"value_post_office": 4.06, "value_library": 7.4}, known=alternatives(BOTH))
    assert said == [
        "The nearest post office is 4.1 km away by road.",
        "The nearest staffed library is 7.4 km away, in a straight line made 1.3 times as long, as roads bend.",
    ]
    assert about_services.nearest({"value_post_office": np.nan, "value_library": 1}, known=alternatives(BOTH))[0] == (
        "We do not know how far the nearest post office is."
    )


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


def test_the_headline_says_people_range_and_places():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    total = decisions.affected(found, areas=WORLD, place="Westshire")
    counts = decisions.counted(found)
    before, sentence = about_services.headline(total, service=ACCOUNT, counts=counts, basis=TODAY)
    assert before + str(sentence) == (
        "If forms and accounts went online only, about 184 people in Westshire could not use them from home. "
        "It could be 96 to 316. Keep the counter in 3 of 9 places."
    )
    quote = about_services.citation(total, service=ACCOUNT, counts=counts, basis=TODAY)
    for part in ("10 megabits", "modelled from Ofcom, July 2025", "fixed wireless not counted", "mobile not counted"):
        assert part in quote


def test_no_place_is_ever_said_to_need_no_other_way():
    areas = WORLD.loc[["town", "fen"]].assign(**{f"digital_infeasible{end}": 0.0 for end in ("_low", "", "_high")})
    found = decide(areas, service=ACCOUNT, manifest=BOTH)
    total = decisions.affected(found, areas=areas, place="Westshire")
    before, sentence = about_services.headline(total, service=ACCOUNT, counts=decisions.counted(found), basis=TODAY)
    assert before + str(sentence) == (
        "If forms and accounts went online only, we know of no one in Westshire who could not use them from home. "
        "By our marks no place has to keep the counter, but in each the few who cannot need another way."
    )
    row = found.loc["town"].to_dict()
    one = decisions.affected(found.loc[["town"]], areas=areas, place="Town")
    said = " ".join(about_services.place(one, row | {"premises": 500.0}, service=ACCOUNT, known=[], basis=TODAY))
    assert "still need another way" in said


def test_lines_of_2013_are_spoken_of_in_the_past_and_decide_nothing():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH)
    counts = decisions.counted(found)
    total = decisions.affected(found, areas=WORLD, place="Westshire")
    before, sentence = about_services.headline(total, service=ACCOUNT, counts=counts, basis=THEN)
    assert before + str(sentence) == (
        "In June–July 2013, about 184 people in Westshire had a line that did not achieve what forms and accounts "
        "take. It could be 96 to 316."
    )
    moor = found.loc["moor"].to_dict() | {"premises": 500.0}
    one = decisions.affected(found.loc[["moor"]], areas=WORLD, place="Moor")
    everything = [
        *about_services.place(one, moor, service=ACCOUNT, known=alternatives(BOTH), basis=THEN),
        about_services.rests(total, basis=THEN),
        about_services.citation(total, service=ACCOUNT, counts=counts, basis=THEN),
        about_services.staying(total, counts=counts, shown=200, basis=THEN),
        about_services.tooltip(moor, basis=THEN),
        about_services.why(moor, known=[], basis=THEN),
    ]
    for never in ("premises", "homes", "could not use", "Keep the counter", "must stay"):
        assert never not in " ".join(everything), never
    assert "says nothing about today" in about_services.citation(total, service=ACCOUNT, counts=counts, basis=THEN)
    assert "To decide, open a study of what is on offer now." in about_services.measured(THEN)
    assert about_services.measured(TODAY) == ""


def test_a_place_says_why_it_keeps_the_counter():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH).join(WORLD[["premises"]])
    why = {
        code: about_services.why(found.loc[code].to_dict(), known=alternatives(BOTH), basis=TODAY)
        for code in ("moor", "heath", "isle")
    }
    assert why == {
        "moor": "About 25 of 500 premises fall short: too many for help nearby.",
        "heath": "About 10 of 500 premises fall short, and the nearest post office is 5.0 km away.",
        "isle": "10 of 500 premises fall short, and how far help is, is not known.",
    }


def test_a_place_s_reason_is_whole_sentences_what_fails_what_is_nearest_how_far_and_how_measured():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH).join(WORLD[["premises"]])
    known = alternatives(BOTH)
    said = {code: about_services.reason(row, known=known, basis=TODAY) for code, row in found.to_dict("index").items()}
    assert said["moor"] == "That is 5 in every 100 or more: too many for help nearby to make up for."
    assert said["heath"] == (
        "That is more than can be helped one by one, and we know of no help nearby. "
        "The nearest post office is 5.0 km away by road. We take up to 4.8 km as within reach."
    )
    assert said["village"] == (
        "That is more than can be helped one by one, but help is near. The nearest staffed library is 9.0 km away, in "
        "a straight line made 1.3 times as long, as roads bend. We take up to 9.7 km as within reach."
    )
    assert said["edge"].startswith("By the highest estimate that is more than can be helped one by one")
    assert said["isle"].endswith("and we know of no help nearby. How far help is, is not known.")
    assert said["town"] == "Even by the highest estimate that is no more than can be helped one by one."
    named = {code: about_services.named(row) for code, row in found.to_dict("index").items()}
    assert (named["moor"], named["heath"], named["isle"], named["town"]) == ("", "post_office", "", "")
    unknown = found.loc["town"].to_dict() | {"decision": decisions.UNKNOWN}
    assert about_services.reason(unknown, known=known, basis=TODAY) == ""


def test_a_table_s_cell_gives_the_reason_in_short():
    found = decide(WORLD, service=ACCOUNT, manifest=BOTH).join(WORLD[["premises"]])
    cells = {
        code: about_services.cell(row, known=alternatives(BOTH), basis=TODAY).split("|")
        for code, row in found.to_dict("index").items()
    }
    assert cells["moor"][2] == "too many fall short"
    assert cells["heath"][2] == "help is far: post office 5.0\u00a0km"
    assert cells["village"][2] == "help is near: staffed library 9.0\u00a0km"
    assert cells["isle"][2] == "distance to help not known"
    assert cells["town"][2] == "few or none fall short"


def test_every_mark_is_a_record_with_its_range_and_source():
    for figure in (FEW, MANY):
        assert figure.low < figure.value < figure.high
        assert figure.source.startswith("assumption")
    rows = about_services.records(ACCOUNT, helpers=helping(alternatives(BOTH), service=ACCOUNT), basis=TODAY)
    assert ("farther away than this, a post office is out of reach", "4.83 km", "not varied",
            "Post Office access criterion: 3 miles") in rows  # fmt: skip
    assert all(all(part for part in row) for row in rows)


def test_the_words_avoid_what_is_never_said():
    everything = [*about_services.NOT_CONSIDERED, about_services.PAST]
    for service in SERVICES.values():
        everything += [*about_services.steps(service, basis=TODAY), service.examples, service.kept]
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
