"""What a map or table can show, and where one colour ends and the next begins: records, never bare numbers.

What stands under a map: what its shapes and its dots are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from connectivity.claims.about_certainty import QUESTION
from connectivity.claims.claim import Basis

SCALE = ("#FAF0D7", "#F3D79B", "#E5AC60", "#C97A40", "#973F34", "#571A31")
"""Six classes from good to bad. Lightness 95, 87, 74, 59, 39, 20: even in grey, apart in the three kinds of colour
blindness (colour-difference in OKLab at least 7.6 between neighbours)."""

CALM = "#BFD0CD"
"""Few or no gaps: beside the scale, cool, and darker than its palest (lightness 82; OKLab at least 7.6 from each)."""


@dataclass(frozen=True, slots=True)
class Paint:
    """What fills an area: a ground and, where colour alone will not do, a pattern on it.

    Attributes
    ----------
    ground
        The colour below.
    pattern
        ``rising`` or ``falling`` lines, or ``dots``; None for the ground alone.
    ink
        The pattern's colour.
    apart
        Pixels from one line or dot to the next, on every screen and at every zoom.
    border
        The colour of the area's outline.
    """

    ground: str
    pattern: Literal["rising", "falling", "dots"] | None = None
    ink: str = ""
    apart: int = 0
    border: str = "#FFFFFF"


PALE = "#A99F8B"
"""The border on grounds that are too pale for a white one."""
PAINTS = (
    *(Paint(ground, border=PALE) for ground in SCALE[:3]),
    Paint(SCALE[3]),
    Paint(SCALE[4], "falling", "#F3D79B", 7),
    Paint(SCALE[5], "dots", "#F3D79B", 6),
    Paint(CALM, border=PALE),
    Paint(SCALE[2], "falling", "#571A31", 11, border=PALE),
    Paint("#FFFFFF", "rising", "#6B6F73", 6, border=PALE),
)
"""By class: the scale, few or no gaps, in doubt, not known. The two worst classes of the scale carry a pattern too, for
whoever does not see the colours; pixels apart are an assumption, told apart at 320 px."""
IN_DOUBT = 7
TIER_CLASSES = {"robust": 5, "likely": 4, "depends": IN_DOUBT, "some": 0, "feasible": len(SCALE)}
"""Classes of the tiers of how sure we are."""

RING = '<circle cx="8" cy="8" r="6.7" fill="none" stroke="#000" stroke-width="1.5"/>'
SQUARE = '<rect x="1.3" y="1.3" width="13.4" height="13.4" fill="none" stroke="#000" stroke-width="1.3"/>'
DIAMOND = '<path d="M8 1.2 14.8 8 8 14.8 1.2 8Z" fill="none" stroke="#000" stroke-width="1.5"/>'
DISCS = {
    "clear": RING + '<circle cx="8" cy="8" r="7.4"/>',
    "likely": RING + '<path d="M8 8V.6A7.4 7.4 0 1 1 .6 8Z"/>',
    "either": RING + '<path d="M8 .6A7.4 7.4 0 0 1 8 15.4Z"/>',
    "none": RING,
    "few": RING + '<path d="M4.7 8.3 7 10.7 11.4 5.6" fill="none" stroke="#000" stroke-width="1.5"/>',
    "nodata": SQUARE + '<path d="M2 8.5 8.5 2M2 14 14 2M7.5 14 14 7.5" stroke="#000" stroke-width="1.3"/>',
    "alike": SQUARE + '<path d="M4.2 6h7.6M4.2 10h7.6" stroke="#000" stroke-width="1.5"/>',
    "counter": DIAMOND + '<path d="M8 1 15 8 8 15 1 8Z"/>',
    "helped": DIAMOND + '<path d="M8 1 15 8 8 15Z"/>',
    "online": DIAMOND + '<path d="M5.3 8.2 7.2 10.2 10.8 6.2" fill="none" stroke="#000" stroke-width="1.5"/>',
}
"""A disc fills as we get surer, a diamond the more a counter is needed; colour follows the text."""

UNKNOWN = -1
"""The class of an area without a figure: drawn as `PAINTS[-1]`, hatched, never coloured."""


@dataclass(frozen=True, slots=True)
class Legend:
    """What the map's colours mean: a title, rows of class, words and symbol (blank for none), and a note."""

    title: str
    rows: Sequence[tuple[int, str, str]]
    note: str = ""

    @property
    def sent(self) -> dict[str, object]:
        """Give it as the browser reads it: what is not known is the last of the paints."""
        rows = [[len(PAINTS) - 1 if kind == UNKNOWN else kind, words, mark] for kind, words, mark in self.rows]
        return {"title": self.title, "rows": rows, "note": self.note}


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where one colour ends and the next begins; fixed, so that two maps can be compared."""

    lower: tuple[float, ...]
    source: str

    def labels(self, *, percent: bool) -> tuple[str, ...]:
        """Name each class for a legend.

        >>> Breaks((0, 1, 2, 5, 10, 20), source="").labels(percent=True)[::5]
        ('under 1%', '20% or more')
        """
        mark = "%" if percent else ""
        low, high = self.lower[1:], self.lower[2:]
        between = [f"{a:g} to {b:g}{mark}" for a, b in zip(low, high, strict=False)]
        return (f"under {low[0]:g}{mark}", *between, f"{self.lower[-1]:g}{mark} or more")


AVAILABILITY = Breaks(
    (0, 1, 2, 5, 10, 20),
    source="method.md §5: the middle 2025 score is 0.5 and one area in a hundred passes 6, so equal steps show nothing",
)
MEASURED = Breaks(
    (0, 20, 40, 60, 80, 95),
    source="method.md §5: in 2013 many lines fell short, and 134 areas stand at the ceiling",
)
MEASURED_HOME_WORKING = Breaks(
    (0, 60, 70, 80, 90, 98),
    source="2013, six authorities: no area under 67%, the middle one at 83%, one in ten at 98%; 20 to 80 is one colour",
)
MEASURED_SCORE = Breaks(
    (0, 20, 30, 40, 50, 65),
    source="2013, six authorities: scores from 28 to 81, the middle one 43, one in ten from 64",
)
CLOUD_WORK = Breaks(
    (0, 5, 10, 20, 30, 40),
    source="July 2025, 16 councils: for a business in the cloud the middle area has 15%, one in ten from 35%",
)
HUNDRED = Breaks((0, 10, 20, 40, 60, 80), source="method.md §4: fixed goalposts from 0 good to 100 bad")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing the map can show: a column from 0 (good) to 100 (bad), or of tiers; `wider` stands for its breaks."""

    key: str
    column: str
    name: str
    legend: str
    legend_measured: str | None = None
    percent: bool = False
    tiers: bool = False
    wider: Breaks | None = None

    def title(self, *, unit: str) -> str:
        """Say what the colours show; lines measured in the past “fell short”, they never “cannot”."""
        return self.legend_measured or self.legend if unit == "lines" else self.legend

    def kinds(self, values: pd.Series, *, unit: str) -> pd.Series:
        """Sort values of the measure into classes; what is not known is `UNKNOWN`."""
        if self.tiers:
            return values.map(TIER_CLASSES).fillna(UNKNOWN).astype(int)
        return classes(values, breaks=self.breaks(unit=unit))

    def breaks(self, *, unit: str) -> Breaks:
        """Choose the fixed breaks for a study that counts `unit` (“premises” or “lines”)."""
        if self.key in {"need", "alternative"}:
            return HUNDRED
        if self.wider is not None:
            return self.wider
        if unit != "lines":
            return AVAILABILITY
        return {"score": MEASURED_SCORE, "remote": MEASURED_HOME_WORKING}.get(self.key, MEASURED)


SURE = "sure"
"""The measure that shows how sure we are; only of a build with draws."""
MEASURES = {
    measure.key: measure
    for measure in (
        Measure("score", "score", "Score", "Score, 0 (good) to 100 (bad)"),
        Measure(
            "remote",
            "score_remote",
            "Home working",
            "Share of premises that cannot support home working",
            "Share of lines that fell short for home working",
            percent=True,
        ),
        Measure(
            "digital",
            "score_digital",
            "Online services",
            "Share of premises that cannot use online services",
            "Share of lines that fell short for online services",
            percent=True,
        ),
        Measure("need", "score_need", "Need", "Need, 0 (least) to 100 (most)"),
        Measure("alternative", "score_alternative", "No alternative", "No alternative nearby, 0 (near) to 100 (far)"),
        Measure(SURE, "tier", "How sure", QUESTION, tiers=True),
    )
}


def shown(areas: pd.DataFrame, *, absent: Collection[str]) -> list[str]:
    """Keys of what can be shown of a build's areas: not a dimension that is absent, nor tiers that were not drawn."""
    return [key for key, measure in MEASURES.items() if key not in absent and (not measure.tiers or "tier" in areas)]


def classes(values: pd.Series, *, breaks: Breaks) -> pd.Series:
    """Sort values into classes 0 to 5; a missing value is `UNKNOWN`, never class 0.

    >>> classes(pd.Series([0.0, 1.0, 19.99, 20.0, None]), breaks=AVAILABILITY).tolist()
    [0, 1, 4, 5, -1]
    """
    numbers = pd.to_numeric(values).to_numpy(dtype=float)
    found = np.searchsorted(np.asarray(breaks.lower), numbers, side="right") - 1
    return pd.Series(np.where(np.isnan(numbers), UNKNOWN, np.clip(found, 0, len(SCALE) - 1)), index=values.index)


STUDY_GROUND = "Pale blue is the sea, and pale grey is land outside this study."
ALONE_GROUND = "Pale blue is the sea, and also land outside this study: we have no outlines of it."
COUNCIL_GROUND = "Pale grey is sea, or land outside this council."
PLACE_GROUND = "Pale grey is sea, or land outside this place."
"""What lies round the shapes: on the map of a study, of one that has no base, on one council's plain page, and on the
page of a pack."""


def small_areas(*, part: bool = False, ground: str = STUDY_GROUND, listed: bool = True) -> str:
    """Say what the shapes on the map are, and what the ground round them is.

    Parameters
    ----------
    part
        Only a part of the study is on show, so also say what the rest of it looks like.
    ground
        What lies round all the shapes.
    listed
        Whether a table beside the map has the same figures.
    """
    table = "The table holds the same figures. " if listed else ""
    rest = "Pale grey is the rest of this study. " if part else ""
    return (
        "Each shape is a small area, drawn by the Office for National Statistics to hold 400 to 1,200 homes. "
        "Where the key says “Not enough data”, we cannot say. "
        f"{table}{rest}{ground}"
    )


def dots(basis: Basis) -> str:
    """Say what the dots of the overlay are."""
    noun = "lines" if basis.measured else "homes and businesses"
    return f"Dots: {noun} in each square kilometre. They are modelled: each small area’s are shared by its postcodes."
