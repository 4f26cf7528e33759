"""What the page that compares two kinds of boundary draws: the largest of each, and one place split."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from connectivity.claims import about_boundaries
from connectivity.claims import about_boundaries as report_words
from connectivity.claims.about_certainty import other_lines
from connectivity.claims.grammar import number
from connectivity.places.reports import NOT_ASSIGNED, PLACE, Report, Split, blurred, hidden, percent, split
from connectivity.views import by_boundary, doubt, links
from connectivity.views.view import View
from layers.families import Family, family_of

PLACE_BOX = "place to follow"
LARGEST = 8
"""Places that each table of the largest lists (assumption: both fit on a screen)."""


def largest(view: View, found: Report) -> str:
    """Draw the places with the most premises that fall short, with range and share."""
    profile = view.profile
    clear, left_out = _clear(view, found)
    shown = clear.sort_values([f"{profile}_infeasible", "name"], ascending=[False, True], kind="stable").head(LARGEST)
    body = ""
    for row in shown.to_dict("records"):
        share = percent(row, profile=profile)
        body += (
            f'<tr><th scope="row">{escape(str(row["name"]))}</th>{_counted(row, profile, of=row["premises_scored"])}'
            f'<td class="r">{"too few to say" if share is None else f"{share:.1f}"}</td></tr>'
        )
    family = found.family
    note = about_boundaries.left_out(left_out, family=family)
    heads = (("Place", ""), (f"{view.basis.unit.capitalize()} with a gap", "r"), ("In every 100", "r"))
    return _table(f"{report_words.title(family)} with the most", heads, body) + (
        f'<p class="ns-small">{escape(note)}</p>' if note else ""
    )


def worst(view: View, found: Report) -> str:
    """Say which place has the largest share by one kind of boundary; empty where none can be held to others."""
    clear, _ = _clear(view, found)
    shares = {
        at: percent(row, profile=view.profile) for at, row in zip(clear.index, clear.to_dict("records"), strict=True)
    }
    known = {at: share for at, share in shares.items() if share is not None}
    if not known:
        return ""
    at = max(known, key=lambda one: known[one])
    row = clear.loc[at].to_dict()
    return about_boundaries.largest(row, percent=known[at], family=found.family, profile=view.profile, basis=view.basis)


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
    names = dict(zip(_keys(found.places), by_boundary.labels(found.places), strict=True))
    st.session_state[PLACE_BOX] = key
    st.selectbox(
        f"Follow one of {len(names):,} {found.family.plural}",
        options=list(names),
        format_func=lambda code: names.get(code, code),
        key=PLACE_BOX,
        on_change=lambda: st.query_params.update({by_boundary.AT: st.session_state[PLACE_BOX]}),
    )


def divided(view: View, key: str, *, first: str, second: str) -> Split:
    """Divide a place of the first kind among those of the second."""
    (_, mine), (places, theirs) = (by_boundary.parts(view, name) for name in (first, second))
    return split(key, first=mine, second=theirs, places=places, areas=view.areas, profile=view.profile)


def best_fit(view: View, *names: str) -> bool:
    """Tell whether one of the kinds puts small areas whole where they fit best."""
    return any(by_boundary.parts(view, name)[1].method == "best fit" for name in names)


def corners(view: View, key: str, *, kind: str, place: str) -> str:
    """Say what a place's average hides."""
    listed = hidden(key, shares=by_boundary.parts(view, kind)[1], areas=view.areas, profile=view.profile)
    return about_boundaries.corners(listed, place=place, profile=view.profile, basis=view.basis)


def split_table(view: View, found: Split, *, family: Family, fits: bool) -> str:
    """Draw the parts of a place: the other kind's places, what is in none of them, and what they make together."""
    profile = view.profile
    body = "".join(
        f'<tr><th scope="row">{escape(str(row["name"]))}</th>{_spread(row)}'
        f'{_counted(row, profile)}<td class="ns-hide-s ns-after">'
        f"{escape(about_boundaries.made(row, best_fit=fits))}</td></tr>"
        for row in found.places.to_dict("records")
    )
    rest = found.rows[(found.rows["row"] != PLACE) & (found.rows["premises"].round() > 0)]
    for row in rest.to_dict("records"):
        name = str(row["name"])
        sign = "" if row["row"] == NOT_ASSIGNED else "− "
        body += (
            f'<tr><th scope="row">{sign}{escape(name[:1].upper() + name[1:])}</th>'
            f'{_spread(row)}{_counted(row, profile)}<td class="ns-hide-s"></td></tr>'
        )
    whole = found.whole.to_dict()
    body += (
        f'<tr><th scope="row"><b>Together</b></th><td class="r"><b>{number(whole["premises"], exact=True)}</b></td>'
        f'{_counted(whole, profile)}<td class="ns-hide-s"></td></tr>'
    )
    unit = view.basis.unit.capitalize()
    heads = (
        (family.singular[0].upper() + family.singular[1:], ""),
        (f"{unit} there", "r"),
        ("With a gap", "r"),
        ("How it is known", "ns-hide-s ns-after"),
    )
    return _table(f"Where its {view.basis.unit} are, by {family.singular}", heads, body)


def other_boundaries(view: View, *names: str) -> list[str]:
    """Say what the build found when each place took the score of a larger unit that is one of these kinds."""
    report = doubt.report(view)
    kinds = {family_of(name).singular for name in names}
    return [other_lines(found) for found in (report or {}).get("boundaries") or () if found["unit"] in kinds]


def _spread(row: Mapping[Any, Any]) -> str:
    low, best, high = (number(row[name], exact=True) for name in ("premises_low", "premises", "premises_high"))
    span = "" if low == high else f' <span class="ns-small">({low} to {high})</span>'
    return f'<td class="r">{best}{span}</td>'


def _counted(row: Mapping[Any, Any], profile: str, *, of: float | None = None) -> str:
    if pd.isna(row[f"{profile}_infeasible"]):
        return '<td class="r">not known</td>'
    low, best, high = (number(row[f"{profile}_infeasible{end}"]) for end in ("_low", "", "_high"))
    span = "" if low == high else f' <span class="ns-small">({low} to {high})</span>'
    return f'<td class="r"><b>{best}</b>{"" if of is None else f" of {number(of)}"}{span}</td>'


def _table(caption: str, heads: tuple[tuple[str, str], ...], body: str) -> str:
    head = "".join(f'<th scope="col" class="{kind}">{escape(title)}</th>' for title, kind in heads)
    return (
        f'<div class="ns-scroll" tabindex="0" role="region" aria-label="{escape(caption)}, scrolls">'
        f'<table class="ns-table"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
