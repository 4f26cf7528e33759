"""Words we use: every term of the app with what it means."""

from __future__ import annotations

import streamlit as st

from connectivity.html.app_parts import paragraph
from connectivity.views import frame, state, terms

LEDE = "Each word means one thing only, on every page. A dotted line under a word opens the same note there."


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("words")
    frame.head(view, ignored=ignored)
    st.title("Words we use")
    st.html(paragraph(LEDE, "ns-lede"))
    st.html(terms.listed_terms())
    frame.foot(view)


if __name__ == "__main__":
    page()
