"""Rasters a study names, through the whole build, on the hand-made world."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from worlds import world_today

from connectivity.build import build


@pytest.fixture
def world(tmp_path):
    return world_today(tmp_path / "world")


def signal(world, values, *, nodata=-9999.0):
    """Write a raster of one cell a kilometre over the world's squares, row by row from the north."""
    areas = gpd.read_file(world.path("areas.geojson")).set_crs(4326, allow_override=True).to_crs(27700)
    west, south, east, north = areas.total_bounds
    columns, rows = (round((east - west) / 1000) + 2, round((north - south) / 1000) + 2)
    path = world.path("signal.tif")
    grid = np.full((rows, columns), values, dtype="float32")
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=columns,
        height=rows,
        count=1,
        dtype="float32",
        crs="EPSG:27700",
        transform=Affine(1000, 0, west - 1000, 0, -1000, north + 1000),
        nodata=nodata,
    ) as file:
        file.write(grid, 1)
    return path


def read(world, tmp_path, *, switches=None, **raster):
    layer = {"kind": "raster", "file": "signal.tif", "name": "signal", **raster}
    study = world.study(layers={"raster": layer}, **({"switches": switches} if switches else {}))
    out = tmp_path / "out"
    build(study, out=out, draws=0)
    return gpd.read_parquet(out / "areas.parquet").set_index("area_code"), json.loads(
        (out / "manifest.json").read_text(encoding="utf-8")
    )


def test_a_raster_is_summarised_by_area(world, tmp_path):
    signal(world, -90)
    areas, manifest = read(world, tmp_path)
    assert areas["raster_signal"].tolist() == pytest.approx([-90] * len(areas))
    assert areas["raster_signal_covered"].min() > 0.99
    assert "raster_signal_share" not in areas
    assert any(source["file"] == "signal.tif" for source in manifest["sources"])


def test_a_threshold_makes_a_share_of_postcodes(world, tmp_path):
    signal(world, -90)
    areas, _ = read(world, tmp_path, threshold=-95.0, unit="dBm")
    assert areas["raster_signal_share"].tolist() == [1] * len(areas)
    assert areas["raster_signal_unknown"].tolist() == [0] * len(areas)


def test_signal_as_a_route_lowers_what_is_infeasible_and_unknown_signal_only_widens_it(world, tmp_path):
    signal(world, -90)
    without, _ = read(world, tmp_path / "without", threshold=-95.0, unit="dBm", route="mobile")
    with_route, manifest = read(
        world, tmp_path / "with", switches={"mobile": True}, threshold=-95.0, unit="dBm", route="mobile"
    )
    assert (with_route["remote_infeasible"] <= without["remote_infeasible"] + 1e-9).all()
    assert with_route["remote_infeasible"].sum() < without["remote_infeasible"].sum()
    assert manifest["counts_mobile"] is True
    signal(world, -9999)
    unknown, _ = read(
        world, tmp_path / "unknown", switches={"mobile": True}, threshold=-95.0, unit="dBm", route="mobile"
    )
    assert unknown["remote_infeasible"].tolist() == pytest.approx(without["remote_infeasible"].tolist())
    assert (unknown["remote_infeasible_low"] <= without["remote_infeasible_low"] + 1e-9).all()
    assert (unknown["remote_infeasible_high"] <= without["remote_infeasible_high"] * 1.02).all()  # drawn, so nearly


def test_density_adds_up_to_the_premises(world, tmp_path):
    signal(world, -90)
    areas, _ = read(world, tmp_path)
    with rasterio.open(tmp_path / "out" / "density.tif") as file:
        assert file.crs.to_epsg() == 27700
        assert file.read(1).sum() == pytest.approx(areas["premises"].sum())
    assert (areas["premises_per_km2"] > 0).all()
