"""What the page of hidden need is about: a boundary, a place and a need off the link, and the cards beside a place."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, cast

import pandas as pd
import streamlit as st

from connectivity.claims import about_need, about_places
from connectivity.claims.about_boundaries import title
from connectivity.claims.grammar import in_every_hundred
from connectivity.places import hidden_need
from connectivity.places.hidden_need import Known, Standing
from connectivity.places.reports import read_shares
from connectivity.robustness.stored_run import read_stored_run
from connectivity.views import figures, reportview, state
from connectivity.views.copying import copy_button
from connectivity.views.links import quoted
from connectivity.views.state import View
from layers.errors import OutputError
from layers.families import Family, family_of

COUNCIL = "district"
BY, AT, NEED = "by", reportview.AT, "need"
"""What a link holds besides the usual: the boundary and the place in it, and which need."""


@dataclass(frozen=True, slots=True)
class World:
    """The places of one boundary, with the need they are held against.

    Attributes
    ----------
    family
        What the places are.
    pieces, found
        From `tails.pieces` and `tails.places`; the second with names.
    known
        The need, or None in a study without.
    study, study_need
        The whole study's share in need, and its mean score for need.
    divided
        Whether small areas are cut, or put whole where they are not.
    """

    family: Family
    pieces: pd.DataFrame
    found: pd.DataFrame
    known: Known | None
    study: float
    study_need: float
    divided: bool

    @property
    def tailed(self) -> bool:
        """Say whether any of the places has a worst tenth."""
        return bool(self.found["contrast"].notna().any())

    def row(self, key: str) -> dict[str, Any]:
        """Give one place's figures."""
        return cast("dict[str, Any]", self.found.loc[key].to_dict())

    def of(self, key: str) -> pd.DataFrame:
        """Give one place's small areas."""
        return self.pieces[self.pieces["key"] == key]

    def looks(self, key: str) -> Standing | None:
        """Say how a place looks on average."""
        return hidden_need.standing(self.row(key)["share"], study=self.study)


def boundaries(view: View) -> list[str]:
    """List the boundaries a reader can choose from, councils first."""
    return [COUNCIL, *(name for name in reportview.available(view) if name != COUNCIL)]


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: lambda view: view.build})
def known(view: View) -> dict[str, Known]:
    """Find the needs that can be held against gaps; the raw rates are there in a build with draws."""
    try:
        facts = read_stored_run(view.folder).facts
    except OutputError:  # built without draws: the indicators themselves are enough, but for means of two rates
        facts = None
    return hidden_need.known(view.manifest, areas=view.areas, facts=facts)


def asked(view: View) -> tuple[str, str | None, list[str]]:
    """Read the boundary and the need off the link, and name what cannot be followed."""
    said, query = [], st.query_params
    by, need = query.get(BY) or COUNCIL, query.get(NEED)
    if by not in boundaries(view):
        said.append(f"The link asked for the boundary {quoted(by)}. This study is not reported by it.")
        del query[BY]
        by = COUNCIL
    shares = known(view)
    if need and need not in shares:
        said.append(f"The link asked for the need {quoted(need)}. We cannot hold it against gaps in this study.")
        del query[NEED]
    return by, need if need in shares else next(iter(shares), None), said


@st.cache_resource(show_spinner=False, max_entries=24, hash_funcs={View: lambda view: f"{view.build} {view.profile}"})
def world(view: View, by: str, need: str | None) -> World:
    """Sum up every place of a boundary."""
    one = known(view)[need] if need else None
    share = None if one is None else one.shares
    councils = hidden_need.parts_by_council(view.areas)
    whole = hidden_need.pieces(view.areas, parts=councils, profile=view.profile, share=share)
    study = hidden_need.study_share(whole)
    if by == COUNCIL:
        pieces, names, divided = whole, pd.Series(view.districts), False
    else:
        listed, shares = read_shares(view.folder)[by]
        names, divided = listed["name"], shares.modelled
        pieces = hidden_need.pieces(view.areas, parts=shares.inside, profile=view.profile, share=share)
    found = hidden_need.places(pieces, study=study)
    found["name"] = names.reindex(found.index)
    return World(family_of(by), pieces, found, one, study, hidden_need.study_need(whole), divided)


def chosen(view: View, here: World, by: str) -> tuple[str, list[str]]:
    """Give the place to show, and what of the link cannot be followed: the link's, else the one that hides most."""
    if by == COUNCIL:
        own = str(view.areas.loc[view.link.place, "district_code"]) if view.link.place else None
        key = view.link.district or own
        return (
            (key, [])
            if key and key in here.found.index
            else (hidden_need.first_shown(here.found, study=here.study), [])
        )
    key = st.query_params.get(AT)
    if key and key in here.found.index:
        return key, []
    if key:
        del st.query_params[AT]
    said = [f"The link asked for the place {quoted(key)}. We do not know it by this boundary."] if key else []
    return hidden_need.first_shown(here.found, study=here.study), said


def keep(view: View, *, by: str, key: str) -> None:
    """Keep a place in the page's address, so that another need or activity shows the same one."""
    if by == COUNCIL:
        place = view.link.place
        inside = place is not None and view.areas.loc[place, "district_code"] == key
        state.choose(district=key, place=place if inside else None)
    else:
        st.query_params[AT] = key


def controls(view: View, here: World, *, by: str, need: str | None, key: str) -> None:
    """Let the reader choose a boundary, a place in it, a need and an activity."""
    names = {str(one): str(name) for one, name in here.found["name"].sort_values().items()}
    twice = here.found["name"].duplicated(keep=False)
    names |= {str(one): f"{names[str(one)]} · {one}" for one in here.found.index[twice]}
    with st.container(key="bar"):
        first, second, third, last = st.columns([3, 4, 3.4, 2], vertical_alignment="bottom")
    listed, shares = boundaries(view), known(view)

    def need_chosen() -> None:
        st.query_params[NEED] = st.session_state[NEED]
        keep(view, by=by, key=key)

    st.session_state[BY], st.session_state[AT], st.session_state[NEED] = by, key, need
    if len(listed) > 1:
        first.selectbox(
            "Kind of place",
            options=listed,
            format_func=lambda name: title(family_of(name)),
            key=BY,
            on_change=_boundary_chosen,
        )
    second.selectbox(
        here.family.singular.capitalize() if here.family.singular.islower() else here.family.singular,
        options=list(names),
        format_func=lambda one: names.get(one, one),
        key=AT,
        on_change=lambda: keep(view, by=by, key=st.session_state[AT]),
    )
    if shares:
        third.selectbox(
            "Need",
            options=list(shares),
            format_func=lambda one: shares[one].need.label if one in shares else one,
            key=NEED,
            on_change=need_chosen,
        )
    with last:
        copy_button("Copy link", key="copy link")
    reportview.activity(view, also=lambda: keep(view, by=by, key=key))


def about(view: View, here: World, key: str) -> str:
    """Draw what to know of a place."""
    row, basis = here.row(key), view.basis
    facts = []
    if here.known is not None:
        facts = [
            (here.known.need.label, about_need.in_need(row, basis=basis)),
            ("In every 100", in_every_hundred(row["share"])),
            ("In every 100 across the study", in_every_hundred(here.study)),
        ]
    if row["need"] >= 0:
        facts += [
            ("Mean need, 0 (least) to 100 (most)", f"{row['need']:.0f}"),
            ("Mean need across the study", f"{here.study_need:.0f}"),
        ]
    said = [about_need.elsewhere(row, known=here.known, basis=basis)]
    said += about_need.left_out(row, known=here.known, basis=basis)
    said += [about_places.measured(basis), f"{about_places.modelled(basis)} {about_places.counted(basis)}".strip()]
    if here.known is None:
        said.insert(0, about_need.without_need([one["label"] for one in hidden_need.declared(view.manifest)]))
    elif here.known.proxy:
        said.insert(0, about_need.stand_in(here.known))
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in said if sentence)
    return f'<div class="ns-card"><h2>About this place</h2>{figures.facts(facts)}{told}</div>'


def method(view: View, here: World) -> str:
    """Draw how the page's figures are made."""
    rules = about_need.made(known=here.known, basis=view.basis, divided=here.divided)
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in rules)
    return f'<div class="ns-card ns-card-quiet"><h2>How this is made</h2>{said}</div>'


def not_apart(view: View, here: World, key: str) -> list[str]:
    """Name the councils in a place whose small areas cannot be told apart."""
    ours = here.of(key)
    codes = ours.loc[~ours["separable"], "district_code"].unique()
    return [name for code, name in view.districts.items() if code in codes]


def _boundary_chosen() -> None:
    st.query_params.pop(AT, None)
    st.query_params[BY] = st.session_state[BY]
