"""A button that copies a sentence with its link, or the link, with a field for where the browser does not allow it."""

from __future__ import annotations

import streamlit as st

from connectivity.html.app_parts import card, paragraphs

_JS = """
export default function({data, parentElement}) {
  const button = parentElement.querySelector("button"), field = parentElement.querySelector("input");
  const said = parentElement.querySelector("[role=status]");
  button.textContent = data.label;
  button.onclick = async () => {
    const link = window.location.href;
    const text = data.text ? `${data.text}\n${link}` : link;
    try {
      await navigator.clipboard.writeText(text);
      const here = ["localhost", "127.0.0.1", "[::1]"].includes(window.location.hostname);
      said.textContent = here ? "Copied. Its link works on this computer alone." : "Copied.";
    } catch {
      field.hidden = false; field.value = text; field.setAttribute("aria-label", data.label);
      field.focus(); field.select();
      said.textContent = "Press Ctrl+C (or ⌘C) to copy.";
    }
    setTimeout(() => { said.textContent = ""; }, 6000);
  };
}
"""
_CSS = """
button{font:400 .9rem/1.5 var(--st-font);width:100%;min-height:var(--ns-act,2.5rem);padding:.1rem .7rem;cursor:pointer;
color:var(--ns-ink);background:var(--ns-paper);border:1px solid var(--st-border-color);border-radius:2px}
button:hover{border-color:var(--ns-accent);color:var(--ns-accent)}
input{font:inherit;width:100%;box-sizing:border-box;margin-top:.3rem;padding:.3rem;color:var(--ns-ink);
background:var(--ns-sunk);border:1px solid var(--st-border-color)}
p{margin:0;font:400 .82rem/1.4 var(--st-font);color:var(--ns-soft)}p:empty{display:none}
:focus-visible{outline:3px solid #1A1F24;outline-offset:2px;box-shadow:0 0 0 6px #FFC933}
"""
_HTML = '<button type="button"></button><input readonly hidden><p role="status"></p>'
_copy = st.components.v2.component("notspot_copy", html=_HTML, css=_CSS, js=_JS)


def copy_button(label: str, *, text: str | None = None, key: str) -> None:
    """Show a button that copies `text` with the page's address below it, or the address alone when there is no text."""
    _copy(data={"label": label, "text": text}, key=key)


def use_figure(quote: str, *, once: bool = False) -> None:
    """Show the words in which a page's figure can be quoted, with the button that copies them.

    Parameters
    ----------
    quote
        The sentence with its source.
    once
        Whether the button stands alone below the card, kept from growing with the page.
    """
    st.html(card("Use this figure", paragraphs([quote]), "ns-card-do"))
    if not once:
        copy_button("Copy sentence", text=quote, key="copy sentence")
        return
    with st.container(key="once"):
        copy_button("Copy sentence", text=quote, key="copy sentence")
