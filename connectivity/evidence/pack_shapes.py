"""The small areas of a pack for map programs: a GeoPackage that opens styled in QGIS, and GeoJSON.

The style is the map's own: its classes, its colours, its patterns, and lines where there is not enough data.
"""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from connectivity.claims.about_certainty import READINGS
from connectivity.claims.about_files import place_columns
from connectivity.evidence.pack_parts import PackSource
from connectivity.evidence.pack_tables import ranges_table
from connectivity.maps.print_map import COUNCIL_ONLY, map_ground
from connectivity.maps.sketch import DEGREES
from connectivity.maps.symbology import PAINTS, UNKNOWN

PACKAGE, GEOJSON = "areas.gpkg", "areas.geojson"
LAYER, GEOMETRY, STYLES = "areas", "geom", "layer_styles"
CLASS, ALIKE = "map_class", "told_apart"
VERSION = "1.3"
"""Of the GeoPackage standard: QGIS 3.22, which is still in use, warns of 1.4."""
DECIMALS = 6
"""Of degrees: a tenth of a metre (RFC 7946, §11.2)."""
BRUSH = {"rising": "b_diagonal", "falling": "f_diagonal", "dots": "dense6"}
"""What QGIS calls the patterns of the map."""
LEVEL = ("horizontal", "#6B6F73")
"""Of areas of which only their council's figure is known."""
NUMBERS = ("whole", "rank", "decimal", "share")
STYLE_TABLE = """CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
"""As QGIS itself makes it, so that it reads it."""


def shape_files(source: PackSource) -> Mapping[str, bytes]:
    """Make the GeoPackage and the GeoJSON of a pack's small areas."""
    shapes, rules = styled_areas(source)
    content = source.content
    return {
        PACKAGE: geopackage(
            shapes, style=qgis_style(rules), title=content.map_title, about=_about(source), date=content.date
        ),
        GEOJSON: geojson(shapes, title=content.map_title, about=_about(source)),
    }


def _about(source: PackSource) -> str:
    content = source.content
    return " ".join(filter(None, (content.stamp, content.map_said, content.map_key)))


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One line of a legend in QGIS: which areas it is for, and how they are filled.

    Attributes
    ----------
    label
        What it says.
    where
        An expression of QGIS.
    fills
        From the ground up: brush and colour; “solid” is the ground.
    border
        Colour of the outline.
    """

    label: str
    where: str
    fills: tuple[tuple[str, str], ...]
    border: str


def styled_areas(source: PackSource) -> tuple[gpd.GeoDataFrame, list[StyleRule]]:
    """Return a pack's small areas with the columns of its ranking and the class of each, and the rules that fill them.

    Classes are those of the map, from the figures before they are rounded.
    """
    content, areas = source.content, source.areas
    basis = content.basis
    table = ranges_table(areas, basis=basis, shares=content.subject.shares).set_index("area_code").loc[areas.index]
    kinds = {one.name: one.kind for one in place_columns(basis)}
    for column in table:
        if kinds[str(column)] in NUMBERS:
            table[column] = pd.to_numeric(table[column]).astype("Int64" if kinds[str(column)] == "rank" else "float64")
    ground = map_ground(areas, place=areas.index, base={}, unit=basis.unit)
    labels = dict(ground.labels) | {UNKNOWN: READINGS["insufficient"].cell}
    table[CLASS] = ground.kinds.map(labels)
    shapes = gpd.GeoDataFrame(table.reset_index(), geometry=list(areas.geometry), crs=areas.crs)
    return shapes.rename_geometry(GEOMETRY), [_rule(kind, label) for kind, label in ground.labels]


def _rule(kind: int, label: str) -> StyleRule:
    if kind == COUNCIL_ONLY:
        return StyleRule(label, f'"{ALIKE}" = false AND "{CLASS}" <> \'{_quoted(_unknown())}\'', (LEVEL,), "")
    paint = PAINTS[kind]
    pattern = [(BRUSH[paint.pattern], paint.ink)] if paint.pattern else []
    return StyleRule(label, f"\"{CLASS}\" = '{_quoted(label)}'", (("solid", paint.ground), *pattern), paint.border)


def _unknown() -> str:
    return READINGS["insufficient"].cell


def _quoted(text: str) -> str:
    return text.replace("'", "''")


# --- The style that QGIS reads ------------------------------------------------------------------------------------


def qgis_style(rules: Sequence[StyleRule]) -> str:
    """Write rules as a style of QGIS (QML): one symbol for each, drawn where its rule holds."""
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ET.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0")
    listed = ET.SubElement(renderer, "rules", key="{areas}")
    symbols = ET.SubElement(renderer, "symbols")
    for at, rule in enumerate(rules):
        ET.SubElement(listed, "rule", key=f"{{areas-{at}}}", filter=rule.where, label=rule.label, symbol=str(at))
        symbol = ET.SubElement(symbols, "symbol", type="fill", name=str(at), alpha="1", clip_to_extent="1")
        for order, (brush, colour) in enumerate(rule.fills):
            layer = ET.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "locked": "0", "pass": "0"})
            settings = ET.SubElement(layer, "Option", type="Map")
            outlined = order == 0 and rule.border
            for name, value in (
                ("color", _colour(colour)),
                ("style", brush),
                ("outline_color", _colour(rule.border or colour)),
                ("outline_style", "solid" if outlined else "no"),
                ("outline_width", "0.1"),
                ("outline_width_unit", "MM"),
            ):
                ET.SubElement(settings, "Option", name=name, type="QString", value=value)
    ET.SubElement(root, "blendMode").text = "0"
    ET.SubElement(root, "layerGeometryType").text = "2"
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
    return head + ET.tostring(root, encoding="unicode")


def _colour(code: str) -> str:
    """Write a colour as QGIS does.

    >>> _colour("#FAF0D7")
    '250,240,215,255'
    """
    return ",".join([*(str(int(code[at : at + 2], 16)) for at in (1, 3, 5)), "255"])


# --- The files ----------------------------------------------------------------------------------------------------

ONCE = (1).to_bytes(4)
"""As SQLite writes a number (https://www.sqlite.org/fileformat.html, §1.3.8 and §1.3.16)."""


def geopackage(shapes: gpd.GeoDataFrame, *, style: str, title: str, about: str, date: str) -> bytes:
    """Write areas as a GeoPackage with a style, all in memory; the same areas give the same bytes.

    Parameters
    ----------
    shapes
        In metres, geometry column `GEOMETRY`.
    style
        From `qgis_style`.
    title, about
        What the layer is called, and what is known of it.
    date
        ISO 8601; it stands for the clock's.
    """
    held = io.BytesIO()
    pyogrio.write_dataframe(
        shapes,
        held,
        layer=LAYER,
        driver="GPKG",
        dataset_options={"VERSION": VERSION},
        layer_options={"GEOMETRY_NAME": GEOMETRY, "IDENTIFIER": title, "DESCRIPTION": about},
        geometry_type="MultiPolygon",
        promote_to_multi=True,
    )
    moment = datetime.fromisoformat(date).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(held.getvalue())
        base.execute(STYLE_TABLE)
        row = {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": LAYER,
            "f_geometry_column": GEOMETRY,
            "styleName": LAYER,
            "styleQML": style,
            "styleSLD": "",
            "useAsDefault": True,
            "description": title,
            "owner": "",
            "update_time": moment,
        }
        marks = ", ".join(f":{name}" for name in row)
        base.execute(f"INSERT INTO {STYLES} ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - names of our own
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) "
            "VALUES (:name, 'attributes', :name, '', 0)",
            {"name": STYLES},
        )
        base.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
        base.commit()
        base.execute("VACUUM")
        return _uncounted(base.serialize())


def _uncounted(content: bytes) -> bytes:
    """Set a database's count of changes, and that for which its header holds, to 1.

    GDAL fills the index of shapes in a thread of its own, so how often it commits is a matter of time.
    """
    return content[:24] + ONCE + content[28:92] + ONCE + content[96:]


def geojson(shapes: gpd.GeoDataFrame, *, title: str, about: str) -> bytes:
    """Write areas as GeoJSON (RFC 7946): degrees, outer rings anticlockwise, an area to a line."""
    degrees = shapes.to_crs(DEGREES)
    rounded = shapely.transform(degrees.geometry.to_numpy(), lambda corners: np.round(corners, DECIMALS))
    drawn = shapely.to_geojson(shapely.orient_polygons(rounded, exterior_cw=False))
    head = _json({"type": "FeatureCollection", "name": LAYER, "title": title, "description": about})
    records = _records(degrees.drop(columns=GEOMETRY))
    lines = [
        f'{{"type":"Feature","id":{json.dumps(row["area_code"])},"properties":{_json(row)},"geometry":{shape}}}'
        for row, shape in zip(records, drawn, strict=True)
    ]
    return "\n".join([f'{head[:-1]},"features":[', ",\n".join(lines), "]}", ""]).encode()


def _records(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Give rows with Python's own values; what is missing is None."""
    columns = {
        str(name): [None if missing else cell for cell, missing in zip(cells.tolist(), cells.isna(), strict=True)]
        for name, cells in table.items()
    }
    for row in zip(*columns.values(), strict=True):
        yield dict(zip(columns, row, strict=True))


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
