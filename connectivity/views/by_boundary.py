"""The build on show by one of its boundaries: its reports, the choice of an activity, the place kept in the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from connectivity.maps.symbology import MEASURES
from connectivity.places.reportable import premises_beyond
from connectivity.places.reports import Report, read_shares, report_by
from connectivity.views.state import View, choose
from layers.families import FAMILIES, family_of
from layers.reporting import Shares

Read = dict[str, tuple[pd.DataFrame, Shares]]


ACTIVITY = "activity of the report"


AT = "at"
"""The place of a report, in a link."""


def available(view: View) -> list[str]:
    """List the boundaries the shown build was reported by, those of most readers first."""
    order = [family.name for family in FAMILIES]
    return sorted(_shares(view), key=lambda name: order.index(name) if name in order else len(order))


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: lambda view: view.build})
def _shares(view: View) -> Read:
    return read_shares(view.folder)


def parts(view: View, name: str) -> tuple[pd.DataFrame, Shares]:
    """Give the places of a report, and which part of each area lies in which."""
    return _shares(view)[name]


def keys_of(view: View, name: str) -> set[str]:
    """Give what stands for each place of a report: its code, or its name where it has none."""
    places, _ = _shares(view)[name]
    return set(places["code"].where(places["code"].ne(""), places["name"]))


@st.cache_resource(show_spinner=False, max_entries=24, hash_funcs={View: lambda view: view.scoring})
def made(view: View, name: str) -> Report:
    """Add up the build by one of its boundaries; the reader's weights decide which areas are the worst."""
    places, shares = _shares(view)[name]
    beyond = premises_beyond(view.manifest, view.areas)
    return report_by(places, shares=shares, areas=view.areas, family=family_of(name), beyond=beyond, drawn=view.drawn)


def row_of(found: Report, key: str) -> dict[str, Any]:
    """Give the row of one place of a report, by what stands for it."""
    places = found.places
    row = places[places["code"].where(places["code"].ne(""), places["name"]) == key].iloc[0]
    return {str(name): value for name, value in row.to_dict().items()}


def activity(view: View, *, also: Callable[[], None] = lambda: None) -> None:
    """Let the reader choose which activity's counts are shown; then do what else the page wants done."""

    def chosen() -> None:
        choose(measure=st.session_state[ACTIVITY])
        also()

    st.session_state[ACTIVITY] = view.profile
    st.segmented_control(
        "What people need to do",
        options=["remote", "digital"],
        format_func=lambda key: MEASURES[key].name,
        required=True,
        key=ACTIVITY,
        on_change=chosen,
    )


def keep(key: str | None) -> None:
    """Keep the chosen place in the page's address, so that a link restores it."""
    if key:
        if st.query_params.get(AT) != key:
            st.query_params[AT] = key
    elif AT in st.query_params:
        del st.query_params[AT]


def places_labelled(places: pd.DataFrame) -> list[str]:
    """Name places; where two share a name, the code tells them apart."""
    twice = places["name"].duplicated(keep=False) & places["code"].ne("")
    return list(places["name"].where(~twice, places["name"] + " · " + places["code"]))
