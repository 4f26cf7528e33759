"""The same premises by any boundary: nothing is lost, nothing appears, and what is modelled says so."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
import shapely
from dividing import EAST, FEW, NORTH, NOT_SCORED, WORLD, built, located, named, reported, sums
from hypothesis import given, settings
from hypothesis import strategies as st
from official.world import SIDE, SOUTH, WEST

from connectivity.places.reports import (
    CSV_COLUMNS,
    INFEASIBLE,
    TOTAL,
    read_shares,
    report_by,
    report_csv,
    write_reports,
)
from layers.errors import LayerError
from layers.families import family_of
from layers.reporting import NO_LOCATION, Boundary, shares_of, sheets

MIDDLE = WEST + 2 * SIDE
WEST_HALF, EAST_HALF = shapely.box(WEST, SOUTH, MIDDLE, NORTH), shapely.box(MIDDLE, SOUTH, EAST, NORTH)
EVERYWHERE = shapely.box(WEST - 1, SOUTH - 1, EAST + 1, NORTH + 1)
cuts = st.lists(st.integers(1, 4 * SIDE - 1), max_size=4, unique=True)
dropped = st.sets(st.integers(0, 24), max_size=6)


def coded(pairs, *, name="lep"):
    """Make a boundary of codes by area."""
    codes = pd.DataFrame(pairs, columns=["unit", "key"])
    places = pd.DataFrame({"code": codes["key"].unique(), "name": codes["key"].unique()}, index=codes["key"].unique())
    return Boundary(family_of(name), places, "area", None, codes, best_fit=False, file="codes.csv")


def close(first, second):
    return np.allclose(np.asarray(first, dtype=float), np.asarray(second, dtype=float), rtol=0, atol=1e-9)


def everything():
    """Add up the build itself."""
    areas = built()
    scored = areas["premises"].where(areas["status"] == "scored").sum()
    counts = areas[["premises", "premises_unknown", *INFEASIBLE]].sum()
    return pd.concat([counts[:2], pd.Series({"premises_scored": scored}), counts[2:]])


@settings(max_examples=40)  # each lays a grid of squares over the places, 0.3 s
@given(columns=cuts, rows=cuts, dropped=dropped, empty=st.booleans())
def test_whatever_the_partition_places_and_the_rest_make_the_whole_of_every_count(columns, rows, dropped, empty):
    x = [0, *sorted(columns), 4 * SIDE]
    y = [0, *sorted(row for row in rows if row < 2 * SIDE), 2 * SIDE]
    boxes = [
        shapely.box(WEST + x[i], SOUTH + y[j], WEST + x[i + 1], SOUTH + y[j + 1])
        for i in range(len(x) - 1)
        for j in range(len(y) - 1)
    ]
    kept = [box for number, box in enumerate(boxes) if number not in dropped] or boxes[:1]
    premises = located()
    if empty:  # an area without a postcode keeps its premises, as not assigned
        premises = premises[premises["area_code"] != "E01033000"]
    made = reported(named(kept), premises=premises, beyond={"unmatched": 3.0})
    summed, total = sums(made)
    assert close(summed, total)
    expected = everything()
    expected["premises"] += 3
    assert close(total, expected)
    assert made.counted_twice == 0
    assert (NO_LOCATION in made.not_assigned) == empty


@settings(max_examples=15)
@given(shift=st.integers(-SIDE, SIDE))
def test_overlapping_shapes_count_in_both_and_the_sum_says_how_many_twice(shift):
    other = shapely.box(MIDDLE + shift, SOUTH, EAST, NORTH)
    made = reported(named([WEST_HALF, other], name="catchment"))
    summed, total = sums(made)
    assert close(summed, total)
    assert made.counted_twice == pytest.approx(
        4 * sum(WEST_HALF.covers(p) and other.covers(p) for p in points()) if shift < 0 else 0
    )


def points():
    return shapely.points(located()[["easting", "northing"]].to_numpy())


def test_wards_add_up_to_the_districts_they_lie_in():
    columns = [shapely.box(WEST + n * SIDE, SOUTH, WEST + (n + 1) * SIDE, NORTH) for n in range(4)]
    wards, districts = reported(named(columns)), reported(named([WEST_HALF, EAST_HALF], name="district_drawn"))
    for pair, district in zip(((0, 1), (2, 3)), districts.places.to_dict("records"), strict=True):
        for count in ("premises", "premises_unknown", *INFEASIBLE):
            assert wards.places[count].iloc[list(pair)].sum() == pytest.approx(district[count])


def test_a_border_through_areas_divides_them_by_premises_not_by_ground():
    quarter = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE / 4 + 1)  # holds the lowest third of the postcodes
    made = reported(named([quarter]))
    (row,) = made.places.to_dict("records")
    assert row["premises"] == pytest.approx(24 / 3)
    assert (row["areas"], row["areas_whole"], row["premises_whole"]) == (1, 0, 0)
    assert made.modelled
    assert made.not_assigned == {"in no ward": pytest.approx(192 - 8)}


def test_whole_areas_are_not_called_modelled():
    made = reported(named([WEST_HALF, EAST_HALF]))
    assert not made.modelled
    assert made.places["areas"].tolist() == made.places["areas_whole"].tolist() == [4, 4]
    assert made.places["premises_whole"].tolist() == [96, 96]


def test_a_shape_over_everything_holds_the_totals_and_one_in_the_sea_nothing():
    assert close(reported(named([EVERYWHERE], name="polygon")).places.iloc[0][list(INFEASIBLE)], everything()[3:])
    sea = shapely.box(WEST, NORTH, EAST, NORTH + 500)  # touches the north coast, holds no postcode
    made = reported(named([sea], name="polygon"))
    (row,) = made.places.to_dict("records")
    assert row["premises"] == row["areas"] == row["remote_infeasible"] == 0
    assert made.not_assigned == {"in no shape": 192.0}


def test_an_area_without_a_score_gives_premises_but_no_zero():
    column = shapely.box(WEST + 3 * SIDE, SOUTH, EAST, SOUTH + SIDE)
    (row,) = reported(named([column])).places.to_dict("records")
    assert built().loc[NOT_SCORED, "status"] == FEW
    assert (row["premises"], row["premises_scored"]) == (24, 0)
    assert np.isnan(row["remote_infeasible"])
    line = report_csv(reported(named([column]))).splitlines()[1].split(",")
    assert dict(zip(CSV_COLUMNS, line, strict=False))["remote_infeasible"] == ""


def test_two_leps_share_a_district_and_the_sum_says_so():
    both = [(code, lep) for code in built().index[:4] for lep in ("E37000010", "E37000030")]
    made = reported(coded([*both, *((code, "E37000030") for code in built().index[4:])]))
    assert made.places.set_index("code")["premises"].to_dict() == {"E37000010": 96.0, "E37000030": 192.0}
    assert made.counted_twice == 96
    assert made.total == 192
    assert "counted twice,,In more than one,96.00" in report_csv(made)


def test_what_is_in_two_places_that_should_not_overlap_is_a_fault_of_ours():
    with pytest.raises(RuntimeError, match="differ from the total"):
        reported(coded([(code, place) for code in built().index for place in ("A", "B")], name="district"))


def test_a_postcode_without_a_figure_has_no_premises_where_others_have():
    premises = located()
    first = premises["area_code"] == "E01033000"
    premises.loc[first, "premises"] = [24.0, *[np.nan] * 5]
    made = reported(named([shapely.box(WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE / 3)]), premises=premises)
    assert made.places["premises"].tolist() == [24.0]
    premises.loc[first, "premises"] = np.nan  # none known: equally
    made = reported(named([shapely.box(WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE / 3)]), premises=premises)
    assert made.places["premises"].tolist() == [pytest.approx(4.0)]


def test_no_postcodes_and_a_border_that_may_cut_is_refused_but_codes_need_none():
    with pytest.raises(LayerError, match="does not say where premises stand"):
        shares_of(named([WEST_HALF]), areas=built(), located=None)
    shares = shares_of(coded([(code, "A") for code in built().index], name="district"), areas=built(), located=None)
    assert (shares.method, shares.modelled) == ("code", False)


def test_slivers_do_not_part_neighbours_but_real_overlaps_do():
    shapes = named([WEST_HALF.buffer(3), EAST_HALF, shapely.box(MIDDLE - 900, SOUTH, EAST, NORTH)], name="own").shapes
    assert sheets(shapes) == [[0, 1], [2]]


def test_the_worst_areas_are_named_worst_first_and_never_where_they_cannot_be_told_apart():
    areas = built()
    made = reported(named([EVERYWHERE]), areas=areas)
    assert made.places["worst"].iloc[0] == "Place 1; Place 2; Place 3"
    areas["separable"] = False
    assert reported(named([EVERYWHERE]), areas=areas).places["worst"].iloc[0] == ""


def test_under_ten_premises_there_is_no_percentage():
    areas = built(premises=9.0)
    one = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
    table = pd.read_csv(io.StringIO(report_csv(reported(named([one]), areas=areas))))
    assert table["remote_percent"].isna().all()
    table = pd.read_csv(io.StringIO(report_csv(reported(named([one])))))
    assert table["remote_percent"].iloc[0] == pytest.approx(100 * 8 / 24, abs=0.1)


def test_a_report_is_sorted_by_name_and_ends_with_its_total():
    made = reported(named([EAST_HALF, WEST_HALF], codes=["W2", "W1"], names=["Yew", "Ash"]), beyond={"unmatched": 5.0})
    table = pd.read_csv(io.StringIO(report_csv(made)))
    assert tuple(table.columns) == CSV_COLUMNS
    assert table["name"].tolist() == ["Ash", "Yew", "unmatched", "All"]
    assert table["row"].iloc[-1] == TOTAL
    assert table["premises"].tolist() == [96, 96, 5, 197]
    assert "\r" not in report_csv(made)


def test_shares_written_are_the_shares_read_back(tmp_path):
    boundary = named([WEST_HALF, shapely.box(MIDDLE, SOUTH, EAST - 900, NORTH)])
    shares = shares_of(boundary, areas=built(), located=located())
    made = report_by(boundary.places, shares=shares, areas=built(), family=boundary.family, beyond={})
    write_reports([(made, shares)], folder=tmp_path)
    places, again = read_shares(tmp_path)["ward"]
    once_more = report_by(places, shares=again, areas=built(), family=boundary.family, beyond={})
    assert report_csv(once_more) == report_csv(made) == (tmp_path / "by_ward.csv").read_text(encoding="utf-8")
    assert read_shares(tmp_path / "nothing") == {}


def test_the_world_is_as_the_sums_above_say():
    assert len(WORLD.postcodes) == 48
    assert built()["premises"].sum() == 192
