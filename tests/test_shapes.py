"""Outlines come out the same from all four formats, and what is broken or misnamed is refused."""

from __future__ import annotations

import contextlib
import functools
import gzip
import json
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hand_shapes import (
    BESIDE,
    DEGREES,
    GRID,
    HOLED,
    TWO_PARTS,
    WRITERS,
    areas,
    as_geojson,
    as_geoparquet,
    every_format,
    refusal,
    write,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from worlds import run_command, world_today

from layers.area_outlines import read_boundaries
from layers.errors import LayerError
from layers.intake.geojson import json_document
from layers.intake.shapes import read_shapes
from layers.ledger import Ledger


@pytest.fixture
def put(tmp_path):
    return functools.partial(write, tmp_path)


# --- All four formats say the same --------------------------------------------------------------------------------


@every_format
@pytest.mark.parametrize("crs", [GRID, DEGREES])
def test_shapes_with_holes_and_parts_come_back(put, name, crs):
    table = areas(HOLED, BESIDE, TWO_PARTS)
    found = read_shapes(put(name, WRITERS[name](table.to_crs(crs))))
    assert found.crs == GRID
    assert found["LSOA11CD"].tolist() == table["LSOA11CD"].tolist()
    assert found.geom_type.tolist() == ["Polygon", "Polygon", "MultiPolygon"]
    assert found.area.tolist() == pytest.approx([960_000, 1_000_000, 1_250_000], rel=1e-6)
    assert shapely.hausdorff_distance(found.geometry.to_numpy(), table.geometry.to_numpy()).max() < 1e-3


@st.composite
def tables(draw):
    """Draw up to four shapes of whole metres: squares, some with a hole, some in two parts."""
    shapes = []
    for _ in range(draw(st.integers(1, 4))):
        x, y = draw(st.integers(-1000, 200_000)), draw(st.integers(-1000, 900_000))
        side = draw(st.integers(3, 50_000))
        hole = [box(x + 1, y + 1, x + 2, y + 2).exterior] if draw(st.booleans()) else []
        shape = Polygon(box(x, y, x + side, y + side).exterior, hole)
        apart = box(x - 20, y, x - 10, y + 10)
        shapes.append(shapely.MultiPolygon([shape, apart]) if draw(st.booleans()) else shape)
    names = draw(st.lists(st.text("ab é’&<", max_size=9), min_size=len(shapes), max_size=len(shapes)))
    return areas(*shapes, LSOA11NM=names)


@every_format
@given(table=tables())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_metres_come_back_to_the_last_bit(put, name, table):
    found = read_shapes(put(name, WRITERS[name](table)))
    assert shapely.equals_exact(found.geometry.to_numpy(), table.geometry.to_numpy()).all()
    assert found["LSOA11NM"].tolist() == table["LSOA11NM"].tolist()


@pytest.fixture
def ranked(tmp_path, monkeypatch, capsys):
    """Build a world's study and give its ranking."""

    def ranked(study, out):
        folder = tmp_path / out
        result = run_command("build", study, out=folder, log=tmp_path / "log", monkeypatch=monkeypatch, capsys=capsys)
        assert result.code == 0, result.err
        return result.ranking

    return ranked


def test_a_study_ranks_the_same_from_all_four(tmp_path, ranked):
    world = world_today(tmp_path / "today")
    first = ranked(world.study(layers={"wards": "wards.geojson"}), "first")
    outlines, wards = (gpd.read_file(world.path(name)) for name in ("areas.geojson", "wards.geojson"))
    for name, writer in WRITERS.items():
        kept = {"boundaries": f"new_{name}", "wards": f"wards_{name}"}
        world.write_bytes(kept["boundaries"], writer(outlines))
        world.write_bytes(kept["wards"], writer(wards))
        pd.testing.assert_frame_equal(ranked(world.study(layers=kept), name), first)


@every_format
def test_gzip_and_zip_are_read_in_place(put, name, tmp_path):
    content = WRITERS[name](areas(HOLED, BESIDE))
    world = world_today(tmp_path / "world")
    in_zip = world.zipped("areas.zip", {f"folder/{name}": content, "notes.txt": b"read me"})
    for path, member in ((put(f"{name}.gz", gzip.compress(content)), None), (in_zip, f"*{Path(name).suffix}")):
        assert read_shapes(path, member=member).area.tolist() == [960_000, 1_000_000]
    assert len(read_shapes(world.zipped("alone.zip", {"anything": content}))) == 2


@every_format
def test_nothing_is_left_open_or_beside_it(put, name, tmp_path):
    path = put(name, WRITERS[name](areas(HOLED)))
    read_shapes(path)
    open_files = Path("/proc/self/fd")
    if open_files.is_dir():
        targets = [file.readlink() for file in open_files.iterdir() if file.is_symlink()]
        assert path not in targets
    path.rename(tmp_path / "moved")  # Windows refuses while it is open
    assert [path.name for path in tmp_path.iterdir()] == ["moved"]


# --- Broken, empty, misnamed --------------------------------------------------------------------------------------


@every_format
def test_an_empty_file(put, name):
    refusal(put(name, b""), found="0 bytes")


@every_format
def test_no_shape_in_it(put, name):
    refusal(put(name, WRITERS[name](areas(HOLED).iloc[:0])), expected="at least one", found="none")


@every_format
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_is_cut_short(put, name, data):
    content = WRITERS[name](areas(HOLED, BESIDE))
    refusal(put(name, content[: data.draw(st.integers(1, len(content) - 1))]))


@every_format
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_with_damaged_bytes_is_read_or_refused(put, name, data):
    content = bytearray(WRITERS[name](areas(HOLED, BESIDE)))
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the command line sends a library's remarks to the log
        with contextlib.suppress(LayerError):  # any other exception fails
            assert len(read_shapes(put(name, bytes(content)))) == 2


@every_format
@pytest.mark.parametrize("other", WRITERS)
def test_a_file_that_is_not_what_its_name_says(put, name, other):
    content = WRITERS[other](areas(HOLED))
    if name != other:
        refusal(put(name, content))
    assert len(read_shapes(put("areas.published", content))) == 1  # a name that promises nothing


def test_a_shapefile_is_told_what_is_read(put):
    refusal(put("areas.shp", b"\0\0\x27\x0a" + b"\0" * 200), expected="GeoJSON or TopoJSON or GeoPackage or GeoParquet")
    refusal(put("areas.gpkg", b"\0\0\x27\x0a"), expected="a whole GeoPackage", found="other bytes")


def test_a_layer_of_what_has_none(put):
    refusal(put("a.geojson", as_geojson(areas(HOLED))), member="areas", found=".geojson")
    refusal(put("a.parquet", as_geoparquet(areas(HOLED))), member="areas", found=".parquet")
    refusal(put("a.json", as_geojson(areas(HOLED))), member="areas", found="no layers")


def test_features_that_are_none_are_not_passed_over(put):
    document = json_document(as_geojson(areas(HOLED, BESIDE)))
    document["features"][1]["type"] = "Featur"
    refusal(put("a.geojson", json.dumps(document).encode()), found="1 of 2 features")


@every_format
@pytest.mark.parametrize("cell", ["=1+1", "a\x07b", "a\u202eb"])
def test_a_hostile_name(put, name, cell):
    path = put(name, WRITERS[name](areas(HOLED, BESIDE, LSOA11NM=["Alder", cell])))
    with pytest.raises(LayerError) as caught:
        read_boundaries([path], geography="lsoa11", ledger=Ledger())
    assert (caught.value.parts["column"], caught.value.parts["rows"]) == ("LSOA11NM", "shape 2")


@pytest.mark.parametrize("name", ["areas.geojson", "areas.gpkg", "areas.parquet"])
def test_a_shape_that_is_not_there(put, name):
    path = put(name, WRITERS[name](areas(HOLED, None)))
    with pytest.raises(LayerError) as caught:
        read_boundaries([path], geography="lsoa11", ledger=Ledger())
    assert (caught.value.parts["rows"], caught.value.parts["found"]) == ("E01900002", "no shape")
