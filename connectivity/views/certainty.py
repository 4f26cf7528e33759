"""How sure we are, drawn beside a figure: symbols and legend of the tiers, a rank’s range in words, a map’s tip."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectivity.claims import about_certainty, about_places
from connectivity.claims.about_certainty import reading
from connectivity.claims.claim import Basis, Claim, ProfileKey
from connectivity.html.app_parts import paragraphs
from connectivity.html.render import macro
from connectivity.maps.symbology import PAINTS, TIER_CLASSES, UNKNOWN
from connectivity.robustness.boundary_effect import effect_claim
from connectivity.robustness.ranks import CHANCE, chance_claim, position_claim, rank_claim
from connectivity.robustness.stored_run import REPORT
from connectivity.views import look
from connectivity.views.state import View

_draw = partial(macro, "figures.html")
WARDS = "A ward hides its worst corner: use wards to add up counts, and small areas to find the places."
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
        return [about_certainty.UNTESTED]
    if not ranged(view):
        return [about_places.rank_reweighted(), about_certainty.reweighted()]
    if pd.isna(row["rank_p05"]):
        return []
    return [rank_of(view, code).say("plain"), chance_claim(row, basis=view.basis).say("plain")]


def ranked(view: View) -> int:
    """Count the places of the whole study that have a rank."""
    return int(view.areas["severity_rank"].notna().sum())


def rank_of(view: View, code: str) -> Claim:
    """Claim a place's rank, with the range that the draws give it."""
    return rank_claim(view.row(code), of=ranked(view), basis=view.basis)


def driver(view: View, code: str) -> str:
    """Say what moves a place's rank most; empty where ranges do not hold."""
    return about_certainty.place_driver(str(view.row(code)["driver"]), basis=view.basis) if ranged(view) else ""


def tenths(view: View, code: str) -> Markup:
    """Draw ten boxes from the worst tenth of places to the best: the range shaded, the rank dark with a pointer."""
    row = view.row(code)
    if not ranged(view) or pd.isna(row["rank_p05"]) or not row.get("separable", True):
        return look.NOTHING
    low, at, high = ((float(row[name]) - 1) * 10 // ranked(view) for name in ("rank_p05", "severity_rank", "rank_p95"))
    boxes = ["best" if box == at else "in" if low <= box <= high else "" for box in range(10)]
    return _draw("tenths")(boxes)


def rank_brief(view: View, row: Mapping[Any, Any]) -> str:
    """Say a rank and its range for a table's cell, the two parted by “|”."""
    of, basis, drawn = ranked(view), view.basis, ranged(view)
    said = position_claim(row, of=of, basis=basis, drawn=drawn).say("cell")
    if not row.get("separable", True):
        return said
    return f"{said}|{rank_claim(row, of=of, basis=basis).say('cell') if drawn else about_certainty.NO_RANGE}"


def badge(tier: object) -> Markup:
    """Draw a tier: its symbol, then its words where no question stands above."""
    return _draw("badge")(reading(tier).mark, reading(tier).alone)


def cell(tier: object) -> Markup:
    """Draw a tier for a table: its symbol, then the answer to the column's question."""
    return _draw("cell")(reading(tier).mark, reading(tier).cell)


def symbol(tier: object) -> Markup:
    """Draw the disc that fills as we get surer; words always stand beside it."""
    return _draw("symbol")(reading(tier).mark)


def tooltip(row: Mapping[Any, Any], *, basis: Basis, profile: ProfileKey) -> str:  # noqa: ARG001 - as the plain tip
    """Say a tier in one short line, as the table does."""
    return reading(row["tier"]).alone if pd.isna(row[CHANCE]) else chance_claim(row, basis=basis).say("card")


def paint(tier: str) -> Markup:
    """Draw a box as the map paints a tier."""
    return look.box(PAINTS[TIER_CLASSES.get(tier, UNKNOWN)])


def other_lines(found: Mapping[str, Any], *, basis: Basis) -> Markup:
    """Say what other lines on the map would do to the worst tenth."""
    said = [effect_claim(one, basis=basis).say() for one in found["boundaries"]]
    return paragraphs([" ".join([*said, WARDS])])


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
