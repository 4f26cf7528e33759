"""How sure are we? How many places we are sure of, how far ranks could move, what moves them, and how it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectivity.claims import about_certainty, about_places
from connectivity.claims.about_certainty import FORMULAE, READ, READINGS
from connectivity.claims.claim import Basis
from connectivity.html.app_parts import RIGHT, Cell, Row, items, linked, paragraph, table, told
from connectivity.html.render import macro
from connectivity.method.goalposts import DIMENSIONS
from connectivity.robustness.tiers import tier_counts
from connectivity.views import certainty, controls, frame, look, reasons, state, terms
from connectivity.views.copying import copy_button, use_figure
from connectivity.views.small_figures import PARTS
from connectivity.views.state import View, address

_draw = partial(macro, "figures.html")
TOP = 20
# Inputs that a headline's table lists (assumption: the rest move nothing).
LISTED = 6
ALONE = "“Alone” is what one assumption does by itself. “In all” adds what it does together with the others."


def top(view: View) -> pd.DataFrame:
    """Take the places shown that rank worst by the study's own weights, those that cannot be told apart left out."""
    ranked = view.shown[view.shown["rank_median"].notna() & view.shown["separable"].astype(bool)]
    found: pd.DataFrame = ranked.sort_values(["severity_rank", "rank_median"], kind="stable").head(TOP)
    return found


def title(shown: pd.DataFrame) -> str:
    """Name the drawing by how many places it holds.

    >>> title(pd.DataFrame(index=["a", "b"])), title(pd.DataFrame(index=[]))
    ('The 2 places with the highest scores, and how far each could move', 'How far ranks could move')
    """
    if len(shown) < 2:  # noqa: PLR2004 - one place is no list
        return "How far ranks could move"
    return f"The {len(shown)} places with the highest scores, and how far each could move"


def caption(view: View, shown: pd.DataFrame, *, tenth: int) -> str:
    """Say what the bars are, what is shaded, how wide the bars are, and which places are not among them."""
    if shown.empty:
        return "No place here has a rank of its own."
    width = float((shown["rank_p95"] - shown["rank_p05"]).median())
    apart = ~view.shown["separable"].astype(bool)
    left_out = " Councils whose small areas we cannot tell apart are left out." if apart.any() else ""
    ranked = int(view.areas["rank_median"].notna().sum())
    shade = f"The shaded part is the worst tenth, up to rank {tenth:,}."
    return (
        f"Ranks of {ranked:,} places, 1 is worst. {shade} {about_certainty.spread(width, places=len(shown))}{left_out}"
    )


def plot(view: View, shown: pd.DataFrame, *, tenth: int) -> Markup:
    """Draw each place's range of ranks on one axis, with the same numbers beside it.

    Parameters
    ----------
    view
        Names the places and links them.
    shown
        From `top`.
    tenth
        How many places are the worst tenth: shaded.
    """
    if shown.empty:
        return look.NOTHING
    end = certainty.axis_end(float(shown["rank_p95"].max()))
    edge = min(1.0, tenth / end)
    ticks = [(f"{100 * at:.1f}", _tick(at, end)) for at in (0.0, 0.5, 1.0)]
    heads = (
        *(("Place", ""), ("Rank by score", "r ns-hide-s"), (_draw("axis")("Ranks in the draws", ticks), "plot")),
        *(("Middle", RIGHT), ("9 of 10 draws", RIGHT), (about_certainty.QUESTION, "ns-hide-s")),
    )
    rows = [_row(view, str(code), end=end, edge=edge) for code in shown.index]
    caption = "Places, with the range of their ranks"
    return table(caption, heads, rows, label="Ranges of ranks, scrolls", kind="ns-sure ns-plot", seen=False)


def _row(view: View, code: str, *, end: float, edge: float) -> Row:
    row = view.row(code)
    low, middle, high = (100 * (float(row[f"rank_{name}"]) - 1) / (end - 1) for name in ("p05", "median", "p95"))
    shade = f"{100 * edge:.1f}" if edge < 1 else ""
    bar = _draw("span")(shade, f"{low:.2f}", f"{max(high - low, 0.6):.2f}", f"{middle:.2f}")
    return Row(
        linked(address("why", place=code), row["area_name"], row["district_name"]),
        [
            Cell(f"{int(row['severity_rank']):,}", "r ns-hide-s"),
            Cell(bar, "plot"),
            Cell(f"{row['rank_median']:,.0f}", RIGHT),
            Cell(f"{row['rank_p05']:,.0f} to {row['rank_p95']:,.0f}", RIGHT),
            Cell(certainty.cell(row["tier"]), "ns-hide-s"),
        ],
    )


def _tick(at: float, end: float) -> str:
    return f"{1 + at * (end - 1):,.0f}"


def tiers(counts: Mapping[str, int], *, basis: Basis) -> Markup:
    """Draw the legend of the tiers: paint of the map, symbol, answer, what it means, how many places."""
    rows = [
        (certainty.paint(key), certainty.cell(key), about_certainty.meaning(key, basis=basis), f"{counts[key]:,}")
        for key in READINGS
    ]
    return macro("sure.html", "tiers")(rows)


def drivers(found: Mapping[str, Any], *, basis: Basis) -> Markup:
    """Draw for how many places each input moves the rank most."""
    total = sum(one["areas"] for one in found["drivers"]) or 1
    rows = [
        (about_certainty.assumption(str(one["driver"]), basis=basis), f"{one['areas']:,}", one["areas"] / total)
        for one in found["drivers"]
    ]
    return _bars("For how many places it moves the rank most", ("What we had to assume", "Places"), rows)


def headlines(found: Mapping[str, Any], *, basis: Basis) -> list[Markup]:
    """Draw how much of the doubt about each headline every input makes, by its total Sobol index: two drawings."""
    titles = {
        "infeasible": f"How much of the doubt about the count of {basis.unit} it makes",
        "stays_in_worst_tenth": "How much of the doubt about who is in the worst tenth it makes",
    }
    made = []
    for key, title in titles.items():
        listed = found.get("whole", {}).get("headlines", {}).get(key, {}).get("inputs", ())
        rows = [
            (
                about_certainty.assumption(str(one["input"]), basis=basis),
                f"{_percent(min(one['first'] or 0, one['total']))} alone, {_percent(one['total'])} in all",
                one["total"],
            )
            for one in listed[:LISTED]
            if one["total"] is not None and one["total"] >= about_certainty.LEAST
        ]
        made.append(_bars(title, ("What we had to assume", "Part of the doubt"), rows))
    return [*made[:-1], made[-1] + paragraph(ALONE)]


def methods(found: Mapping[str, Any]) -> Markup:
    """Compare the worst tenth with that of other ways to score, and each part's weight with what it does."""
    whole = found.get("whole", {})
    shared = [
        (str(one["label"]), _percent(one["worst_tenth_shared"]), one["worst_tenth_shared"] or 0.0)
        for one in whole.get("alternatives", ())
    ]
    parts = [
        (PARTS[one["dimension"]], f"weight {_percent(one['weight'])}, makes {_percent(one['share_of_variance'])}", 0.0)
        for one in whole.get("importance", ())
        if one["dimension"] in DIMENSIONS
    ]
    alike = Markup("").join(
        paragraph(
            f"{PARTS[one['one']]} and {PARTS[one['other']].lower()} say nearly the same "
            f"(r = {one['r']:.2f}), so together they count twice."
        )
        for one in whole.get("correlated", ())
    )
    first = _bars("Places of the worst tenth that another way to score also finds", ("Way to score", "Shared"), shared)
    return first + _bars("What each part makes of the scores’ differences", ("Part", "Of the whole"), parts) + alike


def inputs(found: Mapping[str, Any], *, basis: Basis) -> Markup:
    """List every input that was drawn, with its range and where it comes from."""
    seen: dict[tuple[str, ...], None] = {}
    for one in found["inputs"]:
        middle = "" if one["central"] is None else f"{one['central']:g}"
        span = (f"{one['low']:g}", middle, f"{one['high']:g}", one["unit"])
        seen[(about_certainty.assumption(one["label"], basis=basis), *span, one["law"], one["source"])] = None
    titles = ("Input", "Low", "Central", "High", "Unit", "Drawn", "Where the range comes from")
    rows = [Row(name, [Cell(part) for part in rest]) for name, *rest in seen]
    law = found["weights"]
    rows.append(Row(law["label"], [Cell(law["law"], columns=6)]))
    caption = f"Inputs that were drawn; seed {found['seed']}"
    return table(caption, [(title, "") for title in titles], rows, label="Inputs that were drawn, scrolls")


def _percent(share: float | None) -> str:
    """Write a share; an index may come out a little under 0 or over 1, by the noise of its sample."""
    return "not known" if share is None else f"{min(max(share, 0), 1):.0%}"


def _bars(title: str, heads: tuple[str, str], rows: Sequence[tuple[str, str, float]]) -> Markup:
    """Draw a table whose rows have a bar under their name."""
    drawn = [(f"{name[:1].upper()}{name[1:]}", _bar(share), said) for name, said, share in rows]
    return macro("sure.html", "bars")(title, heads, drawn)


def _bar(share: float) -> Markup:
    return _draw("share")(f"{100 * min(max(share, 0), 1):.1f}") if share > 0 else look.NOTHING


WHOLE = "From here on, the figures are for the whole study: a part of it has no ranking of its own."


def whole_study(view: View, report: Mapping[str, Any]) -> None:
    """Show what moves the ranking most, and whether other methods or lines on the map would say the same."""
    st.header("What moves the ranking most")
    if view.link.district or view.part:
        st.html(paragraph(WHOLE))
    with st.container(key="split2"):
        first, second = st.columns(2, gap="large")
    count, worst = headlines(report, basis=view.basis)
    first.html(terms.explained(drivers(report, basis=view.basis) + count, part="drivers"))
    second.html(terms.explained(worst, part="headlines"))
    with st.expander("Would another way to score say the same?"):
        st.html(methods(report))
    if report.get("boundaries"):
        with st.expander("Would other lines on the map say the same?"):
            st.html(certainty.other_lines(report))
    with st.expander("The formulae, for those who want them"):
        st.html(look.NOTHING.join(told(f"{name}.", Markup(words)) for name, words in FORMULAE.items()))  # noqa: S704 - ours
        st.html(inputs(report, basis=view.basis))


def body(view: View) -> None:
    """Show how sure we are of the part on show, then what holds for the whole study."""
    st.title("How sure are we?")
    report, own = certainty.report(view), state.view(own=True)
    if report is None:
        st.html(look.note("This was not computed", about_certainty.untested(view.folder.name), kind="warn"))
        return
    with st.container(key="bar"):
        kind, which, last = st.columns([4, 4, 2], vertical_alignment="bottom")
    controls.choice(view, first=kind, second=which)
    with last:
        copy_button("Copy link", key="copy link")
    if view.link.weights is not None:
        st.html(look.note("Not with your weights", about_certainty.all_reweighted(), kind="warn"))

    counts, draws, tenth = tier_counts(own.shown["tier"]), int(report["draws"]), int(report["worst_tenth"])
    if own.shown["rank_median"].isna().all():
        st.html(look.note(about_places.NOT_SCORED, about_places.nothing_known(view.where)))
        return
    headline = reasons.marked(about_certainty.headline(counts, place=view.where), tag="em")
    terms.say(paragraph(headline, "ns-say"), part="headline")
    said = (about_certainty.among_the_worst(view.basis), about_certainty.others(counts, draws=draws))
    terms.say(paragraph(" ".join(said), "ns-lede"), part="lede")
    if partly := controls.partly(view):
        st.html(paragraph(partly))
    with st.container(key="split"):
        left, right = st.columns([7, 4.4], gap="large")
    with left:
        shown = top(own)
        st.header(title(shown))
        terms.say(paragraph(caption(own, shown, tenth=tenth)), part="caption")
        terms.say(plot(own, shown, tenth=tenth), part="plot")
        st.page_link(
            "connectivity/views/compare.py", label="Compare two places", query_params=view.link.query(other=None)
        )
    with right:
        st.header(about_certainty.QUESTION)
        terms.say(tiers(counts, basis=view.basis), part="tiers")
        query = view.link.query(measure="sure")
        st.page_link("connectivity/views/where.py", label="See it on the map", query_params=query)
        st.header("How to read this")
        terms.say(items(READ), part="read")
        quote = about_certainty.citation(counts, place=view.where, draws=draws, basis=view.basis)
        use_figure(quote)
    whole_study(view, report)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("sure")
    frame.head(view, ignored=ignored)
    body(view)
    frame.foot(view)


if __name__ == "__main__":
    page()
