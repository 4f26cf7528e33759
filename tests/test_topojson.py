"""TopoJSON by hand: shared arcs, arcs turned round, steps, holes, and arcs that make no shape."""

from __future__ import annotations

import functools
import itertools
import json

import numpy as np
import pytest
import shapely
from hand_shapes import (
    DEGREES,
    IN_METRES,
    SOUTH,
    WEST,
    refusal,
    write,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import world_today

from layers.area_outlines import read_boundaries, repaired
from layers.errors import LayerError
from layers.intake.shapes import read_shapes
from layers.ledger import Ledger


@pytest.fixture
def put(tmp_path):
    return functools.partial(write, tmp_path)


SHARED = {
    # West and east square share arc 1, from south to north; the east one runs along it turned round.
    "type": "Topology",
    "crs": IN_METRES,
    "arcs": [
        [[401_000, 101_000], [400_000, 101_000], [400_000, 100_000], [401_000, 100_000]],
        [[401_000, 100_000], [401_000, 101_000]],
        [[401_000, 100_000], [402_000, 100_000], [402_000, 101_000], [401_000, 101_000]],
        [[400_200, 100_200], [400_200, 100_400], [400_400, 100_400], [400_200, 100_200]],
    ],
    "objects": {
        "areas": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1], [3]], "properties": {"LSOA11CD": "W"}},
                {"type": "MultiPolygon", "arcs": [[[2, -2]]], "id": "E", "properties": {"LSOA11CD": "E"}},
            ],
        }
    },
}


def topology(**members):
    return json.dumps({**SHARED, **members}).encode()


def one(**shape):
    return topology(objects={"areas": {"type": "GeometryCollection", "geometries": [shape]}})


def test_arcs_are_shared_turned_round_and_cut_holes(put):
    found = read_shapes(put("a.topojson", topology()))
    assert found["LSOA11CD"].tolist() == ["W", "E"]
    assert found["id"].tolist()[1] == "E"
    assert found.area.tolist() == [980_000, 1_000_000]
    assert found.is_valid.all()
    west, east = found.geometry
    assert west.intersection(east).length == 1000
    assert shapely.coverage_is_valid(found.geometry.to_numpy())


def test_quantised_arcs_are_steps(put):
    # Units of 100 m: the first point of each arc from the south-west corner, each other from the one before it.
    arcs = [
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [0, 10]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
        [[2, 2], [0, 2], [2, 0], [-2, -2]],
    ]
    transform = {"scale": [100, 100], "translate": [WEST, SOUTH]}
    found = read_shapes(put("a.json", topology(arcs=arcs, transform=transform)))
    plain = read_shapes(put("b.json", topology()))
    assert found.geometry.geom_equals(plain.geometry).all()


@given(wide=st.integers(1, 5), high=st.integers(1, 5), turned=st.sets(st.integers(0, 80)), quantised=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_chessboard_of_shared_edges(put, wide, high, turned, quantised):
    """Every edge is one arc, in either direction, and each square is put together from its four."""
    arcs, place = [], {}

    def edge(start, end):
        if (end, start) in place:
            return ~place[end, start]
        if (start, end) not in place:
            number = place[start, end] = len(arcs)
            arcs.append([start, end])
            if number in turned:
                del place[start, end]
                place[end, start] = number
                arcs[-1].reverse()
                return ~number
        return place[start, end]

    shapes, squares = [], [(x, y) for x in range(wide) for y in range(high)]
    for x, y in squares:
        corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
        edges = [edge(*pair) for pair in itertools.pairwise(corners)]
        shapes.append({"type": "Polygon", "arcs": [edges], "properties": {}})
    side = 0.1  # degrees, which 64-bit floats do not hold exactly
    if quantised:
        lines = [np.diff(arc, axis=0, prepend=[[0, 0]]).tolist() for arc in arcs]
        transform = {"scale": [side, side], "translate": [-2, 51]}
    else:
        lines, transform = [(np.array(arc) * side + (-2, 51)).tolist() for arc in arcs], None
    document = {"type": "Topology", "arcs": lines, "transform": transform}
    document["objects"] = {"board": {"type": "GeometryCollection", "geometries": shapes}}
    found = read_shapes(put("board.topojson", json.dumps(document).encode()))
    assert len(arcs) == wide * (high + 1) + high * (wide + 1)
    assert found.is_valid.all()
    assert shapely.coverage_is_valid(found.geometry.to_numpy())
    for (x, y), shape in zip(squares, found.to_crs(DEGREES).geometry, strict=True):
        west, south = -2 + side * x, 51 + side * y
        assert shape.bounds == pytest.approx((west, south, west + side, south + side), abs=1e-6)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"type": "Polygon", "arcs": [[0, 9]]}, "shape 1: there is no arc 9 among 4"),
        ({"type": "Polygon", "arcs": [[0, -9]]}, "shape 1: there is no arc -9 among 4"),
        ({"type": "Polygon", "arcs": [[0, 3]]}, "arc 3 does not begin where the one before it ends"),
        ({"type": "Polygon", "arcs": [[0]]}, "the arcs [0] do not close"),
        ({"type": "Polygon", "arcs": [["0"]]}, "shape 1: "),
        ({"type": "Polygon", "arcs": [[]]}, "shape 1: "),
        ({"type": "Polygon"}, "'arcs'"),
        ({"arcs": [[0, 1]]}, "'type'"),
        ({"type": "Blob", "arcs": []}, "not known: Blob"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_arcs_that_make_no_shape(put, shape, words):
    refusal(put("a.topojson", one(**shape)), found=words)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"arcs": [[[400_000, 100_000]]]}, "an arc of 1 points"),
        ({"arcs": [[["x", 0], [0, 0]]]}, "could not convert"),
        ({"arcs": [[[None, 0], [0, 0]]]}, "NaN or infinity where a number is needed"),
        ({"arcs": {}}, "no list of arcs"),
        ({"objects": []}, "no objects"),
        ({"transform": {"scale": [1, 1]}}, "translate"),
        ({"crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}, "not known: EPSG:3857"),
    ],
)
def test_a_topology_that_is_none(put, members, words):
    refusal(put("a.topojson", topology(**members)), found=words)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ({"type": "Point", "coordinates": [400_000, 100_000]}, "Point"),
        ({"type": "MultiPoint", "coordinates": [[400_000, 100_000]]}, "MultiPoint"),
        ({"type": "LineString", "arcs": [0]}, "LineString"),
        ({"type": "MultiLineString", "arcs": [[0], [2]]}, "MultiLineString"),
        ({"type": "GeometryCollection", "geometries": [{"type": "LineString", "arcs": [0]}]}, "GeometryCollection"),
        ({"type": "Polygon", "arcs": []}, "an empty shape"),
        ({"type": "Polygon", "arcs": [[1, -2]]}, "an empty shape"),
        ({"type": None}, "no shape"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_area_is_named_by_its_code(put, shape, kind):
    named = {**shape, "properties": {"LSOA11CD": "E01", "LSOA11NM": "Alder"}}
    path = put("a.topojson", one(**named))
    with pytest.raises(LayerError) as caught:
        read_boundaries([path], geography="lsoa11", ledger=Ledger())
    assert (caught.value.parts["rows"], caught.value.parts["found"]) == ("E01", kind)


def test_arcs_named_over_and_over_do_not_fill_the_memory(put, monkeypatch):
    monkeypatch.setattr(
        "layers.intake.topojson.CORNERS", type("Few", (), {"value": 50, "unit": "corners", "meaning": "all"})
    )
    shape = {"type": "MultiPolygon", "arcs": [[[0, 1]]] * 20}
    refusal(put("a.topojson", one(**shape)), found="more than 50 corners")


def test_a_topology_of_several_objects_asks_which(put, tmp_path):
    content = topology(objects={"areas": SHARED["objects"]["areas"], "wards": SHARED["objects"]["areas"]})
    path = put("a.topojson", content)
    refusal(path, found="2 layers: areas, wards", next='member = "LAYER"')
    refusal(path, member="ward", found="nearest: “wards”")
    assert len(read_shapes(path, member="wards")) == 2
    zipped = world_today(tmp_path / "world").zipped("a.zip", {"a.json": content, "b.txt": b"b"})
    refusal(zipped, member="*.json", next="FILE!LAYER")
    assert len(read_shapes(zipped, member="*.json!wards")) == 2


# --- A published file ---------------------------------------------------------------------------------------------


@pytest.mark.real
def test_the_districts_of_the_uk(real_data):
    path = real_data / "boundaries" / "lad" / "LAD_MAY_2025_UK_BGC_V2.topojson"
    ledger = Ledger()
    shapes = read_shapes(path)
    districts = repaired(shapes, path=path, codes=shapes["LAD25CD"], ledger=ledger).set_index("LAD25CD").geometry
    assert len(districts) == 361
    assert districts.is_unique
    assert districts.is_valid.all()
    assert "mended" in ledger.warnings[0]  # rounding to 11 m makes small islands lines
    small = [real_data / "boundaries" / "lsoa21" / "E06000059.geojson"]
    dorset = read_boundaries(small, geography="lsoa21", ledger=Ledger()).geometry
    inside = dorset.intersection(districts["E06000059"]).area / dorset.area
    assert len(dorset) == 223
    assert inside.min() > 0.98
    assert dorset.union_all().area / districts["E06000059"].area == pytest.approx(1, abs=0.002)
    # Everyone else's outline meets Dorset along its border alone.
    others = districts.drop("E06000059").intersection(dorset.union_all()).area.sum()
    assert others / dorset.area.sum() < 0.002
