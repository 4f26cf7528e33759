"""Evidence: sentences to quote, files to take away, and how anyone can check both."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.evidence.holdings import holdings
from connectivity.evidence.places import places_csv
from connectivity.outputs import Build
from connectivity.views import frame, lens, look, state, takeaway, terms
from connectivity.views.copying import copy_button
from connectivity.webpages import page_of
from layers.errors import LayerError

LEDE = (
    "Everything here may leave the building. Each sentence carries its number, its range, its date and what it leaves "
    "out. Each file has a fingerprint, so that whoever receives it can prove that nobody changed it."
)
PLAIN = (
    "Choose a council above, and you can take it as one plain page too: a table and a map without any script, light "
    "enough for a bad line and fit for a council’s own website."
)

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
    st.html('<p class="ns-small">Choose a place on “Where are the gaps?” to quote it here too.</p>')
st.header("Files to take away")
own = state.view(own=True)
with st.container(horizontal=True):
    st.download_button(
        "The places on show (CSV)",
        data=lambda: places_csv(own.shown, basis=own.basis),
        file_name="notspot-places.csv",
        mime="text/csv",
        on_click="ignore",
    )
    if view.link.district:
        st.download_button(
            f"{own.where} as one plain page (HTML)",
            data=lambda: page_of(Build(own.areas, own.manifest), str(own.link.district)),
            file_name=f"notspot-{view.link.district}.html",
            mime="text/html",
            on_click="ignore",
        )
    try:
        held = holdings(view.folder)
    except LayerError as error:
        held = []
        st.html(look.note(error.what, *str(error).splitlines()[1:], kind="error"))
    for one in held:
        st.download_button(
            f"{one.path.name} ({one.weight})",
            data=one.path.read_bytes,
            file_name=one.path.name,
            mime=one.kind,
            on_click="ignore",
        )
if view.link.district is None:
    st.html(f'<p class="ns-small">{escape(PLAIN)}</p>')
st.html(takeaway.fingerprints(held))
st.header("How to check it")
st.html(takeaway.checking(view))
frame.foot(view)
