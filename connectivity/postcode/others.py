"""What is said of a postcode that gets no letter: ended, elsewhere, no place, unknown, half of one or none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectivity.postcode.answer import Answer, Kind
from layers.manifest import MONTHS

WHOLE = "Type the whole postcode, such as"


@dataclass(frozen=True, slots=True)
class Said:
    """A title, what is the matter, and the way forward."""

    title: str
    lines: tuple[str, ...]


def said_of(answer: Answer) -> Said:
    """Word the answer of a postcode without letters; each kind has its own."""
    words = _WORDS[answer.kind](answer)
    offered = _offers(answer)
    return Said(words.title, (*words.lines, *offered))


def when(ended: str | None) -> str:
    """Write the month a postcode ended.

    >>> when("200403"), when("2004-03"), when("March 2004"), when(None)
    ('in March 2004', 'in March 2004', 'in March 2004', 'at a time the file does not give')
    """
    if not ended:
        return "at a time the file does not give"
    found = re.fullmatch(r"(\d{4})-?(\d{2})(?:-?\d{2})?", ended)
    if found and 1 <= int(found[2]) <= len(MONTHS):
        return f"in {MONTHS[int(found[2]) - 1]} {found[1]}"
    return f"in {ended}"


def _ended(answer: Answer) -> Said:
    here = answer.here
    where = f" It was in {here.area_name}, {here.district_name}." if here else ""
    return Said(
        f"{answer.postcode} is no longer in use",
        (
            f"Royal Mail ended it {when(answer.ended)}.{where}",
            "Its homes and businesses may have another postcode now. Try the one on a recent letter.",
        ),
    )


def _outside(answer: Answer) -> Said:
    town = f" It is one of the {answer.town} postcodes." if answer.town else ""
    return Said(
        f"{answer.postcode} is outside this study",
        (
            f"This study is about {answer.basis.study}.{town}",
            "To see it, open or build a study that holds its council: docs/study-file.md says how.",
        ),
    )


def _nation(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is in {answer.nation}",
        (
            f"This study is about {answer.basis.study}. We keep the nations apart: they measure need in other ways.",
            f"Ofcom’s own broadband checker holds {answer.nation}.",
        ),
    )


def _island(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is in {answer.town}",
        (
            "It has a postcode, but it is not in the United Kingdom, so Ofcom’s figures leave it out.",
            "Ask the island’s own regulator of telecoms.",
        ),
    )


def _forces(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} belongs to the British forces",
        (
            "It says which unit a letter is for, not where that is, so we have no broadband figure for it.",
            "For a base in this country, type the postcode of a street beside it.",
        ),
    )


def _no_place(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is not a place",
        (
            "It is kept for mail to one large sender, wherever that is, so we have no broadband figure for it.",
            "Type the postcode of the building you want to know about.",
        ),
    )


def _overseas(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is in {answer.town}",
        ("It is a British overseas territory. Ofcom’s figures are about the United Kingdom alone.",),
    )


def _old(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is of an old kind",
        ("Postcodes that begin NPT are out of use: NP took their place. Try the same with NP and a digit.",),
    )


def _unknown(answer: Answer) -> Said:
    first = (
        "We hold many postcodes that begin alike, but not this one. It may be very new, or mistyped."
        if answer.near
        else "It has the shape of a postcode, but we do not know it. It may be very new, or mistyped."
        if answer.town
        else "It has the shape of a postcode, but no town’s postcodes begin so."
    )
    return Said(f"We do not know {answer.postcode}", (first,))


def _half(answer: Answer) -> Said:
    if not answer.count:
        known = f" It is one of the {answer.town} postcodes." if answer.town else ""
        return Said(
            f"{answer.postcode} is only half a postcode",
            (f"This study holds no postcode that begins so.{known}", f"{WHOLE} DT1 1AA."),
        )
    councils = " and ".join(answer.councils)
    many = (
        f"One postcode of this study begins so, in {councils}."
        if answer.count == 1
        else f"{answer.count:,} postcodes of this study begin so, in {councils}. They are too different for one answer."
    )
    return Said(f"{answer.postcode} is only half a postcode", (many, f"{WHOLE} {answer.near[0]}."))


def _none(_answer: Answer) -> Said:
    return Said(
        "That is not a postcode",
        ("A postcode has one or two letters, a number, then a number and two letters.", f"{WHOLE} DT1 1AA."),
    )


def _offers(answer: Answer) -> tuple[str, ...]:
    if answer.meant:
        return (f"Did you mean {' or '.join(answer.meant)}?",)
    if answer.near and answer.kind == "unknown":
        return (f"The nearest we hold: {', '.join(answer.near)}.",)
    return ()


_WORDS = {
    "ended": _ended,
    "outside": _outside,
    "nation": _nation,
    "island": _island,
    "forces": _forces,
    "no place": _no_place,
    "overseas": _overseas,
    "old": _old,
    "unknown": _unknown,
    "half": _half,
    "none": _none,
}
KINDS: tuple[Kind, ...] = tuple(_WORDS)  # type: ignore[arg-type]  # the keys are kinds
