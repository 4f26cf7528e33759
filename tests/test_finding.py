"""Names of the demo's places, each leading where someone who lives there expects."""

from __future__ import annotations

import json
import time

import pandas as pd
import pytest
from manifests import hand_manifest

from connectivity.outputs import read_build
from connectivity.places.gazetteer import GAZETTEER, GazetteerEntry, read_gazetteer, write_gazetteer
from connectivity.places.parts import part_of
from connectivity.places.reports import COUNTS, read_shares, report_by
from connectivity.places.search import answer, folded, slips
from layers.families import family_of

LEADS = {
    "Dorchester": ("settlement", "Dorchester"),
    "Weymouth": ("settlement", "Weymouth"),
    "sherborne": ("settlement", "Sherborne"),
    "Blandford Forum": ("settlement", "Blandford Forum"),
    "Bland": ("settlement", "Blandford Forum"),
    "Blandford": ("ward", "Blandford"),
    "Lyme Regis": ("settlement", "Lyme Regis"),
    "Lyme": ("settlement", "Lyme Regis"),
    "Cerne Abbas": ("small area", "Cerne Abbas"),
    "Corfe Castle": ("small area", "Corfe Castle"),
    "Portesham": ("small area", "Portesham"),
    "East Meon": ("small area", "East Meon"),
    "Selborne": ("small area", "Selborne"),
    "St. Mary Bourne": ("small area", "St Mary Bourne"),
    "Bere regis": ("small area", "Bere Regis"),
    "Swanage": ("settlement", "Swanage"),
    "Wareham": ("settlement", "Wareham"),
    "Beaminster": ("settlement", "Beaminster"),
    "Woolston": ("ward", "Woolston"),  # a part of Southampton that is called after its wards
    "Beaminster ward": ("ward", "Beaminster"),
    "Ryde": ("settlement", "Ryde"),
    "Cowes": ("settlement", "Cowes"),
    "Christchurch": ("settlement", "Christchurch"),  # the town, not the council that ended in 2019
    "Poole": ("settlement", "Poole"),
    "Bournemouth": ("settlement", "Bournemouth"),
    "Gosport": ("district", "Gosport"),
    "Winchester": ("district", "Winchester"),
    "winch": ("district", "Winchester"),
    "Winchester town": ("settlement", "Winchester"),
    "Gosport town": ("settlement", "Gosport"),
    "Winchester council": ("district", "Winchester"),
    "Portsmouth": ("district", "Portsmouth"),  # the town is the council
    "Southampton": ("district", "Southampton"),
    "Dorset": ("district", "Dorset"),
    "Isle of Wight": ("district", "Isle of Wight"),
    "IOW": ("district", "Isle of Wight"),
    "BCP": ("district", "Bournemouth, Christchurch and Poole"),
    "New Forest": ("district", "New Forest"),
    "Test Valley": ("district", "Test Valley"),
    "West Dorset": ("old_district", "West Dorset"),
    "Purbeck": ("old_district", "Purbeck"),
    "DT2": ("postcode_district", "DT2"),
    "SO23": ("postcode_district", "SO23"),
    "dt2 7": ("postcode_sector", "DT2 7"),
    "DT27": ("postcode_sector", "DT2 7"),
    "DT2 7AB": ("small area", "Charminster"),
    "SO23 9LJ": ("small area", "Winchester, St. Michael (centre)"),
    "E01020509": ("small area", "Cerne Abbas"),
    "place:E01020509": ("small area", "Cerne Abbas"),  # what a suggestion sends
    "district:E06000059": ("district", "Dorset"),
    "settlement:2643314": ("settlement", "Lyme Regis"),
    "postcode_sector:DT2 7": ("postcode_sector", "DT2 7"),
    "old_district:West Dorset": ("old_district", "West Dorset"),
}
MEANT = {
    "Winchster": "Winchester",
    "Dorchetser": "Dorchester",
    "Weymoth": "Weymouth",
    "Shaftsbury": "Shaftesbury",
    "Sixpenny Handly": "Sixpenny Handley",
}
OUTSIDE = {
    "Yeovil": "Yeovil (Somerset)",
    "Salisbury": "Salisbury (Wiltshire)",
    "Yeovill": "Yeovil (Somerset)",
    "Somerset": "Somerset",
}


@pytest.fixture(scope="module")
def asked(demo_build):
    build, reports = read_build(demo_build), read_shares(demo_build)

    def ask(text, **more):
        return answer(text, areas=build.areas, reports=reports, folder=demo_build, manifest=build.manifest, **more)

    return ask


@pytest.mark.parametrize("text", LEADS)
def test_a_name_leads_where_a_resident_expects(asked, text):
    found = asked(text).found
    assert found is not None
    assert (found.kind, found.name) == LEADS[text]


@pytest.mark.parametrize("text", MEANT)
def test_a_slip_of_the_hand_is_offered_what_was_meant_first(asked, text):
    given = asked(text)
    assert (given.found, given.why) == (None, "like")
    assert given.offered[0].name == MEANT[text]


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_place_outside_the_study_is_known_to_be_outside(asked, text):
    given = asked(text)
    assert (given.found, given.why, given.outside) == (None, "outside", OUTSIDE[text])


@pytest.mark.parametrize(
    "text", ["Okeford Fitzpaine", "zzzz", "ward:E05999999", ":", "=1+1", "<b>", "", "\u202e", "x" * 5000]
)
def test_what_nobody_knows_is_found_nowhere(asked, text):
    given = asked(text)
    assert (given.found, given.offered, given.outside) == (None, (), "")


def test_what_is_offered_says_what_it_is_and_where(asked):
    given = asked("Milton")
    assert [(one.word, one.context) for one in given.offered] == [("ward", "Portsmouth"), ("ward", "New Forest")]
    assert asked("West Dorset").found.context == "council until 2019"


def test_of_names_as_like_what_was_typed_the_nearer_comes_first(tmp_path):
    entries = [
        GazetteerEntry("Ashton", "village", "Dorset", 900, 50.7, -2.4, "settlement:1"),
        GazetteerEntry("Ashdon", "village", "Hampshire", 500, 51.2, -1.0, "settlement:2"),
        GazetteerEntry("Ashlon", "village", "Kent", 90_000, 51.2, 0.9, ""),
    ]
    write_gazetteer(entries, folder=tmp_path)
    areas = pd.DataFrame({"area_name": [], "district_name": []}, index=pd.Index([], name="area_code"))
    known = {"areas": areas, "reports": {}, "folder": tmp_path, "manifest": hand_manifest()}
    assert [one.name for one in answer("Ashfon", **known).offered] == ["Ashton", "Ashdon"]  # the larger
    given = answer("Ashfon", **known, near=(51.2, -1.1))
    assert [one.name for one in given.offered] == ["Ashdon", "Ashton"]


def test_hostile_names_of_a_gazetteer_are_kept_as_they_are_and_found_by_their_letters(tmp_path):
    """A name with HTML in it is no formula and no control: it is kept, and escaped where it is shown."""
    name = '<img src=x onerror="alert(1)">'
    write_gazetteer([GazetteerEntry(name, "village", "Dorset", 1, 50.7, -2.4, "settlement:1")], folder=tmp_path)
    assert read_gazetteer(tmp_path) == [GazetteerEntry(name, "village", "Dorset", 1, 50.7, -2.4, "settlement:1")]
    areas = pd.DataFrame({"area_name": [], "district_name": []}, index=pd.Index([], name="area_code"))
    found = answer(name, areas=areas, reports={}, folder=tmp_path, manifest=hand_manifest()).found
    assert found is not None
    assert found.name == name


def test_every_key_of_the_file_opens_something(demo_build):
    build, reports = read_build(demo_build), read_shares(demo_build)
    districts = {one.code for one in build.manifest.districts}
    entries = read_gazetteer(demo_build)
    assert entries is not None
    for one in entries:
        kind, _, key = one.key.partition(":")
        if kind == "place":
            assert key in build.areas.index
        elif kind == "district":
            assert key in districts
        elif kind:
            assert key in reports[kind][0].index
    assert {one.kind for one in entries if not one.key} == {"town", "town or village", "village", "council"}
    assert (demo_build / GAZETTEER).stat().st_size < 400_000
    kinds = json.loads((demo_build / GAZETTEER).read_text(encoding="utf-8"))["kinds"]
    assert kinds[:6] == ["council", "town", "town or village", "village", "postcodes", "ward"]
    assert kinds[-2:] == ["old council", "small area"]


def test_a_town_is_the_whole_areas_called_after_it(demo_build):
    build, reports = read_build(demo_build), read_shares(demo_build)
    part = part_of("settlement:2643314", reports=reports, areas=build.areas)
    assert part.called == "Lyme Regis"
    assert set(build.areas.loc[part.codes, "area_name"]) == {"Lyme Regis (north)", "Lyme Regis (south)"}
    assert part.shares.eq(1).all()


@pytest.mark.parametrize("kind", ["settlement", "postcode_district", "postcode_sector"])
def test_parts_by_membership_add_up_to_the_study_and_their_ranges_are_drawn_together(demo_build, kind):
    build = read_build(demo_build)
    places, shares = read_shares(demo_build)[kind]
    found = report_by(places, shares=shares, areas=build.areas, family=family_of(kind), beyond={}, drawn=build.drawn)
    total = found.places["premises"].sum() + sum(found.not_assigned.values()) - found.counted_twice
    assert total == pytest.approx(build.areas["premises"].sum())
    if kind != "settlement":
        assert found.counted_twice == pytest.approx(0, abs=1e-6)
    parts = found.places[found.places["areas"] > 3]
    low, high = parts["remote_infeasible_low"], parts["remote_infeasible_high"]
    assert low.le(parts["remote_infeasible"]).all()
    assert high.ge(parts["remote_infeasible"]).all()
    codes = shares.inside.groupby("key")["area_code"].agg(list)
    added = codes[parts["code"]].map(lambda listed: build.areas.loc[listed, "remote_infeasible_high"].sum())
    assert high.sum() < 0.9 * added.sum()  # the ends of areas are not added up
    assert set(COUNTS) <= set(found.rows)


def test_half_postcodes_hold_the_postcodes_that_begin_so(demo_build):
    shares = read_shares(demo_build)
    located = pd.read_parquet(demo_build / "postcodes.parquet")
    live = located[located["live"] & located["easting"].notna()]
    inside = shares["postcode_sector"][1].inside
    areas = set(inside.loc[inside["key"].eq("DT2 7"), "area_code"])
    assert areas == set(live.loc[live["postcode"].str.startswith("DT27"), "area_code"])
    district = shares["postcode_district"][1].inside
    one = district[district["key"].eq("DT2")].set_index("area_code")["share"]
    sectors = inside[inside["key"].str.startswith("DT2 ")].groupby("area_code")["share"].sum()
    assert one.to_dict() == pytest.approx(sectors.to_dict())


def test_an_answer_comes_at_once(asked):
    asked("Dorchester")
    began = time.perf_counter()
    asked("Dorchester")
    assert time.perf_counter() - began < 0.5


def test_letters_are_compared_without_accents_and_marks():
    assert folded("Ynys Môn") == "ynys mon"
    assert slips("weymoth", "weymouth", most=2) == 1
    assert slips("", "ash", most=1) == 2
