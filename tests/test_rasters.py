"""Grids of a few cells whose answers are on paper: opened, refused, summarised, sampled."""

from __future__ import annotations

import contextlib
import math
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from rasterio.transform import Affine

from layers.errors import LayerError, UnsafeFileError
from layers.figures import Figure
from layers.grid import gridfiles
from layers.grid.gridfiles import is_british_national_grid
from layers.grid.rasters import STATISTICS, Raster, availability, open_raster, sample, zonal
from layers.intake import files

WEST, SOUTH, CELL = 400_000, 100_000, 50
FOUR = np.arange(1.0, 17.0).reshape(4, 4)
"""Row by row from the north: 1 to 4, 5 to 8, 9 to 12, 13 to 16."""
AS_OS_WRITES_IT = (
    'PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",'
    'SPHEROID["Airy_1830",6377563.396,299.3249646]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]],'
    'PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",400000],PARAMETER["False_Northing",-100000],'
    'PARAMETER["Central_Meridian",-2],PARAMETER["Scale_Factor",0.999601272],PARAMETER["Latitude_Of_Origin",49],'
    'UNIT["Meter",1]]'
)
HEADING = "ncols 4\nnrows 4\nxllcorner 400000\nyllcorner 100000\ncellsize 50\n"
ROWS = "\n".join(" ".join(f"{value:g}" for value in row) for row in FOUR)


def grid(array=FOUR) -> Raster:
    """Lay an array on cells of 50 m whose south-western corner is 400 km east and 100 km north."""
    return Raster.of(
        np.asarray(array, dtype=float), west=WEST, north=SOUTH + len(array) * CELL, cell_m=CELL, name="four.tif"
    )


def box(left, bottom, right, top):
    """Make a rectangle in cells, counted from the south-western corner."""
    return shapely.box(WEST + left * CELL, SOUTH + bottom * CELL, WEST + right * CELL, SOUTH + top * CELL)


def areas(**shapes):
    return gpd.GeoSeries(shapes, crs=27700)


@pytest.fixture
def tif(tmp_path):
    """Write a GeoTIFF and say where it is."""

    def write(array=FOUR, *, name="four.tif", crs="EPSG:27700", place=None, nodata=-1.0, **more):
        array = np.asarray(array)
        array = array if array.ndim == 3 else array[None]
        count, height, width = array.shape
        path = tmp_path / name
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            height=height,
            width=width,
            count=count,
            dtype=array.dtype,
            crs=crs,
            transform=place or Affine(CELL, 0, WEST, 0, -CELL, SOUTH + height * CELL),
            nodata=nodata,
            **more,
        ) as dataset:
            dataset.write(array)
        return path

    return write


@pytest.fixture
def asc(tmp_path):
    """Write an ASCII grid with its .prj and say where it is."""

    def write(text=HEADING + ROWS, *, prj=AS_OS_WRITES_IT):
        path = tmp_path / "SY69.asc"
        path.write_text(text, encoding="ascii")
        if prj is not None:
            path.with_suffix(".prj").write_text(prj, encoding="ascii")
        return path

    return write


def refused(path, **how) -> str:
    with pytest.raises(LayerError) as caught, open_raster(path, **how) as raster:
        raster.read()
    message = str(caught.value)
    for part in (f"file:     {path.name}", "expected: ", "found:    ", "next:     "):
        assert part in message
    return message


# --- Opened -------------------------------------------------------------------------------------------------------


def test_a_geotiff_is_read_whole_and_in_parts(tif):
    with open_raster(tif()) as raster:
        assert raster.bounds == (400_000, 100_000, 400_200, 100_200)
        assert raster.shape == (4, 4)
        assert raster.nodata == -1
        assert raster.name == "four.tif"
        assert raster.read().tolist() == FOUR.tolist()
        assert raster.read(rows=slice(1, 3), columns=slice(0, 2)).tolist() == [[5, 6], [9, 10]]


def test_gaps_are_nan_by_nodata_by_mask_and_by_infinity(tif):
    holed = FOUR.copy()
    holed[0, 0], holed[0, 1] = -1, math.inf
    with open_raster(tif(holed)) as raster:
        assert np.isnan(raster.read()[0]).tolist() == [True, True, False, False]
    path = tif(FOUR.astype("uint8"), name="masked.tif", nodata=None)
    with rasterio.open(path, "r+") as dataset:
        dataset.write_mask(np.array([[0, 255, 255, 255]] * 4, dtype="uint8"))
    with open_raster(path) as raster:
        assert np.isnan(raster.read()).sum(axis=0).tolist() == [4, 0, 0, 0]


def test_a_reader_may_name_the_gap_the_file_does_not(tif):
    path = tif(nodata=None)
    assert "does not say which value" in refused(path)
    with open_raster(path, nodata=16) as raster:
        assert np.isnan(raster.read()[3, 3])
    with open_raster(path, allow_missing_nodata=True) as raster:
        assert raster.read()[3, 3] == 16


def test_scaled_whole_numbers_come_out_in_their_unit(tif):
    path = tif(np.array([[10, 20], [30, -1]], dtype="int16"))
    with rasterio.open(path, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.5,), (-100.0,)
    with open_raster(path) as raster:
        assert raster.read().ravel().tolist() == pytest.approx([-95, -90, -85, math.nan], nan_ok=True)


def test_an_ascii_grid_as_ordnance_survey_writes_it(asc):
    path = asc()
    assert CRS.from_wkt(AS_OS_WRITES_IT, morph_from_esri_dialect=True).to_epsg() is None
    with open_raster(path, allow_missing_nodata=True, reproject=False) as raster:
        assert raster.bounds == (400_000, 100_000, 400_200, 100_200)
        assert raster.read().tolist() == FOUR.tolist()
    assert "does not say which value" in refused(path)


def test_an_ascii_grid_placed_by_the_middle_of_a_cell_with_a_gap(asc):
    text = HEADING.replace("xllcorner 400000", "XLLCENTER 400025").replace("yllcorner 100000", "yllcenter 100025")
    with open_raster(asc(text + "NODATA_value -9999\n" + ROWS.replace("16", "-9999"))) as raster:
        assert raster.bounds == (400_000, 100_000, 400_200, 100_200)
        assert np.isnan(raster.read()[3, 3])


@pytest.mark.parametrize("name", ["SY69.asc", "data/sy/sy69.ASC"])
def test_a_grid_is_found_in_its_zip_with_its_projection(tmp_path, name):
    path = tmp_path / "sy69 é.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(name, HEADING + ROWS)
        packed.writestr(name[:-4] + ".prj", AS_OS_WRITES_IT)
        packed.writestr("Metadata.xml", "<xml/>")
    for member in (None, name):
        with open_raster(path, member=member, allow_missing_nodata=True) as raster:
            assert raster.read().tolist() == FOUR.tolist()


def test_a_geotiff_is_read_in_its_zip(tif, tmp_path):
    path = tmp_path / "four.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(tif(), "inner/four.tif")
    with open_raster(path) as raster:
        assert raster.read().tolist() == FOUR.tolist()


def test_a_small_tile_of_open_sea_is_no_bomb(tmp_path):
    path = tmp_path / "sy38.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        heading = HEADING.replace("ncols 4", "ncols 200").replace("nrows 4", "nrows 200")
        packed.writestr("SY38.asc", heading + "\n".join(["-0.1 " * 200] * 200))
        packed.writestr("SY38.prj", AS_OS_WRITES_IT)
        tile = packed.getinfo("SY38.asc")
    assert tile.file_size > files.RATIO.value * tile.compress_size
    assert files.SMALL.source.startswith("OS Terrain 50")
    with open_raster(path, allow_missing_nodata=True) as raster:
        assert raster.shape == (200, 200)


# --- Where it lies ------------------------------------------------------------------------------------------------


def test_the_national_grid_is_known_by_its_parameters():
    assert is_british_national_grid(CRS.from_wkt(AS_OS_WRITES_IT, morph_from_esri_dialect=True))
    for changed in (
        AS_OS_WRITES_IT.replace('"Central_Meridian",-2', '"Central_Meridian",-3'),
        AS_OS_WRITES_IT.replace("0.999601272", "0.9996"),
        AS_OS_WRITES_IT.replace("400000", "500000"),
    ):
        assert not is_british_national_grid(CRS.from_wkt(changed, morph_from_esri_dialect=True))
    assert is_british_national_grid(CRS.from_epsg(7405))
    assert not is_british_national_grid(CRS.from_epsg(32630))


def test_a_missing_coordinate_system_is_refused_and_the_units_guessed(tif, asc):
    assert "none; its numbers look like metres" in refused(tif(crs=None))
    assert "look like metres" in refused(asc(prj=None), allow_missing_nodata=True)
    assert "look like degrees" in refused(tif(crs=None, place=Affine(0.01, 0, -2, 0, -0.01, 51)))


def test_degrees_under_a_metre_name_are_refused(tif):
    message = refused(tif(place=Affine(0.01, 0, -2, 0, -0.01, 51)))
    assert "not in the units it declares" in message
    assert "found:    degrees" in message
    assert "metres or another grid" in refused(tif(crs="EPSG:4326"))


def test_a_grid_in_degrees_is_laid_on_ours_or_refused(tif):
    path = tif(np.full((40, 40), 7.0, dtype="float32"), crs="EPSG:4326", place=Affine(0.05, 0, -6, 0, -0.05, 52))
    with open_raster(path) as raster:
        cells = raster.read()
        west, south, east, north = raster.bounds
        assert (west, south, east, north) == pytest.approx((112_000, 9_000, 263_000, 241_000), abs=6_000)
        assert set(np.unique(cells[np.isfinite(cells)])) == {7.0}
        assert np.isnan(cells).any(), "the corners the source does not reach stay unknown"
        # Bodmin: 50.47 N, 4.72 W.
        assert sample(raster, x=[207_000.0], y=[67_000.0]).tolist() == [7.0]
    assert "found:    degrees" in refused(path, reproject=False)


@pytest.mark.parametrize("kind", ["uint8", "int32", "float32", "float64"])
def test_what_another_grid_does_not_reach_is_never_0(tif, kind):
    path = tif(np.full((40, 40), 7, dtype=kind), crs="EPSG:4326", place=Affine(0.05, 0, -6, 0, -0.05, 52), nodata=None)
    with open_raster(path, allow_missing_nodata=True) as raster:
        cells = raster.read()
        assert np.isnan(cells).any()
        assert set(np.unique(cells[np.isfinite(cells)])) == {7.0}


def test_a_world_map_is_cut_to_great_britain(tif):
    world = np.arange(180 * 360, dtype="int32").reshape(180, 360)
    with open_raster(tif(world, crs="EPSG:4326", place=Affine(1, 0, -180, 0, -1, 90))) as raster:
        assert raster.shape[0] * raster.shape[1] < 1_000
        # Salisbury: 51.07 N, 1.79 W lies in row 38 and column 178.
        assert sample(raster, x=[414_400.0], y=[129_900.0]).tolist() == [38 * 360 + 178]


def test_another_country_is_refused(tif):
    assert "not in Great Britain" in refused(tif(crs="EPSG:4326", place=Affine(0.01, 0, 20, 0, -0.01, 40)))


def test_rows_from_the_south_are_turned_round(tif):
    with open_raster(tif(FOUR[::-1].copy(), place=Affine(CELL, 0, WEST, 0, CELL, SOUTH))) as raster:
        assert raster.read().tolist() == FOUR.tolist()


def test_a_picture_without_a_place_is_refused(tmp_path):
    path = tmp_path / "scan.tif"
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        rasterio.open(path, "w", driver="GTiff", height=4, width=4, count=1, dtype="uint8", nodata=0).close()
    assert "does not say where it lies" in refused(path)


def test_bands_are_named_not_guessed(tif):
    path = tif(np.stack([FOUR, FOUR * 2]))
    assert "Which band" in refused(path)
    assert "found:    2 bands" in refused(path, band=3)
    with open_raster(path, band=2) as raster:
        assert raster.read()[0, 0] == 2


# --- Broken -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.9])
def test_a_geotiff_cut_short_is_one_clear_error(tif, share):
    path = tif(np.random.default_rng(1).random((300, 300)))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "The grid cannot be read" in refused(path)


def test_a_geotiff_cut_short_is_an_error_while_it_is_summarised(tif):
    path = tif(np.random.default_rng(1).random((300, 300)))
    path.write_bytes(path.read_bytes()[:-50_000])
    with open_raster(path) as raster, pytest.raises(UnsafeFileError, match="cannot be read"):
        zonal(raster, areas=areas(all=box(0, 0, 300, 300)))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("7", "abc", "a number in each cell"),
        ("16", "", "found:    15"),
        ("16", "16 17", "found:    17"),
        ("ncols 4", "ncols 5", "4 rows of 5 numbers"),
        ("ncols 4", "ncols -4", "each with a number"),
        ("cellsize 50", "cellsize 0", "each with a number"),
        ("xllcorner 400000", "xllcorner nan", "each with a number"),
        ("xllcorner 400000\n", "", "no xllcorner"),
    ],
)
def test_a_broken_ascii_grid_is_refused_where_the_usual_reader_makes_heights_up(asc, before, after, said):
    text = HEADING + ROWS
    assert before in text
    assert said in refused(asc(text.replace(before, after, 1)), allow_missing_nodata=True)


def test_a_projection_that_is_none_is_refused(asc):
    assert "coordinate system cannot be understood" in refused(asc(prj="nonsense"), allow_missing_nodata=True)


def test_a_zip_whose_paths_leave_it_is_refused(tmp_path):
    path = tmp_path / "tile.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("../SY69.asc", HEADING + ROWS)
    with pytest.raises(UnsafeFileError, match="not opened"):
        open_raster(path)


def test_a_grid_beyond_the_limits_is_refused_before_it_is_read(tif, monkeypatch):
    for name in ("CELLS", "BLOCK"):
        limit = getattr(gridfiles, name)
        assert limit.source.startswith("assumption")
        with monkeypatch.context() as patched:
            patched.setattr(gridfiles, name, files.Limit(3, limit.unit, limit.meaning, limit.source))
            assert "The grid is too large" in refused(tif())


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html>", b"II*\0", b'<VRTDataset rasterXSize="4"/>'])
def test_what_is_no_grid_is_refused(tmp_path, content):
    for name in ("grid.tif", "grid.asc"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnsafeFileError):
            open_raster(path)


@settings(deadline=None)  # the first look at a coordinate system is slow
@given(st.integers(0, 2**31), st.integers(1, 40))
def test_a_geotiff_with_wrong_bytes_is_read_or_refused_never_worse(tmp_path_factory, seed, wrong):
    random = np.random.default_rng(seed)
    path = tmp_path_factory.mktemp("wrong") / "four.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=4,
        width=4,
        count=1,
        dtype="float32",
        crs="EPSG:27700",
        transform=Affine(CELL, 0, WEST, 0, -CELL, SOUTH + 200),
        nodata=-1,
        compress="deflate",
    ) as dataset:
        dataset.write(FOUR.astype("float32"), 1)
    content = np.frombuffer(path.read_bytes(), dtype=np.uint8).copy()
    content[random.integers(0, len(content), wrong)] = random.integers(0, 256, wrong)
    path.write_bytes(content.tobytes())
    with contextlib.suppress(LayerError), open_raster(path) as raster:
        raster.read()


# --- Covering the study -------------------------------------------------------------------------------------------


def test_a_raster_that_misses_areas_is_refused_with_their_number_and_an_example(tif):
    study = areas(inside=box(0, 0, 4, 4), mostly=box(3, 0, 4.5, 1), half_out=box(3, 0, 6, 4), far=box(90, 0, 91, 1))
    message = refused(tif(), areas=study)
    assert "does not cover 2 of the study's 4 areas" in message
    assert "missing: half_out, far" in message
    with open_raster(tif(), areas=study, allowed=0.5) as raster:
        assert raster.shape == (4, 4)


def test_areas_in_degrees_are_refused(tif):
    study = gpd.GeoSeries({"a": shapely.box(-2, 50, -1, 51)}, crs=4326)
    assert "degrees" in refused(tif(), areas=study)
    with pytest.raises(LayerError, match="not on British National Grid"):
        zonal(grid(), areas=study.set_crs(None, allow_override=True))


# --- Summarised ---------------------------------------------------------------------------------------------------


def test_zonal_statistics_on_paper():
    table = zonal(
        grid(),
        areas=areas(half_cell=box(0, 0, 0.5, 1), north_west=box(0, 2, 2, 4), uneven=box(0, 0, 1.5, 1)),
        statistics=STATISTICS,
    )
    assert table.loc["half_cell", ["mean", "min", "max", "stdev", "count"]].tolist() == [13, 13, 13, 0, 0.5]
    square = table.loc["north_west"]  # 1 2 5 6: mean 3.5, squares 6.25 2.25 2.25 6.25
    assert square[["mean", "min", "max", "count", "sum"]].tolist() == [3.5, 1, 6, 4, 14]
    assert square["stdev"] == pytest.approx(math.sqrt(4.25))
    assert table.loc["uneven", "mean"] == pytest.approx((13 + 0.5 * 14) / 1.5)
    assert table["covered"].tolist() == [1, 1, 1]


def test_an_area_without_a_known_cell_is_nan_never_0():
    holed = FOUR.copy()
    holed[0, 0] = np.nan
    table = zonal(
        grid(holed),
        areas=areas(known=box(0, 0, 1, 1), gap=box(0, 3, 1, 4), outside=box(9, 9, 10, 10), partly=box(0, 3, 2, 4)),
        statistics=STATISTICS,
    )
    for name in ("gap", "outside"):
        assert table.loc[name, list(STATISTICS)].isna().all()
        assert table.loc[name, "covered"] == 0
    assert table.loc["partly", ["mean", "count", "covered"]].tolist() == [2, 1, 0.5]


def test_an_area_over_the_edge_counts_what_lies_inside():
    assert zonal(grid(), areas=areas(a=box(3, 0, 5, 1))).loc["a", ["mean", "covered"]].tolist() == [16, 0.5]


def test_the_index_and_order_of_the_areas_are_kept():
    shapes = areas(b=box(0, 0, 1, 1), a=box(1, 0, 2, 1), c=box(2, 0, 3, 1)).rename_axis("area_code")
    table = zonal(grid(), areas=shapes, statistics=("mean",))
    assert table.index.equals(shapes.index)
    assert table.index.name == "area_code"
    assert table["mean"].tolist() == [13, 14, 15]
    assert list(table) == ["mean", "covered"]


def test_an_unknown_statistic_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="mode"):
        zonal(grid(), areas=areas(a=box(0, 0, 1, 1)), statistics=("mode",))


cells = st.floats(-1000, 1000, width=32)
grids = st.lists(st.lists(cells, min_size=4, max_size=4), min_size=4, max_size=4)
cuts = st.floats(0.05, 3.95)


@settings(deadline=None)
@given(grids, cuts, cuts)
def test_the_mean_lies_between_the_lowest_and_the_highest_and_a_partition_adds_up(values, across, up):
    parts = areas(
        sw=box(0, 0, across, up), se=box(across, 0, 4, up), nw=box(0, up, across, 4), ne=box(across, up, 4, 4)
    )
    table = zonal(grid(values), areas=parts, statistics=STATISTICS)
    slack = 1e-6 * (1 + np.abs(values).max())
    assert (table["mean"] >= table["min"] - slack).all()
    assert (table["mean"] <= table["max"] + slack).all()
    assert table["sum"].sum() == pytest.approx(np.sum(values), abs=16 * slack)
    assert table["count"].sum() == pytest.approx(16)


# --- Sampled ------------------------------------------------------------------------------------------------------


def test_points_read_the_cell_they_lie_in():
    holed = FOUR.copy()
    holed[0, 0] = np.nan
    x = np.array([400_010, 400_199, 400_050, 400_010, 399_999, 400_200, np.nan], dtype=float)
    y = np.array([100_010, 100_199, 100_150, 100_190, 100_010, 100_010, 100_010], dtype=float)
    # On the corner of four cells: the one to the east and south.
    assert sample(grid(holed), x=x, y=y).tolist() == pytest.approx([13, 4, 6] + [math.nan] * 4, nan_ok=True)


def test_points_are_read_strip_by_strip(monkeypatch):
    monkeypatch.setattr("layers.grid.rasters.AT_ONCE", 4)
    x, y = np.meshgrid(400_025 + np.arange(4) * 50.0, 100_175 - np.arange(4) * 50.0)
    assert sample(grid(), x=x.ravel(), y=y.ravel()).tolist() == FOUR.ravel().tolist()


def test_points_in_degrees_are_refused():
    with pytest.raises(LayerError, match="degrees"):
        sample(grid(), x=[-1.9], y=[50.7])


LINE = Figure(-105.0, "dBm", "4G outdoors", "assumption")


def test_availability_counts_the_unknown_apart():
    signal = pd.Series([-90.0, -120.0, np.nan, np.nan, -105.0])
    codes = pd.Series(["A", "A", "A", "B", "C"])
    table = availability(signal, area_codes=codes, areas=pd.Index(["A", "B", "C", "D"]), threshold=LINE)
    assert table["share"].tolist() == pytest.approx([0.5, math.nan, 1, math.nan], nan_ok=True)
    assert table["unknown_share"].tolist() == pytest.approx([1 / 3, 1, 0, math.nan], nan_ok=True)
    assert table["postcodes"].tolist() == [3, 1, 1, 0]


def test_availability_where_less_is_better_and_lists_that_do_not_match():
    table = availability(
        pd.Series([1.0, 3.0]),
        area_codes=pd.Series(["A", "A"]),
        areas=pd.Index(["A"]),
        threshold=Figure(1.0, "km", "of a mast", "assumption"),
        at_least=False,
    )
    assert table.loc["A", "share"] == 0.5
    with pytest.raises(ValueError, match="same index"):
        availability(pd.Series([1.0]), area_codes=pd.Series(["A"], index=[7]), areas=pd.Index(["A"]), threshold=LINE)
