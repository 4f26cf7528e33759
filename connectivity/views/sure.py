"""How sure are we? How many places we are sure of, how far ranks could move, what moves them, and how it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectivity.claims import about_certainty, about_places
from connectivity.claims.about_certainty import FORMULAE, IN_RANGE, NO_TITLE, READ, READINGS
from connectivity.claims.claim import Basis, Claim
from connectivity.claims.grammar import number, whole_percent
from connectivity.html.app_parts import RIGHT, Cell, Row, app_table, items, linked, paragraph, told
from connectivity.html.render import macro
from connectivity.method.feasibility import NOT_TOLD_APART
from connectivity.method.records import DIMENSIONS
from connectivity.robustness.ranks import ranges_claim
from connectivity.robustness.robustness_report import tiers_claim
from connectivity.robustness.tiers import tier_counts
from connectivity.robustness.whole_index import correlated_claim, doubt_claim, part_claim
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


def ranges(view: View, shown: pd.DataFrame, *, tenth: int) -> Claim | None:
    """Claim how wide the ranges of the places shown are; None where none is shown."""
    if shown.empty:
        return None
    apart = ~view.shown["separable"].astype(bool)
    return ranges_claim(shown, ranked=certainty.ranked(view), tenth=tenth, left_out=bool(apart.any()), basis=view.basis)


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
        *(("Place", ""), ("Rank by score", "r ns-hide-s"), (_draw("axis")("Ranks in the tries", ticks), "plot")),
        *(("Middle", RIGHT), (IN_RANGE.capitalize(), RIGHT), (about_certainty.QUESTION, "ns-hide-s")),
    )
    rows = [_row(view, str(code), end=end, edge=edge) for code in shown.index]
    caption = "Places, with the range of their ranks"
    return app_table(caption, heads, rows, label="Ranges of ranks, scrolls", kind="ns-sure ns-plot", seen=False)


def _row(view: View, code: str, *, end: float, edge: float) -> Row:
    row, ranked = view.row(code), certainty.rank_of(view, code)
    low, middle, high = (100 * (float(row[f"rank_{name}"]) - 1) / (end - 1) for name in ("p05", "median", "p95"))
    shade = f"{100 * edge:.1f}" if edge < 1 else ""
    bar = _draw("span")(shade, f"{low:.2f}", f"{max(high - low, 0.6):.2f}", f"{middle:.2f}")
    return Row(
        linked(address("why", place=code), row["area_name"], row["district_name"]),
        [
            Cell(number(ranked.best, exact=True), "r ns-hide-s"),
            Cell(bar, "plot"),
            Cell(number(row["rank_median"], exact=True), RIGHT),
            Cell(ranked.say("card"), RIGHT),
            Cell(certainty.cell(row["tier"]), "ns-hide-s"),
        ],
    )


def _tick(at: float, end: float) -> str:
    return number(1 + at * (end - 1), exact=True)


def tiers(counts: Mapping[str, int], *, basis: Basis) -> Markup:
    """Draw the legend of the tiers: paint of the map, symbol, answer, what it means, how many places."""
    rows = [
        (
            certainty.paint(key),
            certainty.cell(key),
            about_certainty.meaning(key, basis=basis),
            number(counts[key], exact=True),
        )
        for key in READINGS
    ]
    return macro("sure.html", "tiers")(rows)


def drivers(found: Mapping[str, Any], *, basis: Basis) -> Markup:
    """Draw for how many places each input moves the rank most."""
    total = sum(one["areas"] for one in found["drivers"]) or 1
    rows = [
        (
            about_certainty.assumption(str(one["driver"]), basis=basis),
            number(one["areas"], exact=True),
            one["areas"] / total,
        )
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
        claims = [claim for one in listed[:LISTED] if (claim := doubt_claim(one, basis=basis)) is not None]
        rows = [
            (about_certainty.assumption(claim.place, basis=basis), claim.say("cell"), claim.best)
            for claim in claims
            if claim.best >= about_certainty.LEAST
        ]
        made.append(_bars(title, ("What we had to assume", "Part of the doubt"), rows))
    return [*made[:-1], made[-1] + paragraph(ALONE)]


def methods(found: Mapping[str, Any], *, basis: Basis) -> Markup:
    """Compare the worst tenth with that of other ways to score, and each part's weight with what it does."""
    whole = found.get("whole", {})
    shared = [
        (str(one["label"]), whole_percent(_known(one["worst_tenth_shared"])), one["worst_tenth_shared"] or 0.0)
        for one in whole.get("alternatives", ())
    ]
    parts = [
        (claim.place, claim.say("cell"), 0.0)
        for one in whole.get("importance", ())
        if one["dimension"] in DIMENSIONS
        for claim in [part_claim(one, called=PARTS[one["dimension"]], basis=basis)]
    ]
    alike = Markup("").join(
        paragraph(correlated_claim(one, called=(PARTS[one["one"]], PARTS[one["other"]]), basis=basis).say())
        for one in whole.get("correlated", ())
    )
    first = _bars("Places of the worst tenth that another way to score also finds", ("Way to score", "Shared"), shared)
    return first + _bars("What each part makes of the scores’ differences", ("Part", "Of the whole"), parts) + alike


def inputs(found: Mapping[str, Any], *, basis: Basis) -> Markup:
    """List every input that was drawn, with its range and where it comes from."""
    seen: dict[tuple[str, ...], None] = {}
    for one in found["inputs"]:
        middle = "" if one["central"] is None else f"{one['central']:g}"
        span = (f"{one['low']:g}", middle, f"{one['high']:g}", about_certainty.tried(one["unit"]))
        seen[
            (
                about_certainty.assumption(one["label"], basis=basis),
                *span,
                one["law"],
                about_certainty.tried(one["source"]),
            )
        ] = None
    titles = ("Input", "Low", "Central", "High", "Unit", "Drawn", "Where the range comes from")
    rows = [Row(name, [Cell(part) for part in rest]) for name, *rest in seen]
    law = found["weights"]
    rows.append(Row(law["label"], [Cell(law["law"], columns=6)]))
    caption = f"Inputs that were drawn; seed {found['seed']}"
    return app_table(caption, [(title, "") for title in titles], rows, label="Inputs that were drawn, scrolls")


def _known(share: float | None) -> float:
    return float("nan") if share is None else share


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
        st.html(methods(report, basis=view.basis))
    if report.get("boundaries"):
        with st.expander("Would other lines on the map say the same?"):
            st.html(certainty.other_lines(report, basis=view.basis))
    with st.expander("The formulae, for those who want them"):
        st.html(look.NOTHING.join(told(f"{name}.", Markup(words)) for name, words in FORMULAE.items()))  # noqa: S704 - ours
        st.html(inputs(report, basis=view.basis))


def body(view: View) -> None:
    """Show how sure we are of the part on show, then what holds for the whole study."""
    st.title("How sure are we?")
    report, own = certainty.report(view), state.view(own=True)
    if report is None:
        command = about_certainty.draws_command(view.folder.name)
        st.html(look.note("This was not computed", about_certainty.UNTESTED, command, kind="warn"))
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
        alike = own.shown.loc[own.shown["status"].eq(NOT_TOLD_APART), "district_name"]
        if alike.empty:
            st.html(look.note(about_places.NOT_SCORED, about_places.nothing_known(view.where)))
        else:
            words = [about_places.not_separable(str(name)) for name in sorted(alike.unique())]
            st.html(look.note(about_places.NOT_TOLD_APART, *words))
        return
    claim = tiers_claim(counts, place=view.where, draws=draws, basis=view.basis)
    terms.say(paragraph(reasons.marked(claim.say(), tag="em"), "ns-say"), part="headline")
    said = (about_certainty.among_the_worst(view.basis), claim.say("card"))
    terms.say(paragraph(" ".join(said), "ns-lede"), part="lede", most=0)
    if partly := controls.partly(view):
        st.html(paragraph(partly))
    with st.container(key="split"):
        left, right = st.columns([7, 4.4], gap="large")
    with left:
        shown = top(own)
        wide = ranges(own, shown, tenth=tenth)
        st.header(NO_TITLE if wide is None else wide.say("card"))
        terms.say(paragraph(wide.say() if wide else "No place here has a rank of its own."), part="caption", most=0)
        terms.say(plot(own, shown, tenth=tenth), part="plot", most=0)
        st.page_link(
            "connectivity/views/compare.py", label="Compare two places", query_params=view.link.query(other=None)
        )
    with right:
        st.header(about_certainty.QUESTION)
        terms.say(tiers(counts, basis=view.basis), part="tiers", most=0)
        query = view.link.query(measure="sure")
        st.page_link("connectivity/views/where.py", label="See it on the map", query_params=query)
        st.header("How to read this")
        terms.say(items(READ), part="read")
        use_figure(claim.say("quotation"))
    whole_study(view, report)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("sure")
    frame.head(view, ignored=ignored)
    body(view)
    frame.foot(view)


if __name__ == "__main__":
    page()
