"""What the card and the full page of a place both show: its lines by speed, its neighbours, places like it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectivity.claims import about_places
from connectivity.claims.about_certainty import QUESTION
from connectivity.claims.claim import Claim
from connectivity.claims.grammar import one_decimal
from connectivity.html.app_parts import RIGHT, Cell, Row, app_table, counted, linked, paragraph
from connectivity.method.feasibility import NOT_TOLD_APART, SCORED, has_count
from connectivity.places.parts import neighbours
from connectivity.views import certainty, look, small_figures, terms
from connectivity.views.state import View, address

# Places listed as most like one (assumption: a list one reads at a glance).
SIMILAR = 6


def similar(view: View, code: str) -> Markup:
    """List the places with the nearest scores among places of the same kind, else in the same council."""
    row, areas = view.row(code), view.areas
    kind = row.get("rural_urban")
    same = areas["rural_urban"] == kind if pd.notna(kind) else areas["district_code"] == row["district_code"]
    peers = areas[same & areas["status"].eq(SCORED) & (areas.index != code)]
    among = f"places of the same kind ({kind})" if pd.notna(kind) else f"places in {row['district_name']}"
    why = (
        ""
        if pd.notna(kind)
        else " This study does not say which places are town or country, so we kept to the council."
    )
    if peers.empty:
        return paragraph(f"There are no other {among} in this study.")
    nearest = (peers["score"] - row["score"]).abs().sort_values(kind="stable").index[:SIMILAR]
    how = f"Of the other {among}, these have the scores nearest to this one.{why}"
    caption, council = f"Nearest scores among {among}", str(row["district_name"])
    listed = _table(view, peers.loc[nearest], council=council, caption=caption, label="Places like this one")
    return paragraph(how, "ns-prose") + listed


def next_to(view: View, code: str) -> Markup:
    """List the places that share a border with one; what lies beyond the study is not among them, and that is said."""
    name = str(view.row(code)["area_name"])
    sides = _sides(view, code)
    if not sides:
        return paragraph(about_places.no_neighbours(name))
    note = paragraph(about_places.neighbours_listed())
    there, council = view.areas.loc[list(sides)], str(view.row(code)["district_name"])
    caption = f"Places that share a border with {name}"
    return _table(view, there, council=council, caption=caption, label="Next to it", sides=sides) + note


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={View: lambda view: view.build})
def _sides(view: View, code: str) -> dict[str, str]:
    return {str(other): str(side) for other, side in neighbours(view.areas.geometry, code)["side"].items()}


def _table(
    view: View, listed: pd.DataFrame, *, council: str, caption: str, label: str, sides: Mapping[str, str] | None = None
) -> Markup:
    """Draw places as a table: worst first, then by name those without a rank of their own, those not scored last.

    Their councils are named unless all lie in `council`, that of the place spoken of.
    """
    ranked = listed["separable"].astype(bool) & listed["severity_rank"].notna()
    keyed = listed.assign(
        unscored=~has_count(listed["status"]), unranked=~ranked, rank=listed["severity_rank"].where(ranked)
    )
    order = keyed.sort_values(["unscored", "unranked", "rank", "area_name"], kind="stable").index
    titles = [("Place", "")]
    titles += [] if sides is None else [("Which way", "ns-hide-s ns-which")]
    titles += [(about_places.gap_column(view.profile, basis=view.basis), "r"), ("Score", "r ns-hide-s")]
    titles += [(QUESTION, "ns-hide-s ns-after")] if certainty.ranged(view) else []
    councils = not listed["district_name"].eq(council).all()
    rows = [_row(view, str(other), side=sides[str(other)] if sides else None, council=councils) for other in order]
    return app_table(caption, titles, rows, label=f"{label}, scrolls", kind="ns-table ns-near")


def _row(view: View, code: str, *, side: str | None, council: bool) -> Row:
    row = view.row(code)
    there = address("why", place=code, district=None)
    head = linked(there, row["area_name"], row["district_name"] if council else "")
    which = [] if side is None else [Cell(side, "ns-hide-s ns-which")]
    if row["status"] == NOT_TOLD_APART:
        return Row(head, [*which, Cell(about_places.NOT_TOLD_APART, RIGHT, 3 if certainty.ranged(view) else 2)])
    if row["status"] != SCORED:
        return Row(head, [*which, Cell(about_places.NOT_ENOUGH, RIGHT, 3 if certainty.ranged(view) else 2)])
    claim = Claim.of_row(row, profile=view.profile, basis=view.basis)
    gap = counted(claim.said_best, claim.said_of, claim.said_range)
    score = Cell(one_decimal(row["score"]), "r ns-hide-s")
    tier = [Cell(certainty.cell(row["tier"]), "ns-hide-s ns-after")] if certainty.ranged(view) else []
    return Row(head, [*which, Cell(gap, RIGHT), score, *tier])


def speeds(view: View, code: str) -> None:
    """Show premises by speed: the place's, or its council's where its places cannot be told apart."""
    row: Mapping[str, Any] = view.row(code)
    here, listed = "here", view.manifest.bands
    if row["status"] == NOT_TOLD_APART:
        ours = view.areas[view.areas["district_code"].eq(row["district_code"])]
        here = f"in {look.plain(row['district_name'])}"
        sums = ours[[*(band.column for band in listed), "premises_unknown"]].sum()
        row = {str(name): float(count) for name, count in sums.items()}
    st.header(f"What lines {here} achieved" if view.basis.measured else f"What people {here} can get")
    terms.say(small_figures.bands(row, listed=listed, basis=view.basis), part="speeds", most=0)
