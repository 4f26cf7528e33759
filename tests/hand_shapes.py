"""Outlines made by hand, written in each of the four formats, for the tests that read them."""

from __future__ import annotations

import io
import json
import warnings

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from shapely import Polygon, box

from layers.errors import LayerError
from layers.intake.shapes import read_shapes

GRID, DEGREES = "EPSG:27700", "EPSG:4326"
WEST, SOUTH = 400_000, 100_000
IN_METRES = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
HOLED = Polygon(box(0, 0, 1000, 1000).exterior, [box(200, 200, 400, 400).exterior])
TWO_PARTS = shapely.MultiPolygon([box(2000, 0, 3000, 1000), box(2000, 2000, 2500, 2500)])
BESIDE = box(1000, 0, 2000, 1000)


def areas(*shapes, crs=GRID, **columns):
    """Lay shapes, given in metres from one corner, on the grid, under made-up codes."""
    corner = np.array([WEST, SOUTH])
    moved = [shape and shapely.transform(shape, lambda xy: xy + corner) for shape in shapes]
    facts = {"LSOA11CD": [f"E0190000{i}" for i in range(1, len(shapes) + 1)]}
    facts |= {"LSOA11NM": [f"Alder 00{i}A" for i in range(1, len(shapes) + 1)], **columns}
    return gpd.GeoDataFrame(facts, geometry=moved, crs=GRID).to_crs(crs)


def as_geojson(table):
    document = json.loads(table.to_json(drop_id=True, to_wgs84=False))
    document["crs"] = IN_METRES if table.crs == GRID else None
    return json.dumps(document).encode()


def as_topojson(table, **members):
    """Give each ring an arc of its own; the tests below share arcs by hand."""
    arcs: list[list[list[float]]] = []

    def ring(line):
        arcs.append([list(point) for point in line.coords])
        return [len(arcs) - 1]

    geometries = []
    for _, row in table.iterrows():
        parts = [[ring(line) for line in (p.exterior, *p.interiors)] for p in shapely.get_parts(row.geometry)]
        single = row.geometry.geom_type == "Polygon"
        shape = {"type": row.geometry.geom_type, "arcs": parts[0] if single else parts}
        geometries.append({**shape, "properties": row.drop("geometry").to_dict()})
    document = {"type": "Topology", "objects": {"areas": {"type": "GeometryCollection", "geometries": geometries}}}
    crs = {"crs": IN_METRES} if table.crs == GRID else {}
    return json.dumps({**document, "arcs": arcs, **crs, **members}).encode()


def as_geopackage(table, *, layer="areas"):
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that no coordinate system is set, which is what a test wants
        pyogrio.write_dataframe(table, buffer, driver="GPKG", layer=layer, promote_to_multi=False)
    return buffer.getvalue()


def as_geoparquet(table, **options):
    buffer = io.BytesIO()
    table.to_parquet(buffer, **options)
    return buffer.getvalue()


WRITERS = {
    "areas.geojson": as_geojson,
    "areas.topojson": as_topojson,
    "areas.gpkg": as_geopackage,
    "areas.parquet": as_geoparquet,
}


every_format = pytest.mark.parametrize("name", WRITERS)
with_a_crs = pytest.mark.parametrize("name", ["areas.gpkg", "areas.parquet"])


def write(folder, name, content):
    """Write bytes under a name and say where."""
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path, *, member=None, **parts):
    """Read a file that must be refused, and check what the one message says."""
    with pytest.raises(LayerError) as caught:
        read_shapes(path, member=member)
    said = caught.value.parts
    assert said["file"] == path.name or said["file"] == path
    assert said["expected"]
    assert said["next"]
    for part, words in parts.items():
        assert words in said[part], f"{part}: {words}\n{caught.value}"
