"""A reader's own list of places: kept in the link, counted together, taken along to the evidence."""

from __future__ import annotations

import streamlit as st

from connectivity.claims import about_places
from connectivity.claims.claim import summed
from connectivity.html.app_parts import links as linked_list
from connectivity.html.app_parts import paragraph
from connectivity.method.feasibility import has_count
from connectivity.views import reasons, state, terms
from connectivity.views.copying import copy_button
from connectivity.views.links import MOST_LISTED
from connectivity.views.state import View, address


def is_full(view: View) -> bool:
    """Say whether the list holds as many places as a link can."""
    return len(view.link.places or ()) >= MOST_LISTED


def put_on(view: View, code: str) -> None:
    """Put a place on the list, as the last one; a full list stays as it is."""
    if not is_full(view):
        state.choose(places=(*(view.link.places or ()), code))


def take_off(view: View, code: str) -> None:
    """Take a place off the list."""
    state.choose(places=tuple(one for one in view.link.places or () if one != code) or None)


def show_list(view: View, *, opened: bool) -> None:
    """Show the list, counted together; nothing while it is empty; `opened` or folded."""
    codes = list(view.link.places or ())
    if not codes:
        return
    with st.expander(about_places.list_titled(len(codes)), expanded=opened):
        listed = view.areas.loc[codes]
        counted = listed[has_count(listed["status"])]
        if counted.empty:
            st.html(paragraph(about_places.nothing_known("your list")))
        else:
            place = about_places.among("the places on your list", scored=len(counted), of=len(listed))
            claim = summed(counted, place=place, profile=view.profile, basis=view.basis, drawn=view.drawn)
            terms.say(paragraph(reasons.marked(claim.say(), tag="b"), "ns-prose"), part="list")
        st.html(linked_list([(address("", place=code), listed.loc[code, "area_name"]) for code in codes]))
        with st.container(key="list-acts", horizontal=True):
            copy_button("Copy link", key="copy link of list")
            st.button("Clear the list", key="clear list", on_click=lambda: state.choose(places=None))
