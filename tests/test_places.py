from __future__ import annotations

import pandas as pd
import pytest
import shapely

from layers.ledger import Ledger
from layers.lookups import read_postcode_lookup
from layers.people import alternatives, census


def test_distance_to_the_nearest_is_by_road_as_we_assume_it():
    postcodes = pd.DataFrame(
        {
            "area_code": ["A", "A", "B", "elsewhere"],
            "easting": [0.0, 2000, 0, 0],
            "northing": [0.0, 0, float("nan"), 0],
        }
    )
    places = pd.DataFrame({"easting": [1000.0, 9000], "northing": [0.0, 0]})
    found = alternatives.nearest_km(
        postcodes, places=places, areas=pd.Index(["A", "B"]), name="library_km", ledger=Ledger()
    )
    assert found["A"] == pytest.approx(1.3)
    assert pd.isna(found["B"])


def test_an_area_whose_nearest_may_lie_beyond_the_edge_is_counted():
    postcodes = pd.DataFrame({"area_code": ["A", "B"], "easting": [0.0, 5000], "northing": [0.0, 5000]})
    places = pd.DataFrame({"easting": [3000.0], "northing": [0.0]})
    ledger = Ledger()
    edge = shapely.box(-100, -10_000, 20_000, 20_000)
    alternatives.nearest_km(
        postcodes, places=places, areas=pd.Index(["A", "B"]), name="library_km", edge=edge, ledger=ledger
    )
    assert "library: in 2 of 2" in ledger.warnings[0] or "library: in 1 of 2" in ledger.warnings[0]
    assert "less far than we say" in ledger.warnings[0]


def square(x: float, y: float) -> shapely.Polygon:
    return shapely.box(x, y, x + 1000, y + 1000)


def test_need_proxy_counts_only_output_areas_with_a_class():
    output_areas = pd.DataFrame({"area_code": ["A"] * 5 + ["B"], "group": ["8C1", "7A2", "1C1", "6B3", "", ""]})
    found = census.need_proxy(output_areas, areas=pd.Index(["A", "B"]))
    assert found.loc["A", "hard_pressed_share"] == pytest.approx(2 / 4)
    assert found.loc["A", "ageing_share"] == pytest.approx(2 / 4)
    assert found.loc["B"].isna().all()


def test_an_ended_postcode_keeps_its_area_and_lends_no_location(tmp_path):
    """It was issued again: its location is that of a later street, and its area that of the old one."""
    path = tmp_path / "postcodes.csv"
    path.write_text(
        "pcds,doterm,lsoa11cd,easting,northing\n"
        "AA1 1AA,,E01000001,400000,100000\nAA1 1AB,200403,E01000002,450000,90000\n",
        encoding="utf-8",
    )
    ledger = Ledger()
    found = read_postcode_lookup(path, geography="lsoa11", ledger=ledger)
    assert found["area_code"].tolist() == ["E01000001", "E01000002"]
    assert found["easting"].notna().tolist() == [True, False]
    assert "1 postcodes that have ended" in ledger.warnings[0]
