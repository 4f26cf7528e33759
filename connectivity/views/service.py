"""Can this service go online-only? Feasible, with help, or keep the counter: for each place, with the list to quote."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims import about_services
from connectivity.service import SERVICES
from connectivity.views import (
    areatable,
    controls,
    frame,
    lens,
    servicelist,
    servicemap,
    servicerules,
    serviceview,
    state,
    terms,
)
from connectivity.views.copying import copy_button

SERVICE = "service"


@st.fragment
@frame.safely
def body() -> None:
    """Run again by itself when a reader picks or sets something."""
    view = state.view()
    st.title("Can this service go online-only?")
    st.session_state[SERVICE] = serviceview.chosen(view).key
    st.segmented_control(
        "What would go online?",
        options=list(SERVICES),
        format_func=lambda key: SERVICES[key].name,
        required=True,
        key=SERVICE,
        on_change=lambda: state.choose(service=st.session_state[SERVICE]),
    )
    terms.say(serviceview.covers(view), part="covers")
    with st.container(key="bar"):
        first, second, last = st.columns([4, 4, 2], vertical_alignment="bottom")
    lens.choice(view, first=first, second=second)
    with last:
        copy_button("Copy link", key="copy link")
    terms.say(serviceview.past(view), part="past")
    terms.say(serviceview.lede(view), part="lede")
    with st.container(key="split"):
        left, right = st.columns([7, 5.2], gap="medium")
    with right:
        if view.link.place:
            terms.say(serviceview.card(view, view.link.place), part="card")
        st.header(serviceview.heading(view))
        serviceview.table(view, picked=lambda code: controls.pick(code, view=view))
        areatable.follow(view.link.place)
    with left:
        if not view.overview:
            servicemap.draw_map(view, picked=lambda code: controls.pick(code, view=view))
        terms.say(f'<p class="ns-small">{escape(serviceview.below_map(view))}</p>', part="map")
    st.header(about_services.list_title(view.basis))
    st.html(servicelist.listed(view))
    servicelist.download(view)
    with st.container(key="split2"):
        rules, other = st.columns([7, 4.4], gap="large")
    with rules:
        st.header("How this is decided")
        st.html(servicerules.rules(view))
        with st.expander("The numbers it rests on"):
            st.html(servicerules.numbers(view))
    with other:
        quote = serviceview.quote(view)
        st.html(f'<div class="ns-card ns-card-do"><h2>Use this figure</h2><p>{escape(quote)}</p></div>')
        copy_button("Copy sentence", text=quote, key="copy sentence")
        st.header("What you still have to ask")
        terms.say(servicerules.left_out(), part="left out")


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("service")
    if why := serviceview.asked(view):
        ignored = [*ignored, why]
        state.choose(service=None)
    frame.head(view, ignored=ignored)
    body()
    frame.foot(view)


if __name__ == "__main__":
    page()
