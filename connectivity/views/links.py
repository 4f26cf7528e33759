"""Links: what a reader is looking at, weights included, as a query string that restores it. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypedDict, Unpack, get_args
from urllib.parse import urlencode

import pandas as pd

from connectivity.claims import about_switches
from connectivity.claims.about_packs import Reader
from connectivity.maps import symbology
from connectivity.maps.symbology import MEASURES
from connectivity.method.scoring import Weights
from connectivity.places import search
from connectivity.places.parts import DISTRICT
from connectivity.places.wholes import STUDY
from connectivity.robustness.switched_counts import NOTHING_KEPT, WORDS, Choices, Turned
from connectivity.weight_sets import Percent
from layers.errors import StudyError

LABELS = {
    "study": "study",
    "place": "place",
    "district": "council",
    "measure": "measure",
    "weights": "weights",
    "find": "search",
    "postcode": "postcode",
    "then": "study to compare with",
    "other": "place to compare with",
    "than": "other weights",
    "against": "other kind of boundary",
    "service": "service",
    "part": "part of the study",
    "places": "list of places",
    "who": "kind of work",
    "wireless": "count of fixed wireless",
    "mobile": "count of mobile",
    "pack": "places of the pack",
    "reader": "reader of the pack",
}
KEYS = tuple(LABELS)
FIRST_MEASURE = "remote"
MOST_LISTED = 60
"""Places that a list may hold (assumption: a link of 600 letters is still sent whole by every mail program)."""
BETWEEN_PLACES = "."
BETWEEN_PACKED, MOST_PACKED, LONGEST_PACK = ";", 12, 1_200
"""What stands between the places of a pack, how many a page asks for, and letters of a link that name them (assumption:
a pack on more places is a pack on the study)."""
SHOWN = 60
"""Letters of a bad value that a note repeats (assumption: enough to recognise it)."""


Spot = tuple[float, float]
"""Latitude and longitude."""


class Changes(TypedDict, total=False):
    """What may change in a link."""

    study: str | None
    place: str | None
    district: str | None
    measure: str
    weights: tuple[int, int, int, int] | None
    find: str | None
    postcode: str | None
    then: str | None
    other: str | None
    than: tuple[int, int, int, int] | None
    against: str | None
    service: str | None
    part: str | None
    places: tuple[str, ...] | None
    who: str | None
    wireless: str | None
    mobile: str | None
    pack: tuple[str, ...] | None
    reader: str | None


NOWHERE: Changes = {"place": None, "district": None, "part": None, "find": None}
"""The whole study, and nothing looked for."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a reader is looking at.

    Parameters
    ----------
    study
        The short id of a study, or None for the study shown first.
    place
        An area code, or None.
    district
        A district code, or None for all of them.
    measure
        A key of `connectivity.maps.symbology.MEASURES`.
    weights
        Percent for remote, digital, need and alternative; None for the study's own.
    find
        What someone looked for and did not find.
    postcode
        What someone typed to be looked up: any text, cut to a length. Only the page of postcodes keeps it.
    then
        The short id of a study: the study this one is compared with, or None.
    other
        What `place`, or else the council, is compared with: the code of an area or of a council, ``study`` for all of
        it, or None.
    than
        The weights that `weights` are compared with; None for equal ones.
    against
        The kind of boundary another is compared with: any text, cut to a length, which its page checks.
    service
        The service whose page is open: any text, cut to a length, which its page checks.
    part
        The part of the study on the map: any text, cut to a length, which the map's page checks.
    places
        Codes of the areas on a reader's own list, in the order they were put on it; None where there is no list.
    who
        Who works, where it is not the study's one home worker: ``household`` or ``cloud``.
    wireless, mobile
        ``in`` or ``out``: whether fixed wireless and mobile count, where the study has it otherwise.
    pack
        Keys of the places an evidence pack is about, any text, cut to a length, which its page checks; None for those
        on show.
    reader
        Whom the pack is for; None for the first of them.
    """

    study: str | None = None
    place: str | None = None
    district: str | None = None
    measure: str = FIRST_MEASURE
    weights: tuple[int, int, int, int] | None = None
    find: str | None = None
    postcode: str | None = None
    then: str | None = None
    other: str | None = None
    than: tuple[int, int, int, int] | None = None
    against: str | None = None
    service: str | None = None
    part: str | None = None
    places: tuple[str, ...] | None = None
    who: str | None = None
    wireless: str | None = None
    mobile: str | None = None
    pack: tuple[str, ...] | None = None
    reader: str | None = None

    def query(self, **changes: Unpack[Changes]) -> dict[str, str]:
        """Write the query string's parts, leaving out what is as usual."""
        link = replace(self, **changes)
        written: dict[str, str | None] = {name: getattr(link, name) for name in KEYS}
        written["measure"] = None if link.measure == FIRST_MEASURE else link.measure
        for name, weights in (("weights", link.weights), ("than", link.than)):
            written[name] = None if weights is None else write_weights(weights)
        written["places"] = BETWEEN_PLACES.join(link.places) if link.places else None
        written["pack"] = BETWEEN_PACKED.join(link.pack) if link.pack else None
        return {name: value for name, value in written.items() if value is not None}

    def address(self, page: str, *, base: str, **changes: Unpack[Changes]) -> str:
        """Write the address of a page that shows this.

        >>> Link(district="E06000059").address("why", base="", place="E01020398")
        '/why?place=E01020398&district=E06000059'
        """
        query = urlencode(self.query(**changes))
        return f"{base}/{page}{'?' if query else ''}{query}"


def read_link(
    asked: Mapping[str, str],
    *,
    areas: pd.DataFrame,
    absent: tuple[str, ...] = (),
    study: str | None = None,
    known: Sequence[str] = (),
    choices: Choices = NOTHING_KEPT,
) -> tuple[Link, list[str]]:
    """Read a query string; what cannot be followed is ignored and named.

    Parameters
    ----------
    asked
        The query string's parts. Other programs' parameters are passed over.
    areas
        Scored areas indexed by area code, with `district_code` and `district_name`.
    absent
        Dimensions that are not in the study.
    study
        The id of the study whose areas these are, from `study_in_link`; None for the one shown first.
    known
        Ids of the studies that another may be compared with.
    choices
        What of the study's counts may be turned.

    Returns
    -------
    tuple
        The link, and one sentence for each value that was ignored.
    """
    link, ignored = Link(study=study), []
    councils = areas["district_code"].unique()
    readers: dict[str, Callable[[str], Changes]] = {
        "place": lambda text: {"place": _one_of(areas.index, text, kind="place")},
        "district": lambda text: {"district": _one_of(councils, text, kind="council")},
        "measure": lambda text: {
            "measure": _one_of(
                symbology.shown(areas, absent=absent),
                text,
                kind="measure",
                instead=f"the map shows “{MEASURES[FIRST_MEASURE].name}” instead",
            )
        },
        "weights": lambda text: {"weights": read_weights(text)},
        "find": lambda text: {"find": text[:SHOWN]},
        "postcode": lambda text: {"postcode": text[:SHOWN]},
        "then": lambda text: _partner(text, known=known),
        "other": lambda text: {"other": _one_of([*areas.index, *councils, STUDY], text, kind="place")},
        "than": lambda text: {"than": read_weights(text)},
        "against": lambda text: {"against": text[:SHOWN]},
        "service": lambda text: {"service": text[:SHOWN]},
        "part": lambda text: {"part": text[:SHOWN]},
        "places": lambda text: {"places": places_in_link(text, areas=areas)},
        "who": lambda text: {"who": turned("who", text, choices=choices)},
        "wireless": lambda text: {"wireless": turned("wireless", text, choices=choices)},
        "mobile": lambda text: {"mobile": turned("mobile", text, choices=choices)},
        "pack": lambda text: {"pack": tuple(text[:LONGEST_PACK].split(BETWEEN_PACKED)[:MOST_PACKED])},
        "reader": lambda text: {"reader": _one_of(get_args(Reader), text, kind="reader of a pack")},
    }
    for name, read in readers.items():
        if not asked.get(name):
            continue
        try:
            link = replace(link, **read(asked[name]))
        except ValueError as error:
            ignored.append(_ignored(name, asked[name], why=str(error)))
    if link.place and link.district and areas.loc[link.place, "district_code"] != link.district:
        link = replace(link, district=str(areas.loc[link.place, "district_code"]))
    return link, ignored


def study_in_link(
    asked: Mapping[str, str], *, known: Sequence[str], shown: Sequence[str]
) -> tuple[str | None, list[str]]:
    """Read which study a link asks for.

    Parameters
    ----------
    asked
        The query string's parts.
    known
        Ids of the studies that can be shown; the first is the study shown when a link names none.
    shown
        The studies' names, for the note.

    Returns
    -------
    tuple
        The id, None for the first; and one sentence where the link asked for a study that cannot be shown.
    """
    text = asked.get("study")
    if not text or not known or text == known[0]:
        return None, []
    if text in known:
        return text, []
    return None, [_ignored("study", text, why=f"We hold no such study, so you see “{shown[0]}” instead.")]


def left_behind(place: str) -> str:
    """Say that a chosen place is not in the study that was opened."""
    return f"{quoted(place)} is not in this study: small areas were redrawn. No place is chosen now."


def no_part(text: str) -> str:
    """Say that a study does not have the part of it that a link asked for."""
    return _ignored("part", text, why="We do not have it, so you see the whole study.")


def _ignored(name: str, text: str, *, why: str) -> str:
    return f"The link asked for the {LABELS[name]} {quoted(text)}. {why}"


def _one_of(known: Iterable[str], text: str, *, kind: str, instead: str = "you see the page without it") -> str:
    if text not in set(known):
        raise ValueError(f"This study has no such {kind}, so {instead}.")
    return text


def _partner(text: str, *, known: Sequence[str]) -> Changes:
    if text not in known:
        raise ValueError("We hold no such study, so nothing is compared with it.")
    return {"then": text}


def opening(one: search.Named) -> Changes:
    """Return the changes to a link that open what a search found, and nothing else."""
    if one.kind == search.AREA:
        return {**NOWHERE, "place": one.key}
    return {**NOWHERE, "district": one.key} if one.kind == DISTRICT else {**NOWHERE, "part": one.part}


def missed(text: str) -> Changes:
    """Return the changes to a link when a search fails: a place that stayed would be taken for the one sought."""
    return {**NOWHERE, "find": text[:SHOWN]}


def spot(told: object) -> Spot | None:
    """Read a latitude and a longitude, as numbers or as a link's words; None where they are none of this world.

    >>> spot([50.8, -2.5]), spot(["50.8", "-2.5", "11"]), spot(["north"]), spot([float("nan"), 0]), spot(None)
    ((50.8, -2.5), (50.8, -2.5), None, None, None)
    """
    if not isinstance(told, Sequence) or isinstance(told, str) or len(told) < 2:  # noqa: PLR2004 - a pair
        return None
    try:
        lat, lon = float(told[0]), float(told[1])
    except (TypeError, ValueError):
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None  # noqa: PLR2004 - degrees


def quoted(text: str) -> str:
    """Quote what someone asked for, cut to a length that a note can hold."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text)
    return f"“{shown[:SHOWN]}{'…' if len(shown) > SHOWN else ''}”"


def places_in_link(text: str, *, areas: pd.DataFrame) -> tuple[str, ...]:
    """Read the codes of a list of places.

    Raises
    ------
    ValueError
        When one of them is not in the study, or there are too many.
    """
    codes = tuple(dict.fromkeys(text.split(BETWEEN_PLACES)))
    unknown = [code for code in codes if code not in areas.index]
    if unknown:
        raise ValueError(f"{quoted(unknown[0])} is no place of this study, so you see the page without the list.")
    if len(codes) > MOST_LISTED:
        raise ValueError(f"A list holds {MOST_LISTED} places at most, so you see the page without it.")
    return codes


def turned(name: Turned, text: str, *, choices: Choices) -> str | None:
    """Read what a link says of a count that a reader may change; None where that is what the study counts anyway.

    Raises
    ------
    ValueError
        When it is no choice, or one that the build cannot answer.
    """
    if text not in WORDS[name]:
        raise ValueError(f"It can be {' or '.join(WORDS[name])}. {OWN_COUNTS}")
    if text == choices.own[name]:
        return None
    if name in choices.refused:
        raise ValueError(f"{about_switches.WHY_NOT[name] if choices.kept else about_switches.NOT_KEPT} {OWN_COUNTS}")
    return text


OWN_COUNTS = "You see the study’s own counts."


def write_weights(weights: Percent) -> str:
    """Write weights for a link.

    >>> write_weights((30, 30, 20, 20))
    '30-30-20-20'
    """
    return "-".join(str(weight) for weight in weights)


def read_weights(text: str) -> Percent:
    """Read four weights in percent, for instance “30-30-20-20”.

    Raises
    ------
    ValueError
        When there are not four whole numbers from 0 to 100, or they cannot make a score.
    """
    parts = text.split("-")
    if len(parts) != len(fields(Weights)) or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError("We need four whole numbers, such as 30-30-20-20.")
    remote, digital, need, alternative = (int(part[:4]) for part in parts)
    weights = (remote, digital, need, alternative)
    if max(weights) > 100:  # noqa: PLR2004 - percent
        raise ValueError("Each weight goes from 0 to 100.")
    check_weights(weights)
    return weights


def check_weights(weights: Percent) -> Weights:
    """Turn percentages into weights.

    Raises
    ------
    ValueError
        With one plain sentence, when they cannot make a score.
    """
    try:
        return Weights(*(float(weight) for weight in weights))
    except StudyError as error:
        raise ValueError(error.what) from error
