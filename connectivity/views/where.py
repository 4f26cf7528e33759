"""The map: one screen with the map, one box to find a place, and the table or the card of the chosen place."""

from __future__ import annotations

import streamlit as st

from connectivity.claims import about_places
from connectivity.claims.grammar import all_of
from connectivity.html.app_parts import paragraph
from connectivity.maps import symbology
from connectivity.maps.sketch import MOST_PLACES
from connectivity.method.feasibility import NOT_TOLD_APART
from connectivity.places.wholes import STUDY
from connectivity.views import (
    areatable,
    controls,
    frame,
    look,
    own_list,
    place_card,
    popover,
    reasons,
    state,
    switches,
    terms,
    uploads,
)
from connectivity.views.copying import copy_button
from connectivity.views.state import View

TILES, PEOPLE = "background map", "where people live"


def heading(view: View) -> str:
    """Count what the table lists."""
    if view.overview:
        return all_of(view.shown["district_code"].nunique(), "council")
    alike = view.shown[view.shown["status"].eq(NOT_TOLD_APART)]
    return about_places.places_listed(
        len(view.shown) - len(alike),
        where=view.where if view.link.district or view.part else "",
        councils=alike["district_code"].nunique(),
    )


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
    frame.keep_in_step(switches.meant(state.view()))
    with st.container(key="atlas"):
        find, plate, panel = (st.container(key=f"atlas-{name}") for name in ("find", "map", "panel"))
    with panel, st.container(key="atlas-counting"):  # says that it counts again, if it has to
        view = switches.applied(state.view())
    with plate:  # before the panel: a change repaints the map while its words are still written
        bar = st.container(key="atlas-bar", horizontal=True, vertical_alignment="center")
        drawn(view)
    with find:
        controls.find_box(view)
    with panel:
        if view.link.place:
            with st.container(key="atlas-card"):
                place_card.card(view, view.link.place)
                own_list.show_list(view, opened=False)
            with st.container(key="atlas-beside"):
                show_listed(view)
        else:
            with st.container(key="atlas-whole"):
                own_list.show_list(view, opened=True)
                st.html(reasons.headline(view) + reasons.shown_instead(view))
                terms.say(reasons.lede(view), part="lede")
                if part := controls.caption(view):
                    terms.say(part, part="lens")
                acts_on_all(view)
                show_listed(view)
        with st.container(key="atlas-foot"):
            frame.foot(view)
    with bar:  # after the panel, which opens its terms first
        painted_by(view)


def acts_on_all(view: View) -> None:
    """Show what can be done with the figure of all that is on show: copy it, get its pack, compare it."""
    whole = reasons.whole(view)
    with st.container(key="acts", horizontal=True):
        if whole is not None:
            copy_button("Copy sentence", text=whole.say("quotation"), key="copy sentence")
        copy_button("Copy link", key="copy link")
    packed = view.link.query(pack=(view.link.part or view.link.district or STUDY,), other=None)
    with st.container(key="onward", horizontal=True):
        st.page_link("connectivity/views/evidence.py", label="Get the pack", query_params=packed)
        if view.link.district:
            st.page_link(
                "connectivity/views/compare.py",
                label=f"Compare {view.where} with another council",
                query_params=view.link.query(other=STUDY),
            )


def show_listed(view: View) -> None:
    """Show the table of what is on the map."""
    st.header(look.plain(heading(view)))
    areatable.table(view, picked=lambda code: controls.pick(code, view=view))
    areatable.follow(view.link.place)
    said = (
        explained_councils()
        if view.overview
        else symbology.small_areas(part=len(view.shown) < len(view.areas), ground=view.ground)
    )
    terms.say(paragraph(said), part="shapes")


def drawn(view: View) -> None:
    """Show the map."""
    from connectivity.views import page_map  # noqa: PLC0415 - Folium takes 0.3 s, which no other page waits for

    page_map.draw(
        view,
        picked=lambda code: controls.pick(code, view=view),
        tiles=bool(st.session_state.get(TILES, False)),
        people=page_map.can_show_people(view) and bool(st.session_state.get(PEOPLE, False)),
        own=uploads.on_map(view),
        wheel=True,
        remembers=True,
    )


def painted_by(view: View) -> None:
    """Show what the map can be painted by, and what else it can show."""
    from connectivity.views import page_map  # noqa: PLC0415 - as above

    controls.measures(view)
    with st.popover("More on the map"):
        popover.take_focus()
        controls.geography(view)
        switches.controls(view)
        if page_map.can_show_people(view):
            st.toggle("Show where people live", key=PEOPLE)
        uploads.switch(view)
        st.toggle("Background map (needs internet)", key=TILES)
        controls.weights(view)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("where")
    frame.head(switches.meant(view), ignored=ignored)
    body()


if __name__ == "__main__":
    page()
