"""The list of places where another way must stay, on the page and as a file."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from connectivity import service as decisions
from connectivity.claims import about_services
from connectivity.claims.grammar import number
from connectivity.service import COUNTER, MOST_LISTED, decisions_csv
from connectivity.views import serviceview
from connectivity.views.state import address
from connectivity.views.view import View


def listed(view: View) -> str:
    """Draw the places that keep the counter, most people first, then those without enough data."""
    here = serviceview.found(view)
    kept = pd.concat([decisions.in_order(here, steps=[step]) for step in (COUNTER, decisions.UNKNOWN)])
    made = "".join(_listed_row(view, str(code)) for code in kept.index[:MOST_LISTED])
    keeping = serviceview.touched(view)
    keeping = keeping[keeping["decision"] == COUNTER]
    staying = decisions.affected(keeping, areas=view.areas, place=view.where, shares=serviceview.shares(view))
    said = about_services.staying(staying, counts=decisions.counted(here), shown=MOST_LISTED, basis=view.basis)
    small = f'<p class="ns-small">{escape(said)}</p>'
    council = [] if view.link.district else [("Council", "ns-hide-s")]
    heads = [("Place", ""), *council, (about_services.column(view.basis), "r"), ("Why", "")]
    head = "".join(f'<th scope="col" class="{kind}">{name}</th>' for name, kind in heads)
    if not made:
        return small
    return (
        f'{small}<div class="ns-scroll ns-kept" tabindex="0" role="region" aria-label="The list of places, scrolls">'
        f'<table class="ns-table"><caption class="ns-unseen">The list, most people first</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{made}</tbody></table></div>"
    )


def _listed_row(view: View, code: str) -> str:
    row = serviceview.joined(view, code)
    there = escape(address("service", place=code, district=None))
    people = "no figure"
    if row["decision"] == COUNTER:
        span = f"{number(row['people_low'])} to {number(row['people_high'])}"
        people = f'<b>{number(row["people"])}</b> <span class="ns-small">({span})</span>'
    why = about_services.why(row, known=serviceview.known(view), basis=view.basis)
    council = "" if view.link.district else f'<td class="ns-hide-s">{escape(str(row["district_name"]))}</td>'
    return (
        f'<tr><th scope="row"><a href="{there}" target="_self">{escape(str(row["area_name"]))}</a></th>'
        f'{council}<td class="r">{people}</td><td>{escape(why)}</td></tr>'
    )


def download(view: View) -> None:
    """Offer the decisions of the areas on show as a table for a spreadsheet."""
    service, basis = serviceview.chosen(view), view.basis
    found, known = serviceview.found(view), serviceview.known(view)
    st.download_button(
        "Download every place (CSV)",
        data=decisions_csv(found, areas=view.shown, service=service, known=known, basis=basis),
        file_name=view.file_name(f"{basis.release.replace(' ', '-')}_{service.key}_decisions.csv"),
        mime="text/csv",
        on_click="ignore",
    )
