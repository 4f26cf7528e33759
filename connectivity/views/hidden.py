"""Hidden need: what an average hides, and how few or many of the premises that fall short are in need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectivity.claims import about_need, about_places
from connectivity.claims.about_boundaries import title
from connectivity.claims.about_places import NOT_ENOUGH
from connectivity.claims.claim import Basis
from connectivity.claims.grammar import between, in_every_hundred, number, out_of_hundred, rounded_alike, several
from connectivity.html.app_parts import (
    RIGHT,
    Cell,
    Head,
    Row,
    card,
    counted,
    folded,
    linked,
    paragraph,
    paragraphs,
    titled,
)
from connectivity.html.app_parts import app_table as scrolling
from connectivity.html.render import macro, text
from connectivity.places import hidden_need
from connectivity.places.boundary_claims import empty_claim
from connectivity.places.hidden_need import Known, NeedByPlace
from connectivity.places.need_claims import NeedClaims
from connectivity.places.reports import read_shares
from connectivity.robustness.stored_run import read_stored_run
from connectivity.views import by_boundary, frame, look, reasons, small_figures, state, terms
from connectivity.views.copying import copy_button, use_figure
from connectivity.views.links import quoted
from connectivity.views.state import View
from layers.errors import OutputError
from layers.families import family_of

_draw = partial(macro, "figures.html")
LEDE = "An average can look fine and still hide a bad corner. This page looks inside it."
COUNCIL = "district"
# What a link holds besides the usual: the boundary and the place in it, and which need.
BY, AT, NEED = "by", by_boundary.AT, "need"


def boundaries(view: View) -> list[str]:
    """List the boundaries a reader can choose from, councils first."""
    return [COUNCIL, *(name for name in by_boundary.available(view) if name != COUNCIL)]


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: lambda view: view.build})
def needs_of(view: View) -> dict[str, Known]:
    """Find the needs that can be held against gaps; the raw rates are there in a build with draws."""
    try:
        facts = read_stored_run(view.folder).facts
    except OutputError:  # built without draws: the indicators themselves are enough, but for means of two rates
        facts = None
    return hidden_need.known_needs(view.manifest, areas=view.areas, facts=facts)


def need_asked(view: View) -> tuple[str, str | None, list[str]]:
    """Read the boundary and the need off the link, and name what cannot be followed."""
    said, query = [], st.query_params
    by, need = query.get(BY) or COUNCIL, query.get(NEED)
    if by not in boundaries(view):
        said.append(f"The link asked for the boundary {quoted(by)}. This study is not reported by it.")
        del query[BY]
        by = COUNCIL
    shares = needs_of(view)
    if need and need not in shares:
        said.append(f"The link asked for the need {quoted(need)}. We cannot hold it against gaps in this study.")
        del query[NEED]
    return by, need if need in shares else next(iter(shares), None), said


@st.cache_resource(show_spinner=False, max_entries=24, hash_funcs={View: lambda view: f"{view.build} {view.profile}"})
def need_of_boundary(view: View, by: str, need: str | None) -> NeedByPlace:
    """Sum up every place of a boundary."""
    one = needs_of(view)[need] if need else None
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
    found = hidden_need.need_by_place(pieces, study=study, drawn=view.drawn, profile=view.profile)
    found["name"] = names.reindex(found.index)
    return NeedByPlace(family_of(by), pieces, found, one, study, hidden_need.study_need(whole), divided)


def place_shown(view: View, here: NeedByPlace, by: str) -> tuple[str, list[str]]:
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


def keep_place(view: View, *, by: str, key: str) -> None:
    """Keep a place in the page's address, so that another need or activity shows the same one."""
    if by == COUNCIL:
        place = view.link.place
        inside = place is not None and view.areas.loc[place, "district_code"] == key
        state.choose(district=key, place=place if inside else None)
    else:
        st.query_params[AT] = key


def need_controls(view: View, here: NeedByPlace, *, by: str, need: str | None, key: str) -> None:
    """Let the reader choose a boundary, a place in it, a need and an activity."""
    names = {str(one): str(name) for one, name in here.found["name"].sort_values().items()}
    twice = here.found["name"].duplicated(keep=False)
    names |= {str(one): f"{names[str(one)]} · {one}" for one in here.found.index[twice]}
    with st.container(key="bar"):
        first, second, third, last = st.columns([3, 4, 3.4, 2], vertical_alignment="bottom")
    listed, shares = boundaries(view), needs_of(view)

    def need_chosen() -> None:
        st.query_params[NEED] = st.session_state[NEED]
        keep_place(view, by=by, key=key)

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
        on_change=lambda: keep_place(view, by=by, key=st.session_state[AT]),
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
    by_boundary.activity(view, also=lambda: keep_place(view, by=by, key=key))


def claims_on(view: View, here: NeedByPlace, key: str) -> NeedClaims:
    """Return what is claimed of one place."""
    codes = tuple(here.of(key)["area_code"])
    return NeedClaims(here.row(key), here.family, view.profile, view.basis, here.known, here.study, codes)


def place_facts(view: View, here: NeedByPlace, claims: NeedClaims) -> Markup:
    """Draw what to know of a place."""
    row, basis = claims.row, view.basis
    facts: list[tuple[str, str]] = []
    if here.known is not None:
        facts = [
            (f"{here.known.need.label}, in every 100", in_every_hundred(row["share"])),
            ("In every 100 across the study", in_every_hundred(here.study)),
        ]
    if row["need"] >= 0:
        facts += [
            ("Mean need, 0 (least) to 100 (most)", number(row["need"])),
            ("Mean need across the study", number(here.study_need)),
        ]
    said = [str(claim.say()) for claim in (claims.elsewhere(), *claims.left_out()) if claim]
    said += [about_places.measured(basis), f"{about_places.modelled(basis)} {about_places.counted(basis)}".strip()]
    if here.known is None:
        labels = [one.label for one in hidden_need.declared_needs(view.manifest)]
        said.insert(0, about_need.need_unmarked(labels, basis=basis))
    elif here.known.proxy:
        said.insert(0, about_need.need_stood_in(here.known))
    lines = paragraphs([sentence for sentence in said if sentence])
    return card("About this place", small_figures.facts_of_figures(facts) + lines)


def need_rules(view: View, here: NeedByPlace) -> Markup:
    """Draw how the page's figures are made."""
    rules = about_need.need_method(known=here.known, basis=view.basis, divided=here.divided)
    return folded("How this is made", paragraphs(rules))


def not_apart(view: View, here: NeedByPlace, key: str) -> list[str]:
    """Name the councils in a place whose small areas cannot be told apart."""
    ours = here.of(key)
    codes = ours.loc[~ours["separable"], "district_code"].unique()
    return [name for code, name in view.districts.items() if code in codes]


def _boundary_chosen() -> None:
    st.query_params.pop(AT, None)
    st.query_params[BY] = st.session_state[BY]


# Small areas that the table of a tail lists (assumption: one screen).
MOST_LISTED = 30
# Where the axis of tenths may end, in every 100: the first that holds every range.
ENDS = (1, 2, 5, 10, 20, 40, 60, 80, 100)
# Rows from which a table scrolls by itself (assumption: what a reader still scrolls past).
MOST_ROWS = 40


def hidden_most_first(here: NeedByPlace) -> pd.DataFrame:
    """List places from the strongest contrast; those without a tail last, most premises that fall short first."""
    return here.found.sort_values(["contrast", "gap"], ascending=False, na_position="last", kind="stable")


def need_table(here: NeedByPlace, *, by: str, basis: Basis, picked: str) -> Markup:
    """Draw every place as a table, each linked to itself on this page."""
    rows = []
    for key, row in hidden_most_first(here).iterrows():
        mine = key == picked
        name = str(row["name"]) if mine else linked(_address(by, str(key)), row["name"])
        if not row["premises"] > 0:
            cells = 2 + 3 * (here.known is not None) + here.tailed
            rows.append(Row(name, [Cell(NOT_ENOUGH, columns=cells)], current=mine))
            continue
        tail = out_of_hundred(row["tail_gap"], of=row["tail_premises"]) if row["contrast"] >= 0 else "–"
        rate = Cell(out_of_hundred(row["gap"], of=row["premises"]), RIGHT)
        need = [
            Cell(_span(row["both_low"], row["both_high"]), "r ns-counted"),
            Cell(in_every_hundred(row["share"]), "r ns-hide-s"),
            Cell(_standing(here, str(key)), "ns-after"),
        ]
        cells_of = [_counted(row), rate, *([Cell(tail, RIGHT)] if here.tailed else []), *(need if here.known else [])]
        rows.append(Row(name, cells_of, current=mine))
    needy = ((_in_need(here.known), "r ns-hide-s"), ("Looks well off?", "ns-after")) if here.known else ()
    worst = (("In its worst tenth", "r"),) if here.tailed else ()
    last = (("Both, fewest to most", "r"),) if here.known else ()
    heads = (("Place", ""), (_gap(basis), "r"), ("In every 100", "r"), *worst, *last, *needy)
    first = "those that hide most first" if here.tailed else "those with most that fall short first"
    return _table(f"{title(here.family)}, {first}", heads, rows)


def tenths_table(view: View, here: NeedByPlace, key: str) -> Markup:
    """Draw one place's premises in tenths, worst first, with the same numbers beside the bars."""
    basis, row = view.basis, here.row(key)
    table = hidden_need.need_tenths(here.of(key), drawn=view.drawn, profile=view.profile)
    rates = {end: 100 * table[f"gap{end}"] / table["premises"] for end in ("_low", "", "_high")}
    end = next(end for end in ENDS if end >= min(100.0, float(rates["_high"].max())))
    mean = 100 * row["gap"] / row["premises"] / end
    rows = []
    for at, tenth in enumerate(table.index):
        one = table.iloc[at]
        low, best, high = (100 * float(rates[name].iloc[at]) / end for name in ("_low", "", "_high"))
        bar = _draw("span")(f"{mean:.1f}", f"{low:.2f}", f"{max(high - low, 0.6):.2f}", f"{best:.2f}")
        areas_there = several(int(one["areas"]), "small area")
        rate = Cell(out_of_hundred(one["gap"], of=one["premises"]), RIGHT)
        need = [Cell(in_every_hundred(one["share"]), "r ns-hide-s")] if here.known else []
        rows.append(
            Row(
                titled(about_need.tenth_called(int(tenth)), areas_there),
                [Cell(bar, "plot"), _counted(one), rate, *need],
            )
        )
    ticks = [(f"{at}", f"{end * at / 100:g}") for at in (0, 50, 100)]
    needy = [(_in_need(here.known), "r ns-hide-s")] if here.known else []
    axis = _draw("axis")("Fall short, in every 100", ticks)
    heads = [(f"Tenth of the {basis.unit}", ""), (axis, "plot"), (_gap(basis), RIGHT), ("In every 100", RIGHT), *needy]
    caption, kind = "Tenths, the worst first", "ns-sure ns-plot ns-tenthly"
    return scrolling(caption, heads, rows, label="Tenths, scrolls", kind=kind, seen=False)


def tail_table(here: NeedByPlace, key: str, *, basis: Basis) -> Markup:
    """List the small areas of a place's tail, each linked to its reasons; those without a figure last, in words."""
    shown = hidden_need.areas_listed(here.of(key))
    rows = []
    for one in shown.head(MOST_LISTED).to_dict("records"):
        name = linked(state.address("why", place=str(one["area_code"]), district=None), one["name"])
        if pd.isna(one["gap"]):
            rows.append(Row(name, [Cell(NOT_ENOUGH, columns=4 if here.known else 2)]))
            continue
        both = Cell(_span(one["both_low"], one["both_high"]), "r ns-counted")
        need = [both, Cell(in_every_hundred(one["share"]), "r ns-hide-s")] if here.known else []
        rate = Cell(out_of_hundred(one["gap"], of=one["premises"]), RIGHT)
        rows.append(Row(name, [_counted(one), rate, *need]))
    needy = (("Both, fewest to most", "r"), (_in_need(here.known), "r ns-hide-s")) if here.known else ()
    more = about_need.first_listed(MOST_LISTED, of=len(shown)) if len(shown) > MOST_LISTED else ""
    heads = (("Small area", ""), (_gap(basis), "r"), ("In every 100", "r"), *needy)
    return _table(f"Small areas, the largest share that falls short first{more}", heads, rows) if rows else look.NOTHING


def _address(by: str, key: str) -> str:
    mine = {name: value for name in (NEED,) if (value := st.query_params.get(name))}
    if by == COUNCIL:
        there = state.address("hidden", district=key, place=None)
        return f"{there}&{urlencode(mine)}" if mine else there
    there = state.address("hidden")
    return f"{there}{'&' if '?' in there else '?'}{urlencode({BY: by, AT: key} | mine)}"


def _standing(here: NeedByPlace, key: str) -> str:
    """Answer “Looks well off?” in a table's cell."""
    looks = here.looks(key)
    return {"well off": "yes", "about average": "about average", "not well off": "no"}[looks] if looks else "not known"


def _counted(row: Mapping[Any, Any] | pd.Series) -> Cell:
    best, of = rounded_alike(row["gap"], row["premises"])
    span = _span(row["gap_low"], row["gap_high"])
    return Cell(counted(best, of, span), "r ns-counted")


def _span(low: float, high: float) -> str:
    return "not known" if pd.isna(high) else between(low, high)


def _gap(basis: Basis) -> str:
    return "Fell short" if basis.measured else "Fall short"


def _in_need(one: Known | None) -> str:
    return f"{one.need.label}, in every 100" if one else ""


def _table(caption: str, heads: Iterable[Head], rows: list[Row]) -> Markup:
    return scrolling(caption, heads, rows, label=caption, around="ns-tall" if len(rows) > MOST_ROWS else "")


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("hidden")
    by, need, said = need_asked(view)
    here, basis = need_of_boundary(view, by, need), view.basis
    key, missed = place_shown(view, here, by)
    frame.head(view, ignored=[*ignored, *said, *missed])
    st.title("Hidden need")
    st.html(paragraph(LEDE, "ns-lede"))
    need_controls(view, here, by=by, need=need, key=key)

    row, claims = here.row(key), claims_on(view, here, key)
    gap = claims.gap()
    with st.container(key="split"):
        left, right = st.columns([7, 4.4], gap="large")
    if gap is None:
        counts = {"name": row["name"], "premises": row["premises_left_out"]}
        left.html(look.note(empty_claim(counts, family=here.family, basis=basis).say(), kind="warn"))
    else:
        looks, both, limits, average, tail = (
            str(claim.say()) if claim else ""
            for claim in (claims.standing(), claims.both(), claims.limits(), claims.average(), claims.tail())
        )
        before = f"{looks} " if looks else ""
        with left:
            terms.say(
                paragraph(text(before) + reasons.marked(gap.say(), tag="em") + f" {both}", "ns-say")
                + paragraph(f"{limits} {average}".strip(), "ns-lede")
                + paragraph(tail, "ns-lede"),
                part="sentence",
            )
            st.html(small_figures.range_bar(gap))
            st.header("Inside the average")
            if tail:
                st.html(tenths_table(view, here, key))
                st.html(paragraph(about_need.tenths_drawn(gap.place, basis=basis)))
            elif none := claims.no_tail(not_apart(view, here, key)):
                st.html(look.note("No worst tenth to show", str(none.say()), kind="plain"))
        with right:
            use_figure(gap.say("quotation"))
            st.html(place_facts(view, here, claims))
        if listed := tail_table(here, key, basis=basis):
            st.header(f"The small areas behind it in {look.plain(row['name'])}")
            st.html(listed)
    st.header(f"Which {here.family.plural} hide most?" if here.tailed else f"All {here.family.plural}")
    st.html(need_table(here, by=by, basis=basis, picked=key))
    if here.tailed and here.found["contrast"].isna().any():
        st.html(paragraph(about_need.tenth_dashed()))
    st.html(need_rules(view, here))
    frame.foot(view)


if __name__ == "__main__":
    page()
