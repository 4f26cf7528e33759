"""The choice of two kinds of boundary, in boxes and in the link; what adds a kind that a study lacks is said."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from connectivity.claims.about_boundaries import title
from connectivity.views import by_boundary, links, look
from connectivity.views.state import choose
from connectivity.views.view import View
from layers.errors import command
from layers.families import FAMILIES, family_of

FIRST, SECOND = "first kind of boundary", "second kind of boundary"
BY = "by"
"""The first kind in a link, as on the page that reports by boundary."""
USUAL = ("old_district", "ward", "district", "county", "lep")
"""Kinds that stand in where none is chosen, in this order: borders that were redrawn first."""


def lacking(view: View) -> list[str]:
    """Name the kinds of boundary that the study does not have."""
    there = {family_of(name).singular for name in by_boundary.available(view)}
    return [family.name for family in FAMILIES if family.singular not in there]


def chosen(view: View, ignored: list[str]) -> tuple[str, str]:
    """Read both kinds off the link; a kind nobody has heard of is ignored, said, and another stands in.

    Parameters
    ----------
    ignored
        Sentences about what was ignored; more are added.
    """
    known = [*by_boundary.available(view), *lacking(view)]
    asked = {"by": st.query_params.get(BY), "against": view.link.against}
    for name, text in asked.items():
        if text and text not in known:
            kind = "boundary" if name == "by" else links.LABELS["against"]
            ignored.append(f"The link asked for the {kind} {links.quoted(text)}. This study is not reported by it.")
            asked[name] = None
    if st.query_params.get(BY) and not asked["by"]:
        del st.query_params[BY]
    if view.link.against and not asked["against"]:
        choose(against=None)
    ready = sorted(by_boundary.available(view), key=lambda name: USUAL.index(name) if name in USUAL else len(USUAL))
    first = asked["by"] or next((name for name in ready if name != asked["against"]), known[0])
    return first, asked["against"] or next((name for name in ready if name != first), first)


def choice(view: View, key: str, *, label: str, kind: str) -> None:
    """Show the box of kinds for one of the two; those the study lacks are offered too, and marked."""
    without = lacking(view)
    st.session_state[key] = kind
    st.selectbox(
        label,
        options=[*by_boundary.available(view), *without],
        format_func=lambda name: f"{title(family_of(name))}{' (not in this study)' if name in without else ''}",
        key=key,
        on_change=_kind(key),
    )


def _kind(key: str) -> Callable[[], None]:
    def on_change() -> None:
        if key == SECOND:
            choose(against=st.session_state[key])
            return
        st.query_params[BY] = st.session_state[key]
        if by_boundary.AT in st.query_params:
            del st.query_params[by_boundary.AT]

    return on_change


def how_to_add(view: View, kind: str) -> str:
    """Say that the study lacks a kind of boundary, with the layer and the command that add it."""
    lines = ("[[layer]]", 'kind = "reporting"', f'name = "{kind}"', 'file = "YOUR-FILE.csv"')
    layer = "<br>".join(f"<code>{escape(line)}</code>" for line in lines)
    build = escape(command("build", "STUDY.toml", "--out", view.folder.name))
    return look.note(
        f"This study has no {family_of(kind).plural}",
        "Its owner can add them: name a file of their outlines, or a lookup of small areas, in the study file.",
        kind="warn",
        more=f"<p>{layer}</p><p>Then build it again: <code>{build}</code></p>",
    )
