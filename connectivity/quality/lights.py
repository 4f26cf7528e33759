"""A traffic light with words for each layer and for a whole build: the rules, their limits, and the worst of several.

A light never stands alone: it has a word, a shape and its reasons. Green says that nothing was found, never that all
is right: a check can only find what it looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from layers.figures import Figure

Colour = Literal["green", "amber", "red"]
WORDS: dict[Colour, str] = {
    "green": "No fault found by these checks",
    "amber": "Usable, read the notes",
    "red": "Do not publish from this",
}
SHAPES: dict[Colour, str] = {"green": "●", "amber": "▲", "red": "■"}
"""Circle, triangle, square: told apart without colour."""
NAMES: dict[Colour, str] = {"green": "Green", "amber": "Amber", "red": "Red"}
_MORE = re.compile(r" And \d+ more, under that layer\.$")
"""What a reason ends with that a reader of the report follows to the layer."""
_ORDER: tuple[Colour, ...] = ("green", "amber", "red")

MANY = Figure(
    0.2,
    "share of rows",
    "from which on too much is missing to publish",
    "assumption, as for unknown premises (method §3)",
)


def _limit(months: float, meaning: str) -> Figure:
    return Figure(months, "months", meaning, "assumption")


@dataclass(frozen=True, slots=True)
class Limit:
    """How old the layers of some kinds may be.

    Attributes
    ----------
    kinds
        Kinds of layer.
    amber, red
        Ages in months; None for kinds that do not age (codes and outlines of a year, hills).
    newest
        The year of the newest release this version knows of, where a newer one comes only every few years; a layer of
        it is green however old it is.
    why
        In plain words.
    """

    kinds: tuple[str, ...]
    why: str
    amber: Figure | None = None
    red: Figure | None = None
    newest: int | None = None


LIMITS = (
    Limit(
        ("ofcom_authority", "ofcom_oa", "ofcom_postcode", "ofcom_postcode_2013", "mobile", "performance"),
        "Networks are built every month, and Ofcom puts out new figures more than once a year.",
        amber=_limit(18, "broadband figures that may have been overtaken"),
        red=_limit(60, "broadband figures that say nothing of today"),
    ),
    Limit(
        ("subsidy",),
        "Plans to build are revised several times a year.",
        amber=_limit(9, "plans that may have changed"),
        red=_limit(36, "plans that are over"),
    ),
    Limit(
        ("postcodes", "postcode_premises", "open_uprn", "dwellings"),
        "New homes and postcodes come every year.",
        amber=_limit(36, "homes and postcodes that may lack new streets"),
        red=_limit(180, "homes and postcodes of another time"),
    ),
    Limit(
        ("libraries", "stations", "dft_connectivity", "road_distances"),
        "Places open, close and change their hours.",
        amber=_limit(48, "places that may have closed"),
        red=_limit(180, "places of another time"),
    ),
    Limit(
        ("population",),
        "People move, are born and die; the Office for National Statistics estimates residents every year.",
        amber=_limit(48, "residents that may have changed"),
        red=_limit(180, "residents of another time"),
    ),
    Limit(("census",), "A census is taken every ten years: that of 2021 is the newest there is.", newest=2021),
    Limit(("deprivation",), "England's indices come every few years: those of 2025 are the newest.", newest=2025),
    Limit(("underlying_2025",), "These come with the indices of 2025, the newest there are.", newest=2025),
    Limit(("area_classification",), "The class of neighbourhoods comes with each census, last in 2021.", newest=2021),
    Limit(("rural_urban",), "The class of places comes with each census, last in 2021.", newest=2021),
    Limit(
        ("wimd",),
        "Wales's index comes every few years.",
        amber=_limit(84, "an index that may have been replaced"),
        red=_limit(180, "an index of another time"),
    ),
    Limit(
        ("boundaries", "lookup", "wards", "lsoa_changes", "output_areas", "reporting", "coast"),
        "Codes and outlines belong to a year and do not grow old: the checks see that they fit together.",
    ),
    Limit(("terrain",), "Hills do not grow old."),
)


def limit_of(kind: str) -> Limit:
    """Give the rule of age for a kind of layer."""
    return next((limit for limit in LIMITS if kind in limit.kinds), Limit((kind,), "No limit is set for this layer."))


def light(findings: Iterable[tuple[Colour, str]]) -> dict[str, Any]:
    """Make one light of what was found: the worst of it, and every reason, the worst first.

    >>> light([("amber", "One row is not used."), ("red", "It is 13 years old.")])["words"]
    'Do not publish from this'
    >>> light([])
    {'colour': 'green', 'words': 'No fault found by these checks', 'reasons': []}
    """
    found = sorted(dict.fromkeys(findings), key=lambda one: -_ORDER.index(one[0]))
    colour: Colour = found[0][0] if found else "green"
    reasons = [{"colour": shade, "words": words} for shade, words in found]
    return {"colour": colour, "words": WORDS[colour], "reasons": reasons}


def without_more(reason: str) -> str:
    """Return a reason without the words that lead a reader of the report to the layer.

    >>> without_more("Postcodes: It is old. And 1 more, under that layer.")
    'Postcodes: It is old.'
    """
    return _MORE.sub("", reason)


def missing(count: int, *, of: int, words: str) -> list[tuple[Colour, str]]:
    """Judge what is missing of a whole: nothing when nothing is, amber for some, red from a fifth on."""
    if not count:
        return []
    return [("red" if of and count / of >= MANY.value else "amber", words)]


def rules() -> list[str]:
    """Say in plain words how the lights are set; the report prints them."""
    amber = (
        "A rule was broken and the row kept. A row was not matched. A shape or a unit was put right. A place lacks a "
        "figure or a score. The speed of some premises is not known. A release is old, or not stated. The publisher "
        "corrected the file, and which one was used is not known. A file is not the one that was fetched. A figure is "
        "modelled or a stand-in."
    )
    red = (
        f"{MANY.value:.0%} or more of a layer’s rows or places are missing or break a rule. A release is too old. A "
        "withdrawn file was used whose figures were wrong. Premises cannot be accounted for."
    )
    modelled = (
        "Modelled broadband is never green. How many premises a council has in each speed band is published. Where "
        "they are within the council is our estimate."
    )
    return [
        f"{NAMES['green']} means “{WORDS['green']}”. It never means that a figure is right.",
        f"{NAMES['amber']} means “{WORDS['amber']}”. Any of these sets it. {amber}",
        f"{NAMES['red']} means “{WORDS['red']}”. Any of these sets it. {red}",
        "Rows outside the study, closed places and rows without premises are not faults.",
        "The light of the build is the worst of its layers’ lights and of what is found about the whole.",
        modelled,
        "Age is counted to the day of the build, from the last day that the words of a release can mean.",
    ]


def figures() -> list[tuple[str, Figure]]:
    """Give every limit the lights rest on, with the light it sets."""
    ages = [
        (name, figure) for limit in LIMITS for name, figure in (("Amber", limit.amber), ("Red", limit.red)) if figure
    ]
    return [("Red", MANY), *ages]
