"""Folium layers from scored areas: colours, breaks, outlines, hatching. Knows no Streamlit.

The only place that speaks EPSG:4326. Everything here comes in as British National Grid and leaves as text or as Folium
objects that ask nothing of the internet: Leaflet's own address is given by the caller, and `links_outside` proves it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from branca.element import Element, MacroElement
from folium.template import Template

GRID = 27700
DEGREES = 4326

# --- Colour and breaks: records, never bare numbers ------------------------------------------------------------------

SCALE = ("#FAF0D7", "#F3D79B", "#E5AC60", "#C97A40", "#973F34", "#571A31")
"""Six classes from good to bad. Lightness 95, 87, 74, 59, 39, 20: even in grey, apart in the three kinds of colour
blindness (colour-difference in OKLab at least 7.6 between neighbours)."""

SEA, LAND, INK, HATCH, PICK = "#E6EBEC", "#F3F2EE", "#1A1F24", "#6B6F73", "#FFC933"
PALE_BORDER, DARK_BORDER = "#A99F8B", "#FFFFFF"
PALE_CLASSES = 3
"""The first three classes are too pale for a white border."""

UNKNOWN = -1
"""The class of an area without a figure: hatched, never coloured."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where one colour ends and the next begins; fixed, so that two maps can be compared."""

    lower: tuple[float, ...]
    source: str

    def labels(self, *, percent: bool) -> tuple[str, ...]:
        """Name each class for a legend.

        >>> Breaks((0, 1, 2, 5, 10, 20), source="").labels(percent=True)[::5]
        ('under 1%', '20% or more')
        """
        mark = "%" if percent else ""
        low, high = self.lower[1:], self.lower[2:]
        between = [f"{a:g} to {b:g}{mark}" for a, b in zip(low, high, strict=False)]
        return (f"under {low[0]:g}{mark}", *between, f"{self.lower[-1]:g}{mark} or more")


AVAILABILITY = Breaks(
    (0, 1, 2, 5, 10, 20),
    source="method.md §5: the middle 2025 score is 0.5 and one area in a hundred passes 6, so equal steps show nothing",
)
MEASURED = Breaks(
    (0, 20, 40, 60, 80, 95),
    source="method.md §5: in 2013 most lines fell short, and 134 areas stand at the ceiling",
)
HUNDRED = Breaks((0, 10, 20, 40, 60, 80), source="method.md §4: fixed goalposts from 0 good to 100 bad")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing the map can show: a column from 0 (good) to 100 (bad)."""

    key: str
    column: str
    name: str
    legend: str
    percent: bool = False

    def breaks(self, *, unit: str) -> Breaks:
        """Choose the fixed breaks for a study that counts `unit` (“premises” or “lines”)."""
        if self.key in {"need", "alternative"}:
            return HUNDRED
        return MEASURED if unit == "lines" else AVAILABILITY


MEASURES = {
    measure.key: measure
    for measure in (
        Measure("score", "score", "Score", "Score, 0 (good) to 100 (bad)"),
        Measure("remote", "score_remote", "Home working", "Share that cannot support home working", percent=True),
        Measure("digital", "score_digital", "Online services", "Share that cannot use online services", percent=True),
        Measure("need", "score_need", "Need", "Need, 0 (least) to 100 (most)"),
        Measure("alternative", "score_alternative", "No alternative", "No alternative nearby, 0 (near) to 100 (far)"),
    )
}


def classes(values: pd.Series, *, breaks: Breaks) -> pd.Series:
    """Sort values into classes 0 to 5; a missing value is `UNKNOWN`, never class 0.

    >>> classes(pd.Series([0.0, 1.0, 19.99, 20.0, None]), breaks=AVAILABILITY).tolist()
    [0, 1, 4, 5, -1]
    """
    numbers = pd.to_numeric(values).to_numpy(dtype=float)
    found = np.searchsorted(np.asarray(breaks.lower), numbers, side="right") - 1
    return pd.Series(np.where(np.isnan(numbers), UNKNOWN, np.clip(found, 0, len(SCALE) - 1)), index=values.index)


# --- Shapes ----------------------------------------------------------------------------------------------------------

MOST_POINTS = 36_000
"""Corners a map may send: about 20 bytes each, so that 1,700 areas stay under the megabyte of technology.md."""

FIRST_TOLERANCE = 10.0
"""Metres. Finer than a pixel at the closest useful zoom; doubled until the map is light enough."""

HATCH_APART = 900.0
"""Metres between the lines of “not enough data” (look.md §4); halved in small shapes until three lines fit."""


def simplified(shapes: gpd.GeoSeries, *, most_points: int = MOST_POINTS) -> gpd.GeoSeries:
    """Simplify shapes together, so that borders they share stay shared.

    Parameters
    ----------
    shapes
        Polygons on the British National Grid that touch but do not overlap. Small overlaps are cleaned away first.
    most_points
        Keep simplifying until no more corners than this are left.

    Returns
    -------
    geopandas.GeoSeries
        The same index, on the same grid.
    """
    require_metres(shapes)
    whole = np.asarray(shapes.to_numpy(), dtype=object)
    if not shapely.coverage_is_valid(whole):
        cleaned = shapely.coverage_clean(whole)
        whole = np.where(shapely.is_empty(cleaned) | shapely.is_missing(cleaned), whole, cleaned)
    simple, tolerance = whole, FIRST_TOLERANCE
    while shapely.get_num_coordinates(simple).sum() > most_points:
        lighter = shapely.coverage_simplify(whole, tolerance)
        if tolerance > 10_000:  # noqa: PLR2004 - ten kilometres: every shape is a few corners by now
            break
        simple, tolerance = lighter, tolerance * 1.5
    return gpd.GeoSeries(simple, index=shapes.index, crs=shapes.crs)


def hatching(shape: shapely.Geometry, *, apart: float = HATCH_APART) -> shapely.Geometry:
    """Cut 45° lines to a shape: a canvas has no patterns, and lines survive print and grey.

    Parameters
    ----------
    shape
        A polygon in metres.
    apart
        Metres between lines; less in a shape too small to hold three of them.
    """
    left, bottom, right, top = shape.bounds
    height = top - bottom
    apart = min(apart, max((right - left + height) / 4, 1.0))
    starts = np.arange(np.floor((left - height) / apart) * apart, right + apart, apart)
    lines = [((x, bottom), (x + height, top)) for x in starts]
    return shapely.intersection(shapely.MultiLineString(lines), shape)


def require_metres(shapes: gpd.GeoSeries) -> None:
    """Refuse shapes that are not on the British National Grid."""
    if shapes.crs is None or shapes.crs.to_epsg() != GRID:
        found = "no coordinate system" if shapes.crs is None else shapes.crs.to_string()
        raise ValueError(f"The map needs shapes on the British National Grid (EPSG:{GRID}); found {found}.")


def geometries(shapes: gpd.GeoSeries, *, digits: int = 4) -> list[dict[str, Any]]:
    """Turn shapes on the grid into GeoJSON geometries in degrees, rounded (4 digits are about 10 metres)."""
    turned = shapely.transform(shapes.to_crs(DEGREES).to_numpy(), lambda corners: np.round(corners, digits))
    return [shapely.geometry.mapping(shape) for shape in turned]


def bounds(shapes: gpd.GeoSeries) -> list[list[float]]:
    """South-west and north-east corner in degrees, as Leaflet wants them."""
    left, bottom, right, top = shapes.to_crs(DEGREES).total_bounds
    return [[round(float(bottom), 4), round(float(left), 4)], [round(float(top), 4), round(float(right), 4)]]


def labels(areas: gpd.GeoDataFrame, *, column: str, most: int = 14) -> list[dict[str, Any]]:
    """Choose place names to print: the largest by premises, none on top of another.

    Parameters
    ----------
    areas
        Scored areas; `column` names the place each belongs to, for instance its ward or district.
    most
        How many names at most; the bigger half survives on a small screen.
    """
    named = areas[areas[column].notna()]
    totals = named.groupby(column)["premises"].sum().sort_values(ascending=False, kind="stable")
    left, bottom, right, top = areas.total_bounds
    apart_x, apart_y = (right - left) / 6.5, (top - bottom) / 15
    spots: list[tuple[float, float]] = []
    chosen: list[dict[str, Any]] = []
    for name in totals.index[: most * 4]:
        members = named[named[column] == name]
        biggest = members.geometry.iloc[int(members["premises"].astype(float).to_numpy().argmax())]
        whole = shapely.union_all(members.geometry.to_numpy()) if len(members) > 1 else biggest
        point = shapely.point_on_surface(whole)
        if all(abs(point.x - x) > apart_x or abs(point.y - y) > apart_y for x, y in spots):
            spots.append((point.x, point.y))
            chosen.append({"name": str(name)})
        if len(chosen) == most:
            break
    places = gpd.GeoSeries(shapely.points(np.array(spots).reshape(-1, 2)), crs=areas.crs).to_crs(DEGREES)
    for rank, (label, place) in enumerate(zip(chosen, places, strict=True)):
        label |= {"at": [round(place.y, 4), round(place.x, 4)], "big": rank < most / 2}
    return chosen


# --- Text that goes to the browser -----------------------------------------------------------------------------------

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


def features(areas: gpd.GeoDataFrame, *, shapes: Sequence[str], kinds: pd.Series, says: pd.Series) -> str:
    """Write one feature per area: its code, name, class and sentence, painted before it leaves.

    Parameters
    ----------
    areas
        Scored areas indexed by area code.
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
        super().__init__()
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


BEHAVIOUR = """
window.notspot = (map => {
  const fills = FILLS, dark = PALE, shapes = new Map(); let outline = null, chosen = null;
  const style = kind => kind < 0 ? {fillColor: "#FFFFFF", fillOpacity: OPACITY, color: "#A99F8B", weight: .7}
    : {fillColor: fills[kind], fillOpacity: OPACITY, color: kind < dark ? "#A99F8B" : "#FFFFFF", weight: .7};
  const select = code => {
    if (outline) outline.remove();
    outline = null; chosen = code;
    const shape = shapes.get(code);
    if (!shape) return;
    const line = (color, weight) => L.geoJson(shape.feature, {interactive: false, style: {color, weight, fill: false}});
    outline = L.layerGroup([line("PICK", 7), line("INK", 3)]).addTo(map);
    if (!map.getBounds().contains(shape.getBounds())) map.panTo(shape.getBounds().getCenter());
  };
  const text = (tag, words, name) => {
    const made = document.createElement(tag);
    made.textContent = words; made.className = name || "";
    return made;
  };
  return {
    select, clear: () => shapes.clear(), style: feature => style(feature.properties.k),
    each: (feature, layer) => {
      const code = feature.properties.c; let at = 0;
      shapes.set(code, layer);
      layer.toGeoJSON = () => ({type: "Feature", properties: {code, at}, geometry: null});
      layer.on({click: () => { at = Date.now(); select(code); },
        mouseover: () => layer.setStyle({color: "INK", weight: 2.4}),
        mouseout: () => layer.setStyle(style(feature.properties.k))});
    },
    tip: layer => {
      const made = document.createElement("div");
      made.append(text("b", layer.feature.properties.n), text("div", layer.feature.properties.s));
      return made;
    },
    label: (group, {name, at, big}) => L.marker(at, {interactive: false, keyboard: false, icon: L.divIcon({
      html: text("div", name, big ? "ns-lab b" : "ns-lab"), iconSize: [0, 0], className: ""})}).addTo(group),
  };
})(here);
"""

STYLE = """html,body,#map_div,.float-child,#parent{height:100vh!important;margin:0}
.leaflet-container{background:SEA;font:14px/1.35 'Public Sans',system-ui,sans-serif}
.ns-lab{white-space:nowrap;font:600 12px/1 'Public Sans',system-ui,sans-serif;color:INK;width:max-content;
text-shadow:0 0 3px #fff,0 0 3px #fff,0 0 4px #fff,0 0 5px #fff;transform:translate(-50%,-50%)}
.ns-lab.b{font-size:13.5px;font-weight:700}
.leaflet-tooltip{border:0;border-radius:2px;box-shadow:0 1px 6px #0004;padding:.5rem .65rem;color:INK;font-size:13.5px}
.leaflet-tooltip:before{display:none}
.leaflet-bar a{border-radius:0!important;color:INK;width:34px!important;height:34px!important;
line-height:34px!important}
.leaflet-control-scale-line{border-color:INK;background:#ffffffb3;font-size:11px}
.leaflet-control-attribution{font-size:11px}
:focus-visible{outline:3px solid INK!important;outline-offset:-3px;box-shadow:inset 0 0 0 6px PICK}
@media(max-width:520px){.ns-lab:not(.b){display:none}}"""

TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
TILES_CREDIT = "Background © OpenStreetMap contributors"


def base_map(corners: list[list[float]], *, addresses: Addresses, tiles: bool = False) -> folium.Map:
    """Make an empty map that fits the corners; its areas arrive by `feature_group_to_add`.

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
    made.get_root().header.add_child(Element(f"<style>{face}{_coloured(STYLE)}</style>"))
    if tiles:
        folium.TileLayer(TILES, attr=TILES_CREDIT, max_zoom=17).add_to(made)
    behaviour = BEHAVIOUR.replace("FILLS", json.dumps(SCALE)).replace("PALE", str(PALE_CLASSES))
    behaviour = behaviour.replace("OPACITY", "0.65" if tiles else "1")
    made.add_child(Script(_coloured(behaviour)))
    made.fit_bounds(corners)
    return made


def _coloured(text: str) -> str:
    return text.replace("INK", INK).replace("PICK", PICK).replace("SEA", SEA)


def layer(
    areas_text: str,
    *,
    land: Sequence[Mapping[str, Any]] = (),
    hatch: Sequence[Mapping[str, Any]] = (),
    borders: Sequence[Mapping[str, Any]] = (),
    names: Sequence[Mapping[str, Any]] = (),
    place: str | None = None,
) -> folium.FeatureGroup:
    """Stack what the map shows: land outside, painted areas, hatching, borders, names, the chosen place.

    Parameters
    ----------
    areas_text
        From `features`.
    land, hatch, borders
        GeoJSON geometries from `geometries`.
    names
        From `labels`.
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
    for lines, colour, width in ((hatch, HATCH, 1), (borders, INK, 1.3)):
        if lines:
            style = {"color": colour, "weight": width, "fill": False}
            group.add_child(Ready(json.dumps(list(lines)), behaviour=plain.format(json.dumps(style))))
    last = (
        f"{script_text(list(names))}.forEach(name => notspot.label(here, name)); notspot.select({script_text(place)});"
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
