"""Small figures drawn in HTML: a range, what people can get, what makes up a score. Each is, or has, a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from connectivity.claims.claim import Basis, Claim
from connectivity.claims.grammar import number, one_decimal
from connectivity.html.render import macro
from connectivity.manifest import SpeedBand

_draw = partial(macro, "figures.html")
BANDS = ((2, "#571A31"), (5, "#973F34"), (10, "#C97A40"), (30, "#E5AC60"), (100, "#DDE6E4"), (300, "#BFD0CD"))
"""Colour of a band by its upper edge in megabits a second: wine to sand below 30, pale green-grey above."""
FASTEST = "#9DB5B1"
PARTS = {
    "remote": "Working from home",
    "digital": "Using services online",
    "need": "Need",
    "alternative": "No alternative nearby",
}
ENDS = (5, 10, 20, 40, 60, 80, 100)
"""Where a score's bar may end: the first that holds it."""

NARROW = 30.0
"""Percent of the bar's width below which its two end labels would touch (assumption, checked at 320 px)."""


def range_bar(claim: Claim) -> Markup:
    """Draw the best estimate inside its range; the same words stand in the sentence above it."""
    most = max(claim.high * 1.22, 10.0)
    low, best, high = (100 * value / most for value in (claim.low, claim.best, claim.high))
    if high - low < NARROW:
        words = [(_inside((low + high) / 2, 5.5), f"could be {claim.said_range}")]
    else:
        ends = (("as few as", claim.low, low), ("as many as", claim.high, high))
        words = [(_inside(at, 3.4), f"{name} {number(value)}") for name, value, at in ends]
    width, middle = f"{max(high - low, 0.6):.1f}", f"{best:.1f}"
    return _draw("range")(claim.say("cell"), f"{low:.1f}", width, middle, _inside(best, 2.6), claim.lead[0], words)


def bands(row: Mapping[str, Any], *, listed: Sequence[SpeedBand], basis: Basis) -> Markup:
    """Draw premises by speed as one stacked bar and the table it stands for; what is not known is hatched."""
    shown: list[tuple[str, float, str | None]] = [
        (band.label, float(row[band.column]), _band_colour(band)) for band in listed
    ]
    shown.append(("Not known", float(row["premises_unknown"]), None))
    total = sum(value for _, value, _ in shown) or 1.0
    bars = [(colour, f"{100 * value / total:.2f}") for _, value, colour in shown if value > 0]
    rows = [(colour, label, number(value, exact=True)) for label, value, colour in shown]
    said = "Measured download, megabits a second" if basis.measured else "Fastest download on offer, megabits a second"
    return _draw("bands")(bars, rows, (said, basis.unit.capitalize()))


def waterfall(row: Mapping[str, Any], *, absent: Sequence[str]) -> Markup:
    """Draw the score's parts, each starting where the last one ends, and the score in black: a table with bars."""
    score = float(row["score"])
    most = next(end for end in ENDS if score <= end)
    done, lines = 0.0, []
    for key, name in PARTS.items():
        if key in absent:
            lines.append({"name": name, "start": None})
            continue
        part = float(row[f"part_{key}"])
        lines.append(_bar(name, done / most, part / most, f"+{one_decimal(part)}"))
        done += part
    lines.append(_bar("Score", 0, score / most, one_decimal(score), kind="all"))
    return _draw("waterfall")(lines, most)


def facts_of_figures(pairs: Sequence[tuple[str, str]]) -> Markup:
    """List facts about a place."""
    return macro("app.html", "facts")(pairs)


def value(amount: float, *, unit: str) -> str:
    """Write an indicator's value with its unit, or that it is not known.

    >>> value(4.123, unit="km"), value(float("nan"), unit="km"), value(0.5, unit="%")
    ('4.1 km', 'not known', '0.5%')
    """
    if pd.isna(amount):
        return "not known"
    whole = abs(amount) >= 100 or float(amount).is_integer()  # noqa: PLR2004 - from here on no decimal is read
    said = number(amount, exact=True) if whole else one_decimal(amount)
    return f"{said}{'' if unit == '%' else ' '}{unit}".strip()


def _inside(percent: float, half: float) -> str:
    """Keep a centred label of a width in rem inside the bar on the smallest screen."""
    return f"clamp({half}rem,{percent:.1f}%,calc(100% - {half}rem))"


def _bar(name: str, start: float, length: float, words: str, *, kind: str = "part") -> dict[str, str | None]:
    width = f"{max(100 * length, 0.3):.2f}"
    return {"name": name, "kind": kind, "start": f"{100 * start:.2f}", "width": width, "words": words}


def _band_colour(band: SpeedBand) -> str:
    high = band.high
    return next((colour for edge, colour in BANDS if high is not None and high <= edge), FASTEST)
