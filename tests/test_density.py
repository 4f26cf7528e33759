"""Density: every postcode is counted once, and the file is the same to the byte."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import LayerError
from layers.figures import Figure
from layers.grid.density import CELL, density, per_km2, write_geotiff
from layers.grid.rasters import open_raster
from layers.ledger import Ledger


def postcodes(*places, **more):
    table = pd.DataFrame(places, columns=["easting", "northing"], dtype=float)
    table.index = pd.Index([f"BH1{n}AA" for n in range(len(table))], name="postcode")
    return table.assign(**more)


FOUR = postcodes((400_100, 100_100), (400_999, 100_001), (402_000, 101_500), (400_500, 101_000))
"""Two in the south-western cell; one on the western edge of its cell; one on the southern edge of its."""


def test_postcodes_in_cells_on_paper():
    raster = density(FOUR, ledger=Ledger())
    assert raster.read().tolist() == [[1, 0, 1], [2, 0, 0]]
    assert raster.bounds == (400_000, 100_000, 403_000, 102_000)
    assert CELL.source.startswith("assumption")


def test_weights_are_added_up_and_the_unknown_counted():
    ledger = Ledger()
    raster = density(FOUR.assign(premises=[10, 5.5, np.nan, 0]), weight="premises", ledger=ledger)
    assert raster.read().tolist() == [[0], [15.5]]
    assert ledger.warnings == ["Density: 1 of 4 postcodes have no premises and are left out (BH12AA)."]


def test_the_lens_is_postcodes_for_each_square_kilometre():
    raster = density(FOUR, cell=Figure(500.0, "metres", "side of a cell", "assumption"), ledger=Ledger())
    shapes = gpd.GeoSeries(
        {"corner": shapely.box(400_000, 100_000, 401_000, 101_000), "beyond": shapely.box(500_000, 0, 501_000, 1_000)},
        crs=27700,
    )
    lens = per_km2(raster, areas=shapes)
    assert lens.name == "postcodes_per_km2"
    assert lens["corner"] == pytest.approx(2)
    assert np.isnan(lens["beyond"])


def test_the_file_is_the_same_to_the_byte_and_reads_back(tmp_path):
    raster = density(FOUR, ledger=Ledger())
    for name in ("one.tif", "two.tif"):
        write_geotiff(raster, tmp_path / name)
    assert (tmp_path / "one.tif").read_bytes() == (tmp_path / "two.tif").read_bytes()
    with open_raster(tmp_path / "one.tif", reproject=False) as again:
        assert again.bounds == raster.bounds
        assert again.read().tolist() == raster.read().tolist()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (postcodes((np.nan, np.nan)), "No postcode can be put"),
        (postcodes((-1.9, 50.7)), "found:    degrees"),
        (postcodes((400_000, 100_000), (4e9, 1e5)), "not metres in Great Britain"),
        (postcodes((400_000, 100_000), premises=[-1]), "less than nothing"),
        (postcodes((400_000, 100_000), premises=[np.inf]), "less than nothing"),
    ],
)
def test_what_cannot_be_counted_is_refused(table, said):
    with pytest.raises(LayerError) as caught:
        density(table, weight="premises" if "premises" in table else None, ledger=Ledger())
    assert said in str(caught.value)


metres = st.integers(0, 60_000)


@settings(deadline=None)
@given(
    st.lists(st.tuples(metres, metres, st.integers(0, 300)), min_size=1, max_size=60),
    st.sampled_from([500.0, 1000.0, 700.0]),
)
def test_nothing_is_lost_or_counted_twice(rows, cell):
    table = postcodes(*[(400_000 + x, 100_000 + y) for x, y, _ in rows], premises=[n for *_, n in rows])
    side = Figure(cell, "metres", "side of a cell", "assumption")
    counted = density(table, cell=side, ledger=Ledger())
    assert counted.read().sum() == len(rows)
    assert density(table, weight="premises", cell=side, ledger=Ledger()).read().sum() == table["premises"].sum()
    west, south, east, north = counted.bounds
    everywhere = gpd.GeoSeries({"all": shapely.box(west, south, east, north)}, crs=27700)
    km2 = (east - west) * (north - south) / 1e6
    assert per_km2(counted, areas=everywhere)["all"] * km2 == pytest.approx(len(rows))
