"""Folium layers from scored areas: colours, breaks, outlines, hatching. Knows no Streamlit.

The only place that speaks EPSG:4326. Everything here comes in as British National Grid and leaves as text or as Folium
objects that ask nothing of the internet: Leaflet's own address is given by the caller, and `links_outside` proves it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
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
    legend_measured: str | None = None
    percent: bool = False

    def title(self, *, unit: str) -> str:
        """Say what the colours show; lines measured in the past “fell short”, they never “cannot”."""
        return self.legend_measured or self.legend if unit == "lines" else self.legend

    def breaks(self, *, unit: str) -> Breaks:
        """Choose the fixed breaks for a study that counts `unit` (“premises” or “lines”)."""
        if self.key in {"need", "alternative"}:
            return HUNDRED
        return MEASURED if unit == "lines" else AVAILABILITY


MEASURES = {
    measure.key: measure
    for measure in (
        Measure("score", "score", "Score", "Score, 0 (good) to 100 (bad)"),
        Measure(
            "remote",
            "score_remote",
            "Home working",
            "Share of premises that cannot support home working",
            "Share of lines that fell short for home working",
            percent=True,
        ),
        Measure(
            "digital",
            "score_digital",
            "Online services",
            "Share of premises that cannot use online services",
            "Share of lines that fell short for online services",
            percent=True,
        ),
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


MAP_PIXELS = (640, 560)
"""The map on a desk screen, for placing names."""

LETTER_PIXELS, LINE_PIXELS = 7.5, 22
"""Room for one letter of a name and for its line."""


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
        cleaned = shapely.coverage_clean(whole)  # type: ignore[attr-defined]  # newer than its stubs
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
    left, bottom, right, top = shapely.bounds(shape)
    height = top - bottom
    apart = min(apart, max((right - left + height) / 4, 1.0))
    starts = np.arange(np.floor((left - height) / apart) * apart, right + apart, apart)
    lines = [((x, bottom), (x + height, top)) for x in starts]
    return shapely.intersection(shapely.MultiLineString(lines), shape)


def joined(shapes: gpd.GeoSeries, *, by: pd.Series) -> gpd.GeoSeries:
    """Join shapes from `simplified` that carry the same code into one, for instance areas into districts."""
    codes = sorted(set(by))
    kept = np.asarray(shapes.to_numpy(), dtype=object)
    whole = [shapely.coverage_union_all(kept[(by == code).to_numpy()]) for code in codes]
    return gpd.GeoSeries(whole, index=codes, crs=shapes.crs)


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


def labels(areas: gpd.GeoDataFrame, *, shapes: gpd.GeoSeries, column: str, most: int = 14) -> list[dict[str, Any]]:
    """Choose place names to print: the largest by premises, none on top of another.

    Parameters
    ----------
    areas
        Scored areas; `column` names the place each belongs to, for instance its ward or district.
    shapes
        Their outlines from `simplified`.
    most
        How many names at most; the bigger half survives on a small screen.
    """
    totals = areas.groupby(column)["premises"].sum().sort_values(ascending=False, kind="stable")
    outlines = np.asarray(shapes.to_numpy(), dtype=object)
    left, bottom, right, top = shapes.total_bounds
    pixel = max((right - left) / MAP_PIXELS[0], (top - bottom) / MAP_PIXELS[1])
    spots: list[tuple[float, float, float]] = []
    chosen: list[dict[str, Any]] = []
    for name in totals.index[: most * 4]:
        point = shapely.point_on_surface(shapely.coverage_union_all(outlines[(areas[column] == name).to_numpy()]))
        half = LETTER_PIXELS / 2 * len(str(name)) * pixel
        spot = (min(max(point.x, left + half), right - half), point.y, half)
        if all(_apart(spot, other, pixel=pixel) for other in spots):
            first = [other for other, label in zip(spots, chosen, strict=True) if label["big"]]
            big = len(first) < most / 2 and all(_apart(spot, other, pixel=pixel, small=True) for other in first)
            spots.append(spot)
            chosen.append({"name": str(name), "big": big})
        if len(chosen) == most:
            break
    places = gpd.GeoSeries(shapely.points(np.array(spots).reshape(-1, 3)[:, :2]), crs=shapes.crs).to_crs(DEGREES)
    for label, place in zip(chosen, places, strict=True):
        label["at"] = [round(float(shapely.get_y(place)), 4), round(float(shapely.get_x(place)), 4)]
    return chosen


def _apart(
    spot: tuple[float, float, float], other: tuple[float, float, float], *, pixel: float, small: bool = False
) -> bool:
    """Say whether two names leave each other room, on a desk screen or on a small one of half its width."""
    scale = 2 if small else 1
    beside = abs(spot[0] - other[0]) > scale * (spot[2] + other[2])
    return beside or abs(spot[1] - other[1]) > scale * LINE_PIXELS * pixel


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


def features(areas: gpd.GeoDataFrame, *, shapes: Sequence[str], kinds: pd.Series, says: Sequence[str]) -> str:
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
    behaviour = _beside("maps.js").replace("FILLS", json.dumps(SCALE)).replace("PALE", str(PALE_CLASSES))
    behaviour = behaviour.replace("OPACITY", "0.65" if tiles else "1")
    made.add_child(Script(behaviour))
    made.fit_bounds(corners)
    return made


@cache
def _beside(name: str) -> str:
    """Read a file that stands beside this one, with its colours filled in."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
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
