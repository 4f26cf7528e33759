"""Shapes packed as shared arcs come back as they were, and each border is written once."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from connectivity.maps.arcs import pack, unpack

LEFT, RIGHT = shapely.box(-2, 50, -1.5, 50.5), shapely.box(-1.5, 50, -1, 50.5)
ABOVE = shapely.Polygon([(-2, 50.5), (-1.5, 50.5), (-1, 50.5), (-1, 51), (-2, 51)])


def test_areas_come_back_and_each_border_is_written_once():
    shapes = [LEFT, RIGHT, ABOVE]
    packed = json.loads(json.dumps(pack(shapes)))
    assert all(one.equals(other) for one, other in zip(unpack(packed), shapes, strict=True))
    used = [number for shape in packed["shapes"] for ring in shape for number in ring]
    backwards = [~number for number in used if number < 0]
    assert len(backwards) == 3  # left|right, left|above, right|above: each lies in two shapes
    assert len(packed["arcs"]) == len(used) - len(backwards)


def test_the_outer_border_of_a_set_is_the_arcs_used_once():
    packed = pack([LEFT, RIGHT, ABOVE])
    used = [max(number, ~number) for shape in packed["shapes"] for ring in shape for number in ring]
    once = [arc for number, arc in enumerate(packed["arcs"]) if used.count(number) == 1]
    border = unpack({**packed, "arcs": once, "shapes": [[[number] for number in range(len(once))]]}, lines=True)[0]
    outside = shapely.union_all([LEFT, RIGHT, ABOVE]).exterior
    assert shapely.line_merge(border).equals(outside)


def test_holes_islands_and_what_fills_a_hole_come_back():
    hole = shapely.box(-1.9, 50.1, -1.8, 50.2)
    around = shapely.MultiPolygon([LEFT.difference(hole), shapely.box(-3, 50, -2.9, 50.1)])
    packed = pack([around, hole])
    for made, shape in zip(unpack(packed), [around, hole], strict=True):
        assert made.normalize().equals_exact(shape.normalize(), 1e-9)  # a tenth of a degree is no whole number of bits
    assert len(packed["arcs"]) == 3  # the hole's border is its filling's


def test_an_area_that_touches_itself_and_one_too_small_to_draw_stay_in_their_places():
    bow = shapely.MultiPolygon([shapely.box(0, 50, 1, 51), shapely.box(1, 51, 2, 52)])
    grain = shapely.box(0.5, 50.5, 0.5 + 1e-7, 50.5 + 1e-7)
    first, second, third = unpack(pack([bow, grain, RIGHT]))
    assert first.equals(bow)
    assert second.is_empty
    assert third.equals(RIGHT)
    assert pack([]) == {"step": 5e-5, "arcs": [], "shapes": []}


def test_lines_come_back_in_their_direction_cut_where_they_meet():
    road, lane = (
        shapely.LineString([(-2, 50), (-1.5, 50.5), (-1, 50.5)]),
        shapely.LineString([(-1.5, 50.5), (-1.5, 51)]),
    )
    packed = pack([road, lane])
    assert [line.equals(other) for line, other in zip(unpack(packed, lines=True), [road, lane], strict=True)] == [
        True
    ] * 2
    assert len(packed["arcs"]) == 3


def test_shapes_in_metres_are_refused():
    with pytest.raises(ValueError, match=r"in degrees.*369000, 90500"):
        pack([shapely.box(369000, 90500, 370000, 91500)])


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=30, unique=True),
    st.integers(1, 4),
    st.sampled_from([1e-5, 5e-5, 1e-3]),
)
def test_any_set_of_squares_comes_back_exactly(squares, kinds, step):
    whole = np.array([shapely.box(x, y, x + 1, y + 1) for x, y in squares])
    shapes = [shapely.union_all(whole[kind::kinds]) for kind in range(kinds)]
    placed = [shapely.transform(shape, lambda at: at * 0.01 + [-4, 50]) for shape in shapes]
    for made, shape in zip(unpack(pack(placed, step=step)), placed, strict=True):
        assert shapely.symmetric_difference(made, shape, grid_size=1e-9).area == pytest.approx(0, abs=1e-9)
