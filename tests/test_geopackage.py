"""GeoPackages of several layers, of stored queries, left open, or of no known place."""

from __future__ import annotations

import functools
import gzip
import sqlite3

import pandas as pd
import pyogrio
import pytest
from hand_shapes import (
    BESIDE,
    HOLED,
    TWO_PARTS,
    areas,
    as_geopackage,
    refusal,
    write,
)
from worlds import world_today

from layers.intake.shapes import read_shapes


@pytest.fixture
def put(tmp_path):
    return functools.partial(write, tmp_path)


def changed(content, statements):
    """Run SQL on the bytes of an SQLite file."""
    with sqlite3.connect(":memory:") as database:
        database.deserialize(content)
        database.executescript(statements)
        changed = database.serialize()
    database.close()
    return changed


@pytest.fixture
def several(tmp_path):
    path = tmp_path / "several.gpkg"
    pyogrio.write_dataframe(areas(HOLED), path, driver="GPKG", layer="LSOA_2011")
    pyogrio.write_dataframe(areas(BESIDE, TWO_PARTS), path, driver="GPKG", layer="LSOA_2021", append=True)
    styles = pd.DataFrame({"styleName": ["=1+1"]})
    pyogrio.write_dataframe(styles, path, driver="GPKG", layer="layer_styles", append=True)
    return path


def test_a_geopackage_of_several_layers_asks_which(several, tmp_path):
    refusal(several, expected="one layer", found="2 layers: LSOA_2011, LSOA_2021", next='member = "LAYER"')
    refusal(several, member="LSOA2021", found="nearest: “LSOA_2021”")
    refusal(several, member="layer_styles", found="2 layers")
    assert len(read_shapes(several, member="LSOA_2021")) == 2
    packed = several.with_name("several.gpkg.gz")
    packed.write_bytes(gzip.compress(several.read_bytes()))
    assert len(read_shapes(packed, member="LSOA_2021")) == 2
    world = world_today(tmp_path / "world")
    inner = world.zipped("inner.zip", {"several.gpkg": several.read_bytes()}).read_bytes()
    zipped = world.zipped("outer.zip", {"b.txt": b"b", "inner.zip": inner})
    assert len(read_shapes(zipped, member="inner.zip!*.gpkg!LSOA_2021")) == 2


def test_a_table_without_shapes_beside_the_only_layer_is_passed_over(put):
    content = changed(as_geopackage(areas(HOLED)), "CREATE TABLE notes (note TEXT); INSERT INTO notes VALUES ('a');")
    assert len(read_shapes(put("a.gpkg", content))) == 1


def test_a_query_without_end_that_is_stored_as_a_layer_is_never_run(put):
    endless = """
        CREATE VIEW endless AS WITH RECURSIVE n (fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n)
            SELECT n.fid, areas.geom FROM n, areas;
        INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)
            VALUES ('endless', 'features', 'endless', 27700);
        INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POLYGON', 27700, 0, 0);
    """
    path = put("a.gpkg", changed(as_geopackage(areas(HOLED)), endless))
    assert len(read_shapes(path)) == 1
    refusal(path, member="endless", found="1 layers: areas")


def test_the_mode_a_desktop_program_leaves_behind_is_read(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(as_geopackage(areas(HOLED)))
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = wal")
    database.execute("CREATE TABLE notes (note TEXT)")
    database.commit()
    refusal(path, expected="a.gpkg-wal", found="bytes", next="close the program")
    database.close()
    assert path.read_bytes()[18:20] == b"\2\2"
    assert len(read_shapes(path)) == 1


def test_a_geopackage_that_is_another_database(put):
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE areas (geom BLOB)")
        content = database.serialize()
    database.close()
    refusal(put("a.gpkg", content), expected="a whole GeoPackage", found="no GeoPackage")


@pytest.mark.parametrize("system", [0, -1])
def test_a_geopackage_of_an_undefined_system(put, system):
    tables = ("gpkg_contents", "gpkg_geometry_columns")
    sql = "".join(f"UPDATE {table} SET srs_id = {system};" for table in tables)  # noqa: S608  # all of it stands here
    refusal(put("a.gpkg", changed(as_geopackage(areas(HOLED)), sql)), found="Undefined", next="coordinate system")
