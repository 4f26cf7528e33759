"""What a reader sets: the part of the study, the place, the measure and the weights. Each changes the link alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from connectivity.claims import about_boundaries, about_places
from connectivity.claims.about_postcodes import said_on_the_map
from connectivity.html.app_parts import links as offered
from connectivity.html.app_parts import paragraph
from connectivity.maps import symbology
from connectivity.maps.symbology import MEASURES
from connectivity.places import parts, search
from connectivity.places.gazetteer import AREA, COUNCIL, GAZETTEER, GazetteerEntry, gazetteer_text
from connectivity.places.parts import DISTRICT, Kind
from connectivity.postcode.answer import look_up
from connectivity.postcode.postcode_tables import POSTCODES, open_files
from connectivity.postcode.typed import read_form
from connectivity.views import assets, finder, links, look, state, terms
from connectivity.views.links import check_weights
from connectivity.views.small_figures import PARTS
from connectivity.views.state import View, address, choose, reports
from connectivity.weight_sets import Percent
from layers.families import family_of

MEASURE, FAULT = "measure on the map", "weights fault"
WeightsField = Literal["weights", "than"]
"""The parts of a link that hold weights."""

SEVERAL_BEGIN = "Several names begin so. Choose one, or type more of it:"
NEAR_HERE = "Names in it that begin so:"
ANY_SUM = "They need not add up to 100: four times 25 is the same as four times 50."


def find_box(view: View) -> None:
    """Show the one box in which a reader types a place, and what was not found."""
    known = assets.sent_text("gazetteer", gazetteer(view), base=state.base_path())
    finder.finder_box(shown=_named(view), known=known, found=lambda given: _found(view, given))
    if view.link.find:
        st.html(_not_found(view, view.link.find))


def _named(view: View) -> str:
    """Name what is on show, for the box; empty for the whole study."""
    if view.link.place:
        return str(view.row(view.link.place)["area_name"])
    return view.where if view.link.district or view.part else view.link.find or ""


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs={View: lambda view: view.build})
def gazetteer(view: View) -> str:
    """Give the text of the build's gazetteer; of a build without one, its councils and areas."""
    file = view.folder / GAZETTEER
    if file.is_file():
        return file.read_text(encoding="utf-8")
    named = view.areas[["area_name", "district_name"]].itertuples()
    return gazetteer_text(
        [
            *(GazetteerEntry(name, COUNCIL, "", 0, 0, 0, f"district:{code}") for code, name in view.districts.items()),
            *(GazetteerEntry(str(name), AREA, str(council), 0, 0, 0, f"place:{code}") for code, name, council in named),
        ]
    )


def measures(view: View) -> None:
    """Show what the map can be painted by."""
    st.session_state[MEASURE] = view.measure.key
    st.segmented_control(
        "Show on the map",
        options=["remote", "digital"] if view.overview else symbology.shown(view.areas, absent=view.absent),
        format_func=lambda key: MEASURES[key].name,
        required=True,
        key=MEASURE,
        on_change=lambda: choose(measure=st.session_state[MEASURE]),
        label_visibility="collapsed",
    )


def geography(view: View) -> None:
    """Show which part of the study is on the map: a kind of boundary, then which one of that kind."""
    choice(view, first=st.container(), second=st.container())
    if view.absent:
        named = " and ".join(f"“{PARTS[name]}”" for name in view.absent)
        st.html(paragraph(f"{named}: not in this study, so it does not count in the score."))


def pick(code: str, *, view: View) -> None:
    """Choose a place, and its council where it is not on show; or a council where councils are shown."""
    if code in view.districts:
        choose(district=code, part=None, place=None, find=None)
    elif view.overview or code not in view.shown.index:
        choose(place=code, district=str(view.areas.loc[code, "district_code"]), part=None, find=None)
    else:
        choose(place=code, find=None)


def weights(view: View) -> None:
    """Show the form in which a reader says how much each thing counts."""
    title = "Your weights are in use" if view.link.weights else "Change what counts in the score"
    more = f"{ANY_SUM} {about_places.score_explained()}"
    form(view, "weights", shown=view.link.weights or view.own_weights, title=title, more=more)


def form(view: View, field: WeightsField, *, shown: Percent, title: str, more: str) -> None:
    """Show a form of weights.

    Parameters
    ----------
    field
        Which part of the link it changes.
    shown
        The weights it starts from.
    title, more
        What stands on it when it is closed, and above its sliders.
    """
    fault = st.session_state.pop(f"{FAULT} {field}", None)
    kept = {name: value for name, value in zip(PARTS, shown, strict=True) if name not in view.absent}
    total = sum(kept.values()) or 1
    said = ", ".join(f"{PARTS[name].lower()} {100 * value / total:.0f}%" for name, value in kept.items())
    with st.expander(title, expanded=fault is not None), st.form(field, border=False):
        terms.say(paragraph(f"Now in use: {said}. {more}"), part=field)
        if fault:
            st.html(look.note("These weights cannot make a score", fault, kind="warn"))
        for name, value in kept.items():
            if fault is None:
                st.session_state[_slider(field, name)] = value
            st.slider(PARTS[name], 0, 100, step=5, key=_slider(field, name))
        with st.container(horizontal=True):
            st.form_submit_button("Use these weights", type="primary", on_click=_use_weights, args=(view, field))
            st.form_submit_button("Back to the study’s weights", on_click=use, args=(view, field, view.own_weights))


def use(view: View, field: WeightsField, chosen: Percent) -> None:
    """Put weights into the link; the study's own need no naming where they are the usual."""
    if field == "weights":
        choose(weights=None if chosen == view.own_weights else chosen)
    else:
        choose(than=chosen)


def _slider(field: WeightsField, name: str) -> str:
    return f"weight {name}" if field == "weights" else f"other weight {name}"


def _use_weights(view: View, field: WeightsField) -> None:
    remote, digital, need, alternative = (int(st.session_state.get(_slider(field, name), 0)) for name in PARTS)
    chosen = (remote, digital, need, alternative)
    try:
        check_weights(chosen)
    except ValueError as error:
        st.session_state[f"{FAULT} {field}"] = str(error)
        return
    use(view, field, chosen)


def _found(view: View, given: Mapping[str, Any]) -> None:
    """Open what was chosen or typed."""
    if given.get("clear"):
        choose(**links.NOWHERE)
        return
    kind, _, code = str(given.get("key") or "").partition(":")
    text = str(given.get("name") or given.get("text") or "")[: links.SHOWN]
    found: search.Named | None
    if kind:
        found = search.Named({"place": search.AREA}.get(kind, kind), code, text)
    else:
        state.look_from(state.near(view, told=given.get("near")))
        found = _answer(view, text).found
    choose(**(links.missed(text) if found is None else state.opening_of(found)))


def _answer(view: View, text: str) -> search.Answer:
    return search.answer(
        text,
        areas=view.areas,
        reports=reports(str(view.folder)),
        folder=view.folder,
        manifest=view.manifest,
        near=state.looked_at(),
    )


def _not_found(view: View, text: str) -> Markup:
    given = _answer(view, text)
    near = given.offered
    listed = offered([(address("", **state.opening_of(one)), _offer(view, one)) for one in near])
    if given.outside:
        return look.note(
            f"{given.outside} lies outside this study",
            *([NEAR_HERE] if near else []),
            more=listed if near else look.NOTHING,
        )
    if near and given.why != "like":
        said = "Several places are called so. Choose one:" if given.why == "called" else SEVERAL_BEGIN
        return look.note(links.quoted(text), said, more=listed)
    said = "The nearest names we hold are:" if near else "We hold no name like it. Try the ward, or the nearest town."
    if postcode := _postcode_not_here(view, text):
        return postcode
    return look.note(f"No place called {links.quoted(text)}", said, more=listed if near else look.NOTHING)


def _postcode_not_here(view: View, text: str) -> Markup:
    """Say of a postcode, whole or half, that leads nowhere on the map why that is; nothing of any other text."""
    shape = read_form(text).shape
    if shape == "none" or not (view.folder / POSTCODES).exists():
        return look.NOTHING
    said = said_on_the_map(look_up(text, files=open_files(view.folder)))
    asked = offered([(address("postcode", postcode=text, find=None), "Check a postcode")])
    return look.note(said.title, *said.lines, more=asked if shape == "whole" else look.NOTHING)


def _offer(view: View, one: search.Named) -> str:
    """Name a place that a search may mean by what kind of place it is and by its council."""
    if one.kind == search.AREA:
        return f"{one.name} · {view.row(one.key)['district_name']}"
    if one.kind == search.OLD_DISTRICT:
        return f"{one.name}, {one.context or 'council in 2011'}"
    return ", ".join(filter(None, (one.name, one.word or family_of(one.kind).singular, one.context)))


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
    whole = about_boundaries.all_listed(len(named)) if named else "None in this study"
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


def caption(view: View) -> Markup:
    """Say how the part on show is made up, and that the page's sentence counts only what lies inside its border."""
    said = partly(view)
    if view.part is not None and view.part.cut:
        said += " The sentence above counts only what lies inside."
    return paragraph(said) if said else look.NOTHING


def partly(view: View) -> str:
    """Say that the border of the part on show cuts small areas, or that a lookup puts them in whole; else nothing."""
    part = view.part
    if part is None or part.cut == 0:
        return ""
    return parts.shown_claim(part, of=len(view.areas), basis=view.basis).say("plain")


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
