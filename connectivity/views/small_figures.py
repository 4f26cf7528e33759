"""Small figures drawn in HTML: a range, what people can get, what makes up a score. Each is, or has, a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from connectivity.claims.claim import Basis, Claim
from connectivity.claims.grammar import number
from connectivity.manifest import SpeedBand
from connectivity.views.look import swatch

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


def range_bar(claim: Claim) -> str:
    """Draw the best estimate inside its range; the same words stand in the sentence above it."""
    most = max(claim.high * 1.22, 10.0)
    low, best, high = (100 * value / most for value in (claim.low, claim.best, claim.high))
    label = escape(claim.say("cell"))
    ends = (("as few as", claim.low, low), ("as many as", claim.high, high))
    if high - low < NARROW:
        said = f"could be {number(claim.low)} to {number(claim.high)}"
        words = f'<span class="l" style="left:{_inside((low + high) / 2, 5.5)}">{said}</span>'
    else:
        words = "".join(
            f'<span class="l" style="left:{_inside(at, 3.4)}">{name} {number(value)}</span>' for name, value, at in ends
        )
    return (
        f'<div class="ns-range" role="img" aria-label="{label}"><div class="axis"></div>'
        f'<div class="span" style="left:{low:.1f}%;width:{max(high - low, 0.6):.1f}%"></div>'
        f'<div class="best" style="left:{best:.1f}%"></div>'
        f'<b style="left:{_inside(best, 2.6)}">about {number(claim.best)}</b>{words}</div>'
    )


def bands(row: Mapping[str, Any], *, listed: Sequence[SpeedBand], basis: Basis) -> str:
    """Draw premises by speed as one stacked bar and the table it stands for; what is not known is hatched."""
    shown: list[tuple[str, float, str | None]] = [
        (band.label, float(row[band.column]), _band_colour(band)) for band in listed
    ]
    shown.append(("Not known", float(row["premises_unknown"]), None))
    total = sum(value for _, value, _ in shown) or 1.0
    bars = "".join(
        f'<i class="{"ns-hatch" if colour is None else ""}" style="width:{100 * value / total:.2f}%;'
        f'{"" if colour is None else f"background:{colour}"}"></i>'
        for _, value, colour in shown
        if value > 0
    )
    rows = "".join(
        f'<tr><th scope="row">{swatch(colour)}{escape(label)}</th><td class="r">{number(value, exact=True)}</td></tr>'
        for label, value, colour in shown
    )
    said = "Measured download, megabits a second" if basis.measured else "Fastest download on offer, megabits a second"
    return (
        f'<div class="ns-stack" aria-hidden="true">{bars}</div><table class="ns-table"><thead><tr>'
        f'<th scope="col">{said}</th><th scope="col" class="r">{basis.unit.capitalize()}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def waterfall(row: Mapping[str, Any], *, absent: Sequence[str]) -> str:
    """Draw the score's parts, each starting where the last one ends, and the score in black: a table with bars."""
    score = float(row["score"])
    most = next(end for end in ENDS if score <= end)
    done, lines = 0.0, []
    for key, name in PARTS.items():
        if key in absent:
            lines.append(f'<tr><th scope="row">{name}</th><td></td><td class="r ns-small">not in this study</td></tr>')
            continue
        part = float(row[f"part_{key}"])
        lines.append(_bar(name, done / most, part / most, f"+{part:.1f}"))
        done += part
    lines.append(_bar("Score", 0, score / most, f"{score:.1f}", kind="all"))
    ends = f'<tr class="ends" aria-hidden="true"><td></td><td><span>0</span><span>{most}</span></td><td></td></tr>'
    head = '<caption class="ns-unseen">The parts of the score, which add up to it</caption>'
    title = '<tr class="ends"><td></td><td colspan="2">Score, 0 (good) to 100 (bad)</td></tr>'
    return f'<table class="ns-fall">{head}<tbody>{"".join(lines)}{ends}{title}</tbody></table>'


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """List facts about a place."""
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return f'<dl class="ns-facts">{listed}</dl>'


def value(amount: float, *, unit: str) -> str:
    """Write an indicator's value with its unit, or that it is not known.

    >>> value(4.123, unit="km"), value(float("nan"), unit="km"), value(0.5, unit="%")
    ('4.1 km', 'not known', '0.5%')
    """
    if pd.isna(amount):
        return "not known"
    said = f"{amount:,.0f}" if abs(amount) >= 100 or float(amount).is_integer() else f"{amount:,.1f}"  # noqa: PLR2004
    return f"{said}{'' if unit == '%' else ' '}{unit}".strip()


def _inside(percent: float, half: float) -> str:
    """Keep a centred label of a width in rem inside the bar on the smallest screen."""
    return f"clamp({half}rem,{percent:.1f}%,calc(100% - {half}rem))"


def _bar(name: str, start: float, length: float, label: str, *, kind: str = "part") -> str:
    paint = f'<i class="{kind}" style="margin-left:{100 * start:.2f}%;width:{max(100 * length, 0.3):.2f}%"></i>'
    return f'<tr class="{kind}"><th scope="row">{name}</th><td>{paint}</td><td class="r"><b>{label}</b></td></tr>'


def _band_colour(band: SpeedBand) -> str:
    high = band.high
    return next((colour for edge, colour in BANDS if high is not None and high <= edge), FASTEST)


def signed(change: float) -> str:
    """Write a change with its sign, as a cell holds it.

    >>> signed(-12.4), signed(3.0), signed(-0.2), signed(float("nan"))
    ('−12', '+3', '0', 'not said')
    """
    if pd.isna(change):
        return "not said"
    whole = round(change)
    return "0" if whole == 0 else f"{'+' if whole > 0 else '−'}{abs(whole):,}"
