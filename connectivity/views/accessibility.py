"""Accessibility: what was tested and how, what was not, and the way round the map."""

from __future__ import annotations

import streamlit as st

from connectivity.accessibility_statement import AIM, SECTIONS
from connectivity.html.app_parts import paragraph, within
from connectivity.html.render import bullet_list
from connectivity.views import frame, look, state


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("accessibility")
    frame.head(view, ignored=ignored)
    st.title("Accessibility")
    st.html(paragraph(AIM, "ns-lede"))
    for title, lines in SECTIONS.items():
        st.header(look.plain(title))
        st.html(within("ns-prose", bullet_list(lines)))
    frame.foot(view)


if __name__ == "__main__":
    page()
