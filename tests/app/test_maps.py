from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shires import HOSTILE

from connectivity.maps import plate, sketch, symbology
from connectivity.views import assets

SCRIPTS = sorted(Path(plate.__file__).parent.glob("*.js"))


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


def test_the_component_asks_nothing_of_the_internet_but_the_background_map_that_is_off():
    html, css, script = plate.component_parts(assets.leaflet_stylesheet())
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found = re.findall(r"(?:https?:)?//[a-z][\w.-]*\.[a-z]{2,}[^\"\s]*", html + css + script)
    assert [address.replace("\\u0026", "&") for address in found] == [plate.TILES]
    assert not re.search(r"\b(src|href)\s*=\s*.?https?:", html)


def test_one_map_does_not_change_the_next_nor_folium_itself():
    before = list(folium.Map.default_js)
    (first, second) = (len(plate.folium_map()._children) for _ in range(2))
    assert first == second
    assert folium.Map.default_js == before


def test_folium_writes_every_layer_once_in_the_order_of_its_pane():
    _, _, script = plate.component_parts(assets.leaflet_stylesheet())
    made = re.findall(r"notspot\.(\w+)\(", script.split("// Unpacks")[0])
    assert made == ["land", "land", "tiles", "areas", "lines", "councils", "words"]
    panes = re.findall(r'createPane\(\s*"(\w+)"', script)
    assert panes == list(plate.PANES)
    assert f"const PANES = {list(plate.PANES)}".replace("'", '"') in script  # as the picture stacks them


def test_words_enter_the_map_as_text_only():
    assert len(SCRIPTS) == 5
    for path in SCRIPTS:
        written = path.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function|bindTooltip", written
        )


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: the browser's tests read the scripts")
def test_the_component_s_script_can_be_read(tmp_path):
    _, _, script = plate.component_parts(assets.leaflet_stylesheet())
    (tmp_path / "plate.mjs").write_text(script, encoding="utf-8")
    done = subprocess.run(["node", "--check", tmp_path / "plate.mjs"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_classes_take_one_byte_each_and_sentences_that_are_alike_stand_once(areas):
    kinds = symbology.classes(areas["score"], breaks=symbology.AVAILABILITY)
    text = plate.kinds_text(kinds)
    assert len(text) == len(areas) == 12
    assert [number for number, kind in enumerate(text) if kind == "8"] == np.flatnonzero(
        kinds == symbology.UNKNOWN
    ).tolist()
    assert plate.sentences_text([HOSTILE, "x", HOSTILE]).count("alert") == 1


def test_a_build_without_a_base_names_its_councils_and_wards(areas):
    base = plate.base_without_file(areas.assign(ward_name=["Up", "Down"] * 6))
    assert sorted(name for name, *_ in base["places"]) == ["Down", "Up"]
    assert sorted(name for name, *_ in base["councils"]) == ["Eastshire", "Westshire"]
    for _, lat, lon, size in base["councils"]:
        assert size == 6
        spot = gpd.GeoSeries([shapely.Point(lon, lat)], crs=4326).to_crs(27700).iloc[0]
        assert areas.union_all().contains(spot)
    assert plate.base_without_file(areas.assign(ward_name=None))["places"] == []


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


def test_parts_of_one_council_join_into_one_outline(areas):
    whole = sketch.joined_shapes(areas.geometry, by=areas["district_code"])
    assert whole.index.tolist() == ["E06000001", "E06000002"]
    assert whole.area.sum() == pytest.approx(12e6)
