"""The places of the page of evidence as a table: no rank leaves without its range, and no name runs."""

from __future__ import annotations

import csv
import io

from hand_builds import hand_build

from connectivity.claims.claim import Basis
from connectivity.evidence.places import places_csv

HERE = Basis("Two shires", "July 2025", "premises", "availability", True, False, True)


def rows(**columns):
    areas = hand_build({1: (600, 5, 10, 20, 30), 2: (600, 5, 1, 2, 3), 3: (600, 300)}).areas
    areas["severity_rank"], areas["scale_rank"] = [1.0, 2.0, None], [2.0, 1.0, None]
    for name, values in columns.items():
        areas[name] = values
    return list(csv.DictReader(io.StringIO(places_csv(areas, basis=HERE))))


def test_a_rank_stands_beside_its_range_and_what_it_rests_on():
    first, *_ = rows(
        rank_median=[1, 2, None], rank_p05=[1, 1, None], rank_p95=[2, 3, None], tier=["likely", "some", None]
    )
    assert (first["severity_rank"], first["rank_p05"], first["rank_p95"]) == ("1", "1", "2")
    assert (first["among_the_worst"], first["release"], first["modelled"]) == ("Likely", "July 2025", "True")
    assert (first["remote_infeasible"], first["fixed_wireless_counted"]) == ("20.00", "True")


def test_where_places_cannot_be_told_apart_there_is_no_rank():
    drawn = {"rank_median": [1, 2, None], "rank_p05": [1, 1, None], "rank_p95": [2, 3, None], "tier": ["likely"] * 3}
    first, second, _ = rows(separable=[False, True, True], **drawn)
    assert (first["severity_rank"], first["scale_rank"], first["rank_p05"], first["told_apart"]) == (
        "",
        "",
        "",
        "False",
    )
    assert second["severity_rank"] == "2"


def test_without_draws_no_rank_leaves_and_what_is_not_known_is_empty():
    *_, last = rows()
    assert {row["severity_rank"] for row in rows()} == {""}
    assert (last["remote_infeasible"], last["among_the_worst"]) == ("", "")


def test_a_name_that_a_spreadsheet_would_run_is_set_behind_an_apostrophe():
    first, *_ = rows(area_name=["=HYPERLINK(1)", "Bere Regis", "C"])
    assert first["area_name"] == "'=HYPERLINK(1)"
