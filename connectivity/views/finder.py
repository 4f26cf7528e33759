"""The one box in which a place is found: suggestions as one types, from the build's gazetteer, and what Enter does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
KEY = "finder"
PLACEHOLDER = "Village, town or postcode"
_HTML = f"""<div class="finder"><label class="unseen" for="notspot-find">Find a place</label>
<input id="notspot-find" type="search" role="combobox" aria-expanded="false" aria-controls="notspot-found"
aria-autocomplete="list" autocomplete="off" spellcheck="false" placeholder="{PLACEHOLDER}">
<button type="button" aria-label="Clear" hidden>×</button>
<ul id="notspot-found" role="listbox" aria-label="Places" hidden></ul><p class="unseen" role="status"></p></div>"""

_finder = st.components.v2.component(
    "notspot_finder",
    html=_HTML,
    css=(HERE / "finder.css").read_text(encoding="utf-8"),
    js=(HERE / "finder.js").read_text(encoding="utf-8"),
)


def finder_box(*, shown: str, known: dict[str, Any], found: Callable[[dict[str, Any]], None]) -> None:
    """Show the box; call `found` with what was chosen or typed.

    Parameters
    ----------
    shown
        What stands in it while nothing is typed: the place on show.
    known
        Where the browser finds the gazetteer, from :func:`connectivity.views.assets.sent_text`.
    found
        Gets ``key``, ``name``, ``kind`` and ``context`` of a row that was chosen, or ``text`` that was typed, or
        ``clear``.
    """

    def on_found() -> None:
        given = getattr(st.session_state.get(KEY), "found", None)
        if isinstance(given, dict):
            found(given)

    _finder(data={"shown": shown, "known": known}, key=KEY, on_found_change=on_found)
