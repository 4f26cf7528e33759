"""The map as it stands on the page: its legend above, the Folium plate, and the click that comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st
from streamlit_folium import st_folium

from connectivity import maps, statements
from connectivity.statements import Basis, Gap, ProfileKey
from connectivity.views import assets, look
from connectivity.views.state import View, base_path, in_district

KEY = "map"
HEIGHT = 620


@dataclass(frozen=True, slots=True)
class Outlines:
    """Everything about a map's shapes that no measure changes, ready to send."""

    shapes: list[str]
    land: list[dict[str, Any]]
    borders: list[dict[str, Any]]
    names: list[dict[str, Any]]
    corners: list[list[float]]


def draw(view: View, *, picked: Callable[[str], None], tiles: bool) -> None:
    """Draw the legend and the map; call `picked` with the code of a place that is clicked.

    Streamlit-folium writes what it returned into the session before it calls back, so a click costs one run.
    """
    measure = view.measure
    breaks = measure.breaks(unit=view.basis.unit)
    st.html(look.legend(measure.legend, colours=maps.SCALE, labels=breaks.labels(percent=measure.percent)))
    outlines = _outlines(view.key.split(" (")[0], view.link.district, view.areas)
    painted, hatch = _painted(view.key, view.link.district, measure.key, view, outlines.shapes)
    group = maps.layer(
        painted,
        land=() if tiles else outlines.land,
        hatch=hatch,
        borders=outlines.borders,
        names=() if tiles else outlines.names,
        place=_first_place(view, tiles=tiles),
    )
    where = assets.addresses(base=base_path())

    def on_change() -> None:
        if code := maps.clicked(st.session_state.get(key)):
            picked(code)

    key = f"{KEY} {view.link.district or 'all'} {'tiles' if tiles else 'plain'}"
    st_folium(
        maps.base_map(outlines.corners, addresses=where, tiles=tiles),
        feature_group_to_add=group,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        key=key,
        on_change=on_change,
    )


def gap_of(row: Mapping[Any, Any] | pd.Series, *, profile: ProfileKey, place: str | None = None) -> Gap:
    """Take one area's counts for a claim."""
    low, best, high = (float(row[f"{profile}_infeasible{end}"]) for end in ("_low", "", "_high"))
    return Gap(place or str(row["area_name"]), low, best, high, float(row["premises"]), profile)


def profile_of(view: View) -> ProfileKey:
    """Say which activity's counts stand beside the measure on show."""
    return "digital" if view.link.measure == "digital" else "remote"


def _first_place(view: View, *, tiles: bool) -> str | None:
    """Keep the place the map was first sent with: a later pick is outlined in the browser and sends nothing again."""
    shown = (view.key, view.link.district, view.link.measure, tiles)
    if st.session_state.get("map shown") != shown:
        st.session_state["map shown"], st.session_state["map place"] = shown, view.link.place
    place: str | None = st.session_state["map place"]
    return place


@st.cache_resource(show_spinner=False, max_entries=2)
def _simplified(key: str, _areas: gpd.GeoDataFrame, district: str | None) -> gpd.GeoSeries:
    return maps.simplified(in_district(_areas, district=district).geometry)


@st.cache_resource(show_spinner=False, max_entries=24)
def _outlines(key: str, district: str | None, _areas: gpd.GeoDataFrame) -> Outlines:
    everywhere = _simplified(key, _areas, None)
    shown = in_district(_areas, district=district)
    shapes = everywhere if district is None else maps.simplified(shown.geometry)
    own = _by_district(shapes, shown)
    others = _areas["district_code"] != district
    land = _by_district(everywhere[others], _areas[others]) if district else own.iloc[:0]
    ward = "ward_name" if "ward_name" in shown else "area_name"
    return Outlines(
        shapes=[json.dumps(shape, separators=(",", ":")) for shape in maps.geometries(shapes)],
        land=maps.geometries(land),
        borders=maps.geometries(own),
        names=maps.labels(shown, column="district_name" if district is None else ward),
        corners=maps.bounds(shapes),
    )


def _by_district(shapes: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> gpd.GeoSeries:
    grouped = shapes.groupby(areas["district_code"])
    joined = grouped.agg(lambda members: shapely.union_all(members.to_numpy()))
    return gpd.GeoSeries(joined, crs=shapes.crs)


@st.cache_resource(show_spinner=False, max_entries=32)
def _painted(
    key: str, district: str | None, measure: str, _view: View, _shapes: list[str]
) -> tuple[str, list[dict[str, Any]]]:
    """Paint a measure: the areas' text, and hatching where there is no figure."""
    shown, basis = _view.shown, _view.basis
    kinds = maps.classes(shown[_view.measure.column], breaks=_view.measure.breaks(unit=basis.unit))
    said = [_tooltip(row, basis, profile_of(_view)) for row in shown.to_dict("records")]
    unknown = shown.geometry[(kinds == maps.UNKNOWN).to_numpy()]
    lines = gpd.GeoSeries([maps.hatching(shape) for shape in unknown], crs=shown.crs)
    return maps.features(shown, shapes=_shapes, kinds=kinds, says=said), maps.geometries(lines)


def _tooltip(row: dict[str, Any], basis: Basis, profile: ProfileKey) -> str:
    if row["status"] != "scored":
        return "Not enough data to score"
    said = statements.tooltip(gap_of(row, profile=profile), basis=basis)
    return said[0].upper() + said[1:]
