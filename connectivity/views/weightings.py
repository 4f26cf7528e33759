"""Compare two weightings: who enters or leaves the worst tenth, who moves, and whether that is beyond doubt."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from connectivity.claims import about_certainty, about_places
from connectivity.claims import about_weightings as words
from connectivity.claims.about_certainty import QUESTION
from connectivity.method.scoring import Weights
from connectivity.views import certainty, controls, frame, look, reasons, state, terms
from connectivity.views.certainty import axis_end
from connectivity.views.controls import WeightsField
from connectivity.views.copying import copy_button, use_figure
from connectivity.views.small_figures import signed
from connectivity.views.state import View, address
from connectivity.weightings import LISTED, Group, Percent, Preset, Reweighing, presets, reweigh, same, stand_in

LEDE = "How bad a place is depends on what you count, and how much. Change that, and see who moves."
OTHERS = "others"
"""The choice that stands for weights which are no preset."""
MOST = 20
"""Places that a list names (assumption: one screen; the headline counts them all)."""
CAPTIONS: dict[Group, str] = {
    "enters": "Places that enter the worst tenth by the second weights",
    "leaves": "Places that leave the worst tenth by the second weights",
    "rises": "Biggest rises: towards the worst",
    "falls": "Biggest falls: away from the worst",
}


def chosen(view: View) -> tuple[Percent, Percent]:
    """Give both sets of weights: those of the link; the study's own, and the first other preset, stand in."""
    first = view.link.weights or view.own_weights
    return first, view.link.than or stand_in(first, view.own_weights, absent=view.absent)


def offered(view: View) -> dict[str, Preset]:
    """List the presets of the study on show."""
    return presets(view.own_weights, absent=view.absent)


def named(view: View, weights: Percent) -> Preset | None:
    """Find the preset that comes to the same as some weights."""
    listed = offered(view).values()
    return next((one for one in listed if same(one.weights, weights, absent=view.absent)), None)


def spoken(view: View, weights: Percent) -> str:
    """Give the words by which a sentence speaks of some weights."""
    found = named(view, weights)
    return found.used if found else words.yours(weights, absent=view.absent)


def choice(view: View, field: WeightsField, *, label: str, weights: Percent) -> None:
    """Show the box of presets for one of the two sets, and the form that sets it freely."""
    known = offered(view)
    titles = {key: preset.title for key, preset in known.items()} | {OTHERS: "Others, set below"}
    key = f"{field} preset"
    found = named(view, weights)
    st.session_state[key] = next((name for name, preset in known.items() if preset == found), OTHERS)
    st.selectbox(
        label,
        options=list(titles),
        format_func=lambda name: titles.get(name, name),
        key=key,
        on_change=_preset(view, field, key),
    )
    st.html(f'<p class="ns-small">{escape(words.shares(weights, absent=view.absent).capitalize())}.</p>')
    more = controls.ANY_SUM
    controls.form(view, field, shown=weights, title="Set them yourself", more=more)


def _preset(view: View, field: WeightsField, key: str) -> Callable[[], None]:
    def on_change() -> None:
        if preset := offered(view).get(st.session_state[key]):
            controls.use(view, field, preset.weights)

    return on_change


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs={View: lambda view: view.build})
def compared(view: View, first: Percent, second: Percent) -> Reweighing:
    """Rank the build's areas by two sets of weights."""
    own = {view.own_weights: Weights(**view.manifest.weights.model_dump())}  # not rounded to percent
    one, other = (own.get(weights) or Weights(*map(float, weights)) for weights in (first, second))
    return reweigh(view.areas, first=one, second=other, aggregation=view.manifest.aggregation, absent=view.absent)


def moves(view: View, found: Reweighing, group: Group, *, most: int = MOST) -> str:
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
        return f'<h3 class="ns-key">{CAPTIONS[group]}</h3><p class="ns-small">None of the places that we can rank.</p>'
    known = certainty.tested(view)
    end = axis_end(float(shown[["first", "second", "high"]].max().max()))
    rows = "".join(_row(view, str(code), row, end=end) for code, row in shown.iterrows())
    ticks = "".join(f'<span style="left:{100 * at:.0f}%">{1 + at * (end - 1):,.0f}</span>' for at in (0.0, 0.5, 1.0))
    doubted = (
        '<th scope="col" class="r ns-hide-s">9 of 10 draws</th><th scope="col">Beyond our doubt?</th>'
        f'<th scope="col" class="ns-hide-s ns-hide-m">{escape(QUESTION)}</th>'
        if known
        else ""
    )
    narrow = '<span class="ns-narrow">9 of 10 draws</span>' if known else ""
    cut = f'<p class="ns-small">{words.more(len(shown), of=len(listed))}</p>' if len(shown) < len(listed) else ""
    return (
        f'<h3 class="ns-key">{CAPTIONS[group]}</h3><div class="ns-scroll" tabindex="0" role="region" '
        f'aria-label="{CAPTIONS[group]}, scrolls"><table class="ns-sure ns-moves">'
        f'<caption class="ns-unseen">{CAPTIONS[group]}</caption><thead><tr><th scope="col">Place</th>'
        f'<th scope="col" class="plot ns-hide-s">Ranks<div class="ns-axis" aria-hidden="true">{ticks}</div></th>'
        f'<th scope="col" class="r">Rank, first to second{narrow}</th>'
        f'<th scope="col" class="r">Moved</th>{doubted}</tr></thead><tbody>{rows}</tbody></table></div>{cut}'
    )


def _row(view: View, code: str, row: pd.Series, *, end: float) -> str:
    area = view.row(code)
    link = escape(address("why", place=code))
    doubted = narrow = ""
    if certainty.tested(view):
        ranged = pd.notna(row["low"])
        span = f"{row['low']:,.0f} to {row['high']:,.0f}" if ranged else words.NOT_KNOWN
        more = words.cell(beyond=bool(row["beyond"]) if ranged else None)
        narrow = f'<span class="ns-narrow">{escape(span)}</span>'
        doubted = (
            f'<td class="r ns-hide-s">{escape(span)}</td><td>{escape(more)}</td>'
            f'<td class="ns-hide-s ns-hide-m">{certainty.cell(area["tier"])}</td>'
        )
    return (
        f'<tr><th scope="row"><a href="{link}" target="_self">{escape(str(area["area_name"]))}</a>'
        f"<small>{escape(str(area['district_name']))}</small></th>"
        f'<td class="plot ns-hide-s">{_dots(row, end=end)}</td>'
        f'<td class="r">{row["first"]:,} to {row["second"]:,}{narrow}</td>'
        f'<td class="r"><b>{signed(row["moved"])}</b></td>{doubted}</tr>'
    )


def _dots(row: pd.Series, *, end: float) -> str:
    """Draw a hollow dot for the first rank, a full one for the second, over the range of the draws."""
    first, second = (_at(row[name], end) for name in ("first", "second"))
    band = ""
    if pd.notna(row["low"]):
        low, high = _at(row["low"], end), _at(row["high"], end)
        band = f'<i style="left:{low:.2f}%;width:{max(high - low, 0.6):.2f}%"></i>'
    way = f'<span class="way" style="left:{min(first, second):.2f}%;width:{abs(first - second):.2f}%"></span>'
    return (
        f'<div class="ns-span" aria-hidden="true">{band}{way}<span class="dot" style="left:{first:.2f}%"></span>'
        f'<span class="dot to" style="left:{second:.2f}%"></span></div>'
    )


def _at(rank: float, end: float) -> float:
    return 100 * (float(rank) - 1) / (end - 1)


def legend(*, known: bool) -> str:
    """Say what the dots and the bar are."""
    bar = "The bar is where 9 of 10 draws put the place by the study’s own weights. " if known else ""
    return (
        '<p class="ns-small"><span class="ns-dot" aria-hidden="true"></span> rank by the first weights '
        '<span class="ns-dot to" aria-hidden="true"></span> rank by the second. '
        f"{bar}1 is worst. Moved: + is towards the worst, − is away from it.</p>"
    )


def body(view: View) -> None:
    """Show the two sets of weights, then who moves."""
    st.title("Compare two weightings")
    terms.say(f'<p class="ns-lede">{LEDE}</p>', part="lede")
    own = state.view(own=True)
    first, second = chosen(view)
    with st.container(key="bar"):
        one, other = st.columns(2)
    with one:
        choice(view, "weights", label="First weights", weights=first)
    with other:
        choice(view, "than", label="Second weights", weights=second)
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

    found = compared(own, first, second).among(view.shown.index)
    if found.places.empty:
        st.html(look.note(f"No place in {view.where} has a score", "So no weights can rank it."))
        return
    terms.say(
        f'<p class="ns-say">{reasons.marked(words.headline(found, used=used, place=view.where), tag="em")}</p>',
        part="headline",
    )
    hidden = words.not_named(found, districts=own.areas["district_name"])
    rests = (
        words.meaning(view.basis),
        hidden,
        controls.partly(view),
        about_places.modelled(view.basis),
        about_places.measured(view.basis),
    )
    terms.say(f'<p class="ns-lede">{escape(words.certain(found))}</p>', part="certain")
    st.html(f'<p class="ns-small">{escape(" ".join(said for said in rests if said))}</p>')
    if not certainty.tested(own):
        st.html(
            look.note(
                "How much of this is doubt was not computed", about_certainty.untested(view.folder.name), kind="warn"
            )
        )
    if not found.told_apart.empty:
        st.header("Who enters and who leaves the worst tenth")
        st.html(legend(known=certainty.tested(own)))
        st.html(moves(own, found, "enters") + moves(own, found, "leaves"))
        st.header("Who moves most")
        st.html("".join(moves(own, found, name, most=LISTED) for name in ("rises", "falls")))
    quote = words.citation(found, weights=(first, second), place=view.where, basis=view.basis, absent=view.absent)
    use_figure(quote, once=True)
    st.page_link("connectivity/views/sure.py", label="How sure are we?", query_params=view.link.query())


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("weightings")
    frame.head(view, ignored=ignored)
    body(view)
    frame.foot(view)


if __name__ == "__main__":
    page()
