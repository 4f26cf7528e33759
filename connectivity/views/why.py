"""Why here? One place: the sentence, its range, what people can get, what makes up the score, how sure we are."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims import about_places
from connectivity.views import figures, frame, look, nearby, reasons, state, terms
from connectivity.views.copying import copy_button

view, ignored = state.open_page("why")
frame.head(view, ignored=ignored)
basis = view.basis
code = view.link.place or str(view.shown["severity_rank"].astype("Float64").fillna(float("inf")).idxmin())
row = view.row(code)
scored = row["status"] == "scored"
back = escape(state.address("", place=code))
st.html(
    f'<p class="ns-crumb"><a href="{back}" target="_self">Where are the gaps?</a> / '
    f"{escape(str(row['district_name']))} / this place</p>"
)
st.title(f"Why {look.plain(row['area_name'])}?")
if view.link.place is None:
    words = f"You have not chosen a place, so this is the one with the highest score in {view.where}."
    st.html(look.note(words, kind="plain"))

if not scored:
    name = f"{about_places.NOT_ENOUGH} for {row['area_name']}"
    st.html(look.note(name, reasons.not_enough(view, code), "It is hatched on the map and listed last in the table."))
else:
    claim = reasons.claim_of(view, code)
    fails = about_places.fails(
        row[f"{claim.profile}_download_fails"], row[f"{claim.profile}_upload_fails"], basis=basis
    )
    sentence = reasons.marked(claim.say(), tag="em")
    terms.say(f'<p class="ns-say">{sentence} {escape(fails)}</p>', part="sentence")

with st.container(key="split"):
    left, right = st.columns([7, 4.4], gap="large")
with left:
    if scored:
        st.html(figures.range_bar(claim))
    st.header("What lines here achieved" if basis.measured else "What people here can get")
    terms.say(figures.bands(row, listed=view.manifest.bands, basis=basis), part="speeds")
    if scored:
        st.header("What makes up the score")
        terms.say(figures.waterfall(row, absent=view.absent), part="parts")
        terms.say(f'<p class="ns-small">{escape(about_places.score_explained())}</p>', part="score")
        quote = reasons.quote(view, code)
        st.html(f'<div class="ns-card ns-card-do"><h2>Use this figure</h2><p>{escape(quote)}</p></div>')
    with st.container(key="once"):
        if scored:
            copy_button("Copy sentence", text=quote, key="copy sentence")
        copy_button("Copy link", key="copy link")
with right:
    if scored:
        terms.say(f'<div class="ns-card"><h2>How sure are we?</h2>{reasons.sure(view, code)}</div>', part="sure")
        query = view.link.query(place=code, other=None)
        st.page_link("connectivity/views/compare.py", label="Compare it with another place", query_params=query)
    known = f'<div class="ns-card ns-card-quiet"><h2>About this place</h2>{reasons.facts(view, code)}</div>'
    terms.say(known, part="facts")
if scored:
    st.header("Places like this one")
    st.html(nearby.similar(view, code))
st.header("Next to it")
st.html(nearby.next_to(view, code))
frame.foot(view)
