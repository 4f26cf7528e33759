"""A letter from A (good) to G (bad) for a share that cannot do an activity: fixed marks, the same everywhere.

The letters are ours. Nobody publishes such bands, so each edge is an assumption: the fixed breaks of the score and of
the map (method §5), carried to seven classes. They never move with the study, so that a letter can be compared over
time and between places.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from layers.figures import Figure

_SOURCE = "assumption: the fixed breaks 0, 1, 2, 5, 10, 20, 40 of method.md §5"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: its name, the share it begins at, and what it means in two words."""

    name: str
    start: Figure
    words: str


def _letter(name: str, percent: float, words: str) -> Letter:
    return Letter(name, Figure(percent, "% of premises", f"{name} begins here: {words.lower()}", _SOURCE), words)


LETTERS = (
    _letter("A", 0, "Hardly any gaps"),
    _letter("B", 1, "Few gaps"),
    _letter("C", 2, "Some gaps"),
    _letter("D", 5, "Clear gaps"),
    _letter("E", 10, "Wide gaps"),
    _letter("F", 20, "Very wide gaps"),
    _letter("G", 40, "Gaps for very many"),
)
WIDEST = Figure(3, "letters", "a range that reaches further says too little for a letter", "assumption", 2, 4)


@dataclass(frozen=True, slots=True)
class Grade:
    """The letter of a best estimate, with those of the lowest and highest.

    >>> Grade("C", "B", "D").sure, Grade("C", "C", "C").sure
    ('between B and D', 'C throughout')
    """

    best: str
    low: str
    high: str

    @property
    def sure(self) -> str:
        """Say how far the letter could move."""
        return f"{self.low} throughout" if self.low == self.high else f"between {self.low} and {self.high}"


def letter(share: float) -> Letter | None:
    """Give the letter of a share; none for one that is not known.

    Parameters
    ----------
    share
        0 to 1, of premises or lines.

    Examples
    --------
    >>> [letter(share).name for share in (0, 0.00999, 0.01, 0.4, 1)]
    ['A', 'A', 'B', 'G', 'G']
    >>> letter(float("nan")) is None
    True
    """
    if math.isnan(share):
        return None
    percent = round(share * 100, 9)  # 29 of 2,900 is 1 %, however the division falls
    edges = [one.start.value for one in LETTERS]
    return LETTERS[int(np.searchsorted(edges, percent, side="right")) - 1]


def grade(low: float, best: float, high: float, *, of: float) -> Grade | None:
    """Give the letter of an estimate, or none when it is not known or its range says too little.

    Parameters
    ----------
    low, best, high
        Premises (or lines) that cannot do the activity; NaN where not known.
    of
        All premises, at least 1.
    """
    found = [letter(count / of) if of > 0 else None for count in (low, best, high)]
    first, middle, last = found
    if first is None or middle is None or last is None:
        return None
    if LETTERS.index(last) - LETTERS.index(first) > WIDEST.value:
        return None
    return Grade(middle.name, first.name, last.name)


def marks(name: str) -> str:
    """Say which shares a letter stands for.

    >>> marks("A"), marks("C"), marks("G")
    ('under 1 in 100', '2 to 5 in 100', '40 in 100 or more')
    """
    at = [one.name for one in LETTERS].index(name)
    start = LETTERS[at].start.value
    if at == 0:
        return f"under {LETTERS[1].start.value:g} in 100"
    if at == len(LETTERS) - 1:
        return f"{start:g} in 100 or more"
    return f"{start:g} to {LETTERS[at + 1].start.value:g} in 100"


def words(name: str) -> str:
    """Give a letter's two words.

    >>> words("D")
    'Clear gaps'
    """
    return next(one.words for one in LETTERS if one.name == name)
