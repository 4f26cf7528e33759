"""A shape of the reader's own: drawn by clicks, typed as corners, or uploaded. It is held in memory, never saved."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st

from connectivity.claims import about_boundaries
from connectivity.html.app_parts import paragraph
from connectivity.html.render import macro
from connectivity.places import drawn_shapes
from connectivity.places.drawn_shapes import FEWEST, MOST, Corner
from connectivity.places.reportable import Located, premises_beyond, read_located
from connectivity.places.reports import Report, report_by
from connectivity.views import look
from connectivity.views.state import View
from connectivity.views.uploads import upload
from layers.errors import LayerError, visible
from layers.families import POLYGON
from layers.intake.coordinates import BRITISH_NATIONAL_GRID
from layers.intake.outline_limits import READER
from layers.ledger import Ledger
from layers.reporting import Boundary, boundary_in, shares_of

WAYS = {"draw": "Draw on the map", "type": "Type the corners", "file": "Upload a file"}
WAY, TEXT, FILE, LAYER = "way to give a shape", "corners typed", "file of shapes", "layer of it"
CORNERS, CLOSED = "corners drawn", "shape closed"
ENDINGS = ["geojson", "json", "topojson", "gpkg", "parquet", "geoparquet"]


def asked(view: View) -> Report | None:
    """Ask for a shape in one of three ways; give the report of what stands inside it, None while there is none."""
    ways, named = list(WAYS), WAYS.__getitem__
    way = st.segmented_control(
        "How to give it", options=ways, format_func=named, default="draw", required=True, key=WAY
    )
    st.html(paragraph("Your shape is held in memory while you look at it. It is not saved."))
    ledger = Ledger()
    try:
        boundary = {"draw": _drawn, "type": _typed, "file": _uploaded}[way or "draw"](view, ledger)
        if boundary is None:
            return None
        found = _reported(view, boundary)
    except LayerError as error:
        st.html(look.note(error.what, *_told(error), kind="warn"))
        return None
    if boundary.shapes is not None:
        outside = drawn_shapes.beyond(boundary.shapes, areas=gpd.GeoSeries(view.areas.geometry))
        if (claim := drawn_shapes.beyond_claim(outside, basis=view.basis)) is not None:
            ledger.warnings.append(claim.say("plain"))
    for warning in ledger.warnings:
        st.html(paragraph(warning))
    return found


def _told(error: LayerError) -> list[str]:
    """Tell a fault the way a page does: where it is, what was needed and found, what to do."""
    names = {"rows": "Where", "expected": "We need", "found": "We found", "next": "What to do"}
    return [f"{names[part]}: {visible(str(said))}." for part, said in error.parts.items() if part in names and said]


def _drawn(view: View, ledger: Ledger) -> Boundary | None:

    del ledger
    clicked = corners_of(view)
    return None if clicked is None else _one(drawn_shapes.polygon_of(clicked))


def _typed(view: View, ledger: Ledger) -> Boundary | None:
    del view, ledger
    st.text_area(
        "Corners, one on each line: easting, northing in metres, or latitude, longitude",
        placeholder="368000, 90000\n372000, 90000\n372000, 94000",
        height=160,
        key=TEXT,
    )
    st.button("Show what stands inside", type="primary")
    text = st.session_state[TEXT]
    return _one(drawn_shapes.typed(text)) if text.strip() else None


def _uploaded(view: View, ledger: Ledger) -> Boundary | None:
    file = upload("GeoJSON, TopoJSON, GeoPackage or GeoParquet, of at most 50 MB", endings=ENDINGS, key=FILE)
    layer = st.text_input("Layer, only where the file holds several", key=LAYER)
    if file is None:
        return None
    return boundary_in(
        file.getvalue(),
        name=file.name,
        member=layer.strip() or None,
        family=POLYGON,
        spine=gpd.GeoSeries(view.areas.geometry),
        ledger=ledger,
        limits=READER,
    )


def _one(shape: shapely.Polygon) -> Boundary:
    drawn = gpd.GeoSeries([shape], index=pd.Index(["Shape 1"], name="key"), crs=BRITISH_NATIONAL_GRID)
    places = pd.DataFrame({"code": "", "name": "Shape 1"}, index=drawn.index)
    return Boundary(POLYGON, places, "outline", drawn, None, best_fit=False, file="your shape")


def _reported(view: View, boundary: Boundary) -> Report:
    places = _located(view)
    if places is None:
        shares = shares_of(boundary, areas=view.areas, located=None)  # says what the study lacks
    else:
        shares = shares_of(boundary, areas=view.areas, located=places.points, method=places.method)
    beyond = premises_beyond(view.manifest, view.areas)
    return report_by(boundary.places, shares=shares, areas=view.areas, family=POLYGON, beyond=beyond, drawn=view.drawn)


@st.cache_resource(show_spinner=False, max_entries=4, hash_funcs={View: lambda view: view.build})
def _located(view: View) -> Located | None:
    return read_located(view.folder)


def corners_of(view: View) -> list[Corner] | None:
    """Show the map and its buttons; give latitude and longitude of each corner once the shape is finished."""
    drawn: list[Corner] = st.session_state.setdefault(CORNERS, [])
    closed = bool(st.session_state.setdefault(CLOSED, False))
    count = about_boundaries.corners_so_far(len(drawn))
    said = "The shape is finished." if closed else f"Click the corners of your shape, in order around it. {count}"
    st.html(macro("boundary.html", "drawing")(said))
    with st.container(horizontal=True, key="draw buttons"):
        st.button("Finish", type="primary", disabled=closed or len(drawn) < FEWEST, on_click=_finish)
        st.button("Undo", disabled=not drawn, on_click=_undo)
        st.button("Clear", disabled=not drawn, on_click=_clear)
    from connectivity.views import page_map  # noqa: PLC0415 - Folium takes 0.3 s, and only who draws waits

    page_map.draw_corners(view, corners=drawn, closed=closed, clicked=_clicked)
    return list(drawn) if closed else None


def clicked_at(event: object) -> Corner | None:
    """Read a corner out of what the map returned; None for anything that is no click.

    >>> clicked_at([50.7, -2.4]), clicked_at(None)
    ((50.7, -2.4), None)
    """
    if not isinstance(event, Sequence) or len(event) != 2:  # noqa: PLR2004 - latitude and longitude
        return None
    latitude, longitude = event
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return float(latitude), float(longitude)


def _clicked(event: object) -> None:
    corner = clicked_at(event)
    if corner is None or st.session_state[CLOSED] or len(st.session_state[CORNERS]) >= MOST:
        return
    st.session_state[CORNERS].append(corner)


def _finish() -> None:
    st.session_state[CLOSED] = True


def _undo() -> None:
    st.session_state[CORNERS].pop()
    st.session_state[CLOSED] = False


def _clear() -> None:
    st.session_state[CORNERS], st.session_state[CLOSED] = [], False
