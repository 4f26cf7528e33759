"""Can this service go online-only? Yes, with help, or not without another way in; for each place, with a list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectivity import online_only as decisions
from connectivity.claims import about_places, about_services
from connectivity.claims.claim import Claim
from connectivity.claims.grammar import all_of, between, number, several
from connectivity.html import app_parts
from connectivity.html.app_parts import RIGHT, Cell, Row, app_table, counted, items, linked, paragraph
from connectivity.html.render import macro
from connectivity.maps import symbology
from connectivity.maps.sketch import MOST_PLACES
from connectivity.maps.symbology import IN_DOUBT, UNKNOWN, Legend
from connectivity.online_only import (
    ALIKE,
    COUNTER,
    FIRST,
    HELP,
    LOOSE,
    ONLINE,
    READINGS,
    SERVICES,
    STEPS,
    STRICT,
    USUAL,
    Alternative,
    DecisionMarks,
    PublicService,
    alternatives,
    decisions_csv,
    helping,
)
from connectivity.views import areatable, controls, frame, links, look, reasons, state, terms
from connectivity.views.copying import copy_button, use_figure
from connectivity.views.state import View, address

if TYPE_CHECKING:
    from connectivity.views.page_map import Painting

_draw = partial(macro, "service.html")
# The chosen service, in the session.
SERVICE = "service"
TITLE = "Can this service go online-only?"
SORTED = {step: at for at, step in enumerate(STEPS)}
# Classes of the map; the legend says what each means.
CLASSES = {COUNTER: 5, HELP: IN_DOUBT, ONLINE: 6}


def _asked(view: View) -> str | None:
    """Say which part of the link is ignored because no such service is known."""
    text = view.link.service
    if text is None or text in SERVICES:
        return None
    return f"The link asked for the service {links.quoted(text)}. We do not know it: you see “{SERVICES[FIRST].name}”."


def _chosen(view: View) -> PublicService:
    """Give the service that is open."""
    return SERVICES.get(view.link.service or FIRST, SERVICES[FIRST])


def _named(view: View) -> str:
    """Name everything that the map and the table of this view depend on."""
    return f"{_chosen(view).key} {view.showing}"


def known(view: View) -> list[Alternative]:
    """List the distances the study has."""
    return alternatives(view.manifest)


def found(view: View, *, marks: DecisionMarks = USUAL) -> pd.DataFrame:
    """Give the decision for each area on show."""
    everywhere = _decided(view, _chosen(view), marks)
    return everywhere.loc[view.shown.index]


@st.cache_resource(
    show_spinner=False,
    max_entries=24,
    hash_funcs={View: lambda view: view.build, PublicService: lambda one: one.key, DecisionMarks: lambda one: one.end},
)
def _decided(view: View, service: PublicService, marks: DecisionMarks) -> pd.DataFrame:
    return decisions.decide(view.areas, service=service, manifest=view.manifest, marks=marks)


def _total(view: View) -> Claim:
    """Add up the people (or lines) of all areas on show that have a figure."""
    here = touched(view)
    scored = int(here["decision"].ne(decisions.UNKNOWN).sum())
    place = about_places.among(view.where, scored=scored, of=len(here)) if scored else view.where
    return decisions.affected(
        here,
        areas=view.areas,
        place=place,
        service=_chosen(view),
        basis=view.basis,
        shares=shares(view),
        counts=decisions.count_decisions(found(view)),
        drawn=view.drawn,
    )


def touched(view: View) -> pd.DataFrame:
    """Give the decision for every area of which something lies in what is on show: also what is too little to draw."""
    part = view.part
    return found(view) if part is None else _decided(view, _chosen(view), USUAL).loc[part.shares.index]


def shares(view: View) -> pd.Series | None:
    """Say how much of each area's premises lies in the part on show; None where areas lie in it whole."""
    return view.part.shares if view.part is not None else None


def covers(view: View) -> Markup:
    """Say what the service takes in, so that a reader finds the one they have in mind."""
    return paragraph(f"For example: {_chosen(view).examples}.", "ns-lede")


def past(view: View) -> Markup:
    """Say first that lines measured in the past decide nothing about today; empty for what is on offer."""
    said = about_services.cannot_decide(view.basis)
    return look.note(about_services.PAST, said, kind="warn") if said else look.NOTHING


def _lede(view: View) -> Markup:
    """Write the big sentence, and below it what it rests on."""
    claim = _total(view)
    premises = claim.details.get("premises")
    small = (
        str(claim.details["places"].say("card")),
        str(premises.say()) if premises and premises.of else "",
    )
    big = paragraph(reasons.marked(claim.say(), tag="em"), "ns-say")
    return big + paragraph(" ".join(said for said in small if said))


def places_table(view: View, *, picked: Callable[[str], None]) -> None:
    """Show the map's areas as a table with the same figures."""
    key = f"service {view.link.study or 'first'} {_chosen(view).key}{' councils' if view.overview else ''}"
    data = {
        "rows": _councils(view) if view.overview else _rows(view),
        "columns": [
            "Council" if view.overview else "Place",
            about_services.cannot_column(view.basis),
            about_services.online_question(view.basis),
        ],
        "sort": 1,
        "tiers": True,
        "caption": f"{_heading(view)} in {view.where}, with the figures of the map. Use the column buttons to sort.",
        "first": view.link.place,
    }
    if st.session_state.get("service shown") == key:  # a later pick is sent by `follow` alone
        data["first"] = st.session_state["service place"]
    else:
        st.session_state["service shown"], st.session_state["service place"] = key, view.link.place
    areatable.sortable(data, key=key, picked=picked)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={View: _named})
def _rows(view: View) -> list[list[Any]]:
    """Write the table's rows as `areatable.rows` does: people, then the decision as what sorts it and its words."""
    listed, here, column = known(view), found(view), decisions.counted_in(view.basis)
    distances = view.shown[[one.column for one in listed]]
    joined = view.shown[["area_name", "district_name", "status", "premises"]].join(here).join(distances)
    made, most = [], float(here[column].max()) or 1.0
    for code, row in zip(joined.index, joined.to_dict("records"), strict=True):
        head = [code, row["area_name"], "" if view.link.district else row["district_name"]]
        if row["decision"] not in SORTED:
            none = "no figure of its own" if row["decision"] == ALIKE else "no figure"
            made.append([*head, None, None, None, none, "", None, READINGS[row["decision"]].label])
            continue
        numbers = [round(row[f"{column}{tail}"], 2) for tail in ("", "_low", "_high")]
        said = [f"{number(numbers[0])}|", between(numbers[1], numbers[2])]
        value = round(SORTED[row["decision"]] + 0.9 * row[column] / most, 4)  # the decision first, then how many
        claim = decisions.decision_of(row, known=listed, service=_chosen(view), basis=view.basis)
        made.append([*head, *numbers, *said, value, about_services.decision_cell(claim)])
    return made


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: _named})
def _councils(view: View) -> list[list[Any]]:
    """Write the table's rows by council, where there are more places than a map can draw."""
    made, here, names = [], found(view), view.districts
    for code, part in here.groupby(view.shown["district_code"]):
        name = names[str(code)]
        one = decisions.affected(
            part, areas=view.areas, place=name, service=_chosen(view), basis=view.basis, drawn=view.drawn
        )
        places = one.details["places"]
        if not places.of and not places.details[ALIKE]:
            made.append([code, name, "", None, None, None, "no figure", "", None, about_places.NOT_ENOUGH])
            continue
        numbers = [round(value, 2) for value in (one.best, one.low, one.high)]
        said = [f"{number(one.best)}|", one.said_range]
        third = about_services.council_cell(places)
        made.append([code, name, several(len(part), "place"), *numbers, *said, round(places.best), third])
    return made


def _card(view: View, code: str) -> Markup:
    """Draw one place: the decision, its sentences, every distance the study has."""
    row = joined(view, code)
    reading = READINGS[row["decision"]]
    alike = row["decision"] == ALIKE
    if alike:
        council = _council(view, code)
        district = str(row["district_name"])
        said, told = [about_services.decide_for_whole([district]), str(council.say("card"))], ""
    elif row["decision"] == decisions.UNKNOWN:
        said, told = [about_services.service_unknown(row["area_name"], service=_chosen(view))], ""
    else:
        reason = decisions.decision_of(row, known=known(view), service=_chosen(view), basis=view.basis)
        told = about_services.names_distance(reason)
        said = [str(_one(view, code).say("card")), str(reason.say())]
        if not view.basis.measured:
            said.append(about_services.advice(row["decision"], service=_chosen(view)))
        if left := about_services.left_open(row, basis=view.basis):
            said.append(left)
    far = [
        str(decisions.distance_of(one, row[one.column], place=row["area_name"], basis=view.basis).say())
        for one in known(view)
        if one.key != told
    ]
    decision = "" if alike else _draw("decision")(reading.mark, reading.name(view.basis))
    lines = app_parts.paragraphs([*said, *([" ".join(far)] if far else [])])
    return app_parts.card(row["area_name"], paragraph(row["district_name"]) + decision + lines)


def joined(view: View, code: str) -> dict[str, Any]:
    """Give one area with its decision as a plain dictionary."""
    return view.row(code) | {str(key): value for key, value in _here(view, code).iloc[0].to_dict().items()}


def _here(view: View, code: str) -> pd.DataFrame:
    return _decided(view, _chosen(view), USUAL).loc[[code]]


def _one(view: View, code: str) -> Claim:
    return decisions.affected_there(joined(view, code), service=_chosen(view), basis=view.basis)


def _council(view: View, code: str) -> Claim:
    """Return the claim on the whole council of an area that cannot be told apart from the others."""
    row = view.row(code)
    ours = view.areas.index[view.areas["district_code"].eq(row["district_code"])]
    return decisions.affected(
        _decided(view, _chosen(view), USUAL).loc[ours],
        areas=view.areas,
        place=str(row["district_name"]),
        service=_chosen(view),
        basis=view.basis,
        drawn=view.drawn,
    )


def _quote(view: View) -> str:
    """Word the page's figure so that it can be quoted."""
    return _total(view).say("quotation")


def _heading(view: View) -> str:
    """Count what the table lists."""
    if view.overview:
        return all_of(view.shown["district_code"].nunique(), "council")
    return all_of(len(view.shown), "place")


def below_map(view: View) -> str:
    """Say what the shapes are, how a part's border treats them, and in which councils they cannot be told apart."""
    if view.overview:
        return about_services.councils_first(MOST_PLACES)
    apart = view.shown["separable"].astype(bool) if "separable" in view.shown else view.shown["premises"].notna()
    names = sorted(set(view.shown.loc[~apart, "district_name"]))
    cut = (
        about_services.border_cuts(view.part.called, best_fit=view.part.cut is None)
        if view.part and view.part.cut != 0
        else ""
    )
    return " ".join(
        said
        for said in (
            symbology.small_areas(part=len(view.shown) < len(view.areas), ground=view.ground),
            cut,
            about_services.decide_for_whole(names),
        )
        if said
    )


def draw_map(view: View, *, picked: Callable[[str], None]) -> None:
    """Draw the legend and the map."""
    from connectivity.views import page_map  # noqa: PLC0415 - Folium takes 0.3 s: the table is there meanwhile

    page_map.draw(view, picked=picked, painting=painting(view))


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={View: _named})
def painting(view: View) -> Painting:
    """Paint the areas by decision."""
    from connectivity.views.page_map import Painting  # noqa: PLC0415 - see `draw`

    here = found(view)
    rows = here.join(view.shown[["area_name", "premises", "status"]]).reset_index().to_dict("records")
    says = [
        about_services.decision_tip(
            decisions.affected_there(row, service=_chosen(view), basis=view.basis), decision=row["decision"]
        )
        for row in rows
    ]
    kinds = here["decision"].map(CLASSES).fillna(UNKNOWN).astype(int)
    return Painting(_named(view), _map_legend(view), kinds, pd.Series(says, index=here.index))


def _map_legend(view: View) -> Legend:
    rows = [(CLASSES.get(step, UNKNOWN), said.name(view.basis), said.mark) for step, said in READINGS.items()]
    return Legend(about_services.online_question(view.basis), rows)


def _listed(view: View) -> Markup:
    """Draw the places that need another way in, most people (or lines) first, then those without enough data."""
    here = found(view)
    kept = pd.concat(
        [decisions.decided_in_order(here, steps=[step], basis=view.basis) for step in (COUNTER, decisions.UNKNOWN)]
    )
    made = [_listed_row(view, str(code)) for code in kept.index[: decisions.MOST_LISTED]]
    keeping = touched(view)
    staying = decisions.staying(
        keeping[keeping["decision"] == COUNTER],
        areas=view.areas,
        place=view.where,
        service=_chosen(view),
        basis=view.basis,
        counts=decisions.count_decisions(here),
        shares=shares(view),
        drawn=view.drawn,
    )
    small = paragraph(staying.say())
    council = [] if view.link.district else [("Council", "ns-hide-s")]
    heads = [("Place", ""), *council, (about_services.cannot_column(view.basis), "r"), ("Why", "")]
    if not made:
        return small
    label = "The list of places, scrolls"
    return small + app_table(
        about_services.kept_caption(view.basis), heads, made, label=label, seen=False, around="ns-kept"
    )


def _listed_row(view: View, code: str) -> Row:
    row = joined(view, code)
    people: object = "no figure"
    why = about_services.NO_FIGURE
    if row["decision"] == COUNTER:
        one = _one(view, code)
        people = counted(number(one.best), None, one.said_range)
        why = decisions.decision_of(row, known=known(view), service=_chosen(view), basis=view.basis).say("card")
    council = [] if view.link.district else [Cell(row["district_name"], "ns-hide-s")]
    there = address("service", place=code, district=None)
    return Row(linked(there, row["area_name"]), [*council, Cell(people, RIGHT), Cell(why)])


def download(view: View) -> None:
    """Offer the decisions of the areas on show as a table for a spreadsheet."""
    service, basis = _chosen(view), view.basis
    st.download_button(
        "Download every place (CSV)",
        data=decisions_csv(found(view), areas=view.shown, service=service, known=known(view), basis=basis),
        file_name=view.file_name(f"{basis.release.replace(' ', '-')}_{service.key}_decisions.csv"),
        mime="text/csv",
        on_click="ignore",
    )


def rules(view: View) -> Markup:
    """Draw how it is decided: the steps, where help is near, how many places other marks would move."""
    counts = {
        name: decisions.count_decisions(found(view, marks=marks))
        for name, marks in (("strict", STRICT), ("usual", USUAL), ("loose", LOOSE))
    }
    steps = items(about_services.decision_steps(_chosen(view), basis=view.basis), "ol")
    said = (
        about_services.help_near(known(view), helpers=_helpers(view)),
        decisions.marks_moved(**counts, basis=view.basis).say(),
    )
    premises = _total(view).details.get("premises")
    people = about_services.people_counted(from_premises=premises.details["from_premises"]) if premises else ""
    rests = " ".join(
        one for one in (people, about_places.modelled(view.basis), about_places.counted(view.basis)) if one
    )
    return steps + app_parts.paragraphs([*said, rests])


def numbers(view: View) -> Markup:
    """Draw the numbers that the decisions rest on, each with its range and who says so."""
    rows = [
        Row(meaning, [Cell(words) for words in told])
        for meaning, *told in about_services.figures_used(_chosen(view), helpers=_helpers(view), basis=view.basis)
    ]
    heads = [(title, "") for title in ("What it is", "Value", "Range", "Who says so")]
    return app_table("The numbers it rests on", heads, rows, seen=False)


def _helpers(view: View) -> list[Alternative]:
    return helping(known(view), service=_chosen(view))


def left_out() -> Markup:
    """List what the page does not consider."""
    return items(about_services.NOT_CONSIDERED)


@st.fragment
@frame.safely
def body() -> None:
    """Run again by itself when a reader picks or sets something."""
    view = state.view()
    if st.session_state["page"] != SERVICE:
        st.header(TITLE)
    st.session_state[SERVICE] = _chosen(view).key
    st.segmented_control(
        "What would go online?",
        options=list(SERVICES),
        format_func=lambda key: SERVICES[key].name,
        required=True,
        key=SERVICE,
        on_change=lambda: state.choose(service=st.session_state[SERVICE]),
    )
    terms.say(covers(view), part="covers")
    with st.container(key="bar"):
        first, second, last = st.columns([4, 4, 2], vertical_alignment="bottom")
    controls.choice(view, first=first, second=second)
    with last:
        copy_button("Copy link", key="copy link")
    terms.say(past(view), part="past")
    terms.say(_lede(view), part="lede")
    with st.container(key="split"):
        left, right = st.columns([7, 5.2], gap="medium")
    with right:
        if view.link.place:
            terms.say(_card(view, view.link.place), part="card")
        st.header(_heading(view))
        places_table(view, picked=lambda code: controls.pick(code, view=view))
        areatable.follow(view.link.place)
    with left:
        if not view.overview:
            draw_map(view, picked=lambda code: controls.pick(code, view=view))
        st.html(app_parts.folded("About the map", paragraph(below_map(view))))
    st.header(about_services.kept_title(view.basis))
    st.html(_listed(view))
    download(view)
    with st.container(key="split2"):
        how, other = st.columns([7, 4.4], gap="large")
    with how:
        st.header("How this is decided")
        st.html(paragraph(about_services.decided_briefly(view.basis)))
        with st.expander("The rules, and the numbers they rest on"):
            st.html(rules(view))
            st.html(numbers(view))
    with other:
        use_figure(_quote(view))
        st.header("What you still have to ask")
        terms.say(left_out(), part="left out")


def show_test(page: str, *, title: str) -> None:
    """Show the test under a page's own title: it is a page of its own, and what “What should we do first?” opens with.

    Parameters
    ----------
    page
        The page's file.
    title
        Its title.
    """
    view, ignored = state.open_page(page)
    if why := _asked(view):
        ignored = [*ignored, why]
        state.choose(service=None)
    frame.head(view, ignored=ignored)
    st.title(title)
    body()
    frame.foot(view)


def page() -> None:
    """Show the page."""
    show_test("service", title=TITLE)


if __name__ == "__main__":
    page()
