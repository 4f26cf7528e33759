"""An evidence pack, made on the page: whom for, about which places, page one as a picture, one button, the zip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from connectivity.claims.about_packs import Reader, verify_command
from connectivity.evidence.holdings import weight_of
from connectivity.evidence.pack_content import PackSubject, PersonsPart
from connectivity.evidence.pack_places import PlaceError, pack_subject, subject_keys
from connectivity.evidence.packing import PackOrder, make_pack, page_one
from connectivity.evidence.typefaces import printed_ready
from connectivity.html.app_parts import paragraph
from connectivity.html.render import macro
from connectivity.outputs import Build
from connectivity.places import parts
from connectivity.places.gazetteer import SETTLEMENT
from connectivity.places.wholes import STUDY
from connectivity.views import links, look, state
from connectivity.views.state import View
from layers.errors import LayerError

_checking = macro("evidence.html", "checking")
FOR, ABOUT, FAULT, MADE = "reader of the pack", "places of the pack", "pack fault", "pack made"
NONE = "no place of the pack"
READERS: Mapping[Reader, str] = {
    "board": "A board or council",
    "committee": "A committee of Parliament",
    "minister": "A minister’s office",
    "press": "A journalist",
}
WANTED: Mapping[Reader, str] = {
    "board": "Read brief.pdf first: the figure, what is asked, how sure it is. The rest is for whoever checks it.",
    "committee": "Committees take one Word file: committee.docx. Keep the rest for their questions.",
    "minister": "Read brief.pdf first. What it would cost is not in it yet: a Treasury reader will ask.",
    "press": "Read brief.pdf first; press.png is the picture, data.xlsx holds every number.",
}
"""What each kind of reader opens first."""
PERSON: Mapping[str, str] = {
    "organisation": "Who submits it",
    "standing": "On what standing you write",
    "recommendation": "What you ask to be decided",
    "contact": "Where questions go",
    "decided_by": "Decision asked for by",
    "expires": "May be used until",
    "analyst": "Who made it",
    "checked_by": "Who checked it",
    "replaces": "Which earlier figure it replaces",
}
CHECKED = (
    "Whoever receives a pack can have every figure in it worked out again, and every file made again: whatever was "
    "changed on the way is named."
)
SHOWN = "Page one of the pack, as brief.pdf holds it"
LONGEST_NAME = 60
"""Letters of the places' names in the name of a file (assumption: enough to recognise it in a folder)."""
FIRST_TIME = "The first pack on this computer takes some ten seconds longer: the typefaces are cut."
_TAKE = """
export default function({data, parentElement}) {
  if (globalThis.notspotTaken === data.made) return;
  globalThis.notspotTaken = data.made;
  requestAnimationFrame(() => document.querySelector(`.${data.within} button`)?.click());
}
"""
_take = st.components.v2.component("notspot_take", html="<i hidden></i>", js=_TAKE)


def pack_maker(view: View) -> tuple[PackOrder, DeltaGenerator] | None:
    """Show the maker of packs, by the study's own weights and counts.

    Parameters
    ----------
    view
        By the study's own weights.

    Returns
    -------
    tuple or None
        What was asked for, and where page one of it belongs: `show_page_one` takes its time, so it comes last. None
        where no pack can be made of the study, or a place is not known.
    """
    if view.manifest.do_not_publish:
        st.html(look.note("No pack is made of this study", view.manifest.do_not_publish, kind="error"))
        return None
    left, right = st.columns([5, 6], gap="large")
    with left:
        reader = _reader(view)
        subject = _subject(view)
        person = _person()
        if subject is None:
            return None
        order = PackOrder(subject, reader, person)
        if st.session_state["link"].weights:
            st.html(paragraph("A pack holds the study’s own weights, not yours.", "ns-small"))
        _button(view, order)
        st.html(paragraph(WANTED[reader], "ns-small"))
        if not printed_ready():
            st.html(paragraph(FIRST_TIME, "ns-small"))
        st.header("How to check it")
        st.html(paragraph(CHECKED) + _checking(verify_command()))
    return order, right


def show_page_one(view: View, order: PackOrder, *, place: DeltaGenerator) -> None:
    """Show page one as a picture, with its headline for those who hear it; the one before stands until it is there."""
    with place:
        try:
            with st.spinner("Writing page one"):
                picture, said = _pictured(view, _key(order), order)
        except LayerError as error:
            st.html(look.note(error.what, *str(error).splitlines()[1:], kind="error"))
            return
        st.image(picture, caption=SHOWN, width="stretch", alt=f"Page one of the pack: {said}")


def _reader(view: View) -> Reader:
    known = get_args(Reader)
    st.session_state[FOR] = view.link.reader or known[0]
    st.segmented_control(
        "Who is it for?",
        options=known,
        format_func=lambda key: READERS[key],
        required=True,
        key=FOR,
        on_change=lambda: state.choose(reader=st.session_state[FOR]),
    )
    chosen: Reader = st.session_state[FOR]
    return chosen


def _subject(view: View) -> PackSubject | None:
    """Ask for places, and return what they make; None, with a note, where there is none or one is not known."""
    fault, subject = st.session_state.pop(FAULT, None), None
    if view.link.pack or not st.session_state.get(NONE, False):
        try:
            subject = _found(view, view.link.pack or _on_show(view))
        except PlaceError as error:
            fault = fault or error
    known = _offered(view, subject)
    chosen = [name for name, key in known.items() if subject and key in subject_keys(subject)]
    st.session_state[ABOUT] = chosen
    st.multiselect(
        "Which places?",
        options=list(known),
        key=ABOUT,
        on_change=_places_chosen,
        args=(view, known),
        accept_new_options=True,
        max_selections=links.MOST_PACKED,
        placeholder="Choose, or type a council, town, ward or village",
    )
    if subject is None and fault is None:
        st.html(paragraph("Choose a place, and its pack stands here.", "ns-small"))
    if fault is not None:
        st.html(look.note(fault.what, *str(fault).splitlines()[1:], kind="warn"))
    return subject


def _on_show(view: View) -> tuple[str, ...]:
    """Name what a pack is about where nobody said: the place on show, else the part, the council, all of it."""
    return (view.link.place or view.link.part or view.link.district or STUDY,)


def _offered(view: View, subject: PackSubject | None) -> dict[str, str]:
    """Give what can be chosen, by name: what is chosen, the study, its councils, the reader's list, its towns."""
    found = {} if subject is None else {one.name: one.key for one in subject.places}
    found.setdefault(view.basis.place, STUDY)
    for code, name in view.districts.items():
        found.setdefault(name, code)
    if view.link.places:
        found.setdefault("The places on your list", ",".join(view.link.places))
    towns = parts.places(SETTLEMENT, reports=state.reports(str(view.folder)), areas=view.areas)
    for key, name in towns.items():
        found.setdefault(name, f"{SETTLEMENT}:{key}")
    return found


def _places_chosen(view: View, known: Mapping[str, str]) -> None:
    keys: list[str] = []
    for name in st.session_state[ABOUT]:
        if name in known:
            keys.append(known[name])
            continue
        try:
            keys += subject_keys(_found(view, (name[: links.SHOWN],)))
        except PlaceError as error:
            st.session_state[FAULT] = error
    st.session_state[NONE] = not keys  # whoever takes the last place out wants another, not what was on show
    state.choose(pack=tuple(dict.fromkeys(keys)) or None)


def _found(view: View, typed: Sequence[str]) -> PackSubject:
    build = Build(view.areas, view.manifest, view.drawn, view.routes)
    return pack_subject(typed, build=build, folder=view.folder)


def _person() -> PersonsPart:
    """Ask for what only a person can supply; it is kept for this reader alone, and is in no link."""
    with st.expander("What only you can say (what you leave empty stays visibly empty)"):
        said = {name: st.text_input(label, key=f"pack {name}", max_chars=300) for name, label in PERSON.items()}
    return PersonsPart(**{name: text.strip() for name, text in said.items()})


def _button(view: View, order: PackOrder) -> None:
    """Make the pack when it is asked for, showing how far it is, and hand it over."""
    name = f"{_file_name(order)}.zip"
    made = st.session_state.get(MADE)
    wanted = (view.build, _key(order))
    if st.button("Get the pack", type="primary", key="get the pack"):
        bar = st.progress(0.0, "Starting")

        def tell(phrase: str, share: float) -> None:
            bar.progress(share, phrase)

        try:
            content = make_pack(view.folder, order=order, tell=tell)
        except LayerError as error:
            bar.empty()
            st.html(look.note(error.what, *str(error).splitlines()[1:], kind="error"))
            return
        bar.empty()
        made = st.session_state[MADE] = (wanted, content)
    if made is None or made[0] != wanted:
        return
    with st.container(key="pack-made", horizontal=True):
        st.download_button(
            " · ".join((f"Save {name}", weight_of(len(made[1])))),
            data=made[1],
            file_name=name,
            mime="application/zip",
            on_click="ignore",
        )
        _take(data={"made": f"{wanted}", "within": "st-key-pack-made"}, key="take the pack")


@st.cache_data(show_spinner=False, max_entries=20, hash_funcs={View: lambda view: view.build})
def _pictured(view: View, key: str, _order: PackOrder) -> tuple[bytes, str]:  # noqa: ARG001 - names what is cached
    return page_one(view.folder, order=_order)


def _key(order: PackOrder) -> str:
    return repr((subject_keys(order.subject), order.reader, order.person))


def _file_name(order: PackOrder) -> str:
    """Name the zip after its places and whom it is for.

    >>> dorset = PackSubject("Dorset & the Isle", ())
    >>> _file_name(PackOrder(dorset, "board", PersonsPart()))
    'notspot-dorset-the-isle-board'
    """
    bare = unicodedata.normalize("NFKD", order.subject.title).encode("ascii", "ignore").decode().casefold()
    place = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:LONGEST_NAME].strip("-")
    return "-".join(part for part in ("notspot", place, order.reader) if part)
