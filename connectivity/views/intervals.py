"""What the page of doubt draws: ranges of ranks, tiers counted, what moves the ranking. Each drawing is a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from connectivity.claims import about_certainty
from connectivity.claims.about_certainty import READINGS
from connectivity.claims.claim import Basis
from connectivity.method.goalposts import DIMENSIONS
from connectivity.robustness.stored_run import REPORT
from connectivity.views import doubt
from connectivity.views.figures import PARTS
from connectivity.views.state import address
from connectivity.views.view import View

TOP = 20
LISTED = 6
"""Inputs that a headline's table lists (assumption: the rest move nothing)."""
ALONE = "“Alone” is what one assumption does by itself. “In all” adds what it does together with the others."
TICKS = (1, 2, 3, 4, 5, 6, 8, 10)


def report(view: View) -> dict[str, Any] | None:
    """Read what a build says of the whole; None where its uncertain inputs were not drawn."""
    return _report(view) if doubt.tested(view) else None


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: lambda view: view.build})
def _report(view: View) -> dict[str, Any] | None:
    try:
        found = json.loads((view.folder / REPORT).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.keys() >= {"draws", "worst_tenth"} else None


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


def plot(view: View, shown: pd.DataFrame, *, tenth: int) -> str:
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
        return ""
    end = axis_end(float(shown["rank_p95"].max()))
    edge = min(1.0, tenth / end)
    rows = "".join(_row(view, str(code), end=end, edge=edge) for code in shown.index)
    ticks = "".join(f'<span style="left:{100 * at:.1f}%">{_tick(at, end)}</span>' for at in (0.0, 0.5, 1.0))
    return (
        f'<div class="ns-scroll" tabindex="0" role="region" aria-label="Ranges of ranks, scrolls">'
        f'<table class="ns-sure ns-plot"><caption class="ns-unseen">Places, with the range of their ranks</caption>'
        '<thead><tr><th scope="col">Place</th><th scope="col" class="r ns-hide-s">Rank by score</th>'
        f'<th scope="col" class="plot">Ranks in the draws<div class="ns-axis" aria-hidden="true">'
        f'{ticks}</div></th><th scope="col" class="r">Middle</th><th scope="col" class="r">9 of 10 draws</th>'
        f'<th scope="col" class="ns-hide-s">{escape(about_certainty.QUESTION)}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(view: View, code: str, *, end: float, edge: float) -> str:
    row = view.row(code)
    low, middle, high = (100 * (float(row[f"rank_{name}"]) - 1) / (end - 1) for name in ("p05", "median", "p95"))
    shade = f'<span class="tenth" style="width:{100 * edge:.1f}%"></span>' if edge < 1 else ""
    bar = (
        f'<div class="ns-span" aria-hidden="true">{shade}<i style="left:{low:.2f}%;width:{max(high - low, 0.6):.2f}%">'
        f'</i><b style="left:{middle:.2f}%"></b></div>'
    )
    link = escape(address("why", place=code))
    span = f"{row['rank_p05']:,.0f} to {row['rank_p95']:,.0f}"
    return (
        f'<tr><th scope="row"><a href="{link}" target="_self">{escape(str(row["area_name"]))}</a>'
        f"<small>{escape(str(row['district_name']))}</small></th>"
        f'<td class="r ns-hide-s">{int(row["severity_rank"]):,}</td><td class="plot">{bar}</td>'
        f'<td class="r">{row["rank_median"]:,.0f}</td><td class="r">{span}</td>'
        f'<td class="ns-hide-s">{doubt.cell(row["tier"])}</td></tr>'
    )


def axis_end(most: float) -> float:
    """Find where the axis ends: the first round number that holds every range.

    >>> axis_end(3), axis_end(61), axis_end(245), axis_end(1800)
    (10.0, 80.0, 300.0, 2000.0)
    """
    size = 10.0
    while size * TICKS[-1] < most:
        size *= 10
    return next(size * step for step in TICKS if size * step >= most)


def _tick(at: float, end: float) -> str:
    return f"{1 + at * (end - 1):,.0f}"


def tiers(counts: Mapping[str, int], *, basis: Basis) -> str:
    """Draw the legend of the tiers: paint of the map, symbol, answer, what it means, how many places."""
    rows = "".join(
        f'<tr><td class="box">{doubt.paint(key)}</td>'
        f'<th scope="row">{doubt.cell(key)}<small>{escape(about_certainty.meaning(key, basis=basis))}</small></th>'
        f'<td class="r"><b>{counts[key]:,}</b></td></tr>'
        for key in READINGS
    )
    return (
        '<table class="ns-sure ns-key-table"><caption class="ns-unseen">Places by how sure we are</caption><thead><tr>'
        '<th scope="col">Map</th><th scope="col">Answer, and when we give it</th>'
        f'<th scope="col" class="r">Places</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def drivers(found: Mapping[str, Any], *, basis: Basis) -> str:
    """Draw for how many places each input moves the rank most."""
    total = sum(one["areas"] for one in found["drivers"]) or 1
    rows = [
        (about_certainty.assumption(str(one["driver"]), basis=basis), f"{one['areas']:,}", one["areas"] / total)
        for one in found["drivers"]
    ]
    return _bars("For how many places it moves the rank most", ("What we had to assume", "Places"), rows)


def headlines(found: Mapping[str, Any], *, basis: Basis) -> list[str]:
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
    return [*made[:-1], f'{made[-1]}<p class="ns-small">{ALONE}</p>']


def methods(found: Mapping[str, Any]) -> str:
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
    alike = "".join(
        f'<p class="ns-small">{escape(PARTS[one["one"]])} and {escape(PARTS[one["other"]].lower())} say nearly the '
        f"same (r = {one['r']:.2f}), so together they count twice.</p>"
        for one in whole.get("correlated", ())
    )
    first = _bars("Places of the worst tenth that another way to score also finds", ("Way to score", "Shared"), shared)
    return first + _bars("What each part makes of the scores’ differences", ("Part", "Of the whole"), parts) + alike


def inputs(found: Mapping[str, Any], *, basis: Basis) -> str:
    """List every input that was drawn, with its range and where it comes from."""
    seen: dict[tuple[str, ...], None] = {}
    for one in found["inputs"]:
        middle = "" if one["central"] is None else f"{one['central']:g}"
        span = (f"{one['low']:g}", middle, f"{one['high']:g}", one["unit"])
        seen[(about_certainty.assumption(one["label"], basis=basis), *span, one["law"], one["source"])] = None
    heads = ("Input", "Low", "Central", "High", "Unit", "Drawn", "Where the range comes from")
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(part)}</td>" for part in rest)}</tr>'
        for name, *rest in seen
    )
    law = found["weights"]
    body += f'<tr><th scope="row">{escape(law["label"])}</th><td colspan="6">{escape(law["law"])}</td></tr>'
    row = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        '<div class="ns-scroll" tabindex="0" role="region" aria-label="Inputs that were drawn, scrolls">'
        f'<table class="ns-table"><caption>Inputs that were drawn; seed {found["seed"]}</caption>'
        f"<thead><tr>{row}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _percent(share: float | None) -> str:
    """Write a share; an index may come out a little under 0 or over 1, by the noise of its sample."""
    return "not known" if share is None else f"{min(max(share, 0), 1):.0%}"


def _bars(title: str, heads: tuple[str, str], rows: Sequence[tuple[str, str, float]]) -> str:
    """Draw a table whose rows have a bar under their name."""
    body = "".join(
        f'<tr><th scope="row">{escape(name[:1].upper() + name[1:])}{_bar(share)}</th>'
        f'<td class="r">{escape(said)}</td></tr>'
        for name, said, share in rows
    )
    head = f'<th scope="col">{escape(heads[0])}</th><th scope="col" class="r">{escape(heads[1])}</th>'
    table = f'<table class="ns-sure"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<h3 class="ns-key">{escape(title)}</h3>{table}'


def _bar(share: float) -> str:
    return f'<i class="ns-share" style="width:{100 * min(max(share, 0), 1):.1f}%"></i>' if share > 0 else ""
