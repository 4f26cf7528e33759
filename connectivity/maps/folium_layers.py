"""Folium layers from scored areas. Knows no Streamlit.

Shapes come in from `connectivity.maps.sketch`, the only place that speaks EPSG:4326; everything leaves as text or as
Folium objects that ask nothing of the internet: Leaflet's own address is given by the caller, and `links_outside`
proves it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import folium
import pandas as pd
from branca.element import Element, MacroElement
from folium.template import Template

from connectivity.maps.dots import FINE, Dots
from connectivity.maps.symbology import PAINTS

SEA, LAND, INK, DOT, PICK = "#E6EBEC", "#F3F2EE", "#1A1F24", "#6B6F73", "#FFC933"

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_MARKS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "{}<>&'"}


def script_text(value: object) -> str:
    r"""Write JSON that is safe inside a script and inside a template.

    Streamlit-folium evaluates a layer as a script and Folium compiles it as a Jinja template: a place called
    “{{ 7*7 }}” or “</script>” must stay a name in both.

    >>> script_text({"n": "{{ 7*7 }}</b>"})
    '{"n":"\\u007b\\u007b 7*7 \\u007d\\u007d\\u003c/b\\u003e"}'
    """
    made = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return _QUOTED.sub(lambda quoted: quoted.group().translate(_MARKS), made)


def features(areas: pd.DataFrame, *, shapes: Sequence[str], kinds: pd.Series, says: Sequence[str]) -> str:
    """Write one feature per area: its code, name, class and sentence, painted before it leaves.

    Parameters
    ----------
    areas
        Places indexed by code, with ``area_name``.
    shapes
        The GeoJSON text of each area's outline, in the same order.
    kinds
        The class of each area, from `classes`.
    says
        The sentence a pointer shows for each area.
    """
    rows = zip(areas.index, areas["area_name"], kinds, says, shapes, strict=True)
    made = (
        f'{{"type":"Feature","properties":{script_text({"c": code, "n": name, "k": int(kind), "s": says_so})},'
        f'"geometry":{shape}}}'
        for code, name, kind, says_so, shape in rows
    )
    return f'{{"type":"FeatureCollection","features":[{",".join(made)}]}}'


class Ready(folium.GeoJson):
    """A GeoJson layer whose text was written (and may be cached) before Folium sees it.

    Folium would write, compile and escape the same megabyte three times on each run. Names were made safe by
    `script_text`; nothing here is rendered as a template.
    """

    _template = Template("""{% macro script(this, kwargs) %}
var {{ this.get_name() }} = L.geoJson({{ this.text }}, {{ this.behaviour }});
{{ this.after.replace("LAYER", this.get_name()) }}
{{ this.get_name() }}.addTo({{ this._parent.get_name() }});
{% endmacro %}""")

    def __init__(self, text: str, *, behaviour: str, after: str = "") -> None:
        super().__init__({"type": "FeatureCollection", "features": []})
        self.text, self.behaviour, self.after = text, behaviour, after

    def render(self, **_: object) -> str:
        """Add nothing to the page: streamlit-folium asks the template for the script itself."""
        return ""


class Script(MacroElement):
    """A few lines of script; `here` is the map or the group it was added to."""

    _template = Template(
        "{% macro script(this, kwargs) %}(here => { {{ this.text }} })({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self, text: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Script"
        self.text = text

    def render(self, **_: object) -> str:
        """Add nothing to the page, as in `Ready`: the text may hold names."""
        return ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the browser finds what the map is made of: addresses on this machine, or `data:`."""

    script: str
    stylesheet: str
    typeface: str | None


TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
TILES_CREDIT = "Background © OpenStreetMap contributors"


def base_map(corners: list[list[float]], *, addresses: Addresses, tiles: bool = False) -> folium.Map:
    """Make an empty map that fits the corners; its areas arrive by `feature_group_to_add`.

    Every map of the app starts here, and so gets `maps.js`: among it what keeps the page still when a map is pressed.

    Parameters
    ----------
    corners
        South-west and north-east corner in degrees, from `bounds`.
    addresses
        Where Leaflet and the typeface are served. Set on this map alone: Folium's own lists are shared by all maps.
    tiles
        Add a background map from the internet. Only then does anything leave the machine.
    """
    (south, west), (north, east) = corners
    made = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        prefer_canvas=True,
        control_scale=True,
        zoom_snap=0.25,
        attribution_control=tiles,
        scroll_wheel_zoom=False,
    )
    made.default_js = [("leaflet", addresses.script)]
    made.default_css = [("leaflet_css", addresses.stylesheet)]
    face = (
        f"@font-face{{font-family:'Public Sans';src:url('{addresses.typeface}') format('woff2');font-weight:400 700}}"
        if addresses.typeface
        else ""
    )
    page: Any = made.get_root()
    page.header.add_child(Element(f"<style>{face}{_beside('maps.css')}</style>"))
    if tiles:
        folium.TileLayer(TILES, attr=TILES_CREDIT, max_zoom=17).add_to(made)
    painted = json.dumps([asdict(paint) for paint in PAINTS])
    behaviour = _beside("maps.js").replace("PAINTS", painted).replace("OPACITY", "0.65" if tiles else "1")
    made.add_child(Script(behaviour))
    made.fit_bounds(corners, padding=(4, 4))
    return made


@cache
def _beside(name: str) -> str:
    """Read a file that stands beside this one, with its colours filled in."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return text.replace("INK", INK).replace("PICK", PICK).replace("SEA", SEA).replace("DOT", DOT)


def layer(
    areas_text: str,
    *,
    land: Sequence[Mapping[str, Any]] = (),
    borders: Sequence[Mapping[str, Any]] = (),
    names: Sequence[Mapping[str, Any]] = (),
    dots: Dots | None = None,
    own: Sequence[object] = (),
    place: str | None = None,
) -> folium.FeatureGroup:
    """Stack what the map shows: land outside, painted areas, borders, dots, names, the chosen place.

    Parameters
    ----------
    areas_text
        From `features`.
    land, borders
        GeoJSON geometries from `geometries`.
    names
        From `labels`.
    dots, own
        Where people live, from `connectivity.maps.dots`; a reader's own data, as
        `connectivity.maps.own_marks` sends them.
    place
        The area code to outline at first.
    """
    group = folium.FeatureGroup()
    plain = "{{interactive: false, style: {}}}"
    group.add_child(Script("notspot.clear();"))
    if land:
        style = {"fillColor": LAND, "fillOpacity": 1, "color": "#BDB9AE", "weight": 0.8}
        group.add_child(Ready(json.dumps(list(land)), behaviour=plain.format(json.dumps(style))))
    group.add_child(
        Ready(
            areas_text,
            behaviour="{smoothFactor: .6, style: notspot.style, onEachFeature: notspot.each}",
            after="LAYER.bindTooltip(notspot.tip, {sticky: true});",
        )
    )
    if borders:
        style = {"color": INK, "weight": 1.3, "fill": False}
        group.add_child(Ready(json.dumps(list(borders)), behaviour=plain.format(json.dumps(style))))
    if dots:
        group.add_child(Script(f"notspot.dots(here, ...{script_text([dots.corner, FINE, dots.sizes])});"))
    if own:
        group.add_child(Script(f"notspot.own(here, ...{script_text(list(own))});"))
    # The outline is drawn once everything else lies on the map, or it would lie below.
    last = (
        f"{script_text(list(names))}.forEach(name => notspot.label(here, name)); "
        f'here.once("add", () => notspot.select({script_text(place)}));'
    )
    group.add_child(Script(last))
    return group


def clicked(event: object) -> str | None:
    """Read the area code out of what the map returned; None for anything that is not a click on an area.

    >>> clicked({"last_active_drawing": {"properties": {"code": "E01020398", "at": 1}}})
    'E01020398'
    >>> clicked({"last_active_drawing": None}) is None
    True
    """
    for step in ("last_active_drawing", "properties", "code"):
        if not isinstance(event, Mapping):
            return None
        event = event.get(step)
    return event if isinstance(event, str) else None


def links_outside(part: Element) -> Iterator[str]:
    """Yield every address on the internet that a map or any of its children would ask for."""
    listed = [*getattr(part, "default_js", ()), *getattr(part, "default_css", ())]
    yield from (address for _, address in listed if address.startswith(("http:", "https:", "//")))
    if isinstance(part, folium.TileLayer):
        yield str(part.tiles)
    for child in part._children.values():  # noqa: SLF001 - Folium offers no other way to walk
        yield from links_outside(child)


_PLAIN = "{{interactive: false, style: {}}}"
_CORNER = (
    "{pointToLayer: (f, at) => L.circleMarker(at, {radius: 6, color: '#1A1F24', weight: 2, fillColor: '#FFC933', "
    "fillOpacity: 1, interactive: false})}"
)


def drawn_shape(
    drawn: Sequence[tuple[float, float]], *, closed: bool, land: list[dict[str, object]], names: list[dict[str, object]]
) -> folium.FeatureGroup:
    """Stack the councils, a shape as far as a reader has drawn it, and its corners (latitude, longitude)."""
    group = folium.FeatureGroup()
    style = {"fillColor": LAND, "fillOpacity": 1, "color": INK, "weight": 1.3}
    group.add_child(Ready(json.dumps(land), behaviour=_PLAIN.format(json.dumps(style))))
    points = [[longitude, latitude] for latitude, longitude in drawn]
    if closed:
        shape = {"type": "Polygon", "coordinates": [[*points, points[0]]]}
        style = {"fillColor": PICK, "fillOpacity": 0.35, "color": INK, "weight": 3}
        group.add_child(Ready(json.dumps(shape), behaviour=_PLAIN.format(json.dumps(style))))
    elif len(points) > 1:
        line = {"type": "LineString", "coordinates": points}
        group.add_child(Ready(json.dumps(line), behaviour=_PLAIN.format(json.dumps({"color": INK, "weight": 3}))))
    for point in points:
        group.add_child(Ready(json.dumps({"type": "Point", "coordinates": point}), behaviour=_CORNER))
    group.add_child(Script(f"{script_text(names)}.forEach(name => notspot.label(here, name));"))
    return group
