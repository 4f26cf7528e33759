"""A study with more places than a map can draw: its councils stand for them, on the map and in the table."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from connectivity.claims import about_places
from connectivity.claims.claim import Claim
from connectivity.claims.grammar import number
from connectivity.maps import folium_layers, sketch, symbology
from connectivity.method.feasibility import SCORED
from connectivity.places.reports import COUNTS, counted, percent
from connectivity.views.view import View


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: lambda view: f"{view.build} {view.place}"})
def councils(view: View) -> pd.DataFrame:
    """Add up the places on show by council; the counts are those of places with a score.

    Returns
    -------
    pandas.DataFrame
        Index ``district_code``; ``area_name``, ``places``, ``scored`` (how many of them) and the counts of a report.
    """
    shown = view.shown
    table = counted(shown).groupby(shown["district_code"])[list(COUNTS)].sum(min_count=1)
    table["area_name"] = shown.groupby("district_code")["district_name"].first()
    table["places"] = shown.groupby("district_code").size()
    table["scored"] = shown["status"].eq(SCORED).groupby(shown["district_code"]).sum()
    return table


def rows(view: View) -> list[list[Any]]:
    """Write the table's rows as `areatable.rows` does, one for each council."""
    made = []
    for row in councils(view).reset_index().to_dict("records"):
        few = f"{row['places']:,} places"
        few += "" if row["scored"] == row["places"] else f", {row['places'] - row['scored']:,} without enough data"
        head = [row["district_code"], row["area_name"], few]
        if not row["premises_scored"] > 0:
            made.append([*head, None, None, None, "no figure", "", None, about_places.NOT_ENOUGH])
            continue
        claim = Claim.of_row(row | {"premises": row["premises_scored"]}, profile=view.profile, basis=view.basis)
        numbers = [round(value, 2) for value in (claim.best, claim.low, claim.high)]
        lines = [f"{claim.said_best}| of {claim.said_of}", f"{number(claim.low)} to {number(claim.high)}"]
        share = percent(row, profile=view.profile)
        third = [None, "too few to say"] if share is None else [round(share, 2), view.basis.unit]
        made.append([*head, *numbers, *lines, *third])
    return made


def painted(view: View, *, shapes: gpd.GeoSeries) -> str:
    """Paint each council by its share of premises (or lines) with a gap."""
    found = councils(view)
    shares = pd.Series([percent(row, profile=view.profile) for row in found.to_dict("records")], index=found.index)
    kinds = symbology.classes(shares, breaks=view.measure.breaks(unit=view.basis.unit))
    said = [_tip(row, view=view) for row in found.to_dict("records")]
    texts = sketch.texts(gpd.GeoSeries(shapes.reindex(found.index), crs=shapes.crs))
    return folium_layers.features(found, shapes=texts, kinds=kinds, says=said)


def explained() -> str:
    """Say why councils are shown."""
    return (
        f"There are more than {sketch.MOST_PLACES:,} small areas here, so the map starts with councils. Choose one to "
        "see its places. Scores, need and how sure we are belong to small areas."
    )


def _tip(row: dict[Any, Any], *, view: View) -> str:
    if not row["premises_scored"] > 0:
        return about_places.NOT_SCORED
    said = Claim.of_row(row | {"premises": row["premises_scored"]}, profile=view.profile, basis=view.basis).say("cell")
    return said[0].upper() + said[1:]
