"""Compare two kinds of boundary: the same premises by both, and where a figure went when borders moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectivity.claims import about_boundaries, about_places
from connectivity.claims.about_boundaries import title
from connectivity.claims.claim import Claim
from connectivity.claims.grammar import number, out_of_hundred, rounded_alike, span
from connectivity.html.app_parts import RIGHT, Cell, Row, app_table, bold, counted, paragraph, told
from connectivity.html.render import macro
from connectivity.places.boundary_claims import (
    called,
    corners_claim,
    empty_claim,
    largest_claim,
    left_out_claim,
    place_claim,
    split_claim,
    split_sum_claim,
    sum_claim,
    went_claim,
)
from connectivity.places.reports import NOT_ASSIGNED, PLACE, Report, Split, blurred, hidden, percent_infeasible, split
from connectivity.robustness.boundary_effect import effect_claim
from connectivity.views import by_boundary, certainty, frame, links, look, reasons, small_figures, state, terms
from connectivity.views.copying import copy_button, use_figure
from connectivity.views.state import View, choose
from layers.errors import command_line
from layers.families import FAMILIES, Family, family_of

LEDE = "The same premises, shared out by two kinds of border. Follow a place to see where its figure went."
_draw = partial(macro, "boundaries.html")
FIRST, SECOND = "first kind of boundary", "second kind of boundary"
# The first kind in a link, as on the page that reports by boundary.
BY = "by"
# Kinds that stand in where none is chosen, in this order: borders that were redrawn first.
USUAL = ("old_district", "ward", "district", "county", "lep")


def lacking(view: View) -> list[str]:
    """Name the kinds of boundary that the study does not have."""
    there = {family_of(name).singular for name in by_boundary.available(view)}
    return [family.name for family in FAMILIES if family.singular not in there]


def _chosen(view: View, ignored: list[str]) -> tuple[str, str]:
    """Read both kinds off the link; a kind nobody has heard of is ignored, said, and another stands in.

    Parameters
    ----------
    ignored
        Sentences about what was ignored; more are added.
    """
    known = [*by_boundary.available(view), *lacking(view)]
    asked = {"by": st.query_params.get(BY), "against": view.link.against}
    for name, text in asked.items():
        if text and text not in known:
            kind = "boundary" if name == "by" else links.LABELS["against"]
            ignored.append(f"The link asked for the {kind} {links.quoted(text)}. This study is not reported by it.")
            asked[name] = None
    if st.query_params.get(BY) and not asked["by"]:
        del st.query_params[BY]
    if view.link.against and not asked["against"]:
        choose(against=None)
    ready = sorted(by_boundary.available(view), key=lambda name: USUAL.index(name) if name in USUAL else len(USUAL))
    first = asked["by"] or next((name for name in ready if name != asked["against"]), known[0])
    return first, asked["against"] or next((name for name in ready if name != first), first)


def _choice(view: View, key: str, *, label: str, kind: str) -> None:
    """Show the box of kinds for one of the two; those the study lacks are offered too, and marked."""
    without = lacking(view)
    st.session_state[key] = kind
    st.selectbox(
        label,
        options=[*by_boundary.available(view), *without],
        format_func=lambda name: f"{title(family_of(name))}{' (not in this study)' if name in without else ''}",
        key=key,
        on_change=_kind(key),
    )


def _kind(key: str) -> Callable[[], None]:
    def on_change() -> None:
        if key == SECOND:
            choose(against=st.session_state[key])
            return
        st.query_params[BY] = st.session_state[key]
        if by_boundary.AT in st.query_params:
            del st.query_params[by_boundary.AT]

    return on_change


def how_to_add(view: View, kind: str) -> Markup:
    """Say that the study lacks a kind of boundary, with the layer and the command that add it."""
    lines = ("[[layer]]", 'kind = "reporting"', f'name = "{kind}"', 'file = "YOUR-FILE.csv"')
    return look.note(
        f"This study has no {family_of(kind).plural}",
        "Whoever runs this can add them, from a file of their outlines or a lookup of small areas.",
        kind="warn",
        more=_draw("how_to_add")(lines, command_line("build", "STUDY.toml", "--out", view.folder.name)),
    )


PLACE_BOX = "place to follow"
# Places that each table of the largest lists (assumption: both fit on a screen).
LARGEST = 8


def largest(view: View, found: Report) -> Markup:
    """Draw the places with the most premises that fall short, with range and share."""
    profile = view.profile
    clear, left_out = _clear(view, found)
    shown = clear.sort_values([f"{profile}_infeasible", "name"], ascending=[False, True], kind="stable").head(LARGEST)
    rows = []
    for row in shown.to_dict("records"):
        said = out_of_hundred(row[f"{profile}_infeasible"], of=row["premises_scored"])
        rows.append(Row(row["name"], [_counted(row, profile, of=row["premises_scored"]), Cell(said, RIGHT)]))
    note = left_out_claim(left_out, of=len(found.places), family=found.family, basis=view.basis)
    heads = (("Place", ""), (about_places.gap_column(profile, basis=view.basis), RIGHT), ("In every 100", RIGHT))
    made = app_table(f"{about_boundaries.title(found.family)} with the most", heads, rows)
    return made if note is None else made + paragraph(note.say())


def _worst(view: View, found: Report) -> str:
    """Say which place has the largest share by one kind of boundary; empty where none can be held to others."""
    clear, _ = _clear(view, found)
    shares = {
        at: percent_infeasible(row, profile=view.profile)
        for at, row in zip(clear.index, clear.to_dict("records"), strict=True)
    }
    known = {at: share for at, share in shares.items() if share is not None}
    if not known:
        return ""
    at = max(known, key=lambda one: known[one])
    claim = place_claim(clear.loc[at].to_dict(), report=found, profile=view.profile, basis=view.basis)
    return "" if claim is None else largest_claim(claim).say("plain")


def _clear(view: View, found: Report) -> tuple[pd.DataFrame, int]:
    """Give the places with a figure that may be held to others, and how many may not."""
    _, shares = by_boundary.parts(view, found.family.name)
    hazy = blurred(shares, areas=view.areas)
    places = found.places[found.places["premises_scored"] > 0]
    out = _keys(places).isin(hazy)
    return places[~out], int(out.sum())


def _keys(places: pd.DataFrame) -> pd.Series:
    return places["code"].where(places["code"].ne(""), places["name"])


def followed(view: View, found: Report, ignored: list[str]) -> str:
    """Read the place that is followed off the link; else it is the one with the most premises that fall short."""
    asked, places = st.query_params.get(by_boundary.AT), found.places
    keys = _keys(places)
    if asked and asked in set(keys):
        return asked
    if asked:
        ignored.append(f"The link asked for the place {links.quoted(asked)}. We do not know it by this boundary.")
        del st.query_params[by_boundary.AT]
    clear, _ = _clear(view, found)
    among = clear if len(clear) else places
    counts = among[f"{view.profile}_infeasible"].fillna(-1).astype(float)
    return str(keys.reindex(counts.index).iloc[int(counts.to_numpy().argmax())])


def place_box(found: Report, *, key: str) -> None:
    """Show the box in which a place of the first kind is chosen."""
    names = dict(zip(_keys(found.places), by_boundary.places_labelled(found.places), strict=True))
    st.session_state[PLACE_BOX] = key
    st.selectbox(
        about_boundaries.choose_one("Follow", len(names), family=found.family),
        options=list(names),
        format_func=lambda code: names.get(code, code),
        key=PLACE_BOX,
        on_change=lambda: st.query_params.update({by_boundary.AT: st.session_state[PLACE_BOX]}),
    )


def divided(view: View, key: str, *, first: str, second: str) -> Split:
    """Divide a place of the first kind among those of the second."""
    (_, mine), (places, theirs) = (by_boundary.parts(view, name) for name in (first, second))
    return split(
        key, first=mine, second=theirs, places=places, areas=view.areas, profile=view.profile, drawn=view.drawn
    )


def best_fit(view: View, *names: str) -> bool:
    """Tell whether one of the kinds puts small areas whole where they fit best."""
    return any(by_boundary.parts(view, name)[1].method == "best fit" for name in names)


def corners(view: View, key: str, *, kind: str, place: str) -> Claim | None:
    """Claim what a place's average hides."""
    listed = hidden(key, shares=by_boundary.parts(view, kind)[1], areas=view.areas, profile=view.profile)
    return corners_claim(listed, place=place, profile=view.profile, basis=view.basis)


def split_table(view: View, found: Split, *, family: Family, fits: bool) -> Markup:
    """Draw the parts of a place: the other kind's places, what is in none of them, and what they make together."""
    profile = view.profile
    rows = [
        Row(
            row["name"],
            [
                _spread(row),
                _counted(row, profile),
                Cell(about_boundaries.part_made(row, best_fit=fits), "ns-hide-s ns-after"),
            ],
        )
        for row in found.places.to_dict("records")
    ]
    rest = found.rows[(found.rows["row"] != PLACE) & (found.rows["premises"].round() > 0)]
    for row in rest.to_dict("records"):
        name = str(row["name"])
        sign = "" if row["row"] == NOT_ASSIGNED else "− "
        head = f"{sign}{name[:1].upper()}{name[1:]}"
        rows.append(Row(head, [_spread(row), _counted(row, profile), Cell("", "ns-hide-s")]))
    whole = found.whole.to_dict()
    total = Cell(bold(number(whole["premises"], exact=True)), RIGHT)
    rows.append(Row(bold("Together"), [total, _counted(whole, profile), Cell("", "ns-hide-s")]))
    unit = view.basis.unit.capitalize()
    heads = (
        (family.singular[0].upper() + family.singular[1:], ""),
        (f"{unit} there", "r"),
        (about_places.gap_column(profile, basis=view.basis), "r"),
        ("How it is known", "ns-hide-s ns-after"),
    )
    return app_table(f"Where its {view.basis.unit} are, by {family.singular}", heads, rows)


def other_boundaries(view: View, *names: str) -> list[str]:
    """Say what the build found when each place took the score of a larger unit that is one of these kinds."""
    report = certainty.report(view)
    kinds = {family_of(name).singular for name in names}
    tried = (report or {}).get("boundaries") or ()
    return [effect_claim(found, basis=view.basis).say("plain") for found in tried if found["unit"] in kinds]


def _spread(row: Mapping[Any, Any]) -> Cell:
    between = span(row["premises_low"], row["premises_high"], exact=True)
    return Cell(_draw("spread")(number(row["premises"], exact=True), between), RIGHT)


def _counted(row: Mapping[Any, Any], profile: str, *, of: float | None = None) -> Cell:
    if pd.isna(row[f"{profile}_infeasible"]):
        return Cell("not known", RIGHT)
    low, best, high = (row[f"{profile}_infeasible{end}"] for end in ("_low", "", "_high"))
    if of is None:
        return Cell(counted(number(best), None, span(low, high)), RIGHT)
    return Cell(counted(*rounded_alike(best, of), span(low, high)), RIGHT)


def no_pair(view: View, first: str, second: str) -> None:
    """Say why there is no pair to show, and what adds the kind that is lacking."""
    for kind in dict.fromkeys(kind for kind in (first, second) if kind in lacking(view)):
        st.html(how_to_add(view, kind))
    if len(by_boundary.available(view)) < 2:  # noqa: PLR2004 - one is no pair
        st.html(look.note("This build is reported by fewer than two kinds of boundary", "So there is no pair to show."))
    elif first == second:
        st.html(look.note("Both are the same kind of place", "Choose two different kinds."))


def split_place(view: View, mine: Report, theirs: Report, *, kinds: tuple[str, str], key: str) -> None:
    """Show one place of the first kind, and how its premises are divided among those of the second."""
    first, second = kinds
    family, row = theirs.family, by_boundary.row_of(mine, key)
    place = called(str(row["name"]), family=mine.family)
    claim = place_claim(row, report=mine, profile=view.profile, basis=view.basis)
    place_box(mine, key=key)
    found, fits = divided(view, key, first=first, second=second), best_fit(view, first, second)
    if claim is None:
        st.html(look.note(empty_claim(row, family=mine.family, basis=view.basis).say(), kind="warn"))
    else:
        said = reasons.marked(claim.say(), tag="em")
        terms.say(paragraph(said, "ns-say"), part="headline", most=0)
        st.html(small_figures.range_bar(claim))
        terms.say(paragraph(went_claim(found, claim, family=family).say(), "ns-lede"), part="went", most=0)
    st.html(split_table(view, found, family=family, fits=fits))
    sums = (
        split_sum_claim(found, place=place, family=family, basis=view.basis).say(),
        about_boundaries.split_explained(found, best_fit=fits),
    )
    terms.say(paragraph(" ".join(sums)), part="sums")
    if hidden := corners(view, key, kind=first, place=place):
        st.html(paragraph(hidden.say(), "ns-prose"))
    if claim is not None:
        quoted = split_claim(found, claim, family=family, best_fit=fits)
        use_figure(quoted.lying_in(f"in the study “{view.basis.study}”").say("quotation"), once=True)


def both_kinds(view: View, mine: Report, theirs: Report, *, kinds: tuple[str, str]) -> None:
    """Show the largest places by each kind, and whether other lines on the map would say the same."""
    st.header("The largest by each")
    lines = [said for report in (mine, theirs) if (said := _worst(view, report))]
    st.html(paragraph(" ".join([*lines, about_boundaries.AVERAGES]), "ns-prose"))
    with st.container(key="split2"):
        for column, report in zip(st.columns(2, gap="large"), (mine, theirs), strict=True):
            total = told("It adds up.", sum_claim(report, basis=view.basis).say(), "ns-small")
            column.html(largest(view, report) + total)
    if lines := other_boundaries(view, *kinds):
        st.header("Would other lines on the map say the same?")
        st.html(paragraph(" ".join(lines), "ns-prose"))


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("boundaries")
    ready, without = by_boundary.available(view), lacking(view)
    kinds = _chosen(view, ignored)
    first, second = kinds
    usable = len(ready) > 1 and first != second and not set(kinds) & set(without)
    mine, theirs = (by_boundary.made(view, kind) for kind in kinds) if usable else (None, None)
    key = followed(view, mine, ignored) if mine else ""
    frame.head(view, ignored=ignored)
    st.title("Compare two kinds of boundary")
    terms.say(paragraph(LEDE, "ns-lede"), part="lede")
    with st.container(key="bar"):
        one, other, last = st.columns([4, 4, 2], vertical_alignment="bottom")
    with one:
        _choice(view, FIRST, label="First kind of place", kind=first)
    with other:
        _choice(view, SECOND, label="Second kind of place", kind=second)
    with last:
        copy_button("Copy link", key="copy link")
    by_boundary.activity(view)
    if mine is None or theirs is None:
        no_pair(view, first, second)
    else:
        split_place(view, mine, theirs, kinds=kinds, key=key)
        both_kinds(view, mine, theirs, kinds=kinds)
    frame.foot(view)


if __name__ == "__main__":
    page()
