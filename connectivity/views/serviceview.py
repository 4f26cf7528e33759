"""What the page of a service shows: its map, its table, one place's card, the list to quote, and the rules."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from connectivity import service as decisions
from connectivity.claims import about_places, about_services
from connectivity.claims.grammar import number
from connectivity.maps import symbology
from connectivity.maps.sketch import MOST_PLACES
from connectivity.service import (
    COUNTER,
    FIRST,
    READINGS,
    SERVICES,
    STEPS,
    USUAL,
    Affected,
    Alternative,
    Marks,
    Service,
    alternatives,
)
from connectivity.views import areatable, links, look, reasons
from connectivity.views.view import View

SORTED = {step: at for at, step in enumerate(STEPS)}


def asked(view: View) -> str | None:
    """Say which part of the link is ignored because no such service is known."""
    text = view.link.service
    if text is None or text in SERVICES:
        return None
    return f"The link asked for the service {links.quoted(text)}. We do not know it: you see “{SERVICES[FIRST].name}”."


def chosen(view: View) -> Service:
    """Give the service that is open."""
    return SERVICES.get(view.link.service or FIRST, SERVICES[FIRST])


def named(view: View) -> str:
    """Name everything that the map and the table of this view depend on."""
    return f"{chosen(view).key} {view.showing}"


def known(view: View) -> list[Alternative]:
    """List the distances the study has."""
    return alternatives(view.manifest)


def found(view: View, *, marks: Marks = USUAL) -> pd.DataFrame:
    """Give the decision for each area on show."""
    everywhere = _decided(view, chosen(view), marks)
    return everywhere.loc[view.shown.index]


@st.cache_resource(
    show_spinner=False,
    max_entries=24,
    hash_funcs={View: lambda view: view.build, Service: lambda one: one.key, Marks: lambda one: one.end},
)
def _decided(view: View, service: Service, marks: Marks) -> pd.DataFrame:
    return decisions.decide(view.areas, service=service, manifest=view.manifest, marks=marks)


def total(view: View) -> Affected:
    """Add up the people of all areas on show that have a figure."""
    here = touched(view)
    scored = int(here["decision"].isin(STEPS).sum())
    place = about_places.among(view.where, scored=scored, of=len(here)) if scored else view.where
    return decisions.affected(here, areas=view.areas, place=place, shares=shares(view))


def touched(view: View) -> pd.DataFrame:
    """Give the decision for every area of which something lies in what is on show: also what is too little to draw."""
    part = view.part
    return found(view) if part is None else _decided(view, chosen(view), USUAL).loc[part.shares.index]


def shares(view: View) -> pd.Series | None:
    """Say how much of each area's premises lies in the part on show; None where areas lie in it whole."""
    return view.part.shares if view.part is not None else None


def covers(view: View) -> str:
    """Say what the service takes in, so that a reader finds the one they have in mind."""
    return f'<p class="ns-lede">For example: {escape(chosen(view).examples)}.</p>'


def past(view: View) -> str:
    """Say first that lines measured in the past decide nothing about today; empty for what is on offer."""
    said = about_services.measured(view.basis)
    return look.note(about_services.PAST, said, kind="warn") if said else ""


def lede(view: View) -> str:
    """Write the big sentence, and below it what it rests on."""
    basis, counts = view.basis, decisions.counted(found(view))
    whole = total(view)
    before, sentence = about_services.headline(whole, service=chosen(view), counts=counts, basis=basis)
    small = (
        about_services.others(counts, basis=basis),
        about_services.rests(whole, basis=basis) if whole.of else "",
        about_places.modelled(basis),
        about_places.counted(basis),
    )
    return (
        f'<p class="ns-say">{escape(before)}{reasons.marked(sentence, tag="em")}</p>'
        f'<p class="ns-small">{escape(" ".join(said for said in small if said))}</p>'
    )


def symbol(mark: str) -> str:
    """Draw the diamond that fills the more a counter is needed; words always stand beside it."""
    return f'<span class="ns-sym ns-sym-{mark}" aria-hidden="true"></span>'


def table(view: View, *, picked: Callable[[str], None]) -> None:
    """Show the map's areas as a table with the same figures."""
    key = f"service {view.link.study or 'first'} {chosen(view).key}{' councils' if view.overview else ''}"
    data = {
        "rows": councils(view) if view.overview else rows(view),
        "columns": [
            "Council" if view.overview else "Place",
            about_services.column(view.basis),
            about_services.question(view.basis),
        ],
        "sort": 1,
        "tiers": True,
        "caption": f"{heading(view)} in {view.where}, with the figures of the map. Use the column buttons to sort.",
        "first": view.link.place,
    }
    if st.session_state.get("service shown") == key:  # a later pick is sent by `follow` alone
        data["first"] = st.session_state["service place"]
    else:
        st.session_state["service shown"], st.session_state["service place"] = key, view.link.place
    areatable.sortable(data, key=key, picked=picked)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={View: named})
def rows(view: View) -> list[list[Any]]:
    """Write the table's rows as `areatable.rows` does: people, then the decision as what sorts it and its words."""
    listed, here = known(view), found(view)
    distances = view.shown[[one.column for one in listed]]
    joined = view.shown[["area_name", "district_name", "status", "premises"]].join(here).join(distances)
    made, most = [], float(here["people"].max()) or 1.0
    for code, row in zip(joined.index, joined.to_dict("records"), strict=True):
        head = [code, row["area_name"], "" if view.link.district else row["district_name"]]
        if row["decision"] not in SORTED:
            made.append([*head, None, None, None, "no figure", "", None, READINGS[row["decision"]].label])
            continue
        numbers = [round(row[f"people{tail}"], 2) for tail in ("", "_low", "_high")]
        said = [f"{number(numbers[0])}|", f"{number(numbers[1])} to {number(numbers[2])}"]
        value = round(SORTED[row["decision"]] + 0.9 * row["people"] / most, 4)  # the decision first, then the people
        made.append([*head, *numbers, *said, value, about_services.cell(row, known=listed, basis=view.basis)])
    return made


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: named})
def councils(view: View) -> list[list[Any]]:
    """Write the table's rows by council, where there are more places than a map can draw."""
    made, here, names = [], found(view), view.districts
    for code, part in here.groupby(view.shown["district_code"]):
        counts = decisions.counted(part)
        scored = len(part) - counts[decisions.UNKNOWN]
        if not scored:
            made.append([code, names[str(code)], "", None, None, None, "no figure", "", None, about_places.NOT_ENOUGH])
            continue
        one = decisions.affected(part, areas=view.areas, place=names[str(code)])
        numbers = [round(value, 2) for value in (one.best, one.low, one.high)]
        said = [f"{number(one.best)}|", f"{number(one.low)} to {number(one.high)}"]
        third = about_services.council_cell(counts, basis=view.basis)
        made.append([code, one.place, f"{len(part):,} places", *numbers, *said, counts[COUNTER], third])
    return made


def card(view: View, code: str) -> str:
    """Draw one place: the decision, its sentences, every distance the study has."""
    row = joined(view, code)
    reading = READINGS[row["decision"]]
    said = about_services.place(_one(view, code), row, service=chosen(view), known=known(view), basis=view.basis)
    told = about_services.named(row)
    far = about_services.nearest(row, known=[one for one in known(view) if one.key != told])
    lines = "".join(f"<p>{escape(line)}</p>" for line in (*said, *([" ".join(far)] if far else [])))
    return (
        f'<div class="ns-card"><h2>{escape(str(row["area_name"]))}</h2>'
        f'<p class="ns-small">{escape(str(row["district_name"]))}</p>'
        f'<p class="ns-tier">{symbol(reading.mark)}{escape(reading.name(view.basis))}</p>{lines}</div>'
    )


def joined(view: View, code: str) -> dict[str, Any]:
    """Give one area with its decision as a plain dictionary."""
    return view.row(code) | {str(key): value for key, value in _here(view, code).iloc[0].to_dict().items()}


def _here(view: View, code: str) -> pd.DataFrame:
    return _decided(view, chosen(view), USUAL).loc[[code]]


def _one(view: View, code: str) -> Affected:
    return decisions.affected(_here(view, code), areas=view.areas, place=str(view.areas.loc[code, "area_name"]))


def quote(view: View) -> str:
    """Word the page's figure so that it can be quoted."""
    counts = decisions.counted(found(view))
    return about_services.citation(total(view), service=chosen(view), counts=counts, basis=view.basis)


def heading(view: View) -> str:
    """Count what the table lists."""
    if view.overview:
        return f"All {view.shown['district_code'].nunique():,} councils"
    return f"All {len(view.shown):,} places"


def below_map(view: View) -> str:
    """Say what the shapes are, how a part's border treats them, and in which councils they cannot be told apart."""
    if view.overview:
        return about_services.too_many(MOST_PLACES)
    apart = view.shown["separable"].astype(bool) if "separable" in view.shown else view.shown["premises"].notna()
    names = sorted(set(view.shown.loc[~apart, "district_name"]))
    cut = (
        about_services.cut(view.part.called, best_fit=view.part.cut is None) if view.part and view.part.cut != 0 else ""
    )
    return " ".join(
        said
        for said in (
            symbology.small_areas(part=len(view.shown) < len(view.areas)),
            cut,
            about_services.told_apart(names),
        )
        if said
    )
