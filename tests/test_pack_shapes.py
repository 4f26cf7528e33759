"""The shapes of a pack: a GeoPackage that opens with the map's own style, and GeoJSON as its standard wants it."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest
import shapely
from packs import HOSTILE, pack_build, pack_source, same_twice

from connectivity.evidence.pack_shapes import CLASS, GEOJSON, LAYER, PACKAGE, STYLES, shape_files
from connectivity.maps.symbology import PAINTS, SCALE


@pytest.fixture(scope="module")
def source():
    build = pack_build()
    inland = build.areas.geometry.translate(400_000, 100_000)  # where the grid's corners are no test of it
    return pack_source(build=replace(build, areas=build.areas.set_geometry(inland)))


@pytest.fixture(scope="module")
def made(source):
    return same_twice(shape_files, source)


@pytest.fixture(scope="module")
def package(made, tmp_path_factory):
    return opened(made, tmp_path_factory.mktemp("package"))


def opened(made, folder):
    """Put a GeoPackage where a program opens it."""
    (folder / PACKAGE).write_bytes(made[PACKAGE])
    return folder / PACKAGE


@pytest.fixture(scope="module")
def areas(package):
    return gpd.read_file(package, layer=LAYER).set_index("area_code")


@pytest.fixture(scope="module")
def rules(made):
    """Give label, expression and symbol of every rule, as QGIS reads them."""
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(made[PACKAGE])
        base.row_factory = sqlite3.Row
        (row,) = base.execute("SELECT * FROM layer_styles")
        ((held,),) = base.execute("SELECT column_name FROM gpkg_geometry_columns")
    assert (row["f_table_name"], row["f_geometry_column"], row["useAsDefault"]) == (LAYER, held, 1)
    assert (row["f_table_catalog"], row["f_table_schema"]) == ("", "")
    root = ET.fromstring(row["styleQML"])  # noqa: S314 - our own
    symbols = {one.get("name"): one for one in root.iter("symbol")}
    assert root.find("renderer-v2").get("type") == "RuleRenderer"
    return [(one.get("label"), one.get("filter"), symbols[one.get("symbol")]) for one in root.iter("rule")]


def fills(symbol):
    """List the brushes of a symbol with their colours, from the ground up."""
    options = [{one.get("name"): one.get("value") for one in layer.iter("Option")} for layer in symbol.iter("layer")]
    return [(one["style"], one["color"]) for one in options]


def rgba(colour):
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def test_it_is_a_whole_geopackage_of_the_version_that_older_qgis_reads(made, package):
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(made[PACKAGE])
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA user_version").fetchone() == (10_300,)
        contents = dict(base.execute("SELECT table_name, last_change FROM gpkg_contents"))
    assert contents == {LAYER: "2026-03-01T09:00:00.000Z", STYLES: "2026-03-01T09:00:00.000Z"}
    assert [name for name, _ in pyogrio.list_layers(package)] == [LAYER, STYLES]


def test_the_clock_changes_no_byte(made, source):
    time.sleep(0.01)
    assert shape_files(source)[PACKAGE] == made[PACKAGE]


def test_the_style_has_the_classes_and_colours_of_the_map(rules):
    solid = [fills(symbol)[0] for _, _, symbol in rules[: len(SCALE)]]
    assert solid == [("solid", rgba(colour)) for colour in SCALE]
    assert [label for label, _, _ in rules[: len(SCALE)]][::5] == ["under 1%", "20% or more"]
    assert fills(rules[4][2])[1] == ("f_diagonal", rgba(PAINTS[4].ink))
    assert fills(rules[5][2])[1] == ("dense6", rgba(PAINTS[5].ink))


def test_what_is_not_known_is_hatched_and_never_coloured(rules, areas):
    (symbol,) = [symbol for label, _, symbol in rules if label == "Not enough data"]
    assert fills(symbol) == [("solid", "255,255,255,255"), ("b_diagonal", rgba("#6B6F73"))]
    assert areas.loc["E01010003", CLASS] == "Not enough data"
    assert areas["remote_infeasible"].isna().sum() == 1


def test_every_area_is_filled_by_one_rule_and_marked_where_only_its_council_is_known(rules, areas):
    classes = [match[1] for _, rule, _ in rules if (match := re.fullmatch(rf"\"{CLASS}\" = '(.*)'", rule))]
    assert len(classes) == len(set(classes)) == len(rules) - 1
    assert set(areas[CLASS]) <= set(classes)
    (other,) = [rule for _, rule, _ in rules if "told_apart" in rule]
    assert other == f'"told_apart" = false AND "{CLASS}" <> \'Not enough data\''
    assert areas.loc[~areas["told_apart"].astype(bool)].index.tolist() == ["E01010006"]


def test_the_areas_have_the_columns_of_the_ranking_and_their_own_shapes(areas, source):
    assert areas.crs.to_epsg() == 27700
    assert (areas.loc["E01010004", "severity_rank"], areas.loc["E01010004", "rank_p95"]) == (1, 2)
    assert areas.loc["E01010004", "remote_infeasible"] == 75.0
    assert set(HOSTILE) <= set(areas["area_name"])
    built = source.build.areas
    assert areas.geometry.geom_equals(built.geometry).all()


def test_classes_are_of_the_figures_before_they_are_rounded(tmp_path):
    build = pack_build()
    build.areas.loc["E01010001", "score_remote"] = 4.999
    package = opened(shape_files(pack_source(build=build)), tmp_path)
    made = gpd.read_file(package, layer=LAYER).set_index("area_code")
    assert made.loc["E01010001", "score_remote"] == 5.0
    assert made.loc["E01010001", CLASS] == "2 to 5%"


def test_geojson_is_in_degrees_anticlockwise_and_has_no_other_system(made):
    content = json.loads(made[GEOJSON])
    assert "crs" not in content
    assert content["type"] == "FeatureCollection"
    for feature in content["features"]:
        assert feature["type"] == "Feature"
        shape = shapely.geometry.shape(feature["geometry"])
        for ring in [one.exterior for one in getattr(shape, "geoms", [shape])]:
            assert ring.is_ccw
        west, south, east, north = shape.bounds
        assert -9 < west < east < 3
        assert 49 < south < north < 61
    assert re.search(rb"\d\.\d{7}", made[GEOJSON].partition(b"features")[2].replace(b'"', b"")) is None


def test_geojson_reads_back_with_names_as_they_are_and_nothing_where_nothing_is_known(made, source):
    content = json.loads(made[GEOJSON])
    found = {one["id"]: one["properties"] for one in content["features"]}
    assert {key: one["area_name"] for key, one in found.items()} == dict(source.build.areas["area_name"])
    assert found["E01010003"]["remote_infeasible"] is None
    assert (found["E01010004"]["severity_rank"], found["E01010004"]["modelled"]) == (1, True)
    back = gpd.read_file(io.BytesIO(made[GEOJSON])).set_index("area_code").to_crs(27700)
    shift = back.geometry.centroid.distance(source.build.areas.geometry.centroid)
    assert shift.max() < 0.2, "metres"
    assert source.content.stamp in content["description"]
