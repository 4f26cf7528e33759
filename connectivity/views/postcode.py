"""Check a postcode: two letters for where you live, what they rest on, what would lift them and who must act."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims.about_postcodes import ACTIVITIES, parts
from connectivity.postcode.answer import held_by, look_up
from connectivity.postcode.postcode_tables import open_files
from connectivity.views import frame, lettering, links, look, reasons, state, terms
from connectivity.views.copying import copy_button
from layers.errors import LayerError

TYPED = "postcode to check"
ASK = (
    "Two letters for one postcode, from A (hardly any gaps) to G: one for working from home, one for online services. "
    "We keep no record of what you type."
)


def _checked() -> None:
    state.choose(postcode=st.session_state[TYPED].strip()[: links.SHOWN] or None)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("postcode")
    frame.head(view, ignored=ignored)
    st.title("Check a postcode")
    terms.say(f'<p class="ns-small">{escape(ASK)}</p>', part="ask")
    if TYPED not in st.session_state or view.link.postcode:
        st.session_state[TYPED] = view.link.postcode or ""
    with st.form("postcode", border=False), st.container(key="bar"):
        first, second, third = st.columns([4, 2, 2], vertical_alignment="bottom")
        first.text_input("Postcode", key=TYPED, max_chars=links.SHOWN, placeholder="Such as DT2 7AB")
        second.form_submit_button("Check", type="primary", on_click=_checked, width="stretch")
        with third:
            copy_button("Copy link", key="copy link")

    if view.link.postcode:
        try:
            answer = look_up(view.link.postcode, files=open_files(view.folder))
        except LayerError as error:
            said, *rest = str(error).splitlines()
            st.html(look.note("No postcode can be looked up here", said, *rest, kind="error"))
        else:
            here = answer.here
            if answer.kind != "found" or here is None:
                offered = answer.meant or (answer.near if answer.kind == "unknown" else ())
                there = {code: state.address("postcode", postcode=code) for code in offered}
                shelf = {key: one.folder for key, one in state.shelf().items() if one.folder not in {None, view.folder}}
                for key in held_by(answer, others={key: folder for key, folder in shelf.items() if folder}):
                    there[f"Look in {state.shelf()[key].label}"] = state.address("postcode", study=key)
                st.html(lettering.other(answer, addresses=there))
            else:
                place = f"{here.area_name}, {here.district_name}"
                st.header(f"{look.plain(answer.postcode)} · {look.plain(place)}")
                with st.container(key="split"):
                    cards = st.columns(len(here.ratings), gap="medium")
                for column, (key, rating) in zip(cards, here.ratings.items(), strict=True):
                    column.html(terms.explained(lettering.card(answer, rating, title=ACTIVITIES[key]), part=key))
                with st.container(key="split2"):
                    sides = st.columns(2, gap="medium")
                for number, one in enumerate(parts(answer)[len(here.ratings) :]):
                    kind = "ns-card-do" if one.title.startswith("Who") else "ns-card-quiet"
                    sides[number % 2].html(terms.explained(lettering.part(one, kind=kind), part=one.title))
                if quote := reasons.quote(view, str(here.area_code)):
                    st.html(f'<div class="ns-card ns-card-do"><h2>Use this figure</h2><p>{escape(quote)}</p></div>')
                    with st.container(key="once"):
                        copy_button("Copy sentence", text=quote, key="copy sentence")
                query = view.link.query(postcode=None, place=here.area_code, district=None)
                st.page_link(
                    "connectivity/views/why.py", label="See the small area around it in full", query_params=query
                )
                st.page_link("connectivity/views/where.py", label="See it on the map", query_params=query)
    frame.foot(view)


if __name__ == "__main__":
    page()
