"""What stands around every page: the status strip above, notes about the link, the sums and licences below."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import ParamSpec

import streamlit as st
from markupsafe import Markup

from connectivity.claims import about_places, about_switches
from connectivity.claims.about_plain_pages import tags
from connectivity.claims.claim import Basis, Claim
from connectivity.claims.grammar import capital
from connectivity.html.app_parts import linked
from connectivity.html.render import macro
from connectivity.published_sources import licences
from connectivity.quality.lights import NAMES, SHAPES, with_names
from connectivity.views import contents, look, state, terms
from connectivity.views.state import View
from connectivity.views.studies import StudyEntry, built_on

STUDY, COUNTED = "study to show", "counted as the strip says"
REPORT_ON_DATA = "quality"
"""The page that says why the light is as it is."""
CHOOSING = "where"
"""The page on which studies are chosen beside each other, and so may be subtracted."""
CREDIT = "Contains public sector information, Open Government Licence v3.0."
P = ParamSpec("P")
_draw = partial(macro, "frame.html")
_log = logging.getLogger(__name__)


def head(view: View, *, ignored: list[str]) -> None:
    """Show whether it may be published, which study it is and what it counts, then what was ignored of the link."""
    basis, entries = view.basis, state.entries()
    counted = (("Fixed wireless", basis.counts_fwa), ("Mobile", basis.counts_mobile))
    alone = len(entries) < 2  # noqa: PLR2004 - one study is no choice
    drawn = _draw("strip")(
        basis.study if alone else "",
        basis.release,
        counted,
        about_switches.AS_TURNED if view.turned else "",
        tags(basis, stand_ins=bool(view.manifest.modelled)),
        _light(view),
        state.address(REPORT_ON_DATA),
    )
    st.session_state[COUNTED] = view.switch
    terms.begin(measured=basis.measured)
    if basis.notice:
        st.html(look.note(basis.notice, kind="error"))
    strip = terms.explained(drawn, part="strip")
    if alone:
        st.html(strip)
    else:
        with st.container(key="strip"):
            _studies(view, entries)
            st.html(strip)
        if st.session_state["page"] == CHOOSING and (said := _beside(basis, entries)):
            st.html(said)
    if ignored:
        st.html(look.note("We ignored part of your link", *ignored, kind="warn"))
    if door := contents.door_of(st.session_state["page"]):
        st.html(_draw("crumb")(state.address(door.address), door.title))
    close_menu(st.session_state["page"])


def keep_in_step(view: View) -> None:
    """Write the whole page again where the strip does not say what a part that runs by itself now counts."""
    if st.session_state[COUNTED] != view.switch:
        st.rerun()


def _light(view: View) -> tuple[str, str, str, str] | None:
    """Give the light of the data: its colour, its shape, its name, and what it means for whoever would publish."""
    quality = view.manifest.quality
    if quality is None or quality.light not in NAMES:
        return None
    return quality.light, SHAPES[quality.light], NAMES[quality.light], quality.words


def _beside(basis: Basis, entries: Mapping[str, StudyEntry]) -> Markup:
    """Say that studies are not to be subtracted, with the way to the page that compares them."""
    said = about_places.beside(basis, others=[one.basis for one in entries.values() if one.basis])
    before, name, after = said.partition(about_places.CHANGE)
    link = linked(state.address("change"), name) if name else ""
    return _draw("beside")(before, link, after) if said else look.NOTHING


def _studies(view: View, entries: Mapping[str, StudyEntry]) -> None:
    """Show the picker of studies; a folder never leaves it, only the study's short id."""
    first = next(iter(entries))
    st.session_state[STUDY] = view.link.study or first
    st.selectbox(
        "Study",
        options=list(entries),
        format_func=lambda key: entries[key].label if key in entries else key,
        key=STUDY,
        on_change=lambda: state.choose_study(None if st.session_state[STUDY] == first else st.session_state[STUDY]),
    )


def safely(function: Callable[P, None]) -> Callable[P, None]:
    """Keep a fault of ours from showing as a traceback: say so in words, and log the rest.

    Wraps the part of a page that runs again by itself, and each page as a whole.
    """

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except Exception:  # noqa: BLE001 - whatever it is, a reader gets words
            _log.exception("A page stopped.")
            said = "Something went wrong that we did not expect. The program’s log has the details."
            st.html(look.note("We could not show this part of the page", said, kind="error"))

    return guarded


def foot(view: View) -> None:
    """Account for every premises, say what is modelled and what replaces it, and name the licences."""
    manifest = view.manifest
    command = manifest.replace_with if manifest.modelled else None
    warnings = [with_names(words, names=view.areas["area_name"]) for words in manifest.warnings or ()]
    light = (SHAPES.get(manifest.quality.light, ""), manifest.quality.words) if manifest.quality else None
    more = (("words", "Words we use"), ("accessibility", "Accessibility"))
    accounts = Claim.of_accounts(manifest.premises, manifest.areas, place=view.basis.place, basis=view.basis)
    st.html(
        _draw("foot")(
            f"{capital(str(accounts.say('cell')))}. {CREDIT}",
            str(accounts.say()),
            manifest.modelled,
            _with_code(command) if command else "",
            warnings,
            licences(manifest.sources),
            built_on(manifest.created),
            light,
            state.address(REPORT_ON_DATA),
            [(state.address(page), name) for page, name in more],
        )
    )


def _with_code(words: str) -> Markup:
    """Set the command inside a sentence in the typewriter face."""
    start = words.find("python -m")
    return _draw("with_code")(words, "") if start < 0 else _draw("with_code")(words[:start], words[start:])


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


def close_menu(page: str) -> None:
    """Close the drawer once when a page opens; opened again on the same page, it stays open."""
    _menu(data={"page": page, "narrow": NARROW}, key="menu")
