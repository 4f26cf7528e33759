"""Evidence: sentences to quote, a council's plain page, files to take away, and how anyone can check them."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.evidence.holdings import holdings
from connectivity.evidence.places import places_csv
from connectivity.views import frame, lens, look, state, takeaway, terms
from connectivity.views.copying import copy_button
from layers.errors import LayerError

LEDE = (
    "Each sentence here carries its number, its range, its date and what it leaves out. Each file of the study has a "
    "fingerprint, so that whoever receives it can prove that nobody changed it."
)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("evidence")
    frame.head(view, ignored=ignored)
    st.title("Evidence")
    terms.say(f'<p class="ns-lede">{escape(LEDE)}</p>', part="lede")
    with st.container(key="bar"):
        first, second, last = st.columns([4, 4, 2], vertical_alignment="bottom")
    lens.choice(view, first=first, second=second)
    with last:
        copy_button("Copy link", key="copy link")
    st.header("Sentences to quote")
    for number, (title, words) in enumerate(takeaway.quotes(view).items()):
        takeaway.quote(title, words, key=f"copy quote {number}")
    if view.link.place is None:
        st.html('<p class="ns-small ns-screen">Choose a place on “Where are the gaps?” to quote it here too.</p>')
    own = state.view(own=True)
    st.header("A council as one plain page")
    takeaway.plain_page(own)
    st.header("Files to take away")
    try:
        held = sorted(holdings(view.folder), key=lambda one: one.program)
    except LayerError as error:
        held = []
        st.html(look.note(error.what, *str(error).splitlines()[1:], kind="error"))
    with st.container(horizontal=True, key="tables to take"):
        st.download_button(
            "The places on show (CSV)",
            data=lambda: places_csv(own.shown, basis=own.basis),
            file_name=view.file_name("notspot-places.csv"),
            mime="text/csv",
            on_click="ignore",
        )
        takeaway.downloads(view, [one for one in held if not one.program])
    if programs := [one for one in held if one.program]:
        st.html('<p class="ns-key ns-screen">For map and statistics programs, and for checking</p>')
        with st.container(horizontal=True, key="files for programs"):
            takeaway.downloads(view, programs)
    st.html(takeaway.fingerprints(held))
    st.header("How to check it")
    st.html(takeaway.checking(view))
    frame.foot(view)


if __name__ == "__main__":
    page()
