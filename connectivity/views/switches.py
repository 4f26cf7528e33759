"""Switches of the map: who works, and whether fixed wireless and mobile count. Other pages keep the study's counts."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import streamlit as st

from connectivity.claims import about_switches
from connectivity.claims.claim import Basis
from connectivity.claims.grammar import capital
from connectivity.html.app_parts import paragraph
from connectivity.robustness.switched_counts import (
    AS_BUILT,
    ROUTES,
    WORKERS,
    Choices,
    Switch,
    SwitchedCounts,
    Turned,
    switched_counts,
)
from connectivity.views import links, state
from connectivity.views.state import View, choose

WHO, WIRELESS, MOBILE = "who works", "fixed wireless counts", "mobile counts"
COUNTING_AGAIN = "Counting every place again …"


def meant(view: View) -> View:
    """Give the view that says what the reader's link asks to be counted; its counts are still the study's own."""
    link = view.link
    asked = {"who": link.who, "wireless": link.wireless, "mobile": link.mobile}
    switch = state.choices(str(view.folder)).switch(asked) if any(asked.values()) else AS_BUILT
    return replace(view, switch=switch)


def applied(view: View) -> View:
    """Give the view with the counts that the reader's link asks for; the study's own where it asks for no others."""
    switch = meant(view).switch
    if switch == AS_BUILT:
        return view
    again = _counted(view, switch)
    routes = None if switch.routes else view.routes
    return replace(view, areas=_areas(view, switch), drawn=again.drawn, routes=routes, switch=switch)


def controls(view: View) -> None:
    """Show who works and what counts, with what cannot be changed, and why."""
    offered = state.choices(str(view.folder))
    if not offered.kept:
        st.html(paragraph(about_switches.NOT_KEPT, "ns-small"))
        return
    if "who" not in offered.refused:
        st.session_state[WHO] = view.link.who or offered.own["who"]
        st.radio(
            "Who works",
            options=list(WORKERS),
            format_func=lambda name: capital(WORKERS[name].label),
            key=WHO,
            on_change=lambda: _turn("who", str(st.session_state[WHO]), offered),
        )
    _route(view, "wireless", title="Fixed wireless counts", key=WIRELESS, offered=offered)
    _route(view, "mobile", title="Mobile counts", key=MOBILE, offered=offered)
    lines = [why for name, why in about_switches.WHY_NOT.items() if name in offered.refused]
    if len(lines) < len(about_switches.WHY_NOT):
        lines = [about_switches.own_note(Basis.of(view.manifest)), *lines]
    st.html(paragraph(" ".join(lines), "ns-small"))


def _route(view: View, name: Turned, *, title: str, key: str, offered: Choices) -> None:
    """Show whether a route counts; nothing where that cannot be changed."""
    if name in offered.refused:
        return
    now = view.link.wireless if name == "wireless" else view.link.mobile
    st.session_state[key] = ROUTES[now or offered.own[name]]
    words = {counts: word for word, counts in ROUTES.items()}
    st.toggle(title, key=key, on_change=lambda: _turn(name, words[bool(st.session_state[key])], offered))


def _turn(name: Turned, text: str, offered: Choices) -> None:
    chosen = links.turned(name, text, choices=offered)
    if name == "who":
        choose(who=chosen)
    elif name == "wireless":
        choose(wireless=chosen)
    else:
        choose(mobile=chosen)


@st.cache_resource(
    show_spinner=COUNTING_AGAIN, max_entries=12, hash_funcs={View: lambda view: view.build, Switch: repr}
)
def _counted(view: View, switch: Switch) -> SwitchedCounts:
    """Count a build again: once for all readers."""
    run = state.stored_run(str(view.folder))
    if run is None:
        raise RuntimeError(f"{view.folder} keeps no evidence, so no switch of it is offered")
    return switched_counts(run, areas=view.areas, switch=switch, drawn=view.drawn)


@st.cache_resource(show_spinner=False, max_entries=12, hash_funcs={View: lambda view: view.scoring, Switch: repr})
def _areas(view: View, switch: Switch) -> gpd.GeoDataFrame:
    """Give the areas with their counts of a switch; score and ranks stay."""
    again = _counted(view, switch).columns
    return view.areas.assign(**{str(name): again[name] for name in again})
