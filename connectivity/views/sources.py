"""Sources and method: what this study was built from, what else can be fetched, how to use it and how not to."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from markupsafe import Markup

from connectivity.html import source_lists
from connectivity.html.app_parts import paragraph, paragraphs, within
from connectivity.html.render import bullet_list
from connectivity.views import frame, look, state, terms
from layers.errors import command_line

FETCH = command_line("fetch", "--districts", "Dorset, E06000058", "--out", "studies/dorset")
LEDE = "What the figures are good for, what they are not good for, and where each one comes from."
HOW_TO_FETCH = (
    "Whoever runs this can fetch the newest official files for any councils of England or Wales. The address, size and "
    "terms of every file are in docs/sources.md beside the program."
)
NAMED = "Councils go by name or by code: E06000058 is Bournemouth, Christchurch and Poole."
RUNNER = "For whoever runs this"
STYLE = Path(__file__).with_name("quality.css")


def _part(*html: Markup) -> None:
    """Show parts of the page in the app's own colours."""
    whole = within("ns-quality", Markup("").join(html))
    terms.say(whole, part=whole)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("sources")
    frame.head(view, ignored=ignored)
    st.title("Sources and method")
    st.html(paragraph(LEDE, "ns-lede"))
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    st.header("How to use it")
    _part(bullet_list(source_lists.USE))
    st.header("How not to use it")
    _part(bullet_list(source_lists.NOT_USE))
    st.header("How it works, in short")
    _part(bullet_list(source_lists.METHOD))
    st.header("What this study was built from")
    if view.manifest.sources:
        _part(source_lists.used(view.manifest.sources))
    else:
        st.html(
            look.note(
                "This build does not name its files",
                "Whoever runs this can build the study again to list them.",
                kind="warn",
            )
        )
    st.header("What can be fetched")
    _part(paragraphs([HOW_TO_FETCH]))
    with st.expander(RUNNER):
        st.html(paragraph(NAMED))
        st.code(FETCH, language=None, wrap_lines=True)
    _part(source_lists.fetchable())
    st.header("Licences")
    _part(source_lists.licence())
    frame.foot(view)


if __name__ == "__main__":
    page()
