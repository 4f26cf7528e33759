"""The drawings of the page of hidden need: one place in tenths, the small areas of its tail, all places. All tables."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from connectivity.claims import about_need
from connectivity.claims.about_boundaries import title
from connectivity.claims.about_places import NOT_ENOUGH
from connectivity.claims.claim import Basis
from connectivity.claims.grammar import in_every_hundred, number, ordinal
from connectivity.places import hidden_need
from connectivity.places.hidden_need import Known
from connectivity.views import state
from connectivity.views.hiddenview import AT, BY, COUNCIL, NEED, World

MOST_LISTED = 30
"""Small areas that the table of a tail lists (assumption: one screen)."""
ENDS = (1, 2, 5, 10, 20, 40, 60, 80, 100)
"""Where the axis of tenths may end, in every 100: the first that holds every range."""
LAST = 9
MOST_ROWS = 40
"""Rows from which a table scrolls by itself (assumption: what a reader still scrolls past)."""


def ordered(here: World) -> pd.DataFrame:
    """List places from the strongest contrast; those without a tail last, most premises with a gap first."""
    return here.found.sort_values(["contrast", "gap"], ascending=False, na_position="last", kind="stable")


def places(here: World, *, by: str, basis: Basis, picked: str) -> str:
    """Draw every place as a table, each linked to itself on this page."""
    rows = []
    for key, row in ordered(here).iterrows():
        name = escape(str(row["name"]))
        if key != picked:
            name = f'<a href="{escape(_address(by, str(key)))}" target="_self">{name}</a>'
        mark = ' aria-current="true"' if key == picked else ""
        if not row["premises"] > 0:
            cells = 2 + 3 * (here.known is not None) + here.tailed
            rows.append(f'<tr{mark}><th scope="row">{name}</th><td colspan="{cells}">{NOT_ENOUGH}</td></tr>')
            continue
        need = f'<td class="r ns-hide-s">{in_every_hundred(row["share"])}</td>'
        need += f'<td class="ns-after">{_standing(here, str(key))}</td>'
        joint = f'<td class="r ns-counted">{_span(row["both_low"], row["both_high"])}</td>'
        tail = about_need.rate(row["tail_gap"], of=row["tail_premises"]) if row["contrast"] >= 0 else "–"
        tail = f'<td class="r">{tail}</td>' if here.tailed else ""
        rows.append(
            f'<tr{mark}><th scope="row">{name}</th>'
            f'{_counted(row)}<td class="r">{about_need.rate(row["gap"], of=row["premises"])}</td>{tail}'
            f"{joint + need if here.known else ''}</tr>"
        )
    needy = ((_in_need(here.known), "r ns-hide-s"), ("Looks well off?", "ns-after")) if here.known else ()
    worst = (("In its worst tenth", "r"),) if here.tailed else ()
    last = (("Both, fewest to most", "r"),) if here.known else ()
    heads = (("Place", ""), (_gap(basis), "r"), ("In every 100", "r"), *worst, *last, *needy)
    first = "those that hide most first" if here.tailed else "most with a gap first"
    return _table(f"{title(here.family)}, {first}", heads, rows)


def tenths(here: World, key: str, *, basis: Basis) -> str:
    """Draw one place's premises in tenths, worst first, with the same numbers beside the bars."""
    table, row = hidden_need.tenths(here.of(key)), here.row(key)
    rates = {end: 100 * table[f"gap{end}"] / table["premises"] for end in ("_low", "", "_high")}
    end = next(end for end in ENDS if end >= min(100.0, float(rates["_high"].max())))
    mean = 100 * row["gap"] / row["premises"] / end
    rows = []
    for at, tenth in enumerate(table.index):
        one = table.iloc[at]
        low, best, high = (100 * float(rates[name].iloc[at]) / end for name in ("_low", "", "_high"))
        bar = (
            f'<div class="ns-span" aria-hidden="true"><span class="tenth" style="width:{100 * mean:.1f}%"></span>'
            f'<i style="left:{low:.2f}%;width:{max(high - low, 0.6):.2f}%"></i><b style="left:{best:.2f}%"></b></div>'
        )
        need = f'<td class="r ns-hide-s">{in_every_hundred(one["share"])}</td>' if here.known else ""
        rows.append(
            f'<tr><th scope="row">{_tenth(int(tenth))}'
            f"<small>{number(one['areas'])} small area{'' if one['areas'] == 1 else 's'}</small></th>"
            f'<td class="plot">{bar}</td>{_counted(one)}'
            f'<td class="r">{about_need.rate(one["gap"], of=one["premises"])}</td>{need}</tr>'
        )
    ticks = "".join(f'<span style="left:{at}%">{end * at / 100:g}</span>' for at in (0, 50, 100))
    needy = f'<th scope="col" class="r ns-hide-s">{escape(_in_need(here.known))}</th>' if here.known else ""
    return (
        '<div class="ns-scroll" tabindex="0" role="region" aria-label="Tenths, scrolls">'
        '<table class="ns-sure ns-plot ns-tenthly"><caption class="ns-unseen">Tenths, the worst first</caption>'
        f'<thead><tr><th scope="col">Tenth of the {basis.unit}</th><th scope="col" class="plot">With a gap, in every '
        f'100<div class="ns-axis" aria-hidden="true">{ticks}</div></th><th scope="col" class="r">{_gap(basis)}</th>'
        f'<th scope="col" class="r">In every 100</th>{needy}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def areas(here: World, key: str, *, basis: Basis) -> str:
    """List the small areas of a place's tail, each linked to its reasons; those without a figure last, in words."""
    shown = hidden_need.listed(here.of(key))
    rows = []
    for one in shown.head(MOST_LISTED).to_dict("records"):
        there = escape(state.address("why", place=str(one["area_code"]), district=None))
        name = f'<tr><th scope="row"><a href="{there}" target="_self">{escape(str(one["name"]))}</a></th>'
        if pd.isna(one["gap"]):
            rows.append(f'{name}<td colspan="{4 if here.known else 2}">{NOT_ENOUGH}</td></tr>')
            continue
        both = f'<td class="r ns-counted">{_span(one["both_low"], one["both_high"])}</td>'
        need = f'{both}<td class="r ns-hide-s">{in_every_hundred(one["share"])}</td>' if here.known else ""
        rows.append(
            f'{name}{_counted(one)}<td class="r">{about_need.rate(one["gap"], of=one["premises"])}</td>{need}</tr>'
        )
    needy = (("Both, fewest to most", "r"), (_in_need(here.known), "r ns-hide-s")) if here.known else ()
    more = f" (the first {MOST_LISTED} of {len(shown):,})" if len(shown) > MOST_LISTED else ""
    heads = (("Small area", ""), (_gap(basis), "r"), ("In every 100", "r"), *needy)
    return _table(f"Small areas, the largest share with a gap first{more}", heads, rows) if rows else ""


def _address(by: str, key: str) -> str:
    mine = {name: value for name in (NEED,) if (value := st.query_params.get(name))}
    if by == COUNCIL:
        there = state.address("hidden", district=key, place=None)
        return f"{there}&{urlencode(mine)}" if mine else there
    there = state.address("hidden")
    return f"{there}{'&' if '?' in there else '?'}{urlencode({BY: by, AT: key} | mine)}"


def _standing(here: World, key: str) -> str:
    """Answer “Looks well off?” in a table's cell."""
    looks = here.looks(key)
    return {"well off": "yes", "about average": "about average", "not well off": "no"}[looks] if looks else "not known"


def _counted(row: Mapping[Any, Any] | pd.Series) -> str:
    best, of = number(row["gap"]), number(row["premises"])
    span = _span(row["gap_low"], row["gap_high"])
    return f'<td class="r ns-counted"><b>{best}</b> of {of} <span class="ns-small">({span})</span></td>'


def _span(low: float, high: float) -> str:
    return "not known" if pd.isna(high) else f"{number(low)} to {number(high)}"


def _gap(basis: Basis) -> str:
    return "Lines with a gap" if basis.measured else "With a gap"


def _in_need(one: Known | None) -> str:
    return f"{one.need.label}, in every 100" if one else ""


def _tenth(at: int) -> str:
    return "Worst tenth" if at == 0 else "Best tenth" if at == LAST else f"{ordinal(at + 1)} tenth"


def _table(caption: str, heads: tuple[tuple[str, str], ...], rows: list[str]) -> str:
    row = "".join(f'<th scope="col" class="{kind}">{escape(name)}</th>' for name, kind in heads)
    tall = " ns-tall" if len(rows) > MOST_ROWS else ""
    return (
        f'<div class="ns-scroll{tall}" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="ns-table"><caption>{escape(caption)}</caption><thead><tr>{row}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
