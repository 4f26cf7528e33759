"""A report by one boundary on the page: its total, its places as a table, and one of them in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from connectivity.claims import about_boundaries
from connectivity.claims.claim import Claim
from connectivity.claims.grammar import number
from connectivity.maps.symbology import MEASURES
from connectivity.places.reportable import premises_beyond
from connectivity.places.reports import TOTAL, Report, file_of, percent, read_shares, report, report_csv
from connectivity.views import areatable, figures, look, reasons, reportlinks, reporttable, terms
from connectivity.views.copying import copy_button
from connectivity.views.state import choose
from connectivity.views.view import View
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
    return report(places, shares=shares, areas=view.areas, family=family_of(name), beyond=beyond)


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


def show(view: View, found: Report, *, chosen: str) -> None:
    """Show a report: what it adds up to, then the place chosen beside the table of all.

    Parameters
    ----------
    chosen
        Where the session keeps the chosen place's row: its code, or its name where there is none.
    """
    basis, places = view.basis, found.places
    keys = places["code"].where(places["code"].ne(""), places["name"])
    said = escape(about_boundaries.adds_up(found, basis=basis))
    if len(places) == 1:
        with st.container(key="split"):
            left, right = st.columns([7, 5.2], gap="medium")
        place(view, found, places.iloc[0].to_dict(), left=left, right=right)
        left.html(f'<p class="ns-small"><b>It adds up.</b> {said}</p>')
        with left:
            _download(view, found)
        return
    if st.session_state.get(chosen) not in set(keys):
        st.session_state[chosen] = None
    with st.container(key="split"):
        left, right = st.columns([5.2, 7], gap="medium")
    with left:
        names = dict(zip(keys, reporttable.labels(places), strict=True))
        st.selectbox(
            f"Find one of {len(places):,} {found.family.plural}",
            options=list(keys),
            format_func=lambda key: names.get(key, key),
            index=None,
            placeholder="Type its name",
            key=chosen,
        )
        keep(st.session_state[chosen])
        if st.session_state[chosen]:
            here = st.container()
            place(view, found, places[keys == st.session_state[chosen]].iloc[0].to_dict(), left=here, right=here)
        else:
            whole = found.rows[found.rows["row"] == TOTAL].iloc[0].to_dict() | {"name": view.basis.place}
            _say(about_boundaries.claim_of(whole, family=family_of("district"), profile=view.profile, basis=view.basis))
        terms.say(
            '<div class="ns-card ns-card-quiet"><h2>How this is made</h2>'
            f"<p>{escape(about_boundaries.method(found))}</p>"
            f"<p><b>It adds up.</b> {said}</p></div>",
            part="method",
        )
        _download(view, found)
    key = f"by {found.family.name} {view.link.study or 'first'} {view.profile}"
    titles = [
        about_boundaries.column(found),
        "With a gap" if basis.unit == "premises" else "Lines with a gap",
        "In every 100",
    ]
    with right, st.container(key="beside"):
        areatable.sortable(
            {
                "rows": reporttable.rows(view, found, keys, councils=_councils(view, found.family.name)),
                "columns": titles,
                "sort": 1,
                "caption": f"{about_boundaries.title(found.family)}, with the premises of each. "
                "Use the column buttons to sort.",
                "first": st.session_state.setdefault(f"first in {key}", st.session_state[chosen]),  # sent once
            },
            key=key,
            picked=lambda code: st.session_state.update({chosen: code}),
        )
        areatable.follow(st.session_state[chosen])


def keep(key: str | None) -> None:
    """Keep the chosen place in the page's address, so that a link restores it."""
    if key:
        if st.query_params.get(AT) != key:
            st.query_params[AT] = key
    elif AT in st.query_params:
        del st.query_params[AT]


def place(view: View, found: Report, row: Mapping[Any, Any], *, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Show one place: the sentence, its range and the words to quote on the left; how it was made on the right."""
    basis = view.basis
    claim = about_boundaries.claim_of(row, family=found.family, profile=view.profile, basis=view.basis)
    if claim is None:
        left.html(look.note(about_boundaries.nothing_there(row, family=found.family, basis=basis), kind="warn"))
        return
    share = percent(row, profile=view.profile)
    facts = [
        (basis.unit.capitalize(), number(row["premises"], exact=True)),
        ("Not known", number(row["premises_unknown"], exact=True)),
        ("In every 100", "too few to say" if share is None else f"{share:.1f}"),
        about_boundaries.inside(row),
    ]
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    told = "".join(f"<p>{escape(said)}</p>" for said in about_boundaries.caveats(row, report=found, basis=basis))
    told += reportlinks.worst(view, str(row["worst_codes"]).split())
    quote = about_boundaries.citation(claim, row, report=found, basis=basis)
    with left:
        _say(claim)
        st.html(figures.range_bar(claim) + _on_map(view, found, row, called=claim.place))
    about = f'<div class="ns-card"><h2>About this place</h2><dl class="ns-facts">{listed}</dl>{told}</div>'
    right.html(terms.explained(about, part="about"))
    with left:
        st.html(f'<div class="ns-card ns-card-do"><h2>Use this figure</h2><p>{escape(quote)}</p></div>')
        copy_button("Copy sentence", text=quote, key="copy sentence")


def _on_map(view: View, found: Report, row: Mapping[Any, Any], *, called: str) -> str:
    """Link a place of one of the build's boundaries to its map; a reader's own shape is on none."""
    name, key = found.family.name, str(row["code"] or row["name"])
    return reportlinks.on_map(name, key, called) if name in available(view) and key in keys_of(view, name) else ""


def _say(claim: Claim | None) -> None:
    if claim is not None:
        sentence = reasons.marked(claim.say(), tag="em")
        terms.say(f'<p class="ns-say">{sentence}</p>', part="sentence")


def _download(view: View, found: Report) -> None:
    st.download_button(
        "Download the table (CSV)",
        data=report_csv(found, notice=view.basis.notice),
        file_name=view.file_name(f"{view.basis.release.replace(' ', '-')}_{file_of(found.family.name)}"),
        mime="text/csv",
        on_click="ignore",
    )


@st.cache_resource(show_spinner=False, max_entries=24, hash_funcs={View: lambda view: view.build})
def _councils(view: View, name: str) -> dict[str, str]:
    if name not in available(view):
        return {}
    places, shares = _shares(view)[name]
    return reporttable.councils(places, inside=shares.inside, areas=view.areas)
