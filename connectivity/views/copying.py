"""A button that copies text, with a field to copy from by hand where the browser does not allow it."""

from __future__ import annotations

from html import escape

import streamlit as st

_JS = """
export default function({data, parentElement}) {
  const button = parentElement.querySelector("button"), field = parentElement.querySelector("input");
  const said = parentElement.querySelector("[role=status]");
  button.textContent = data.label;
  button.onclick = async () => {
    const text = data.text ?? window.location.href;
    try {
      await navigator.clipboard.writeText(text);
      const here = !data.text && ["localhost", "127.0.0.1", "[::1]"].includes(window.location.hostname);
      said.textContent = here ? "Copied. This address works on this computer alone." : "Copied.";
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
button{font:400 .9rem/1.5 var(--st-font);width:100%;min-height:2.5rem;padding:.3rem .9rem;cursor:pointer;
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
    """Show a button that copies `text`, or the page's address when there is none."""
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
    st.html(f'<div class="ns-card ns-card-do"><h2>Use this figure</h2><p>{escape(quote)}</p></div>')
    if not once:
        copy_button("Copy sentence", text=quote, key="copy sentence")
        return
    with st.container(key="once"):
        copy_button("Copy sentence", text=quote, key="copy sentence")
