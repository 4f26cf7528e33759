"""Why here? One place: the sentence, its range, what people can get, what makes up the score, how sure we are."""

from __future__ import annotations

import geopandas as gpd
import streamlit as st

from connectivity.claims import about_places
from connectivity.html import app_parts
from connectivity.html.app_parts import paragraph
from connectivity.maps.sketch import DEGREES
from connectivity.method.feasibility import NOT_TOLD_APART, SCORED
from connectivity.views import frame, look, place_figures, reasons, small_figures, state, terms
from connectivity.views.copying import copy_button
from connectivity.views.state import View

# How much of its own width the map of a place shows on each side of it (assumption: its neighbours are in view).
AROUND = 0.8


def place_map(view: View, code: str) -> None:
    """Show where the place lies, among its neighbours; a press on one of them opens its page."""
    from connectivity.views import page_map  # noqa: PLC0415 - Folium takes 0.3 s: the words are there meanwhile

    west, south, east, north = gpd.GeoSeries(view.areas.geometry[[code]]).to_crs(DEGREES).total_bounds.tolist()
    wide, high = (east - west) * AROUND, (north - south) * AROUND
    page_map.draw(
        view,
        picked=lambda other: state.choose(place=other, district=None, find=None),
        near=[[south - high, west - wide], [north + high, east + wide]],
    )


def body(view: View) -> None:
    """Show one place in full."""
    basis = view.basis
    code = view.link.place or str(view.shown["severity_rank"].astype("Float64").fillna(float("inf")).idxmin())
    row = view.row(code)
    scored = row["status"] == SCORED
    st.title(f"Why {look.plain(row['area_name'])}?")
    if view.link.place is None:
        words = f"You have not chosen a place, so this is the one with the highest score in {view.where}."
        st.html(look.note(words, kind="plain"))

    if row["status"] == NOT_TOLD_APART:
        said = [about_places.not_separable(str(row["district_name"])), view.council(code).say("plain")]
        st.html(look.note(about_places.NOT_TOLD_APART, *said))
    elif not scored:
        name = f"{about_places.NOT_ENOUGH} for {row['area_name']}"
        st.html(
            look.note(name, reasons.not_enough(view, code), "It is hatched on the map and listed last in the table.")
        )
    else:
        claim = reasons.claim_of(view, code)
        fails = about_places.fails(
            row[f"{claim.profile}_download_fails"], row[f"{claim.profile}_upload_fails"], basis=basis
        )
        sentence = reasons.marked(claim.say(), tag="em")
        terms.say(paragraph(sentence + f" {fails}", "ns-say"), part="sentence", most=0)

    with st.container(key="split"):
        left, right = st.columns([7, 4.4], gap="large")
    with left:
        if scored:
            st.html(small_figures.range_bar(claim))
        with st.container(key="where-it-is"):
            place_map(view, code)
        place_figures.speeds(view, code)
        if scored:
            st.header("What makes up the score")
            terms.say(small_figures.waterfall(row, absent=view.absent), part="parts")
            terms.say(paragraph(about_places.score_explained()), part="score")
            quote = reasons.quoted_reasons(view, code)
            st.html(app_parts.card("Use this figure", app_parts.paragraphs([quote]), "ns-card-do"))
        with st.container(key="once"):
            if scored:
                copy_button("Copy sentence", text=quote, key="copy sentence")
            copy_button("Copy link", key="copy link")
    with right:
        if scored:
            terms.say(app_parts.card("How sure are we?", reasons.sure(view, code)), part="sure", most=1)
            query = view.link.query(place=code, other=None)
            st.page_link("connectivity/views/compare.py", label="Compare it with another place", query_params=query)
        known = app_parts.card("About this place", reasons.facts(view, code), "ns-card-quiet")
        terms.say(known, part="facts")
    if scored:
        st.header("Places like this one")
        st.html(place_figures.similar(view, code))
    st.header("Next to it")
    st.html(place_figures.next_to(view, code))


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("why")
    frame.head(view, ignored=ignored)
    body(view)
    frame.foot(view)


if __name__ == "__main__":
    page()
