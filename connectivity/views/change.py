"""What has changed? Two releases of the same councils: what moved, what it is made of, who was left behind."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.claims import about_change
from connectivity.maps.symbology import MEASURES
from connectivity.views import changes, frame, look, reasons, state, terms
from connectivity.views.copying import copy_button

view, ignored = state.open_page("change")
frame.head(view, ignored=ignored)
st.title("What has changed?")
shelf, known = state.shelf(), changes.others(view)
ready = [key for key, why in known.items() if why is None]
asked = view.link.then
if asked and known.get(asked):
    st.html(look.note("These two studies cannot be compared", str(known[asked]), kind="warn"))
if not ready:
    st.html(changes.needs(view, known))
    frame.foot(view)
    st.stop()

then = asked if asked in ready else ready[0]
st.session_state[changes.PARTNER], st.session_state[changes.ACTIVITY] = then, view.profile
with st.container(key="bar"):
    first, second, last = st.columns([5, 4, 2], vertical_alignment="bottom")
first.selectbox(
    "Compare with",
    options=ready,
    format_func=lambda key: shelf[key].label,
    key=changes.PARTNER,
    on_change=lambda: state.choose(then=st.session_state[changes.PARTNER]),
)
second.segmented_control(
    "For",
    options=list(about_change.ACTIVITY),
    format_func=lambda key: MEASURES[key].name,
    required=True,
    key=changes.ACTIVITY,
    on_change=lambda: state.choose(measure=st.session_state[changes.ACTIVITY]),
)
with last:
    copy_button("Copy link", key="copy link")

found = changes.with_partner(view, then)
count = about_change.count_shown(found, view.profile)
if said := about_change.definition(found, view.profile):
    st.html(look.note("What is counted changed", said, kind="warn"))
if count is None:
    st.html(look.note("No figure may be called better or worse", "The releases cut speeds at other edges."))
else:
    total = about_change.total_row(found, count.key)
    terms.say(f'<p class="ns-say">{reasons.marked(about_change.headline(found, count), tag="em")}</p>', part="headline")
    terms.say(f'<p class="ns-lede">{escape(" ".join(about_change.explained(found, count)))}</p>', part="lede")
    st.header("Council by council")
    terms.say(changes.councils(found, count), part="councils")
    st.header("Places left behind")
    left = f'<p class="ns-small">{escape(about_change.behind(found, count))}</p>{changes.behind(found, count)}'
    terms.say(left, part="behind")
if cautions := about_change.cautions(found):
    st.header("Before you use these figures")
    terms.say(f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in cautions)}</ul>", part="cautions")
if listed := changes.reasons_list(known):
    with st.expander("Studies that cannot be compared with this one"):
        st.html(listed)
frame.foot(view)
