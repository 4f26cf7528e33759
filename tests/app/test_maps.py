from __future__ import annotations

import json
import re

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shires import HOSTILE

from connectivity.maps import folium_layers, sketch, symbology

HERE = folium_layers.Addresses(
    "/app/static/vendor/leaflet.js", "/app/static/vendor/leaflet.css", "/app/static/fonts/a.woff2"
)


def group(areas: gpd.GeoDataFrame, **changes) -> folium.FeatureGroup:
    shapes = [json.dumps(shape) for shape in sketch.geometries(areas.geometry)]
    kinds = symbology.classes(areas["score"], breaks=symbology.AVAILABILITY)
    says = [f"About {n}" for n in range(len(areas))]
    painted = folium_layers.features(areas, shapes=shapes, kinds=kinds, says=says)
    return folium_layers.layer(
        painted, names=sketch.place_labels(areas, shapes=areas.geometry, column="area_name"), **changes
    )


def text(part: folium.FeatureGroup) -> str:
    return "".join(getattr(child, "text", "") for child in part._children.values())


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0, 0),
        (0.999, 0),
        (1, 1),
        (2, 2),
        (4.9, 2),
        (5, 3),
        (10, 4),
        (19.9, 4),
        (20, 5),
        (99, 5),
        (None, symbology.UNKNOWN),
    ],
)
def test_a_share_falls_into_the_class_the_legend_says(value, kind):
    assert symbology.classes(pd.Series([value], dtype=float), breaks=symbology.AVAILABILITY).tolist() == [kind]


def test_each_study_and_measure_has_its_fixed_breaks():
    assert symbology.MEASURES["remote"].breaks(unit="premises").lower == (0, 1, 2, 5, 10, 20)
    assert symbology.MEASURES["score"].breaks(unit="lines").lower == (0, 20, 30, 40, 50, 65)
    assert symbology.MEASURES["remote"].breaks(unit="lines").lower == (0, 60, 70, 80, 90, 98)
    assert symbology.MEASURES["digital"].breaks(unit="lines").lower == (0, 20, 40, 60, 80, 95)
    for key in ("need", "alternative"):
        assert symbology.MEASURES[key].breaks(unit="lines").lower == (0, 10, 20, 40, 60, 80)
    for breaks in (value for value in vars(symbology).values() if isinstance(value, symbology.Breaks)):
        assert len(breaks.labels(percent=True)) == len(symbology.SCALE)


def test_the_map_and_its_children_ask_nothing_of_the_internet(areas):
    made = folium_layers.base_map(sketch.bounds(areas.geometry), addresses=HERE)
    group(areas, place="E01000003").add_to(made)
    assert list(folium_layers.links_outside(made)) == []
    shown = made.get_root().render()
    assert not re.search(r"(src|href)\s*=\s*.?https?:", shown.replace("www.w3.org", ""))


def test_only_the_background_map_leaves_the_machine(areas):
    made = folium_layers.base_map(sketch.bounds(areas.geometry), addresses=HERE, tiles=True)
    assert list(folium_layers.links_outside(made)) == [folium_layers.TILES]
    assert "OpenStreetMap" in made.get_root().render() + str(
        [c.options for c in made._children.values() if hasattr(c, "options")]
    )


def test_one_map_does_not_change_the_next(areas):
    before = list(folium.Map.default_js)
    folium_layers.base_map(sketch.bounds(areas.geometry), addresses=HERE)
    assert folium.Map.default_js == before


def test_a_hostile_name_stays_a_name(areas):
    made = text(group(areas, place="E01000002"))
    for sign in ("<script", "{{", "{%", "</"):
        assert sign not in made
    written = folium_layers.script_text({"n": HOSTILE})
    assert json.loads(written) == {"n": HOSTILE}


def test_shapes_are_drawn_in_degrees_and_rounded(areas):
    (west, south), *_ = sketch.geometries(areas.geometry)[0]["coordinates"][0]
    assert -3 < west < -1
    assert 50 < south < 52
    assert west == round(west, 4)


def test_shapes_in_degrees_are_refused(areas):
    with pytest.raises(ValueError, match="British National Grid"):
        sketch.simplified(areas.geometry.to_crs(4326))


def test_simplifying_keeps_shared_borders_shared():
    x = np.linspace(0, 10_000, 400)
    wave = [(400_000 + a, 100_000 + 300 * np.sin(a / 400)) for a in x]
    lower = shapely.Polygon([*wave, (410_000, 95_000), (400_000, 95_000)])
    upper = shapely.Polygon([*wave, (410_000, 105_000), (400_000, 105_000)])
    simple = sketch.simplified(gpd.GeoSeries([lower, upper], crs=27700), most_points=200)
    assert shapely.get_num_coordinates(simple.to_numpy()).sum() <= 200
    assert shapely.coverage_is_valid(simple.to_numpy())
    assert simple.iloc[0].intersection(simple.iloc[1]).area == 0


def test_small_overlaps_are_cleaned_before_simplifying():
    left, right = shapely.box(0, 0, 1000, 1000), shapely.box(999.5, 0, 2000, 1000)
    simple = sketch.simplified(gpd.GeoSeries([left, right], index=["a", "b"], crs=27700))
    assert simple.index.tolist() == ["a", "b"]
    assert shapely.coverage_is_valid(simple.to_numpy())


def test_whoever_does_not_see_the_colours_has_a_pattern_for_the_worst_and_the_unknown():
    patterns = [(paint.pattern, paint.ink, paint.apart) for paint in symbology.PAINTS]
    worst, unknown = patterns[4:6], patterns[symbology.UNKNOWN]
    assert None not in {pattern for pattern, *_ in (*worst, unknown)}
    drawn = [one for one in patterns if one[0]]
    assert len(set(drawn)) == len(drawn)
    assert unknown[0] not in {pattern for pattern, *_ in patterns[:-1]}


def test_names_do_not_lie_on_each_other(areas):
    names = sketch.place_labels(areas, shapes=areas.geometry, column="area_name", most=12)
    spots = [tuple(name["at"]) for name in names]
    assert 1 <= len(spots) == len(set(spots)) <= 12
    assert any(name["big"] for name in names)


@pytest.mark.parametrize(
    "event",
    [None, {}, [], "E01000001", {"last_active_drawing": None}, {"last_active_drawing": {"properties": None}},
     {"last_active_drawing": {"properties": {"code": 7}}}, {"last_active_drawing": []}],
)  # fmt: skip
def test_anything_but_a_click_on_an_area_is_no_click(event):
    assert folium_layers.clicked(event) is None


def test_a_click_names_its_area():
    assert folium_layers.clicked({"last_active_drawing": {"properties": {"code": "E01000003", "at": 9}}}) == "E01000003"


def test_parts_of_one_council_join_into_one_outline(areas):
    whole = sketch.joined_shapes(areas.geometry, by=areas["district_code"])
    assert whole.index.tolist() == ["E06000001", "E06000002"]
    assert whole.area.sum() == pytest.approx(12e6)
