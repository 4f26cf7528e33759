"""What a pack says, whole and in order, before it has the form of any file: documents write it and add no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from connectivity.claims.about_packs import Reader
from connectivity.claims.claim import Basis, Claim, Sentence


@dataclass(frozen=True, slots=True)
class PackPlace:
    """One of the places a pack is about.

    Attributes
    ----------
    key
        As a link names it: an area's or a council's code, ``kind:key`` of another boundary, or ``study``.
    name
        As it is called in a sentence: “Dorset”, “Beaminster ward”.
    word
        What it is: council, ward, small area, whole study.
    shares
        By area code, how much of each area's premises lies in it; 1 for a whole area.
    """

    key: str
    name: str
    word: str
    shares: pd.Series


@dataclass(frozen=True, slots=True)
class PackSubject:
    """What a pack is about: one place, or several jointly.

    Attributes
    ----------
    title
        What they are called together.
    places
        In the order they were named.
    """

    title: str
    places: tuple[PackPlace, ...]

    @property
    def shares(self) -> pd.Series:
        """By area code, how much of each area's premises lies in any of the places: none counts twice."""
        held: pd.Series = pd.concat([one.shares for one in self.places]).groupby(level=0).sum()
        return held.clip(upper=1.0).sort_index()


@dataclass(frozen=True, slots=True)
class PersonsPart:
    """What only a person can supply; empty text stays visibly empty in every document.

    Attributes
    ----------
    organisation, standing
        Who submits, and on what standing they write.
    recommendation
        What they ask to be decided.
    contact
        Where questions go.
    decided_by, expires
        By when a decision is asked for; until when the pack may be used.
    analyst, checked_by
        Who made it, and who checked it.
    replaces
        Which earlier figure of theirs this one replaces.
    """

    organisation: str = ""
    standing: str = ""
    recommendation: str = ""
    contact: str = ""
    decided_by: str = ""
    expires: str = ""
    analyst: str = ""
    checked_by: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its words with the unit, whether it holds numbers, and what it means in a sentence."""

    words: str
    number: bool = False
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class PackTable:
    """A table in words: every cell is text as it is shown, the first of a row names it.

    Attributes
    ----------
    key
        Its name in files and tests.
    caption
        What it lists, with the place and the date.
    heads, rows
        Columns, and rows with as many cells.
    note
        What stands below it.
    """

    key: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class PackSection:
    """A part of the report: a title, paragraphs, points, tables, and whether the map stands in it."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[PackTable, ...] = ()
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class WorstPlace:
    """A row of page one: a small area, its count, its range, and how sure it is that it is among the worst.

    Attributes
    ----------
    code, name
        Of the area.
    count, could_be
        “about 76 of 598”, “47 to 117”.
    low, best, high
        Premises, for the bar beside them.
    ranks
        “8 to 549”; empty where the order is not settled, so that none is shown.
    tier
        The key of how sure it is; empty where ranks were not drawn.
    said
        The same in words.
    """

    code: str
    name: str
    count: str
    could_be: str
    low: float
    best: float
    high: float
    ranks: str
    tier: str
    said: str


@dataclass(frozen=True, slots=True)
class PackContent:
    """All the words of a pack.

    Attributes
    ----------
    reader, subject, basis, person
        Whom it is for, what it is about, what every figure rests on, what a person supplied.
    title
        Of the documents: “Dorset: where broadband is not enough”.
    date
        Of the build, ISO 8601: documents carry it, never the clock's.
    stamp
        What must stand on every page, such as that the data are marked amber; empty for green.
    tags
        Short marks: “Modelled within each council”.
    headline
        The claim that opens everything, its number marked.
    beneath
        Sentences below the headline: what is counted, what with fixed wireless the other way.
    asks, sure, not_shown
        Page one's three boxes: what is asked, how sure it is, what it does not show.
    worst, worst_title, worst_note
        Page one's rows, what they are called, what stands below them.
    answers
        “If someone says …”: what is said, and the answer, the three that page one has room for.
    sections
        The report, in order, after the headline and before the table of every small area, the sources and what a
        person supplied, which have fields of their own. The section ``answers`` has all five; of several places
        ``areas`` has a short table each.
    every_area
        Every small area of all places, as one table.
    map_title, map_said, map_key
        The picture: its title; its text for those who hear it, with the number in it; what its colours mean.
    press
        For the press picture: a line with the figure, and one below it.
    sources, checks
        Whose figures, with release and licence; how anyone can check the pack.
    revisions, next_update
        What happens when a figure is revised, and when the next is due.
    claims
        Every claim that was said, by the name under which `verify` lists it.
    """

    reader: Reader
    subject: PackSubject
    basis: Basis
    person: PersonsPart
    title: str
    date: str
    stamp: str
    tags: tuple[str, ...]
    headline: Sentence
    beneath: tuple[str, ...]
    asks: tuple[str, ...]
    sure: tuple[str, ...]
    not_shown: tuple[str, ...]
    worst: tuple[WorstPlace, ...]
    worst_title: str
    worst_note: str
    answers: tuple[tuple[str, str], ...]
    sections: tuple[PackSection, ...]
    every_area: PackTable
    map_title: str
    map_said: str
    map_key: str
    press: tuple[str, str]
    sources: tuple[str, ...]
    checks: tuple[str, ...]
    revisions: str
    next_update: str
    claims: Mapping[str, Claim]
