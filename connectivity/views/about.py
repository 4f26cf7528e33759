"""About the figures: how sure, how good the data, how it is done, what words mean, and the analyst's tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from connectivity.accessibility_statement import AIM
from connectivity.claims import about_certainty
from connectivity.html import quality_page, source_lists
from connectivity.html.app_parts import bold, items, linked, links, paragraph
from connectivity.quality.notice import read_quality
from connectivity.robustness.robustness_report import tiers_claim
from connectivity.robustness.tiers import tier_counts
from connectivity.views import certainty, contents, frame, look, reasons, state, terms
from connectivity.views.state import View, address

LEDE = "What to know before you quote a figure. Each part opens in full."
WORDS = "Each word means one thing only, on every page. A dotted line under a word opens what it means."
# Pages of the part for analysts.
ANALYST = ("weightings", "boundaries", "change")


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("about")
    frame.head(view, ignored=ignored)
    st.title("About the figures")
    st.html(paragraph(LEDE, "ns-lede"))
    _head("sure")
    _sure(view, certainty.report(view))
    _onward("sure")
    _head("quality")
    _quality(view)
    _onward("quality")
    _head("sources")
    terms.say(items(source_lists.METHOD[:-1]), part="method")
    st.html(paragraph(bold("What the figures are not good for"), "ns-prose") + items(source_lists.NOT_USE))
    _onward("sources")
    _head("words")
    st.html(paragraph(WORDS, "ns-prose"))
    _onward("words")
    _head("accessibility")
    st.html(paragraph(AIM, "ns-prose"))
    _onward("accessibility")
    st.header("For analysts", anchor="analysts")
    named = {one.address: one.title for one in contents.contents_entries()}
    st.html(links([(address(key), named[key]) for key in ANALYST]))
    frame.foot(view)


def _head(key: str) -> None:
    """Show the heading of a part; its address is `about#KEY`."""
    title = next(one.title for one in contents.contents_entries() if one.address == key)
    st.header(look.plain(title), anchor=key)


def _onward(key: str) -> None:
    """Show the way to all of a part, after what is said of it here."""
    st.html(paragraph(linked(address(key), "Read it in full"), "ns-onward"))


def _sure(view: View, report: Mapping[str, Any] | None) -> None:
    """Say how many places of the study are among the worst for sure."""
    own = state.view(own=True)
    if report is None:
        st.html(paragraph(about_certainty.UNTESTED, "ns-prose"))
    elif own.shown["rank_median"].notna().any():
        counts = tier_counts(own.shown["tier"])
        claim = tiers_claim(counts, place=view.where, draws=int(report["draws"]), basis=view.basis)
        terms.say(paragraph(reasons.marked(claim.say(), tag="b"), "ns-prose"), part="sure", most=1)
        terms.say(paragraph(about_certainty.among_the_worst(view.basis), "ns-prose"), part="among", most=0)


def _quality(view: View) -> None:
    """Say the light of the data and why it is so."""
    report = read_quality(view.folder)
    if report is None:
        st.html(paragraph("This build has no report on its data.", "ns-prose"))
        return
    said = quality_page.parts_of(report, linked=False, basis=view.basis)
    st.html(paragraph(said["light"], "ns-prose"))


if __name__ == "__main__":
    page()
