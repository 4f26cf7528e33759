"""Terrain on tiles of four by four cells: relief and ruggedness on paper, and what no tile covers."""

from __future__ import annotations

import math
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.errors import LayerError
from layers.grid.gridfiles import square_name
from layers.grid.rasters import Raster
from layers.grid.terrain import LEAST_COVERED, mosaic, read_terrain, ruggedness
from layers.ledger import Ledger

CELL = 2500
"""Four cells across a square of 10 km."""
PRJ = (
    'PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",'
    'SPHEROID["Airy_1830",6377563.396,299.3249646]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]],'
    'PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",400000],PARAMETER["False_Northing",-100000],'
    'PARAMETER["Central_Meridian",-2],PARAMETER["Scale_Factor",0.999601272],PARAMETER["Latitude_Of_Origin",49],'
    'UNIT["Meter",1]]'
)
FLAT, RAMP = np.zeros((4, 4)), np.tile([0.0, 10.0, 20.0, 30.0], (4, 1))


@pytest.fixture
def tile(tmp_path):
    """Write a tile in its zip and say where it is."""

    def write(heights, *, west=360_000, south=90_000, cell=CELL, prj=PRJ, folder="."):
        name = square_name(west, south)
        path = tmp_path / folder / f"{name.lower()}.zip"
        path.parent.mkdir(exist_ok=True)
        rows = "\n".join(" ".join(f"{value:g}" for value in row) for row in heights)
        heading = f"ncols {heights.shape[1]}\nnrows {heights.shape[0]}\nxllcorner {west}\nyllcorner {south}\n"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(f"{name}.asc", f"{heading}cellsize {cell}\n{rows}\n")
            packed.writestr(f"{name}.prj", prj)
            packed.writestr(f"{name}.gml", "<gml/>")
        return path

    return write


def areas(**bounds):
    return gpd.GeoSeries({name: shapely.box(*edges) for name, edges in bounds.items()}, crs=27700)


def test_relief_and_mean_height_on_paper(tile):
    ledger = Ledger()
    table = read_terrain(
        [tile(RAMP)],
        areas=areas(all=(360_000, 90_000, 370_000, 100_000), two=(362_500, 90_000, 366_250, 92_500)),
        ledger=ledger,
    )
    assert list(table) == ["relief_m", "ruggedness_m", "elevation_mean_m", "terrain_covered"]
    assert table.loc["all", ["relief_m", "elevation_mean_m", "terrain_covered"]].tolist() == [30, 15, 1]
    # A whole cell at 10 m and half a cell at 20 m.
    assert table.loc["two", ["relief_m", "elevation_mean_m"]].tolist() == pytest.approx([10, 40 / 3])
    assert ledger.warnings == []


def test_ruggedness_on_paper():
    heights = Raster.of(RAMP, west=0, north=4, cell_m=1, name="ramp")
    rough = ruggedness(heights).read()
    # On a ramp of 10 m a cell, six of the eight neighbours differ by 10: the root of 600. The rim has no eight.
    assert rough[1:3, 1:3].ravel().tolist() == pytest.approx([math.sqrt(600)] * 4, rel=1e-6)
    assert np.isnan(rough).sum() == 12
    for rows, columns in ((slice(0, 2), slice(0, 4)), (slice(1, 3), slice(2, 3)), (slice(3, 4), slice(1, 4))):
        part = ruggedness(heights).read(rows=rows, columns=columns)
        assert np.array_equal(part, rough[rows, columns], equal_nan=True)


def test_ruggedness_crosses_from_tile_to_tile(tile):
    tiles = [tile(FLAT), tile(FLAT + 8, west=370_000)]
    heights, squares = mosaic(tiles, bounds=(360_000, 90_000, 380_000, 100_000), ledger=Ledger())
    assert squares == {"SY69", "SY79"}
    assert heights.shape == (4, 8)
    # Beside the step three neighbours differ by 8: the root of 192.
    assert ruggedness(heights).read()[1].tolist() == pytest.approx(
        [math.nan, 0, 0, math.sqrt(192), math.sqrt(192), 0, 0, math.nan], nan_ok=True, rel=1e-6
    )


def test_ground_without_a_tile_is_missing_not_at_sea_level(tile):
    ledger = Ledger()
    table = read_terrain(
        [tile(FLAT + 50), tile(FLAT + 70, west=370_000, south=80_000)],
        areas=areas(
            whole=(360_000, 90_000, 370_000, 100_000),
            nearly=(361_000, 89_000, 362_000, 99_000),
            half=(365_000, 95_000, 375_000, 96_000),
            gone=(375_000, 95_000, 376_000, 96_000),
        ),
        ledger=ledger,
    )
    assert table["terrain_covered"].tolist() == pytest.approx([1, 0.9, 0.5, 0])
    assert table["elevation_mean_m"].tolist() == pytest.approx([50, 50, math.nan, math.nan], nan_ok=True)
    assert table["relief_m"].tolist() == pytest.approx([0, 0, math.nan, math.nan], nan_ok=True)
    (said,) = ledger.warnings
    assert said == (
        "OS Terrain 50: 3 of 4 areas lie partly on ground without heights (no tile for SY68, SY79); "
        "2 of them less than 80% covered and without terrain figures (half, gone)."
    )


def test_tiles_elsewhere_do_no_harm_but_only_those_are_refused(tile):
    near, far = tile(RAMP), tile(RAMP, west=560_000, south=390_000)
    study = areas(all=(360_000, 90_000, 370_000, 100_000))
    assert read_terrain([near, far], areas=study, ledger=Ledger()).loc["all", "relief_m"] == 30
    with pytest.raises(LayerError, match="No terrain tile") as caught:
        read_terrain([far], areas=study, ledger=Ledger())
    assert "SY69" in str(caught.value)


def test_tiles_that_do_not_fit_are_refused(tile):
    study = areas(all=(360_000, 90_000, 380_000, 100_000))
    first = tile(RAMP)
    for other, said in (
        (tile(FLAT, west=370_000, folder="b", cell=2000), "line up with sy69.zip"),
        (tile(FLAT, west=370_100, folder="c"), "line up with sy69.zip"),
        (tile(FLAT, folder="d"), "another tile with other heights"),
    ):
        with pytest.raises(LayerError, match="does not fit") as caught:
            read_terrain([first, other], areas=study, ledger=Ledger())
        assert said in str(caught.value)
    again = tile(RAMP, folder="e")
    assert read_terrain([first, again], areas=study, ledger=Ledger()).loc["all", "terrain_covered"] == 0.5


def test_a_tile_on_another_grid_is_refused(tile):
    with pytest.raises(LayerError, match="not on British National Grid"):
        read_terrain(
            [tile(RAMP, prj=PRJ.replace('"Central_Meridian",-2', '"Central_Meridian",-8'))],
            areas=areas(all=(360_000, 90_000, 370_000, 100_000)),
            ledger=Ledger(),
        )


def test_how_much_must_be_covered_is_a_figure():
    assert LEAST_COVERED.source.startswith("assumption")
    assert LEAST_COVERED.low < LEAST_COVERED.value < LEAST_COVERED.high
