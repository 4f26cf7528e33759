"""What a typed name leads to: the rule for naming a place, and which of several places of one name is meant."""

from __future__ import annotations

import pandas as pd
import pytest
from manifests import hand_manifest

from connectivity.places.search import AREA, Named, answer
from layers.reporting import Shares

AREAS = pd.DataFrame(
    {
        "area_name": ["Ash, part 1", "Ash, part 2", "Birch", "Cedar, part 1", "Winford, part 1"],
        "official_name": ["Winford 001A", "Winford 001B", "Gorsham 001A", "Gorsham 002A", "Winford 002A"],
        "district_name": ["Winford", "Winford", "Gorsham", "Gorsham", "Winford"],
    },
    index=pd.Index(["E01000001", "E01000002", "E01000003", "E01000004", "E01000005"], name="area_code"),
)
COUNCILS = {"E07000001": "Winford", "E07000002": "Gorsham, Holt and Ilex"}
MANIFEST = hand_manifest(districts=[{"code": code, "name": name, "separable": True} for code, name in COUNCILS.items()])
COUNCIL, OTHER = Named("district", "E07000001", "Winford"), Named("district", "E07000002", "Gorsham, Holt and Ilex")


def report(**names):
    codes = ["" if key == name else key for key, name in names.items()]
    table = pd.DataFrame({"code": codes, "name": list(names.values())}, index=pd.Index(list(names), name="key"))
    return table, Shares(pd.DataFrame(), pd.DataFrame(), "postcodes")


REPORTS = {
    "ward": report(W1="Ash", W2="Birch", W3="Winford", W4="Elm", W5="Holt", W6="Elmtree"),
    "district": report(E07000001="Winford", E07000002="Gorsham, Holt and Ilex"),
    "old_district": report(Winford="Winford", Gorsham="Gorsham", Holt="Holt"),  # no codes: names stand for them
    "constituency": report(C1="Elm", C2="Winford"),
}


@pytest.fixture
def asked(tmp_path):
    return lambda text: answer(text, areas=AREAS, reports=REPORTS, folder=tmp_path, manifest=MANIFEST)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("e01000004", Named(AREA, "E01000004", "Cedar, part 1")),
        ("E07000002", OTHER),
        ("w4", Named("ward", "W4", "Elm")),
        ("Winford", COUNCIL),  # not the council of 2011, the ward or the constituency
        ("  WINFORD ", COUNCIL),
        ("gorsham, holt and ilex", OTHER),
        ("winf", COUNCIL),
        ("Gorsham", Named("old_district", "Gorsham", "Gorsham")),  # no council of today is called so
        ("Birch", Named(AREA, "E01000003", "Birch")),  # the ward is this one area
        ("Ash", Named("ward", "W1", "Ash")),
        ("as", Named("ward", "W1", "Ash")),
        ("ash, part 2", Named(AREA, "E01000002", "Ash, part 2")),
        ("Gorsham 002A", Named(AREA, "E01000004", "Cedar, part 1")),
        ("Gorsham 002", Named(AREA, "E01000004", "Cedar, part 1")),
        ("elmt", Named("ward", "W6", "Elmtree")),
    ],
)
def test_a_code_then_a_name_then_a_beginning_leads_to_one_place(asked, text, found):
    assert asked(text).found == found


@pytest.mark.parametrize(
    ("text", "kinds", "why"),
    [
        ("Elm", ["ward", "constituency"], "called"),
        ("Holt", ["ward", "old_district"], "called"),
        ("gor", ["district", "old_district"], "begins"),
        ("ceder", [AREA], "like"),
        ("zzzz", [], "like"),
        ("", [], "like"),
    ],
)
def test_what_several_places_are_called_offers_them_today_s_council_first(asked, text, kinds, why):
    given = asked(text)
    assert given.found is None
    assert [one.kind for one in given.offered] == kinds
    assert given.why == why
