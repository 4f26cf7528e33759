"""Outlines end up on the National Grid, or are refused where their coordinates are not what their file says."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
import shapely
from hand_shapes import (
    BESIDE,
    DEGREES,
    GRID,
    HOLED,
    WRITERS,
    areas,
    every_format,
    refusal,
    with_a_crs,
    write,
)
from shapely import Polygon

from layers.intake.shapes import read_shapes


@pytest.fixture
def put(tmp_path):
    return functools.partial(write, tmp_path)


@with_a_crs
@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:4258", "EPSG:32630", "EPSG:27700+5701"])
def test_another_system_that_is_declared_is_transformed(put, name, crs):
    table = areas(HOLED, BESIDE)
    found = read_shapes(put(name, WRITERS[name](table.to_crs(crs))))
    assert found.crs == GRID
    assert shapely.hausdorff_distance(found.geometry.to_numpy(), table.geometry.to_numpy()).max() < 5  # no grid file


@with_a_crs
@pytest.mark.parametrize("shift", ["", "+towgs84=375,-111,431,0,0,0,0", "+nadgrids=absent.gsb"])
def test_the_grid_without_its_code_stays_where_it_is(put, name, shift):
    grid = f"+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy {shift} +units=m"
    table = areas(HOLED, BESIDE)
    found = read_shapes(put(name, WRITERS[name](table.set_crs(f"{grid} +type=crs", allow_override=True))))
    assert shapely.hausdorff_distance(found.geometry.to_numpy(), table.geometry.to_numpy()).max() < 1e-6


@with_a_crs
def test_no_system_is_refused(put, name):
    table = areas(HOLED).set_crs(None, allow_override=True)
    refusal(put(name, WRITERS[name](table)), expected="EPSG:27700", found="none", next="coordinate system")


@every_format
def test_degrees_where_metres_are_declared(put, name):
    table = areas(HOLED, crs=DEGREES).set_crs(GRID, allow_override=True)
    refusal(put(name, WRITERS[name](table)), expected="metres", found="degrees")


@every_format
def test_metres_where_degrees_are_declared(put, name):
    table = areas(HOLED).set_crs(DEGREES, allow_override=True)
    refusal(put(name, WRITERS[name](table)), rows="400,000.0", expected="degrees", found="metres")


@every_format
def test_latitude_and_longitude_swapped(put, name):
    table = areas(HOLED, crs=DEGREES)
    table = table.set_geometry(shapely.transform(table.geometry.to_numpy(), lambda xy: xy[:, ::-1]), crs=DEGREES)
    refusal(put(name, WRITERS[name](table)), found="longitude 50.8 and latitude -2.0", next="swapped")


@with_a_crs
def test_degrees_where_another_grid_is_declared(put, name):
    table = areas(HOLED, crs=DEGREES).set_crs("EPSG:3857", allow_override=True)
    refusal(put(name, WRITERS[name](table)), found="-2.0, 50.8 on WGS 84", next="the file declares")


@pytest.mark.filterwarnings("ignore:invalid value")  # the command line sends a library's remarks to the log
@with_a_crs
@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_coordinate_that_is_no_number(put, name, number):
    corners = np.array([[0, 0], [1000, 0], [1000, number], [0, 1000], [0, 0]])
    table = areas(HOLED, Polygon(corners))
    refusal(put(name, WRITERS[name](table)), rows="shape 2", found="where a number is needed")


@pytest.mark.parametrize("name", ["areas.geojson", "areas.topojson"])
@pytest.mark.parametrize(
    ("number", "words"), [("NaN", "NaN where"), ("-Infinity", "-Infinity where"), ("1e999", "number")]
)
def test_a_number_json_cannot_hold(put, name, number, words):
    content = WRITERS[name](areas(HOLED)).replace(b"400200.0", number.encode(), 1)
    refusal(put(name, content), found=words)
