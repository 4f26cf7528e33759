"""A shape of the reader's own: drawn by clicks, typed as corners, or uploaded. It is held in memory and never saved."""

from __future__ import annotations

from html import escape

import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st

from connectivity.claims import about_boundaries
from connectivity.places import drawn_shapes
from connectivity.places.reportable import Located, premises_beyond, read_located
from connectivity.places.reports import Report, report
from connectivity.views import look
from connectivity.views.uploads import upload
from connectivity.views.view import View
from layers.errors import LayerError, visible
from layers.families import POLYGON
from layers.ledger import Ledger
from layers.outlines.coordinates import BRITISH_NATIONAL_GRID
from layers.outlines.limits import READER
from layers.reporting import Boundary, boundary_in, shares_of

WAYS = {"draw": "Draw on the map", "type": "Type the corners", "file": "Upload a file"}
WAY, TEXT, FILE, LAYER = "way to give a shape", "corners typed", "file of shapes", "layer of it"
ENDINGS = ["geojson", "json", "topojson", "gpkg", "parquet", "geoparquet"]


def asked(view: View) -> Report | None:
    """Ask for a shape in one of three ways; give the report of what stands inside it, None while there is none."""
    ways, named = list(WAYS), WAYS.__getitem__
    way = st.segmented_control(
        "How to give it", options=ways, format_func=named, default="draw", required=True, key=WAY
    )
    st.html('<p class="ns-small">Your shape is held in memory while you look at it. It is not saved.</p>')
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
        ledger.warnings.append(about_boundaries.reaches_beyond(outside, basis=view.basis))
    for warning in filter(None, ledger.warnings):
        st.html(f'<p class="ns-small">{escape(warning)}</p>')
    return found


def _told(error: LayerError) -> list[str]:
    """Tell a fault the way a page does: where it is, what was needed and found, what to do."""
    names = {"rows": "Where", "expected": "We need", "found": "We found", "next": "What to do"}
    return [f"{names[part]}: {visible(str(said))}." for part, said in error.parts.items() if part in names and said]


def _drawn(view: View, ledger: Ledger) -> Boundary | None:
    from connectivity.views import drawing  # noqa: PLC0415 - Folium takes 0.3 s, and only who draws waits

    del ledger
    clicked = drawing.corners_of(view)
    return None if clicked is None else _one(drawn_shapes.clicked(clicked))


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
    return report(boundary.places, shares=shares, areas=view.areas, family=POLYGON, beyond=beyond)


@st.cache_resource(show_spinner=False, max_entries=4, hash_funcs={View: lambda view: view.build})
def _located(view: View) -> Located | None:
    return read_located(view.folder)
