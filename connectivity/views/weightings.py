"""Compare two weightings: who enters or leaves the worst tenth, who moves, and whether that is beyond doubt."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectivity.claims import about_certainty, about_places
from connectivity.claims import about_weightings as words
from connectivity.claims.about_certainty import IN_RANGE, QUESTION
from connectivity.claims.grammar import capital, number, signed
from connectivity.html.app_parts import RIGHT, Cell, Row, app_table, bold, key, linked, paragraph
from connectivity.html.render import macro
from connectivity.method.scoring import Weights
from connectivity.views import certainty, controls, frame, look, reasons, state, terms
from connectivity.views.certainty import axis_end
from connectivity.views.controls import WeightsField
from connectivity.views.copying import copy_button, use_figure
from connectivity.views.state import View, address
from connectivity.weight_sets import (
    LISTED,
    Group,
    Percent,
    Preset,
    Reweighing,
    beyond_doubt_claim,
    not_listed_claim,
    presets,
    reweigh,
    same,
    stand_in,
    worst_tenth_claim,
)

LEDE = "How bad a place is depends on what you count, and how much. Change that, and see who moves."
_draw = partial(macro, "weightings.html")
# The choice that stands for weights which are no preset.
OTHERS = "others"
# Places that a list names (assumption: one screen; the headline counts them all).
MOST = 20
CAPTIONS: dict[Group, str] = {
    "enters": "Places that enter the worst tenth by the second weights",
    "leaves": "Places that leave the worst tenth by the second weights",
    "rises": "Biggest rises: towards the worst",
    "falls": "Biggest falls: away from the worst",
}


def _chosen(view: View) -> tuple[Percent, Percent]:
    """Give both sets of weights: those of the link; the study's own, and the first other preset, stand in."""
    first = view.link.weights or view.own_weights
    return first, view.link.than or stand_in(first, view.own_weights, absent=view.absent)


def offered(view: View) -> dict[str, Preset]:
    """List the presets of the study on show."""
    return presets(view.own_weights, absent=view.absent)


def _named(view: View, weights: Percent) -> Preset | None:
    """Find the preset that comes to the same as some weights."""
    listed = offered(view).values()
    return next((one for one in listed if same(one.weights, weights, absent=view.absent)), None)


def spoken(view: View, weights: Percent) -> str:
    """Give the words by which a sentence speaks of some weights."""
    found = _named(view, weights)
    return found.used if found else words.weights_unnamed(weights, absent=view.absent)


def _choice(view: View, field: WeightsField, *, label: str, weights: Percent) -> None:
    """Show the box of presets for one of the two sets, and the form that sets it freely."""
    known = offered(view)
    titles = {key: preset.title for key, preset in known.items()} | {OTHERS: "Others, set below"}
    key = f"{field} preset"
    found = _named(view, weights)
    st.session_state[key] = next((name for name, preset in known.items() if preset == found), OTHERS)
    st.selectbox(
        label,
        options=list(titles),
        format_func=lambda name: titles.get(name, name),
        key=key,
        on_change=_preset(view, field, key),
    )
    st.html(paragraph(f"{capital(words.weights_written(weights, absent=view.absent))}."))
    more = controls.ANY_SUM
    controls.form(view, field, shown=weights, title="Set them yourself", more=more)


def _preset(view: View, field: WeightsField, key: str) -> Callable[[], None]:
    def on_change() -> None:
        if preset := offered(view).get(st.session_state[key]):
            controls.use(view, field, preset.weights)

    return on_change


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs={View: lambda view: view.build})
def _compared(view: View, first: Percent, second: Percent) -> Reweighing:
    """Rank the build's areas by two sets of weights."""
    own = {view.own_weights: Weights(**view.manifest.weights.model_dump())}  # not rounded to percent
    one, other = (own.get(weights) or Weights(*map(float, weights)) for weights in (first, second))
    return reweigh(view.areas, first=one, second=other, aggregation=view.manifest.aggregation, absent=view.absent)


def moves(view: View, found: Reweighing, group: Group, *, most: int = MOST) -> Markup:
    """Draw the places of a group: both ranks on one axis over the range of the draws, with the same numbers beside.

    Parameters
    ----------
    view
        By the study's own weights: it names the places and holds their ranges.
    found
        The places spoken of.
    group
        Which of them.
    most
        How many at most.
    """
    listed = found.group(group)
    shown = listed.head(most)
    if shown.empty:
        return key(CAPTIONS[group]) + paragraph("None of the places that we can rank.")
    known = certainty.tested(view)
    end = axis_end(float(shown[["first", "second", "high"]].max().max()))
    ticks = [(f"{100 * at:.0f}", f"{1 + at * (end - 1):,.0f}") for at in (0.0, 0.5, 1.0)]
    narrow = _draw("narrow")("Rank, first to second", IN_RANGE if known else "")
    heads = [
        *(("Place", ""), (macro("figures.html", "axis")("Ranks", ticks), "plot ns-hide-s"), (narrow, RIGHT)),
        ("Moved", RIGHT),
    ]
    if known:
        heads += [(IN_RANGE, "r ns-hide-s"), ("Beyond our doubt?", ""), (QUESTION, "ns-hide-s ns-hide-m")]
    rows = [_row(view, str(code), row, end=end) for code, row in shown.iterrows()]
    made = app_table(CAPTIONS[group], heads, rows, kind="ns-sure ns-moves", seen=False)
    cut = paragraph(words.cut_short(len(shown), of=len(listed))) if len(shown) < len(listed) else ""
    return key(CAPTIONS[group]) + made + cut


def _row(view: View, code: str, row: pd.Series, *, end: float) -> Row:
    area = view.row(code)
    head = linked(address("why", place=code), area["area_name"], area["district_name"])
    span, doubted = "", []
    if certainty.tested(view):
        ranged = pd.notna(row["low"])
        ends = (number(row[end_of], exact=True) for end_of in ("low", "high"))
        span = " to ".join(ends) if ranged else words.NOT_KNOWN
        more = words.beyond_doubt(beyond=bool(row["beyond"]) if ranged else None)
        tier = Cell(certainty.cell(area["tier"]), "ns-hide-s ns-hide-m")
        doubted = [Cell(span, "r ns-hide-s"), Cell(more), tier]
    ranks = _draw("narrow")(" to ".join(number(row[name], exact=True) for name in ("first", "second")), span)
    dots, moved = Cell(_dots(row, end=end), "plot ns-hide-s"), Cell(bold(signed(row["moved"])), RIGHT)
    return Row(head, [dots, Cell(ranks, RIGHT), moved, *doubted])


def _dots(row: pd.Series, *, end: float) -> Markup:
    """Draw a hollow dot for the first rank, a full one for the second, over the range of the draws."""
    first, second = (_at(row[name], end) for name in ("first", "second"))
    band = None
    if pd.notna(row["low"]):
        low, high = _at(row["low"], end), _at(row["high"], end)
        band = (f"{low:.2f}", f"{max(high - low, 0.6):.2f}")
    way = (f"{min(first, second):.2f}", f"{abs(first - second):.2f}")
    return _draw("dots")(band, way, f"{first:.2f}", f"{second:.2f}")


def _at(rank: float, end: float) -> float:
    return 100 * (float(rank) - 1) / (end - 1)


def _legend(*, known: bool) -> Markup:
    """Say what the dots and the bar are."""
    bar = f"The bar is where {IN_RANGE} put the place by the study’s own weights. " if known else ""
    return _draw("legend")(bar)


def body(view: View) -> None:
    """Show the two sets of weights, then who moves."""
    st.title("Compare two weightings")
    terms.say(paragraph(LEDE, "ns-lede"), part="lede")
    own = state.view(own=True)
    first, second = _chosen(view)
    with st.container(key="bar"):
        one, other = st.columns(2)
    with one:
        _choice(view, "weights", label="First weights", weights=first)
    with other:
        _choice(view, "than", label="Second weights", weights=second)
    with st.container(key="bar2"):
        kind, which, last = st.columns([4, 4, 2], vertical_alignment="bottom")
    controls.choice(view, first=kind, second=which)
    with last:
        copy_button("Copy link", key="copy link")
    used = (spoken(view, first), spoken(view, second))
    if view.link.than is None:
        st.html(look.note(f"You have not chosen the second weights, so you see the ranks {used[1]}."))
    if same(first, second, absent=view.absent):
        st.html(look.note("Both weights come to the same", "Choose others for one of them."))
        return

    found = _compared(own, first, second).among(view.shown.index)
    if found.places.empty:
        st.html(look.note(f"No place in {view.where} has a score", "So no weights can rank it."))
        return
    claim = worst_tenth_claim(
        found, place=view.where, basis=view.basis, used=used, weights=(first, second), absent=view.absent
    )
    terms.say(paragraph(reasons.marked(claim.say(), tag="em"), "ns-say"), part="headline", most=0)
    hidden = not_listed_claim(view.shown, basis=view.basis)
    rests = (
        words.weights_meaning(view.basis),
        str(hidden.say()) if hidden else "",
        controls.partly(view),
        about_places.modelled(view.basis),
        about_places.measured(view.basis),
    )
    certain = beyond_doubt_claim(found, place=view.where, basis=view.basis).say()
    terms.say(paragraph(certain, "ns-lede"), part="certain")
    st.html(paragraph(" ".join(said for said in rests if said)))
    if not certainty.tested(own):
        told = (about_certainty.UNTESTED, about_certainty.draws_command(view.folder.name))
        st.html(look.note("How much of this is doubt was not computed", *told, kind="warn"))
    st.header("Who enters and who leaves the worst tenth")
    st.html(_legend(known=certainty.tested(own)))
    st.html(moves(own, found, "enters") + moves(own, found, "leaves"))
    st.header("Who moves most")
    st.html(look.NOTHING.join(moves(own, found, name, most=LISTED) for name in ("rises", "falls")))
    use_figure(claim.say("quotation"), once=True)
    st.page_link("connectivity/views/sure.py", label="How sure are we?", query_params=view.link.query())


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("weightings")
    frame.head(view, ignored=ignored)
    body(view)
    frame.foot(view)


if __name__ == "__main__":
    page()
