"""Where the sea is by the districts of 2025: against the demo's coast, and the rough line of the Scottish border."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.area_outlines import read_boundaries
from layers.coast import BORDER, BORDER_NEAR, coastal_by_districts
from layers.intake.shapes import read_shapes
from layers.ledger import Ledger

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo" / "coast.csv"
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def districts(real_data):
    path = real_data / "boundaries" / "lad" / "LAD_MAY_2025_UK_BGC_V2.topojson"
    if not path.is_file():
        pytest.skip("no outlines of districts beside the other real files")
    return read_shapes(path).set_index("LAD25CD").geometry


@pytest.mark.parametrize(("geography", "coastal"), [("lsoa11", 255), ("lsoa21", 255)])
def test_districts_tell_where_the_shore_of_the_six_authorities_is(real_data, districts, geography, coastal):
    outlines = sorted((real_data / "boundaries" / geography).glob("*.geojson"))
    areas = read_boundaries(outlines, geography=geography, ledger=Ledger())
    said = coastal_by_districts(areas.geometry, districts=districts, scotland=True)
    assert said.notna().all()
    assert said.sum() == coastal
    named = dict(zip(areas["official_name"], said, strict=True))
    assert named["Isle of Wight 018A"]
    assert not named["Isle of Wight 013C"]
    if geography == "lsoa11":
        assert named["Bournemouth 024A"]
        assert not named["West Dorset 010A"]
        assert not named["West Dorset 005D"]  # on the border with Devon
        # The demo's outlines are generalised to 200 m, these to 20 m.
        with DEMO.open(encoding="utf-8", newline="") as stream:
            demo = {row["LSOA11CD"]: row["coastal"] == "yes" for row in csv.DictReader(stream)}
        assert sum(demo[code] != answer for code, answer in said.items()) == 8


def test_the_border_with_scotland_stays_near_its_rough_line(districts):
    line = shapely.LineString(BORDER)
    corners = [
        shapely.points(shapely.get_coordinates(shapely.segmentize(shapely.boundary(districts[code]), 100)))
        for code in ("E06000057", "E06000063")  # Northumberland and Cumberland
    ]
    scotland = np.asarray([districts[code] for code in ("S12000006", "S12000026")])
    middles = np.concatenate(corners)
    border = middles[np.unique(shapely.STRtree(scotland).query(middles, predicate="dwithin", distance=30)[0])]
    assert len(border) > 1_000
    assert shapely.distance(border, line).max() < BORDER_NEAR.value
