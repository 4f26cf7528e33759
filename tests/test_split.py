"""Where one place's premises go by another boundary, on three small areas that can be divided on paper."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectivity.claims import about_boundaries as words
from connectivity.claims.claim import Basis, Claim
from connectivity.places.boundary_claims import (
    corners_claim,
    left_out_claim,
    split_claim,
    split_sum_claim,
    went_claim,
)
from connectivity.places.reports import (
    INFEASIBLE,
    NOT_ASSIGNED,
    PLACE,
    TWICE,
    TWICE_CUT,
    WHOLE,
    blurred,
    hidden,
    joint,
    split,
)
from layers.families import family_of
from layers.reporting import Shares

NOWHERE = "in no ward"
BASIS = Basis("Wold", "July 2025", "premises", "availability", counts_fwa=False, counts_mobile=False, modelled=True)
WARD = family_of("ward")


def areas(**columns):
    """Ash has 100 premises and 8 to 12 gaps, best 10; Birch 200 and 20 to 60, best 40; Cedar 50 and no score."""
    table = pd.DataFrame(
        {
            "area_name": ["Ash", "Birch", "Cedar"],
            "premises": [100.0, 200.0, 50.0],
            "premises_unknown": 0.0,
            "status": ["scored", "scored", "not enough data"],
            "separable": True,
            "district_code": "D1",
            "severity_rank": pd.array([2, 1, None], dtype="Int64"),
        },
        index=pd.Index(["a", "b", "c"], name="area_code"),
    )
    for column in INFEASIBLE:
        low, best, high = [8.0, 20.0, None], [10.0, 40.0, None], [12.0, 60.0, None]
        table[column] = pd.Series(
            low if column.endswith("_low") else high if column.endswith("_high") else best, index=table.index
        ).astype(float)
    return table.assign(**columns)


def shares(inside, outside=(), method="postcodes"):
    return Shares(
        pd.DataFrame(inside, columns=["area_code", "key", "share"]).astype({"share": float}),
        pd.DataFrame(outside, columns=["area_code", "reason", "share"]).astype({"share": float}),
        method,
    )


def places(**names):
    return pd.DataFrame({"code": "", "name": names})


OLD = shares([("a", "X", 1), ("b", "X", 0.5), ("b", "Y", 0.5), ("c", "Y", 1)])
NEW = shares([("a", "P", 0.25), ("a", "Q", 0.75), ("b", "P", 0.6), ("c", "P", 1)], [("b", NOWHERE, 0.4)])
NAMES = places(P="Poplar", Q="Quince")


def of_x(**columns):
    return split("X", first=OLD, second=NEW, places=NAMES, areas=areas(**columns), profile="remote")


def test_an_area_cut_by_both_borders_gives_bounds_and_one_cut_by_one_is_exact():
    rows = of_x().rows.set_index("name")
    # Ash is all in X: a quarter of it in Poplar. Birch is half in X and six tenths in Poplar: 0.1 to 0.5, best 0.3.
    poplar = rows.loc["Poplar"]
    assert (poplar["premises_low"], poplar["premises"], poplar["premises_high"]) == pytest.approx((45, 85, 125))
    gaps = tuple(poplar[f"remote_infeasible{end}"] for end in ("_low", "", "_high"))
    assert gaps == pytest.approx((8 / 4 + 20 * 0.1, 10 / 4 + 40 * 0.3, 12 / 4 + 60 * 0.5))
    assert poplar["made"] == TWICE_CUT
    quince = rows.loc["Quince"]
    assert quince["premises_low"] == quince["premises"] == quince["premises_high"] == pytest.approx(75)
    assert rows.loc[NOWHERE, ["row", "premises_low", "premises", "premises_high"]].tolist() == pytest.approx(
        [NOT_ASSIGNED, 0, 40, 80]
    )


def test_the_parts_make_the_place():
    found = of_x()
    assert found.whole["premises"] == 200
    assert found.sum_of(PLACE) == pytest.approx(160)
    assert found.sum_of(NOT_ASSIGNED) == pytest.approx(40)
    assert found.rows["remote_infeasible"].sum() == pytest.approx(found.whole["remote_infeasible"]) == 30
    claim = split_sum_claim(found, place="Xanadu", family=WARD, basis=BASIS)
    assert (claim.best, claim.of, claim.unit) == pytest.approx((160, 200, "premises"))
    assert claim.details["rest"] == pytest.approx({NOWHERE: 40})
    assert claim.best + sum(claim.details["rest"].values()) - claim.details["twice"] == pytest.approx(claim.of)
    assert found.modelled


def test_whole_areas_are_not_modelled_and_an_area_without_a_score_is_not_fine():
    second = shares([("a", "P", 1), ("b", "P", 1), ("c", "Q", 1)], method="code")
    first = shares([("b", "X", 1), ("c", "X", 1)], method="code")
    found = split("X", first=first, second=second, places=NAMES, areas=areas(), profile="digital")
    assert not found.modelled
    assert found.rows["made"].tolist() == [WHOLE, WHOLE]
    assert found.rows["name"].tolist() == ["Poplar", "Quince"]
    assert pd.isna(found.rows.loc[1, "digital_infeasible"])
    assert found.rows.loc[1, "premises"] == 50
    assert words.split_explained(found, best_fit=False) == "It is made of whole small areas. Nothing is divided."


def test_places_that_overlap_are_counted_twice_and_taken_off():
    second = shares([("a", "P", 1), ("a", "Q", 1)], method="code")
    first = shares([("a", "X", 1)], method="code")
    found = split("X", first=first, second=second, places=NAMES, areas=areas(), profile="remote")
    assert found.sum_of(TWICE) == 100
    claim = split_sum_claim(found, place="Xanadu", family=WARD, basis=BASIS)
    assert (claim.of, claim.best, claim.details["twice"]) == (100, 200, 100)
    assert "− 100 in more than one" in claim.say()


def test_a_best_fit_is_modelled_though_nothing_is_cut():
    second = shares([("a", "P", 1)], method="best fit")
    found = split("X", first=shares([("a", "X", 1)]), second=second, places=NAMES, areas=areas(), profile="remote")
    assert found.modelled
    assert words.part_made({"made": WHOLE}, best_fit=True) == "best fit (modelled)"


def gap(found, basis=BASIS):
    counts = (float(found.whole[f"remote_infeasible{end}"]) for end in ("_low", "", "_high"))
    return Claim("boundaries.remote", "Xanadu", *counts, float(found.whole["premises"]), basis)


def went(found):
    return went_claim(found, gap(found), family=WARD)


def test_the_claim_names_where_the_figure_went_with_ranges():
    claim = went(of_x())
    parts = [(one.place, one.low, one.best, one.high) for one in claim.details["first"]]
    assert parts == [
        ("Poplar ward", *(pytest.approx(count) for count in (4, 14.5, 33))),
        ("Quince ward", *(pytest.approx(count) for count in (6, 7.5, 9))),
    ]
    assert claim.details["in_none"]
    assert claim.say().endswith("about 8 (could be 6 to 9) in Quince ward and the rest in none.")
    alone = split(
        "Y", first=OLD, second=shares([("b", "P", 1), ("c", "P", 1)]), places=NAMES, areas=areas(), profile="remote"
    )
    assert went(alone).details["only"] == "Poplar ward"
    nowhere = split("Y", first=OLD, second=shares([], [("b", NOWHERE, 1), ("c", NOWHERE, 1)]), places=NAMES,
                    areas=areas(), profile="remote")  # fmt: skip
    assert went(nowhere).details["places"] == 0


def test_a_part_that_was_shared_out_is_an_estimate_though_the_whole_is_published():
    published = replace(BASIS, modelled=False)
    even = areas()
    for column in INFEASIBLE:
        even[column] = [12.0, 40.0, None]
    found = split(
        "X", first=shares([("a", "X", 1)]), second=shares([("a", "P", 0.25), ("a", "Q", 0.75)]), places=NAMES,
        areas=even, profile="remote",
    )  # fmt: skip
    claim = went_claim(found, gap(found, published), family=WARD)
    assert [one.say("cell") for one in claim.details["first"]] == ["about 9", "about 3"]


def quoted(found, basis):
    claim = split_claim(found, gap(found, basis), family=WARD, best_fit=False)
    return claim.lying_in(f"in the study “{basis.study}”").say("quotation")


def test_the_citation_says_what_is_modelled():
    found = of_x()
    quote = quoted(found, BASIS)
    assert quote.startswith("“About 30 of 200 premises in Xanadu, in the study “Wold”, cannot support")
    assert "could be 18 to 42" in quote
    assert "shared out at borders, modelled). Of these, about 14" in quote
    assert quote.endswith("the rest in none.”")


def test_lines_of_2013_did_not_achieve():
    then = Basis("Wold", "2013", "lines", "measured sync speeds", counts_fwa=False, counts_mobile=False, modelled=False)
    found = of_x()
    quote = quoted(found, then)
    assert "lines in Xanadu" in quote
    assert "did not achieve" in quote
    assert "premises" not in quote + split_sum_claim(found, place="Xanadu", family=WARD, basis=then).say()


def test_corners_are_those_we_can_tell_apart():
    listed = hidden("X", shares=OLD, areas=areas(), profile="remote")
    assert listed["percent"].to_dict() == {"b": 20.0, "a": 10.0}  # half of Birch is mostly enough
    claim = corners_claim(listed, place="Xanadu", profile="remote", basis=BASIS)
    assert (claim.best, claim.details["shares"]) == (2, pytest.approx((0.1, 0.2)))
    worst = claim.details["worst"]
    assert (worst.place, worst.low, worst.best, worst.high, worst.of) == ("Birch", 20, 40, 60, 200)
    assert worst.provenance.areas == ("b",)
    assert "20 in every 100" in claim.say()
    assert hidden("X", shares=OLD, areas=areas(separable=False), profile="remote").empty
    assert corners_claim(listed.head(1), place="Xanadu", profile="remote", basis=BASIS) is None


def test_a_place_inside_a_council_that_cannot_be_told_apart_is_not_held_to_others():
    mixed = areas(separable=[False, True, True], district_code=["D1", "D2", "D2"])
    wards = shares([("a", "P", 0.5), ("a", "Q", 0.5), ("b", "Q", 1), ("c", "Q", 1)])
    assert blurred(wards, areas=mixed) == {"P"}  # Q is mostly of the other council
    assert blurred(shares([("a", "P", 1), ("b", "Q", 1)]), areas=mixed) == set()  # the council itself is published
    claim = left_out_claim(1, of=2, family=WARD, basis=BASIS)
    assert (claim.best, claim.of) == (1, 2)
    assert claim.say().startswith("1 ward is left out here: it lies")
    assert left_out_claim(0, of=2, family=WARD, basis=BASIS) is None


part = st.floats(0, 1)


@settings(max_examples=60)
@given(one=part, other=part)
def test_a_joint_share_lies_between_its_bounds_and_no_part_is_exceeded(one, other):
    found = joint(pd.Series([one]), pd.Series([other])).iloc[0]
    assert 0 <= found["low"] <= found["best"] + 1e-12
    assert found["best"] <= found["high"] == min(one, other)
