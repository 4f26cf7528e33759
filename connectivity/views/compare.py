"""Compare two places: how often one is worse, what both are like, and what would swap them."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims import about_certainty, about_places
from connectivity.views import doubt, frame, look, pairs, reasons, state, terms
from connectivity.views.copying import copy_button
from layers.errors import OutputError


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("compare")
    frame.head(view, ignored=ignored)
    st.title("Compare two places")
    own = state.view(own=True)
    first, second = pairs.chosen(own)
    with st.container(key="bar"):
        one, other, last = st.columns([5, 5, 2], vertical_alignment="bottom")
    with one:
        pairs.choice(own, "place", code=first, label="First place, by name or postcode")
    with other:
        pairs.choice(own, "other", code=second, label="Second place")
    with last:
        copy_button("Copy link", key="copy link")
    if missed := st.session_state.pop(pairs.MISSED, None):
        st.html(pairs.not_found(view, *missed))
    if asked := pairs.not_chosen(view):
        st.html(look.note(asked, kind="plain"))

    rows = {code: own.row(code) for code in (first, second)}
    unknown = [code for code, row in rows.items() if row["status"] != "scored"]
    if first == second or unknown:
        if first == second:
            st.html(look.note("These are the same place", "Choose two different places."))
        for code in dict.fromkeys(unknown):
            name = f"{about_places.NOT_ENOUGH} for {rows[code]['area_name']}"
            st.html(look.note(name, reasons.not_enough(view, code), "So it cannot be compared."))
        frame.foot(view)
        return

    called = pairs.names(own, first, second)
    districts = {str(row["district_name"]) for row in rows.values()}
    alike = len(districts) == 1 and not all(row["separable"] for row in rows.values())
    if alike:
        st.html(look.note("They cannot be separated", about_places.not_separable(districts.pop())))
    elif not doubt.tested(view):
        st.html(
            look.note(
                "How often one is worse was not computed", about_certainty.untested(view.folder.name), kind="warn"
            )
        )
    else:
        if view.link.weights is not None:
            st.html(look.note("Not with your weights", about_certainty.all_reweighted(), kind="warn"))
        try:
            found, draws = pairs.compared(own, first, second)
        except OutputError as error:
            said, *rest = str(error).splitlines()
            st.html(look.note(said, *rest, kind="error"))
        else:
            terms.say(f'<p class="ns-say">{escape(pairs.said(found, called=called, draws=draws))}</p>', part="sentence")
            terms.say(pairs.chances(found, called=called, draws=draws), part="chances")
            quote = pairs.citation(own, found, draws=draws)
            with st.container(key="once"):
                copy_button("Copy sentence", text=quote, key="copy sentence")
    st.header("Side by side")
    terms.say(pairs.side_by_side(own, first, second, called=called), part="both")
    terms.say(f'<p class="ns-small">{escape(about_places.dimensions_explained())}</p>', part="score")
    if not alike:
        st.header("What would swap them?")
        swapped, than = pairs.swap(own, first, second, called=called)
        terms.say(f'{swapped}<p class="ns-small">{escape(about_certainty.FLIP)}</p>', part="swap")
        if than:
            query = view.link.query(weights=None, than=than)
            st.page_link(
                "connectivity/views/weightings.py", label="See who else those weights move", query_params=query
            )
    st.page_link("connectivity/views/sure.py", label="How sure are we?", query_params=view.link.query())
    frame.foot(view)


if __name__ == "__main__":
    page()
