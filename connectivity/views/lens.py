"""The lens: which part of the study is on show. It chooses the places and changes no figure."""

from __future__ import annotations

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from connectivity.places import parts
from connectivity.places.parts import DISTRICT, Kind
from connectivity.views import look, state
from connectivity.views.state import choose
from connectivity.views.view import View

KIND, WHICH = "kind of place to look at", "part of the study on show"
ALL = ""


def choice(view: View, *, first: DeltaGenerator, second: DeltaGenerator) -> None:
    """Show what a reader may look at: a kind of place, then which of them; all of them at first."""
    kinds = {kind.key: kind for kind in parts.kinds(state.reports(str(view.folder)), areas=view.areas)}
    chosen = kinds[view.link.part.partition(":")[0] if view.link.part else DISTRICT]
    st.session_state[KIND] = chosen.key
    first.selectbox(
        "Look at",
        options=list(kinds),
        format_func=lambda key: _title(kinds[key]) if key in kinds else key,
        key=KIND,
        on_change=_kind_chosen,
    )
    named = view.districts if chosen.key == DISTRICT else _places(view, chosen.key)
    whole = f"All {len(named):,}" if named else "None in this study"
    now = view.link.district if chosen.key == DISTRICT else view.part.key if view.part else None
    st.session_state[WHICH] = now or ALL
    second.selectbox(
        "Which one",
        options=[ALL, *named],
        format_func=lambda key: named.get(key, whole),
        key=WHICH,
        on_change=_place_chosen,
        args=(view, chosen.key),
        disabled=not named,
    )
    if chosen.missing:
        title, _, how = chosen.missing.partition(". ")
        st.html(look.note(title.rstrip("."), *([how] if how else []), "You see the whole study."))


def caption(view: View) -> str:
    """Say how the part on show is made up, and that the page's sentence counts only what lies inside its border."""
    said = partly(view)
    if view.part is not None and view.part.cut:
        said += " The sentence above counts only what lies inside."
    return f'<p class="ns-small">{escape(said)}</p>' if said else ""


def partly(view: View) -> str:
    """Say that the border of the part on show cuts small areas, or that a lookup puts them in whole; else nothing."""
    part = view.part
    if part is None or part.cut == 0:
        return ""
    count = f"{len(part.codes):,} small area{'' if len(part.codes) == 1 else 's'}"
    if part.cut is None:
        return f"You see the {count} that lie mostly in {part.called}. A border may cut some, so this is a best fit."
    return (
        f"You see {count}; {part.cut:,} of them lie only partly in {part.called}. The map and the table give each "
        "small area in full."
    )


def _title(kind: Kind) -> str:
    return kind.title if kind.missing is None else f"{kind.title} (not in this study)"


def _places(view: View, kind: str) -> dict[str, str]:
    return parts.places(kind, reports=state.reports(str(view.folder)), areas=view.areas)


def _kind_chosen() -> None:
    kind = st.session_state[KIND]
    choose(part=None if kind == DISTRICT else kind, district=None, place=None)


def _place_chosen(view: View, kind: str) -> None:
    key = st.session_state[WHICH] or None
    if kind != DISTRICT:
        choose(part=f"{kind}:{key}" if key else kind, district=None, place=None)
        return
    place = view.link.place
    stays = place is not None and key in {None, view.areas.loc[place, "district_code"]}
    choose(district=key, part=None, place=place if stays else None)
