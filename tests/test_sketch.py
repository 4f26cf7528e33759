"""The outlines of the map: kept with the build, by council where there are too many places."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from connectivity.maps import sketch
from layers.errors import OutputError


@pytest.fixture
def areas():
    boxes = [shapely.box(400_000 + 1000 * n, 100_000, 401_000 + 1000 * n, 101_000) for n in range(6)]
    made = gpd.GeoDataFrame({"area_code": [f"E{n}" for n in range(6)]}, geometry=boxes, crs=27700)
    return made.assign(district_code=list("BBAAAA")).set_index("area_code")


def test_outlines_come_back_as_they_were_written(areas, tmp_path):
    sketch.write_sketch(areas, folder=tmp_path)
    kept = sketch.read_sketch(tmp_path)
    assert kept.areas.index.tolist() == areas.index.tolist()
    assert kept.areas.geom_equals(areas.geometry).all()
    assert kept.districts.area.to_dict() == {"A": 4e6, "B": 2e6}
    assert kept.districts.crs == areas.crs


def test_more_places_than_a_map_holds_are_drawn_by_council(areas, tmp_path, monkeypatch):
    monkeypatch.setattr(sketch, "MOST_PLACES", 5)
    sketch.write_sketch(areas, folder=tmp_path)
    kept = sketch.read_sketch(tmp_path)
    assert kept.areas is None
    assert kept.districts.area.to_dict() == {"A": 4e6, "B": 2e6}


def test_a_build_without_outlines_has_none_and_a_broken_file_is_named(tmp_path):
    assert sketch.read_sketch(tmp_path) is None
    (tmp_path / sketch.SKETCH).write_bytes(b"PAR1")
    with pytest.raises(OutputError, match="outlines of the map"):
        sketch.read_sketch(tmp_path)


def test_only_what_lies_around_is_sent(areas):
    far = gpd.GeoSeries([shapely.box(0, 0, 1000, 1000)], index=["Z"], crs=27700)
    districts = sketch.joined_shapes(areas.geometry, by=areas["district_code"])
    everything = gpd.GeoSeries([*districts, *far], index=["A", "B", "Z"], crs=27700)
    assert sketch.around(everything, shown=districts[["B"]]).index.tolist() == ["A", "B"]


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
