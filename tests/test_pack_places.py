"""What a pack is about, by the names people type; what is none of the study's places is refused with what to do."""

from __future__ import annotations

import json

import pytest
from manifests import hand_manifest

from connectivity.evidence.pack_places import PlaceError, pack_subject, read_build_for_pack, refuse_red, subject_keys
from connectivity.outputs import Build
from layers.errors import OutputError


@pytest.fixture(scope="module")
def build(demo_build) -> Build:
    return read_build_for_pack(demo_build)


def subject(build, folder, *typed):
    return pack_subject(typed, build=build, folder=folder)


@pytest.mark.parametrize(
    ("typed", "title", "keys", "words"),
    [
        (["Dorset"], "Dorset", ["E06000059"], ["council"]),
        (["  dorset "], "Dorset", ["E06000059"], ["council"]),
        (["E06000059"], "Dorset", ["E06000059"], ["council"]),
        (["study"], "Dorset, Hampshire and the Isle of Wight", ["study"], ["whole study"]),
        (["Dorset, Hampshire and the Isle of Wight"], "Dorset, Hampshire and the Isle of Wight", ["study"], None),
        (["Bournemouth, Christchurch and Poole"], "Bournemouth, Christchurch and Poole", ["E06000058"], ["council"]),
        (["Dorset; Isle of Wight", "dorset"], "Dorset and Isle of Wight", ["E06000059", "E06000046"], None),
        (["Beaminster ward"], "Beaminster ward", ["ward:E05012683"], ["ward"]),
        (["ward:E05012683"], "Beaminster ward", ["ward:E05012683"], ["ward"]),
        (["Bridport"], "Bridport", ["settlement:2654726"], ["town"]),
        (["E01020398"], "Stour & Allen Vale, near Ferndown", ["E01020398"], ["small area"]),
        (["coast:E06000059"], "the coastal areas of Dorset", ["coast:E06000059"], ["the coast"]),
        (["Hampshire"], "Hampshire", ["county:E10000014"], ["county"]),
    ],
)
def test_a_place_is_found_by_what_people_call_it(build, demo_build, typed, title, keys, words):
    found = subject(build, demo_build, *typed)
    assert (found.title, [place.key for place in found.places]) == (title, keys)
    assert words is None or [place.word for place in found.places] == words
    assert all(place.shares.between(0, 1, inclusive="right").all() for place in found.places)


def test_small_areas_named_together_are_one_place_in_whatever_order_they_stand(build, demo_build):
    one = subject(build, demo_build, "E01020400, E01020398 E01020399,E01020397")
    other = subject(build, demo_build, "E01020397", "E01020398", "E01020399", "E01020400", "E01020400")
    assert one.title == other.title == "4 small areas of Dorset"
    assert one.places[0].key == other.places[0].key == "E01020397,E01020398,E01020399,E01020400"
    assert one.places[0].shares.tolist() == [1.0] * 4


def test_many_places_have_a_title_that_does_not_name_them_all(build, demo_build):
    found = subject(build, demo_build, "Dorset", "Winchester", "Hart", "Gosport")
    assert found.title == "4 councils of Dorset, Hampshire and the Isle of Wight"


def test_a_place_that_borders_cut_has_parts_of_small_areas(build, demo_build):
    shares = subject(build, demo_build, "DT6 3").places[0].shares
    assert 0 < shares.min() < 1
    jointly = subject(build, demo_build, "DT6 3", "Dorset")
    assert jointly.shares.max() == 1  # what lies in both counts once


@pytest.mark.parametrize("typed", [["Dorset"], ["study"], ["DT6 3"], ["Bridport", "E01020398"], ["coast"]])
def test_keys_lead_back_to_the_same_subject(build, demo_build, typed):
    found = subject(build, demo_build, *typed)
    again = subject(build, demo_build, *subject_keys(found))
    assert again.title == found.title
    assert again.shares.equals(found.shares)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["Dorsett"], ("called “Dorsett”", "nearest: E06000059 (Dorset, council)")),
        (["Exeter"], ("“Exeter” lies outside this study",)),
        (["Ash"], ("more than one place", "ward:E05014770 (Ashley, Bashley & Fernhill, ward, New Forest)")),
        (["Dorset", "Winchster"], ("Of the 2 places that were named, 1 is not known", "“Winchster”", "E07000094")),
        (["Xyzzyq", "Exeter"], ("2 are not known", "“Xyzzyq”", "“Exeter”")),
        (["Xyzzyq"], ("name a council of it: Basingstoke and Deane",)),
        ([], ("No place was named", "--place")),
        ([" ; "], ("No place was named",)),
        (["E99999999, E01020398"], ("Of 2 codes, 1 is no small area", "E99999999")),
        (["ward:nothing"], ("“ward:nothing”",)),
        (["a" + chr(0x202E) + "b"], ("\\u202e",)),
    ],
)
def test_what_is_no_one_place_is_refused_with_what_to_type(build, demo_build, typed, said):
    with pytest.raises(PlaceError) as refused:
        subject(build, demo_build, *typed)
    for words in said:
        assert words in str(refused.value)


def test_a_choice_that_is_offered_can_be_typed(build, demo_build):
    with pytest.raises(PlaceError) as refused:
        subject(build, demo_build, "Ash")
    offered = str(refused.value.parts["next"]).removeprefix("type one of: ").split("; ")
    assert len(offered) > 1
    for one in offered:
        assert len(subject(build, demo_build, one.partition(" (")[0]).places) == 1


def test_a_build_marked_red_is_refused_and_says_why(tmp_path):
    red = hand_manifest(do_not_publish="This must not be published: its data are marked red. It is 13 years old.")
    with pytest.raises(OutputError, match="13 years old") as refused:
        refuse_red(red, folder=tmp_path)
    assert "build STUDY.toml" in str(refused.value)
    refuse_red(hand_manifest(), folder=tmp_path)


def test_a_red_build_whose_manifest_lost_its_notice_is_refused(tmp_path):
    light = {"colour": "red", "reasons": [{"colour": "red", "words": "Coverage: 13 years old."}]}
    (tmp_path / "quality.json").write_text(json.dumps({"schema_version": 1, "light": light}), encoding="utf-8")
    with pytest.raises(OutputError, match="13 years old"):
        refuse_red(hand_manifest(), folder=tmp_path)


def test_of_several_places_each_that_is_not_known_has_its_own_next_step(build, demo_build):
    with pytest.raises(PlaceError) as refused:
        subject(build, demo_build, "Dorset", "Atlantis", "Narnia")
    said = str(refused.value.parts["next"])
    assert "for “Atlantis” " in said
    assert "; for “Narnia” " in said


def test_a_folder_that_is_no_build_is_refused(tmp_path):
    with pytest.raises(OutputError):
        read_build_for_pack(tmp_path / "nothing")


def test_places_of_two_kinds_that_cut_one_small_area_are_refused_and_those_of_one_kind_are_not(build, demo_build):
    with pytest.raises(PlaceError, match="cut the same small areas") as refused:
        subject(build, demo_build, "DT6", "DT6 3")
    assert "make a pack of each" in str(refused.value)
    both = subject(build, demo_build, "DT6", "DT8")
    assert both.shares.max() <= 1
    assert subject(build, demo_build, "Dorset", "DT8").shares.min() == 1  # the council holds all of what DT8 cuts there
