"""What a popover's contents need besides themselves: the focus, when they are opened by keyboard."""

from __future__ import annotations

import streamlit as st

# A popover is drawn at the end of the page: without this, Tab goes on to what stands behind it.
_JS = """
const STOPS = "input:not([disabled]),button:not([disabled]),summary,select,textarea,a[href]";
export default function({parentElement}) {
  const here = parentElement.getRootNode().host ?? parentElement, body = here.closest("[data-testid=stPopoverBody]");
  if (!body || body.dataset.entered) return;
  body.dataset.entered = "yes";
  const opener = document.querySelector("[data-testid=stPopoverButton][aria-expanded=true]");
  const stops = () => [...body.querySelectorAll(STOPS)].filter(one => one.tabIndex >= 0 && one.checkVisibility());
  body.addEventListener("keydown", event => {
    if (event.key === "Escape") setTimeout(() => opener?.focus(), 50);  // once it has closed
    if (event.key !== "Tab") return;
    const all = stops(), from = all.indexOf(document.activeElement);
    if (from !== (event.shiftKey ? 0 : all.length - 1)) return;
    event.preventDefault();
    all.at(event.shiftKey ? -1 : 0).focus();
  });
  if (opener?.matches(":focus-visible")) setTimeout(() => stops()[0]?.focus(), 150);  // once all of it is drawn
}
"""
_entered = st.components.v2.component("notspot_popover", html="", js=_JS)


def take_focus() -> None:
    """Let the popover that this stands in take the focus when it is opened by keyboard, and keep it until Escape."""
    _entered(key="popover")
