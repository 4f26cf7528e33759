"""The map as a component without a frame: Folium writes what it is made of, the browser keeps it alive and repaints it.

Folium's script is the same for every study: shapes, base and sentences come as files of their own. It is put into the
component's script once, and given a Leaflet whose `map` stands on our element. Knows no Streamlit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from branca.element import MacroElement
from folium.map import CustomPane
from folium.template import Template

from connectivity.maps.sketch import DEGREES
from connectivity.maps.symbology import PAINTS, UNKNOWN

SEA, LAND, BUILT, INK, DOT, PICK = "#E6EBEC", "#F3F2EE", "#E4DFD3", "#1A1F24", "#6B6F73", "#FFC933"
TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
TILES_CREDIT = "Background © OpenStreetMap contributors"
TILES_FAIL = "The background map cannot be reached: it needs the internet. You see our own."
OUTSIDE = len(PAINTS)
"""The class of an area that is not on show: drawn as land."""
PANES = ("ground", "shade", "tiles", "areas", "lines", "people", "chosen", "words")
"""What lies on what, the lowest first; only areas hear the pointer."""
LOWEST, APART = 210, 30
"""Leaflet's own panes begin at 200, and what lies on all of ours (its pop-ups) at 600."""
BRITAIN = (54.5, -3.0)
"""Where Folium's map looks before the browser has the shapes and fits them."""
LINES = {
    "road": {"color": "#BBAF98", "weight": 1.6, "opacity": 0.9},
    "rail": {"color": "#8C8C8C", "weight": 1, "dashArray": "5 3"},
    "river": {"color": "#A9BEC6", "weight": 1},
}
"""How the base's lines are drawn, by kind."""
SCRIPTS = ("plate_arcs.js", "plate_words.js", "plate_picture.js", "plate.js")


class PlateLayer(MacroElement):
    """A layer that the browser makes of what it was sent; nothing of a study travels in its script.

    Parameters
    ----------
    kind
        Which function of `plate.js` makes it.
    options
        What that function is given.
    """

    _template = Template("""{% macro script(this, kwargs) %}
var {{ this.get_name() }} = notspot.{{ this.kind }}({{ this.options|tojavascript }});
{{ this.get_name() }}.addTo({{ this._parent.get_name() }});
{% endmacro %}""")

    def __init__(self, kind: str, **options: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PlateLayer"
        self.kind, self.options = kind, options


def folium_map() -> folium.Map:
    """Build the map and its layers, of no study yet."""
    made = folium.Map(
        location=BRITAIN,
        zoom_start=6,
        tiles=None,
        prefer_canvas=True,
        zoom_control="topright",
        control_scale=True,
        attribution_control=False,
        zoom_snap=0.1,
        min_zoom=5,
        max_zoom=16,
        wheel_px_per_zoom_level=90,
        scroll_wheel_zoom=False,
        keyboard=False,
    )
    for number, pane in enumerate(PANES):
        CustomPane(pane, z_index=LOWEST + APART * number, pointer_events=pane == "areas").add_to(made)
    land = {"fillColor": LAND, "fillOpacity": 1, "color": "#D5D0C4", "weight": 0.7, "smoothFactor": 0.8}
    built = {"fillColor": BUILT, "fillOpacity": 1, "stroke": False, "smoothFactor": 0.8}
    border = {"color": INK, "weight": 1.2, "opacity": 0.85, "smoothFactor": 0.6}
    for layer in (
        PlateLayer("land", part="land", pane="ground", style=land),
        PlateLayer("land", part="built", pane="shade", style=built),
        PlateLayer("tiles", address=TILES, pane="tiles", maxZoom=16, crossOrigin="anonymous"),
        PlateLayer("areas"),
        PlateLayer("lines", pane="lines", styles=LINES),
        PlateLayer("councils", pane="lines", style=border),
        PlateLayer("words", pane="words"),
    ):
        layer.add_to(made)
    return made


@cache
def component_parts(leaflet_css: str) -> tuple[str, str, str]:
    """Give the component's HTML, stylesheet and script.

    Parameters
    ----------
    leaflet_css
        Leaflet's own stylesheet: the component sees none of the page's.
    """
    made = folium_map()
    page: Any = made.get_root()
    page.render()
    build = f"const build = (L, notspot) => {{ {page.script.render()}\nreturn {made.get_name()}; }};"
    constants = {
        "SEA": SEA,
        "LAND": LAND,
        "INK": INK,
        "DOT": DOT,
        "PICK": PICK,
        "TILES_CREDIT": TILES_CREDIT,
        "TILES_FAIL": TILES_FAIL,
        "PAINTS": [asdict(paint) for paint in PAINTS],
    }
    named = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in constants.items())
    script = "\n".join([named, build, *(_beside(name) for name in SCRIPTS)])
    style = _beside("plate.css").replace("INK", INK).replace("PICK", PICK).replace("SEA", SEA)
    return _beside("plate.html"), leaflet_css + style, script


def say_script() -> str:
    """Give the script of the small component that tells a map what to show."""
    return _beside("plate_say.js")


def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def kinds_text(kinds: pd.Series) -> str:
    """Write one byte for each area: its class, what is not known as the last of the paints.

    >>> kinds_text(pd.Series([0, UNKNOWN, OUTSIDE, 5]))
    '0895'
    """
    return "".join(str(len(PAINTS) - 1 if kind == UNKNOWN else int(kind)) for kind in kinds)


def sentences_text(says: Sequence[str]) -> str:
    """Write the sentence of each area, those that are alike once.

    >>> sentences_text(["A", "B", "A"])
    '{"says":["A","B"],"of":[0,1,0]}'
    """
    numbers = {words: number for number, words in enumerate(dict.fromkeys(says))}
    return json.dumps(
        {"says": list(numbers), "of": [numbers[words] for words in says]}, ensure_ascii=False, separators=(",", ":")
    )


MANY, SOME = 12, 40
"""Wards named from afar and from less far, by their premises, where a build has no base (assumption: as towns are)."""


def base_without_file(areas: gpd.GeoDataFrame) -> dict[str, Any]:
    """Name the councils and wards of a study whose build has no base: an older one, or one of elsewhere.

    Parameters
    ----------
    areas
        Index ``area_code``, with ``district_name``, ``ward_name`` where it is known, and ``premises``.

    Returns
    -------
    dict
        ``councils`` (name, latitude, longitude, square kilometres) and ``places`` (name, rank, latitude, longitude).
    """
    column = "ward_name" if "ward_name" in areas and areas["ward_name"].notna().any() else "district_name"
    totals = areas.groupby(column)["premises"].sum().sort_values(ascending=False, kind="stable")
    first = areas.sort_values("premises", ascending=False, kind="stable")
    wards = first.drop_duplicates(column).set_index(column).reindex(totals.index)
    places = [
        [str(name), 1 if at < MANY else 2 if at < SOME else 3, *spot]
        for at, (name, spot) in enumerate(zip(totals.index, _spots(wards), strict=True))
    ]
    size = areas.geometry.area.groupby(areas["district_code"]).sum() / 1e6
    largest = areas.loc[areas.geometry.area.sort_values(ascending=False).index].drop_duplicates("district_code")
    councils = [
        [str(name), *spot, round(float(size[code]))]
        for name, code, spot in zip(largest["district_name"], largest["district_code"], _spots(largest), strict=True)
    ]
    return {"places": [] if column == "district_name" else places, "councils": councils}


def _spots(areas: gpd.GeoDataFrame) -> list[list[float]]:
    """Give latitude and longitude of a point inside each area."""
    there = gpd.GeoSeries(areas.geometry, crs=areas.crs).representative_point().to_crs(DEGREES)
    found: list[list[float]] = np.column_stack([there.y, there.x]).round(4).tolist()
    return found
