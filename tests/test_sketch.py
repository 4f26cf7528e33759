"""The outlines of the map: packed with the build, by council where there are too many places."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from connectivity.maps import sketch
from connectivity.maps.arcs import unpack
from layers.errors import OutputError


@pytest.fixture
def areas():
    """Six squares in a row, the last first: two of council B, then four of A."""
    boxes = [shapely.box(400_000 + 1000 * n, 100_000, 401_000 + 1000 * n, 101_000) for n in range(6)]
    made = gpd.GeoDataFrame({"area_code": [f"E{n}" for n in range(6)]}, geometry=boxes, crs=27700)
    made = made.assign(area_name=[f"Place {n}" for n in range(6)], district_code=list("BBAAAA"))
    return made.assign(district_name=made["district_code"] + "shire").set_index("area_code").iloc[::-1]


def metres(content):
    return gpd.GeoSeries(unpack(content["areas"]), index=content["codes"], crs=4326).to_crs(27700)


def test_outlines_are_written_in_the_order_of_codes_with_names_and_councils(areas, tmp_path):
    sketch.write_outlines(areas, folder=tmp_path)
    content = json.loads(sketch.read_outlines(tmp_path))
    assert content["codes"] == [f"E{n}" for n in range(6)]
    assert content["names"] == [f"Place {n}" for n in range(6)]
    assert content["councils"] == [["A", "Ashire"], ["B", "Bshire"]]
    assert content["council_of"] == [1, 1, 0, 0, 0, 0]
    for code, shape in metres(content).items():
        assert shape.symmetric_difference(areas.geometry[code]).area < 0.01 * shape.area  # corners to 5 metres


def test_more_places_than_a_map_holds_are_drawn_by_council(areas, tmp_path, monkeypatch):
    monkeypatch.setattr(sketch, "MOST_PLACES", 5)
    sketch.write_outlines(areas, folder=tmp_path)
    content = json.loads(sketch.read_outlines(tmp_path))
    assert content["codes"] == ["A", "B"]
    assert content["names"] == ["Ashire", "Bshire"]
    assert metres(content).area.to_dict() == pytest.approx({"A": 4e6, "B": 2e6}, rel=0.01)


def test_a_build_without_outlines_has_none_and_a_broken_file_is_named(tmp_path):
    assert sketch.read_outlines(tmp_path) is None
    for broken in ("{", '{"codes": []}', "[]"):
        (tmp_path / sketch.SHAPES).write_text(broken, encoding="utf-8")
        with pytest.raises(OutputError, match="outlines of the map"):
            sketch.read_outlines(tmp_path)


def test_heavy_outlines_become_light_in_few_steps_and_still_share_their_borders():
    angles = np.linspace(0, 2 * np.pi, 40_000, endpoint=False)
    wobble = 50_000 + 300 * np.sin(900 * angles)
    ring = shapely.Polygon(np.column_stack([400_000 + wobble * np.cos(angles), 300_000 + wobble * np.sin(angles)]))
    left = ring.intersection(shapely.box(0, 0, 400_000, 600_000))
    right = ring.intersection(shapely.box(400_000, 0, 800_000, 600_000))
    simple = sketch.simplified(gpd.GeoSeries([left, right], crs=27700), most_points=500)
    assert 20 < shapely.get_num_coordinates(simple.to_numpy()).sum() <= 500
    assert shapely.coverage_is_valid(simple.to_numpy())
    assert simple.area.sum() == pytest.approx(ring.area, rel=0.02)
