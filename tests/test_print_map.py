from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from connectivity.evidence.typefaces import PrintedTypefaces
from connectivity.maps import print_map
from connectivity.maps.arcs import pack
from connectivity.maps.print_map import COUNCIL_ONLY, LAND, PLAIN, SEA, MapBox, drawn_map, map_ground, map_sheet
from connectivity.maps.symbology import PAINTS, SCALE, UNKNOWN
from connectivity.method.feasibility import NO_PREMISES, NOT_TOLD_APART, SCORED

SVG = "{http://www.w3.org/2000/svg}"
WEST, SOUTH = 360_000, 90_000
LETTERS = PrintedTypefaces(
    None, {}, frozenset(map(chr, range(0x20, 0x7F))), dict.fromkeys(map(chr, range(32, 127)), 0.6)
)
BOX = MapBox(300, 200, 14)
CLASSES = [0.5, 1.5, 3.0, 7.0, 15.0, 40.0, np.nan, 3.0]
SAID = {"title": "A map", "description": "About 4% of premises."}


def world(*, side=2_000.0, names=()):
    """Make eight squares in a row on the National Grid: each class, one not scored, one of a council's figure alone."""
    squares = [shapely.box(WEST + n * side, SOUTH, WEST + (n + 1) * side, SOUTH + side) for n in range(8)]
    status = [*[SCORED] * 6, NO_PREMISES, NOT_TOLD_APART]
    table = {"score_remote": CLASSES, "status": status, "district_code": [*["A"] * 7, "B"]}
    areas = gpd.GeoDataFrame(table, geometry=squares, crs=27700, index=pd.Index(list("abcdefgh"), name="area_code"))
    land = shapely.box(-3.5, 50.0, -1.0, 52.0)
    places = [[name, rank, 50.715, -2.55 + step] for name, rank, step in names]
    base = {"land": pack([land]), "built": pack([]), "councils": [], "places": places, "missing": ""}
    return areas, base


def drawn(areas, base, *, place=None, box=BOX, named=None):
    ground = map_ground(areas, place=list(place or areas.index), base=base, unit="premises", named=named)
    return ET.fromstring(drawn_map(ground, box, letters=LETTERS, **SAID))  # noqa: S314 - our own


def fills(root):
    return [
        one.get("fill")
        for one in root.iter(f"{SVG}g")
        if one.get("stroke-width") and one.find(f"{SVG}path") is not None
    ]


def strokes(root):
    return [one.get("stroke") for one in root.iter(f"{SVG}g") if one.get("fill") == "none"]


def corners(path):
    """Follow a path of steps and give its corners; hatches and outlines begin with M, shapes with m."""
    at, found = np.zeros(2), []
    for letter, numbers in re.findall(r"([MmlhvzL])([^MmlhvzL]*)", path):
        values = [float(one) for one in re.findall(r"-?\d+", numbers)]
        if letter in "hv":
            for value in values:
                at = at + ((value, 0) if letter == "h" else (0, value))
                found.append(at)
            continue
        for x, y in zip(values[::2], values[1::2], strict=True):
            at = np.array([x, y]) if letter == "M" else at + np.array([x, y])
            found.append(at)
    return np.array(found)


def test_every_class_has_its_colour_and_what_is_not_known_is_white():
    root = drawn(*world())
    assert [one for one in fills(root) if one in {*SCALE, "#FFFFFF"}] == ["#FFFFFF", *SCALE[:3], SCALE[2], *SCALE[3:]]


def test_the_legend_names_all_classes_and_only_the_marks_that_are_there():
    areas, base = world()
    whole = map_ground(areas, place=areas.index, base=base, unit="premises")
    assert [kind for kind, _ in whole.labels] == [0, 1, 2, 3, 4, 5, COUNCIL_ONLY, UNKNOWN]
    assert dict(whole.labels)[COUNCIL_ONLY] == "Council figure only"
    assert dict(whole.labels)[UNKNOWN] == "Not enough data"
    part = map_ground(areas, place=["a", "b"], base=base, unit="premises")
    assert [kind for kind, _ in part.labels] == [0, 1, 2, 3, 4, 5]


def test_patterns_lie_inside_what_they_fill():
    root = drawn(*world())
    inks = {PAINTS[4].ink: 1, PAINTS[UNKNOWN].ink: 2}
    assert {ink: strokes(root).count(ink) for ink in (*inks,)} == {PAINTS[4].ink: 2, PAINTS[UNKNOWN].ink: 2}
    unit = 2_000 / (8 * 2_000 * 1.08 / 300) * 10  # of a square, in tenths of a point
    spread = []
    for group in root.iter(f"{SVG}g"):
        if group.get("fill") == "none" and group.get("stroke") in inks:
            found = corners(group.find(f"{SVG}path").get("d"))
            spread.append(np.ptp(found[:, 0]))
            assert np.ptp(found[:, 1]) <= unit + 1
    assert max(spread) <= unit + 1


def test_a_scale_bar_is_as_long_as_it_says():
    areas, base = world()
    ground = map_ground(areas, place=areas.index, base=base, unit="premises")
    body = print_map._body(ground, BOX, letters=LETTERS, **SAID)
    metres = 8 * 2_000 * 1.08 / 300
    assert body["bar"]["words"] == "2 km"
    assert body["bar"]["long"] * metres == pytest.approx(2_000, rel=0.01)


def test_one_ward_is_seen_with_what_is_round_it():
    areas, base = world(side=100.0)
    ground = map_ground(areas, place=["a"], base=base, unit="premises")
    frame = print_map._frame(ground, BOX)
    assert frame.width * frame.metres == pytest.approx(9_000)
    root = drawn(areas, base, place=["a"])
    assert fills(root).count(LAND) == 1
    assert SCALE[0] in fills(root)
    assert SCALE[3] not in fills(root)


def test_what_lies_outside_is_land_and_sea_only_where_it_is_known():
    areas, base = world()
    grounds = [drawn(areas, base | {"missing": said}).find(f"{SVG}svg/{SVG}rect").get("fill") for said in ("", "none")]
    assert grounds == [SEA, PLAIN]


def test_names_never_cover_each_other_and_the_largest_come_first():
    towns = [("Great Harbour", 1, 0.0), ("Harbour Parva", 2, 0.001), ("Harbour Magna", 2, 0.002), ("East End", 3, 0.1)]
    towns += [(f"Hamlet {n}", 3, 0.005 * n) for n in range(40)]
    areas, base = world(names=towns)
    ground = map_ground(areas, place=areas.index, base=base, unit="premises")
    names = print_map._body(ground, BOX, letters=LETTERS, **SAID)["names"]
    assert names[0]["words"] == "Great Harbour"
    assert len(names) > 3
    boxes = [
        shapely.box(one["x"] - w, one["y"] - one["size"] * 0.9, one["x"] + w, one["y"] + one["size"] * 0.2)
        for one in names
        for w in [0.3 * len(one["words"]) * one["size"]]
    ]
    assert not any(boxes[i].intersects(boxes[j]) for i in range(len(boxes)) for j in range(i))
    assert all(shapely.box(0, 0, 300, 200).contains(box) for box in boxes)


def test_hostile_names_are_text():
    areas, base = world(names=[("{{7*7}}", 1, 0.0), ("中", 1, 0.05), ('</text><script>alert("x")', 1, 0.14)])
    said = [one.text for one in drawn(areas, base).iter(f"{SVG}text")]
    assert {'</text><script>alert("x")', "{{7*7}}", "\\u4e2d"} <= set(said)


def test_several_places_are_named_and_councils_have_borders():
    areas, base = world()
    root = drawn(areas, base, named={"Northshire": list("abcdefg"), "Southshire": ["h"], "L" * 90: ["a"]})
    said = {one.text for one in root.iter(f"{SVG}text")}
    assert "Northshire" in said
    assert "L" * 90 not in said
    assert strokes(root).count(print_map.INK) == 2
    assert strokes(drawn(areas, base, place=list("abc"))).count(print_map.INK) == 1


def test_a_country_is_drawn_by_class_and_not_by_area(monkeypatch):
    areas, base = world()
    areas["score_remote"] = 3.0
    each = drawn(areas, base)
    monkeypatch.setattr(print_map, "MOST_PLACES", 3)
    joined = drawn(areas, base)

    def shapes(root):
        return [len(g.findall(f"{SVG}path")) for g in root.iter(f"{SVG}g") if g.get("fill") == SCALE[2]]

    assert shapes(each) == [6, 1]
    assert shapes(joined) == [1, 1]


def test_the_map_that_stands_alone_has_title_legend_and_whose_it_is():
    areas, base = world()
    ground = map_ground(areas, place=areas.index, base=base, unit="premises")
    words = ("Two shires: <share> of premises", "Amber.", "White with lines: not enough data.", "Contains OS data.")
    title, above, *below = words
    sheet = map_sheet(
        ground, letters=LETTERS, title=title, description="About 4%.", above=(above, ""), below=(*below, "")
    )
    root = ET.fromstring(sheet)  # noqa: S314 - our own
    said = [one.text for one in root.iter(f"{SVG}text")]
    assert set(words) <= set(said)
    assert {label for _, label in ground.labels} <= set(said)
    assert root.find(f"{SVG}title").text == title
    assert root.find(f"{SVG}desc").text == "About 4%."
    assert max(float(one.get("y")) for one in root.findall(f"{SVG}text")) < float(root.get("height"))
    assert "http" not in sheet.replace("http://www.w3.org/2000/svg", "")


def test_long_words_break_and_every_letter_stays():
    lines = print_map._wrapped("a bb " + "c" * 50, 6.0, letters=LETTERS)
    assert "".join(lines).replace(" ", "") == "abb" + "c" * 50
    assert all(LETTERS.width(line) <= 6.0 for line in lines)


def test_degrees_are_refused():
    areas, base = world()
    with pytest.raises(ValueError, match="British National Grid"):
        map_ground(areas.to_crs(4326), place=["a"], base=base, unit="premises")
