"""Points fall in one area each: on hand squares by paper, on random shapes as geopandas.sjoin says."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import LayerError
from layers.points import areas_of_points

GRID = "EPSG:27700"
DEMO = Path(__file__).parents[1] / "data" / "demo"
FINE = 200_000
"""Points enough that the grid is finer than the areas, so that squares wholly inside one are taken untested."""


def series(*shapes: shapely.Geometry) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=GRID)


def by_sjoin(x, y, areas: gpd.GeoSeries) -> np.ndarray:
    """The lowest position that geopandas finds, −1 where none."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=GRID)
    frame = gpd.GeoDataFrame(geometry=areas.to_numpy(), crs=GRID)
    hits = points.sjoin(frame, predicate="intersects")["index_right"]
    lowest = hits.groupby(level=0).min().reindex(range(len(points)))
    return lowest.fillna(-1).to_numpy(dtype=int)


FOUR = series(*(shapely.box(x, y, x + 100, y + 100) for y in (0, 100) for x in (0, 100)))


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (50, 50, 0),
        (150, 50, 1),
        (50, 150, 2),
        (150, 150, 3),
        (100, 50, 0),
        (50, 100, 0),
        (150, 100, 1),
        (100, 150, 2),
        (100, 100, 0),
        (0, 0, 0),
        (200, 200, 3),
        (200, 50, 1),
        (201, 50, -1),
        (-0.001, 50, -1),
        (1e300, 50, -1),
        (float("nan"), 50, -1),
        (50, float("inf"), -1),
    ],
)
def test_a_point_on_a_shared_border_goes_to_the_lowest_position(x, y, expected):
    assert areas_of_points([x], [y], areas=FOUR).tolist() == [expected]


@pytest.mark.parametrize("offset", [0.0, -150.0, 3e5])
@pytest.mark.parametrize("count", [1, FINE])
def test_borders_are_exact_however_fine_the_grid_and_wherever_it_lies(offset, count):
    areas = gpd.GeoSeries(FOUR.translate(offset, offset), crs=GRID)
    x = np.tile(np.array([0, 99.999999, 100, 100.000001, 200]), count)[: max(count, 5)] + offset
    found = areas_of_points(x, np.full_like(x, offset + 50), areas=areas)
    assert found[:5].tolist() == [0, 0, 0, 1, 1]
    assert (found == np.resize(found[:5], len(found))).all()


def test_a_point_in_a_hole_is_outside_and_its_rim_is_not():
    ring = shapely.box(0, 0, 300, 300).difference(shapely.box(100, 100, 200, 200))
    assert areas_of_points([150, 50, 100, 150], [150, 50, 150, 200], areas=series(ring)).tolist() == [-1, 0, 0, 0]


def test_a_hole_filled_by_another_area_goes_to_that_area():
    ring = shapely.box(0, 0, 300, 300).difference(shapely.box(100, 100, 200, 200))
    town = shapely.box(100, 100, 200, 200)
    assert areas_of_points([150, 50, 100], [150, 50, 150], areas=series(ring, town)).tolist() == [1, 0, 0]


def test_an_area_in_several_parts_is_one_area():
    islands = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(90, 90, 100, 100)])
    assert areas_of_points([5, 95, 50], [5, 95, 50], areas=series(islands)).tolist() == [0, 0, -1]


def test_where_areas_overlap_the_lowest_position_has_the_point():
    small, large = shapely.box(40, 40, 60, 60), shapely.box(0, 0, 100, 100)
    x = y = np.full(FINE, 50.0)
    assert set(areas_of_points(x, y, areas=series(large, small))) == {0}
    assert set(areas_of_points(x, y, areas=series(small, large))) == {0}
    assert areas_of_points([10, 50], [10, 50], areas=series(small, large)).tolist() == [1, 0]


def test_empty_and_missing_shapes_hold_no_points_and_keep_their_position():
    areas = series(shapely.Polygon(), None, shapely.box(0, 0, 1, 1))
    assert areas_of_points([0.5], [0.5], areas=areas).tolist() == [2]
    assert areas_of_points([0.5], [0.5], areas=areas.iloc[:2]).tolist() == [-1]
    assert areas_of_points([], [], areas=areas).tolist() == []


def test_position_not_index_is_returned_and_the_frame_is_not_changed():
    frame = gpd.GeoDataFrame({"n": [7, 8]}, geometry=FOUR.iloc[:2].to_numpy(), index=["b", "a"], crs=GRID)
    assert areas_of_points([150], [50], areas=frame).tolist() == [1]
    assert not shapely.is_prepared(frame.geometry.to_numpy()).any()


@pytest.mark.parametrize(("crs", "named"), [("EPSG:4326", "EPSG:4326"), (None, "no coordinate system")])
def test_degrees_and_unknown_grids_are_refused(crs, named):
    with pytest.raises(LayerError, match=named):
        areas_of_points([0.0], [0.0], areas=gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=crs))


def test_columns_of_unlike_length_are_refused():
    with pytest.raises(ValueError, match="as many x as y"):
        areas_of_points([0.0, 1.0], [0.0], areas=FOUR)


@pytest.mark.parametrize("count", [50, 20_000])
def test_random_shapes_agree_with_sjoin(count):
    random = np.random.default_rng(count)
    centres = shapely.MultiPoint(random.uniform(0, 10_000, (60, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(centres))
    blobs = shapely.buffer(shapely.points(random.uniform(0, 10_000, (20, 2))), random.uniform(50, 900, 20))
    areas = series(*cells, *blobs)
    x, y = random.uniform(-2_000, 12_000, (2, count))
    corners = shapely.get_coordinates(areas.to_numpy())[::3]
    x, y = np.append(x, corners[:, 0]), np.append(y, corners[:, 1])
    assert (areas_of_points(x, y, areas=areas) == by_sjoin(x, y, areas)).all()


def test_the_demo_postcodes_agree_with_sjoin():
    areas = gpd.read_file(DEMO / "areas.geojson").to_crs(GRID).geometry
    postcodes = pd.read_csv(DEMO / "postcodes.csv")
    x, y = postcodes["easting"].to_numpy(dtype=float), postcodes["northing"].to_numpy(dtype=float)
    found = areas_of_points(x, y, areas=areas)
    assert (found == by_sjoin(x, y, areas)).all()
    assert np.bincount(found + 1, minlength=len(areas) + 1).sum() == len(postcodes)


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(0, 300),
    chunk=st.integers(1, 120),
    threads=st.integers(1, 3),
    whole=st.booleans(),
)
def test_every_point_is_counted_once_whatever_the_order_chunks_and_threads(seed, count, chunk, threads, whole):
    random = np.random.default_rng(seed)
    x, y = random.uniform(-50, 250, (2, count))
    if whole:  # many points on borders and corners
        x, y = np.round(x, -1), np.round(y, -1)
    found = areas_of_points(x, y, areas=FOUR, chunk=chunk, threads=threads)
    outside = (x < 0) | (x > 200) | (y < 0) | (y > 200)
    assert ((found == -1) == outside).all()
    assert sum((found == area).sum() for area in range(4)) + outside.sum() == count
    order = random.permutation(count)
    assert (areas_of_points(x[order], y[order], areas=FOUR) == found[order]).all()
