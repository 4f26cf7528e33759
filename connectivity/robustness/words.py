"""How sure we are, in words anyone can quote: of a study, of a place's rank, and of what moves both.

A draw is one fair set of assumptions. "Among the worst" always means both at once: in the worst tenth of places, and
enough premises (or lines) that fall short (:data:`connectivity.robustness.tiers.WORTH`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from connectivity.claims import Basis, Sentence
from connectivity.robustness.limits import MOSTLY
from connectivity.robustness.tiers import BELOW, EVEN, SOME, SURE, TIERS, WORTH, Key
from connectivity.words import ordinal

Mark = Literal["clear", "likely", "either", "none", "few", "nodata"]
HUNDRED = 100
LEAST = 0.01
"""Chances under this, and over one less it, are not said as a whole number."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a tier reads.

    Attributes
    ----------
    cell
        Answers “Among the worst?”.
    alone
        The same where no question stands above it.
    mark
        Of its symbol: a disc that fills as we get surer.
    """

    cell: str
    alone: str
    mark: Mark


READINGS: dict[Key, Reading] = {
    "robust": Reading("Almost certain", "Almost certainly among the worst", "clear"),
    "likely": Reading("Likely", "Likely to be among the worst", "likely"),
    "depends": Reading("Depends", "Among the worst under some assumptions", "either"),
    "some": Reading("Unlikely", "Unlikely to be among the worst", "none"),
    "feasible": Reading("Few or none", "Few or no gaps", "few"),
    "insufficient": Reading("Not enough data", "Not enough data to say", "nodata"),
}
"""Worst first, as legends and tables list them."""
QUESTION = "Among the worst?"


def reading(tier: object) -> Reading:
    """Give the words of a tier; anything that is no tier has not enough data."""
    return next((said for key, said in READINGS.items() if key == tier), READINGS["insufficient"])


def among_the_worst(basis: Basis) -> str:
    """Say what “among the worst” means.

    >>> among_the_worst(Basis("S", "July 2025", "premises", "availability", False, False, True))
    'Among the worst means both: in the worst tenth of places, and 10% or more of its premises cannot support one \
home worker.'
    """
    return (
        "Among the worst means both: in the worst tenth of places, and "
        f"{WORTH.value:.0%} or more of its {basis.unit} {_short(basis)}."
    )


def meaning(tier: Key, *, basis: Basis) -> str:
    """Say when a place has a tier, for the legend."""
    sure, even, some = (f"{round(10 * figure.value)}" for figure in (SURE, EVEN, SOME))
    said: dict[Key, str] = {
        "robust": f"Among the worst in {sure} of 10 draws or more.",
        "likely": f"Among the worst in {even} to {sure} of 10 draws.",
        "depends": f"Among the worst in {some} to {even} of 10 draws.",
        "some": f"Among the worst in fewer than {some} of 10 draws, yet with gaps.",
        "feasible": f"In {sure} of 10 draws or more, under {BELOW.value:.0%} of its {basis.unit} {_short(basis)}.",
        "insufficient": "Too little is known. It may be good or bad.",
    }
    return said[tier]


def headline(counts: Mapping[str, int], *, place: str, noun: str = "place") -> Sentence:
    """Say how many places we are sure of, and how many of nothing.

    Parameters
    ----------
    counts
        Places by tier, all tiers.
    place
        What they lie in.
    noun
        What one of them is called.

    Examples
    --------
    >>> some = {"robust": 24, "likely": 80, "depends": 120, "some": 1400, "feasible": 22, "insufficient": 1}
    >>> str(headline(some, place="Dorset"))
    '24 of 1,646 places in Dorset are almost certain to be among the worst. 80 are likely to be, and 120 depend on \
what we assume.'
    """
    total = sum(counts[key] for key in TIERS if key != "insufficient")
    sure = counts["robust"]
    verb = "are" if sure > 1 else "is"
    likely, depends = counts["likely"], counts["depends"]
    more = f"{likely:,} {'is' if likely == 1 else 'are'} likely to be"
    rest = f"{depends:,} depend{'s' if depends == 1 else ''} on what we assume"
    return Sentence(
        f"{_count(sure)} of {total:,} {noun}{'' if total == 1 else 's'}",
        f" in {place} {verb} almost certain to be among the worst. {more}, and {rest}.",
    )


def others(counts: Mapping[str, int], *, draws: int) -> str:
    """Say the rest of the places, and how many draws it rests on."""
    less = f"{counts['some']:,} unlikely, {counts['feasible']:,} with few or no gaps"
    lacking = counts["insufficient"]
    lost = f", {lacking:,} without enough data to say" if lacking else ""
    drawn = f"We ranked all places {draws:,} times, each time with another fair set of assumptions."
    return f"The rest: {less}{lost}. {drawn}"


def citation(counts: Mapping[str, int], *, place: str, draws: int, basis: Basis) -> str:
    """Word the headline so that it can be quoted with place, date, test and what it leaves out."""
    said = headline(counts, place=place, noun="small area")
    sure = f"Almost certain means in {round(10 * SURE.value)} of 10 draws or more"
    quote = f"“{said} {among_the_worst(basis)} {sure} ({draws:,} draws of the assumptions; {rests(basis)}).”"
    return basis.quotable(quote)


def rests(basis: Basis) -> str:
    """Say briefly what a figure rests on: source, date, whether modelled, what is counted."""
    kind = "modelled from" if basis.modelled else "measured sync speeds," if basis.measured else "from"
    routes = ", ".join(
        f"{name} {'counted' if yes else 'not counted'}"
        for name, yes in (("fixed wireless", basis.counts_fwa), ("mobile", basis.counts_mobile))
    )
    return f"{kind} Ofcom, {basis.release}; {routes}"


def hundred(chance: float) -> str:
    """Say a chance as so many of 100, never rounded up into certainty.

    >>> [hundred(chance) for chance in (0, 0.004, 0.899, 0.97, 0.998, 1)]
    ['none', 'fewer than 1', '89', '97', 'more than 99', '100']
    """
    if chance <= 0:
        return "none"
    if chance < LEAST:
        return "fewer than 1"
    if 1 - LEAST < chance < 1:
        return "more than 99"
    return f"{math.floor(HUNDRED * chance + 1e-9)}"


def place_range(low: float, high: float, *, position: int) -> str:
    """Say between which ranks a place stays.

    Parameters
    ----------
    low, high
        5th and 95th of 100 of its ranks.
    position
        Its rank by the central figures, which doubt may move as a whole.

    Examples
    --------
    >>> place_range(6, 106, position=11)
    'In 9 of 10 fair sets of assumptions (draws) it ranks between 6th and 106th worst.'
    >>> place_range(14, 300, position=3)
    'In 9 of 10 fair sets of assumptions (draws) it ranks between 14th and 300th worst: doubt moves it down.'
    """
    if low == high == position:
        return f"In {MOSTLY} it keeps that rank."
    moved = ": doubt moves it down" if position < low else ": doubt moves it up" if position > high else ""
    best, worst = ordinal(round(high)), ordinal(round(low))
    return f"In {MOSTLY} it ranks {worst if low == high else f'between {worst} and {best}'} worst{moved}."


def range_brief(low: float, high: float) -> str:
    """Say the same in a table's cell.

    >>> range_brief(5, 31), range_brief(2, 2)
    ('between 5 and 31', 'stays 2')
    """
    return f"stays {low:,.0f}" if low == high else f"between {low:,.0f} and {high:,.0f}"


def place_tier(tier: object, chance: float) -> str:
    """Say how often a place was among the worst, and what we call that.

    >>> place_tier("robust", 0.97)
    'It is among the worst in 97 of 100 draws, so we say: almost certain.'
    >>> place_tier("feasible", 0.0)
    'It is among the worst in none of 100 draws, so we say: few or no gaps.'
    """
    called = READINGS["feasible"].alone if tier == "feasible" else reading(tier).cell
    return f"It is among the worst in {hundred(chance)} of 100 draws, so we say: {called[0].lower()}{called[1:]}."


def assumption(label: str, *, basis: Basis) -> str:
    """Name an input as the study counts: lines of 2013 are never called premises.

    >>> then = Basis("S", "2013", "lines", "measured sync speeds", False, False, modelled=False)
    >>> assumption("premises whose speed is not known", basis=then)
    'lines whose speed is not known'
    """
    return label.replace("premises", basis.unit)


def place_driver(driver: str, *, basis: Basis) -> str:
    """Say what moves a place's rank most; empty where nothing was drawn."""
    if not driver or driver.startswith("nothing"):
        return "No single assumption moves its rank most." if driver else ""
    return f"What moves its rank most: {assumption(driver, basis=basis)}."


def other_lines(found: Mapping[str, Any]) -> str:
    """Say what another unit than small areas would do to the worst tenth.

    >>> other_lines({"unit": "ward", "worst": 165, "leaves": ["A"] * 48, "enters": ["B"] * 47, "tau": 0.786})
    'If each place took the score of its whole ward, 48 of the 165 places in the worst tenth would leave it and 47 \
others would enter. The two rankings agree to 0.79 (1 is the same order, 0 none: Kendall’s tau-b).'
    """
    return (
        f"If each place took the score of its whole {found['unit']}, {len(found['leaves']):,} of the "
        f"{found['worst']:,} places in the worst tenth would leave it and {len(found['enters']):,} others would enter. "
        f"The two rankings agree to {found['tau']:.2f} (1 is the same order, 0 none: Kendall’s tau-b)."
    )


def spread(width: float, *, places: int) -> str:
    """Say how wide the ranges of the top places are, so that nobody argues over neighbours."""
    return (
        f"Half of these {places:,} ranges are {width:,.0f} ranks wide or wider. "
        "Where two bars overlap, do not say which place is worse: compare the two."
    )


def _count(places: int) -> str:
    return f"{places:,}" if places else "None"


def _short(basis: Basis) -> str:
    return "did not achieve what one home worker needs" if basis.measured else "cannot support one home worker"
