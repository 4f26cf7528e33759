"""Compare two weightings: which places enter or leave the worst tenth, which move, and whether that is beyond doubt."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims import about_certainty, about_places
from connectivity.claims import about_weightings as words
from connectivity.views import doubt, frame, lens, look, reasons, reweighed, state, terms
from connectivity.views.copying import copy_button
from connectivity.weightings import LISTED, same

LEDE = "How bad a place is depends on what you count, and how much. Change that, and see who moves."


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("weightings")
    frame.head(view, ignored=ignored)
    st.title("Compare two weightings")
    terms.say(f'<p class="ns-lede">{LEDE}</p>', part="lede")
    own = state.view(own=True)
    first, second = reweighed.chosen(view)
    with st.container(key="bar"):
        one, other = st.columns(2)
    with one:
        reweighed.choice(view, "weights", label="First weights", weights=first)
    with other:
        reweighed.choice(view, "than", label="Second weights", weights=second)
    with st.container(key="bar2"):
        kind, which, last = st.columns([4, 4, 2], vertical_alignment="bottom")
    lens.choice(view, first=kind, second=which)
    with last:
        copy_button("Copy link", key="copy link")
    used = (reweighed.used(view, first), reweighed.used(view, second))
    if view.link.than is None:
        st.html(look.note(f"You have not chosen the second weights, so you see the ranks {used[1]}."))
    if same(first, second, absent=view.absent):
        st.html(look.note("Both weights come to the same", "Choose others for one of them."))
        frame.foot(view)
        return

    found = reweighed.compared(own, first, second).among(view.shown.index)
    if found.places.empty:
        st.html(look.note(f"No place in {view.where} has a score", "So no weights can rank it."))
        frame.foot(view)
        return
    terms.say(
        f'<p class="ns-say">{reasons.marked(words.headline(found, used=used, place=view.where), tag="em")}</p>',
        part="headline",
    )
    hidden = words.not_named(found, districts=own.areas["district_name"])
    rests = (
        words.meaning(view.basis),
        hidden,
        lens.partly(view),
        about_places.modelled(view.basis),
        about_places.measured(view.basis),
    )
    terms.say(f'<p class="ns-lede">{escape(words.certain(found))}</p>', part="certain")
    st.html(f'<p class="ns-small">{escape(" ".join(said for said in rests if said))}</p>')
    if not doubt.tested(own):
        st.html(
            look.note(
                "How much of this is doubt was not computed", about_certainty.untested(view.folder.name), kind="warn"
            )
        )
    if not found.told_apart.empty:
        st.header("Who enters and who leaves the worst tenth")
        st.html(reweighed.legend(known=doubt.tested(own)))
        st.html(reweighed.moves(own, found, "enters") + reweighed.moves(own, found, "leaves"))
        st.header("Who moves most")
        st.html("".join(reweighed.moves(own, found, name, most=LISTED) for name in ("rises", "falls")))
    quote = words.citation(found, weights=(first, second), place=view.where, basis=view.basis, absent=view.absent)
    st.html(f'<div class="ns-card ns-card-do"><h2>Use this figure</h2><p>{escape(quote)}</p></div>')
    with st.container(key="once"):
        copy_button("Copy sentence", text=quote, key="copy sentence")
    st.page_link("connectivity/views/sure.py", label="How sure are we?", query_params=view.link.query())
    frame.foot(view)


if __name__ == "__main__":
    page()
