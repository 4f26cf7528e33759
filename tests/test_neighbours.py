"""Who shares a border with whom, on squares of a hundred metres."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from connectivity.places.parts import ALONG, APART, WINDS, neighbours


def drawn(**corners):
    """Draw squares of 100 m by their south-west corners."""
    shapes = [shapely.box(x, y, x + 100, y + 100) for x, y in corners.values()]
    return gpd.GeoSeries(shapes, index=list(corners), crs=27700)


def test_a_border_counts_and_a_corner_does_not():
    found = neighbours(drawn(here=(0, 0), east=(100, 0), corner=(100, 100), far=(300, 0)), "here")
    assert found.index.tolist() == ["east"]
    assert found.loc["east", "metres"] == pytest.approx(100, abs=2 * APART.value)


def test_each_wind_is_named_from_middle_to_middle():
    around = {
        "north": (0, 100), "north-east": (100, 50), "east": (100, 0), "south": (0, -100), "west": (-100, 0),
        "south-west": (-100, -50), "north-west": (-100, 50), "south-east": (100, -50),
    }  # fmt: skip
    found = neighbours(drawn(here=(0, 0), **around), "here")
    assert found["side"].to_dict() == {name: name for name in around}
    assert set(around) == set(WINDS)


@pytest.mark.parametrize(("gap", "beside"), [(0.5, True), (-0.5, True), (-30, True), (3.0, False)])
def test_a_sliver_between_two_drawings_does_not_part_them(gap, beside):
    assert ("east" in neighbours(drawn(here=(0, 0), east=(100 + gap, 0)), "here").index) == beside


@pytest.mark.parametrize(("shared", "beside"), [(ALONG.value + 5, True), (ALONG.value - 5, False)])
def test_a_border_shorter_than_the_least_is_a_corner(shared, beside):
    found = neighbours(drawn(here=(0, 0), east=(100, 100 - shared)), "here")
    assert found.index.tolist() == (["east"] if beside else [])


def test_the_longest_border_stands_first_and_a_hole_is_beside_what_surrounds_it():
    ring = shapely.difference(shapely.box(-50, -50, 150, 150), shapely.box(0, 0, 100, 100))
    shapes = gpd.GeoSeries(
        [shapely.box(0, 0, 100, 100), ring, shapely.box(150, 100, 250, 150)], index=["lake", "ring", "edge"], crs=27700
    )
    assert neighbours(shapes, "lake").index.tolist() == ["ring"]
    assert neighbours(shapes, "ring").index.tolist() == ["lake", "edge"]


def test_an_island_has_none_and_a_study_of_one_place_neither():
    assert neighbours(drawn(here=(0, 0), far=(900, 0)), "here").empty
    assert neighbours(drawn(here=(0, 0)), "here").empty


def test_degrees_are_refused():
    with pytest.raises(ValueError, match="British National Grid"):
        neighbours(drawn(here=(0, 0)).set_crs(4326, allow_override=True), "here")
