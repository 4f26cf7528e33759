"""Premises that somebody else counts, and corrections: what may then be compared, and what may be said of it."""

from __future__ import annotations

import pytest
from hand_builds import hand_build, source
from hypothesis import given
from hypothesis import strategies as st
from manifests import hand_manifest
from test_ofcom_postcodes import NAME, world_by_postcode
from worlds import write_csv

from connectivity.build import build
from connectivity.change.change_claims import areas_behind, explanation, moved
from connectivity.change.comparability import WHO, NotComparableError, counter_of
from connectivity.change.comparison import COUNTS, compare_builds
from connectivity.claims.about_change import change_cautions
from connectivity.manifest import NOT_RECORDED
from connectivity.outputs import read_build

JULY, JANUARY = "July 2025", "January 2026"
FEW, MANY = {0: (196, 0, 20, 20, 20)}, {0: (700, 0, 71, 71, 71)}
REMOTE = COUNTS["remote"]


def by_postcode(counts, *, release, counted_by, digest, **changes):
    """Make a build of Ofcom's file by postcode, with premises from another file."""
    listed = [source("ofcom_postcode", digest=release), source(counted_by, digest=digest)]
    return hand_build(counts, release=release, sources=listed, premises_from=counted_by, **changes)


def said(found):
    """Word a whole comparison of home working."""
    claims = [moved(found, REMOTE), *explanation(found, REMOTE)]
    return " ".join([*(str(claim.say()) for claim in claims), *change_cautions(found)])


def explained(found):
    """Return what a change is made of, by the key of the claim."""
    return {claim.key.removeprefix("change."): claim for claim in explanation(found, REMOTE)}


def test_premises_counted_by_different_sources_are_not_compared():
    old = by_postcode(FEW, release=JULY, counted_by="subsidy", digest="a")
    new = by_postcode(MANY, release=JANUARY, counted_by="dwellings", digest="b")
    with pytest.raises(NotComparableError, match="not counted by the same source") as refused:
        compare_builds([old, new])
    assert refused.value.parts["found"] == "Premises in BDUK plans; Council tax: dwellings by small area"


def test_a_build_by_postcode_that_does_not_say_who_counted_is_not_compared():
    builds = [
        hand_build(FEW, release=release, premises_from=NOT_RECORDED, sources=[source("ofcom_postcode", digest=release)])
        for release in (JULY, JANUARY)
    ]
    with pytest.raises(NotComparableError, match="not counted by the same source"):
        compare_builds(builds)


@pytest.mark.parametrize("counted_by", [kind for kind in WHO if kind != "ofcom"])
def test_two_counts_of_one_source_are_compared_without_a_direction_and_say_who_counts(counted_by):
    old = by_postcode(FEW, release=JULY, counted_by=counted_by, digest="a")
    found = compare_builds([old, by_postcode(MANY, release=JANUARY, counted_by=counted_by, digest="b")])
    heard, why = said(found), explained(found)
    assert (why["premises"].best, why["premises"].details["who"]) == (504, WHO[counted_by])
    assert not why["premises"].modelled
    assert why["direction"].details["certainty"] == "premises counted anew"
    assert "Ofcom counts" not in heard
    assert "Premises may have moved between areas" in heard
    for table in (found.areas, found.councils, found.totals):
        assert set(table["certainty"]) == {"premises counted anew"}
    assert found.left_behind.empty
    assert "counted anew" in found.behind_refused


def test_the_same_count_of_premises_in_both_builds_leaves_the_shares_to_compare():
    old = by_postcode({0: (100, 0, 20, 20, 20)}, release=JULY, counted_by="subsidy", digest="a")
    found = compare_builds(
        [old, by_postcode({0: (100, 0, 9, 9, 9)}, release=JANUARY, counted_by="subsidy", digest="a")]
    )
    assert found.totals.loc["remote", "certainty"] == "sure fall"
    assert "give shares only" in said(found)


def test_builds_of_one_postcode_file_with_other_premises_beside_it_are_told_apart(tmp_path):
    world, layers = world_by_postcode(tmp_path / "world")
    later = NAME.replace("202507", "202601")
    world.path(later).write_bytes(world.path(NAME).read_bytes())
    areas = world.read("lookup.csv")["LSOA11CD"]
    write_csv(world.path("dwellings.csv"), [{"lsoa11cd": area, "dwellings": 100} for area in areas])
    beside = {"postcode_premises": None, "dwellings": "dwellings.csv", "ofcom_postcode": later}
    build(world.study(layers=layers), out=tmp_path / "old", draws=0)
    build(world.study(layers=layers | beside), out=tmp_path / "new", draws=0)
    builds = [read_build(tmp_path / name) for name in ("old", "new")]
    assert [made.manifest.premises_from for made in builds] == ["postcode_premises", "dwellings"]
    with pytest.raises(NotComparableError, match="not counted by the same source"):
        compare_builds(builds)


@given(st.sampled_from([None, *WHO]), st.booleans())
def test_a_counter_is_read_off_every_manifest(counted_by, fine):
    files = {"ofcom_postcode": ()} if fine else {"ofcom_oa": ()}
    assert counter_of(hand_manifest(premises_from=counted_by).premises_from, files=files) == (counted_by or "ofcom")
    assert counter_of(hand_manifest().premises_from, files=files) == ("not recorded" if fine else "ofcom")


def corrected():
    old = hand_build({0: (100, 0, 20, 20, 20)})
    new = hand_build({0: (100, 0, 12, 12, 12)}, fingerprint="f" * 64, sources=[source("ofcom_oa", digest="r02")])
    return compare_builds([old, new])


def test_a_correction_made_nobody_able_and_has_no_direction():
    found = corrected()
    heard = said(found)
    assert set(explained(found)) & {"able", "direction"} == set()
    assert moved(found, REMOTE).details["correction"]
    assert "This is a correction by the publisher, not change." in heard
    assert found.totals.loc["remote", "change"] == -8
    assert found.totals.loc["remote", ["newly_able_at_least", "newly_unable_at_least"]].isna().all()
    for table in (found.areas, found.councils, found.totals):
        assert set(table["certainty"]) == {"correction"}


@pytest.mark.parametrize(("able", "unable"), [(3, 1), (3, 0), (0, 2), (0, 0)])
def test_gains_and_losses_are_the_least_there_were(able, unable):
    old = {0: (100, 0, 20, 20, 20), 2: (100, 0, 20, 20, 20)}
    new = {0: (100, 0, *[20 - able] * 3), 2: (100, 0, *[20 + unable] * 3)}
    found = compare_builds([hand_build(old, release=JULY), hand_build(new, release=JANUARY)])
    claim = explained(found)["able"]
    assert (claim.low, claim.best, claim.high) == pytest.approx((able, able, 200))
    assert claim.details["unable"] == pytest.approx(unable)
    assert "least 0" not in said(found)


def test_where_no_area_has_enough_premises_none_is_called_left_behind():
    small = {0: (100, 0, 4, 4, 4)}
    found = compare_builds([hand_build(small, release=JULY), hand_build(small, release=JANUARY)])
    claim = areas_behind(found, REMOTE)
    assert (claim.best, claim.of, claim.details["least"]) == (0, 0, 10)
    assert "none is called left behind" in claim.say()
    many = {0: (100, 0, 14, 14, 14)}
    found = compare_builds([hand_build(many, release=JULY), hand_build({0: (100, 0, 11, 11, 11)}, release=JANUARY)])
    claim = areas_behind(found, REMOTE)
    assert (claim.best, claim.of, claim.details["releases"]) == (0, 1, (JULY, JANUARY))


def test_a_change_moved_as_far_as_its_two_ranges_let_it_and_says_where_it_stands():
    old, new = {0: (100, 0, 15, 20, 25)}, {0: (110, 0, 8, 12, 14)}
    found = compare_builds([hand_build(old, release=JULY), hand_build(new, release=JANUARY)])
    claim = moved(found, REMOTE)
    assert (claim.low, claim.best, claim.high, claim.of) == (8 - 25, -8, 14 - 15, 110)
    assert claim.details["counts"] == ((20, 100), (12, 110))
    assert (claim.provenance.file, claim.provenance.column) == ("change_councils.csv", "change")
    assert claim.provenance.areas == tuple(found.comparability.districts)


def test_lines_of_the_past_are_never_called_premises_in_what_changed():
    measured = {"unit": "lines", "basis": "measured sync speeds"}
    old, new = {0: (100, 10, 20, 20, 20)}, {0: (130, 10, 40, 40, 40)}
    builds = [
        hand_build(counts, release=release, **measured) for counts, release in ((old, "June 2012"), (new, "June 2013"))
    ]
    heard = said(compare_builds(builds))
    assert "Ofcom counts 30 more lines in these places" in heard
    assert "lines of unknown speed" in heard
    assert "premises" not in heard
