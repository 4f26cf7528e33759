"""What does my ward or parish look like? The same premises by any boundary, or inside a shape of the reader’s own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from connectivity.claims import about_boundaries, about_places
from connectivity.claims.claim import Claim
from connectivity.claims.grammar import number, out_of_hundred
from connectivity.html.app_parts import card, joined, linked, paragraph, paragraphs, told
from connectivity.places.beside_claims import other_way
from connectivity.places.boundary_claims import (
    empty_claim,
    inside_claim,
    made_claim,
    place_claim,
    sum_claim,
    unscored_claim,
)
from connectivity.places.parts import DISTRICT
from connectivity.places.reports import (
    MOSTLY,
    PLACE,
    TOTAL,
    Report,
    file_of,
    how_made_up,
    percent_infeasible,
    report_csv,
)
from connectivity.views import areatable, by_boundary, frame, links, look, reasons, shape, small_figures, state, terms
from connectivity.views.copying import copy_button, use_figure
from connectivity.views.state import View, address
from layers.families import family_of


def _worst(view: View, codes: list[str]) -> Markup:
    """Name a place's worst small areas, each linked to its reasons; nothing for none."""
    if not codes:
        return look.NOTHING
    before, after = about_boundaries.worst_areas_named(len(codes))
    there = [(address("why", place=code, district=None), str(view.areas.loc[code, "area_name"])) for code in codes]
    return joined(before, [linked(*one) for one in there], "; ", after)


def _see_on_map(kind: str, key: str, called: str) -> Markup:
    """Link a place to the map of it.

    Parameters
    ----------
    kind
        The report's name.
    key
        What stands for the place there.
    called
        What it is called in a sentence.
    """
    if kind == DISTRICT:
        there = address("", district=key, part=None, place=None)
    else:
        there = address("", part=f"{kind}:{key}", district=None, place=None)
    return paragraph(linked(there, f"See {called} on the map"), "ns-onward")


def _council_of_each(places: pd.DataFrame, *, inside: pd.DataFrame, areas: pd.DataFrame) -> dict[str, str]:
    """Name the council that each place lies in, by what stands for the place; none for one in several, or a council.

    Parameters
    ----------
    places
        Of a report: index ``key``; ``code``, ``name``.
    inside
        Which part of each area lies where: ``area_code``, ``key``, ``share``.
    areas
        A build's areas.
    """
    mostly = inside[inside["share"] >= MOSTLY.value]
    met = mostly["area_code"].map(areas["district_name"]).groupby(mostly["key"]).unique()
    found = {}
    for key, names in met.items():
        code, called = (str(places.loc[str(key), column]) for column in ("code", "name"))
        if len(names) == 1 and names[0] != called:
            found[code or called] = str(names[0])
    return found


def _rows(view: View, found: Report, keys: pd.Series, *, councils: Mapping[str, str]) -> list[list[Any]]:
    """Write the table's rows as `areatable.rows` does; a name's second line says its council, and what is modelled.

    Parameters
    ----------
    keys
        What stands for each place.
    councils
        From `_council_of_each`, by that.
    """
    made_of = []
    names = by_boundary.places_labelled(found.places)
    for key, name, row in zip(keys, names, found.places.to_dict("records"), strict=True):
        if row["row"] != PLACE:
            continue
        made = (
            "" if found.method == "best fit" else how_made_up({str(k): v for k, v in row.items()}, method=found.method)
        )
        head = [key, name, ", ".join(filter(None, [councils.get(key, ""), made]))]
        claim = place_claim(row, report=found, profile=view.profile, basis=view.basis)
        if claim is None:
            made_of.append([*head, None, None, None, "no figure", "", None, about_places.NOT_ENOUGH])
            continue
        share = percent_infeasible(row, profile=view.profile)
        numbers = [round(value, 2) for value in (claim.best, claim.low, claim.high)]
        lines = [f"{claim.said_best}| of {claim.said_of}", claim.said_range]
        third = [None, "too few to say"] if share is None else [round(share, 2), view.basis.unit]
        made_of.append([*head, *numbers, *lines, *third])
    return made_of


def _show(view: View, found: Report, *, chosen: str) -> None:
    """Show a report: what it adds up to, then the place chosen beside the table of all.

    Parameters
    ----------
    chosen
        Where the session keeps the chosen place's row: its code, or its name where there is none.
    """
    basis, places = view.basis, found.places
    keys = places["code"].where(places["code"].ne(""), places["name"])
    said = sum_claim(found, basis=basis).say()
    if len(places) == 1:
        with st.container(key="split"):
            left, right = st.columns([7, 5.2], gap="medium")
        place(view, found, places.iloc[0].to_dict(), left=left, right=right)
        left.html(told("It adds up.", said, "ns-small"))
        with left:
            _download(view, found)
        return
    if st.session_state.get(chosen) not in set(keys):
        st.session_state[chosen] = None
    with st.container(key="split"):
        left, right = st.columns([5.2, 7], gap="medium")
    with left:
        names = dict(zip(keys, by_boundary.places_labelled(places), strict=True))
        st.selectbox(
            about_boundaries.choose_one("Find", len(places), family=found.family),
            options=list(keys),
            format_func=lambda key: names.get(key, key),
            index=None,
            placeholder="Type its name",
            key=chosen,
        )
        by_boundary.keep(st.session_state[chosen])
        if st.session_state[chosen]:
            here = st.container()
            place(view, found, places[keys == st.session_state[chosen]].iloc[0].to_dict(), left=here, right=here)
        else:
            whole = found.rows[found.rows["row"] == TOTAL].iloc[0].to_dict()
            _say(place_claim(whole, report=found, profile=view.profile, basis=basis))
        terms.say(
            card(
                "How this is made",
                paragraphs([about_boundaries.method(found)]) + told("It adds up.", said),
                "ns-card-quiet",
            ),
            part="method",
        )
        _download(view, found)
    key = f"by {found.family.name} {view.link.study or 'first'} {view.profile}"
    titles = [
        about_boundaries.column(found),
        about_places.gap_column(view.profile, basis=basis),
        "In every 100",
    ]
    with right, st.container(key="beside"):
        areatable.sortable(
            {
                "rows": _rows(view, found, keys, councils=_councils(view, found.family.name)),
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


def place(view: View, found: Report, row: Mapping[Any, Any], *, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Show one place: the sentence, its range and the words to quote on the left; how it was made on the right."""
    basis = view.basis
    claim = place_claim(row, report=found, profile=view.profile, basis=basis)
    if claim is None:
        left.html(look.note(empty_claim(row, family=found.family, basis=basis).say(), kind="warn"))
        return
    inside_it = inside_claim(row, report=found, basis=basis)
    facts = [
        (basis.unit.capitalize(), number(row["premises"], exact=True)),
        ("Not known", number(row["premises_unknown"], exact=True)),
        ("In every 100", out_of_hundred(claim.best, of=claim.of)),
        (inside_it.say("card"), inside_it.say("cell")),
    ]
    made = made_claim(row, report=found, basis=basis)
    unscored = unscored_claim(row, report=found, basis=basis)
    caveats = paragraphs(about_boundaries.caveats(made, unscored, claim))
    inside = small_figures.facts_of_figures(facts) + caveats + _worst(view, str(row["worst_codes"]).split())
    quote = claim.lying_in(f"in the study “{basis.study}”").say("quotation")
    with left:
        _say(claim, beside=_beside(view, found, row, claim=claim))
        st.html(small_figures.range_bar(claim) + _on_map(view, found, row, called=claim.place))
    right.html(terms.explained(card("About this place", inside), part="about"))
    with left:
        use_figure(quote)


def _on_map(view: View, found: Report, row: Mapping[Any, Any], *, called: str) -> Markup:
    """Link a place of one of the build's boundaries to its map; a reader's own shape is on none."""
    name, key = found.family.name, str(row["code"] or row["name"])
    return (
        _see_on_map(name, key, called)
        if name in by_boundary.available(view) and key in by_boundary.keys_of(view, name)
        else look.NOTHING
    )


def _beside(view: View, found: Report, row: Mapping[Any, Any], *, claim: Claim) -> Claim | None:
    """Take a place's count with fixed wireless the other way round; None of a reader's own shape: it was not drawn."""
    name, key = found.family.name, str(row["code"] or row["name"])
    if name not in by_boundary.available(view) or key not in by_boundary.keys_of(view, name):
        return None
    _, shares = by_boundary.parts(view, name)
    inside = shares.inside.loc[shares.inside["key"].eq(key), "area_code"].unique()
    code = key if name == DISTRICT else f"{name}:{key}"
    return other_way(
        view.routes,
        areas=view.areas.loc[inside],
        code=code,
        headline=claim,
        profile=view.profile,
        basis=view.basis,
    )


def _say(claim: Claim | None, *, beside: Claim | None = None) -> None:
    if claim is not None:
        sentence = reasons.marked(claim.say(), tag="em")
        terms.say(paragraph(sentence, "ns-say"), part="sentence")
    if beside is not None:
        terms.say(paragraph(beside.say()), part="other way")


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
    if name not in by_boundary.available(view):
        return {}
    places, shares = by_boundary.parts(view, name)
    return _council_of_each(places, inside=shares.inside, areas=view.areas)


BY, LINK, IN_REPORT, OWN, OWN_PLACE = "kind of boundary", "by", "place in report", "own", "own shape"
LEDE = (
    "Pick the kind of place you work with. Every table holds the same premises, shared out by another border, "
    "so they all add up to the same total."
)

NO_PARISHES = "This study has no parishes. Whoever runs it can add them; or draw yours with “A shape of your own”."


@st.fragment
@frame.safely
def body() -> None:
    """Run again by itself when a reader picks or draws something."""
    view = state.view()
    names = [*by_boundary.available(view), OWN]
    st.title("What does my ward or parish look like?")
    terms.say(paragraph(LEDE, "ns-lede"), part="lede")
    if st.session_state.get(BY) not in names:
        st.session_state[BY] = names[0]
    st.segmented_control(
        "Report by",
        options=names,
        format_func=lambda name: "A shape of your own" if name == OWN else about_boundaries.title(family_of(name)),
        required=True,
        key=BY,
        on_change=lambda: st.query_params.update({LINK: st.session_state[BY]}),
    )
    if "parish" not in {family_of(name).singular for name in names if name != OWN}:
        st.html(paragraph(NO_PARISHES))
    by_boundary.activity(view)
    with st.container(width=200):
        copy_button("Copy link", key="copy link")
    chosen = st.session_state[BY]
    if chosen == OWN:
        by_boundary.keep(None)
        if (found := shape.asked(view)) is not None:
            st.header("What stands inside")
            _show(view, found, chosen=OWN_PLACE)
    else:
        _show(view, by_boundary.made(view, chosen), chosen=f"{IN_REPORT} {chosen}")
    if len(names) == 1:
        said = "This build holds no reports by boundary. Whoever runs this can build the study again to make them."
        st.html(look.note(said, kind="warn"))


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("boundary")
    asked = st.query_params.get(LINK)
    if asked in {*by_boundary.available(view), OWN}:
        st.session_state[BY] = asked
    elif asked:
        ignored = [
            *ignored,
            f"The link asked for the boundary {links.quoted(asked)}. This study is not reported by it.",
        ]
        del st.query_params[LINK]
    within, kind = (
        st.query_params.get(by_boundary.AT),
        st.session_state.get(BY) or next(iter(by_boundary.available(view)), OWN),
    )
    if within and kind in by_boundary.available(view) and within in by_boundary.keys_of(view, kind):
        st.session_state[f"{IN_REPORT} {kind}"] = within
    elif within:
        ignored = [
            *ignored,
            f"The link asked for the place {links.quoted(within)}. We do not know it by this boundary.",
        ]
        del st.query_params[by_boundary.AT]
    frame.head(view, ignored=ignored)
    body()
    frame.foot(view)


if __name__ == "__main__":
    page()
