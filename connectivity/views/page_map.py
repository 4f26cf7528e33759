"""The map as it stands on the page: its legend above, Folium’s map, and the click that comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from connectivity.claims import about_places
from connectivity.claims.claim import Basis, Claim, ProfileKey
from connectivity.claims.grammar import capital
from connectivity.maps import dots, folium_layers, symbology
from connectivity.maps import sketch as outlines
from connectivity.maps.own_marks import COLOUR, OwnMarks
from connectivity.maps.sketch import Sketch, around, read_sketch, sketch
from connectivity.method.feasibility import NOT_TOLD_APART, SCORED
from connectivity.outputs import DENSITY
from connectivity.places.reports import percent_infeasible
from connectivity.views import areatable, assets, certainty, look, terms
from connectivity.views.state import View, base_path
from layers.errors import OutputError

KEY = "map"
HEIGHT = 620
DOT_LEGEND = tuple((px, size.label) for px, size in zip((4, 7, 11), dots.SIZES, strict=True))
"""How the legend draws each size of dot, in pixels (assumption: in the proportions of the map)."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """Everything about a map's shapes that no measure changes, ready to send."""

    shapes: list[str]
    land: list[dict[str, Any]]
    borders: list[dict[str, Any]]
    names: list[dict[str, Any]]
    corners: list[list[float]]


@dataclass(frozen=True, slots=True)
class Painting:
    """Another way to paint the areas on show than by the view's measure.

    Its name (for what is kept of it), its legend, and by area code the class and the sentence of each area.
    """

    name: str
    legend: str
    kinds: pd.Series
    says: pd.Series


def draw(
    view: View,
    *,
    picked: Callable[[str], None],
    tiles: bool,
    people: bool = False,
    own: OwnMarks | None = None,
    near: list[list[float]] | None = None,
    painting: Painting | None = None,
) -> None:
    """Draw the legend and the map; call `picked` with the code of a place that is clicked.

    With `tiles` a background map from the internet lies below; with `people` the dots of where people live, and with
    `own` a reader's own data, lie above. The map opens on what is on show, or on the corners `near`. A `painting` takes
    the place of the view's measure.

    Streamlit-folium writes what it returned into the session before it calls back, so a click costs one run.
    """
    measure = view.measure
    if painting:
        terms.say(painting.legend, part="legend")
    elif measure.tiers:
        terms.say(certainty.map_legend(view), part="legend")
    else:
        labels = measure.breaks(unit=view.basis.unit).labels(percent=measure.percent)
        drawn = look.legend(measure.title(unit=view.basis.unit), labels=labels)
        terms.say(drawn, part="legend")
    outlines = outlines_of(view)
    spots = _spots(view) if people else None
    if spots:
        terms.say(look.dot_legend(symbology.dots(view.basis), sizes=DOT_LEGEND), part="dots")
    if own:
        st.html(look.dot_legend(own.title, sizes=own.sizes, colour=COLOUR))
    group = folium_layers.layer(
        _painted_so(view, painting) if painting else _painted(view),
        land=() if tiles else outlines.land,
        borders=outlines.borders,
        names=() if tiles else outlines.names,
        dots=spots,
        own=own.sent if own else (),
        place=_first_place(view, painting.name if painting else "", own.key if own else "", tiles=tiles, people=people),
    )
    where = assets.addresses(base=base_path())

    def on_change() -> None:
        if code := folium_layers.clicked(st.session_state.get(key)):
            picked(code)

    key = f"{KEY} {view.link.study or 'first'} {view.place} {'tiles' if tiles else 'plain'}{f' {near}' if near else ''}"
    st_folium(
        folium_layers.base_map(near or outlines.corners, addresses=where, tiles=tiles),
        feature_group_to_add=group,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        key=key,
        on_change=on_change,
    )


def can_show_people(view: View) -> bool:
    """Say whether the build knows where people live."""
    return (view.folder / DENSITY).is_file()


def _spots(view: View) -> dots.Dots | None:
    try:
        return _dots(view)
    except OutputError as error:
        said, *rest = str(error).splitlines()
        st.html(look.note(said, *rest, kind="warn"))
        return None


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs={View: lambda view: f"{view.build} {view.place}"})
def _dots(view: View) -> dots.Dots:
    return dots.read_dots(view.folder / DENSITY, near=view.shown.geometry)


def _first_place(view: View, *how: str, tiles: bool, people: bool) -> str | None:
    """Keep the place the map was first sent with: a later pick is outlined in the browser and sends nothing again."""
    shown = (view.showing, *how, tiles, people)
    if st.session_state.get("map shown") != shown:
        st.session_state["map shown"], st.session_state["map place"] = shown, view.link.place
    place: str | None = st.session_state["map place"]
    return place


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: lambda view: view.build})
def _sketch(view: View) -> Sketch:
    return read_sketch(view.folder) or sketch(view.areas)


@st.cache_resource(show_spinner=False, max_entries=24, hash_funcs={View: lambda view: f"{view.build} {view.place}"})
def outlines_of(view: View) -> Outlines:
    """Make everything about the shapes on show that no measure changes."""
    kept, shown = _sketch(view), view.shown
    whole = len(shown) == len(view.areas)
    if view.overview:
        own = shapes = gpd.GeoSeries(kept.districts.reindex(sorted(set(shown["district_code"]))), crs=shown.crs)
        named, column = areatable.councils(view), "area_name"
    else:
        shapes = kept.areas if whole and kept.areas is not None else outlines.simplified(gpd.GeoSeries(shown.geometry))
        own = outlines.joined_shapes(shapes, by=shown["district_code"])
        wards = shown["ward_name"].dropna().unique()
        named, column = shown, "ward_name" if len(wards) > 1 else "area_name"
        if len(own) > 1:
            column = "district_name"
    beside = gpd.GeoSeries(crs=own.crs) if whole else around(kept.districts, shown=shapes)
    return Outlines(
        shapes=[] if view.overview else outlines.texts(shapes),
        land=outlines.geometries(beside),
        borders=outlines.geometries(own),
        names=outlines.place_labels(named, shapes=shapes, column=column),
        corners=outlines.bounds(shapes),
    )


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs={View: lambda view: view.showing})
def _painted(view: View) -> str:
    """Paint a measure: the areas' text, each with its class and its sentence."""
    if view.overview:
        return _painted_councils(view, shapes=_sketch(view).districts)
    shown, measure = view.shown, view.measure
    kinds = measure.kinds(shown[measure.column], unit=view.basis.unit)
    say = certainty.tooltip if measure.tiers else _tooltip
    rows, councils = shown.reset_index().to_dict("records"), _councils_apart(view)
    said = [
        councils[str(row["district_code"])]
        if row["status"] == NOT_TOLD_APART
        else say(row, basis=view.basis, profile=view.profile)
        for row in rows
    ]
    return folium_layers.features(shown, shapes=outlines_of(view).shapes, kinds=kinds, says=said)


@st.cache_resource(
    show_spinner=False,
    max_entries=16,
    hash_funcs={View: lambda view: view.build, Painting: lambda painting: painting.name},
)
def _painted_so(view: View, painting: Painting) -> str:
    shown = view.shown
    kinds, says = painting.kinds.reindex(shown.index), painting.says.reindex(shown.index)
    return folium_layers.features(shown, shapes=outlines_of(view).shapes, kinds=kinds, says=list(says))


def _councils_apart(view: View) -> dict[str, str]:
    """Say the figure of each council whose areas cannot be told apart: it stands for them on the map."""
    alike = view.shown[view.shown["status"].eq(NOT_TOLD_APART)]
    first = alike.reset_index().groupby("district_code")["area_code"].first()
    return {str(code): about_places.stands_for_all(view.council(str(area))) for code, area in first.items()}


def _tooltip(row: Mapping[Any, Any], *, basis: Basis, profile: ProfileKey) -> str:
    if row["status"] != SCORED:
        return about_places.NOT_SCORED
    return capital(Claim.of_row(row, profile=profile, basis=basis).say("cell"))


def _painted_councils(view: View, *, shapes: gpd.GeoSeries) -> str:
    """Paint each council by its share of premises (or lines) with a gap."""
    found = areatable.councils(view)
    shares = pd.Series(
        [percent_infeasible(row, profile=view.profile) for row in found.to_dict("records")], index=found.index
    )
    kinds = symbology.classes(shares, breaks=view.measure.breaks(unit=view.basis.unit))
    said = [_council_tooltip(row, view=view) for row in found.to_dict("records")]
    texts = outlines.texts(gpd.GeoSeries(shapes.reindex(found.index), crs=shapes.crs))
    return folium_layers.features(found, shapes=texts, kinds=kinds, says=said)


def _council_tooltip(row: dict[Any, Any], *, view: View) -> str:
    if not row["premises_scored"] > 0:
        return about_places.NOT_SCORED
    return capital(areatable.council_claim(row, view=view).say("cell"))
