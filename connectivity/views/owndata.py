"""Your own data: a reader's points or figures beside the gaps, held in memory and never saved."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims import about_own_data
from connectivity.own_data.own_summary import figures_example, points_example
from connectivity.views import areatable, controls, frame, ownkept, ownview, state, terms
from connectivity.views.view import View
from layers.errors import LayerError

LEDE = (
    "Put your own places or figures beside the gaps: clinics, libraries, sites you plan, or one number for each small "
    "area or council."
)
UNDERSTOOD = (
    "Points need a column Name and one of these: Postcode, or Latitude and Longitude, or Easting and Northing.",
    "Figures need a column of codes, such as {code} for small areas or LAD24CD for councils, and a column of numbers.",
    "The first row holds the headings. Leave a cell blank where there is no figure: we never read it as 0.",
)


@st.fragment
@frame.safely
def body() -> None:
    """Run again by itself when a reader gives, removes or chooses something."""
    view = state.view()
    st.title("Your own data")
    terms.say(f'<p class="ns-lede">{LEDE}</p><p class="ns-small">{escape(about_own_data.PRIVATE)}</p>', part="lede")
    found = ownkept.read(view)
    if found is not None:
        ownkept.held()
    if isinstance(found, LayerError):
        st.html(ownview.told(found))
    if found is None or isinstance(found, LayerError):
        ownkept.ask()
        examples(view)
    else:
        ownview.understood(view, found)
        ownview.beside(view, found)
        with st.container(key="split"):
            left, right = st.columns([7, 5.2], gap="medium")
        with right:
            st.header("Each row, and the place it is in")
            ownview.table(view, found)
            areatable.follow(view.link.place)
        with left:
            from connectivity.views import plate  # noqa: PLC0415 - Folium takes 0.3 s: the table is there meanwhile

            circles = ownkept.on_map(view, always=True)
            near = circles.corners(view.shown.index) if circles else None
            plate.draw(view, picked=lambda code: controls.pick(code, view=view), tiles=False, own=circles, near=near)
            ownview.zoomed(near)
            if view.link.district or view.part:
                st.button("Show the whole study on the map", on_click=lambda: state.choose(district=None, part=None))


def examples(view: View) -> None:
    """Say what a file may look like, and offer two to fill in."""
    geography = view.manifest.geography
    code = f"LSOA{geography[-2:]}CD"
    listed = "".join(f"<li>{escape(said.format(code=code))}</li>" for said in UNDERSTOOD)
    files = {"points": points_example(view.areas), "figures": figures_example(view.areas, geography=geography)}
    shown = "".join(f"<div><b>{kind.capitalize()}</b><pre>{escape(text)}</pre></div>" for kind, text in files.items())
    st.html(
        f'<div class="ns-card ns-card-quiet"><h2>What a file may look like</h2><ul>{listed}</ul>'
        f'<div class="ns-files">{shown}</div></div>'
    )
    with st.container(horizontal=True):
        for kind, text in files.items():
            ownview.offer(kind, text)


page, ignored = state.open_page("own")
frame.head(page, ignored=ignored)
body()
frame.foot(page)
