"""The card of a chosen place beside the map: what is wrong, how sure that is, why, and what to do with it."""

from __future__ import annotations

import streamlit as st

from connectivity.claims import about_places, about_switches
from connectivity.html.app_parts import card as framed
from connectivity.html.app_parts import paragraph, paragraphs
from connectivity.html.render import macro
from connectivity.method.feasibility import NOT_TOLD_APART, SCORED
from connectivity.views import certainty, look, own_list, place_figures, reasons, small_figures, state, terms
from connectivity.views.copying import copy_button
from connectivity.views.links import MOST_LISTED
from connectivity.views.state import View

_place = macro("where.html", "place")
VIEWS = "connectivity/views"


def card(view: View, code: str) -> None:
    """Show the card of one place, with the way back to all of them."""
    row = view.row(code)
    scored = row["status"] == SCORED
    st.button(f"← {all_places(view)}", key="back", type="tertiary", on_click=_back)
    tier = certainty.badge(row["tier"]) if scored and certainty.ranged(view) else look.NOTHING
    st.html(_place(row["area_name"], row["district_name"], code, tier) + reasons.extent(view, code))
    if not scored:
        terms.say(paragraphs(reasons.sentences(view, code)), part="card", most=1)
        acts(view, code)
        if row["status"] == NOT_TOLD_APART:
            place_figures.speeds(view, code)
    else:
        claim = reasons.claim_of(view, code)
        first, *_ = reasons.sentences(view, code)
        terms.say(paragraph(first, "ns-say ns-say-card"), part="card", most=1)
        st.html(small_figures.range_bar(claim))
        acts(view, code)
        place_figures.speeds(view, code)
        for there in () if view.turned else state.elsewhere(view, code):
            st.html(paragraph(about_places.another_study(there, here=view.basis)))
        st.header("What makes up the score")
        if view.turned:
            st.html(paragraph(about_switches.RANKS_STAY))
        terms.say(small_figures.waterfall(row, absent=view.absent), part="parts")
        terms.say(framed("How sure are we?", reasons.sure(view, code)), part="sure")
    with st.expander("Next to it"):
        st.html(place_figures.next_to(view, code))
    with st.expander("About this place"):
        if scored:
            terms.say(paragraph(about_places.score_explained()), part="score")
        terms.say(reasons.facts(view, code), part="facts")


def all_places(view: View) -> str:
    """Name what the way back leads to."""
    return f"All places in {view.where}" if view.link.district or view.part else "All places"


def acts(view: View, code: str) -> None:
    """Show what can be done with a place's figure: copy it, take it along, set it beside another."""
    quote = reasons.quoted_reasons(view, code)
    query = view.link.query(place=code, other=None)
    with st.container(key="acts", horizontal=True):
        if quote:
            copy_button("Copy sentence", text=quote, key="copy sentence")
        copy_button("Copy link", key="copy link")
        listed = code in (view.link.places or ())
        full = not listed and own_list.is_full(view)
        st.button(
            about_places.list_full(MOST_LISTED) if full else "Take off your list" if listed else "Add to your list",
            key="list",
            on_click=own_list.take_off if listed else own_list.put_on,
            args=(view, code),
            disabled=full,
        )
    with st.container(key="onward", horizontal=True):
        st.page_link(
            f"{VIEWS}/evidence.py",
            label="Get the pack",
            query_params=view.link.query(place=code, pack=(code,), other=None),
        )
        st.page_link(f"{VIEWS}/compare.py", label="Compare", query_params=query)
        st.page_link(f"{VIEWS}/why.py", label="Full page", query_params=query)


def _back() -> None:
    state.choose(place=None, find=None)
