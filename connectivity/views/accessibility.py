"""Accessibility: what was tested and how, what was not, and the way round the map."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectivity.accessibility import AIM, SECTIONS
from connectivity.html.render import listed
from connectivity.views import frame, look, state


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("accessibility")
    frame.head(view, ignored=ignored)
    st.title("Accessibility")
    st.html(f'<p class="ns-lede">{escape(AIM)}</p>')
    for title, lines in SECTIONS.items():
        st.header(look.plain(title))
        st.html(f'<div class="ns-prose">{listed(lines)}</div>')
    frame.foot(view)


if __name__ == "__main__":
    page()
