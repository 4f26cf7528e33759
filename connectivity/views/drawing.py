"""Draw a shape by clicking its corners on the map. No plug-in of Leaflet's is needed, so nothing is fetched."""

from __future__ import annotations

import json
from collections.abc import Mapping

import folium
import streamlit as st
from streamlit_folium import st_folium

from connectivity.maps import folium_layers
from connectivity.places.drawn_shapes import FEWEST, MOST, Corner
from connectivity.views import assets, plate
from connectivity.views.state import base_path
from connectivity.views.view import View

CORNERS, CLOSED, LAST = "corners drawn", "shape closed", "last click"
HEIGHT = 620
PLAIN = "{{interactive: false, style: {}}}"
DOT = (
    "{pointToLayer: (f, at) => L.circleMarker(at, {radius: 6, color: '#1A1F24', weight: 2, fillColor: '#FFC933', "
    "fillOpacity: 1, interactive: false})}"
)


def corners_of(view: View) -> list[Corner] | None:
    """Show the map and its buttons; give latitude and longitude of each corner once the shape is finished."""
    drawn: list[Corner] = st.session_state.setdefault(CORNERS, [])
    closed = bool(st.session_state.setdefault(CLOSED, False))
    count = f"{len(drawn)} corner{'' if len(drawn) == 1 else 's'} so far."
    said = "The shape is finished." if closed else f"Click the corners of your shape, in order around it. {count}"
    st.html(f'<p class="ns-small" role="status">{said} Without a mouse, type the corners instead.</p>')
    with st.container(horizontal=True, key="draw buttons"):
        st.button("Finish", type="primary", disabled=closed or len(drawn) < FEWEST, on_click=_finish)
        st.button("Undo", disabled=not drawn, on_click=_undo)
        st.button("Clear", disabled=not drawn, on_click=_clear)
    outlines = plate._outlines(view)  # noqa: SLF001 - the same simplified borders, made once
    key = f"draw {view.link.study or 'first'} {view.link.district or 'all'}"
    st_folium(
        folium_layers.base_map(outlines.corners, addresses=assets.addresses(base=base_path())),
        feature_group_to_add=layer(drawn, closed=closed, land=outlines.land + outlines.borders, names=outlines.names),
        height=HEIGHT,
        use_container_width=True,
        returned_objects=["last_clicked"],
        key=key,
        on_change=lambda: _clicked(st.session_state.get(key)),
    )
    return list(drawn) if closed else None


def layer(
    drawn: list[Corner], *, closed: bool, land: list[dict[str, object]], names: list[dict[str, object]]
) -> folium.FeatureGroup:
    """Stack the councils, the shape as far as it is drawn, and its corners."""
    group = folium.FeatureGroup()
    style = {"fillColor": folium_layers.LAND, "fillOpacity": 1, "color": folium_layers.INK, "weight": 1.3}
    group.add_child(folium_layers.Ready(json.dumps(land), behaviour=PLAIN.format(json.dumps(style))))
    points = [[longitude, latitude] for latitude, longitude in drawn]
    if closed:
        shape = {"type": "Polygon", "coordinates": [[*points, points[0]]]}
        style = {"fillColor": folium_layers.PICK, "fillOpacity": 0.35, "color": folium_layers.INK, "weight": 3}
        group.add_child(folium_layers.Ready(json.dumps(shape), behaviour=PLAIN.format(json.dumps(style))))
    elif len(points) > 1:
        line = {"type": "LineString", "coordinates": points}
        group.add_child(
            folium_layers.Ready(
                json.dumps(line), behaviour=PLAIN.format(json.dumps({"color": folium_layers.INK, "weight": 3}))
            )
        )
    for point in points:
        group.add_child(folium_layers.Ready(json.dumps({"type": "Point", "coordinates": point}), behaviour=DOT))
    group.add_child(
        folium_layers.Script(f"{folium_layers.script_text(names)}.forEach(name => notspot.label(here, name));")
    )
    return group


def clicked_at(event: object) -> Corner | None:
    """Read a corner out of what the map returned; None for anything that is no click.

    >>> clicked_at({"last_clicked": {"lat": 50.7, "lng": -2.4}}), clicked_at({"last_clicked": None})
    ((50.7, -2.4), None)
    """
    at = event.get("last_clicked") if isinstance(event, Mapping) else None
    if not isinstance(at, Mapping):
        return None
    latitude, longitude = at.get("lat"), at.get("lng")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return float(latitude), float(longitude)


def _clicked(event: object) -> None:
    corner = clicked_at(event)
    full = len(st.session_state[CORNERS]) >= MOST
    if corner is None or corner == st.session_state.get(LAST) or st.session_state[CLOSED] or full:
        return
    st.session_state[LAST] = corner
    st.session_state[CORNERS].append(corner)


def _finish() -> None:
    st.session_state[CLOSED] = True


def _undo() -> None:
    st.session_state[CORNERS].pop()
    st.session_state[CLOSED] = False


def _clear() -> None:
    st.session_state[CORNERS], st.session_state[CLOSED] = [], False
