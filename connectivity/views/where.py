"""Where are the gaps? The map, the same figures as a table, and the reasons of the place that was chosen."""

from __future__ import annotations

import streamlit as st

from connectivity.claims.grammar import all_of
from connectivity.html.app_parts import paragraph
from connectivity.maps import symbology
from connectivity.maps.sketch import MOST_PLACES
from connectivity.views import areatable, controls, frame, look, reasons, state, terms, uploads
from connectivity.views.state import View

TILES, PEOPLE = "background map", "where people live"


def heading(view: View) -> str:
    """Count what the table lists."""
    if view.overview:
        return all_of(view.shown["district_code"].nunique(), "council")
    return all_of(len(view.shown), "place") + (f" in {view.where}" if view.link.district or view.part else "")


def explained_councils() -> str:
    """Say why councils are shown."""
    return (
        f"There are more than {MOST_PLACES:,} small areas here, so the map starts with councils. Choose one to "
        "see its places. Scores, need and how sure we are belong to small areas."
    )


@st.fragment
@frame.safely
def body() -> None:
    """Run again by itself when a reader picks or sets something."""
    view = state.view()
    st.title("Where are the gaps?")
    terms.say(reasons.lede(view), part="lede")
    controls.bar(view)
    if part := controls.caption(view):
        terms.say(part, part="lens")
    # On a phone the card lies below the map, so its answer stands here too; always there, or the map is made anew.
    st.html(reasons.brief(view, view.link.place))
    with st.container(key="split"):
        left, right = st.columns([7, 5.2], gap="medium")
    with right:  # before the map, so that the reasons arrive first
        if view.link.place:
            terms.say(reasons.card(view, view.link.place), part="card")
            st.page_link(
                "connectivity/views/why.py", label="Why here? See the full picture", query_params=view.link.query()
            )
        st.header(look.plain(heading(view)))
        areatable.table(view, picked=lambda code: controls.pick(code, view=view))
        areatable.follow(view.link.place)
    with left:
        from connectivity.views import page_map  # noqa: PLC0415 - Folium takes 0.3 s: the table is there meanwhile

        people = page_map.can_show_people(view)
        asked = {"tiles": TILES, "people": PEOPLE} if people else {"tiles": TILES}
        on = {name: bool(st.session_state.get(key, False)) for name, key in asked.items()}
        page_map.draw(
            view,
            picked=lambda code: controls.pick(code, view=view),
            tiles=on["tiles"],
            people=on.get("people", False),
            own=uploads.on_map(view),
        )
        said = explained_councils() if view.overview else symbology.small_areas(part=len(view.shown) < len(view.areas))
        terms.say(paragraph(said), part="shapes")
        with st.container(horizontal=True, key="switches"):
            if people:
                st.toggle("Show where people live", key=PEOPLE)
            uploads.switch(view)
            st.toggle("Background map (needs internet)", key=TILES)
        controls.weights(view)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("where")
    frame.head(view, ignored=ignored)
    body()
    frame.foot(view)


if __name__ == "__main__":
    page()
