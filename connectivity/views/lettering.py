"""The letters A to G drawn in HTML: one big letter with its words, and a ladder that shows how far it could move."""

from __future__ import annotations

from html import escape

from connectivity.claims.about_postcodes import Part, headline, reasons, said_of
from connectivity.maps.symbology import SCALE
from connectivity.postcode import answer as letters
from connectivity.postcode.answer import Answer, Rating
from connectivity.views import look

LIGHT_FROM = 4
"""From the fifth class on the map's colours are so dark that a letter on them is white (look and feel §4)."""


def card(answer: Answer, rating: Rating, *, title: str) -> str:
    """Draw one activity: its letter and words, the ladder, the counts and what fails."""
    grade = rating.grade
    big = _box(grade.best, css="ns-letter-big") if grade else '<span class="ns-letter-big ns-hatch"></span>'
    word = letters.words(grade.best) if grade else "No letter"
    said = headline(rating).split(": ", 1)[1]
    said = said[:1].upper() + said[1:]
    lines = "".join(f"<p>{escape(line)}</p>" for line in reasons(answer, rating))
    return (
        f'<div class="ns-card"><h2>{escape(title)}</h2><div class="ns-letter">{big}<div>'
        f'<p class="ns-letter-word">{escape(word)}</p><p>{escape(said)}</p></div></div>'
        f"{_ladder(rating)}{lines}</div>"
    )


def part(one: Part, *, kind: str = "") -> str:
    """Draw a titled part of the answer; a line's first words, up to a colon, are its label."""
    lines = "".join(f"<p>{_labelled(line)}</p>" for line in one.lines)
    return f'<div class="ns-card {kind}"><h2>{escape(one.title)}</h2>{lines}</div>'


def other(answer: Answer, *, addresses: dict[str, str]) -> str:
    """Draw the answer of a postcode that gets no letter, with links to the postcodes it offers.

    Parameters
    ----------
    addresses
        Postcode → address of this page with it.
    """
    said = said_of(answer)
    listed = "".join(
        f'<li><a href="{escape(where)}" target="_self">{escape(code)}</a></li>' for code, where in addresses.items()
    )
    return look.note(
        said.title,
        *said.lines,
        kind="warn" if answer.mendable else "plain",
        more=f"<ul>{listed}</ul>" if listed else "",
    )


def _labelled(line: str) -> str:
    label, mark, rest = line.partition(": ")
    if not mark or ". " in label:
        return escape(line)
    return f"<b>{escape(label)}:</b> {escape(rest)}"


def _ladder(rating: Rating) -> str:
    """Draw the seven letters side by side; those the letter could be are underlined. The words say the same."""
    if rating.grade is None:
        return ""
    names = [one.name for one in letters.LETTERS]
    first, last = names.index(rating.grade.low), names.index(rating.grade.high)
    boxes = []
    for place, name in enumerate(names):
        css = "in" if first <= place <= last else ""
        boxes.append(f'<li class="{css}{" best" if name == rating.grade.best else ""}">{_box(name, css="")}</li>')
    return f'<ol class="ns-letters" aria-hidden="true">{"".join(boxes)}</ol>'


def _box(name: str, *, css: str) -> str:
    place = [one.name for one in letters.LETTERS].index(name)
    colour = SCALE[min(place, len(SCALE) - 1)]
    ink = "#FFFFFF" if place >= LIGHT_FROM else "#1A1F24"
    marked = " ns-letter-last" if place >= len(SCALE) else ""
    return f'<span class="{css}{marked}" style="background-color:{colour};color:{ink}">{name}</span>'
