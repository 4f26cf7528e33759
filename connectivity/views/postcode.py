"""Check a postcode: two letters for where you live, what they rest on, what would lift them and who must act."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup

from connectivity.claims.about_postcodes import (
    ACTIVITIES,
    AnswerPart,
    answer_parts,
    letter_headline,
    letter_reasons,
    said_instead,
)
from connectivity.html.app_parts import card as titled_card
from connectivity.html.app_parts import links as offered
from connectivity.html.app_parts import paragraph, paragraphs
from connectivity.html.render import macro
from connectivity.maps.symbology import SCALE
from connectivity.postcode import answer as letters
from connectivity.postcode.answer import PostcodeAnswer, Rating, held_by, look_up
from connectivity.postcode.postcode_tables import open_files
from connectivity.views import frame, links, look, reasons, state, terms
from connectivity.views.copying import copy_button, use_figure
from layers.errors import LayerError

_draw = partial(macro, "postcode.html")
# From the fifth class on the map's colours are so dark that a letter on them is white (look and feel §4).
LIGHT_FROM = 4


def activity_card(answer: PostcodeAnswer, rating: Rating, *, title: str) -> Markup:
    """Draw one activity: its letter and words, the ladder, the counts and what fails."""
    grade = rating.grade
    big = _box(grade.best, css="ns-letter-big") if grade else _draw("no_letter")()
    word = letters.words(grade.best) if grade else "No letter"
    said = letter_headline(rating).split(": ", 1)[1]
    lines = letter_reasons(answer, rating)
    return _draw("activity")(title, big, word, said[:1].upper() + said[1:], _ladder(rating), lines)


def part_card(one: AnswerPart, *, kind: str = "") -> Markup:
    """Draw a titled part of the answer; a line's first words, up to a colon, are its label."""
    return titled_card(one.title, paragraphs([_labelled(line) for line in one.lines]), kind)


def answer_instead(answer: PostcodeAnswer, *, addresses: dict[str, str]) -> Markup:
    """Draw the answer of a postcode that gets no letter, with links to the postcodes it offers.

    Parameters
    ----------
    addresses
        Postcode → address of this page with it.
    """
    said = said_instead(answer)
    return look.note(
        said.title,
        *said.lines,
        kind="warn" if answer.mendable else "plain",
        more=offered([(where, code) for code, where in addresses.items()]) if addresses else look.NOTHING,
    )


def _labelled(line: str) -> Markup | str:
    label, mark, rest = line.partition(": ")
    return line if not mark or ". " in label else _draw("labelled")(label, rest)


def _ladder(rating: Rating) -> Markup:
    """Draw the seven letters side by side; those the letter could be are underlined. The words say the same."""
    if rating.grade is None:
        return look.NOTHING
    names = [one.name for one in letters.LETTERS]
    first, last = names.index(rating.grade.low), names.index(rating.grade.high)
    boxes = []
    for place, name in enumerate(names):
        css = "in" if first <= place <= last else ""
        boxes.append((f"{css}{' best' if name == rating.grade.best else ''}", _box(name, css="")))
    return _draw("ladder")(boxes)


def _box(name: str, *, css: str) -> Markup:
    place = [one.name for one in letters.LETTERS].index(name)
    colour = SCALE[min(place, len(SCALE) - 1)]
    ink = "#FFFFFF" if place >= LIGHT_FROM else "#1A1F24"
    marked = " ns-letter-last" if place >= len(SCALE) else ""
    return _draw("letter")(name, f"{css}{marked}", colour, ink)


TYPED = "postcode to check"
ASK = (
    "Two letters for one postcode, from A (hardly any gaps) to G: one for working from home, one for online services. "
    "We keep no record of what you type."
)


def _checked() -> None:
    state.choose(postcode=st.session_state[TYPED].strip()[: links.SHOWN] or None)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("postcode")
    frame.head(view, ignored=ignored)
    st.title("Check a postcode")
    terms.say(paragraph(ASK), part="ask")
    if TYPED not in st.session_state or view.link.postcode:
        st.session_state[TYPED] = view.link.postcode or ""
    with st.form("postcode", border=False), st.container(key="bar"):
        first, second, third = st.columns([4, 2, 2], vertical_alignment="bottom")
        first.text_input("Postcode", key=TYPED, max_chars=links.SHOWN, placeholder="Such as DT2 7AB")
        second.form_submit_button("Check", type="primary", on_click=_checked, width="stretch")
        with third:
            copy_button("Copy link", key="copy link")

    if view.link.postcode:
        try:
            answer = look_up(view.link.postcode, files=open_files(view.folder))
        except LayerError as error:
            said, *rest = str(error).splitlines()
            st.html(look.note("No postcode can be looked up here", said, *rest, kind="error"))
        else:
            here = answer.here
            if answer.kind != "found" or here is None:
                offered = answer.meant or (answer.near if answer.kind == "unknown" else ())
                there = {code: state.address("postcode", postcode=code) for code in offered}
                entries = {
                    key: one.folder for key, one in state.entries().items() if one.folder not in {None, view.folder}
                }
                for key in held_by(answer, others={key: folder for key, folder in entries.items() if folder}):
                    there[f"Look in {state.entries()[key].label}"] = state.address("postcode", study=key)
                st.html(answer_instead(answer, addresses=there))
            else:
                place = f"{here.area_name}, {here.district_name}"
                st.header(f"{look.plain(answer.postcode)} · {look.plain(place)}")
                with st.container(key="split"):
                    cards = st.columns(len(here.ratings), gap="medium")
                for column, (key, rating) in zip(cards, here.ratings.items(), strict=True):
                    column.html(terms.explained(activity_card(answer, rating, title=ACTIVITIES[key]), part=key, most=0))
                with st.container(key="split2"):
                    sides = st.columns(2, gap="medium")
                for number, one in enumerate(answer_parts(answer)[len(here.ratings) :]):
                    kind = "ns-card-do" if one.title.startswith("Who") else "ns-card-quiet"
                    sides[number % 2].html(terms.explained(part_card(one, kind=kind), part=one.title))
                if quote := reasons.quoted_reasons(view, str(here.area_code)):
                    use_figure(quote, once=True)
                query = view.link.query(postcode=None, place=here.area_code, district=None)
                st.page_link(
                    "connectivity/views/why.py", label="See the small area around it in full", query_params=query
                )
                st.page_link("connectivity/views/where.py", label="See it on the map", query_params=query)
    frame.foot(view)


if __name__ == "__main__":
    page()
