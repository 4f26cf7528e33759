"""Hidden need: what the average of a council hides, and how few or many of the premises with a gap are in need."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims import about_need
from connectivity.claims.about_boundaries import nothing_there
from connectivity.views import figures, frame, hiddentables, hiddenview, look, reasons, state, terms
from connectivity.views.copying import copy_button

view, ignored = state.open_page("hidden")
by, need, said = hiddenview.asked(view)
here, basis = hiddenview.world(view, by, need), view.basis
key, missed = hiddenview.chosen(view, here, by)
frame.head(view, ignored=[*ignored, *said, *missed])
st.title("Hidden need")
st.html('<p class="ns-lede">An average can look fine and still hide a bad corner. This page looks inside it.</p>')
hiddenview.controls(view, here, by=by, need=need, key=key)

row, known = here.row(key), here.known
claim = about_need.claim_of(row, family=here.family, profile=view.profile, basis=view.basis)
with st.container(key="split"):
    left, right = st.columns([7, 4.4], gap="large")
if claim is None:
    counts = {"name": row["name"], "premises": row["premises_left_out"]}
    left.html(look.note(nothing_there(counts, family=here.family, basis=basis), kind="warn"))
else:
    before, sentence = about_need.headline(claim, known=known, looks=here.looks(key))
    both, tail = about_need.both(row, known=known, basis=basis), about_need.tail(row, claim=claim, basis=basis)
    average = about_need.average(row, known=known, study=here.study)
    evidence = f"{about_need.limits(row, known=known, basis=basis)} {average}".strip()
    with left:
        terms.say(
            f'<p class="ns-say">{escape(before)}{reasons.marked(sentence, tag="em")} {escape(both)}</p>'
            f'<p class="ns-lede">{escape(evidence)}</p><p class="ns-lede">{escape(tail)}</p>',
            part="sentence",
        )
        st.html(figures.range_bar(claim))
        st.header("Inside the average")
        if tail:
            st.html(hiddentables.tenths(here, key, basis=basis))
            st.html(f'<p class="ns-small">{escape(about_need.drawn(claim, basis=basis))}</p>')
        else:
            districts = hiddenview.not_apart(view, here, key)
            st.html(look.note("No worst tenth to show", about_need.no_tail(row, districts=districts), kind="plain"))
    with right:
        quote = about_need.citation(claim, row, known=known, study=here.study, basis=basis)
        st.html(f'<div class="ns-card ns-card-do"><h2>Use this figure</h2><p>{escape(quote)}</p></div>')
        copy_button("Copy sentence", text=quote, key="copy sentence")
        st.html(hiddenview.about(view, here, key))
    if listed := hiddentables.areas(here, key, basis=basis):
        st.header(f"The small areas behind it in {look.plain(row['name'])}")
        st.html(listed)
st.header(f"Which {here.family.plural} hide most?" if here.tailed else f"All {here.family.plural}")
st.html(hiddentables.places(here, by=by, basis=basis, picked=key))
if here.tailed and here.found["contrast"].isna().any():
    st.html(f'<p class="ns-small">{escape(about_need.dash())}</p>')
st.html(hiddenview.method(view, here))
frame.foot(view)
