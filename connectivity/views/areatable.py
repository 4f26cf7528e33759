"""The map's data as a sortable table, and the thread that ties the chosen place to its row.

Components of the second kind: no frame, and names enter by `textContent`, never as HTML. The table keeps its rows
when only the chosen place changes: `follow` sends that alone, a few bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from connectivity.claims import about_places
from connectivity.claims.about_certainty import BETWEEN, QUESTION, READINGS, reading
from connectivity.claims.claim import Basis, Claim, summed
from connectivity.method.feasibility import NOT_TOLD_APART, SCORED, has_count
from connectivity.places.parts import COASTAL
from connectivity.places.reports import COUNTS, addable_figures, percent_infeasible
from connectivity.robustness.ranks import chance_claim
from connectivity.robustness.tiers import UNRANKED
from connectivity.views import assets, certainty, look
from connectivity.views.state import View, address, base_path

HERE = Path(__file__).parent
KEY = "table"
FOLLOW = """
export default function({data}) {
  window.notspotPlace = data.place;
  window.dispatchEvent(new CustomEvent("notspot-place", {detail: data.place}));
}
"""

TELL = """
export default function({data}) {
  (window.notspotTables ??= {})[data.key] = data;
  window.dispatchEvent(new CustomEvent("notspot-table", {detail: data.key}));
}
"""

# The table's script and style travel with every message of their component, so that one never changes; what it shows
# is told it by a small one.
_table = st.components.v2.component(
    "notspot_table",
    html='<div class="areas" style="visibility:hidden"></div>',  # until its style is there, which has it so
    css=(HERE / "areatable.css").read_text(encoding="utf-8") + look.symbols(),
    js=(HERE / "areatable.js").read_text(encoding="utf-8"),
)
_areas = st.components.v2.component("notspot_areas", html="", js=TELL)
_follow = st.components.v2.component("notspot_follow", html="", js=FOLLOW)


def table(view: View, *, picked: Callable[[str], None]) -> None:
    """Show the areas on the map as a table; call `picked` with the code of a row that is pressed."""
    key = f"{KEY} {view.link.study or 'first'} {view.link.measure}{' councils' if view.overview else ''}"
    what = "Council" if view.overview else "Place"
    why = None if view.overview else address("why", place="PLACE")
    ranks = certainty.ranged(view) and not view.overview and not _by_share(view)
    note = f" {BETWEEN}" if ranks else ""
    data = {
        "rows": council_rows(view) if view.overview else assets.sent_text("rows", rows_text(view), base=base_path()),
        "columns": [what, about_places.gap_column(view.profile, basis=view.basis), _third(view)],
        "sort": 1 if view.measure.key in {"remote", "digital"} else 2,
        "tiers": view.measure.tiers,
        "worded": _by_share(view),
        "filters": [] if view.overview else [[name, list(values)] for name, values in filters(view).items()],
        "why": why,
        "caption": f"{what}s on the map in {view.where}, with the same figures. Use the column buttons to sort.{note}",
        "first": view.link.place if st.session_state.get("table shown") != key else st.session_state["table place"],
    }
    if st.session_state.get("table shown") != key:
        st.session_state["table shown"], st.session_state["table place"] = key, view.link.place
    sortable(data, key=key, picked=picked)


def sortable(data: dict[str, Any], *, key: str, picked: Callable[[str], None]) -> None:
    """Show rows as `rows` writes them, with their titles, as a sortable table; call `picked` with a row's code.

    Parameters
    ----------
    data
        ``rows`` is a list, or says where the browser finds it, as `assets.sent_text` does; the rest is what
        `areatable.js` reads.
    key
        Names what the rows are: another name is another table, which opens at its own place.
    picked
        Called with a code.
    """
    page = f"{KEY} of {st.session_state['page']}"

    def on_picked() -> None:
        if code := getattr(st.session_state.get(page), "picked", None):
            picked(str(code))

    _table(data={"key": page}, key=page, on_picked_change=on_picked)
    _areas(data={"key": page, "named": key, **data}, key=f"areas {page}")


def follow(place: str | None) -> None:
    """Mark the chosen place in the table."""
    _follow(data={"place": place}, key="follow")


def _by_share(view: View) -> bool:
    """Whether the third column is the share that the map paints."""
    return view.measure.key in {"remote", "digital"} and not view.overview


def filters(view: View) -> dict[str, tuple[str, ...]]:
    """Give what the table can be narrowed to: by the name of the filter, the values that occur in what is on show."""
    shown = view.shown[view.shown["status"].ne(NOT_TOLD_APART)]
    found: dict[str, tuple[str, ...]] = {}
    if shown["rural_urban"].notna().any() if "rural_urban" in shown else False:
        found["Kind of place"] = tuple(sorted(shown["rural_urban"].dropna().astype(str).unique()))
    if COASTAL in shown and shown[COASTAL].notna().any():
        found["Coast"] = ("coastal", "not coastal")
    if certainty.ranged(view):
        found[QUESTION] = tuple(READINGS[key].cell for key in READINGS if shown["tier"].eq(key).any())
    if view.link.district is None:
        found["Council"] = tuple(sorted(shown["district_name"].astype(str).unique()))
    return {name: values for name, values in found.items() if len(values) > 1}


def _filtered(row: Mapping[Any, Any]) -> dict[str, str]:
    """Say by which value of each filter an area is found."""
    said = {"Council": str(row["district_name"])}
    if pd.notna(row.get("rural_urban")):
        said["Kind of place"] = str(row["rural_urban"])
    if pd.notna(row.get(COASTAL)):
        said["Coast"] = "coastal" if row[COASTAL] else "not coastal"
    if pd.notna(row.get("tier")):
        said[QUESTION] = reading(row["tier"]).cell
    return said


def _third(view: View) -> str:
    if view.overview:
        return "In every 100"
    if _by_share(view):
        return "Share"
    if view.measure.tiers:
        return QUESTION
    return view.measure.name if view.link.measure in {"need", "alternative"} else "Score"


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs={View: lambda view: view.showing})
def rows(view: View) -> list[list[Any]]:
    """Write one short list per area: code, name, council, best, low, high, two lines of words, third figure, its words.

    The numbers place the bar and sort the rows; the words are those of the sentences; then follows, for each filter,
    which of its values the area has. An area without a figure has None for its numbers; the table lists it last, in
    words. The areas of a council that cannot be told apart are one row, which is the council's.
    """
    profile = view.profile
    third = view.measure.column if view.link.measure in {"need", "alternative"} else "score"
    known = filters(view)
    made = []
    ordered = view.shown.sort_values("severity_rank", kind="stable", na_position="last")  # settles equal counts
    for row in ordered[ordered["status"].ne(NOT_TOLD_APART)].reset_index().to_dict("records"):
        name = [row["area_code"], row["area_name"], "" if view.link.district else row["district_name"]]
        has = _filtered(row)
        where = [values.index(has[key]) if has.get(key) in values else -1 for key, values in known.items()]
        if row["status"] != SCORED:
            made.append([*name, None, None, None, "no figure", "", None, about_places.NOT_ENOUGH, where])
            continue
        claim = Claim.of_row(row, profile=profile, basis=view.basis)
        numbers = [round(value, 2) for value in (claim.best, claim.low, claim.high)]
        lines = [f"{claim.said_best}| of {claim.said_of}", claim.said_range]
        if _by_share(view):
            share = percent_infeasible({**row, "premises_scored": row["premises"]}, profile=profile)
            value, said_so = share, "too few to say" if share is None else str(claim.as_share().say("cell"))
        elif view.measure.tiers:
            value, said_so = _sure(row, basis=view.basis)
        else:
            value = None if pd.isna(row[third]) else round(row[third], 4)
            said_so = certainty.rank_brief(view, row) if third == "score" else "of 100"
        made.append([*name, *numbers, *lines, value, said_so, where])
    return [*made, *_alike(view, known)]


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs={View: lambda view: view.showing})
def rows_text(view: View) -> str:
    """Write the rows as the browser fetches them: a change of measure sends only where they are."""
    return json.dumps(rows(view), ensure_ascii=False, separators=(",", ":"))


def _alike(view: View, known: Mapping[str, Sequence[str]]) -> list[list[Any]]:
    """Write one row for each council whose areas cannot be told apart: its own figure stands for them."""
    alike = view.shown[view.shown["status"].eq(NOT_TOLD_APART)]
    made = []
    for code, areas in alike.groupby("district_code"):
        name = str(areas["district_name"].iloc[0])
        claim = view.council(str(areas.index[0]))
        has = {"Council": name}
        where = [values.index(has[key]) if has.get(key) in values else -1 for key, values in known.items()]
        places = about_places.places_in_all(len(areas))
        made.append(
            [code, name, places, None, None, None, str(claim.say("cell")), "", None, about_places.NOT_TOLD_APART, where]
        )
    return sorted(made, key=lambda row: str(row[1]))


def _sure(row: Mapping[Any, Any], *, basis: Basis) -> tuple[float, str]:
    """Give what sorts a tier, and its mark and words: the tier first, then the chance within it."""
    steps = [key for key in reversed(READINGS) if key not in UNRANKED]
    said, claim = reading(row["tier"]), chance_claim(row, basis=basis)
    return steps.index(row["tier"]) + claim.best, f"{said.mark}|{said.cell}|{claim.say('cell')}"


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: lambda view: f"{view.counting} {view.place}"})
def councils(view: View) -> pd.DataFrame:
    """Add up the places on show by council; the counts are those of places with a score.

    Returns
    -------
    pandas.DataFrame
        Index ``district_code``; ``area_name``, ``places``, ``scored`` (how many of them) and the counts of a report.
    """
    shown = view.shown
    table = addable_figures(shown).groupby(shown["district_code"])[list(COUNTS)].sum(min_count=1)
    table["area_name"] = shown.groupby("district_code")["district_name"].first()
    table["places"] = shown.groupby("district_code").size()
    table["scored"] = has_count(shown["status"]).groupby(shown["district_code"]).sum()
    return table


def council_claim(row: Mapping[Any, Any], *, view: View) -> Claim:
    """Return the claim that one row of `councils` makes."""
    known = {**row, "premises": row["premises_scored"]}
    claim = Claim.of_row(known, profile=view.profile, basis=view.basis)
    if view.drawn is not None:
        ours = view.shown[view.shown["district_code"].eq(row["district_code"])]
        claim = summed(ours, place=claim.place, profile=view.profile, basis=view.basis, drawn=view.drawn)
    return claim.of_whole_councils() if view.part is None and row["scored"] == row["places"] else claim


def council_rows(view: View) -> list[list[Any]]:
    """Write the table's rows as `rows` does, one for each council."""
    made = []
    for row in councils(view).reset_index().to_dict("records"):
        name = str(row["area_name"])
        places = Claim.of_places("places.scored", name, row["scored"], of=row["places"], basis=view.basis)
        head = [row["district_code"], name, str(places.say("cell"))]
        if not row["premises_scored"] > 0:
            made.append([*head, None, None, None, "no figure", "", None, about_places.NOT_ENOUGH])
            continue
        claim = council_claim(row, view=view)
        numbers = [round(value, 2) for value in (claim.best, claim.low, claim.high)]
        lines = [f"{claim.said_best}| of {claim.said_of}", claim.said_range]
        share = percent_infeasible(row, profile=view.profile)
        third = [None, "too few to say"] if share is None else [round(share, 2), view.basis.unit]
        made.append([*head, *numbers, *lines, *third])
    return made
