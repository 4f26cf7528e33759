"""Ways on from a place of a report: to the map of it, and to the reasons of its worst small areas."""

from __future__ import annotations

from html import escape

from connectivity.claims import about_boundaries
from connectivity.places.parts import DISTRICT
from connectivity.views.state import address
from connectivity.views.view import View


def worst(view: View, codes: list[str]) -> str:
    """Name a place's worst small areas, each linked to its reasons; nothing for none."""
    if not codes:
        return ""
    before, after = about_boundaries.worst(len(codes))
    links = (_link(address("why", place=code, district=None), str(view.areas.loc[code, "area_name"])) for code in codes)
    return f"<p>{before}{'; '.join(links)}{after}</p>"


def on_map(kind: str, key: str, called: str) -> str:
    """Link a place to the map of it.

    Parameters
    ----------
    kind
        The report's name.
    key
        What stands for the place there.
    called
        What it is called in a sentence.
    """
    if kind == DISTRICT:
        there = address("", district=key, part=None, place=None)
    else:
        there = address("", part=f"{kind}:{key}", district=None, place=None)
    return f'<p class="ns-onward">{_link(there, f"See {called} on the map")}</p>'


def _link(there: str, words: str) -> str:
    return f'<a href="{escape(there)}" target="_self">{escape(words)}</a>'
