"""How sure we are, drawn beside a figure: symbols and legend of the tiers, a rank’s range in words, a map’s tip."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from connectivity.claims import about_certainty, about_places
from connectivity.claims.about_certainty import READINGS, reading
from connectivity.claims.claim import Basis, ProfileKey
from connectivity.maps.symbology import PAINTS, TIER_CLASSES, UNKNOWN
from connectivity.robustness.stored_run import REPORT
from connectivity.views import look
from connectivity.views.state import View

WARDS = "A ward hides its worst corner: use wards to add up counts, and small areas to find the places."
CHANCE = "p_worst_tenth_infeasible"
"""The chance that decides the tier: in the worst tenth, and enough that falls short."""

TICKS = (1, 2, 3, 4, 5, 6, 8, 10)


def tested(view: View) -> bool:
    """Say whether the build drew its uncertain inputs, so that ranks have ranges and places tiers."""
    return "tier" in view.areas


def ranged(view: View) -> bool:
    """Say whether the ranges hold for the ranks on show: they were drawn round the study's own weights."""
    return tested(view) and view.link.weights is None


def rank(view: View, code: str) -> list[str]:
    """Say what is known of a rank's range: the range, how often the place is among the worst, what moves it."""
    row = view.row(code)
    if not tested(view):
        return [about_certainty.untested(view.folder.name)]
    if not ranged(view):
        return [about_places.rank_reweighted(), about_certainty.reweighted()]
    if pd.isna(row["rank_p05"]):
        return []
    said = about_certainty.place_range(row["rank_p05"], row["rank_p95"], position=int(row["severity_rank"]))
    return [said, about_certainty.place_tier(row["tier"], float(row[CHANCE]))]


def driver(view: View, code: str) -> str:
    """Say what moves a place's rank most; empty where ranges do not hold."""
    return about_certainty.place_driver(str(view.row(code)["driver"]), basis=view.basis) if ranged(view) else ""


def tenths(view: View, code: str) -> str:
    """Draw ten boxes from the worst tenth of places to the best: the range shaded, the rank dark with a pointer."""
    row = view.row(code)
    if not ranged(view) or pd.isna(row["rank_p05"]) or not row.get("separable", True):
        return ""
    ranked = int(view.areas["rank_median"].notna().sum())
    low, at, high = ((float(row[name]) - 1) * 10 // ranked for name in ("rank_p05", "severity_rank", "rank_p95"))
    boxes = "".join(
        f'<i class="{"best" if box == at else "in" if low <= box <= high else ""}"></i>' for box in range(10)
    )
    return (
        f'<div class="ns-tenths" aria-hidden="true">{boxes}</div>'
        '<div class="ns-ends" aria-hidden="true"><span>worst tenth</span><span>best tenth</span></div>'
    )


def rank_brief(view: View, row: Mapping[Any, Any]) -> str:
    """Say a rank and its range for a table's cell, the two parted by “|”."""
    separable = bool(row.get("separable", True))
    said = about_places.rank_brief(int(row["severity_rank"]), separable=separable)
    if not separable:
        return said
    known = ranged(view) and pd.notna(row["rank_p05"])
    return (
        f"{said}|{about_certainty.range_brief(row['rank_p05'], row['rank_p95']) if known else about_certainty.NO_RANGE}"
    )


def badge(tier: object) -> str:
    """Draw a tier: its symbol, then its words where no question stands above."""
    return f'<p class="ns-tier">{symbol(tier)}<span>{escape(reading(tier).alone)}</span></p>'


def cell(tier: object) -> str:
    """Draw a tier for a table: its symbol, then the answer to the column's question."""
    return f'<span class="ns-tier">{symbol(tier)}<span>{escape(reading(tier).cell)}</span></span>'


def symbol(tier: object) -> str:
    """Draw the disc that fills as we get surer; words always stand beside it."""
    return f'<span class="ns-sym ns-sym-{reading(tier).mark}" aria-hidden="true"></span>'


def tooltip(row: Mapping[Any, Any], *, basis: Basis, profile: ProfileKey) -> str:  # noqa: ARG001 - as the plain tip
    """Say a tier in one short line, as the table does."""
    said = reading(row["tier"]).alone
    if pd.isna(row[CHANCE]):
        return said
    return f"{said}: in {about_certainty.hundred(float(row[CHANCE]))} of 100 draws"


def map_legend(view: View) -> str:
    """Draw the legend of the tier map: fill, lines and symbol of each tier, and what the question means."""
    listed = "".join(f"<li>{paint(tier)}{symbol(tier)}{escape(said.cell)}</li>" for tier, said in READINGS.items())
    note = f"{about_certainty.among_the_worst(view.basis)} {about_certainty.A_DRAW}"
    if view.link.weights is not None:
        note += " This map is for the study’s own weights, not yours."
    return (
        f'<p class="ns-key">{escape(about_certainty.QUESTION)}</p><ul class="ns-tiers">{listed}</ul>'
        f'<p class="ns-small">{escape(note)}</p>'
    )


def paint(tier: str) -> str:
    """Draw a box as the map paints a tier."""
    return look.box(PAINTS[TIER_CLASSES.get(tier, UNKNOWN)])


def other_lines(found: Mapping[str, Any]) -> str:
    """Say what other lines on the map would do to the worst tenth."""
    said = [about_certainty.other_lines(one) for one in found["boundaries"]]
    return f"<p>{escape(' '.join([*said, WARDS]))}</p>"


def report(view: View) -> dict[str, Any] | None:
    """Read what a build says of the whole; None where its uncertain inputs were not drawn."""
    return _report(view) if tested(view) else None


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: lambda view: view.build})
def _report(view: View) -> dict[str, Any] | None:
    try:
        found = json.loads((view.folder / REPORT).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.keys() >= {"draws", "worst_tenth"} else None


def axis_end(most: float) -> float:
    """Find where the axis ends: the first round number that holds every range.

    >>> axis_end(3), axis_end(61), axis_end(245), axis_end(1800)
    (10.0, 80.0, 300.0, 2000.0)
    """
    size = 10.0
    while size * TICKS[-1] < most:
        size *= 10
    return next(size * step for step in TICKS if size * step >= most)
