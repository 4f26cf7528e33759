"""How sure are we? How many places we are sure of, how far ranks could move, what moves them, and how it is done."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims import about_certainty, about_places
from connectivity.claims.about_certainty import FORMULAE, READ
from connectivity.robustness.tiers import tier_counts
from connectivity.views import doubt, frame, intervals, lens, look, reasons, state, terms
from connectivity.views.copying import copy_button

WHOLE = "From here on, the figures are for the whole study: a part of it has no ranking of its own."

view, ignored = state.open_page("sure")
frame.head(view, ignored=ignored)
st.title("How sure are we?")
report, own = intervals.report(view), state.view(own=True)
if report is None:
    st.html(look.note("This was not computed", about_certainty.untested(view.folder.name), kind="warn"))
    frame.foot(view)
    st.stop()
with st.container(key="bar"):
    kind, which, last = st.columns([4, 4, 2], vertical_alignment="bottom")
lens.choice(view, first=kind, second=which)
with last:
    copy_button("Copy link", key="copy link")
if view.link.weights is not None:
    st.html(look.note("Not with your weights", about_certainty.all_reweighted(), kind="warn"))

counts, draws, tenth = tier_counts(own.shown["tier"]), int(report["draws"]), int(report["worst_tenth"])
if own.shown["rank_median"].isna().all():
    st.html(look.note(about_places.NOT_SCORED, about_places.nothing_known(view.where)))
    frame.foot(view)
    st.stop()
headline = reasons.marked(about_certainty.headline(counts, place=view.where), tag="em")
terms.say(f'<p class="ns-say">{headline}</p>', part="headline")
said = (about_certainty.among_the_worst(view.basis), about_certainty.others(counts, draws=draws))
terms.say(f'<p class="ns-lede">{escape(" ".join(said))}</p>', part="lede")
if partly := lens.partly(view):
    st.html(f'<p class="ns-small">{escape(partly)}</p>')
with st.container(key="split"):
    left, right = st.columns([7, 4.4], gap="large")
with left:
    shown = intervals.top(own)
    st.header(intervals.title(shown))
    terms.say(f'<p class="ns-small">{escape(intervals.caption(own, shown, tenth=tenth))}</p>', part="caption")
    terms.say(intervals.plot(own, shown, tenth=tenth), part="plot")
    st.page_link("connectivity/views/compare.py", label="Compare two places", query_params=view.link.query(other=None))
with right:
    st.header(about_certainty.QUESTION)
    terms.say(intervals.tiers(counts, basis=view.basis), part="tiers")
    query = view.link.query(measure="sure")
    st.page_link("connectivity/views/where.py", label="See it on the map", query_params=query)
    st.header("How to read this")
    terms.say(f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in READ)}</ul>", part="read")
    quote = about_certainty.citation(counts, place=view.where, draws=draws, basis=view.basis)
    st.html(f'<div class="ns-card ns-card-do"><h2>Use this figure</h2><p>{escape(quote)}</p></div>')
    copy_button("Copy sentence", text=quote, key="copy sentence")
st.header("What moves the ranking most")
if view.link.district or view.part:
    st.html(f'<p class="ns-small">{WHOLE}</p>')
with st.container(key="split2"):
    first, second = st.columns(2, gap="large")
count, worst = intervals.headlines(report, basis=view.basis)
first.html(terms.explained(intervals.drivers(report, basis=view.basis) + count, part="drivers"))
second.html(terms.explained(worst, part="headlines"))
with st.expander("Would another way to score say the same?"):
    st.html(intervals.methods(report))
if report.get("boundaries"):
    with st.expander("Would other lines on the map say the same?"):
        st.html(doubt.other_lines(report))
with st.expander("The formulae, for those who want them"):
    st.html("".join(f"<p><b>{escape(name)}.</b> {text}</p>" for name, text in FORMULAE.items()))
    st.html(intervals.inputs(report, basis=view.basis))
frame.foot(view)
