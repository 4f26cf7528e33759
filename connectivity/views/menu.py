"""The menu of a narrow window: a drawer over the page, which Streamlit leaves open when a page was chosen in it."""

from __future__ import annotations

import streamlit as st

_JS = """
export default function({data}) {
  if (window.innerWidth > data.narrow) return;
  const shut = tries => {
    const drawer = document.querySelector("[data-testid=stSidebar]"), button = "[data-testid=stSidebarCollapseButton]";
    if (drawer && drawer.dataset.collapsed !== "true")
      drawer.querySelector(`${button} button`)?.click();
    else if (!drawer && tries) setTimeout(() => shut(tries - 1), 100);
  };
  shut(10);
}
"""
NARROW = 768
"""Pixels of a window's width up to which the menu is a drawer over the page (Streamlit's own)."""
_menu = st.components.v2.component("notspot_menu", html="", js=_JS)


def close(page: str) -> None:
    """Close the drawer once when a page opens; opened again on the same page, it stays open."""
    _menu(data={"page": page, "narrow": NARROW}, key="menu")
