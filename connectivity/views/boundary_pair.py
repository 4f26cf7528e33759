"""Compare two kinds of boundary: the same premises by both, and where one place's figure went when borders moved."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims import about_boundaries
from connectivity.claims import about_boundaries as report_words
from connectivity.views import figures, frame, kindchoice, look, reasons, reportview, state, terms, twokinds
from connectivity.views.copying import copy_button

LEDE = "The same premises, shared out by two kinds of border. Follow a place to see where its figure went."

view, ignored = state.open_page("boundaries")
ready, without = reportview.available(view), kindchoice.lacking(view)
kinds = kindchoice.chosen(view, ignored)
first, second = kinds
usable = len(ready) > 1 and first != second and not set(kinds) & set(without)
mine, theirs = (reportview.made(view, kind) for kind in kinds) if usable else (None, None)
key = twokinds.followed(view, mine, ignored) if mine else ""
frame.head(view, ignored=ignored)
st.title("Compare two kinds of boundary")
terms.say(f'<p class="ns-lede">{LEDE}</p>', part="lede")
with st.container(key="bar"):
    one, other, last = st.columns([4, 4, 2], vertical_alignment="bottom")
with one:
    kindchoice.choice(view, kindchoice.FIRST, label="First kind of place", kind=first)
with other:
    kindchoice.choice(view, kindchoice.SECOND, label="Second kind of place", kind=second)
with last:
    copy_button("Copy link", key="copy link")
reportview.activity(view)
if mine is None or theirs is None:
    for kind in dict.fromkeys(kind for kind in kinds if kind in without):
        st.html(kindchoice.how_to_add(view, kind))
    if len(ready) < 2:  # noqa: PLR2004 - one is no pair
        st.html(look.note("This build is reported by fewer than two kinds of boundary", "So there is no pair to show."))
    elif first == second:
        st.html(look.note("Both are the same kind of place", "Choose two different kinds."))
    frame.foot(view)
    st.stop()

family, row = theirs.family, reportview.row_of(mine, key)
place = report_words.called(str(row["name"]), family=mine.family)
claim = report_words.claim_of(row, family=mine.family, profile=view.profile, basis=view.basis)
twokinds.place_box(mine, key=key)
found, fits = twokinds.divided(view, key, first=first, second=second), twokinds.best_fit(view, *kinds)
if claim is None:
    st.html(look.note(report_words.nothing_there(row, family=mine.family, basis=view.basis), kind="warn"))
else:
    said = reasons.marked(claim.say(), tag="em")
    terms.say(f'<p class="ns-say">{said}</p>', part="headline")
    st.html(figures.range_bar(claim))
    terms.say(f'<p class="ns-lede">{escape(about_boundaries.went(found, claim, family=family))}</p>', part="went")
st.html(twokinds.split_table(view, found, family=family, fits=fits))
sums = (
    about_boundaries.split_adds_up(found, family=family, basis=view.basis),
    about_boundaries.how(found, best_fit=fits),
)
terms.say(f'<p class="ns-small">{escape(" ".join(sums))}</p>', part="sums")
if hidden := twokinds.corners(view, key, kind=first, place=place):
    st.html(f'<p class="ns-prose">{escape(hidden)}</p>')
if claim is not None:
    quote = about_boundaries.split_citation(found, claim, family=family, basis=view.basis, best_fit=fits)
    st.html(f'<div class="ns-card ns-card-do"><h2>Use this figure</h2><p>{escape(quote)}</p></div>')
    with st.container(key="once"):
        copy_button("Copy sentence", text=quote, key="copy sentence")
st.header("The largest by each")
lines = [said for report in (mine, theirs) if (said := twokinds.worst(view, report))]
st.html(f'<p class="ns-prose">{escape(" ".join([*lines, about_boundaries.AVERAGES]))}</p>')
with st.container(key="split2"):
    for column, report in zip(st.columns(2, gap="large"), (mine, theirs), strict=True):
        total = escape(report_words.adds_up(report, basis=view.basis))
        column.html(f'{twokinds.largest(view, report)}<p class="ns-small"><b>It adds up.</b> {total}</p>')
if lines := twokinds.other_boundaries(view, *kinds):
    st.header("Would other lines on the map say the same?")
    st.html(f'<p class="ns-prose">{escape(" ".join(lines))}</p>')
frame.foot(view)
