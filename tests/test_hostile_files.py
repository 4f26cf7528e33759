"""Small files that would fill the memory or never end: each is refused at once, before it is read."""

from __future__ import annotations

import functools
import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hand_shapes import BESIDE, HOLED, IN_METRES, areas, as_geopackage, as_geoparquet, refusal, write
from pyarrow import parquet

from connectivity.own_data.uploaded_sheet import read_sheet
from layers.errors import LayerError
from layers.figures import Figure
from layers.intake import geoparquet
from layers.intake.outline_limits import READER
from layers.intake.shapes import read_shapes, shapes_in

REPOSITORY = Path(__file__).resolve().parents[1]
MOST_MEMORY, MOST_SECONDS = 200, 3.0
"""Megabytes and seconds of work; the files below took gigabytes and minutes, or had no end."""
PROGRAM = """
import resource, sys
from pathlib import Path
from layers.errors import LayerError
from layers.figures import Figure
from layers.intake.outline_limits import READER
from layers.intake.shapes import shapes_in

def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_maxrss, usage.ru_utime + usage.ru_stime

path = Path(sys.argv[1])
before = used()
try:
    shapes_in(path.read_bytes(), name=path.name, limits=READER)
    said = "read"
except LayerError as error:
    said = f"{error.what} {error.parts['found']}"
after = used()
print((after[0] - before[0]) // 1024, after[1] - before[1], said)
"""
"""Reads a file in a process of its own, where memory and work can be measured."""


@pytest.fixture
def put(tmp_path):
    return functools.partial(write, tmp_path)


def run(content, *statements):
    """Run SQL on the bytes of a GeoPackage, without the functions that its triggers need."""
    with sqlite3.connect(":memory:") as database:
        database.deserialize(content)
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for statement in [*(f'DROP TRIGGER "{name}"' for (name,) in triggers), *statements]:
            database.execute(statement)
        database.commit()
        changed = database.serialize()
    database.close()
    return changed


def package(*statements):
    return run(as_geopackage(areas(HOLED, BESIDE)), *statements)


def nested_views():
    made = ["CREATE VIEW v0 AS SELECT fid, geom FROM areas"]
    query = "SELECT a.fid, a.geom FROM"
    made += [f"CREATE VIEW v{n} AS {query} v{n - 1} a, v{n - 1} b" for n in range(1, 40)]
    listed = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('v39', 'features', 'v39')"
    return package(*made, listed, "INSERT INTO gpkg_geometry_columns VALUES ('v39', 'geom', 'POLYGON', 27700, 0, 0)")


def many(number):
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {number})"  # noqa: S608 # a number
    return f"{numbers} INSERT INTO areas (geom) SELECT areas.geom FROM areas, n WHERE fid = 1"  # noqa: S608 # as above


def catalogue_that_is_a_query():
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    columns = "data_type, identifier, description, last_change, min_x, min_y, max_x, max_y, srs_id"
    return package(
        "CREATE TABLE c AS SELECT * FROM gpkg_contents",
        "DROP TABLE gpkg_contents",
        f"CREATE VIEW gpkg_contents AS {numbers} SELECT c.table_name || i AS table_name, {columns} FROM c, n",  # noqa: S608
    )


def disguised_query():
    """Write in the file's own list of tables that a query is a table."""
    with sqlite3.connect(":memory:") as database:
        database.deserialize(package("CREATE VIEW endless AS SELECT fid, geom FROM areas"))
        database.execute("PRAGMA writable_schema = on")
        database.execute("UPDATE sqlite_master SET type = 'table' WHERE name = 'endless'")
        database.execute("UPDATE sqlite_master SET name = 'other', tbl_name = 'other' WHERE name = 'endless'")
        database.commit()
        changed = database.serialize()
    database.close()
    return changed


def repeated_text():
    table = areas(BESIDE).loc[[0] * 20_000].reset_index(drop=True)
    table["big"] = "x" * 100_000
    return as_geoparquet(table, compression="zstd", use_dictionary=True)


def swelling_page():
    table = areas(BESIDE)
    table["big"] = "x" * 300_000_000
    return as_geoparquet(table, compression="brotli", use_dictionary=False)


def long_list():
    table = pa.table({"values": pa.array([[0] * 6_000_000], type=pa.list_(pa.int8()))})
    return packed(table)


def front_coded():
    table = pa.table({"text": ["x" * 1000] * 1000})
    return packed(table, use_dictionary=False, column_encoding={"text": "DELTA_BYTE_ARRAY"})


def deep_columns():
    kind = pa.int8()
    for _ in range(40):
        kind = pa.struct({"a": kind})
    return packed(pa.table({"deep": pa.array([None], type=kind)}))


def packed(table, **options):
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd", **options)
    return buffer.getvalue()


def a_property_of_its_own_for_each():
    shape = {"type": "Point", "coordinates": [400_000, 100_000]}
    features = [{"type": "Feature", "properties": {f"p{n}": 1}, "geometry": shape} for n in range(10_000)]
    return json.dumps({"type": "FeatureCollection", "crs": IN_METRES, "features": features}).encode()


def topology_with_a_property_of_its_own_for_each():
    shapes = [{"type": "Point", "properties": {f"p{n}": 1}, "coordinates": [400_000, 100_000]} for n in range(10_000)]
    objects = {"areas": {"type": "GeometryCollection", "geometries": shapes}}
    return json.dumps({"type": "Topology", "crs": IN_METRES, "objects": objects, "arcs": []}).encode()


TEXT_200 = "ALTER TABLE areas ADD COLUMN big TEXT AS (hex(zeroblob(100000000))) "
HOSTILE = {
    "virtual.gpkg": (lambda: package(TEXT_200 + "VIRTUAL"), "generated column"),
    "outside.gpkg": (lambda: package("CREATE TABLE notes (a, b AS (hex(zeroblob(100000000))))"), "generated column"),
    "index.gpkg": (
        lambda: package("ALTER TABLE rtree_areas_geom_rowid ADD COLUMN big AS (hex(zeroblob(100000000)))"),
        "generated column",
    ),
    "counted.gpkg": (
        lambda: package("UPDATE gpkg_ogr_contents SET feature_count = 300000000"),
        "300,000,000 shapes",
    ),
    "default.gpkg": (
        lambda: package(many(40_000), f"ALTER TABLE areas ADD COLUMN big TEXT DEFAULT '{'x' * 90_000}'"),
        "hold more than their file",
    ),
    "rows.gpkg": (lambda: package(many(50_001)), "50,001 shapes"),
    "cells.gpkg": (
        lambda: package(many(40_000), *(f"ALTER TABLE areas ADD COLUMN c{n}" for n in range(200))),
        "cells",
    ),
    "catalogue.gpkg": (catalogue_that_is_a_query, "CREATE VIEW gpkg_contents"),
    "disguised.gpkg": (disguised_query, "malformed database schema"),
    "repeated.parquet": (repeated_text, "bytes"),
    "page.parquet": (swelling_page, "300,000,"),
    "list.parquet": (long_list, "cells"),
    "front.parquet": (front_coded, "DELTA_BYTE_ARRAY"),
    "deep.parquet": (deep_columns, "columns within columns"),
    "rows.parquet": (lambda: packed(pa.table({"a": pa.nulls(50_001, pa.int8())})), "50,001 shapes"),
    "wide.geojson": (a_property_of_its_own_for_each, "100,000,000 cells"),
    "wide.topojson": (topology_with_a_property_of_its_own_for_each, "100,000,000 cells"),
    "brackets.json": (lambda: b'{"features": [' + b"[]," * 5_000_001 + b"[]]}", "brackets"),
    "deep.geojson": (lambda: b"[" * 1_000_000, "recursion"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once(name, put):
    make, said = HOSTILE[name]
    path = put(name, make())
    command = [sys.executable, "-c", PROGRAM, str(path)]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    memory, seconds, answer = done.stdout.split(" ", 2)
    assert said in answer
    assert int(memory) < MOST_MEMORY + 3 * path.stat().st_size / 1024**2
    assert float(seconds) < MOST_SECONDS


def test_a_generated_column_is_refused_in_a_study_too_and_the_message_says_what_to_do(put):
    refusal(
        put("a.gpkg", package(TEXT_200)),
        column="big",
        expected="plain columns",
        found="generated column in the table areas",
        next="export the layer again as a plain one",
    )


def test_queries_upon_queries_are_never_expanded(put):
    assert len(read_shapes(put("a.gpkg", nested_views()))) == 2


def test_a_stored_query_without_end_ends_by_the_clock(put, monkeypatch):
    monkeypatch.setattr("layers.intake.geopackage.LONGEST_LOOK", Figure(0, "seconds", "longest", "a test"))
    monkeypatch.setattr("layers.intake.geopackage.STEPS", 1)
    refusal(put("a.gpkg", as_geopackage(areas(HOLED))), found="more than 0 seconds")


def test_a_study_may_hold_more_than_a_reader_brings(put):
    content = package(many(50_001), "UPDATE gpkg_ogr_contents SET feature_count = 50003")
    with pytest.raises(LayerError, match="holds more than we read"):
        shapes_in(content, name="a.gpkg", limits=READER)
    assert len(read_shapes(put("a.gpkg", content))) == 50_003


@pytest.mark.parametrize(
    "text",
    [
        ",".join("abcdefghij" * 50) + "\n" + "1\n" * 20_000,
        "   \n" + "," * 3_000 + "\n1\n",
        "a,b\r" + "1,2\r" * 3_000_000,
    ],
)
def test_a_table_that_would_be_filled_up_with_blanks_is_refused(text):
    with pytest.raises(LayerError, match="too large") as caught:
        read_sheet(text.encode(), name="mine.csv")
    assert "columns and" in caught.value.parts["found"]


def test_pages_are_read_as_arrow_wrote_them():
    content = as_geoparquet(areas(HOLED, BESIDE).loc[[0, 1] * 500], row_group_size=300)
    about = parquet.ParquetFile(io.BytesIO(content)).metadata
    for group in map(about.row_group, range(about.num_row_groups)):
        for chunk in map(group.column, range(about.num_columns)):
            start = chunk.dictionary_page_offset or chunk.data_page_offset
            size = chunk.total_compressed_size
            found = list(geoparquet.pages(content, start, size=size, values=chunk.num_values))
            assert sum(page.stands_for for page in found) == chunk.num_values == group.num_rows
            assert 0 < sum(page.unpacked for page in found) < chunk.total_uncompressed_size
