"""What a reader sets: the place, the council, the measure and the weights. Each changes the link and nothing else."""

from __future__ import annotations

from html import escape
from typing import Literal

import streamlit as st

from connectivity.claims import about_places
from connectivity.maps import symbology
from connectivity.maps.sketch import MOST_PLACES
from connectivity.maps.symbology import MEASURES
from connectivity.views import lens, links, look, search, terms
from connectivity.views.copying import copy_button
from connectivity.views.figures import PARTS
from connectivity.views.state import address, choose, reports
from connectivity.views.view import View
from connectivity.views.weights import check_weights
from connectivity.weightings import Percent
from layers.families import family_of

FIND, MEASURE, FAULT = "find a place", "measure on the map", "weights fault"
WeightsField = Literal["weights", "than"]
"""The parts of a link that hold weights."""

SEVERAL_BEGIN = "Several names begin so. Choose one, or type more of it:"
ANY_SUM = "They need not add up to 100: four times 25 is the same as four times 50."


def bar(view: View) -> None:
    """Show the row above the map: find a place, choose a council and a measure, copy the link."""
    st.session_state[FIND] = view.link.place
    st.session_state[MEASURE] = view.measure.key
    names = labels(view)
    with st.container(key="bar"):
        first, second, third, last = st.columns([3.7, 3.2, 3.3, 1.7], vertical_alignment="bottom")
    first.selectbox(
        "Find a place",
        options=list(names),
        format_func=lambda code: names.get(code, code),
        placeholder="Postcode, ward or town",
        accept_new_options=True,
        key=FIND,
        on_change=_found,
        args=(view,),
    )
    lens.choice(view, first=second, second=third)
    with last:
        copy_button("Copy link", key="copy link")
    if view.link.find:
        st.html(_not_found(view, view.link.find))
    st.segmented_control(
        "Show on the map",
        options=["remote", "digital"] if view.overview else symbology.shown(view.areas, absent=view.absent),
        format_func=lambda key: MEASURES[key].name,
        required=True,
        key=MEASURE,
        on_change=lambda: choose(measure=st.session_state[MEASURE]),
    )
    if view.absent:
        named = " and ".join(f"“{PARTS[name]}”" for name in view.absent)
        st.html(f'<p class="ns-small">{escape(named)}: not in this study, so it does not count in the score.</p>')


def pick(code: str, *, view: View) -> None:
    """Choose a place, and its council where it is not on show; or a council where councils are shown."""
    if code in view.districts:
        choose(district=code, part=None, place=None, find=None)
    elif view.overview or code not in view.shown.index:
        choose(place=code, district=str(view.areas.loc[code, "district_code"]), part=None, find=None)
    else:
        choose(place=code, find=None)


def weights(view: View) -> None:
    """Show the form in which a reader says how much each thing counts."""
    title = "Your weights are in use" if view.link.weights else "Change what counts in the score"
    more = f"{ANY_SUM} {about_places.score_explained()}"
    form(view, "weights", shown=view.link.weights or view.own_weights, title=title, more=more)


def form(view: View, field: WeightsField, *, shown: Percent, title: str, more: str) -> None:
    """Show a form of weights.

    Parameters
    ----------
    field
        Which part of the link it changes.
    shown
        The weights it starts from.
    title, more
        What stands on it when it is closed, and above its sliders.
    """
    fault = st.session_state.pop(f"{FAULT} {field}", None)
    kept = {name: value for name, value in zip(PARTS, shown, strict=True) if name not in view.absent}
    total = sum(kept.values()) or 1
    said = ", ".join(f"{PARTS[name].lower()} {100 * value / total:.0f}%" for name, value in kept.items())
    with st.expander(title, expanded=fault is not None), st.form(field, border=False):
        terms.say(f'<p class="ns-small">Now in use: {said}. {escape(more)}</p>', part=field)
        if fault:
            st.html(look.note("These weights cannot make a score", fault, kind="warn"))
        for name, value in kept.items():
            if fault is None:
                st.session_state[_slider(field, name)] = value
            st.slider(PARTS[name], 0, 100, step=5, key=_slider(field, name))
        with st.container(horizontal=True):
            st.form_submit_button("Use these weights", type="primary", on_click=_use_weights, args=(view, field))
            st.form_submit_button("Back to the study’s weights", on_click=use, args=(view, field, view.own_weights))


def use(view: View, field: WeightsField, chosen: Percent) -> None:
    """Put weights into the link; the study's own need no naming where they are the usual."""
    if field == "weights":
        choose(weights=None if chosen == view.own_weights else chosen)
    else:
        choose(than=chosen)


def _slider(field: WeightsField, name: str) -> str:
    return f"weight {name}" if field == "weights" else f"other weight {name}"


def _use_weights(view: View, field: WeightsField) -> None:
    remote, digital, need, alternative = (int(st.session_state.get(_slider(field, name), 0)) for name in PARTS)
    chosen = (remote, digital, need, alternative)
    try:
        check_weights(chosen)
    except ValueError as error:
        st.session_state[f"{FAULT} {field}"] = str(error)
        return
    use(view, field, chosen)


def _found(view: View) -> None:
    text = st.session_state[FIND]
    if not text:
        choose(place=None, find=None)
        return
    found = search.answer(
        text, areas=view.areas, reports=reports(str(view.folder)), folder=view.folder, manifest=view.manifest
    ).found
    if found is None:
        choose(**links.missed(text))
    elif found.kind == search.AREA:
        pick(found.key, view=view)
    else:
        choose(**links.opening(found))


def _not_found(view: View, text: str) -> str:
    given = search.answer(
        text, areas=view.areas, reports=reports(str(view.folder)), folder=view.folder, manifest=view.manifest
    )
    near = given.offered
    listed = "".join(
        f'<li><a href="{escape(address("", **links.opening(one)))}" target="_self">{escape(_offer(view, one))}</a></li>'
        for one in near
    )
    if near and given.why != "like":
        said = "Several places are called so. Choose one:" if given.why == "called" else SEVERAL_BEGIN
        return look.note(links.quoted(text), said, more=f"<ul>{listed}</ul>")
    said = "The nearest names we hold are:" if near else "We hold no name like it. Try the ward, or the nearest town."
    if search.is_postcode(text):
        there = escape(address("postcode", postcode=text, find=None))
        listed = f'<li><a href="{there}" target="_self">Check a postcode</a></li>'
        return look.note(f"No place called {links.quoted(text)}", "Ask about it here:", more=f"<ul>{listed}</ul>")
    return look.note(f"No place called {links.quoted(text)}", said, more=f"<ul>{listed}</ul>" if near else "")


def _offer(view: View, one: search.Named) -> str:
    """Name a place that a search may mean by its council, or by what kind of place it is."""
    if one.kind == search.AREA:
        return f"{one.name} · {view.row(one.key)['district_name']}"
    return f"{one.name}, {family_of(one.kind).singular}{' of 2011' if one.kind == search.OLD_DISTRICT else ''}"


def labels(view: View) -> dict[str, str]:
    """Name each place with its council, in the order of the alphabet; of a very large study only those on show."""
    if len(view.areas) > MOST_PLACES:
        return {} if view.overview else _labels(view, view.place)
    return _labels(view, None)


@st.cache_resource(show_spinner=False, max_entries=12, hash_funcs={View: lambda view: view.build})
def _labels(view: View, place: str | None) -> dict[str, str]:
    listed = view.areas if place is None else view.shown
    ordered = listed.sort_values(["area_name", "district_name"], kind="stable")
    return {
        str(code): f"{name} · {district}"
        for code, name, district in zip(ordered.index, ordered["area_name"], ordered["district_name"], strict=True)
    }
