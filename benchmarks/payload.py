"""What a map of all the demo's areas sends to the browser, and how long the server takes: the app beside plain Folium.

The first page runs as it does in the app (Streamlit's own test runner, no browser), and what its map's components and
files hold is counted. What streamlit-folium hands to the browser for the alternatives, of the same table, is caught.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import folium
import geopandas as gpd
from streamlit.testing.v1 import AppTest
from streamlit_folium import st_folium

from benchmarks.measuring import DEMO, REPOSITORY, Result, comparison, target, timed
from connectivity.build import build
from connectivity.fingerprints import default_output
from connectivity.outputs import read_build
from connectivity.views import page_map
from connectivity.views.assets import STATIC

PAYLOAD, CHANGE, REPAINT = 1.0, 8.0, 1.0
"""Megabytes at first, kilobytes of a change, and seconds for map and table after new weights."""
SEND = "streamlit_folium._component_func"
"""The one call through which streamlit-folium sends (its version is pinned)."""


def run(*, quick: bool) -> Result:
    """Draw the map in the app, as a choropleth and as raw GeoJSON.

    Parameters
    ----------
    quick
        Twice instead of five times.
    """
    repeat = 2 if quick else 5
    out = default_output(DEMO / "study.toml")
    if not out.exists():
        build(DEMO / "study.toml", out=out)
    areas = read_build(out).areas.reset_index()
    ours = in_the_app(out, repeat=repeat)
    words = f"map of {len(areas):,} areas"
    comparisons = []
    for name, draw in (("folium.Choropleth", choropleth), ("folium.GeoJson of the table", raw)):
        with caught() as sent:
            seconds, _ = timed(lambda draw=draw: st_folium(draw(areas), returned_objects=[]), repeat=repeat)  # type: ignore[misc]
        comparisons += [
            comparison(f"{words}, sent", ours=ours["megabytes"], other=name, theirs=sent[-1] / 1e6, unit="MB"),
            comparison(f"{words}, first time", ours=ours["first"], other=name, theirs=seconds),
            comparison(f"{words}, new weights", ours=ours["weighted"], other=name, theirs=seconds),
            comparison(f"{words}, as it was", ours=ours["again"], other=name, theirs=seconds),
        ]
    return {
        "comparisons": comparisons,
        "targets": [
            target(f"payload of {len(areas):,} areas", value=ours["megabytes"], limit=PAYLOAD, unit="MB"),
            target("a change of weights, sent to the map", value=ours["kilobytes"], limit=CHANGE, unit="kB"),
            target("whole page, map and table, with new weights", value=ours["page"], limit=REPAINT, unit="s"),
        ],
        "notes": [
            "Ours also holds a sentence for each area, borders, names and hatching, and asks nothing of the internet.",
            "Of ours most are files, which the server compresses and the browser keeps.",
        ],
    }


def in_the_app(out: Path, *, repeat: int) -> dict[str, float]:
    """Open the first page on a build, then as it was, then with other weights each time.

    Returns
    -------
    dict
        ``first``, ``again``, ``weighted``: seconds of the map; ``page``: seconds of the whole page with new weights;
        ``megabytes``: what was sent for the map, its files with it; ``kilobytes``: what new weights sent to it.
    """
    draw, taken, page = page_map.draw, [], []

    def draw_timed(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - whatever the page gives
        start = time.perf_counter()
        draw(*args, **kwargs)
        taken.append(time.perf_counter() - start)

    with (
        mock.patch.dict(os.environ, NOTSPOT_BUILD=str(out)),
        mock.patch.object(page_map, "draw", draw_timed),
    ):
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
        for _ in range(1 + repeat):
            app.run()
        whole = sum(of_the_map(app).values())
        for change in range(repeat):
            app.query_params["weights"] = f"{40 - change}-{20 + change}-20-20"
            start = time.perf_counter()
            app.run()
            page.append(time.perf_counter() - start)
    if app.exception or len(taken) != 1 + 2 * repeat:
        raise AssertionError(f"The page did not draw its map each time: {len(taken)} of {1 + 2 * repeat}.")
    return {
        "first": taken[0],
        "again": statistics.median(taken[1 : 1 + repeat]),
        "weighted": statistics.median(taken[1 + repeat :]),
        "page": statistics.median(page),
        "megabytes": whole / 1e6,
        "kilobytes": of_the_map(app, files=False)["notspot_plate_say"] / 1e3,
    }


def of_the_map(app: AppTest, *, files: bool = True) -> dict[str, int]:
    """Count the bytes of each of the map's components: script and style, data, and the files these name."""
    sizes = {}
    for element in app.get("bidi_component"):
        proto = element.proto
        name = proto.component_name.rpartition(".")[2]
        if not name.startswith("notspot_plate"):
            continue
        named = [STATIC / found for found in re.findall(r"/app/static/(atlas/[^\"]+)", proto.json)]
        parts = (proto.html_content, proto.css_content, proto.js_content, proto.json)
        sizes[name] = sum(len(part.encode()) for part in parts) + sum(path.stat().st_size for path in named if files)
    return sizes


@contextmanager
def caught() -> Iterator[list[int]]:
    """Catch what streamlit-folium sends, and list the bytes of each sending."""
    sizes: list[int] = []

    def send(**parts: object) -> dict[str, object]:
        told = {name: part for name, part in parts.items() if name != "on_change"}
        sizes.append(len(json.dumps(told).encode()))
        return {}

    with mock.patch(SEND, send):
        yield sizes


def choropleth(areas: gpd.GeoDataFrame) -> folium.Map:
    """Draw a choropleth of the score as Folium's guide does."""
    made = folium.Map(location=[50.9, -1.6], zoom_start=9)
    shapes = areas[["area_code", "geometry"]].to_crs(4326)
    columns = ["area_code", "score"]
    folium.Choropleth(shapes, data=areas, columns=columns, key_on="feature.properties.area_code").add_to(made)
    return made


def raw(areas: gpd.GeoDataFrame) -> folium.Map:
    """Draw the table's shapes as they are, with the columns a reader sees in a tooltip."""
    made = folium.Map(location=[50.9, -1.6], zoom_start=9)
    shown = ["area_name", "premises", "remote_infeasible", "score"]
    table = areas[[*shown, "geometry"]].to_crs(4326)
    folium.GeoJson(table, tooltip=folium.GeoJsonTooltip(shown)).add_to(made)
    return made
