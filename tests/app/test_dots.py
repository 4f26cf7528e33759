from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from shires import Reader, served, squares, write

from connectivity.claims.claim import Basis
from connectivity.maps import dots
from connectivity.outputs import DENSITY
from connectivity.places.lenses import lens_claims
from layers.errors import OutputError
from layers.grid.density import write_geotiff
from layers.grid.rasters import Raster

HERE = Basis("S", "July 2025", "premises", "availability", counts_fwa=False, counts_mobile=False, modelled=True)
CELLS = np.array([[5.0, 10.0, 99.0, 100.0], [999.0, 1000.0, 4000.0, np.nan], [0.0, 50.0, 60.0, 70.0]])


def grid(folder, *, cells=CELLS):
    raster = Raster.of(cells, west=400_000, north=103_000, cell_m=1000, name="density")
    write_geotiff(raster, folder / DENSITY)
    return folder


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """Open the two shires, with a grid of where people live."""
    monkeypatch.setenv("NOTSPOT_BUILD", str(grid(write(tmp_path / "build"))))
    return Reader(tmp_path)


def test_each_square_with_ten_or_more_has_a_dot_of_its_size(tmp_path):
    found = dots.read_dots(grid(tmp_path) / DENSITY, near=squares().geometry)
    assert [(metres, len(steps) // 2) for metres, steps in found.sizes] == [(170, 5), (300, 2), (460, 2)]
    steps = [step for _, steps in found.sizes for step in steps]
    assert min(steps) == 0
    assert max(steps) < 100


def test_a_dot_stands_in_the_middle_of_its_square(tmp_path):
    path = grid(tmp_path, cells=np.array([[10.0]])) / DENSITY
    south, west = dots.read_dots(path, near=squares().geometry).corner
    spot = squares().geometry.iloc[[8]].centroid.to_crs(4326).iloc[0]
    assert shapely.Point(west / dots.FINE, south / dots.FINE).distance(spot) < 0.001


def test_dots_beyond_what_is_shown_are_left_out(tmp_path):
    one = squares().geometry.iloc[[1]]
    assert sum(len(steps) for _, steps in dots.read_dots(grid(tmp_path) / DENSITY, near=one).sizes) == 2


def test_a_grid_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / DENSITY).write_bytes(b"not a picture")
    with pytest.raises(OutputError, match="where people live cannot be read"):
        dots.read_dots(tmp_path / DENSITY, near=squares().geometry)


def test_the_switch_adds_dots_and_a_legend_that_says_modelled(reader):
    reader.open()
    assert reader.map_said["people"] is None
    reader.at.toggle(key="where people live").set_value(True).run()
    assert not reader.at.exception
    said = reader.map_said["people"]
    assert [metres for metres, _ in served(said["dots"])["sizes"]] == [size.metres for size in dots.SIZES]
    legend = said["legend"]
    assert "Dots: homes and businesses in each square kilometre. They are modelled" in legend["title"]
    assert legend["sizes"][-1][1] == "1,000 or more"


def test_a_damaged_grid_leaves_the_map_and_says_so(reader, tmp_path):
    (tmp_path / "build" / DENSITY).write_bytes(b"not a picture")
    reader.open()
    reader.at.toggle(key="where people live").set_value(True).run()
    assert "The map of where people live cannot be read" in reader.html
    assert len(reader.painted) == 12
    assert reader.map_said["people"] is None


def test_without_a_grid_there_is_no_switch(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTSPOT_BUILD", str(write(tmp_path / "build")))
    assert [toggle.key for toggle in Reader(tmp_path).open().at.toggle] == ["background map"]


def test_facts_of_the_ground_have_units_and_plain_words(tmp_path, monkeypatch):
    folder = write(tmp_path / "build")
    areas = squares().reset_index().assign(premises_per_km2=1234.0, relief_m=83.4, ruggedness_m=np.nan)
    areas = areas.assign(raster_mast_signal=-91.27, raster_mast_signal_share=0.255, raster_mast_signal_unknown=0.0)
    areas.to_parquet(folder / "areas.parquet", index=False)
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    shown = Reader(tmp_path).open("why", place="E01000009").html
    assert "<dt>Homes and businesses per square kilometre around here (modelled)</dt><dd>1,200</dd>" in shown
    assert "<dt>Highest ground above the lowest</dt><dd>83 m</dd>" in shown
    assert "Ruggedness" not in shown
    assert "<dt>Mast signal: share of postcodes with enough</dt><dd>26%</dd>" in shown
    assert "not known</dt>" not in shown


def test_postcodes_without_a_signal_value_are_said():
    row = {"raster_x": float("nan"), "raster_x_share": 0.5, "raster_x_unknown": 0.1}
    said = {one.say("card"): one.say("cell") for one in lens_claims(row, basis=HERE)}
    assert said == {"X: share of postcodes with enough": "50%", "X: share of postcodes not known": "10%"}


def test_where_nobody_lives_there_is_no_dot(tmp_path):
    found = dots.read_dots(grid(tmp_path, cells=np.zeros((2, 2))) / DENSITY, near=squares().geometry)
    assert json.loads(json.dumps(found.sizes)) == [[170, []], [300, []], [460, []]]
